package checks

import (
	"testing"

	"github.com/errgen/errgen/spec"
)

// TestAllocations shows that decoding allocates the error together with its
// details, one copy of the text, and the elements of a list; nothing else.
func TestAllocations(t *testing.T) {
	for _, v := range vendors(t) {
		for _, ex := range v.cases {
			header, body, now := ex.header(), []byte(ex.Body), ex.now()
			limit := 2.0
			e := v.program.Tables.Decode(ex.Status, header, body, now)
			if values, ok := e.Details.(*spec.Values); ok {
				for _, d := range *values {
					if _, ok := d.Value.([]any); ok {
						limit++
					}
				}
			}
			got := testing.AllocsPerRun(100, func() { v.decode(ex.Status, header, body, now) })
			t.Logf("%s/%s: %v", v.name, ex.Name, got)
			if got > limit {
				t.Errorf("%s/%s: %v allocations, want at most %v", v.name, ex.Name, got, limit)
			}
		}
	}
}
