package apierr

import (
	"math"
	"testing"
	"testing/quick"
	"time"
)

func TestCurveWait(t *testing.T) {
	const s = time.Second
	doubling := Curve{Base: s, Factor: 2, Max: 15 * s}
	steps := Curve{Steps: []time.Duration{3 * s, 9 * s, 27 * s}, Base: 99 * s}
	for _, test := range []struct {
		name  string
		curve Curve
		retry int
		want  time.Duration
	}{
		{"zero", Curve{}, 3, 0},
		{"first", doubling, 1, s},
		{"before the first", doubling, -4, s},
		{"fourth", doubling, 4, 8 * s},
		{"at the maximum", doubling, 5, 15 * s},
		{"far beyond", doubling, math.MaxInt, 15 * s},
		{"no maximum", Curve{Base: s, Factor: 2}, 64, math.MaxInt64},
		{"last that fits", Curve{Base: 1, Factor: 2}, 63, 1 << 62},
		{"first that does not", Curve{Base: 1, Factor: 2}, 64, math.MaxInt64},
		{"fractional factor", Curve{Base: s, Factor: 1.5}, 3, 2250 * time.Millisecond},
		{"no factor", Curve{Base: s}, 9, s},
		{"shrinking factor", Curve{Base: s, Factor: 0.5}, 9, s},
		{"infinite factor", Curve{Base: s, Factor: math.Inf(1)}, 2, math.MaxInt64},
		{"infinite factor, first", Curve{Base: s, Factor: math.Inf(1)}, 1, s},
		{"no number as factor", Curve{Base: s, Factor: math.NaN()}, 2, s},
		{"base above maximum", Curve{Base: 9 * s, Max: 2 * s}, 1, 2 * s},
		{"negative base", Curve{Base: -s, Factor: 2}, 2, 0},
		{"longest base", Curve{Base: math.MaxInt64}, 1, math.MaxInt64},
		{"first step", steps, 1, 3 * s},
		{"last step", steps, 3, 27 * s},
		{"after the last step", steps, 4, 27 * s},
		{"negative step", Curve{Steps: []time.Duration{-s}}, 1, 0},
	} {
		if got := test.curve.Wait(test.retry); got != test.want {
			t.Errorf("%s: Wait(%d) is %v, want %v", test.name, test.retry, got, test.want)
		}
	}
}

func TestJitter(t *testing.T) {
	const s = time.Second
	for _, test := range []struct {
		name     string
		jitter   Jitter
		wait     time.Duration
		r        float64
		spread   time.Duration
		lengthen time.Duration
	}{
		{"none", Jitter{}, 4 * s, 1, 4 * s, 4 * s},
		{"add", Jitter{Add: s}, 4 * s, 0.5, 4500 * time.Millisecond, 4500 * time.Millisecond},
		{"part", Jitter{Part: 0.25}, 4 * s, 1, 5 * s, 5 * s},
		{"both", Jitter{Add: s, Part: 0.25}, 4 * s, 1, 6 * s, 6 * s},
		{"full", Jitter{Full: true}, 4 * s, 0.75, s, 4 * s},
		{"full, all of it", Jitter{Full: true}, 4 * s, 1, 0, 4 * s},
		{"full leaves the rest out", Jitter{Full: true, Add: s}, 4 * s, 0.5, 2 * s, 4500 * time.Millisecond},
		{"negative", Jitter{Add: -s, Part: -1}, 4 * s, 1, 4 * s, 4 * s},
		{"overflow", Jitter{Part: 9}, math.MaxInt64 / 2, 1, math.MaxInt64, math.MaxInt64},
		{"no number", Jitter{Part: math.NaN()}, 4 * s, 1, 4 * s, 4 * s},
	} {
		if got := test.jitter.spread(test.wait, test.r); got != test.spread {
			t.Errorf("%s: spread is %v, want %v", test.name, got, test.spread)
		}
		if got := test.jitter.lengthen(test.wait, test.r); got != test.lengthen {
			t.Errorf("%s: lengthen is %v, want %v", test.name, got, test.lengthen)
		}
	}
}

// TestJitterOff holds that a source of zeros leaves every wait as it is.
func TestJitterOff(t *testing.T) {
	holds := func(j Jitter, wait time.Duration) bool {
		wait = max(wait, 0)
		return j.spread(wait, 0) == wait && j.lengthen(wait, 0) == wait
	}
	if err := quick.Check(holds, nil); err != nil {
		t.Error(err)
	}
}

func TestDraw(t *testing.T) {
	for give, want := range map[float64]float64{-1: 0, 0: 0, 0.5: 0.5, 1: 1, 9: 1, math.Inf(1): 1, math.Inf(-1): 0} {
		if got := draw(func() float64 { return give }); got != want {
			t.Errorf("draw of %v is %v, want %v", give, got, want)
		}
	}
	if got := draw(math.NaN); got != 0 {
		t.Errorf("draw of NaN is %v, want 0", got)
	}
	for range 100 {
		if got := draw(nil); got < 0 || got >= 1 {
			t.Fatalf("draw is %v, want a number from 0 up to 1", got)
		}
	}
}
