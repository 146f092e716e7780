package failures

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

// A timeRow is a row whose failure is that time runs out. Its time is that of
// a synctest bubble, which passes when nobody has anything else to do.
type timeRow struct {
	row
	attempt time.Duration // AttemptTimeout
	client  time.Duration // of http.Client
	caller  time.Duration // deadline of the request's context
}

var timeRows = []timeRow{
	{row: row{name: "ResponseHeaderTimeout", client: headerTimeout, fail: holdRead, want: apierr.FailureTimeout, get: again(2), post: once(1), keyed: again(2)}},
	{row: row{name: "TLSHandshakeTimeout", url: "https:", client: handshakeTimeout, fail: holdUnread, fine: overTLS(nil, well), want: apierr.FailureConnectTimeout, get: again(1), post: again(1), keyed: again(1)}},

	{row: row{name: "AttemptTimeout", fail: holdRead, want: apierr.FailureTimeout, get: again(2), post: once(1), keyed: again(2)}, attempt: time.Second},
	{row: row{name: "AttemptTimeout, dialing", dial: dialWait, want: apierr.FailureConnectTimeout, get: again(1), post: again(1), keyed: again(1)}, attempt: time.Second},
	{row: row{name: "AttemptTimeout in the handshake", url: "https:", fail: holdUnread, fine: overTLS(nil, well), want: apierr.FailureConnectTimeout, get: again(1), post: again(1), keyed: again(1)}, attempt: time.Second},
	{row: row{name: "AttemptTimeout at a proxy", url: "https:", client: proxied("http"), fail: holdUnread, fine: tunnel, want: apierr.FailureConnectTimeout, get: again(1), post: again(1), keyed: again(1)}, attempt: time.Second},
	{row: row{name: "AttemptTimeout within Client.Timeout", fail: holdRead, want: apierr.FailureTimeout, get: again(2), post: once(1), keyed: again(2)}, attempt: time.Second, client: 10 * time.Second},

	{row: row{name: "Client.Timeout", fail: holdRead, want: apierr.FailureTimeout, get: once(1), post: once(1), keyed: once(1)}, client: time.Second},
	{row: row{name: "Client.Timeout, dialing", dial: dialWait, want: apierr.FailureTimeout, get: once(0), post: once(0), keyed: once(0)}, client: time.Second},
	{row: row{name: "Client.Timeout in the body", fail: holdInBody, want: apierr.FailureTimeout, get: once(1), post: once(1), keyed: once(1)}, client: time.Second},
	{row: row{name: "Client.Timeout within AttemptTimeout", fail: holdRead, want: apierr.FailureTimeout, get: once(1), post: once(1), keyed: once(1)}, attempt: 10 * time.Second, client: time.Second},

	{row: row{name: "caller's deadline", fail: holdRead, want: apierr.FailureTimeout, get: once(1), post: once(1), keyed: once(1)}, caller: time.Second},
	{row: row{name: "caller's deadline, dialing", dial: dialWait, want: apierr.FailureTimeout, get: once(0), post: once(0), keyed: once(0)}, caller: time.Second},
	{row: row{name: "caller's deadline in the body", fail: holdInBody, want: apierr.FailureTimeout, get: once(1), post: once(1), keyed: once(1)}, caller: time.Second},
	{row: row{name: "caller's deadline within AttemptTimeout", fail: holdRead, want: apierr.FailureTimeout, get: once(1), post: once(1), keyed: once(1)}, attempt: 10 * time.Second, caller: time.Second},
}

// TestTimeouts tells the ends of time apart: of a part of an attempt, of an
// attempt, and of the whole call.
func TestTimeouts(t *testing.T) {
	for _, r := range timeRows {
		r.piped = true
		for _, q := range r.requests() {
			t.Run(r.name+"/"+q.name+", recovers", func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { r.once(t, q.make, q.want) })
			})
			t.Run(r.name+"/"+q.name+", for good", func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { r.forGood(t, q.make, q.want) })
			})
		}
	}
}

// once has time run out once.
func (r *timeRow) once(t *testing.T, newRequest func(*world) *http.Request, want fate) {
	w := newWorld(t, &r.row, 1)
	status, attempts, err := r.call(w, newRequest(w))
	if ok := err == nil && status == http.StatusOK; ok != want.ok {
		t.Errorf("status %d, %v; want it to end well: %v", status, err, want.ok)
	}
	if got := int(w.received.Load()); got != want.received || attempts != want.attempts {
		t.Errorf("the server has read %d requests in %d attempts, want %d in %d", got, attempts, want.received, want.attempts)
	}
}

// forGood has time run out always.
func (r *timeRow) forGood(t *testing.T, newRequest func(*world) *http.Request, want fate) {
	w := newWorld(t, &r.row, always)
	_, attempts, err := r.call(w, newRequest(w))
	all := 1
	if want.attempts == 2 {
		all = 1 + policy().MaxRetries
	}
	if got := apierr.FailureOf(err); got != r.want || attempts != all {
		t.Errorf("%v is %v after %d attempts, want %v after %d", err, got, attempts, r.want, all)
	}
	if r.want.NotSent() && w.acted() > 0 {
		t.Errorf("%v: NotSent, and the server may have acted on it", err)
	}
}

// call sends a request with all the limits of the row.
func (r *timeRow) call(w *world, req *http.Request) (status, attempts int, err error) {
	if r.caller > 0 {
		ctx, cancel := context.WithTimeout(req.Context(), r.caller)
		defer cancel()
		req = req.WithContext(ctx)
	}
	var sent []*http.Request
	p := policy().Transport(bodies{w})
	p.AttemptTimeout = r.attempt
	p.OnAttempt = func(_ context.Context, report apierr.Report) { sent = append(sent, report.Request) }
	status, err = do(clientOf{&http.Client{Transport: p, Timeout: r.client}}, req)
	w.end()
	for _, out := range sent {
		if r.attempt > 0 && out.Context().Err() == nil {
			w.t.Error("the clock of an attempt that is over goes on")
		}
	}
	return status, len(sent), err
}

// A clientOf sends requests as the client does.
type clientOf struct{ *http.Client }

func (c clientOf) RoundTrip(req *http.Request) (*http.Response, error) { return c.Do(req) }

func headerTimeout(_ *world, t *http.Transport)    { t.ResponseHeaderTimeout = time.Second }
func handshakeTimeout(_ *world, t *http.Transport) { t.TLSHandshakeTimeout = time.Second }

// dialWait dials in vain.
func dialWait(_ *world, ctx context.Context, network, _ string) (net.Conn, error) {
	<-ctx.Done()
	return nil, &net.OpError{Op: "dial", Net: network, Err: ctx.Err()}
}

// holdUnread answers nothing, whatever it is told.
func holdUnread(w *world, conn net.Conn) { w.hold(conn) }

// holdRead reads a request and does not answer it.
func holdRead(w *world, conn net.Conn) {
	w.receive(bufio.NewReader(conn))
	w.hold(conn)
}

// holdInBody stops within an answer.
func holdInBody(w *world, conn net.Conn) {
	w.receive(bufio.NewReader(conn))
	io.WriteString(conn, half)
	w.hold(conn)
}

// TestSlowBody has a success take longer than an attempt may: only its header
// is bounded.
func TestSlowBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &row{piped: true, serve: func(w *world, conn net.Conn) {
			w.receive(bufio.NewReader(conn))
			io.WriteString(conn, half)
			time.Sleep(10 * time.Second)
			conn.Write(make([]byte, 96))
			w.hold(conn)
		}}, 0)
		p := policy().Transport(w.next)
		p.AttemptTimeout = time.Second
		status, err := do(p, get(w))
		w.end()
		if status != http.StatusOK || err != nil {
			t.Errorf("status %d, %v", status, err)
		}
	})
}

// TestNoTimeToWait has the wait before the next attempt pass the caller's
// deadline: the call ends at once, with both errors.
func TestNoTimeToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &row{piped: true, fail: func(w *world, conn net.Conn) { w.receive(bufio.NewReader(conn)) }}, always)
		p := policy().Transport(w.next)
		p.Policy.Backoff.Base = 10 * time.Second
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		_, err := do(p, get(w).WithContext(ctx))
		w.end()
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, io.EOF) || !time.Now().Equal(began) {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

// TestErrorBodyTimeout has the body of an error stop: the status counts.
func TestErrorBodyTimeout(t *testing.T) {
	for _, test := range []struct {
		make func(*world) *http.Request
		want fate
		code int
	}{{get, again(2), 200}, {post, once(1), 503}, {keyed, again(2), 200}} {
		synctest.Test(t, func(t *testing.T) {
			r := &timeRow{row: row{piped: true, fail: func(w *world, conn net.Conn) {
				w.receive(bufio.NewReader(conn))
				io.WriteString(conn, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 100\r\n\r\nhalf")
				w.hold(conn)
			}}, attempt: time.Second}
			w := newWorld(t, &r.row, 1)
			status, attempts, err := r.call(w, test.make(w))
			if status != test.code || attempts != test.want.attempts || int(w.received.Load()) != test.want.received {
				t.Errorf("status %d, %v: the server has read %d requests in %d attempts", status, err, w.received.Load(), attempts)
			}
			if got := apierr.FailureOf(err); test.code != 200 && got != apierr.FailureTimeout {
				t.Errorf("reading the body: %v is %v", err, got)
			}
		})
	}
}
