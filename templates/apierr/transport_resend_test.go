package apierr

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestGetBodyWithheld shows that what is beneath cannot give the body of a
// request again that must not be repeated blindly, and that everybody else can.
func TestGetBodyWithheld(t *testing.T) {
	for _, test := range []struct {
		name   string
		method string
		header string
		ctx    func(context.Context) context.Context
		newKey bool
		has    bool
	}{
		{name: "POST", method: "POST"},
		{name: "PATCH", method: "PATCH"},
		{name: "POST with a key that the vendor does not know", method: "POST", header: "X-Idempotency-Key"},
		{name: "POST with a key", method: "POST", header: "Idempotency-Key", has: true},
		{name: "POST with a new key", method: "POST", newKey: true, has: true},
		{name: "POST declared idempotent", method: "POST", ctx: WithIdempotent, has: true},
		{name: "PUT", method: "PUT", has: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, u *upstream) {
				var has, authorized []bool
				look := func(r reply) reply {
					return func(u *upstream, req *http.Request) (*http.Response, error) {
						has = append(has, req.GetBody != nil)
						return r(u, req)
					}
				}
				tr := u.transport(look(answered(429, "RATE", "")), look(fine))
				if test.newKey {
					tr.NewKey = RandomKey
				}
				ctx := t.Context()
				if test.ctx != nil {
					ctx = test.ctx(ctx)
				}
				req := u.request(ctx, test.method, "hello")
				if test.header != "" {
					req.Header.Set(test.header, "k")
				}
				if test.has { // the other ones show that nothing else makes a copy needed
					tr.Authorize = func(req *http.Request) error {
						authorized = append(authorized, req.GetBody != nil)
						return nil
					}
				}
				got := trip(t, tr, req)
				if got.status != 200 || !slices.Equal(has, []bool{test.has, test.has}) || u.sent[1].body != "hello" {
					t.Errorf("status %d, GetBody beneath: %v, sent %+v", got.status, has, u.sent)
				}
				if slices.Contains(authorized, false) || req.GetBody == nil {
					t.Errorf("GetBody for Authorize: %v, for the caller: %v", authorized, req.GetBody != nil)
				}
			})
		})
	}
}

// TestAuthorizeHasGetBody has a signature read the body of a request whose
// GetBody nobody beneath gets.
func TestAuthorizeHasGetBody(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		tr := u.transport(fine)
		var signed string
		tr.Authorize = func(req *http.Request) error {
			body, err := req.GetBody()
			if err != nil {
				return err
			}
			text, err := io.ReadAll(body)
			signed = string(text)
			return errors.Join(err, body.Close())
		}
		if got := trip(t, tr, u.request(t.Context(), "POST", "hello")); got.status != 200 || signed != "hello" {
			t.Errorf("status %d, signed %q: %v", got.status, signed, got.err)
		}
	})
}

// TestUnwatched shows that a request that needs nothing of a Transport reaches
// Next as it is.
func TestUnwatched(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		for _, req := range []*http.Request{
			u.request(t.Context(), "GET", ""),
			u.request(WithIdempotent(t.Context()), "POST", ""),
			u.request(t.Context(), "PUT", "hello"),
			withoutGetBody(u.request(t.Context(), "POST", "hello")),
		} {
			tr := u.transport(func(u *upstream, out *http.Request) (*http.Response, error) {
				if out != req {
					t.Errorf("%s: Next got a copy", req.Method)
				}
				return fine(u, out)
			})
			trip(t, tr, req)
		}
	})
}

func withoutGetBody(req *http.Request) *http.Request {
	req.GetBody = nil
	return req
}

// steps is a reply that first tells what net/http tells, a letter for each
// step, until the request's context is done: c for a connection, 1 and 2 for
// the header written in HTTP/1 and HTTP/2, i for an interim response, r for the
// first byte of any. told is called for each.
func steps(script string, told func(step rune)) reply {
	return func(u *upstream, req *http.Request) (*http.Response, error) {
		trace := httptrace.ContextClientTrace(req.Context())
		for _, step := range script {
			if err := req.Context().Err(); err != nil {
				return nil, err
			}
			told(step)
			switch step {
			case 'c':
				trace.GotConn(httptrace.GotConnInfo{})
			case '1':
				trace.WroteHeaderField("Host", []string{"shop.example"})
			case '2':
				trace.WroteHeaderField(":authority", []string{"shop.example"})
			case 'r':
				trace.GotFirstResponseByte()
			case 'i':
				_ = trace.Got1xxResponse(http.StatusEarlyHints, nil)
			}
		}
		if err := req.Context().Err(); err != nil {
			return nil, err
		}
		return fine(u, req)
	}
}

// TestResendWithoutBody goes through the ways in which a request can get a
// second connection.
func TestResendWithoutBody(t *testing.T) {
	for _, test := range []struct {
		name, script string
		prevented    bool
	}{
		{"sent once", "c2r", false},
		{"connection not usable", "cc2r", false},
		{"HTTP/1, nothing written", "c1c1r", false},
		{"HTTP/2, sent", "c2c", true},
		{"HTTP/2, sent, over HTTP/1 then", "c2c1", true},
		{"HTTP/2, sent after a connection that was not usable", "cc2c", true},
		{"answered", "c2rc2r", false},
		{"answered, sent again, and once more", "c2rc2c", true},
		{"interim response", "c2ric", true},
		{"interim response, HTTP/1", "c1ric1r", false},
	} {
		for _, limit := range []time.Duration{0, time.Minute} {
			inBubble(t, func(t *testing.T, u *upstream) {
				told, heard := "", ""
				tr := u.transport(steps(test.script, func(step rune) { told += string(step) }))
				tr.AttemptTimeout = limit
				ctx := httptrace.WithClientTrace(t.Context(), listening(&heard))
				got := trip(t, tr, u.request(ctx, "POST", ""))
				if test.prevented != (got.err != nil) || len(u.sent) != 1 {
					t.Errorf("%s: status %d in %d attempts, %v", test.name, got.status, len(u.sent), got.err)
				}
				if test.prevented && (FailureOf(got.err) != FailureReset || !errors.Is(got.err, errResend) || told != strings.TrimSuffix(test.script, "1")) {
					t.Errorf("%s: %v after %s", test.name, got.err, told)
				}
				if heard != told {
					t.Errorf("%s: the caller's hooks have heard %q of %q", test.name, heard, told)
				}
			})
		}
	}
}

// listening is a caller's trace, which writes the letters of steps.
func listening(heard *string) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { *heard += "c" },
		WroteHeaderField: func(name string, _ []string) {
			if name == "Host" {
				*heard += "1"
			} else {
				*heard += "2"
			}
		},
		GotFirstResponseByte: func() { *heard += "r" },
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			*heard += "i"
			return nil
		},
	}
}

// TestWatchReleased shows that a watched request's context ends with the body
// of its response and not before.
func TestWatchReleased(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		var ctx context.Context
		tr := u.transport(func(u *upstream, req *http.Request) (*http.Response, error) {
			ctx = req.Context()
			return fine(u, req)
		})
		resp, err := tr.RoundTrip(u.request(t.Context(), "POST", ""))
		if err != nil || ctx.Err() != nil {
			t.Fatalf("%v, the context: %v", err, ctx.Err())
		}
		if _, err := io.ReadAll(resp.Body); err != nil || ctx.Err() == nil {
			t.Errorf("%v, the context at the end of the body: %v", err, ctx.Err())
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	})
}
