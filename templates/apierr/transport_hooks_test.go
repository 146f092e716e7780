package apierr

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"
)

// keys returns the idempotency keys of all attempts.
func (u *upstream) keys() []string {
	var keys []string
	for _, s := range u.sent {
		keys = append(keys, s.header.Get("Idempotency-Key"))
	}
	return keys
}

func TestNewKeyIsOfTheCall(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		flaky := answered(500, "FLAKY", "")
		tr := u.transport(flaky, flaky, fine)
		n := 0
		tr.NewKey = func() string { n++; return string(rune('a' + n - 1)) }
		req := u.request(t.Context(), "POST", "x")
		trip(t, tr, req)
		if len(req.Header) != 0 {
			t.Errorf("the caller's header became %v", req.Header)
		}
		trip(t, tr, u.request(t.Context(), "PATCH", "x"))
		trip(t, tr, u.request(t.Context(), "PUT", "x"))
		req = u.request(t.Context(), "POST", "x")
		req.Header.Set("idempotency-key", "mine")
		trip(t, tr, req)
		if want := []string{"a", "a", "a", "b", "", "mine"}; !slices.Equal(u.keys(), want) {
			t.Errorf("keys %q, want %q", u.keys(), want)
		}
	})
}

func TestRandomKey(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		k := RandomKey()
		if len(k) != 36 || k[8] != '-' || k[13] != '-' || k[18] != '-' || k[23] != '-' || k[14] != '4' ||
			!bytes.ContainsAny([]byte("89ab"), k[19:20]) || seen[k] {
			t.Fatalf("%q is no new UUID of version 4", k)
		}
		seen[k] = true
	}
}

func TestAuthorizeIsAskedBeforeEachAttempt(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		tr := u.transport(answered(429, "RATE", ""), fine)
		n := 0
		tr.Authorize = func(req *http.Request) error {
			// As a signature does: read the body, and leave it as it was.
			text, err := io.ReadAll(req.Body)
			_ = req.Body.Close()
			req.Body = io.NopCloser(bytes.NewReader(text))
			n++
			req.Header.Add("Authorization", string(text)+string(rune('0'+n)))
			req.URL.Path = "/signed"
			return err
		}
		req := u.request(t.Context(), "POST", "hello")
		req.Header = nil
		trip(t, tr, req)
		if req.Header != nil || req.URL.Path != "/v1/orders" {
			t.Errorf("the caller's request became %v with %v", req.URL, req.Header)
		}
		for i, s := range u.sent {
			if want := "hello" + string(rune('1'+i)); s.header.Get("Authorization") != want || s.body != "hello" {
				t.Errorf("attempt %d: body %q signed as %q", i+1, s.body, s.header["Authorization"])
			}
		}
	})
}

func TestAuthorizeFails(t *testing.T) {
	boom := errors.New("boom")
	for _, at := range []int{1, 2} {
		inBubble(t, func(t *testing.T, u *upstream) {
			tr := u.transport(answered(429, "RATE", ""))
			n := 0
			tr.Authorize = func(*http.Request) error {
				if n++; n == at {
					return boom
				}
				return nil
			}
			tr.AttemptTimeout = time.Minute
			got := trip(t, tr, u.request(t.Context(), "POST", "hello"))
			if !errors.Is(got.err, boom) || len(u.sent) != at-1 || at == 2 && (got.status != 429 || !errors.Is(got.err, Throttled)) {
				t.Errorf("before attempt %d: %d sent, status %d, %v", at, len(u.sent), got.status, got.err)
			}
		})
	}
}

// leads is a reply that redirects.
func leads(status int, to string) reply {
	return func(u *upstream, req *http.Request) (*http.Response, error) {
		resp, err := answered(status, "", "")(u, req)
		resp.Header.Set("Location", to)
		return resp, err
	}
}

// unnamed is a reply whose response does not tell of which request it is.
func unnamed(r reply) reply {
	return func(u *upstream, req *http.Request) (*http.Response, error) {
		resp, err := r(u, req)
		resp.Request = nil
		return resp, err
	}
}

func TestRedirectsAndCredentials(t *testing.T) {
	for _, test := range []struct {
		name    string
		replies []reply
		had     []bool // credentials, by attempt
	}{
		{"the same host", []reply{leads(302, "/b"), fine}, []bool{true, true}},
		{"the same host, and again", []reply{leads(302, "/b"), answered(429, "RATE", ""), fine}, []bool{true, true, true}},
		{"another host", []reply{leads(302, "https://evil.example/b"), fine}, []bool{true, false}},
		{"the same host, of a response that names no request", []reply{unnamed(leads(302, "/b")), fine}, []bool{true, true}},
		{"another host, of a response that names no request", []reply{unnamed(leads(302, "https://evil.example/b")), fine}, []bool{true, false}},
		{"another host, and again", []reply{leads(302, "https://evil.example/b"), answered(429, "RATE", ""), fine}, []bool{true, false, false}},
		{"there and back", []reply{leads(302, "https://evil.example/b"), leads(302, "https://shop.example/delete"), fine}, []bool{true, false, false}},
		{"another port", []reply{leads(302, "https://shop.example:8443/b"), fine}, []bool{true, false}},
		{"a subdomain", []reply{leads(302, "https://a.shop.example/b"), fine}, []bool{true, false}},
		{"plain http", []reply{leads(302, "http://shop.example/b"), fine}, []bool{true, false}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, u *upstream) {
				tr := u.transport(test.replies...)
				tr.Authorize = func(req *http.Request) error { req.Header.Set("X-Secret", "s"); return nil }
				resp, err := (&http.Client{Transport: tr}).Do(u.request(t.Context(), "GET", ""))
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				var had []bool
				for _, s := range u.sent {
					had = append(had, s.header.Get("X-Secret") != "")
				}
				if !slices.Equal(had, test.had) {
					t.Errorf("credentials %v, want %v", had, test.had)
				}
			})
		})
	}
}

func TestRedirectOfUnknownOrigin(t *testing.T) {
	there := &url.URL{Scheme: "https", Host: "shop.example"}
	for _, from := range []*http.Request{nil, {}} {
		if !redirectedAway(&http.Request{URL: there, Response: &http.Response{Request: from}}) {
			t.Errorf("redirected from %v: counts as the same host", from)
		}
	}
	if redirectedAway(&http.Request{URL: there}) {
		t.Error("counts as redirected without a redirect")
	}
}

// A hook that panics is its author's business, but nothing may leak: neither
// body nor timer nor context.
func TestHooksPanic(t *testing.T) {
	rate, stale := answered(429, "RATE", ""), answered(401, "STALE", "")
	for _, test := range []struct {
		name  string
		set   func(*Transport)
		reply reply // the third
	}{
		{name: "NewKey", set: func(t *Transport) { t.NewKey = func() string { panic("hook") } }},
		{name: "Authorize", set: func(t *Transport) { t.Authorize = panicsAt(1) }},
		{name: "Authorize, again", set: func(t *Transport) { t.Authorize = panicsAt(2) }},
		{name: "Refresh", set: func(t *Transport) { t.Refresh = func(context.Context, *Error) error { panic("hook") } }},
		{name: "OnAttempt", set: func(t *Transport) { t.OnAttempt = func(context.Context, Report) { panic("hook") } }},
		{name: "OnAttempt of a success", set: func(t *Transport) {
			t.OnAttempt = func(_ context.Context, r Report) {
				if r.Err == nil {
					panic("hook")
				}
			}
		}},
		{name: "Rand", set: func(t *Transport) { t.Policy.Rand = func() float64 { panic("hook") } }},
		{name: "Next", reply: func(*upstream, *http.Request) (*http.Response, error) { panic("hook") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, u *upstream) {
				var contexts []context.Context
				keep := func(r reply) reply {
					return func(u *upstream, req *http.Request) (*http.Response, error) {
						contexts = append(contexts, req.Context())
						return r(u, req)
					}
				}
				if test.reply == nil {
					test.reply = fine
				}
				tr := u.transport(keep(rate), keep(stale), keep(test.reply))
				tr.AttemptTimeout = time.Minute
				tr.Refresh = func(context.Context, *Error) error { return nil }
				if test.set != nil {
					test.set(tr)
				}
				if authorize := tr.Authorize; authorize != nil {
					tr.Authorize = func(req *http.Request) error {
						contexts = append(contexts, req.Context())
						return authorize(req)
					}
				}
				func() {
					defer func() {
						if v := recover(); v != "hook" {
							t.Errorf("recovered %v", v)
						}
					}()
					_, _ = tr.RoundTrip(u.request(t.Context(), "POST", "x"))
				}()
				for i, ctx := range contexts {
					if ctx.Err() == nil {
						t.Errorf("context %d of %d is not released", i+1, len(contexts))
					}
				}
			})
		})
	}
}

func panicsAt(n int) func(*http.Request) error {
	return func(*http.Request) error {
		if n--; n == 0 {
			panic("hook")
		}
		return nil
	}
}
