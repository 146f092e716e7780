package apierr

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// prepare returns the request of the next attempt: the caller's own where
// nothing of it changes, else a copy.
func (c *call) prepare(b *bound) (*http.Request, error) {
	if !c.sent && c.key == "" && c.t.Authorize == nil && b.timer == nil {
		return c.req, nil
	}
	out := c.req.Clone(b.ctx)
	if out.Header == nil {
		out.Header = http.Header{}
	}
	if c.key != "" {
		out.Header.Set(c.t.Policy.Idempotency, c.key)
	}
	if c.t.Authorize != nil && !redirectedAway(c.req) {
		if err := c.t.Authorize(out); err != nil {
			return nil, err
		}
	}
	if c.sent && c.req.GetBody != nil && c.req.Body != nil && c.req.Body != http.NoBody {
		body, err := c.req.GetBody()
		if err != nil {
			return nil, err
		}
		out.Body = body
	}
	return out, nil
}

// redirectedAway reports whether a redirect leads the request to another host,
// which must not see the credentials of the first; [http.Client] drops the
// Authorization header of such a request as well.
func redirectedAway(req *http.Request) bool {
	from := req
	for from.Response != nil && from.Response.Request != nil {
		from = from.Response.Request
	}
	return from.URL != nil && req.URL != nil && from.URL.Host != req.URL.Host
}

// roundTrip sends a request and reads what came of it: the response, and the
// error that it is or that came in its place.
func (t *Transport) roundTrip(req *http.Request, b *bound) (*http.Response, error) {
	resp, err := t.next().RoundTrip(req)
	if err == nil && resp == nil {
		err = errNoResponse
	}
	if err != nil {
		b.release()
		return nil, b.failure(err)
	}
	answer := t.Policy.vendor().check(resp)
	if b.expired() && answer == nil {
		_ = resp.Body.Close() // it could not be read to its end
		b.release()
		return nil, errAttemptTimeout
	}
	b.follow(resp)
	return resp, answer
}

var errNoResponse = errors.New("apierr: the RoundTripper returned neither a response nor an error")

// A bound ends one attempt when its time is up. One without a timer does
// nothing.
type bound struct {
	ctx    context.Context
	cancel context.CancelFunc
	timer  *time.Timer
	over   atomic.Bool

	dialing, connected atomic.Bool
}

func newBound(ctx context.Context, timeout time.Duration) *bound {
	b := &bound{ctx: ctx, cancel: func() {}}
	if timeout <= 0 {
		return b
	}
	b.ctx, b.cancel = context.WithCancel(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { b.dialing.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { b.connected.Store(true) },
	}))
	b.timer = time.AfterFunc(timeout, func() {
		b.over.Store(true)
		b.cancel()
	})
	return b
}

// release ends the attempt for good.
func (b *bound) release() {
	if b.timer != nil {
		b.timer.Stop()
	}
	b.cancel()
}

// expired stops the clock, and reports whether the attempt's time is up.
func (b *bound) expired() bool {
	return b.timer != nil && !b.timer.Stop()
}

// failure returns what an attempt without a response came to, of which the
// RoundTripper says err. It is a timeout in connecting only where net/http has
// told that it began to connect and not that it was done.
func (b *bound) failure(err error) error {
	switch {
	case !b.over.Load():
		return err
	case b.dialing.Load() && !b.connected.Load():
		return &net.OpError{Op: "dial", Net: "tcp", Err: errAttemptTimeout}
	}
	return errAttemptTimeout
}

var errAttemptTimeout error = attemptTimeout{}

// attemptTimeout is what an attempt comes to that takes longer than
// AttemptTimeout.
type attemptTimeout struct{}

func (attemptTimeout) Error() string        { return "apierr: no response within AttemptTimeout" }
func (attemptTimeout) Timeout() bool        { return true }
func (attemptTimeout) Temporary() bool      { return true }
func (attemptTimeout) Is(target error) bool { return target == context.DeadlineExceeded }

// follow releases the attempt when the response's body is closed or at its
// end, since the context of a request lives as long as the body is read.
func (b *bound) follow(resp *http.Response) {
	switch body := resp.Body.(type) {
	case nil:
		b.release()
	case io.ReadWriteCloser: // of 101 Switching Protocols
		if b.timer != nil {
			resp.Body = struct {
				io.ReadCloser
				io.Writer
			}{&followed{body, b}, body}
		}
	default:
		if b.timer != nil {
			resp.Body = &followed{body, b}
		}
	}
}

type followed struct {
	io.ReadCloser
	bound *bound
}

func (f *followed) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if err != nil {
		f.bound.release()
	}
	return n, err
}

func (f *followed) Close() error {
	defer f.bound.release()
	return f.ReadCloser.Close()
}
