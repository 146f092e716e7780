package apierr

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// A bound ends one attempt when its time is up, or when it would send its
// request a second time. One that is to do neither does nothing.
type bound struct {
	limit  time.Duration // zero or less: no limit
	ctx    context.Context
	cancel context.CancelFunc // nil when nothing ends the attempt
	timer  *time.Timer        // nil before start
	over   atomic.Bool

	dialing, connected atomic.Bool
	resend             resend
}

// newBound returns the bound of an attempt. With once, it watches for a second
// sending of the request, which must have no body, see [resend].
func newBound(ctx context.Context, limit time.Duration, once bool) *bound {
	b := &bound{limit: limit, ctx: ctx}
	if limit <= 0 && !once {
		return b
	}
	trace := &httptrace.ClientTrace{
		GetConn: func(string) { b.dialing.Store(true) },
		GotConn: func(info httptrace.GotConnInfo) {
			b.connected.Store(true)
			if b.resend.begins() {
				b.resend.prevent(b.cancel, info.Conn)
			}
		},
	}
	if once {
		b.resend.watch(trace)
	}
	b.ctx, b.cancel = context.WithCancel(httptrace.WithClientTrace(ctx, trace))
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
	if b.cancel != nil {
		b.cancel()
	}
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
	case b.resend.prevented.Load():
		return errResend
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
	if b.cancel == nil {
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
