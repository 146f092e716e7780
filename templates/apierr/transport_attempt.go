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
// nothing of it changes, else a copy. The body comes before the credentials,
// which may be a signature over it.
func (c *call) prepare(b *bound) (*http.Request, error) {
	again := c.a.Attempts > 0
	if !again && c.key == "" && c.t.Authorize == nil && b.limit <= 0 {
		return c.req, nil
	}
	out := c.req.Clone(b.ctx)
	if out.Header == nil {
		out.Header = http.Header{}
	}
	if c.key != "" {
		out.Header.Set(c.t.Policy.Idempotency, c.key)
	}
	if again && c.req.GetBody != nil && c.req.Body != nil && c.req.Body != http.NoBody {
		body, err := c.req.GetBody()
		if err != nil {
			return nil, err
		}
		out.Body, c.body = body, body
	}
	if c.t.Authorize != nil && !redirectedAway(c.req) {
		if err := c.t.Authorize(out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// redirectedAway reports whether a redirect has led the request to another
// host, or to one that anybody can listen to, which must not see the
// credentials of the first; [http.Client] drops the Authorization header on
// such a way as well, and does not put it back when the way returns.
func redirectedAway(req *http.Request) bool {
	for to := req; to.Response != nil; to = to.Response.Request {
		from := to.Response.Request
		if from == nil || from.URL == nil || to.URL == nil || from.URL.Host != to.URL.Host ||
			from.URL.Scheme == "https" && to.URL.Scheme != "https" {
			return true
		}
	}
	return false
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
	if resp.Request == nil {
		resp.Request = req // where redirectedAway and Check look
	}
	var answer error
	if resp.StatusCode != http.StatusSwitchingProtocols { // whose body is the connection
		answer = t.Policy.vendor().check(resp)
	}
	if b.expired() && answer == nil {
		if resp.Body != nil {
			_ = resp.Body.Close() // it cannot be read to its end
		}
		b.release()
		return nil, errAttemptTimeout
	}
	b.follow(resp)
	return resp, answer
}

var errNoResponse = errors.New("apierr: the RoundTripper returned neither a response nor an error")

// A bound ends one attempt when its time is up. One without a limit does
// nothing.
type bound struct {
	limit  time.Duration
	ctx    context.Context
	cancel context.CancelFunc
	timer  *time.Timer // nil before start
	over   atomic.Bool

	dialing, connected atomic.Bool
}

func newBound(ctx context.Context, limit time.Duration) *bound {
	b := &bound{limit: limit, ctx: ctx, cancel: func() {}}
	if limit > 0 {
		b.ctx, b.cancel = context.WithCancel(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			GetConn: func(string) { b.dialing.Store(true) },
			GotConn: func(httptrace.GotConnInfo) { b.connected.Store(true) },
		}))
	}
	return b
}

// start starts the clock.
func (b *bound) start() {
	if b.limit > 0 {
		b.timer = time.AfterFunc(b.limit, func() {
			b.over.Store(true)
			b.cancel()
		})
	}
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
	if b.limit <= 0 {
		return
	}
	if resp.Body == nil || resp.Body == http.NoBody {
		b.release()
		return
	}
	if conn, ok := resp.Body.(io.ReadWriteCloser); ok {
		resp.Body = &switched{conn, b}
		return
	}
	resp.Body = &followed{resp.Body, b}
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
	if err != nil && err != io.EOF && f.bound.over.Load() {
		err = errAttemptTimeout // and not that the caller has canceled
	}
	return n, err
}

func (f *followed) Close() error {
	defer f.bound.release()
	return f.ReadCloser.Close()
}

// switched is the body of 101 Switching Protocols: a connection, which can be
// written to when its other side has ended.
type switched struct {
	io.ReadWriteCloser
	bound *bound
}

func (s *switched) Close() error {
	defer s.bound.release()
	return s.ReadWriteCloser.Close()
}

// CloseWrite is what [net/http/httputil.ReverseProxy] asks for.
func (s *switched) CloseWrite() error {
	if conn, ok := s.ReadWriteCloser.(interface{ CloseWrite() error }); ok {
		return conn.CloseWrite()
	}
	return http.ErrNotSupported
}
