package apierr

import (
	"net/http"
	"testing"
	"time"
)

// TestRateLimits holds what of a window is left, when a warning level is
// reached, and that a reset counts on the local clock by the server's own.
func TestRateLimits(t *testing.T) {
	c := &Catalog{
		Places: []Place{{}, {Header: "X-Limit"}, {Header: "X-Remaining"}, {Header: "X-Used"}, {Header: "X-Reset"}, {Header: "X-Pair", Before: "/"}, {Header: "X-Pair", After: "/"}},
		Limits: []Window{
			{Name: "requests", Limit: 1, Remaining: 2, Used: 3, Reset: 4, ResetUnit: Unix, Warn: []float64{0.2, 0.05}},
			{Name: "pair", Remaining: 5, Limit: 6},
		},
	}
	now := time.Unix(1_710_000_000, 0)
	for _, tt := range []struct {
		name    string
		header  http.Header
		left    float64
		known   bool
		warning int
	}{
		{"full", http.Header{"X-Limit": {"100"}, "X-Remaining": {"100"}}, 1, true, 0},
		{"at the first level", http.Header{"X-Limit": {"100"}, "X-Remaining": {"20"}}, 0.2, true, 0},
		{"below the first level", http.Header{"X-Limit": {"100"}, "X-Remaining": {"19"}}, 0.19, true, 1},
		{"at the second level", http.Header{"X-Limit": {"100"}, "X-Remaining": {"5"}}, 0.05, true, 1},
		{"below the second level", http.Header{"X-Limit": {"100"}, "X-Remaining": {"4"}}, 0.04, true, 2},
		{"used up", http.Header{"X-Limit": {"100"}, "X-Remaining": {"0"}}, 0, true, 2},
		{"nothing allowed", http.Header{"X-Limit": {"0"}, "X-Remaining": {"0"}}, 0, true, 2},
		{"more left than allowed", http.Header{"X-Limit": {"10"}, "X-Remaining": {"11"}}, 1, true, 0},
		{"limit and used", http.Header{"X-Limit": {"10"}, "X-Used": {"9"}}, 0.1, true, 1},
		{"more used than allowed", http.Header{"X-Limit": {"10"}, "X-Used": {"12"}}, 0, true, 2},
		{"remaining and used", http.Header{"X-Remaining": {"1"}, "X-Used": {"9"}}, 0.1, true, 1},
		{"remaining alone", http.Header{"X-Remaining": {"1"}}, 0, false, 0},
		{"no number", http.Header{"X-Limit": {"100"}, "X-Remaining": {"-1"}}, 0, false, 0},
	} {
		limits := c.RateLimits(tt.header, now)
		if len(limits) != 1 || limits[0].Name != "requests" {
			t.Errorf("%s: %v", tt.name, limits)
			continue
		}
		left, known := limits[0].Left()
		if left != tt.left || known != tt.known || limits[0].Warning() != tt.warning {
			t.Errorf("%s: left %v (%v), warning %d; want %v (%v), %d", tt.name, left, known, limits[0].Warning(), tt.left, tt.known, tt.warning)
		}
	}

	if got := c.RateLimits(http.Header{"X-Other": {"1"}}, now); got != nil {
		t.Errorf("no header of a limit: %v", got)
	}
	if got := c.RateLimits(http.Header{"X-Pair": {"40/50"}}, now); len(got) != 1 || got[0].Limit != 50 || got[0].Remaining != 40 {
		t.Errorf("two numbers in one header: %v", got)
	}
	fast := now.Add(time.Hour) // this clock is an hour fast
	got := c.RateLimits(http.Header{"X-Reset": {"1710000060"}, "Date": {now.UTC().Format(http.TimeFormat)}}, fast)
	if len(got) != 1 || !got[0].ResetAt.Equal(fast.Add(time.Minute)) {
		t.Errorf("the reset is at %v, want %v", got, fast.Add(time.Minute))
	}
}

// TestNilErrors holds that no method of a nil error panics.
func TestNilErrors(t *testing.T) {
	var e *Error
	_, _ = e.Error(), e.UserMessage("en")
	if e.DocsURL() != "" || e.Is(Throttled) || e.Unwrap() != nil || e.LogValue().Any() != nil {
		t.Error("a nil error says something")
	}
	if b, err := e.MarshalJSON(); string(b) != "null" || err != nil {
		t.Errorf("%s, %v", b, err)
	}
	var s *StopError
	if s.Error() == "" || s.Unwrap() != nil || s.Timeout() {
		t.Error("a nil stop says something")
	}
}
