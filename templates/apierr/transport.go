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
// It hands back the last real response with a nil error, as a RoundTripper
// must, its body as it came; the vendor's Check tells what the response was,
// and within a [*StopError] why it was not sent again and from when on it may
// be. Where the last attempt brought no response, that error is in the
// *StopError.
//
// The request's context bounds the whole call, its waits too, and so does
// [http.Client.Timeout]; use AttemptTimeout to give up on one attempt. A
// request is sent again only with a body that GetBody can give anew. Responses
// that are no errors are passed on unread; that a body breaks off afterwards is
// for the caller to see.
//
// The zero value sends every request once. Set the fields before the first
// use; after that a Transport is safe for concurrent use, as long as what its
// fields hold is. It must not be copied after first use.
type Transport struct {
	Policy Policy
	Next   http.RoundTripper // sends each attempt; nil is [http.DefaultTransport]

	// AttemptTimeout is how long one attempt may take until the response's
	// header, and the body of an error, are there. An attempt that takes
	// longer has failed with [FailureTimeout], or [FailureConnectTimeout]
	// when it had no connection yet. The body of a success is not bounded.
	// Zero is no limit.
	AttemptTimeout time.Duration

	// Authorize puts credentials on a request, before each attempt. The
	// request is the Transport's own copy. A request that a redirect sends to
	// another host gets none. Nil leaves requests as they are.
	Authorize func(*http.Request) error

	// Refresh gets new credentials when a response's error is RefreshOnce,
	// for Authorize or Next to use; then the request is sent again, once. When
	// many requests are refused at the same time, one of them calls Refresh
	// and the others wait for it. The context is that of the one. Nil is no
	// refresh.
	Refresh func(ctx context.Context, refused *Error) error

	// NewKey makes the key that goes into the vendor's idempotency header,
	// [Policy.Idempotency], so that a request can be repeated safely. Each call
	// of a method that is not idempotent gets one for all its attempts, unless
	// it has the header already. [RandomKey] is such a function; nil adds none.
	NewKey func() string

	// Budget bounds the retries of all requests together; nil is no bound. It
	// may be shared with other Transports.
	Budget *Budget

	// Pause makes all requests wait when one of them was throttled, as long as
	// that one does. A request whose deadline would pass, or that would wait
	// longer than MaxWait, fails at once with [ReasonPaused]. It is for vendors
	// that hold all requests to one limit.
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
// change the request and closes its body.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	c := newCall(t, req)
	for {
		if d := c.pause(); d.Reason != ReasonNone {
			return c.end(d, nil)
		}
		if err := c.send(); err != nil {
			return c.end(unprepared, err)
		}
		if c.a.Err == nil {
			return c.resp, nil
		}
		switch d := c.decide(); {
		case d.Action == ActionRetry:
			c.drop()
			if sleep(req.Context(), d.Delay) != nil {
				return c.end(Decision{Reason: contextDone(req.Context(), 0), Until: d.Until}, nil)
			}
		case d.Action == ActionRefresh && t.Refresh != nil:
			c.drop()
			if err := c.refresh(); err != nil {
				return c.end(unprepared, err)
			}
		default:
			return c.end(d, nil)
		}
	}
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
	if wait <= 0 {
		return ctx.Err()
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
