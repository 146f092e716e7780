package apierr

import (
	"fmt"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

// detailed is an Error and its details, as generated packages build them.
func detailed(c Captures) *Error {
	x := Allocate[struct {
		err     Error
		details limitDetails
	}](c)
	x.details.limit = c.Int(2)
	x.err.Details = &x.details
	return &x.err
}

// blockCatalog has entries with details of two types and without any, more of
// each than a scan has blocks for.
func blockCatalog() *Catalog {
	c := &Catalog{Vendor: "v", Places: pathPlaces("$.code", "$.limit"), Code: []At{1}}
	for i := range 12 {
		e := Entry{Name: fmt.Sprintf("E%d", i), Code: fmt.Sprintf("CODE_%d", i)}
		switch i % 3 {
		case 1:
			e.Build = detailed
		case 2:
			e.Build = func(c Captures) *Error { return Allocate[Error](c) }
		}
		c.Entries = append(c.Entries, e)
	}
	return c
}

// TestErrorsDoNotShare decodes errors that come from the same blocks, in an order
// in which blocks are given up half used, and compares each with that of a catalog
// that has decoded nothing else.
func TestErrorsDoNotShare(t *testing.T) {
	c := blockCatalog()
	now := time.Unix(1795262400, 0)
	body := func(i int) []byte {
		return fmt.Appendf(nil, `{"code":"CODE_%d","limit":%d}`, i*i%7*(1+i%2), i)
	}
	var errors []*Error
	for i := range 500 {
		errors = append(errors, c.Decode(400+i, http.Header{"X": {fmt.Sprint(i)}}, body(i), now))
	}
	seen := map[*Error]bool{}
	for i, got := range errors {
		want := blockCatalog().Decode(400+i, http.Header{"X": {fmt.Sprint(i)}}, body(i), now)
		if got.Entry() == "" || got.Entry() != want.Entry() || seen[got] {
			t.Fatalf("%d: entry %q, want %q; seen before: %v", i, got.Entry(), want.Entry(), seen[got])
		}
		seen[got] = true
		a, b := *got, *want
		a.claim, b.claim = nil, nil
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%d: %#v, want %#v", i, fmt.Sprint(a.Details), fmt.Sprint(b.Details))
		}
	}
}

// TestAllocations counts what errors in a row take: one allocation for four, also
// where entries with details of different types take turns. What scans take that
// the pool makes meanwhile comes on top: a collection empties it, and under the race
// detector it drops some of what is put into it.
func TestAllocations(t *testing.T) {
	for _, codes := range [][]string{{"CODE_0"}, {"CODE_1"}, {"CODE_2"}, {"CODE_7"}, {"none"}, {"CODE_0", "CODE_1", "CODE_2", "CODE_7"}} {
		c := blockCatalog()
		var bodies [][]byte
		for _, code := range codes { // the text takes an allocation as well
			bodies = append(bodies, fmt.Appendf(nil, `{"code":%q,"filler":%q}`, code, strings.Repeat("x", shortBytes)))
		}
		decode := func(n int) {
			for i := range n {
				c.Decode(400, nil, bodies[i%len(bodies)], time.Time{})
			}
		}
		decode(32)
		made := 0
		c.plan.scans.New = func() any { made++; return c.plan.newScan() }
		// A new scan begins with an error by itself and a block that may stay unused,
		// in each of its cells.
		perScan := testing.AllocsPerRun(10, func() { c.plan.newScan() }) + float64(2*len(codes))
		const runs = 400
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		decode(runs)
		runtime.ReadMemStats(&after)
		got := float64(after.Mallocs-before.Mallocs) - runs
		if most := runs/4 + float64(made)*perScan + 16; got < runs/4-4 || got > most {
			t.Errorf("%s: %v allocations for %d errors, want at most %v with %d new scans", codes, got, runs, most, made)
		}
	}
}

// TestMixedErrors holds that errors by turns do not take much more memory than those
// that are alike.
func TestMixedErrors(t *testing.T) {
	const runs = 2000
	bytes := func(codes ...string) int64 {
		c := blockCatalog()
		decode := func(n int) {
			for i := range n {
				c.Decode(400, nil, []byte(`{"code":"`+codes[i%len(codes)]+`"}`), time.Time{})
			}
		}
		decode(8)
		return int64(allocated(func() { decode(runs) })) / runs
	}
	for _, codes := range [][]string{{"CODE_4", "CODE_8"}, {"CODE_4", "CODE_8", "CODE_0", "CODE_4", "none"}, {"CODE_1", "CODE_5"}} {
		if got, alone := bytes(codes...), bytes("CODE_1"); got > alone+alone/2 {
			t.Errorf("%v: %d bytes for each error, and %d when all are alike", codes, got, alone)
		}
	}
}

// TestKeptErrors keeps few of many errors, of short and of long bodies, and so no
// more than a block of short ones.
func TestKeptErrors(t *testing.T) {
	const kept, every = 100, 4
	live := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC() // the pools are empty after the second
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	for i, size := range []int{rawLimit / 2, rawLimit, 64 << 10, 64 << 10} {
		c := &Catalog{Places: pathPlaces("$.code", "$.message"), Code: []At{1}, Message: []At{2}}
		if i%2 == 0 {
			c.Build = detailed
		}
		long := []byte(`{"code":"A","message":"` + strings.Repeat("x", size) + `"}`)
		before := live()
		var errors []*Error
		for i := range every * kept {
			body := long
			if i%every == 0 {
				body = []byte(`{"code":"A","message":"x"}`)
			}
			if e := c.Decode(400, nil, body, time.Time{}); i%every == 0 {
				errors = append(errors, e)
			}
		}
		if used := (live() - before) / kept; used > 3*rawLimit+2048 {
			t.Errorf("beside errors of %d bytes, a short one keeps %d bytes", size, used)
		}
		runtime.KeepAlive(errors)
	}
}

// TestPoolForgets holds that a scan keeps no block that is given out whole, nor an
// error that is by itself.
func TestPoolForgets(t *testing.T) {
	s := mustPlan(t, pathPlaces("$.code")).newScan()
	type withDetails [3]Error // of another type than those without
	for n := range 1 + 2*blockSize {
		Allocate[withDetails](Captures{scan: s})
		if got, ok := s.blocks.detailed[0].(*withDetails); n%blockSize == 0 && (!ok || got != nil) {
			t.Errorf("%d errors with details were given out, and the scan keeps %v", n+1, s.blocks.detailed[0])
		}
	}
	for n := range 2 * blockSize {
		s.newError()
		if s.blocks.plain != nil && (n+1)%blockSize == 0 {
			t.Errorf("%d errors were given out, and the scan keeps %v", n+1, s.blocks.plain)
		}
	}
}

// TestAllocateAlone shows that Allocate needs no response.
func TestAllocateAlone(t *testing.T) {
	if a, b := Allocate[Error](Captures{}), Allocate[Error](Captures{}); a == b {
		t.Error("the same memory twice")
	}
}
