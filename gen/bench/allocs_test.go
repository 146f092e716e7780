package main

import (
	"testing"

	"github.com/errgen/errgen/out/formamail"
)

// longBody is more than what the text of a short body is, which shares its
// memory with others.
const longBody = 256

// TestDecodeAllocations shows that decoding allocates the error with its
// details, one copy of a long body's text, and one list for details that have
// one, whatever the order of the members is and whatever else the body has.
func TestDecodeAllocations(t *testing.T) {
	lists := 0
	for _, group := range groups() {
		for _, b := range group.bodies() {
			own := 0.0
			e := b.vendor.decode(b.status, b.header, b.variants[0], b.now)
			if d, ok := e.Details.(*formamail.ValidationFailedDetails); ok && d.Errors != nil {
				own, lists = 1, lists+1
			}
			for _, text := range b.variants {
				want := 1 + own
				if len(text) > longBody {
					want++
				}
				got := testing.AllocsPerRun(10, func() { kept.err = b.vendor.decode(b.status, b.header, text, b.now) })
				if got != want {
					t.Errorf("%s: %v allocations, want %v: %s", b.name, got, want, text)
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
