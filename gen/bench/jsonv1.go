//go:build !goexperiment.jsonv2

package main

// hasV2 reports whether this build has encoding/json/v2. Then it is also what
// encoding/json itself is made of.
const hasV2 = false

func experimental() []competitor { return nil }
