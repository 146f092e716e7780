package apierr

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"
)

// calls are several callers at a time: after starts one, and wait returns what
// came of all, by their names.
type calls struct {
	wg  sync.WaitGroup
	mu  sync.Mutex
	got map[string]result
}

func (c *calls) after(t *testing.T, d time.Duration, name string, tr *Transport, u *upstream, ctx context.Context, method string) {
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		time.Sleep(d)
		r := trip(t, tr, u.request(ctx, method, "x"))
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.got == nil {
			c.got = map[string]result{}
		}
		c.got[name] = r
	}()
}

func (c *calls) wait() map[string]result {
	c.wg.Wait()
	return c.got
}

func TestPause(t *testing.T) {
	const s = time.Second
	throttled := answered(429, "RATE", "10")
	for _, test := range []struct {
		name  string
		first reply // to the call at 0 s; all others are fine
		set   func(*Transport)
		post  bool            // the first cannot be sent again
		times []time.Duration // of all attempts: a second call begins at 4 s
	}{
		{name: "others wait", first: throttled, times: []time.Duration{0, 10 * s, 10 * s}},
		{name: "unless they need not", first: throttled, set: func(t *Transport) { t.Pause = false }, times: []time.Duration{0, 4 * s, 10 * s}},
		{name: "computed wait", first: answered(429, "RATE", ""), set: func(t *Transport) { t.Policy.Backoff.Base = 6 * s }, times: []time.Duration{0, 6 * s, 6 * s}},
		{name: "jitter is each one's own", first: throttled, set: func(t *Transport) { t.Policy.Rand = fullJitter }, times: []time.Duration{0, 10600 * time.Millisecond, 11 * s}},
		{name: "only when throttled", first: answered(503, "", "10"), times: []time.Duration{0, 4 * s, 10 * s}},
		{name: "the first is not sent again", first: throttled, set: func(t *Transport) { t.Policy.MaxRetries = 0 }, times: []time.Duration{0, 10 * s}},
		{name: "the first may have acted", first: answered(429, "CAREFUL", "10"), post: true, times: []time.Duration{0, 10 * s}},
		{name: "not sent again, nobody knows when", first: answered(429, "RATE", ""), set: func(t *Transport) { t.Policy.MaxRetries = 0 }, times: []time.Duration{0, 4 * s}},
		{name: "longer than MaxWait", first: answered(429, "RATE", "61"), times: []time.Duration{0, 4 * s}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, u *upstream) {
				tr := u.transport(test.first, fine)
				tr.Pause = true
				if test.set != nil {
					test.set(tr)
				}
				method := "GET"
				if test.post {
					method = "POST"
				}
				var c calls
				c.after(t, 0, "first", tr, u, t.Context(), method)
				c.after(t, 4*s, "second", tr, u, t.Context(), "POST")
				if got := c.wait(); got["second"].status != 200 {
					t.Errorf("the second: %v", got["second"].err)
				}
				if !slices.Equal(u.times(), test.times) {
					t.Errorf("sent at %v, want %v", u.times(), test.times)
				}
			})
		})
	}
}

func TestPausedTooLong(t *testing.T) {
	const s = time.Second
	inBubble(t, func(t *testing.T, u *upstream) {
		tr := u.transport(answered(429, "RATE", "30"), fine)
		tr.Pause = true
		short, cancel := context.WithTimeout(t.Context(), 20*s)
		defer cancel()
		gone, leave := context.WithCancel(t.Context())
		time.AfterFunc(15*s, leave)

		var c calls
		c.after(t, 0, "first", tr, u, t.Context(), "GET")
		c.after(t, 5*s, "deadline", tr, u, short, "POST")
		c.after(t, 5*s, "cancelled", tr, u, gone, "POST")
		got := c.wait()

		var stop *StopError
		until := u.start.Add(30 * s)
		if r := got["deadline"]; !errors.As(r.err, &stop) || stop.Decision.Reason != ReasonPaused || r.took != 0 ||
			!stop.Decision.Until.Equal(until) || !errors.Is(r.err, Throttled) || r.status != 0 {
			t.Errorf("no time to wait: after %v: %v", r.took, r.err)
		}
		if r := got["cancelled"]; !errors.As(r.err, &stop) || stop.Decision.Reason != ReasonCanceled || r.took != 10*s ||
			!errors.Is(r.err, context.Canceled) {
			t.Errorf("cancelled while it waits: after %v: %v", r.took, r.err)
		}
		if len(u.sent) != 2 {
			t.Errorf("%d attempts: one that waits was sent", len(u.sent))
		}
	})
}

// Pauses that follow one another count together towards MaxWait.
func TestPausesAddUp(t *testing.T) {
	const s = time.Second
	for _, test := range []struct {
		again  time.Duration // until when the gate is shut again at 39 s
		took   time.Duration
		status int
	}{
		{60 * s, 60 * s, 200},
		{61 * s, 40 * s, 0},
	} {
		inBubble(t, func(t *testing.T, u *upstream) {
			tr := u.transport(fine)
			tr.Pause = true
			cause := answer(429, "RATE", "")
			tr.gate.shut(u.start.Add(40*s), cause)
			time.AfterFunc(39*s, func() { tr.gate.shut(u.start.Add(test.again), cause) })
			got := trip(t, tr, u.request(t.Context(), "POST", "x"))
			if got.took != test.took || got.status != test.status {
				t.Errorf("shut again until %v: %d after %v: %v", test.again, got.status, got.took, got.err)
			}
		})
	}
}

// The last answer stays the caller's own when the next attempt is paused.
func TestPausedBeforeTheNextAttempt(t *testing.T) {
	const s = time.Second
	inBubble(t, func(t *testing.T, u *upstream) {
		tr := u.transport(answered(500, "FLAKY", ""), answered(429, "RATE", "30"), fine)
		tr.Pause = true
		tr.Policy.Backoff = Curve{Base: 4 * s}
		ctx, cancel := context.WithTimeout(t.Context(), 20*s)
		defer cancel()
		var c calls
		c.after(t, 0, "first", tr, u, ctx, "GET")
		c.after(t, 1*s, "second", tr, u, t.Context(), "GET")
		got := c.wait()
		var stop *StopError
		if r := got["first"]; !errors.As(r.err, &stop) || stop.Decision.Reason != ReasonPaused || r.took != 4*s ||
			r.status != 500 || !errors.Is(r.err, Transient) || r.body == "" {
			t.Errorf("after %v with %d and %q: %v", r.took, r.status, r.body, r.err)
		}
	})
}

func TestGateOpensNoEarlier(t *testing.T) {
	var g gate
	now := noon
	late, soon := answer(429, "RATE", "9"), answer(429, "RATE", "3")
	g.shut(in(9*time.Second), late)
	g.shut(in(3*time.Second), soon)
	if until, cause := g.state(now); !until.Equal(in(9*time.Second)) || cause != error(late) {
		t.Errorf("shut until %v by %v", until, cause)
	}
	if _, cause := g.state(in(9 * time.Second)); cause != nil {
		t.Errorf("still shut by %v", cause)
	}
}
