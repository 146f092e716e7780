package apierr

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync/atomic"
)

// A resend watches for net/http sending a request without a body a second time
// within one attempt. Over HTTP/2 it does so whatever the method, and also after a
// stream reset with PROTOCOL_ERROR, on which the server may have acted; over
// HTTP/1 when the header names a key of whatever kind and a used connection ends.
// Which failure it was, it does not tell. With a body there is GetBody to take
// away, see [call.prepare].
//
// A second connection is the mark of it, once the header went out on a first
// one and no response came: a RoundTripper that sends again because of what it
// was answered, a challenge say, is not hindered.
type resend struct {
	http2     atomic.Bool // it went out over HTTP/2
	written   atomic.Bool // the header is, or is about to be
	answered  atomic.Bool // and not by an interim response alone
	prevented atomic.Bool
}

// watch adds the hooks that tell how far the request has come. Only in HTTP/2
// are there fields whose names begin with a colon (RFC 9113, section 8.3).
//
// Over HTTP/1 there is something to watch only when what is written has a key,
// whoever has set it: net/http takes such a request for one that can be repeated,
// whatever its method. Any other one it sends again only when nothing of it was
// written, which no hook tells.
func (r *resend) watch(trace *httptrace.ClientTrace) {
	trace.WroteHeaderField = func(name string, _ []string) {
		switch {
		case strings.HasPrefix(name, ":"):
			r.http2.Store(true)
			r.written.Store(true)
		case name == "Idempotency-Key" || name == "X-Idempotency-Key":
			r.written.Store(true)
		}
	}
	trace.GotFirstResponseByte = func() { r.answered.Store(true) }
	trace.Got1xxResponse = func(int, textproto.MIMEHeader) error {
		r.answered.Store(false)
		return nil
	}
}

// begins reports whether the request, which just got a connection, is about to
// be sent a second time.
func (r *resend) begins() bool {
	if r.answered.Swap(false) {
		r.written.Store(false)
	}
	return r.written.Load()
}

// prevent keeps the request from being written to a connection. HTTP/2 looks at
// the context once more before it writes. HTTP/1, which a server may have
// chosen for this one, does not; but there the connection is the request's own.
// Without TLS a server chooses nothing: the first connection tells.
func (r *resend) prevent(cancel context.CancelFunc, conn net.Conn) {
	r.prevented.Store(true)
	cancel()
	http1 := !r.http2.Load()
	if conn, ok := conn.(*tls.Conn); ok {
		http1 = conn.ConnectionState().NegotiatedProtocol != "h2"
	}
	if http1 {
		_ = conn.Close()
	}
}

var errResend error = resendPrevented{}

// resendPrevented is what an attempt comes to that would have sent its request
// twice. That it is [net.ErrClosed] makes it a [FailureReset].
type resendPrevented struct{}

func (resendPrevented) Error() string {
	return "apierr: the request was sent, its connection or stream ended without a response, and net/http was kept from sending it again"
}
func (resendPrevented) Is(target error) bool { return target == net.ErrClosed }
