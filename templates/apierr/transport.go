package apierr

import (
	"context"
	"net/http"
	"time"
)

// A Transport is an [http.RoundTripper] that sends a request again as its
// Policy decides:
//
//	client.Transport = forlena.Policy().Transport(http.DefaultTransport)
//
// It hands back the last attempt's response with a nil error, as a RoundTripper
// must, its body as it came; the vendor's Check tells what the response was,
// and within a [*StopError] why the request was not sent again and from when on
// it may be. Where the last attempt brought no response, the error of RoundTrip
// is that *StopError, or simply what net/http said where there is nothing to
// add.
//
// The request's context bounds the whole call, its waits too, and so does
// [http.Client.Timeout]; use AttemptTimeout to give up on one attempt. A
// request is sent again only with a body that GetBody can give anew. Responses
// that are no errors are passed on unread, unless the catalog must look into
// their bodies, see [Catalog.Check]; that a body breaks off afterwards is for
// the caller to see. Of a response that another attempt follows, nothing is
// seen but by OnAttempt, and its cookies are not by [http.Client.Jar].
//
// Beneath it, an [http.Transport] has resends of its own, which no policy sees,
// and some of them may have a server act twice. A request that must not be
// repeated blindly (its method is not idempotent, [WithIdempotent] does not say
// otherwise, and it has no key in the header of [Policy.Idempotency]) is kept
// from them: Next gets it without GetBody, and so does any RoundTripper beneath
// that would send it again by itself. The Transport sends it again where the
// server surely did not act, at once when that was a refused HTTP/2 stream.
//
// One without a body net/http would resend all the same, without a word on what
// had failed: over HTTP/2, and over HTTP/1 when it has a header Idempotency-Key
// or X-Idempotency-Key, whether this vendor knows it or not. It is stopped just
// before it does, and the attempt has failed with [FailureReset], though the
// server may not have acted. What is left to net/http are requests that may be
// repeated and, of those without such a header, requests without a body of which
// nothing was written.
//
// The zero value sends every request once. Set the fields before the first
// use; after that a Transport is safe for concurrent use, as long as what its
// fields hold is. It must not be copied after first use.
type Transport struct {
	Policy Policy
	Next   http.RoundTripper // sends each attempt; nil is [http.DefaultTransport]

	// AttemptTimeout is how long one attempt may take until the response's
	// header, and what Check reads of the body, are there. An attempt that
	// takes longer has failed with [FailureTimeout], or [FailureConnectTimeout]
	// when it had no connection yet; of an error whose body takes longer, the
	// status, the header and what was read decide. The body of a success is
	// not bounded, nor is Authorize. Zero is no limit.
	AttemptTimeout time.Duration

	// Authorize puts credentials on a request, before each attempt. The
	// request is the Transport's own copy, with a body of its own where it is
	// sent again. A request that a redirect has led to another host, or from
	// https to http, gets none. Nil leaves requests as they are.
	Authorize func(*http.Request) error

	// Refresh gets new credentials when a response's error is RefreshOnce,
	// for Authorize or Next to use; then the request is sent again, once. When
	// many requests are refused at the same time, it is called for one of them
	// and all wait for it, so a Transport is for one set of credentials. It
	// runs in a goroutine of its own and outlasts a caller that gives up: its
	// context has the values of the one's, but neither deadline nor
	// cancellation, so bound the time that it takes. A request that it makes
	// through this Transport must have this context, which keeps it from being
	// refreshed itself: with another, it waits for the very Refresh that waits
	// for it. Nil is no refresh.
	Refresh func(ctx context.Context, refused *Error) error

	// NewKey makes the key that goes into the vendor's idempotency header,
	// [Policy.Idempotency], so that a request can be repeated safely. Each call
	// of a method that is not idempotent gets one for all its attempts, unless
	// it has the header already. [RandomKey] is such a function; nil adds none.
	NewKey func() string

	// Budget bounds the retries of all requests together; nil is no bound. It
	// may be shared with other Transports.
	Budget *Budget

	// Pause makes all requests wait when one of them was throttled: as long as
	// that one does, or, where it is not sent again, until the server accepts
	// requests if that is within MaxWait. A request whose deadline would pass,
	// or that would wait longer than MaxWait in all, fails at once with
	// [ReasonPaused]. It is for vendors that hold all requests to one limit.
	Pause bool

	// OnAttempt is told of each attempt, after the decision on it and before
	// the wait. It is called by the goroutine that sends the request.
	OnAttempt func(context.Context, Report)

	credentials credentials
	gate        gate
}

// Transport returns a [Transport] with this policy. A nil next is
// [http.DefaultTransport].
func (p Policy) Transport(next http.RoundTripper) *Transport {
	return &Transport{Policy: p, Next: next}
}

// RoundTrip sends the request, and again as the policy decides. It does not
// change the request and closes its body. A panic of a function that the
// Transport was given is passed on.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	c := newCall(t, req)
	defer c.abandon()
	resp, err := c.run()
	c.ended = true
	return resp, err
}

// CloseIdleConnections passes the wish on to Next, for
// [http.Client.CloseIdleConnections].
func (t *Transport) CloseIdleConnections() {
	if next, ok := t.next().(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}

func (t *Transport) next() http.RoundTripper {
	if t.Next == nil {
		return http.DefaultTransport
	}
	return t.Next
}

// sleep waits, and returns the context's error if that comes first.
func sleep(ctx context.Context, wait time.Duration) error {
	if err := ctx.Err(); err != nil || wait <= 0 {
		return err
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
