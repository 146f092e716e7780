package apierr

import (
	"context"
	"time"
)

// A Call is one call of an API over all its attempts, for libraries that retry
// a function and know nothing of HTTP. It counts the attempts, so that it does
// not matter where the library's own counter begins, or whether it has one. It
// is not safe for concurrent use.
type Call struct {
	policy  Policy
	attempt Attempt
}

// Call returns a Call that decides by the policy. The Attempt says what is
// known of the request, as [AttemptOf] does; where there is no [http.Request]
// to hand, set Method or Idempotent. An Attempt without either stands for a
// GET. Its Attempts, Err and Now are not looked at.
func (p Policy) Call(a Attempt) *Call {
	a.Attempts = 0
	return &Call{policy: p, attempt: a}
}

// Next says what to do after an attempt that came to err, as [Policy.Decide]
// does, and is to be asked once for each attempt. Where it says to refresh
// credentials, the next attempt counts as made with new ones. An error that a
// [Transport] has given up already is not taken up again.
//
// To return to the caller, [Decision.Err] says more than err alone.
func (c *Call) Next(ctx context.Context, err error) Decision {
	a := &c.attempt
	a.Attempts++
	a.Err, a.Now = err, time.Time{}
	d := c.policy.decide(ctx, *a)
	a.Refreshed = a.Refreshed || d.Action == ActionRefresh
	return d
}
