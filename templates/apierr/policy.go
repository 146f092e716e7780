package apierr

import (
	"context"
	"net/http"
	"time"
)

// DefaultMaxWait is the longest wait of a [Policy] that sets none.
const DefaultMaxWait = 60 * time.Second

// A Policy decides whether a request is sent again, and when. A generated
// package's Policy function makes one from its catalog; every field may then
// be set. The zero value makes no retries, and with MaxRetries set it is a
// sound policy for any API.
//
// A Policy is a plain value: copy it, change the copy. Its methods change
// nothing and are safe for concurrent use as long as Rand is.
type Policy struct {
	MaxRetries int // attempts after the first; new credentials are not counted

	// MaxWait is the longest wait that is slept through; zero or less is
	// [DefaultMaxWait]. A server that asks for more is not asked again, since
	// to come back earlier is futile and often punished. Exponential waits
	// grow no further than this; documented steps are slept through whatever
	// their length. Jitter comes on top, so that clients that are
	// held to one limit do not come back in one instant.
	MaxWait time.Duration

	// Backoff computes waits where neither the server nor the entry says how
	// long. One without Steps and Base stands for 1 s, 2 s, 4 s up to 30 s,
	// and one without Jitter adds up to a fifth. Where the first retry follows
	// a [FailureStreamRefused], it comes at once.
	Backoff Curve

	// Spread lengthens waits that the server asked for or the catalog
	// documents; Full does not count, as it would shorten them. The zero value
	// adds up to a tenth.
	Spread Jitter

	// Idempotency is the request header with which the vendor lets any
	// request be repeated safely; empty when it knows none.
	Idempotency string

	// Breaker is the vendor's advice for a circuit breaker. Decide does not
	// look at it.
	Breaker Breaker

	// Failures says what to do when no response came: the first row of a
	// kind wins, and [Failure.Outcome] where there is none.
	Failures []Failing

	// WaitForReset lets errors that are [WaitReset] be waited for, as long as
	// the error names an instant no further away than MaxWait. Otherwise they
	// stop at once.
	WaitForReset bool

	// Rand returns random numbers from 0 up to 1, for jitter. It must be safe
	// for concurrent use when the Policy is so used. Nil is that of
	// math/rand/v2; one that returns 0 turns jitter off.
	Rand func() float64

	catalog *Catalog // tells which responses are errors; nil goes by the status alone
}

// Policy returns what the catalog says about retries. It shares the catalog's
// tables, which must not be changed.
func (c *Catalog) Policy() Policy {
	return Policy{
		MaxRetries:  c.MaxRetries,
		Backoff:     c.Backoff,
		Idempotency: c.Idempotency,
		Breaker:     c.Breaker,
		Failures:    c.Transport,
		catalog:     c,
	}
}

// An Attempt is what is known after one attempt at a request has failed.
type Attempt struct {
	// Attempts is how many attempts were made, this one included: 1 after the
	// first. Less counts as 1.
	Attempts int

	Method     string      // of the request; empty is GET, as in [http.Request]
	Header     http.Header // of the request
	Idempotent bool        // the caller knows that a second request does no harm, see [WithIdempotent] too
	BodySpent  bool        // the body was read and there is no GetBody
	Refreshed  bool        // new credentials were got for this call already
	OverBudget bool        // the client makes too many retries already, see [Budget]

	// Err is what the attempt came to: the [*Error] of Check, or the error of
	// net/http, as it is or wrapped.
	Err error

	// Now is the present instant. Zero is time.Now; with it set, Decide reads
	// no clock.
	Now time.Time
}

// AttemptOf returns what an Attempt takes from its request, before it is sent:
// the method, the header, and whether the body can be sent again.
func AttemptOf(req *http.Request) Attempt {
	return Attempt{
		Method:    req.Method,
		Header:    req.Header,
		BodySpent: hasBody(req) && req.GetBody == nil,
	}
}

func hasBody(req *http.Request) bool { return req.Body != nil && req.Body != http.NoBody }

// Decide says what to do after a failed attempt. It does not wait, and depends
// on nothing but its arguments, the context's state and Rand. The context is
// the caller's own, over all attempts; nil is [context.Background].
//
// The rules are asked in this order, and the first that speaks decides:
//
//  1. the caller's context is done: stop
//  2. what the error means: never, reconcile, wait for the reset
//  3. the body cannot be sent again: stop
//  4. the request may have been carried out, and is not idempotent: stop
//  5. new credentials are needed: refresh once
//  6. the attempts are used up, or the client's budget of retries: stop
//  7. the wait is longer than MaxWait, or would pass the deadline: stop
//
// Each rule is a function of its own, and says where it comes from.
func (p Policy) Decide(ctx context.Context, a Attempt) Decision {
	e, answered := responseError(a.Err)
	if a.Err == nil || answered && e == nil {
		return Decision{}
	}
	if a.Now.IsZero() {
		a.Now = time.Now()
	}
	a.Idempotent = a.Idempotent || declaredIdempotent(ctx)
	left := timeLeft(ctx, a.Now)
	f := p.find(&a, e)
	d := Decision{Until: f.until(a.Now)}
	if d.Reason = contextDone(ctx, left); d.Reason != ReasonNone {
		return d
	}
	if d.Action, d.Reason = p.meaning(&f, d.Until); d.Reason != ReasonNone {
		return d
	}
	if d.Reason = bodySpent(&a); d.Reason != ReasonNone {
		return d
	}
	if d.Reason = p.mayHaveActed(&f, &a); d.Reason != ReasonNone {
		return d
	}
	if f.Retry == RefreshOnce {
		d.Action, d.Reason = refresh(&a)
		return d
	}
	if d.Reason = p.usedUp(&a); d.Reason != ReasonNone {
		return d
	}
	w := p.wait(&f, &a)
	if d.Reason = p.tooLong(w); d.Reason != ReasonNone {
		d.Until = a.Now.Add(w.base)
		return d
	}
	if w, d.Reason = w.within(left); d.Reason != ReasonNone {
		return d
	}
	return Decision{Action: ActionRetry, Reason: w.reason, Delay: w.jittered, Until: d.Until}
}
