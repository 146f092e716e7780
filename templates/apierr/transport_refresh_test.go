package apierr

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// tokens is an upstream's idea of credentials: requests with another token
// than the valid one are refused.
type tokens struct {
	valid, held atomic.Int64
	refreshed   atomic.Int64
}

func (k *tokens) reply(u *upstream, req *http.Request) (*http.Response, error) {
	if req.Header.Get("Token") == string(rune('a'+k.valid.Load())) {
		return reply(fine).late(time.Second)(u, req)
	}
	return answered(401, "STALE", "").late(time.Second)(u, req)
}

func (k *tokens) authorize(req *http.Request) error {
	req.Header.Set("Token", string(rune('a'+k.held.Load())))
	return nil
}

// refresh takes five seconds.
func (k *tokens) refresh(ctx context.Context, refused *Error) error {
	k.refreshed.Add(1)
	if !errors.Is(refused, Unauthenticated) {
		return errors.New("not told of the refusal")
	}
	if err := sleep(ctx, 5*time.Second); err != nil {
		return err
	}
	k.held.Store(k.valid.Load())
	return nil
}

func (k *tokens) transport(u *upstream) *Transport {
	tr := u.transport(k.reply)
	tr.Authorize, tr.Refresh = k.authorize, k.refresh
	return tr
}

func TestRefreshOnceForMany(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		var k tokens
		k.valid.Store(1)
		tr := k.transport(u)
		var c calls
		const n = 100
		for i := range n {
			c.after(t, 0, string(rune('0'+i)), tr, u, t.Context(), "POST")
		}
		for name, r := range c.wait() {
			if r.status != 200 || r.took != 7*time.Second {
				t.Errorf("%s: %d after %v: %v", name, r.status, r.took, r.err)
			}
		}
		if k.refreshed.Load() != 1 || len(u.sent) != 2*n {
			t.Errorf("%d refreshes, %d attempts", k.refreshed.Load(), len(u.sent))
		}
	})
}

// A request that was under way while others got new credentials takes those.
func TestRefreshIsNotRepeatedForLateAnswers(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		var k tokens
		k.valid.Store(1)
		tr := k.transport(u)
		u.replies = []reply{k.reply, reply(k.reply).late(20 * time.Second), k.reply}
		var c calls
		c.after(t, 0, "prompt", tr, u, t.Context(), "POST")
		c.after(t, time.Millisecond, "late", tr, u, t.Context(), "POST")
		got := c.wait()
		if k.refreshed.Load() != 1 || got["late"].status != 200 || got["late"].took != 22*time.Second {
			t.Errorf("%d refreshes, %d after %v", k.refreshed.Load(), got["late"].status, got["late"].took)
		}
	})
}

func TestRefreshHelpsOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		n := 0
		tr := u.transport(answered(401, "STALE", ""))
		tr.Refresh = func(context.Context, *Error) error { n++; return nil }
		got := trip(t, tr, u.request(t.Context(), "GET", ""))
		var stop *StopError
		if !errors.As(got.err, &stop) || stop.Decision.Reason != ReasonRefreshed || n != 1 || len(u.sent) != 2 || got.took != 0 {
			t.Errorf("%d refreshes, %d attempts, after %v: %v", n, len(u.sent), got.took, got.err)
		}

		u.sent = nil
		u.replies = []reply{answered(401, "STALE", ""), answered(429, "RATE", ""), fine}
		if got := trip(t, tr, u.request(t.Context(), "GET", "")); got.status != 200 || got.took != time.Second {
			t.Errorf("then throttled: %d after %v", got.status, got.took)
		}

		n, u.sent, u.replies = 0, nil, []reply{answered(401, "STALE", "")}
		req := u.request(t.Context(), "PUT", "x")
		req.GetBody = nil
		got = trip(t, tr, req)
		if !errors.As(got.err, &stop) || stop.Decision.Reason != ReasonBodySpent || n != 0 {
			t.Errorf("a body that is spent: %d refreshes: %v", n, got.err)
		}
	})
}

func TestRefreshFails(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		boom := errors.New("boom")
		tr := u.transport(answered(401, "STALE", ""))
		var n atomic.Int64
		tr.Refresh = func(ctx context.Context, _ *Error) error {
			n.Add(1)
			time.Sleep(time.Second)
			return boom
		}
		var c calls
		for i := range 10 {
			c.after(t, 0, string(rune('0'+i)), tr, u, t.Context(), "POST")
		}
		for name, r := range c.wait() {
			var stop *StopError
			if !errors.As(r.err, &stop) || stop.Decision.Reason != ReasonNotRenewed || stop.Also != boom ||
				r.status != 401 || !errors.Is(r.err, Unauthenticated) || r.body == "" {
				t.Errorf("%s: %d and %v", name, r.status, r.err)
			}
		}
		if n.Load() != 1 || len(u.sent) != 10 {
			t.Errorf("%d refreshes, %d attempts", n.Load(), len(u.sent))
		}
	})
}

// A caller that gives up in the midst of Refresh is not the others' misfortune,
// and callers who all have less time than it takes get new credentials in the
// end.
func TestRefreshOutlastsItsCaller(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		var k tokens
		k.valid.Store(1)
		tr := k.transport(u)
		leader, leave := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, leave)
		var c calls
		c.after(t, 0, "leader", tr, u, leader, "POST")
		c.after(t, time.Millisecond, "follower", tr, u, t.Context(), "POST")
		got := c.wait()
		var stop *StopError
		if r := got["leader"]; !errors.As(r.err, &stop) || stop.Decision.Reason != ReasonCanceled || r.status != 401 || r.took != 3*time.Second {
			t.Errorf("leader: after %v: %v", r.took, r.err)
		}
		if r := got["follower"]; r.status != 200 || r.took != 7*time.Second-time.Millisecond || k.refreshed.Load() != 1 {
			t.Errorf("follower: %d after %v, %d refreshes: %v", r.status, r.took, k.refreshed.Load(), r.err)
		}

		k.valid.Store(2)
		for i := range 4 {
			ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
			r := trip(t, tr, u.request(ctx, "POST", "x"))
			cancel()
			want := 401
			if i >= 2 { // new since 6 s, when this one's answer came
				want = 200
			}
			if r.status != want {
				t.Errorf("short call %d: %d after %v: %v", i, r.status, r.took, r.err)
			}
		}
		if k.refreshed.Load() != 2 {
			t.Errorf("%d refreshes in all", k.refreshed.Load())
		}
	})
}

func TestRefreshPanicsInOneCall(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		tr := u.transport(answered(401, "STALE", ""), answered(401, "STALE", ""), fine)
		var n atomic.Int64
		tr.Refresh = func(context.Context, *Error) error {
			time.Sleep(time.Second)
			if n.Add(1) == 1 {
				panic("hook")
			}
			return nil
		}
		go func() {
			defer func() { _ = recover() }()
			_, _ = tr.RoundTrip(u.request(t.Context(), "GET", ""))
		}()
		time.Sleep(time.Millisecond)
		if got := trip(t, tr, u.request(t.Context(), "GET", "")); got.status != 200 || n.Load() != 2 {
			t.Errorf("%d after %d refreshes: %v", got.status, n.Load(), got.err)
		}
	})
}

// Refresh may use the client whose Transport asks for it. Were the request of
// its own refused and refreshed, it would wait for itself.
func TestRefreshThroughTheTransportItself(t *testing.T) {
	inBubble(t, func(t *testing.T, u *upstream) {
		stale := answered(401, "STALE", "")
		var inner result
		tr := u.transport(stale, stale)
		tr.Refresh = func(ctx context.Context, _ *Error) error {
			inner = trip(t, tr, u.request(ctx, "POST", "grant"))
			return inner.err
		}
		got := trip(t, tr, u.request(t.Context(), "GET", ""))
		if inner.status != 401 || !errors.Is(got.err, inner.err) || len(u.sent) != 2 {
			t.Errorf("%d attempts: %v, because of %v", len(u.sent), got.err, inner.err)
		}

		// What was declared of the first request is not true of the second.
		u.sent, u.replies = nil, []reply{stale, answered(500, "FLAKY", "")}
		trip(t, tr, u.request(WithIdempotent(t.Context()), "POST", "search"))
		if len(u.sent) != 2 {
			t.Errorf("the request of Refresh was sent %d times", len(u.sent)-1)
		}
	})
}
