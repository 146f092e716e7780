package failures

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/errgen/errgen/templates/apierr"
	"golang.org/x/net/http2"
)

// TestSilentHTTP2 has an HTTP/2 server answer neither requests nor, for the
// second one, PING.
func TestSilentHTTP2(t *testing.T) {
	for _, test := range []struct {
		text string
		set  func(*http.Transport)
		want apierr.Failure
	}{
		{"timeout awaiting response headers", func(t *http.Transport) { t.ResponseHeaderTimeout = time.Millisecond }, apierr.FailureTimeout},
		{"http2: client connection lost", func(t *http.Transport) {
			t.HTTP2 = &http.HTTP2Config{SendPingTimeout: time.Millisecond, PingTimeout: time.Millisecond}
		}, apierr.FailureReset},
	} {
		for _, newRequest := range []func(*world) *http.Request{get, post} {
			w := newWorld(t, &row{url: "https:", mute: true, serve: frames(silentStream), client: func(w *world, t *http.Transport) {
				speaksHTTP2(w, t)
				test.set(t)
			}}, always)
			_, err := do(w.next, newRequest(w))
			w.end()
			if got := apierr.FailureOf(err); got != test.want || !strings.Contains(err.Error(), test.text) {
				t.Errorf("%v is %v, want %v", err, got, test.want)
			}
		}
	}
}

// TestHTTP2ConnEnded uses a connection that is closed, by whom and when is what
// the rows tell. net/http says the same about connections of its own pool, at
// moments that no test can choose.
func TestHTTP2ConnEnded(t *testing.T) {
	for _, test := range []struct {
		text     string
		fail     script // nil: all goes well
		before   func(*testing.T, *world, *http2.ClientConn)
		received int // by the request that fails
		want     apierr.Failure
	}{
		{
			text: "http2: client conn could not be established",
			fail: func(w *world, conn net.Conn) { overTLS(offersHTTP2, endUnread)(w, conn) }, before: closed,
			received: 0, want: apierr.FailureUnreachable,
		},
		{
			text: "http2: client conn not usable",
			fail: frames(goAwayFine),
			before: func(t *testing.T, w *world, conn *http2.ClientConn) {
				if _, err := do(conn, get(w)); err != nil {
					t.Fatal(err)
				}
				closed(t, w, conn)
			},
			received: 1, want: apierr.FailureUnreachable,
		},
		{
			text: "http2: client connection force closed via ClientConn.Close",
			fail: frames(func(w *world, _ *http2.Framer, _ net.Conn, _ uint32) bool {
				w.asked.Store(always)
				close(w.stage)
				return true
			}),
			before: func(t *testing.T, w *world, conn *http2.ClientConn) {
				w.stage = make(chan struct{})
				w.closing.Go(func() {
					<-w.stage
					conn.Close()
				})
			},
			received: 1, want: apierr.FailureReset,
		},
	} {
		w := newWorld(t, &row{url: "https:", xnet: true, serve: test.fail}, 1)
		raw, err := w.next.(*http2.Transport).DialTLSContext(context.Background(), "tcp", w.address, nil)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := new(http2.Transport).NewClientConn(raw)
		if err != nil {
			t.Fatal(err)
		}
		test.before(t, w, conn)
		_, err = do(conn, get(w))
		conn.Close()
		w.closing.Wait()
		w.end()
		if got := apierr.FailureOf(err); got != test.want || err == nil || err.Error() != test.text {
			t.Errorf("%v is %v, want %v with %q", err, got, test.want, test.text)
		}
		if got := int(w.received.Load()); got != test.received {
			t.Errorf("%s: the server has read %d requests, want %d", test.text, got, test.received)
		}
	}
}

// closed waits until the connection has noticed that it is.
func closed(t *testing.T, _ *world, conn *http2.ClientConn) {
	within(t, "the connection to be closed", func() {
		for !conn.State().Closed {
			time.Sleep(time.Millisecond)
		}
	})
}
