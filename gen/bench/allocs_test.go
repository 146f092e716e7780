package main

import (
	"testing"

	"github.com/errgen/errgen/out/formamail"
)

// What errors have in common: so many are allocated at a time, and copies of short
// bodies share so much memory.
const (
	together    = 4
	sharedBytes = 1 << 10
	shortBody   = sharedBytes / 4
)

// TestDecodeAllocations shows that of decoding, all there is to allocate is the
// errors with their details, a copy of the body's text, and a list for details
// that have one, whatever the order of the members is and whatever else the body
// has.
func TestDecodeAllocations(t *testing.T) {
	const (
		runs    = 32 * together
		another = 4 // what it takes when the collector has emptied the pool
	)
	lists := 0
	for _, group := range groups() {
		for _, b := range group.bodies() {
			each := 1.0 / together
			e := b.vendor.decode(b.status, b.header, b.variants[0], b.now)
			if d, ok := e.Details.(*formamail.ValidationFailedDetails); ok && d.Errors != nil {
				each, lists = each+1, lists+1
			}
			for _, text := range b.variants {
				want := runs * each
				if size := len(text); size > shortBody {
					want += runs
				} else {
					want += runs / float64(sharedBytes/size)
				}
				got := testing.AllocsPerRun(1, func() {
					for range runs {
						kept.err = b.vendor.decode(b.status, b.header, text, b.now)
					}
				})
				if got < want-2 || got > want+2+another {
					t.Errorf("%s: %v allocations in %d runs, want %v: %s", b.name, got, runs, want, text)
				}
			}
		}
	}
	if lists == 0 {
		t.Error("no body has a list")
	}
}

// TestDecideAllocatesNothing shows it for every error that is retried.
func TestDecideAllocatesNothing(t *testing.T) {
	retried := 0
	for _, b := range sampled() {
		decide := deciding.on(&b)
		if n := testing.AllocsPerRun(100, func() { decide(nil) }); n != 0 {
			t.Errorf("%s: %v allocations", b.name, n)
		}
		if kept.decision.Delay > 0 {
			retried++
		}
	}
	if retried == 0 {
		t.Error("no error is retried")
	}
}
