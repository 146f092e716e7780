package apierr

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ShouldRetry reports whether a library that retries by itself may send a
// request again after this response or error. It has the type of
// CheckRetry in hashicorp/go-retryablehttp, and is called the same way from
// the predicates of other libraries over responses; [Policy.Delay] is its
// counterpart for the wait. A library over errors alone has [Policy.Call].
//
// The error returned is nil for a success. Otherwise it is the vendor's, or err,
// in a [*StopError] where there is a reason to add; and that whether the first
// result is true or false, so that a library that has used up its attempts has
// an error to return.
// Stopping belongs here, and happens at once: most libraries cannot stop when
// they ask for the wait. New credentials and a look-up of what exists are not
// what a library can do by itself, so those stop as well. An error that a
// [Transport] has given up already is not taken up again.
//
// Attempts are the library's to count, and bodies its to send again: MaxRetries
// and spent bodies are not looked at, and a caller's deadline is held against
// the wait as it is after a first attempt. Of a request that was redirected,
// the method and header of the first count, which is the one that is sent
// again. Where no response came, the method is that of a [url.Error]; where
// there is none either, the request counts as not idempotent unless
// [WithIdempotent] says otherwise. A ctx of nil is [context.Background].
//
// The body of an error is read and put back, as by [Catalog.Check]. What it
// says stays with the response for Check and Delay, drained or not.
func (p Policy) ShouldRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	answered := err == nil && resp != nil
	if answered {
		err = p.vendor().Check(resp)
	}
	if err == nil {
		return false, nil
	}
	a := attemptOf(resp, err)
	a.Idempotent = resp != nil && resp.Request != nil && declaredIdempotent(resp.Request.Context())
	p.MaxRetries = 1
	d := p.decide(ctx, a)
	err = d.Err(err)
	if answered {
		p.vendor().keep(resp, err)
	}
	return d.Action == ActionRetry, err
}

// Delay returns how long to wait before the next attempt, when attempts were
// made so far: 1 after the first, and less counts as 1. It is what
// [Policy.Decide] would wait, with jitter: what the server asks for, else what
// the catalog documents, else a computed wait. It is never shortened to
// MaxWait and never judges whether there should be a next attempt, which
// [Policy.ShouldRetry] does. Without a response and an error it is the policy's
// computed wait.
//
// A response whose body was read or closed since ShouldRetry saw it still tells
// what its body said. One that ShouldRetry did not see is decoded as by
// [Catalog.Check].
func (p Policy) Delay(attempts int, resp *http.Response, err error) time.Duration {
	if err == nil && resp != nil {
		err = p.vendor().Check(resp)
	}
	e, _ := responseError(err)
	a := Attempt{Attempts: attempts, Err: err, Now: time.Now()}
	f := p.find(&a, e)
	w := p.wait(&f, &a)
	return w.jittered
}

// decide is Decide, but leaves an error as it is that was given up already: two
// layers that both retry multiply their attempts. Where only the other layer's
// context had ended, this one may have time left.
func (p Policy) decide(ctx context.Context, a Attempt) Decision {
	var stop *StopError
	if errors.As(a.Err, &stop) && stop != nil && stop.Decision.Reason.contextErr() == nil {
		return stop.Decision
	}
	return p.Decide(ctx, a)
}

// attemptOf returns what a response and an error tell about the request.
func attemptOf(resp *http.Response, err error) Attempt {
	a := Attempt{Attempts: 1, Method: http.MethodPost, Err: err}
	var failed *url.Error
	switch {
	case resp != nil && resp.Request != nil:
		first := firstRequest(resp.Request)
		a.Method, a.Header = first.Method, first.Header
	case errors.As(err, &failed):
		// Op is the method in lower case, but for its first letter.
		a.Method = strings.ToUpper(failed.Op)
	}
	return a
}

// firstRequest returns the request that redirects led from. A POST that was
// answered with 303 is a POST again when it is sent again, though the last
// request was a GET.
func firstRequest(req *http.Request) *http.Request {
	for req.Response != nil && req.Response.Request != nil {
		req = req.Response.Request
	}
	return req
}
