package main

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/errgen/errgen/gen/bench/wire"
)

// TestCompetitorsAgree shows that all do the same work: of each body, each
// competitor makes what the generated package makes of it.
func TestCompetitorsAgree(t *testing.T) {
	for _, group := range groups() {
		for _, b := range group.bodies() {
			for _, text := range b.variants {
				if !json.Valid(text) {
					t.Fatalf("%s: not valid: %s", b.name, text)
				}
				e := b.vendor.decode(b.status, b.header, text, b.now)
				want := wire.Fault{Code: e.Code, Message: e.Message}
				if e.Details != nil {
					want.Details = e.Details
				}
				for _, c := range competitors() {
					got, err := c.decoders[b.vendor.name](text)
					if err != nil || !reflect.DeepEqual(got, want) {
						t.Fatalf("%s, %s, of %s: %v\n got %+v %+v\nwant %+v %+v", b.name, c.name, text, err, got, got.Details, want, want.Details)
					}
				}
			}
		}
	}
}
