package apierr

import (
	"context"
	"errors"
	"math"
	"net/http"
	"time"
)

// finding is what an error means for the request that it answers.
type finding struct {
	Outcome
	final     bool          // no catalog can make it worth another try
	asked     time.Duration // by the server, and not over yet; zero when it asks for nothing
	named     time.Duration // asked, else the catalog's default, within low and high; zero when there is neither
	low, high time.Duration // the catalog's floor and cap of any wait
	atOnce    bool          // the first retry need not wait
	curve     *Curve        // the error's own, nil when it has none
	err       *Error        // nil when no response came
}

// until returns from when on the server accepts requests again; it is zero
// when nobody says.
func (f *finding) until(now time.Time) time.Time {
	switch {
	case f.named > 0:
		return now.Add(f.named)
	case f.err != nil:
		return f.err.RetryAt()
	}
	return time.Time{}
}

// find returns what an error means: as the entry, else the status row, else
// the class says for a response; as the catalog's row, else the kind of
// failure says where no response came.
func (p *Policy) find(a *Attempt, e *Error) (f finding) {
	f.high = math.MaxInt64
	if e != nil {
		f.response(e, a.Now)
	} else {
		f.failure(FailureOf(a.Err), p.Failures)
	}
	return f
}

// response sets what a response's error means.
func (f *finding) response(e *Error, now time.Time) {
	f.Outcome, f.err = e.Outcome, e
	if f.Retry != Backoff && f.Retry != WaitReset {
		return
	}
	f.asked = remaining(e, now)
	f.named = f.asked
	var d *Delay
	d, f.curve = e.own()
	if d != nil {
		if e.untilNanos == 0 && f.asked == 0 {
			f.named = max(d.Default, 0)
		}
		f.low = max(d.Min, 0)
		if d.Max > 0 {
			f.low, f.high = min(f.low, d.Max), d.Max
		}
	}
	if f.named > 0 {
		f.named = f.bounded(f.named)
	}
}

// failure sets what a failure without a response means. One before the
// request was sent counts as not carried out whatever the catalog says: there,
// it can only say whether another try is worth it.
func (f *finding) failure(failure Failure, rows []Failing) {
	f.Outcome, f.final, f.atOnce = failure.Outcome(), failure.final(), failure == FailureStreamRefused
	for i := range rows {
		if row := &rows[i]; row.Failure == failure {
			f.Outcome = row.Outcome
			break
		}
	}
	if failure.NotSent() {
		f.Repeat = RepeatAny
	}
}

// timeLeft returns how long the caller's deadline is away.
func timeLeft(ctx context.Context, now time.Time) time.Duration {
	if ctx == nil {
		return math.MaxInt64
	}
	deadline, ok := ctx.Deadline()
	if !ok {
		return math.MaxInt64
	}
	return deadline.Sub(now)
}

// contextDone stops when nobody waits for the answer any more. Only the
// caller's own context counts: the timeout of one attempt is a failure like
// any other.
func contextDone(ctx context.Context, left time.Duration) Reason {
	var err error
	if ctx != nil {
		err = ctx.Err()
	}
	switch {
	case err == nil && left > 0:
		return ReasonNone
	case err == nil || errors.Is(err, context.DeadlineExceeded):
		return ReasonExpired
	}
	return ReasonCanceled
}

// meaning decides what needs no second request: errors that stay as they are,
// conflicts, and limits that only time lifts. A limit that lasts for hours is
// not slept through unasked, since a program that blocks for so long looks
// dead.
func (p *Policy) meaning(f *finding, until time.Time) (Action, Reason) {
	switch {
	case f.final:
		return ActionStop, ReasonFinal
	case f.Retry == Backoff, f.Retry == RefreshOnce:
		return ActionStop, ReasonNone
	case f.Retry == Reconcile:
		return ActionReconcile, ReasonReconcile
	case f.Retry == WaitReset && p.WaitForReset && !until.IsZero():
		return ActionStop, ReasonNone
	case f.Retry == WaitReset:
		return ActionStop, ReasonReset
	}
	return ActionStop, ReasonNever
}

// bodySpent stops when a second request would go out with an empty or a broken
// body: a body is read once, and only [http.Request.GetBody] gives it again.
// net/http itself resends on the same terms.
func bodySpent(a *Attempt) Reason {
	if a.BodySpent {
		return ReasonBodySpent
	}
	return ReasonNone
}

// mayHaveActed stops when the server may have acted on the first request and
// a second one might act again. A client must not retry a non-idempotent
// request by itself unless it knows that the request is idempotent all the
// same or that the first was never applied (RFC 9110, section 9.2.2). Clients
// that do, post twice (go-resty/resty issue 777). No other header than the one
// the vendor documents is trusted: a server ignores those that it does not
// know.
func (p *Policy) mayHaveActed(f *finding, a *Attempt) Reason {
	if f.Repeat == RepeatAny || p.mayRepeat(a) {
		return ReasonNone
	}
	return ReasonMayHaveActed
}

// mayRepeat reports whether the request can be carried out twice as well as
// once. A [Transport] asks it before it sends, too.
func (p *Policy) mayRepeat(a *Attempt) bool {
	return a.Idempotent || idempotent(a.Method) || p.Idempotency != "" && a.Header.Get(p.Idempotency) != ""
}

// idempotent reports whether RFC 9110 defines the method so (sections 9.2.1
// and 9.2.2). Methods are case-sensitive (section 9.1).
func idempotent(method string) bool {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace,
		http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}

// refresh asks for new credentials once in a call. Credentials that are
// refused when they are new will not be accepted the next time, and asking in
// a loop locks accounts.
func refresh(a *Attempt) (Action, Reason) {
	if a.Refreshed {
		return ActionStop, ReasonRefreshed
	}
	return ActionRefresh, ReasonRefresh
}

// usedUp stops when as many retries were made as the policy allows, or as all
// requests of the client may make together: when a service is down, retries of
// each request alone multiply its load just as it comes back (the retry quota
// of the AWS SDKs' standard mode, and the throttling of gRPC's proposal A6, are
// there for that).
func (p *Policy) usedUp(a *Attempt) Reason {
	switch {
	case a.retries() >= p.MaxRetries:
		return ReasonUsedUp
	case a.OverBudget:
		return ReasonOverBudget
	}
	return ReasonNone
}

// retries returns how many retries were made. The request that follows new
// credentials is none of them.
func (a *Attempt) retries() int {
	n := max(a.Attempts, 1) - 1
	if a.Refreshed {
		n = max(n-1, 0)
	}
	return n
}

// tooLong stops when a wait is longer than the caller will sleep. A wait that
// was asked for is never cut short, as resty v2 does, for the request would
// only be refused again; nor is it slept through whatever its length, as by
// go-retryablehttp (issue 247), for the server could then hold the client for
// ever. RFC 9110, section 10.2.3, leaves the choice to the client. Waits that
// the policy's or the entry's own curve gives are not judged: its steps are
// what the vendor advises for each retry, and its growth ends at MaxWait.
func (p *Policy) tooLong(w wait) Reason {
	if !w.curve && w.base > p.maxWait() {
		return ReasonTooLong
	}
	return ReasonNone
}

func (p *Policy) maxWait() time.Duration {
	if p.MaxWait <= 0 {
		return DefaultMaxWait
	}
	return p.MaxWait
}

// responseError returns the first *Error that err is or wraps. The second
// result is false when there is none; it is true for a nil *Error. The plain
// chain is walked by hand, since errors.As allocates its target.
func responseError(err error) (*Error, bool) {
	for node := err; node != nil; node = errors.Unwrap(node) {
		if e, ok := node.(*Error); ok {
			return e, true
		}
	}
	return responseErrorAs(err)
}

func responseErrorAs(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}
