package main

import (
	"math"
	"slices"
	"testing"
	"time"
)

// How long is measured: each work on each body in so many rounds, each for so
// long. The works take turns, so that whatever else the machine does meets all
// of them, and a slice is often over before anything does; it is long enough for
// the caches to be the work's own for most of it.
const (
	rounds = 25
	slice  = 600 * time.Microsecond
)

// counted is how many times a work is run to count its allocations, some of which
// are for several runs.
const counted = 256

// A figure is what was measured of a work over some bodies.
type figure struct {
	Ratio  float64 // of its time to that of the first work; geometric mean over the bodies
	Nanos  float64 // geometric mean over the bodies
	Allocs float64 // mean over the bodies
}

// compare measures works side by side. The time of a body is the lower quartile
// of the rounds.
func compare(bodies []body, works []work) []figure {
	figures := make([]figure, len(works))
	for i := range bodies {
		b := &bodies[i]
		runs := make([]func(int), len(works))
		counts := make([]int, len(works))
		for k, w := range works {
			runs[k] = turns(w.on(b), b.variants)
			counts[k] = calibrate(runs[k])
		}
		nanos := make([][]float64, len(works))
		for range rounds {
			for k := range works {
				start := time.Now()
				runs[k](counts[k])
				nanos[k] = append(nanos[k], float64(time.Since(start))/float64(counts[k]))
			}
		}
		for k := range works {
			figures[k].Ratio += math.Log(quartile(nanos[k]) / quartile(nanos[0]))
			figures[k].Nanos += math.Log(quartile(nanos[k]))
			figures[k].Allocs += testing.AllocsPerRun(1, func() { runs[k](counted) }) / counted
		}
	}
	n := float64(len(bodies))
	for k, f := range figures {
		figures[k] = figure{math.Exp(f.Ratio / n), math.Exp(f.Nanos / n), f.Allocs / n}
	}
	return figures
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

// quartile returns the value that a quarter of the values are below.
func quartile(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/4]
}
