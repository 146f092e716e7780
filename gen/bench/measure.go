package main

import (
	"math"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/errgen/errgen/out/apierr"
)

// How long is measured: each work on each body in so many rounds, each for so
// long. The works take turns, so that whatever else the machine does meets all
// of them.
var (
	rounds = 21
	slice  = 300 * time.Microsecond
)

// A work is something to do with a body, again and again. It is made for one
// body and called with its variants in turn.
type work struct {
	name string
	make func(*body) func(text []byte)
}

// kept keeps what a work makes from being optimised away.
var kept struct {
	err   *apierr.Error
	any   any
	valid bool
}

// ours is what all others are compared with: the generated Decode.
var ours = work{"errgen", func(b *body) func([]byte) {
	decode, status, header, now := b.vendor.decode, b.status, b.header, b.now
	return func(text []byte) { kept.err = decode(status, header, text, now) }
}}

// theirs is what a competitor does.
func theirs(c competitor) work {
	return work{c.name, func(b *body) func([]byte) {
		decode := c.decoders[b.vendor.name]
		return func(text []byte) {
			f, err := decode(text)
			kept.any, kept.valid = f.Details, err == nil
		}
	}}
}

// A figure is what was measured of a work over some bodies.
type figure struct {
	Ratio  float64 // of its time to that of the first work; geometric mean over the bodies
	Nanos  float64 // geometric mean over the bodies
	Allocs float64 // mean over the bodies
	Bytes  float64 // mean over the bodies
}

// compare measures works side by side. Ratios are made within a round, their
// median is that of a body.
func compare(bodies []body, works []work) []figure {
	figures := make([]figure, len(works))
	for i := range bodies {
		b := &bodies[i]
		runs := make([]func(int), len(works))
		counts := make([]int, len(works))
		for k, w := range works {
			runs[k] = turns(w.make(b), b.variants)
			counts[k] = calibrate(runs[k])
		}
		ratios := make([][]float64, len(works))
		nanos := make([][]float64, len(works))
		for range rounds {
			first := 0.0
			for k := range works {
				start := time.Now()
				runs[k](counts[k])
				t := float64(time.Since(start)) / float64(counts[k])
				if k == 0 {
					first = t
				}
				ratios[k], nanos[k] = append(ratios[k], t/first), append(nanos[k], t)
			}
		}
		for k := range works {
			figures[k].add(median(ratios[k]), median(nanos[k]), runs[k])
		}
	}
	for k := range figures {
		figures[k].finish(float64(len(bodies)))
	}
	return figures
}

// add counts a body in.
func (f *figure) add(ratio, nanos float64, run func(int)) {
	f.Ratio += math.Log(ratio)
	f.Nanos += math.Log(nanos)
	f.Allocs += testing.AllocsPerRun(variants, func() { run(1) })
}

func (f *figure) finish(bodies float64) {
	f.Ratio = math.Exp(f.Ratio / bodies)
	f.Nanos = math.Exp(f.Nanos / bodies)
	f.Allocs /= bodies
}

// turns returns a function that calls run so many times, with the variants in
// turn.
func turns(run func([]byte), variants [][]byte) func(int) {
	next := 0
	return func(n int) {
		for range n {
			run(variants[next])
			if next++; next == len(variants) {
				next = 0
			}
		}
	}
}

// calibrate returns how many times something runs in a slice of time.
func calibrate(run func(int)) int {
	for n := 1; ; n *= 2 {
		start := time.Now()
		run(n)
		if t := time.Since(start); t >= slice/2 {
			return max(int(float64(n)*float64(slice)/float64(t)), 1)
		}
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// checkOf returns what Check does with a response.
func checkOf(b *body) func([]byte) {
	resp, renew := b.response()
	return func([]byte) {
		renew()
		kept.any = b.vendor.check(resp)
	}
}

var _ http.Header
