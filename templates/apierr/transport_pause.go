package apierr

import (
	"sync"
	"time"
)

// A gate makes the requests of a Transport wait, once one was throttled.
type gate struct {
	mu    sync.Mutex
	until time.Time
	cause error
}

// shut keeps the gate shut until the given instant; it never opens it earlier
// than another answer asked for.
func (g *gate) shut(until time.Time, cause error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.until) {
		g.until, g.cause = until, cause
	}
}

// state returns until when the gate is shut, and the answer that shut it. An
// open one has no cause.
func (g *gate) state(now time.Time) (time.Time, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !now.Before(g.until) {
		g.until, g.cause = time.Time{}, nil
	}
	return g.until, g.cause
}

// resume returns from when on the server will not mind another request: the
// instant of its own, or of the catalog, and not the one with jitter at which
// this request will come back.
func (d *Decision) resume(now time.Time) time.Time {
	if d.Until.After(now) {
		return d.Until
	}
	return now.Add(d.Delay)
}

// pause waits as long as the gate is shut. A decision with a reason is that
// the call ends instead. Those that wait come back spread over a little time,
// like those that were throttled themselves.
func (c *call) pause() Decision {
	p, ctx := &c.t.Policy, c.req.Context()
	for c.t.Pause {
		now := time.Now()
		until, cause := c.t.gate.state(now)
		if cause == nil {
			break
		}
		w := wait{base: until.Sub(now), jittered: p.Spread.or(defaultSpread).lengthen(until.Sub(now), draw(p.Rand))}
		w, reason := w.within(timeLeft(ctx, now))
		c.paused += w.base
		if reason == ReasonNone && c.paused <= p.maxWait() && sleep(ctx, w.jittered) == nil {
			continue
		}
		if c.a.Err == nil {
			c.a.Err = cause
		}
		if ctx.Err() != nil {
			return Decision{Reason: contextDone(ctx, 0), Until: until}
		}
		return Decision{Reason: ReasonPaused, Until: until}
	}
	return Decision{}
}
