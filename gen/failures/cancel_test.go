package failures

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

// TestCancellation has the caller cancel at each stage of a call. Nothing is
// sent again, and the error tells so.
func TestCancellation(t *testing.T) {
	for _, test := range []struct {
		name     string
		row      func(cancel func()) row
		before   bool // canceled before the call
		between  bool // canceled between two attempts
		received int
		attempts int
	}{
		{name: "before", row: func(func()) row { return row{} }, before: true, received: 0, attempts: 1},
		{name: "while dialing", row: cancelDialing, received: 0, attempts: 1},
		{name: "in the handshake", row: cancelHandshake, received: 0, attempts: 1},
		{name: "at a proxy", row: cancelTunnel, received: 0, attempts: 1},
		{name: "before the headers", row: cancelRead, received: 1, attempts: 1},
		{name: "in the headers", row: cancelIn("HTTP/1.1 200 OK\r\nServer:"), received: 1, attempts: 1},
		{name: "in the body", row: cancelIn(half), received: 1, attempts: 1},
		{name: "in a stream", row: cancelStream, received: 1, attempts: 1},
		{name: "between attempts", row: func(func()) row { return row{fail: resetRead} }, between: true, received: 1, attempts: 1},
	} {
		for _, newRequest := range []func(*world) *http.Request{get, keyed} {
			ctx, cancel := context.WithCancel(t.Context())
			r := test.row(cancel)
			w := newWorld(t, &r, always)
			if test.before {
				cancel()
			}
			attempts := 0
			p := policy().Transport(w.next)
			p.Policy.Backoff.Base = time.Minute // which nobody waits for
			p.OnAttempt = func(context.Context, apierr.Report) {
				if attempts++; test.between {
					cancel()
				}
			}
			_, err := do(viaClient{p}, newRequest(w).WithContext(ctx))
			cancel()
			w.end()
			if got := apierr.FailureOf(err); got != apierr.FailureCanceled || !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v is %v", test.name, err, got)
			}
			if got := int(w.received.Load()); got != test.received || attempts != test.attempts {
				t.Errorf("%s: the server has read %d requests in %d attempts, want %d in %d", test.name, got, attempts, test.received, test.attempts)
			}
		}
	}
}

// cancelDialing and those below are what the server, or the dialer, does: it
// cancels when the call has come to a stage, and waits.
func cancelDialing(cancel func()) row {
	return row{dial: func(w *world, ctx context.Context, network, address string) (net.Conn, error) {
		cancel()
		return dialWait(w, ctx, network, address)
	}}
}

func cancelHandshake(cancel func()) row {
	return row{url: "https:", fail: func(w *world, conn net.Conn) {
		io.ReadFull(conn, make([]byte, 1))
		cancel()
		w.hold(conn)
	}}
}

func cancelTunnel(cancel func()) row {
	return row{url: "https:", client: proxied("http"), fail: func(w *world, conn net.Conn) {
		http.ReadRequest(bufio.NewReader(conn))
		cancel()
		w.hold(conn)
	}}
}

func cancelRead(cancel func()) row { return cancelIn("")(cancel) }

func cancelIn(text string) func(cancel func()) row {
	return func(cancel func()) row {
		return row{fail: func(w *world, conn net.Conn) {
			w.receive(bufio.NewReader(conn))
			io.WriteString(conn, text)
			if text != "" {
				<-w.seen
			}
			cancel()
			w.hold(conn)
		}}
	}
}

func cancelStream(cancel func()) row {
	return row{url: "https:", client: speaksHTTP2, serve: frames(canceling(cancel))}
}
