package failures

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"

	"github.com/errgen/errgen/templates/apierr"
)

// TestIdleConnectionEnded has the server end a connection that the client has
// just picked for its next request. Nothing of the request is sent, so that any
// that can be sent again is: by net/http itself or, when it says that the
// server closed an idle connection, by the policy. Which of the two is chance.
func TestIdleConnectionEnded(t *testing.T) {
	for _, last := range []string{
		"",
		"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
	} {
		for _, test := range []struct {
			name string
			make func(*world) *http.Request
			ok   bool
		}{
			{"GET", get, true},
			{"POST", post, true},
			{"POST with a key", keyed, true},
			{"POST that nobody can repeat", unrepeatable, false},
		} {
			picked := make(chan struct{})
			w := newWorld(t, &row{warm: true, fail: second(func(w *world, conn net.Conn) {
				<-picked
				io.WriteString(conn, last)
				w.finish(conn)
			})}, 1)
			w.warmed()
			req := onceConnected(test.make(w), func(conn *counted) {
				close(picked)
				await(t, "the client to close its end", conn.closed)
			})
			status, attempts, err := w.attempts(req)
			w.end()
			received := 0
			if test.ok {
				received = 1
			}
			if got := int(w.received.Load()); (status == http.StatusOK) != test.ok || got != received || attempts > 1+received {
				t.Errorf("%s: status %d, %v: the server has read %d requests in %d attempts", test.name, status, err, got, attempts)
			}
			if got := apierr.FailureOf(err); !test.ok && got != apierr.FailureUnreachable && got != apierr.FailureReset {
				t.Errorf("%s: %v is %v", test.name, err, got)
			}
		}
	}
}

// onceConnected calls f between the request's getting its first connection and
// being written.
func onceConnected(req *http.Request, f func(*counted)) *http.Request {
	var once sync.Once
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		once.Do(func() { f(info.Conn.(*counted)) })
	}}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
}

// TestNewConnectionEnded has the server end a connection before the request is
// written, in silence or with a word of its own. What net/http says of it is
// chance again, but what it calls unsent was not sent.
func TestNewConnectionEnded(t *testing.T) {
	for _, word := range []string{"", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "SSH-2.0-shop\r\n"} {
		for _, newRequest := range []func(*world) *http.Request{get, post, keyed} {
			w := newWorld(t, &row{fail: func(w *world, conn net.Conn) {
				io.WriteString(conn, word)
				w.finish(conn)
			}}, 1)
			req := onceConnected(newRequest(w), func(conn *counted) { await(t, "the client to close its end", conn.closed) })
			status, attempts, err := w.attempts(req)
			w.end()
			if ok := err == nil && status == http.StatusOK; ok != (attempts == 2) || int(w.received.Load()) != attempts-1 {
				t.Errorf("%s, %q: status %d, %v: the server has read %d requests in %d attempts", req.Method, word, status, err, w.received.Load(), attempts)
			}
		}
	}
}

// TestStandardKey has a POST whose key is in the header of the Internet draft,
// which this vendor does not know, meet the end of a used connection. net/http
// would resend it, with a body and without.
func TestStandardKey(t *testing.T) {
	for _, test := range []struct {
		make    func(*world) *http.Request
		key     []string
		failure apierr.Failure
	}{
		{post, []string{apierr.RandomKey()}, apierr.FailureEOF},
		{bare, []string{apierr.RandomKey()}, apierr.FailureReset},
		{bare, nil, apierr.FailureReset}, // there all the same, but not sent
	} {
		w := newWorld(t, &row{warm: true, fail: second(end(""))}, 1)
		w.warmed()
		req := test.make(w)
		req.Header["Idempotency-Key"] = test.key
		status, attempts, err := w.attempts(req)
		w.end()
		if got := int(w.received.Load()); attempts != 1 || got != 1 || apierr.FailureOf(err) != test.failure {
			t.Errorf("status %d, %v: the server has read %d requests in %d attempts, want 1 in 1", status, err, got, attempts)
		}
	}
}

// TestLateKey has the key of [TestStandardKey] come with the credentials, or from
// what is beneath the Transport.
func TestLateKey(t *testing.T) {
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		for _, beneath := range []bool{false, true} {
			w := newWorld(t, &row{warm: true, fail: second(end(""))}, 1)
			w.warmed()
			p := policy().Transport(bodies{w})
			if beneath {
				p.Next = setting{bodies{w}, name}
			} else {
				p.Authorize = func(req *http.Request) error {
					req.Header.Set(name, "k")
					return nil
				}
			}
			status, err := do(p, bare(w))
			w.end()
			if got := w.received.Load(); got != 1 || apierr.FailureOf(err) != apierr.FailureReset {
				t.Errorf("%s, beneath %v: status %d, %v: the server has read %d requests, want 1", name, beneath, status, err, got)
			}
		}
	}
}

// setting sets a header of every request.
type setting struct {
	next http.RoundTripper
	name string
}

func (s setting) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set(s.name, "k")
	return s.next.RoundTrip(req)
}

// TestNewKey shows that one key goes with all attempts of a call.
func TestNewKey(t *testing.T) {
	keys := make(chan string, 3)
	r := &row{serve: func(w *world, conn net.Conn) {
		req := w.receive(bufio.NewReader(conn))
		keys <- req.Header.Get(keyHeader)
		if w.received.Load() > 1 {
			io.WriteString(conn, fine)
		}
		w.finish(conn)
	}}
	w := newWorld(t, r, 0)
	p := policy().Transport(w.next)
	p.NewKey = apierr.RandomKey
	req := post(w)
	w.risky = false // with its key
	status, err := do(p, req)
	w.end()
	if first, again := <-keys, <-keys; status != http.StatusOK || first == "" || first != again {
		t.Errorf("status %d, %v: sent with the keys %q and %q", status, err, first, again)
	}
}

// TestEarlyAnswer has the server answer a request of which it reads only the
// header, and which is too long to be written otherwise.
func TestEarlyAnswer(t *testing.T) {
	for _, test := range []struct {
		status, name       string
		ctx                context.Context
		received, attempts int
		want               int
	}{
		{"413 Content Too Large", "POST", context.Background(), 0, 1, http.StatusRequestEntityTooLarge},
		{"503 Service Unavailable", "POST", context.Background(), 0, 1, http.StatusServiceUnavailable},
		{"503 Service Unavailable", "POST, idempotent", apierr.WithIdempotent(context.Background()), 1, 2, http.StatusOK},
	} {
		r := &row{fail: func(w *world, conn net.Conn) {
			http.ReadRequest(bufio.NewReader(conn))
			io.WriteString(conn, "HTTP/1.1 "+test.status+"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			w.hold(conn)
		}}
		w := newWorld(t, r, 1)
		req := w.request(test.ctx, "POST", strings.NewReader(strings.Repeat("order", 4<<20)))
		status, attempts, err := w.attempts(req)
		w.end()
		if got := int(w.received.Load()); status != test.want || attempts != test.attempts || got != test.received {
			t.Errorf("%s, %s: status %d, %v: the server has read %d requests in %d attempts, want %d in %d",
				test.name, test.status, status, err, got, attempts, test.received, test.attempts)
		}
	}
}
