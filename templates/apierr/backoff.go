package apierr

import (
	"math"
	"math/rand/v2"
	"time"
)

// defaultBackoff is the [Curve] of a [Policy] that has none: 1 s, doubled for
// each further retry up to 30 s.
var defaultBackoff = Curve{Base: time.Second, Factor: 2, Max: 30 * time.Second}

// defaultJitter is the Jitter of a Curve that has none.
var defaultJitter = Jitter{Part: 0.2}

// defaultSpread is the Jitter of waits that a server asked for.
var defaultSpread = Jitter{Part: 0.1}

// Wait returns the wait before the given retry, 1 being the first, without
// jitter. It is never negative and cannot overflow: where the curve grows
// beyond what a Duration holds, it stays at the longest one.
func (c Curve) Wait(retry int) time.Duration { return c.wait(retry) }

func (c *Curve) wait(retry int) time.Duration {
	retry = max(retry, 1)
	if n := len(c.Steps); n > 0 {
		return max(c.Steps[min(retry, n)-1], 0)
	}
	if c.Base <= 0 {
		return 0
	}
	limit := time.Duration(math.MaxInt64)
	if c.Max > 0 {
		limit = c.Max
	}
	if !(c.Factor > 1) || retry == 1 { // NaN is no factor
		return min(c.Base, limit)
	}
	return clamp(float64(c.Base)*math.Pow(c.Factor, float64(retry-1)), limit)
}

// none reports whether the curve says nothing about waits.
func (c *Curve) none() bool { return len(c.Steps) == 0 && c.Base <= 0 }

// spread returns the wait with jitter, r being a random number from 0 up to 1.
// At 0 the wait stays as it is, so that a source of zeros turns jitter off.
func (j Jitter) spread(wait time.Duration, r float64) time.Duration {
	if j.Full {
		return clamp(float64(wait)*(1-r), wait)
	}
	return j.lengthen(wait, r)
}

// lengthen returns the wait with jitter that only makes it longer.
func (j Jitter) lengthen(wait time.Duration, r float64) time.Duration {
	more := clamp((float64(max(j.Add, 0))+max(j.Part, 0)*float64(wait))*r, math.MaxInt64)
	if wait > math.MaxInt64-more {
		return math.MaxInt64
	}
	return wait + more
}

// or returns j, or the default when j says nothing.
func (j Jitter) or(def Jitter) Jitter {
	if j == (Jitter{}) {
		return def
	}
	return j
}

// clamp returns d as a Duration from 0 to limit; what is no number is 0.
func clamp(d float64, limit time.Duration) time.Duration {
	switch {
	case !(d > 0):
		return 0
	case d >= float64(limit):
		return limit
	}
	return time.Duration(d)
}

// draw returns a random number from 0 to 1, whatever the source gives.
func draw(source func() float64) float64 {
	if source == nil {
		return rand.Float64()
	}
	if r := source(); r > 0 {
		return min(r, 1)
	}
	return 0
}
