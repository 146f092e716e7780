package spec

import (
	"fmt"
	"strings"
	"testing"
)

// TestWork guards against catalogs far below the limits of a file that took
// minutes to check: many places, times long or many examples. What is a hundred
// times what catalogs have is still decoded.
func TestWork(t *testing.T) {
	for _, tt := range []struct {
		name     string
		envelope string // more of it, for each place
		delay    string // a source, for each place
		header   string // of an example, again and again
		body     string // in an example's list, again and again
		places   int
		repeated int
		examples int
		fits     bool
	}{
		{name: "structured fields", delay: `{header: X-F, item: z%d, param: t, unit: s}`, header: "a;b,", places: 2000, repeated: 10_000, examples: 20},
		{name: "a few of them", delay: `{header: X-F, item: z%d, param: t, unit: s}`, header: "a;b,", places: 20, repeated: 1000, examples: 50, fits: true},
		{name: "the same one", delay: `{header: X-F, key: z, unit: s} # %d`, header: "a;b,", places: 2000, repeated: 10_000, examples: 20},
		{name: "challenges", delay: `{header: X-F, scheme: z%d, param: t, unit: s}`, header: "a b=c,", places: 2000, repeated: 10_000, examples: 12},
		{name: "filters", envelope: `{each: "$.e[?@.n==%d].a[*]", code: "@.c"}`, body: `{"n":-1},`, places: 2000, repeated: 30_000, examples: 1},
		{name: "a few of them", envelope: `{each: "$.e[?@.n==%d].a[*]", code: "@.c"}`, body: `{"n":-1},`, places: 20, repeated: 1000, examples: 20, fits: true},
		{name: "wide rows", envelope: `{each: "$.e[*]", code: "@.c%d"}`, body: `{},`, places: 7000, repeated: 2000, examples: 1},
		{name: "many examples", envelope: `{each: "$.e%d[*]", code: "@.c"}`, places: 4000, examples: 2000},
		{name: "large lists", envelope: `{each: "$.e%d[*]", code: "@.c"}`, body: `{},`, places: 10, repeated: 10_000, examples: 20, fits: true},
	} {
		var b strings.Builder
		b.WriteString("errgen: v1\nvendor: acme\ntitle: T\nsource: {document: D, checked: 2026-11-21}\nenvelope:\n  code: $.code\n")
		lines := func(key, each string) {
			for i := 0; each != "" && i < tt.places; i++ {
				if i == 0 {
					b.WriteString(key + ":\n")
				}
				b.WriteString("  - " + fmt.Sprintf(each, i) + "\n")
			}
		}
		lines("  items", tt.envelope)
		lines("delay", tt.delay)
		b.WriteString("errors:\n- code: A\n  class: throttled\n  meaning: M\n  examples:\n")
		header, body := strings.Repeat(tt.header, tt.repeated), strings.TrimSuffix(strings.Repeat(tt.body, tt.repeated), ",")
		for i := range tt.examples {
			fmt.Fprintf(&b, "  - {status: 429, headers: {X-F: '%sq%d'}, body: '{\"code\":\"A\",\"e\":[%s]}'}\n", header, i, body)
		}
		if b.Len() > MaxBytes {
			t.Fatalf("%s: %d bytes", tt.name, b.Len())
		}
		p, problems := Load("a.yaml", []byte(b.String()))
		refused := len(problems) == 1 && problems[0].Rule == "bad-plan"
		if tt.fits != (p != nil) || !tt.fits && !refused {
			t.Errorf("%s: program %t, %d problems, first %.200s", tt.name, p != nil, len(problems), problems)
		}
	}
}
