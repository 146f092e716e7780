package failures

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
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
			for _, k := range []struct {
				kind string
				make func(*world) *http.Request
				want fate
			}{
				{"GET", get, r.get},
				{"POST", post, r.post},
				{"POST with a key", keyed, r.keyed},
				{"POST declared idempotent", declared, r.keyed},
			} {
				t.Run(k.kind+", recovers", func(t *testing.T) { r.recovers(t, k.make, k.want) })
				if k.want.attempts == 2 || !k.want.ok {
					t.Run(k.kind+", for good", func(t *testing.T) { r.persists(t, k.make, k.want) })
				}
			}
		})
	}
}

// get, post, keyed and declared make the requests whose fates a row tells.
func get(w *world) *http.Request { return w.request(context.Background(), "GET", nil) }

func post(w *world) *http.Request {
	return w.request(context.Background(), "POST", strings.NewReader("order"))
}

func keyed(w *world) *http.Request {
	req := post(w)
	req.Header.Set(keyHeader, apierr.RandomKey())
	return req
}

func declared(w *world) *http.Request {
	return w.request(apierr.WithIdempotent(context.Background()), "POST", strings.NewReader("order"))
}

// unrepeatable is a request that nobody can send twice.
func unrepeatable(w *world) *http.Request {
	return w.request(context.Background(), "POST", struct{ io.Reader }{strings.NewReader("order")})
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
	requests := map[*fate]func(*world) *http.Request{nil: unrepeatable}
	if r.get.attempts == 2 || !r.get.ok {
		requests[&r.get] = get
	}
	if r.post.attempts == 2 || !r.post.ok {
		requests[&r.post] = post
		requests[&r.keyed] = keyed
	}
	for want, newRequest := range requests {
		w := newWorld(t, &r, always)
		w.warmed()
		req := newRequest(w)
		status, err := do(wrap(w.next), req)
		w.end()
		r.judge(t, w, status, err)
		if err == nil || want == nil || status != 0 {
			continue
		}
		a := apierr.AttemptOf(req)
		a.Err, a.Idempotent = err, false
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
	p := policy().Transport(w.next)
	p.OnAttempt = func(context.Context, apierr.Report) { attempts++ }
	status, err = do(p, req)
	return status, attempts, err
}

// recovers has the failure come about once.
func (r row) recovers(t *testing.T, newRequest func(*world) *http.Request, want fate) {
	w := newWorld(t, &r, 1)
	w.warmed()
	status, attempts, err := w.attempts(newRequest(w))
	w.end()
	if ok := err == nil && status == http.StatusOK; ok != want.ok {
		t.Errorf("status %d, %v; want it to end well: %v", status, err, want.ok)
	}
	if !want.ok {
		r.judge(t, w, status, err)
	}
	if got := int(w.received.Load()); got != want.received || attempts != want.attempts {
		t.Errorf("the server has read %d requests in %d attempts, want %d in %d", got, attempts, want.received, want.attempts)
	}
	if want == r.post && !r.resendsBlindly() && w.acted() > 1 {
		t.Errorf("the server may have acted %d times on a request that must not be repeated", w.acted())
	}
}

// resendsBlindly reports whether it is net/http that repeats requests which
// the server may have acted on.
func (r *row) resendsBlindly() bool {
	return r.post == resent(2) && strings.Contains(r.name, "PROTOCOL_ERROR")
}

// persists has the failure come about at every attempt.
func (r row) persists(t *testing.T, newRequest func(*world) *http.Request, want fate) {
	w := newWorld(t, &r, always)
	w.warmed()
	status, attempts, err := w.attempts(newRequest(w))
	w.end()
	r.judgeStopped(t, status, err)
	received, all := want.received, 1
	if want.attempts == 2 {
		all = 1 + policy().MaxRetries
		received = all * (want.received - 1)
	}
	if r.warm {
		return // each new connection goes well until it is used again
	}
	var stop *apierr.StopError
	switch {
	case attempts != all || int(w.received.Load()) != received:
		t.Errorf("the server has read %d requests in %d attempts, want %d in %d", w.received.Load(), attempts, received, all)
	case want.attempts == 2 && (!errors.As(err, &stop) || stop.Decision.Reason != apierr.ReasonUsedUp):
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
