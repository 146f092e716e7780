package apierr

import "time"

// wait is how long to wait before the next attempt, and why so long.
type wait struct {
	base     time.Duration // without jitter
	jittered time.Duration
	reason   Reason
	curve    bool // as the curve has it, with neither floor nor cap in effect
}

// remaining returns what is left of the wait that the server asked for, when
// some of it has gone by since the error was decoded. It is zero when the
// server asked for nothing or the instant is past.
func remaining(e *Error, now time.Time) time.Duration {
	if e.RetryAfter <= 0 || e.untilNanos == 0 {
		return max(e.RetryAfter, 0)
	}
	// A clock that was set back must not make the wait longer.
	if left, ok := waitFor(e.RetryAt(), now); ok {
		return min(e.RetryAfter, left)
	}
	return e.RetryAfter
}

// own returns the delay rules that hold for the error, and its curve if its
// entry or status row has one for itself: the catalog's curve is the policy's,
// which holds it, or what was set in its place. When a limit is reset is no
// matter of the catalog's general delay rules, which are made for short waits:
// there, only the entry's or the status row's own count.
func (e *Error) own() (*Delay, *Curve) {
	if e.claim == nil {
		return nil, nil
	}
	a, c := e.claim.at(e.Status), e.claim.catalog
	if e.Retry == WaitReset && a.delay == &c.Delay {
		a.delay = nil
	}
	if a.backoff == &c.Backoff {
		a.backoff = nil
	}
	return a.delay, a.backoff
}

// bounded returns a wait within the catalog's floor and cap.
func (f *finding) bounded(wait time.Duration) time.Duration {
	return min(max(wait, f.low), f.high)
}

// wait returns how long to wait: what the server asks for, else what the
// catalog documents, else a computed wait, each within the catalog's floor and
// cap. An entry that has both a default and a curve of its own waits for the
// longer of the two. A server that asks for no time at all, or for an instant
// past, gets the computed wait: it could not answer a moment ago.
//
// A refused stream most often is a connection that a healthy server shuts down,
// with a GOAWAY, just when it is used. So its first retry waits for nothing, as
// net/http's own does; it is a retry like any other to MaxRetries and the
// budget, and those after it wait.
//
// Jitter comes last. It only lengthens what was asked for or documented, as
// everyone who was refused together was told the same instant; a full jitter
// may shorten a computed wait, down to the catalog's floor.
func (p *Policy) wait(f *finding, a *Attempt) wait {
	if f.atOnce && a.retries() == 0 {
		return wait{reason: ReasonBackoff, curve: true}
	}
	r := draw(p.Rand)
	if f.asked > 0 {
		return p.named(f, r, ReasonServerWait)
	}
	curve, own := f.curve, f.curve != nil
	if !own {
		curve = &p.Backoff
	}
	computed := p.computed(curve, a.retries()+1)
	if f.named > 0 && (!own || computed <= f.named) {
		return p.named(f, r, ReasonDocumentedWait)
	}
	base := f.bounded(computed)
	jittered := curve.Jitter.or(defaultJitter).spread(base, r)
	return wait{base: base, jittered: max(jittered, f.low, f.named), reason: ReasonBackoff, curve: base == computed}
}

// named returns the wait that the server or the catalog names.
func (p *Policy) named(f *finding, r float64, reason Reason) wait {
	return wait{base: f.named, jittered: p.Spread.or(defaultSpread).lengthen(f.named, r), reason: reason}
}

// computed returns the curve's wait before the given retry. Exponential growth
// ends at MaxWait; steps are the vendor's word and stay as they are.
func (p *Policy) computed(curve *Curve, retry int) time.Duration {
	if curve == &p.Backoff && curve.none() {
		return min(defaultBackoff.wait(retry), p.maxWait())
	}
	if len(curve.Steps) > 0 {
		return curve.wait(retry)
	}
	return min(curve.wait(retry), p.maxWait())
}

// within stops when the wait would end at the caller's deadline or after it:
// to sleep until then and fail is worse than to fail at once. Jitter alone
// never stops; where there is no time for it, it is left out.
func (w wait) within(left time.Duration) (wait, Reason) {
	if w.jittered >= left {
		w.jittered = min(w.jittered, w.base)
	}
	if w.jittered >= left {
		return w, ReasonDeadline
	}
	return w, ReasonNone
}
