package apierr

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// A call is one request on its way through a Transport.
type call struct {
	t     *Transport
	req   *http.Request // as the caller made it
	a     Attempt       // for Decide; Err is what the last attempt came to
	key   string        // for the idempotency header; empty for none
	body  io.Closer     // of the next attempt, while nobody else closes it
	ended bool

	// Of the last attempt:
	out   *http.Request  // as it was sent
	resp  *http.Response // nil when none came
	bound *bound
	began time.Time
	fresh uint64 // which credentials it had

	paused time.Duration // before all attempts together
}

func newCall(t *Transport, req *http.Request) *call {
	c := &call{t: t, req: req, a: AttemptOf(req)}
	c.a.Idempotent = declaredIdempotent(req.Context())
	if req.Body != nil {
		c.body = req.Body
	}
	return c
}

// run makes attempts until there is nothing more to do.
func (c *call) run() (*http.Response, error) {
	c.identify()
	for {
		if d := c.pause(); d.Reason != ReasonNone {
			return c.end(d, nil)
		}
		if err := c.send(); err != nil {
			return c.end(c.without(ReasonUnprepared), err)
		}
		if c.a.Err == nil {
			return c.resp, nil
		}
		switch d := c.decide(); {
		case d.Action == ActionRetry:
			c.drop()
			if ctx := c.req.Context(); sleep(ctx, d.Delay) != nil {
				return c.end(Decision{Reason: contextDone(ctx, 0), Until: d.Until}, nil)
			}
		case d.Action == ActionRefresh && c.mayRefresh():
			c.drop()
			if err := c.refresh(); err != nil {
				return c.end(c.without(ReasonNotRenewed), err)
			}
		default:
			return c.end(d, nil)
		}
	}
}

// identify makes the key for the vendor's idempotency header.
func (c *call) identify() {
	t, header := c.t, c.t.Policy.Idempotency
	if t.NewKey == nil || header == "" || idempotent(c.req.Method) || c.req.Header.Get(header) != "" {
		return
	}
	if c.key = t.NewKey(); c.key != "" {
		c.a.Header = http.Header{http.CanonicalHeaderKey(header): {c.key}}
	}
}

// send makes one attempt. Its error is that the attempt could not be made;
// what it came to otherwise is in c.
func (c *call) send() error {
	c.fresh = c.t.credentials.current() // before Authorize reads them
	c.bound = newBound(c.req.Context(), c.t.AttemptTimeout, c.once() && !hasBody(c.req))
	out, err := c.prepare(c.bound)
	if err != nil {
		c.bound.release()
		return err
	}
	c.began = time.Now()
	c.bound.start()
	c.out, c.body = out, nil // Next closes the body
	c.resp, c.a.Err = c.t.roundTrip(out, c.bound)
	c.a.Attempts++
	c.a.Now = time.Now()
	if healthOf(c.a.Err) == healthy {
		c.t.Budget.Earn()
	}
	if c.a.Err == nil {
		c.report(Decision{})
	}
	return nil
}

// decide asks the policy about the last attempt, within the budget.
func (c *call) decide() Decision {
	t, ctx := c.t, c.req.Context()
	d := t.Policy.Decide(ctx, c.a)
	if d.Action == ActionRetry && !t.Budget.Spend() {
		a := c.a
		a.OverBudget = true
		d = t.Policy.Decide(ctx, a)
	}
	if t.Pause && errors.Is(c.a.Err, Throttled) {
		t.gate.shut(d.resume(c.a.Now, t.Policy.maxWait()), c.a.Err)
	}
	c.report(d)
	return d
}

// drop frees the connection for the next attempt. What was read of the body
// can still be read, should there be none.
func (c *call) drop() {
	if c.resp != nil && c.resp.Body != nil {
		_ = c.resp.Body.Close() // what matters of it is in memory
		c.resp.Body = io.NopCloser(c.resp.Body)
	}
}

// without is the decision when the next attempt cannot be made at all, for the
// given reason unless the caller has given up.
func (c *call) without(reason Reason) Decision {
	if ctx := c.req.Context(); ctx.Err() != nil {
		return Decision{Reason: contextDone(ctx, 0)}
	}
	return Decision{Reason: reason}
}

// end returns what the caller gets, once it is decided not to go on: the last
// response with the reason kept for Check, else an error.
func (c *call) end(d Decision, also error) (*http.Response, error) {
	c.closeBody()
	err := d.Err(c.a.Err)
	switch {
	case also != nil && c.a.Err == nil:
		err = also
	case also != nil:
		err = &StopError{Decision: d, Cause: c.a.Err, Also: also}
	}
	if c.resp == nil {
		return nil, err
	}
	c.t.Policy.vendor().keep(c.resp, err)
	return c.resp, nil
}

// closeBody closes the body of an attempt that is not made.
func (c *call) closeBody() {
	if c.body != nil {
		_ = c.body.Close() // nothing of it was read
	}
}

// abandon frees what the call holds, when a function that the Transport was
// given has panicked.
func (c *call) abandon() {
	if c.ended {
		return
	}
	c.closeBody()
	c.drop()
	if c.bound != nil {
		c.bound.release()
	}
}
