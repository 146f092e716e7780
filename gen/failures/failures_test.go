package failures

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

// keyHeader is the header with which the vendor of these tests lets any request
// be repeated. net/http does not know it.
const keyHeader = "Shop-Key"

func policy() apierr.Policy {
	return apierr.Policy{
		MaxRetries:  2,
		Backoff:     apierr.Curve{Base: time.Millisecond},
		Idempotency: keyHeader,
	}
}

func rows() []row {
	return slices.Concat(connectRows, tlsRows, http1Rows, http2Rows, xnet(http2Rows))
}

// TestFailures brings about every failure, once and for good, and looks at
// what the caller gets and at what the server has got.
func TestFailures(t *testing.T) {
	for _, r := range rows() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			t.Run("kind", r.kind)
			for _, q := range r.requests() {
				t.Run(q.name+", recovers", func(t *testing.T) { r.recovers(t, q) })
				if q.want.attempts == 2 || !q.want.ok {
					t.Run(q.name+", for good", func(t *testing.T) { r.persists(t, q) })
				}
			}
		})
	}
}

// A request is one of those whose fates a row tells.
type request struct {
	name string
	make func(*world) *http.Request
	want fate
	kind apierr.Failure
}

func (r *row) requests() []request {
	bare := request{name: "POST without a body", make: bare, want: r.post, kind: r.want}
	if r.bare != (fate{}) {
		bare.want, bare.kind = r.bare, apierr.FailureReset
	}
	return []request{
		{name: "GET", make: get, want: r.get, kind: r.want},
		{name: "POST", make: post, want: r.post, kind: r.want},
		bare,
		{name: "POST with a key", make: keyed, want: r.keyed, kind: r.want},
		{name: "POST declared idempotent", make: declared, want: r.keyed, kind: r.want},
	}
}

func get(w *world) *http.Request { return w.request(context.Background(), "GET", nil) }

func post(w *world) *http.Request {
	w.risky = true
	return w.request(context.Background(), "POST", strings.NewReader("order"))
}

func bare(w *world) *http.Request {
	w.risky = true
	return w.request(context.Background(), "POST", nil)
}

func keyed(w *world) *http.Request {
	req := w.request(context.Background(), "POST", strings.NewReader("order"))
	req.Header.Set(keyHeader, apierr.RandomKey())
	return req
}

func declared(w *world) *http.Request {
	return w.request(apierr.WithIdempotent(context.Background()), "POST", strings.NewReader("order"))
}

// unrepeatable is a request that nobody can send twice. Its body is in memory all
// the same, so that it is written in one piece: what fails then is the read of
// the answer, and not by chance the write.
func unrepeatable(w *world) *http.Request {
	req := post(w)
	req.GetBody = nil
	return req
}

func (w *world) request(ctx context.Context, method string, body io.Reader) *http.Request {
	req, err := http.NewRequestWithContext(ctx, method, w.row.address(w), body)
	if err != nil {
		w.t.Fatal(err)
	}
	return req
}

// warmed uses a connection, if the row wants one that was used.
func (w *world) warmed() {
	if !w.row.warm {
		return
	}
	if _, err := do(w.next, get(w)); err != nil {
		w.t.Fatal(err)
	}
	w.received.Store(0)
	select {
	case <-w.seen:
	default:
	}
}

// do sends a request and reads the response to its end.
func do(rt http.RoundTripper, req *http.Request) (status int, err error) {
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// A viaClient sends requests as an http.Client does.
type viaClient struct{ next http.RoundTripper }

func (v viaClient) RoundTrip(req *http.Request) (*http.Response, error) {
	return (&http.Client{Transport: v.next}).Do(req)
}

// kind has the failure come about without a policy, and asks FailureOf and
// Decide what they make of it.
func (r row) kind(t *testing.T) {
	atEnd := r
	if r.atEnd != apierr.FailureOther {
		atEnd.want = r.atEnd
	}
	r.kindThrough(t, func(next transport) http.RoundTripper { return next })
	atEnd.kindThrough(t, func(next transport) http.RoundTripper { return viaClient{next} })
}

func (r row) kindThrough(t *testing.T, wrap func(transport) http.RoundTripper) {
	// A POST goes without GetBody, as a Transport sends it.
	requests := map[*fate]func(*world) *http.Request{&r.post: unrepeatable}
	if r.get.attempts == 2 || !r.get.ok {
		requests[&r.get] = get
	}
	if r.keyed.attempts == 2 || !r.keyed.ok {
		requests[&r.keyed] = keyed
	}
	for want, newRequest := range requests {
		w := newWorld(t, &r, always)
		w.warmed()
		req := newRequest(w)
		status, err := do(wrap(w.next), req)
		w.end()
		r.judge(t, w, status, err)
		if err == nil || status != 0 {
			continue
		}
		a := apierr.AttemptOf(req)
		a.Err, a.BodySpent = err, false
		d := policy().Decide(t.Context(), a)
		if resend := d.Action == apierr.ActionRetry; resend != (want.attempts == 2) {
			t.Errorf("%s: %v is %v (%v)", req.Method, err, d.Action, d.Reason)
		}
	}
}

// judge looks at a request that has failed without being sent again.
func (r *row) judge(t *testing.T, w *world, status int, err error) {
	t.Helper()
	switch got := apierr.FailureOf(err); {
	case r.status != 0:
		if status != r.status {
			t.Errorf("status %d (%v), want %d", status, err, r.status)
		}
	case err == nil:
		t.Errorf("nothing failed, status %d", status)
	case got != r.want:
		t.Errorf("%v (%T) is %v, want %v", err, err, got, r.want)
	case got.NotSent() && w.acted() > 0:
		t.Errorf("%v: NotSent, and the server may have acted on it", err)
	}
}

// attempts sends a request through Policy.Transport.
func (w *world) attempts(req *http.Request) (status, attempts int, err error) {
	p := policy().Transport(bodies{w})
	p.OnAttempt = func(context.Context, apierr.Report) { attempts++ }
	status, err = do(p, req)
	return status, attempts, err
}

// bodies is the world's client, whose responses' bodies are counted.
type bodies struct{ w *world }

func (b bodies) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.w.next.RoundTrip(req)
	if err == nil {
		b.w.unclosed.Add(1)
		resp.Body = &body{ReadCloser: resp.Body, w: b.w}
	}
	return resp, err
}

type body struct {
	io.ReadCloser
	w    *world
	once sync.Once
}

func (b *body) Close() error {
	b.once.Do(func() { b.w.unclosed.Add(-1) })
	return b.ReadCloser.Close()
}

// recovers has the failure come about once.
func (r row) recovers(t *testing.T, q request) {
	r.want = q.kind
	w := newWorld(t, &r, 1)
	w.warmed()
	status, attempts, err := w.attempts(q.make(w))
	w.end()
	if ok := err == nil && status == http.StatusOK; ok != q.want.ok {
		t.Errorf("status %d, %v; want it to end well: %v", status, err, q.want.ok)
	}
	if !q.want.ok {
		r.judge(t, w, status, err)
	}
	if got := int(w.received.Load()); got != q.want.received || attempts != q.want.attempts {
		t.Errorf("the server has read %d requests in %d attempts, want %d in %d", got, attempts, q.want.received, q.want.attempts)
	}
}

// persists has the failure come about at every attempt.
func (r row) persists(t *testing.T, q request) {
	r.want = q.kind
	w := newWorld(t, &r, always)
	w.warmed()
	status, attempts, err := w.attempts(q.make(w))
	w.end()
	r.judgeStopped(t, status, err)
	received, all := q.want.received, 1
	if q.want.attempts == 2 {
		all = 1 + policy().MaxRetries
		received = all * (q.want.received - 1)
	}
	if r.warm {
		return // each new connection goes well until it is used again
	}
	var stop *apierr.StopError
	switch {
	case attempts != all || int(w.received.Load()) != received:
		t.Errorf("the server has read %d requests in %d attempts, want %d in %d", w.received.Load(), attempts, received, all)
	case q.want.attempts == 2 && (!errors.As(err, &stop) || stop.Decision.Reason != apierr.ReasonUsedUp):
		t.Errorf("%v, want the attempts to be used up", err)
	}
}

func (r *row) judgeStopped(t *testing.T, status int, err error) {
	t.Helper()
	if got := apierr.FailureOf(err); !r.warm && r.status == 0 && (err == nil || got != r.want) {
		t.Errorf("%v is %v, want %v", err, got, r.want)
	}
	if status != r.status && r.status != 0 {
		t.Errorf("status %d, want %d", status, r.status)
	}
}
