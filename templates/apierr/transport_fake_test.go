package apierr

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// An upstream is the RoundTripper below a Transport under test. It gives its
// replies in turn, the last one for ever, keeps what it was sent, and holds
// both sides to the contract of a RoundTripper: at its end each body, of a
// request as of a response, must have been closed once.
type upstream struct {
	start   time.Time
	replies []reply

	mu     sync.Mutex
	sent   []sent
	bodies []*body
}

// A reply is what becomes of one attempt.
type reply func(u *upstream, req *http.Request) (*http.Response, error)

// sent is one attempt as the upstream saw it.
type sent struct {
	at     time.Duration // since the start
	header http.Header
	host   string
	body   string
}

// inBubble runs a test on the virtual clock, which ends only when no goroutine
// is left, and then looks at the bodies.
func inBubble(t *testing.T, test func(t *testing.T, u *upstream)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{start: time.Now()}
		test(t, u)
		synctest.Wait()
		for _, b := range u.bodies {
			if b.closed != 1 {
				t.Errorf("the body of %s was closed %d times", b.of, b.closed)
			}
		}
	})
}

// transport returns a Transport over the upstream with the policy of shop,
// without jitter.
func (u *upstream) transport(replies ...reply) *Transport {
	u.replies = replies
	p := shop.Policy()
	p.Rand = noJitter
	return p.Transport(u)
}

func (u *upstream) RoundTrip(req *http.Request) (*http.Response, error) {
	s := sent{at: time.Since(u.start), header: req.Header.Clone(), host: req.URL.Host}
	if req.Body != nil {
		text, _ := io.ReadAll(req.Body)
		_ = req.Body.Close()
		s.body = string(text)
	}
	u.mu.Lock()
	u.sent = append(u.sent, s)
	next := u.replies[min(len(u.sent), len(u.replies))-1]
	u.mu.Unlock()
	return next(u, req)
}

// times returns when attempts were made.
func (u *upstream) times() []time.Duration {
	var times []time.Duration
	for _, s := range u.sent {
		times = append(times, s.at)
	}
	return times
}

// A body counts how often it is closed, and cannot be read afterwards.
type body struct {
	io.Reader
	of     string
	mu     sync.Mutex
	closed int
}

func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed > 0 {
		return 0, http.ErrBodyReadAfterClose
	}
	return b.Reader.Read(p)
}

func (b *body) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed++
	return nil
}

func (u *upstream) body(of string, r io.Reader) *body {
	b := &body{Reader: r, of: of}
	u.mu.Lock()
	u.bodies = append(u.bodies, b)
	u.mu.Unlock()
	return b
}

// request returns a request whose bodies are counted. An empty text is no body.
func (u *upstream) request(ctx context.Context, method, text string) *http.Request {
	req, err := http.NewRequestWithContext(ctx, method, "https://shop.example/v1/orders", nil)
	if err != nil {
		panic(err)
	}
	if text != "" {
		req.GetBody = func() (io.ReadCloser, error) { return u.body("a request", strings.NewReader(text)), nil }
		req.Body, _ = req.GetBody()
		req.ContentLength = int64(len(text))
	}
	return req
}

// answered is a reply of a status, a code and a Retry-After.
func answered(status int, code, retryAfter string) reply {
	return func(u *upstream, req *http.Request) (*http.Response, error) {
		text := fmt.Sprintf(`{"code":%q}`, code)
		resp := &http.Response{
			StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
			Header: http.Header{}, ContentLength: int64(len(text)),
			Body: u.body(fmt.Sprintf("a response %d", status), strings.NewReader(text)),
		}
		if retryAfter != "" {
			resp.Header.Set("Retry-After", retryAfter)
		}
		return resp, nil
	}
}

var fine = answered(200, "", "")

// failed is a reply in which no response comes.
func failed(err error) reply {
	return func(*upstream, *http.Request) (*http.Response, error) { return nil, err }
}

// silent is a reply that never comes.
func silent(_ *upstream, req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

// late is a reply that takes its time.
func (r reply) late(d time.Duration) reply {
	return func(u *upstream, req *http.Request) (*http.Response, error) {
		if err := sleep(req.Context(), d); err != nil {
			return nil, err
		}
		return r(u, req)
	}
}

// A result is what a caller of a Transport gets.
type result struct {
	status int    // zero when no response came
	body   string // all of it
	err    error  // of RoundTrip, else of Check
	took   time.Duration
}

// trip makes a round trip as a caller does: it checks the response, reads it
// and closes it.
func trip(t testing.TB, next http.RoundTripper, req *http.Request) result {
	t.Helper()
	start := time.Now()
	resp, err := next.RoundTrip(req)
	r := result{err: err, took: time.Since(start)}
	if (resp == nil) != (err != nil) {
		t.Fatalf("response %v and error %v", resp, err)
	}
	if resp == nil {
		return r
	}
	r.status, r.err = resp.StatusCode, shop.Check(resp)
	if resp.Body != nil {
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Errorf("reading the body: %v", err)
		}
		r.body = string(text)
		if err := resp.Body.Close(); err != nil {
			t.Errorf("closing the body: %v", err)
		}
	}
	return r
}
