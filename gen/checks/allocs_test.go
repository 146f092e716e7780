package checks

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/errgen/errgen/spec"
	support "github.com/errgen/errgen/templates/apierr"
)

// TestAllocations shows that decoding for a plain vendor allocates errors together
// with their details, four at a time, one copy of the text, and each list and raw
// JSON text among the details; nothing else.
func TestAllocations(t *testing.T) {
	plain := 0
	for _, v := range vendors(t) {
		if !isPlain(v.program) {
			continue
		}
		plain++
		for _, ex := range v.cases {
			header, body, now := ex.header(), []byte(ex.Body), ex.now()
			limit := 1 + 0.25
			e := v.program.Tables.Decode(ex.Status, header, body, now)
			if values, ok := e.Details.(*spec.Values); ok {
				for _, d := range *values {
					switch d.Value.(type) {
					case []any, json.RawMessage:
						limit++
					}
				}
			}
			const runs = 400
			got := testing.AllocsPerRun(1, func() {
				for range runs {
					v.decode(ex.Status, header, body, now)
				}
			}) / runs
			t.Logf("%s/%s: %v", v.name, ex.Name, got)
			if got > limit+0.05 { // the collector may empty the pool
				t.Errorf("%s/%s: %v allocations, want at most %.2f", v.name, ex.Name, got, limit)
			}
		}
	}
	if plain < 5 {
		t.Errorf("only %d vendors are plain", plain)
	}
}

// isPlain reports whether a catalog uses nothing that makes texts and lists of
// its own: items, inner errors, joins, parameters of headers, split texts, XML.
func isPlain(p *spec.Program) bool {
	for _, place := range p.Tables.Places {
		if place.Join != nil || place.Param != "" {
			return false
		}
	}
	fields := p.Common
	for _, part := range p.Parts {
		fields = slices.Concat(fields, part.Fields)
	}
	split := slices.ContainsFunc(fields, func(f spec.Field) bool { return f.Split != "" })
	return !split && p.Tables.Format == support.JSON && len(p.Tables.Items) == 0 && len(p.Tables.Refine) == 0
}
