package apierr

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTransport(t *testing.T) {
	const s = time.Second
	const none = Reason(255) // no StopError
	rate := answered(429, "RATE", "")
	flaky := answered(500, "FLAKY", "")
	key := func(req *http.Request) { req.Header.Set("Idempotency-Key", "k") }
	spent := func(req *http.Request) { req.GetBody = nil }

	for _, test := range []struct {
		name    string
		method  string // GET
		body    string
		replies []reply
		set     func(*Transport)
		req     func(*http.Request)
		within  time.Duration // the caller's deadline
		times   []time.Duration
		status  int // 0: no response
		reason  Reason
		is      error // zero: a success
	}{
		{name: "a success", replies: []reply{fine}, times: []time.Duration{0}, status: 200},
		{name: "computed waits", replies: []reply{rate}, times: []time.Duration{0, 1 * s, 3 * s, 7 * s, 13 * s}, status: 429, reason: ReasonUsedUp, is: Throttled},
		{name: "success after waits", replies: []reply{rate, flaky, fine}, times: []time.Duration{0, 1 * s, 3 * s}, status: 200},
		{name: "no wait", replies: []reply{rate, fine}, set: func(t *Transport) { t.Policy.Backoff = Curve{Steps: []time.Duration{0}} }, times: []time.Duration{0, 0}, status: 200},
		{name: "the server's wait", replies: []reply{answered(429, "RATE", "7"), fine}, times: []time.Duration{0, 7 * s}, status: 200},
		{name: "jitter", replies: []reply{answered(429, "RATE", "10"), fine}, set: func(t *Transport) { t.Policy.Rand = fullJitter }, times: []time.Duration{0, 11 * s}, status: 200},
		{name: "no retries", replies: []reply{rate}, set: func(t *Transport) { t.Policy.MaxRetries = 0 }, times: []time.Duration{0}, status: 429, reason: ReasonUsedUp, is: Throttled},

		{name: "a response that names no request", replies: []reply{unnamed(answered(429, "RATE", "61"))}, times: []time.Duration{0}, status: 429, reason: ReasonTooLong, is: Throttled},
		{name: "longer than MaxWait", replies: []reply{answered(429, "RATE", "61")}, times: []time.Duration{0}, status: 429, reason: ReasonTooLong, is: Throttled},
		{name: "past the deadline", replies: []reply{answered(429, "RATE", "7")}, within: 5 * s, times: []time.Duration{0}, status: 429, reason: ReasonDeadline, is: context.DeadlineExceeded},
		{name: "past the deadline, later", replies: []reply{flaky}, within: 5 * s, times: []time.Duration{0, 1 * s, 3 * s}, status: 500, reason: ReasonDeadline, is: Transient},

		{name: "never", replies: []reply{answered(400, "BAD", "")}, times: []time.Duration{0}, status: 400, reason: none, is: Invalid},
		{name: "reconcile", replies: []reply{answered(409, "DUP", "")}, times: []time.Duration{0}, status: 409, reason: ReasonReconcile, is: Conflict},
		{name: "wait for the reset", replies: []reply{answered(429, "DAILY", "30")}, times: []time.Duration{0}, status: 429, reason: ReasonReset, is: Quota},
		{name: "refresh without a Refresh", replies: []reply{answered(401, "STALE", "")}, times: []time.Duration{0}, status: 401, reason: none, is: Unauthenticated},

		{name: "POST, refused", method: "POST", body: "x", replies: []reply{rate, fine}, times: []time.Duration{0, 1 * s}, status: 200},
		{name: "POST, may have acted", method: "POST", body: "x", replies: []reply{flaky}, times: []time.Duration{0}, status: 500, reason: ReasonMayHaveActed, is: Transient},
		{name: "POST, with the vendor's key", method: "POST", body: "x", replies: []reply{flaky, fine}, req: key, times: []time.Duration{0, 1 * s}, status: 200},
		{name: "POST, with a new key", method: "POST", body: "x", replies: []reply{flaky, fine}, set: func(t *Transport) { t.NewKey = RandomKey }, times: []time.Duration{0, 1 * s}, status: 200},
		{name: "POST, the vendor has no key", method: "POST", body: "x", replies: []reply{flaky}, set: func(t *Transport) { t.NewKey, t.Policy.Idempotency = RandomKey, "" }, times: []time.Duration{0}, status: 500, reason: ReasonMayHaveActed, is: Transient},
		{name: "POST, an empty new key", method: "POST", body: "x", replies: []reply{flaky}, set: func(t *Transport) { t.NewKey = func() string { return "" } }, times: []time.Duration{0}, status: 500, reason: ReasonMayHaveActed, is: Transient},
		{name: "POST, declared idempotent", method: "POST", body: "x", replies: []reply{flaky, fine}, req: func(req *http.Request) { *req = *req.WithContext(WithIdempotent(req.Context())) }, times: []time.Duration{0, 1 * s}, status: 200},
		{name: "POST, cut off", method: "POST", body: "x", replies: []reply{failed(io.ErrUnexpectedEOF)}, times: []time.Duration{0}, reason: ReasonMayHaveActed, is: io.ErrUnexpectedEOF},
		{name: "POST, not connected", method: "POST", body: "x", replies: []reply{failed(errRefused), fine}, times: []time.Duration{0, 1 * s}, status: 200},
		{name: "PUT, body spent", method: "PUT", body: "x", replies: []reply{rate}, req: spent, times: []time.Duration{0}, status: 429, reason: ReasonBodySpent, is: Throttled},
		{name: "PUT, no body to send again", method: "PUT", replies: []reply{rate, fine}, req: func(req *http.Request) { req.Body = http.NoBody }, times: []time.Duration{0, 1 * s}, status: 200},

		{name: "GET, cut off", replies: []reply{failed(errEOF), fine}, times: []time.Duration{0, 1 * s}, status: 200},
		{name: "a response, then none", replies: []reply{rate, failed(errEOF)}, times: []time.Duration{0, 1 * s, 3 * s, 7 * s, 13 * s}, reason: ReasonUsedUp, is: io.EOF},
		{name: "none, then a response", replies: []reply{failed(errEOF), answered(400, "BAD", "")}, times: []time.Duration{0, 1 * s}, status: 400, reason: none, is: Invalid},
		{name: "certificate", replies: []reply{failed(errCert)}, times: []time.Duration{0}, reason: none, is: errCert},
		{name: "neither response nor error", replies: []reply{failed(nil)}, times: []time.Duration{0}, reason: none, is: errNoResponse},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, u *upstream) {
				ctx := t.Context()
				if test.within > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.within)
					defer cancel()
				}
				tr := u.transport(test.replies...)
				if test.set != nil {
					test.set(tr)
				}
				req := u.request(ctx, test.method, test.body)
				if test.req != nil {
					test.req(req)
				}
				header := req.Header.Clone()
				got := trip(t, tr, req)
				if !slices.Equal(u.times(), test.times) {
					t.Errorf("sent at %v, want %v", u.times(), test.times)
				}
				if last := test.times[len(test.times)-1]; got.took != last {
					t.Errorf("took %v, want %v", got.took, last)
				}
				if got.status != test.status || !errors.Is(got.err, test.is) {
					t.Errorf("status %d and error %v, want %d and %v", got.status, got.err, test.status, test.is)
				}
				if got.status > 200 && !strings.Contains(got.body, "code") {
					t.Errorf("the body is %q", got.body)
				}
				reason := none
				var stop *StopError
				if errors.As(got.err, &stop) {
					reason = stop.Decision.Reason
				}
				if test.is != nil && reason != test.reason {
					t.Errorf("reason %v, want %v: %v", reason, test.reason, got.err)
				}
				for i, s := range u.sent {
					if s.body != test.body {
						t.Errorf("attempt %d had the body %q", i+1, s.body)
					}
				}
				if len(header) != len(req.Header) {
					t.Errorf("the request's header became %v", req.Header)
				}
			})
		})
	}
}

func TestTransportTellsWhen(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		got := trip(t, u.transport(answered(429, "DAILY", "3600")), u.request(t.Context(), "POST", "x"))
		var stop *StopError
		if !errors.As(got.err, &stop) || !stop.Decision.Until.Equal(u.start.Add(time.Hour)) {
			t.Errorf("a limit that is lifted in an hour: %v", got.err)
		}
		got = trip(t, u.transport(answered(409, "DUP", "")), u.request(t.Context(), "POST", "x"))
		if !errors.As(got.err, &stop) || stop.Decision.Action != ActionReconcile {
			t.Errorf("a conflict: %v", got.err)
		}
	})
}

func TestZeroTransport(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		u.replies = []reply{answered(503, "", "1")}
		got := trip(t, &Transport{Next: u}, u.request(t.Context(), "GET", ""))
		if len(u.sent) != 1 || got.status != 503 || !errors.Is(got.err, Transient) {
			t.Errorf("%d attempts, %v", len(u.sent), got.err)
		}
		u.sent = nil
		trip(t, &Transport{Next: u, Policy: Policy{MaxRetries: 1, Rand: noJitter}}, u.request(t.Context(), "GET", ""))
		if len(u.sent) != 2 {
			t.Errorf("a policy without a catalog made %d attempts", len(u.sent))
		}
	})
	if (&Transport{}).next() != http.DefaultTransport {
		t.Error("the Next of the zero Transport is not http.DefaultTransport")
	}
}

// A wrapper of a Transport may replace the body, and often does.
type wrapper struct{ next http.RoundTripper }

func (w wrapper) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := w.next.RoundTrip(req.Clone(req.Context()))
	if resp != nil {
		resp.Body = struct{ io.ReadCloser }{resp.Body}
	}
	return resp, err
}

func TestCheckTellsWhatTheTransportKept(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		tr := u.transport(answered(429, "RATE", "61"))
		resp, err := wrapper{tr}.RoundTrip(u.request(t.Context(), "GET", ""))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var stop *StopError
		for range 2 {
			if err := shop.Check(resp); !errors.As(err, &stop) || stop.Decision.Reason != ReasonTooLong {
				t.Errorf("through a wrapper: %v", err)
			}
		}
		if err := (&Catalog{Vendor: "other"}).Check(resp); !errors.Is(err, Throttled) || errors.As(err, new(*StopError)) {
			t.Errorf("another catalog: %v", err)
		}
		other, _ := answered(400, "BAD", "")(u, u.request(resp.Request.Context(), "GET", ""))
		defer other.Body.Close()
		if err := shop.Check(other); !errors.Is(err, Invalid) {
			t.Errorf("another request with the context of the first: %v", err)
		}
		copied := *resp
		if err := shop.Check(&copied); errors.As(err, new(*StopError)) || !errors.Is(err, Throttled) {
			t.Errorf("a copy of the response: %v", err)
		}
	})
}

// What must not be repeated blindly, the inner one leaves to the outer.
func TestTransportInATransport(t *testing.T) {
	for method, attempts := range map[string]int{"PUT": 4, "POST": 2} {
		inBubble(t, func(t *testing.T, u *upstream) {
			inner := u.transport(answered(429, "RATE", ""))
			inner.Policy.MaxRetries = 1
			outer := inner.Policy.Transport(inner)
			got := trip(t, outer, u.request(t.Context(), method, "x"))
			var stop *StopError
			if !errors.As(got.err, &stop) || stop.Decision.Reason != ReasonUsedUp || len(u.sent) != attempts || got.body == "" {
				t.Errorf("%s: %d attempts, body %q: %v", method, len(u.sent), got.body, got.err)
			}
		})
	}
}

func TestTransportCancelled(t *testing.T) {
	for _, test := range []struct {
		name    string
		replies []reply
		set     func(*Transport)
		status  int
	}{
		{name: "in a wait", replies: []reply{answered(429, "RATE", "10")}, status: 429},
		{name: "in the wait after no response", replies: []reply{failed(errEOF)}},
		{name: "in an attempt", replies: []reply{silent}},
		{name: "in the second attempt", replies: []reply{answered(429, "RATE", ""), silent}},
		{name: "in a bounded attempt", replies: []reply{silent}, set: func(t *Transport) { t.AttemptTimeout = time.Minute }},
		{name: "in Refresh", replies: []reply{answered(401, "STALE", "")}, status: 401, set: func(t *Transport) {
			t.Refresh = func(ctx context.Context, _ *Error) error { return sleep(ctx, time.Minute) }
		}},
		{name: "in the second Authorize", replies: []reply{answered(429, "RATE", "")}, status: 429, set: func(t *Transport) {
			first := true
			t.Authorize = func(req *http.Request) error {
				if first {
					first = false
					return nil
				}
				return sleep(req.Context(), time.Minute)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, cancelled := range []bool{true, false} {
				inBubble(t, func(t *testing.T, u *upstream) {
					tr := u.transport(test.replies...)
					tr.Policy.Backoff = Curve{Base: 1900 * time.Millisecond}
					if test.set != nil {
						test.set(tr)
					}
					// The deadline is one that the policy cannot see, or it would stop at once.
					ctx, cancel := context.WithCancel(t.Context())
					want, reason := context.Canceled, ReasonCanceled
					if cancelled {
						time.AfterFunc(2*time.Second, cancel)
					} else {
						ctx, cancel = context.WithTimeout(t.Context(), 2*time.Second)
						ctx = hidden{ctx}
						want, reason = context.DeadlineExceeded, ReasonExpired
					}
					defer cancel()
					if test.name == "in the wait after no response" {
						tr.Policy.Backoff.Base = time.Minute
					}
					got := trip(t, tr, u.request(ctx, "GET", ""))
					var stop *StopError
					if !errors.As(got.err, &stop) || stop.Decision.Reason != reason || !errors.Is(got.err, want) {
						t.Errorf("the error is %v", got.err)
					}
					if last := u.times()[len(u.sent)-1]; last >= 2*time.Second {
						t.Errorf("still sent at %v", last)
					}
					time.Sleep(time.Minute) // for the Refresh, which outlasts its caller
					if got.took != 2*time.Second || got.status != test.status || (got.body == "") != (test.status == 0) {
						t.Errorf("after %v with status %d and body %q", got.took, got.status, got.body)
					}
				})
			}
		})
	}
}

// hidden is a context that does not tell its deadline.
type hidden struct{ context.Context }

func (hidden) Deadline() (time.Time, bool) { return time.Time{}, false }

func TestTransportGetsBodies(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		tr := u.transport(answered(429, "RATE", ""))
		req := u.request(t.Context(), "POST", "hello")
		get, gets := req.GetBody, 0
		boom := errors.New("boom")
		req.GetBody = func() (io.ReadCloser, error) {
			if gets++; gets == 3 {
				return nil, boom
			}
			return get()
		}
		got := trip(t, tr, req)
		var stop *StopError
		if !errors.As(got.err, &stop) || stop.Decision.Reason != ReasonUnprepared || stop.Also != boom ||
			!errors.Is(got.err, Throttled) || got.status != 429 || got.body == "" {
			t.Errorf("GetBody failed: status %d, body %q, %v", got.status, got.body, got.err)
		}
		if gets != 3 || len(u.sent) != 3 {
			t.Errorf("%d bodies for %d attempts", gets, len(u.sent))
		}
	})
}

// idle is a RoundTripper with idle connections.
type idle struct {
	http.RoundTripper
	closed int
}

func (i *idle) CloseIdleConnections() { i.closed++ }

func TestTransportClosesIdleConnections(t *testing.T) {
	next := &idle{RoundTripper: http.DefaultTransport}
	(&http.Client{Transport: shop.Policy().Transport(next)}).CloseIdleConnections()
	shop.Policy().Transport(wrapper{}).CloseIdleConnections() // has none
	if next.closed != 1 {
		t.Errorf("passed on %d times", next.closed)
	}
}
