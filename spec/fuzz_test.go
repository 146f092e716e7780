package spec

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

// FuzzLoad holds for any bytes: reading never panics, gives either a program
// or errors, its problems are sound, and a program decodes any response
// without a panic, to details that are JSON.
func FuzzLoad(f *testing.F) {
	seeds, _ := filepath.Glob("testdata/rules/*/*.yaml")
	catalogs, _ := filepath.Glob("catalogs/*.yaml")
	for _, file := range append(seeds, catalogs...) {
		f.Add(open(f, file), []byte(`{"error":{"code":"LIMITED","type":"LIMITED","details":{"wait":1.5,"who":{"name":1},"errors":[{"tags":[1]},2]}},"code":"LIMITED"}`))
	}
	f.Fuzz(func(t *testing.T, src, body []byte) {
		p, problems := Load("fuzz.yaml", src)
		if (p == nil) != (problems.Err() != nil) {
			t.Fatalf("program %t, errors %v", p != nil, problems.Err())
		}
		checkProblems(t, problems)
		if p != nil {
			decodeAny(t, p, body)
		}
	})
}

func decodeAny(t *testing.T, p *Program, body []byte) {
	t.Helper()
	header := http.Header{}
	for _, place := range p.Tables.Places {
		if place.Header != "" {
			header[place.Header] = []string{place.After + string(body)}
		}
	}
	if err := p.Tables.Valid(); err != nil {
		t.Fatalf("the tables are not valid: %v", err)
	}
	now := time.Unix(1_710_000_000, 0)
	for _, status := range []int{0, 200, 401, 429, 503} {
		e := p.Tables.Decode(status, header, body, now)
		p.Tables.IsError(status, header, body)
		p.Tables.DecodeItems(status, header, body)
		p.Tables.Policy().Decide(t.Context(), apierr.Attempt{Err: e, Now: now})
		if v := details(e); v != nil {
			if b, err := v.MarshalJSON(); err != nil || !json.Valid(b) {
				t.Fatalf("details %s, error %v", b, err)
			}
		}
		if _, ok := p.Tables.Entry(e.Entry()); !ok && e.Entry() != "" {
			t.Fatalf("the entry %q is not in the tables", e.Entry())
		}
	}
	p.Tables.RateLimits(header, now)
}
