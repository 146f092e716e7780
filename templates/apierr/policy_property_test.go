package apierr

import (
	"context"
	"math"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/quick"
	"time"
)

// TestDecideProperties draws attempts, errors and policies at random and
// checks what must hold of every decision.
func TestDecideProperties(t *testing.T) {
	seen := map[Reason]int{}
	holds := func(seed uint64) bool {
		r := rand.New(rand.NewPCG(seed, 1))
		e, a, p, left := anyCase(r)
		d := p.Decide(atNoon{context.Background(), left}, a)
		seen[d.Reason]++
		safe := idempotent(a.Method) || a.Idempotent || a.Header.Get(p.Idempotency) != ""
		asked, delay := e.RetryAfter, e.claim.advice.delay
		if delay.Max > 0 {
			asked = min(asked, delay.Max)
		}
		switch {
		case d.Delay < 0, d.Action != ActionRetry && d.Delay != 0:
			t.Errorf("delay %v with %v", d.Delay, d.Action)
		case d.Action == ActionRetry && d.Delay < asked:
			t.Errorf("delay %v, asked for %v", d.Delay, asked)
		case d.Action == ActionRetry && asked > p.maxWait():
			t.Errorf("slept %v through, MaxWait %v", asked, p.maxWait())
		case d.Action == ActionRetry && d.Delay < min(delay.Min, asked):
			t.Errorf("delay %v, floor %v", d.Delay, delay.Min)
		case d.Action == ActionRetry && d.Delay >= left:
			t.Errorf("delay %v, deadline in %v", d.Delay, left)
		case d.Action == ActionRetry && a.retries() >= p.MaxRetries:
			t.Errorf("retry after %d of %d retries", a.retries(), p.MaxRetries)
		case (d.Action == ActionRetry || d.Action == ActionRefresh) && (a.BodySpent || e.Repeat != RepeatAny && !safe):
			t.Errorf("%v of %s, repeat %v, body spent %v", d.Action, a.Method, e.Repeat, a.BodySpent)
		case d.Action == ActionRetry && a.OverBudget:
			t.Error("retry over budget")
		case d.Action == ActionRefresh && a.Refreshed:
			t.Error("refreshed twice")
		}
		return !t.Failed()
	}
	if err := quick.Check(holds, &quick.Config{MaxCount: 50_000}); err != nil {
		t.Error(err)
	}
	for r := ReasonExpired; r <= ReasonBackoff; r++ {
		if r != ReasonFinal && seen[r] < 50 {
			t.Errorf("the cases drawn came to %q only %d times", r, seen[r])
		}
	}
}

// anyCase draws an error of an entry and the rest of a decision's facts, with
// absurd values among them.
func anyCase(r *rand.Rand) (*Error, Attempt, Policy, time.Duration) {
	e := &Error{
		Outcome: Outcome{Class(r.IntN(11)), Retry(r.IntN(6)), Repeat(r.IntN(2))},
		claim:   &claimant{Entry: &Entry{}, catalog: &Catalog{}},
	}
	e.claim.advice.firm = true
	e.claim.advice.delay = &Delay{Default: anyWait(r), Min: anyWait(r), Max: anyWait(r)}
	if r.IntN(2) == 0 {
		e.waits(max(anyWait(r), 0), noon)
	}
	if r.IntN(2) == 0 {
		e.claim.advice.backoff = anyCurve(r)
	}
	a := Attempt{
		Attempts:   r.IntN(6) - 1,
		Method:     []string{"", "GET", "POST", "PUT", "PATCH", "FROB"}[r.IntN(6)],
		Idempotent: r.IntN(4) == 0,
		BodySpent:  r.IntN(8) == 0,
		Refreshed:  r.IntN(4) == 0,
		OverBudget: r.IntN(8) == 0,
		Err:        e,
		Now:        noon,
	}
	if r.IntN(4) == 0 {
		a.Header = http.Header{"Idempotency-Key": {"k"}}
	}
	p := Policy{
		MaxRetries:   r.IntN(5) - 1,
		MaxWait:      anyWait(r),
		Backoff:      *anyCurve(r),
		Spread:       anyJitter(r),
		Idempotency:  "Idempotency-Key",
		WaitForReset: r.IntN(2) == 0,
		Rand:         func() float64 { return []float64{r.Float64(), -1, 0, 1, 7, math.NaN(), math.Inf(1)}[r.IntN(7)] },
	}
	return e, a, p, anyWait(r)
}

func anyWait(r *rand.Rand) time.Duration {
	switch r.IntN(8) {
	case 0:
		return 0
	case 1:
		return math.MaxInt64
	case 2:
		return time.Duration(r.Int64())
	case 3:
		return -time.Duration(r.Int64())
	default:
		return time.Duration(r.Int64N(int64(2 * time.Minute)))
	}
}

func anyCurve(r *rand.Rand) *Curve {
	c := &Curve{
		Base:   anyWait(r),
		Factor: []float64{r.Float64() * 4, 0, -1, 1e300, math.NaN(), math.Inf(1), math.Inf(-1)}[r.IntN(7)],
		Max:    anyWait(r),
		Jitter: anyJitter(r),
	}
	for range r.IntN(3) {
		c.Steps = append(c.Steps, anyWait(r))
	}
	return c
}

func anyJitter(r *rand.Rand) Jitter {
	return Jitter{
		Add:  anyWait(r),
		Part: []float64{r.Float64(), 0, -1, 1e300, math.NaN(), math.Inf(1)}[r.IntN(6)],
		Full: r.IntN(3) == 0,
	}
}
