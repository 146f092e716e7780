//go:build goexperiment.jsonv2

package main

import jsonv2 "encoding/json/v2"

// hasV2 reports whether this build has encoding/json/v2. Then it is also what
// encoding/json itself is made of.
const hasV2 = true

func experimental() []competitor {
	fill := func(body []byte, into any) error { return jsonv2.Unmarshal(body, into) }
	return []competitor{{"encoding/json/v2, one struct", structs(fill)}}
}
