package apierr

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"testing"
	"time"
)

// traced is a reply that tells, as net/http does, how far it has come.
func traced(r reply, connected bool) reply {
	return func(u *upstream, req *http.Request) (*http.Response, error) {
		trace := httptrace.ContextClientTrace(req.Context())
		trace.GetConn("shop.example:443")
		if connected {
			trace.GotConn(httptrace.GotConnInfo{})
		}
		return r(u, req)
	}
}

// slow is a body that ends after some time, or with the request.
type slow struct {
	ctx  context.Context
	wait time.Duration
	text io.Reader
}

func (s *slow) Read(p []byte) (int, error) {
	if n, _ := s.text.Read(p); n > 0 {
		return n, nil
	}
	if err := sleep(s.ctx, s.wait); err != nil {
		return 0, err
	}
	return 0, io.EOF
}

// slowly is a reply whose body takes its time.
func slowly(r reply, wait time.Duration, text string) reply {
	return func(u *upstream, req *http.Request) (*http.Response, error) {
		resp, err := r(u, req)
		resp.ContentLength = -1
		resp.Body.(*body).Reader = &slow{req.Context(), wait, strings.NewReader(text)}
		return resp, err
	}
}

func TestAttemptTimeout(t *testing.T) {
	const s = time.Second
	rate := answered(429, "RATE", "")
	for _, test := range []struct {
		name    string
		method  string
		replies []reply
		times   []time.Duration
		status  int
		failure Failure
		reason  Reason
	}{
		{name: "in time", method: "POST", replies: []reply{reply(fine).late(4 * s)}, times: []time.Duration{0}, status: 200},
		{name: "no header, GET", method: "GET", replies: []reply{silent, fine}, times: []time.Duration{0, 6 * s}, status: 200},
		{name: "no header, POST", method: "POST", replies: []reply{silent}, times: []time.Duration{0}, failure: FailureTimeout, reason: ReasonMayHaveActed},
		{name: "connected, POST", method: "POST", replies: []reply{traced(silent, true)}, times: []time.Duration{0}, failure: FailureTimeout, reason: ReasonMayHaveActed},
		{name: "not connected, POST", method: "POST", replies: []reply{traced(silent, false), fine}, times: []time.Duration{0, 6 * s}, status: 200},
		{name: "never connected", method: "POST", replies: []reply{traced(silent, false)}, times: []time.Duration{0, 6 * s, 13 * s, 22 * s, 33 * s}, failure: FailureConnectTimeout, reason: ReasonUsedUp},
		{name: "the whole error in time", method: "POST", replies: []reply{slowly(rate, 4*s, `{"code":"RATE"}`), fine}, times: []time.Duration{0, 5 * s}, status: 200},
		{name: "half an error in time", method: "POST", replies: []reply{slowly(rate, 6*s, `{"code":"RATE"`), fine}, times: []time.Duration{0, 6 * s}, status: 200},
		{name: "half an error, POST", method: "POST", replies: []reply{slowly(answered(500, "", ""), 6*s, `{"co`)}, times: []time.Duration{0}, status: 500, reason: ReasonMayHaveActed},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, u *upstream) {
				tr := u.transport(test.replies...)
				tr.AttemptTimeout = 5 * s
				var r Report
				tr.OnAttempt = func(_ context.Context, last Report) { r = last }
				resp, err := tr.RoundTrip(u.request(t.Context(), test.method, "x"))
				if resp != nil {
					defer resp.Body.Close()
					err = shop.Check(resp)
				}
				if !slices.Equal(u.times(), test.times) {
					t.Errorf("sent at %v, want %v", u.times(), test.times)
				}
				var stop *StopError
				switch {
				case test.status == 200 && err == nil && resp.StatusCode == 200:
				case test.status == 200 || !errors.As(err, &stop) || stop.Decision.Reason != test.reason || (resp == nil) != (test.status == 0):
					t.Errorf("response %v, %v", resp, err)
				case test.status == 0 && !timesOut(err):
					t.Errorf("net/http's callers do not see a timeout: %v", err)
				case test.status == 0 && (FailureOf(r.Err) != test.failure || !errors.Is(err, context.DeadlineExceeded)):
					t.Errorf("%v is a failure of the kind %v", r.Err, FailureOf(r.Err))
				}
			})
		})
	}
}

func timesOut(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

func TestAttemptTimeoutLeavesNothingBehind(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		var contexts []context.Context
		tr := u.transport(failed(errEOF), answered(429, "RATE", ""), fine)
		tr.AttemptTimeout = time.Minute
		tr.Authorize = func(req *http.Request) error {
			contexts = append(contexts, req.Context())
			return nil
		}
		trip(t, tr, u.request(t.Context(), "GET", ""))
		for i, ctx := range contexts {
			if ctx.Err() == nil || len(contexts) != 3 {
				t.Errorf("the context of attempt %d of %d is not released", i+1, len(contexts))
			}
		}
		b := newBound(t.Context(), time.Minute, false)
		b.start()
		if b.release(); b.timer.Stop() {
			t.Error("the timer was still running")
		}
	})
}

// The body of a success may take as long as it likes, in a context that lives
// until then.
func TestAttemptTimeoutEndsWithTheHeader(t *testing.T) {
	for _, end := range []string{"read", "closed"} {
		inBubble(t, func(t *testing.T, u *upstream) {
			var ctx context.Context
			tr := u.transport(func(u *upstream, req *http.Request) (*http.Response, error) {
				ctx = req.Context()
				return slowly(fine, time.Hour, "hello")(u, req)
			})
			tr.AttemptTimeout = 5 * time.Second
			resp, err := tr.RoundTrip(u.request(t.Context(), "GET", ""))
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			if ctx.Err() != nil {
				t.Error("the context ended before the body")
			}
			if end == "read" {
				if text, err := io.ReadAll(resp.Body); string(text) != "hello" || err != nil {
					t.Errorf("read %q, %v", text, err)
				}
				if ctx.Err() == nil {
					t.Error("the context outlives the body that was read")
				}
			}
			resp.Body.Close()
			if ctx.Err() == nil {
				t.Error("the context outlives the body that was closed")
			}
		})
	}
}

// A context is held by its parent until it ends: that of a response without a
// body, which many do not close, must end by itself.
func TestAttemptTimeoutOfAnEmptyBody(t *testing.T) {
	for _, empty := range []io.ReadCloser{nil, http.NoBody} {
		inBubble(t, func(t *testing.T, u *upstream) {
			var ctx context.Context
			tr := u.transport(func(_ *upstream, req *http.Request) (*http.Response, error) {
				ctx = req.Context()
				return &http.Response{StatusCode: 204, Body: empty}, nil
			})
			tr.AttemptTimeout = 5 * time.Second
			resp, err := tr.RoundTrip(u.request(t.Context(), "DELETE", ""))
			if err != nil || resp.Body != empty || ctx.Err() == nil {
				t.Errorf("body %v: %v, %v", resp.Body, err, ctx.Err())
			}
			u.replies = []reply{func(*upstream, *http.Request) (*http.Response, error) {
				time.Sleep(6 * time.Second) // heeds no context
				return &http.Response{StatusCode: 204, Body: empty}, nil
			}}
			tr.Policy.MaxRetries = 0
			if _, err := tr.RoundTrip(u.request(t.Context(), "DELETE", "")); FailureOf(err) != FailureTimeout {
				t.Errorf("a header that came too late: %v", err)
			}
		})
	}
}

// A response below 400 that the catalog must look into is like an error: its
// body must come in time.
func TestAttemptTimeoutOfABodyToLookInto(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		soft := Catalog{
			Vendor: "soft", MaxRetries: 1,
			Places:   []Place{{}, {Path: "$.ok"}},
			FailWhen: []Match{{{At: 1, Equals: []string{"false"}}}},
		}
		u.replies = []reply{slowly(fine, 6*time.Second, `{"ok":`), fine}
		tr := soft.Policy().Transport(u)
		tr.Policy.Rand = noJitter
		tr.AttemptTimeout = 5 * time.Second
		got := trip(t, tr, u.request(t.Context(), "GET", ""))
		if got.status != 200 || len(u.sent) != 2 || u.sent[1].at != 6*time.Second {
			t.Errorf("sent at %v: %v", u.times(), got.err)
		}
		u.sent = nil
		if got := trip(t, tr, u.request(t.Context(), "POST", "x")); FailureOf(got.err) != FailureTimeout || len(u.sent) != 1 {
			t.Errorf("POST: sent at %v: %v", u.times(), got.err)
		}
	})
}

// Getting credentials is no part of the attempt.
func TestAttemptTimeoutIsNotForAuthorize(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		tr := u.transport(reply(fine).late(4 * time.Second))
		tr.AttemptTimeout = 5 * time.Second
		tr.Authorize = func(req *http.Request) error { return sleep(req.Context(), 10*time.Second) }
		var took time.Duration
		tr.OnAttempt = func(_ context.Context, r Report) { took = r.Took }
		if got := trip(t, tr, u.request(t.Context(), "POST", "x")); got.status != 200 || took != 4*time.Second {
			t.Errorf("%d after %v: %v", got.status, took, got.err)
		}
	})
}

// conn is a connection that has switched protocols.
type conn struct {
	*body
	written   strings.Builder
	halfEnded bool
}

func (c *conn) Write(p []byte) (int, error) { return c.written.Write(p) }
func (c *conn) CloseWrite() error           { c.halfEnded = true; return nil }

func TestSwitchingProtocols(t *testing.T) {
	soft := Catalog{Places: []Place{{}, {Path: "$.ok"}}, FailWhen: []Match{{{At: 1, Equals: []string{"false"}}}}}
	inBubble(t, func(t *testing.T, u *upstream) {
		c := &conn{body: u.body("a connection", strings.NewReader("hi"))}
		var ctx context.Context
		u.replies = []reply{func(_ *upstream, req *http.Request) (*http.Response, error) {
			ctx = req.Context()
			return &http.Response{StatusCode: 101, Body: c}, nil
		}}
		for _, limit := range []time.Duration{time.Second, 0} {
			c.Reader, c.closed = strings.NewReader("hi"), 0
			tr := soft.Policy().Transport(u)
			tr.AttemptTimeout = limit
			resp, err := tr.RoundTrip(u.request(t.Context(), "GET", ""))
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			text, _ := io.ReadAll(resp.Body)
			rw, ok := resp.Body.(io.ReadWriteCloser)
			if !ok || string(text) != "hi" || ctx.Err() != nil {
				t.Fatalf("%T, read %q, %v", resp.Body, text, ctx.Err())
			}
			_, _ = io.WriteString(rw, "yo")
			_ = rw.(interface{ CloseWrite() error }).CloseWrite()
			_ = rw.Close()
			if limit > 0 && ctx.Err() == nil {
				t.Error("the context outlives the connection")
			}
			if !c.halfEnded || !strings.HasSuffix(c.written.String(), "yo") {
				t.Errorf("wrote %q", c.written.String())
			}
		}
	})
	if err := (&switched{}).CloseWrite(); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("no CloseWrite: %v", err)
	}
}
