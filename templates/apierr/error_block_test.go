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

// TestKeptErrors keeps few of many errors, and so no more than their blocks.
func TestKeptErrors(t *testing.T) {
	const every, kept = 50, 100
	c := blockCatalog()
	body := []byte(`{"code":"CODE_1","filler":"` + strings.Repeat("x", rawLimit) + `"}`)
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC() // the pools are empty after the second
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := live()
	var errors []*Error
	for i := range every * kept {
		if e := c.Decode(400, nil, body, time.Time{}); i%every == 0 {
			errors = append(errors, e)
		}
	}
	used := int64(live()) - int64(before)
	if limit := int64(kept * (blockSize*(rawLimit+512) + 512)); used > limit || used < kept*rawLimit {
		t.Errorf("%d errors keep %d bytes, want at most %d", kept, used, limit)
	}
	runtime.KeepAlive(errors)
}

// TestAllocateAlone shows that Allocate needs no response.
func TestAllocateAlone(t *testing.T) {
	if a, b := Allocate[Error](Captures{}), Allocate[Error](Captures{}); a == b {
		t.Error("the same memory twice")
	}
}
