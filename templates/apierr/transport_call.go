package apierr

import (
	"errors"
	"net/http"
	"time"
)

// A call is one request on its way through a Transport.
type call struct {
	t    *Transport
	req  *http.Request // as the caller made it
	a    Attempt       // for Decide; Err is what the last attempt came to
	key  string        // for the idempotency header; empty for none
	sent bool          // the request's own body is used up

	// Of the last attempt:
	out   *http.Request  // as it was sent
	resp  *http.Response // nil when none came
	began time.Time
	fresh uint64 // which credentials it had

	paused time.Duration // before all attempts together
}

func newCall(t *Transport, req *http.Request) *call {
	c := &call{t: t, req: req, a: AttemptOf(req)}
	c.a.Idempotent = declaredIdempotent(req.Context())
	header := t.Policy.Idempotency
	if t.NewKey != nil && header != "" && !idempotent(req.Method) && req.Header.Get(header) == "" {
		if c.key = t.NewKey(); c.key != "" {
			c.a.Header = http.Header{http.CanonicalHeaderKey(header): {c.key}}
		}
	}
	return c
}

// send makes one attempt. Its error is that the attempt could not be made;
// what it came to otherwise is in c.
func (c *call) send() error {
	c.began, c.fresh = time.Now(), c.t.credentials.current()
	b := newBound(c.req.Context(), c.t.AttemptTimeout)
	out, err := c.prepare(b)
	if err != nil {
		b.release()
		return err
	}
	c.out, c.sent = out, true
	c.resp, c.a.Err = c.t.roundTrip(out, b)
	c.a.Attempts++
	c.a.Now = time.Now()
	if c.a.Err == nil {
		c.t.Budget.Earn()
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
	if d.Action == ActionRetry && t.Pause && errors.Is(c.a.Err, Throttled) {
		t.gate.shut(d.resume(c.a.Now), c.a.Err)
	}
	c.report(d)
	return d
}

// refresh gets new credentials, unless another call just got some.
func (c *call) refresh() error {
	ctx := c.req.Context()
	refused, _ := responseError(c.a.Err)
	err := c.t.credentials.renew(ctx, c.fresh, func() error { return c.t.Refresh(ctx, refused) })
	c.a.Refreshed = err == nil
	return err
}

// drop frees the connection for the next attempt. What was read of the body
// can still be read, should there be none.
func (c *call) drop() {
	if c.resp != nil && c.resp.Body != nil {
		_ = c.resp.Body.Close() // what matters of it is in memory
	}
}

// unprepared is the decision when the next attempt cannot be made at all.
var unprepared = Decision{Reason: ReasonUnprepared}

// end returns what the caller gets, once it is decided not to go on: the last
// response with the reason kept for Check, else an error.
func (c *call) end(d Decision, also error) (*http.Response, error) {
	if !c.sent && c.req.Body != nil {
		_ = c.req.Body.Close() // nothing of it was read
	}
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
