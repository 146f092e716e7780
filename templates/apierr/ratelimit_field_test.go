package apierr

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestRateLimitField holds which windows a RateLimit header and its policies
// tell of, in the forms of all drafts that have the header.
func TestRateLimitField(t *testing.T) {
	c := &Catalog{Limits: []Window{{Name: "requests", Header: "Ratelimit", Warn: []float64{0.2, 0.05}}}}
	now := time.Unix(1_710_000_000, 0)
	for _, tt := range []struct {
		name, field, policy string // lines are separated by newlines
		want                string // name, unit: remaining/limit a window, until the reset, warning
	}{
		{"draft 10", `"default";r=50;t=30`, `"default";q=100;w=60`, "default : 50/100 a 1m0s, 30s, 0"},
		{"draft 08", "default;r=9;t=30", "default;q=100;w=60", "default : 9/100 a 1m0s, 30s, 1"},
		{"a String and a Token", "default;r=4;t=30", `"default";q=100;w=60`, "default : 4/100 a 1m0s, 30s, 2"},
		{
			"several windows", `"min";r=20;t=23, "hour";r=399;t=2402`, `"min";q=50;w=60, "hour";q=1000;w=3600, "day";q=5000;w=86400`,
			"min : 20/50 a 1m0s, 23s, 0|hour : 399/1000 a 1h0m0s, 40m2s, 0|day : -1/5000 a 24h0m0s, -, 0",
		},
		{"several lines", "\"min\";r=20;t=23\n\"hour\";r=399", "\"min\";q=50\n\"hour\";q=1000", "min : 20/50 a 0s, 23s, 0|hour : 399/1000 a 0s, -, 0"},
		{"another unit", `"bytes";r=5;t=1`, `"bytes";q=1000;qu="content-bytes";w=1;pk=:aGk=:`, "bytes content-bytes: 5/1000 a 1s, 1s, 2"},
		{"no policies", `"default";r=50;t=30`, "", "default : 50/-1 a 0s, 30s, 0"},
		{"no state", "", `"default";q=100;w=60`, "default : -1/100 a 1m0s, -, 0"},
		{"a policy for another", `"a";r=1`, `"b";q=2`, "a : 1/-1 a 0s, -, 0|b : -1/2 a 0s, -, 0"},
		{"two policies of a name", `"a";r=1`, `"a";q=2, "a";q=3`, "a : 1/2 a 0s, -, 0"},
		{"two states of a name", `"a";r=1, "a";r=2`, `"a";q=100`, "a : 1/100 a 0s, -, 2|a : 2/100 a 0s, -, 2"},
		{"nothing that remains", `"a";t=1`, "", ""},
		{"no number that remains", `"a";r="1", "b";r=-1, "c";r=1.0, "d";r=1`, "", "d : 1/-1 a 0s, -, 0"},
		{"no name", `1;r=1, (a);r=2, "b";r=3`, `100;w=60, "b";q=4`, "b : 3/4 a 0s, -, 0"},
		{"a policy without a quota", `"a";r=1`, `"a";w=60, "b";q=x`, "a : 1/-1 a 0s, -, 0"},
		{"a reset too far off", `"a";r=1;t=999999999999999`, `"a";q=4;w=999999999999999`, "a : 1/4 a 0s, -, 0"},
		{"malformed policies", `"a";r=1`, `"a";q=1,`, "a : 1/-1 a 0s, -, 0"},
		{"malformed states", `"a";r=1,`, `"a";q=2`, "a : -1/2 a 0s, -, 0"},
		{"draft 07", "limit=100, remaining=50, reset=5", "100;w=60", "requests : 50/100 a 1m0s, 5s, 0"},
		{"draft 07, several policies", "limit=100, remaining=4, reset=5", "10;w=1, 100;w=60, 100;w=1", "requests : 4/100 a 1m0s, 5s, 2"},
		{"draft 07, no policy of the quota", "limit=100, remaining=50, reset=5", "10;w=1", "requests : 50/100 a 0s, 5s, 0"},
		{"draft 07 without a limit", "remaining=50", "-1;w=60", "requests : 50/-1 a 0s, -, 0"},
		{"draft 07 in two lines", "limit=100\nremaining=50", "", "requests : 50/100 a 0s, -, 0"},
		{"a Dictionary of other things", "u=3, i", "", ""},
		{"draft 06", "", "100;w=60", ""},
		{"neither", "", "", ""},
	} {
		header := http.Header{}
		for name, lines := range map[string]string{"RateLimit": tt.field, "RateLimit-Policy": tt.policy} {
			for _, line := range strings.Split(lines, "\n") {
				if line != "" {
					header.Add(name, line)
				}
			}
		}
		var got []string
		for _, l := range c.RateLimits(header, now) {
			reset := "-"
			if !l.ResetAt.IsZero() {
				reset = l.ResetAt.Sub(now).String()
			}
			got = append(got, fmt.Sprintf("%s %s: %d/%d a %v, %s, %d", l.Name, l.Unit, l.Remaining, l.Limit, l.Window, reset, l.Warning()))
			if l.Used != -1 {
				t.Errorf("%s: %d are used", tt.name, l.Used)
			}
		}
		if strings.Join(got, "|") != tt.want {
			t.Errorf("%s:\n have %s\n want %s", tt.name, strings.Join(got, "|"), tt.want)
		}
	}
}

// TestRateLimitFieldIsBounded holds that no response can name windows without
// end.
func TestRateLimitFieldIsBounded(t *testing.T) {
	c := &Catalog{Limits: []Window{{Name: "requests", Header: "Ratelimit"}}}
	var states, policies []string
	for i := range 1000 {
		states = append(states, fmt.Sprintf("s%d;r=1", i))
		policies = append(policies, fmt.Sprintf("p%d;q=1", i))
	}
	for _, header := range []http.Header{
		{"Ratelimit": states},
		{"Ratelimit-Policy": policies},
		{"Ratelimit": states[:40], "Ratelimit-Policy": policies},
	} {
		if n := len(c.RateLimits(header, time.Now())); n != maxWindows {
			t.Errorf("%d windows, want %d", n, maxWindows)
		}
	}
	if limits := c.RateLimits(http.Header{"Ratelimit": {"a;r=" + strings.Repeat("0", maxField)}}, time.Now()); limits != nil {
		t.Errorf("a field of any length is read: %v", limits)
	}
}

// TestDraftLimits holds that the three headers of drafts 00 to 06 are a window
// like any other, with the first item of RateLimit-Limit for its limit.
func TestDraftLimits(t *testing.T) {
	c := &Catalog{
		Places: []Place{{}, {Header: "Ratelimit-Limit", Item: "*"}, {Header: "Ratelimit-Remaining"}, {Header: "Ratelimit-Reset"}},
		Limits: []Window{{Name: "requests", Limit: 1, Remaining: 2, Reset: 3, ResetUnit: Seconds}},
	}
	now := time.Unix(1_710_000_000, 0)
	for _, limit := range []string{"100", "100, 100;w=10", `100, 10;w=1;burst=1000, 1000;w=3600;comment="a, b"`} {
		got := c.RateLimits(http.Header{"Ratelimit-Limit": {limit}, "Ratelimit-Remaining": {"9"}, "Ratelimit-Reset": {"7"}}, now)
		if len(got) != 1 || got[0].Limit != 100 || got[0].Remaining != 9 || !got[0].ResetAt.Equal(now.Add(7*time.Second)) {
			t.Errorf("RateLimit-Limit: %s makes it %+v", limit, got)
		}
	}
}

// TestResets holds when a window ends, in each unit, by this clock and by the
// server's own, which is an hour behind.
func TestResets(t *testing.T) {
	now := time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC)
	server := now.Add(-time.Hour).Format(http.TimeFormat)
	const never = time.Duration(-1)
	for _, tt := range []struct {
		unit         Unit
		text         string
		local, dated time.Duration // to the reset: without a Date, and with the server's
	}{
		{Seconds, "60", time.Minute, time.Minute},
		{Seconds, "0", 0, 0},
		{Seconds, "1.5", 1500 * time.Millisecond, 1500 * time.Millisecond},
		{Seconds, "1795262460", 1795262460 * time.Second, 1795262460 * time.Second}, // an instant, if anyone had said so
		{Seconds, "-1", never, never},
		{Milliseconds, "1500", 1500 * time.Millisecond, 1500 * time.Millisecond},
		{Minutes, "0.5", 30 * time.Second, 30 * time.Second},
		{Unix, "1795262460", time.Minute, time.Hour + time.Minute},
		{Unix, "1795262460.25", 60250 * time.Millisecond, time.Hour + 60250*time.Millisecond},
		{Unix, "1795258860", 0, time.Minute}, // past by this clock, not by the server's
		{Unix, "60", never, never},           // a length: no Unix time since 2001
		{Unix, "1795262460000", never, never},
		{UnixMilli, "1795262460000", time.Minute, time.Hour + time.Minute},
		{UnixMilli, "1795262460", never, never},
		{RFC3339, "2026-11-21T12:01:00Z", time.Minute, time.Hour + time.Minute},
		{RFC3339, "2026-11-21T13:01:00+01:00", time.Minute, time.Hour + time.Minute},
		{HTTPDate, "Sat, 21 Nov 2026 12:01:00 GMT", time.Minute, time.Hour + time.Minute},
		{HTTPDate, "Saturday, 21-Nov-26 12:01:00 GMT", time.Minute, time.Hour + time.Minute},
		{HTTPDate, "Sat Nov 21 12:01:00 2026", time.Minute, time.Hour + time.Minute},
		{RetryAfter, "60", time.Minute, time.Minute},
		{RetryAfter, "Sat, 21 Nov 2026 12:01:00 GMT", time.Minute, time.Hour + time.Minute},
		{Clock, "00:01:00", time.Minute, time.Minute},
		{Span, "6m0s", 6 * time.Minute, 6 * time.Minute},
		{Span, "1ms", time.Millisecond, time.Millisecond},
		{Span, "60", never, never},
		{RateLimitField, `"a";r=0;t=60`, time.Minute, time.Minute},
	} {
		c := &Catalog{Places: []Place{{}, {Header: "X-Ratelimit-Reset"}}, Limits: []Window{{Name: "w", Reset: 1, ResetUnit: tt.unit}}}
		for _, got := range []struct {
			header http.Header
			want   time.Duration
		}{
			{http.Header{}, tt.local},
			{http.Header{"Date": {server}}, tt.dated},
			{http.Header{"Date": {server}, "Age": {"3600"}}, tt.local},
		} {
			got.header.Set("X-RateLimit-Reset", tt.text)
			limits, have := c.RateLimits(got.header, now), never
			if len(limits) == 1 {
				have = limits[0].ResetAt.Sub(now)
			}
			if have != got.want {
				t.Errorf("%v: it ends in %v, want %v", got.header, have, got.want)
			}
		}
	}
}

// TestRateLimitWait holds what the header asks for beside others, and in
// several lines.
func TestRateLimitWait(t *testing.T) {
	c := &Catalog{
		Places: []Place{{}, {Header: "Retry-After"}, {Header: "Ratelimit", Lines: true}, {Header: "Ratelimit-Reset"}},
		Delay:  Delay{Sources: []Source{{1, RetryAfter}, {2, RateLimitField}, {3, Seconds}}},
	}
	now := time.Unix(1_710_000_000, 0)
	for _, tt := range []struct {
		header http.Header
		want   time.Duration // -1: it asks for nothing
	}{
		{http.Header{"Ratelimit": {`"a";r=0;t=5`}}, 5 * time.Second},
		{http.Header{"Ratelimit": {`"a";r=0;t=5`, `"b";r=0;t=9`}}, 9 * time.Second},
		{http.Header{"Ratelimit": {"limit=1, remaining=0", "reset=7"}}, 7 * time.Second},
		{http.Header{"Ratelimit": {`"a";r=0;t=5`}, "Retry-After": {"3"}}, 3 * time.Second},
		{http.Header{"Ratelimit": {`"a";r=0;t=5`}, "Retry-After": {"soon"}}, 5 * time.Second},
		{http.Header{"Ratelimit": {`"a";r=3;t=5`}}, -1},
		{http.Header{"Ratelimit": {`"a";r=3;t=5`}, "Ratelimit-Reset": {"4"}}, 4 * time.Second},
		{http.Header{"Ratelimit": {`"a";r=0;t=5`, `"b`}, "Ratelimit-Reset": {"4"}}, 4 * time.Second},
		{http.Header{"Ratelimit-Reset": {"1710000060"}}, 1710000060 * time.Second},
		{http.Header{}, -1},
	} {
		e := c.Decode(http.StatusTooManyRequests, tt.header, nil, now)
		if tt.want < 0 && !e.RetryAt().IsZero() || tt.want >= 0 && !e.RetryAt().Equal(now.Add(tt.want)) {
			t.Errorf("%v: until %v, want %v", tt.header, e.RetryAt(), tt.want)
		}
	}
}
