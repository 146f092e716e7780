package apierr

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// invalid is what is wanted of a text that is not valid in its unit.
const invalid = time.Duration(-1)

var spanCases = []struct {
	unit Unit
	text string
	want time.Duration
}{
	{Seconds, "0", 0},
	{Seconds, "60", time.Minute},
	{Seconds, " 7 ", 7 * time.Second},
	{Seconds, "\t7\t ", 7 * time.Second},
	{Seconds, "007", 7 * time.Second},
	{Seconds, "2.0", 2 * time.Second},
	{Seconds, "64.57", 64570 * time.Millisecond},
	{Seconds, "0.539477544", 539477544},
	{Seconds, "0.5394775440", 539477544},
	{Seconds, "0.5394775441", 539477545},
	{Seconds, "0.0000000001", 1},
	{Seconds, "0." + strings.Repeat("0", 500) + "1", 1},
	{Seconds, "0." + strings.Repeat("9", 500), time.Second},
	{Seconds, strings.Repeat("0", 500) + "1", time.Second},
	{Seconds, "9223372036", 9223372036 * time.Second},
	{Seconds, "9223372036.854775807", math.MaxInt64},
	{Seconds, "9223372036.854775808", invalid},
	{Seconds, "9223372036.8547758070001", invalid},
	{Seconds, "9223372037", invalid},
	{Seconds, "18446744073", invalid},
	{Seconds, "18446744073709551616", invalid},
	{Seconds, "99999999999999999999999999999999999", invalid},
	{Seconds, "", invalid},
	{Seconds, " \t ", invalid},
	{Seconds, "-1", invalid},
	{Seconds, "-0", invalid},
	{Seconds, "+5", invalid},
	{Seconds, "1e3", invalid},
	{Seconds, "1E3", invalid},
	{Seconds, "0x10", invalid},
	{Seconds, "1_000", invalid},
	{Seconds, "1,000", invalid},
	{Seconds, "1,5", invalid},
	{Seconds, "1.000.000", invalid},
	{Seconds, "5.", invalid},
	{Seconds, ".5", invalid},
	{Seconds, ".", invalid},
	{Seconds, "5.-1", invalid},
	{Seconds, "NaN", invalid},
	{Seconds, "Inf", invalid},
	{Seconds, "infinity", invalid},
	{Seconds, "7 s", invalid},
	{Seconds, "7s", invalid},
	{Seconds, "1 0", invalid},
	{Seconds, "7\n", invalid},
	{Seconds, "\u00a07", invalid},
	{Seconds, "7\x00", invalid},
	{Seconds, "\u0663", invalid},
	{Seconds, "\uff17", invalid},
	{Seconds, "1, 2", invalid},
	{Seconds, "\"7\"", invalid},
	{Seconds, "null", invalid},
	{Seconds, "00:00:07", invalid},
	{Seconds, "Fri, 31 Dec 1999 23:59:59 GMT", invalid},

	{Milliseconds, "10", 10 * time.Millisecond},
	{Milliseconds, "539.477544", 539477544},
	{Milliseconds, "0.0000001", 1},
	{Milliseconds, "9223372036854.775807", math.MaxInt64},
	{Milliseconds, "9223372036854.775808", invalid},
	{Milliseconds, "9223372036855", invalid},
	{Milliseconds, "-10", invalid},

	{Minutes, "5", 5 * time.Minute},
	{Minutes, "0.5", 30 * time.Second},
	{Minutes, "0.333333333333", 20 * time.Second},
	{Minutes, "0.00000000001", 1},
	{Minutes, "153722867", 153722867 * time.Minute},
	{Minutes, "153722868", invalid},
	{Minutes, "1:30", invalid},

	{RetryAfter, "120", 2 * time.Minute},
	{RetryAfter, "1.5", 1500 * time.Millisecond},
	{RetryAfter, "120 ", 2 * time.Minute},
	{RetryAfter, "-120", invalid},
	{RetryAfter, "120s", invalid},

	{Clock, "00:00:03", 3 * time.Second},
	{Clock, "1:02:03", time.Hour + 2*time.Minute + 3*time.Second},
	{Clock, "120:30:15.25", 120*time.Hour + 30*time.Minute + 15250*time.Millisecond},
	{Clock, "00:00:59.9999999999", time.Minute},
	{Clock, "00:00:00.0000000001", 1},
	{Clock, "2562047:47:16.854775807", math.MaxInt64},
	{Clock, "2562047:47:16.854775808", invalid},
	{Clock, "2562047:59:59", invalid},
	{Clock, "2562048:00:00", invalid},
	{Clock, "99999999999999999999:00:00", invalid},
	{Clock, "23:59:60", invalid},
	{Clock, "00:60:00", invalid},
	{Clock, "00:03", invalid},
	{Clock, "3", invalid},
	{Clock, ":00:03", invalid},
	{Clock, "00:0:03", invalid},
	{Clock, "00:00:3", invalid},
	{Clock, "00:00:003", invalid},
	{Clock, "00:00:03.", invalid},
	{Clock, "00:00:-3", invalid},
	{Clock, "-1:00:00", invalid},
	{Clock, "00:00:03,5", invalid},
	{Clock, "00.00.03", invalid},
	{Clock, "1.00:00:03", invalid},
	{Clock, "00:00:03 ", 3 * time.Second},
	{Clock, "00: 00:03", invalid},

	{Span, "3.5s", 3500 * time.Millisecond},
	{Span, "6m0s", 6 * time.Minute},
	{Span, "539.47ms", 539470 * time.Microsecond},
	{Span, "1h2m", time.Hour + 2*time.Minute},
	{Span, "0s", 0},
	{Span, "2us", 2 * time.Microsecond},
	{Span, "2\u00b5s", 2 * time.Microsecond},
	{Span, "2\u03bcs", 2 * time.Microsecond},
	{Span, "1ns", 1},
	{Span, "0.1ns", 1},
	{Span, "0.0000000000001h", 1},
	{Span, "0.000000000000277777777777777777h", 1},
	{Span, "0.0000000000002777777777777777777778h", 2},
	{Span, " 3.5s ", 3500 * time.Millisecond},
	{Span, "9223372036854775807ns", math.MaxInt64},
	{Span, "9223372036854775807ns1ns", invalid},
	{Span, "2562047h47m16.854775807s", math.MaxInt64},
	{Span, "2562047h47m16.854775808s", invalid},
	{Span, "2562048h", invalid},
	{Span, "99999999999999999999999999999999999s", invalid},
	{Span, "", invalid},
	{Span, "0", invalid},
	{Span, "7", invalid},
	{Span, "s", invalid},
	{Span, ".s", invalid},
	{Span, ".5s", invalid},
	{Span, "5.s", invalid},
	{Span, "1.2.3s", invalid},
	{Span, "-3.5s", invalid},
	{Span, "+3.5s", invalid},
	{Span, "1h-2m", invalid},
	{Span, "1h 2m", invalid},
	{Span, "1h2", invalid},
	{Span, "1e3s", invalid},
	{Span, "7d", invalid},
	{Span, "7S", invalid},
	{Span, "\u0663s", invalid},

	{ISO8601, "PT30S", 30 * time.Second},
	{ISO8601, "PT0S", 0},
	{ISO8601, "PT1M", time.Minute},
	{ISO8601, "PT1H2M3.5S", time.Hour + 2*time.Minute + 3500*time.Millisecond},
	{ISO8601, "PT1,5H", 90 * time.Minute},
	{ISO8601, "P1D", 24 * time.Hour},
	{ISO8601, "P1DT2H", 26 * time.Hour},
	{ISO8601, "P2W", 14 * 24 * time.Hour},
	{ISO8601, "P0.5D", 12 * time.Hour},
	{ISO8601, " PT007S ", 7 * time.Second},
	{ISO8601, "PT9223372036.854775807S", math.MaxInt64},
	{ISO8601, "PT9223372036.854775808S", invalid},
	{ISO8601, "P106751DT23H47M16.854775808S", invalid},
	{ISO8601, "P1Y", invalid},
	{ISO8601, "P1M", invalid},
	{ISO8601, "P1MT1S", invalid},
	{ISO8601, "PT1D", invalid},
	{ISO8601, "P1H", invalid},
	{ISO8601, "PT1S1M", invalid},
	{ISO8601, "PT1S1S", invalid},
	{ISO8601, "PT1.5H1M", invalid},
	{ISO8601, "P", invalid},
	{ISO8601, "PT", invalid},
	{ISO8601, "P1DT", invalid},
	{ISO8601, "PTT1S", invalid},
	{ISO8601, "PT1ST1S", invalid},
	{ISO8601, "T1S", invalid},
	{ISO8601, "PT.5S", invalid},
	{ISO8601, "PT5.S", invalid},
	{ISO8601, "PT1.2,3S", invalid},
	{ISO8601, "PTS", invalid},
	{ISO8601, "PT 1S", invalid},
	{ISO8601, "PT-1S", invalid},
	{ISO8601, "-PT1S", invalid},
	{ISO8601, "+PT1S", invalid},
	{ISO8601, "PT1e3S", invalid},
	{ISO8601, "pt30s", invalid},
	{ISO8601, "30", invalid},
	{ISO8601, "", invalid},

	{UnitNone, "7", invalid},
	{Unit(200), "7", invalid},
	{Unix, "7", invalid},
	{RFC3339, "2026-04-01T00:00:00Z", invalid},

	// RateLimit, draft 08 and later: the longest of the windows that are used up.
	{RateLimitField, `"default";r=0;t=30`, 30 * time.Second},
	{RateLimitField, "default;r=0;t=30", 30 * time.Second},
	{RateLimitField, ` "default"; r=0; t=30 `, 30 * time.Second},
	{RateLimitField, `"default";t=30;r=0;pk=:aGk=:`, 30 * time.Second},
	{RateLimitField, `"a";r=0;t=5, "b";r=0;t=3600, "c";r=0;t=60`, time.Hour},
	{RateLimitField, `"a";r=0;t=5, "b";r=7;t=3600`, 5 * time.Second},
	{RateLimitField, `"a";r=0;t=0`, 0},
	{RateLimitField, `"a";r=0, "b";r=0;t=5`, 5 * time.Second},
	{RateLimitField, `"a";r=7;r=0;t=9;t=5`, 5 * time.Second},
	{RateLimitField, `("a" "b");r=0;t=5`, invalid},
	{RateLimitField, `100;r=0;t=5`, invalid},
	{RateLimitField, `"a";r=0;t=9223372036`, 9223372036 * time.Second},
	{RateLimitField, `"a";r=0;t=9223372037`, invalid},
	{RateLimitField, `"a";r=0;t=5, "b";r=0;t=999999999999999`, invalid},
	{RateLimitField, `"a";r=1;t=5`, invalid},
	{RateLimitField, `"a";r=0`, invalid},
	{RateLimitField, `"a";t=5`, invalid},
	{RateLimitField, `"a";r=-1;t=5`, invalid},
	{RateLimitField, `"a";r=0;t=-5`, invalid},
	{RateLimitField, `"a";r=0;t=5.0`, invalid},
	{RateLimitField, `"a";r=0.0;t=5`, invalid},
	{RateLimitField, `"a";r=0;t="5"`, invalid},
	{RateLimitField, `"a";r=0;t=@5`, invalid},
	{RateLimitField, `"a";r=0;t=5e1`, invalid},
	{RateLimitField, `"a";r=0;t=5, "b`, invalid},
	{RateLimitField, `"a";r=0;t=5,`, invalid},
	{RateLimitField, `"a";R=0;T=5`, invalid},
	{RateLimitField, `"a", r=0, t=5`, invalid},
	{RateLimitField, "", invalid},
	{RateLimitField, "30", invalid},
	{RateLimitField, "Sat, 21 Nov 2026 12:00:20 GMT", invalid},

	// RateLimit, draft 07: the one window, if it is used up.
	{RateLimitField, "limit=100, remaining=0, reset=5", 5 * time.Second},
	{RateLimitField, "limit=100,remaining=0,reset=5", 5 * time.Second},
	{RateLimitField, "remaining=0, reset=0", 0},
	{RateLimitField, "reset=5, remaining=0;comment=none", 5 * time.Second},
	{RateLimitField, "remaining=3, remaining=0, reset=7, reset=5", 5 * time.Second},
	{RateLimitField, "limit=100, remaining=50, reset=5", invalid},
	{RateLimitField, "limit=100, remaining=0", invalid},
	{RateLimitField, "limit=100, reset=5", invalid},
	{RateLimitField, "limit=0, remaining=-0, reset=5", invalid},
	{RateLimitField, "remaining=0, reset=-5", invalid},
	{RateLimitField, "remaining=0, reset=5.5", invalid},
	{RateLimitField, "remaining=0; reset=5", invalid},
	{RateLimitField, "remaining=0, reset=9999999999", invalid},
	{RateLimitField, "remaining=0, reset=5,", invalid},
	{RateLimitField, "Remaining=0, Reset=5", invalid},
}

func TestParseSpan(t *testing.T) {
	for _, c := range spanCases {
		got, ok := parseSpan(c.text, c.unit)
		switch {
		case c.want == invalid && (ok || got != 0):
			t.Errorf("parseSpan(%.60q, %v) = %v, %v; want it to be invalid", c.text, c.unit, got, ok)
		case c.want != invalid && (!ok || got != c.want):
			t.Errorf("parseSpan(%.60q, %v) = %v, %v; want %v", c.text, c.unit, got, ok, c.want)
		}
	}
}

// instantCases are instants; want is in RFC 3339, or empty when the text is
// none.
var instantCases = []struct {
	unit       Unit
	text, want string
}{
	{Unix, "1710000000", "2024-03-09T16:00:00Z"},
	{Unix, "1470173023.123", "2016-08-02T21:23:43.123Z"},
	{Unix, "1470173023.1230000001", "2016-08-02T21:23:43.123000001Z"},
	{Unix, "1470173023.9999999999", "2016-08-02T21:23:44Z"},
	{Unix, " 1710000000 ", "2024-03-09T16:00:00Z"},
	{Unix, "978307200", "2001-01-01T00:00:00Z"},
	{Unix, "978307199", ""},
	{Unix, "978307199.999999999", ""},
	{Unix, "253402300799", "9999-12-31T23:59:59Z"},
	{Unix, "253402300799.999999999", "9999-12-31T23:59:59.999999999Z"},
	{Unix, "253402300799.9999999999", ""},
	{Unix, "253402300800", ""},
	{Unix, "1710000000000", ""},
	{Unix, "0", ""},
	{Unix, "60", ""},
	{Unix, "99999999999999999999999999999999999", ""},
	{Unix, "-1710000000", ""},
	{Unix, "+1710000000", ""},
	{Unix, "1.71e9", ""},
	{Unix, "0x65ec8780", ""},
	{Unix, "1_710_000_000", ""},
	{Unix, "1710000000.", ""},
	{Unix, "", ""},

	{UnixMilli, "1710000000000", "2024-03-09T16:00:00Z"},
	{UnixMilli, "1710000000123", "2024-03-09T16:00:00.123Z"},
	{UnixMilli, "1710000000123.4567891", "2024-03-09T16:00:00.12345679Z"},
	{UnixMilli, "978307200000", "2001-01-01T00:00:00Z"},
	{UnixMilli, "978307199999", ""},
	{UnixMilli, "253402300799999", "9999-12-31T23:59:59.999Z"},
	{UnixMilli, "253402300800000", ""},
	{UnixMilli, "1710000000", ""},
	{UnixMilli, "NaN", ""},

	{RFC3339, "2026-04-01T00:00:00.000Z", "2026-04-01T00:00:00Z"},
	{RFC3339, "2026-04-01T00:00:00Z", "2026-04-01T00:00:00Z"},
	{RFC3339, "2026-04-01t00:00:00z", "2026-04-01T00:00:00Z"},
	{RFC3339, "2026-04-01 00:00:00", "2026-04-01T00:00:00Z"},
	{RFC3339, "2026-04-01T00:00:00", "2026-04-01T00:00:00Z"},
	{RFC3339, "2026-04-01T00:00:00,5", "2026-04-01T00:00:00.5Z"},
	{RFC3339, "2026-04-01T00:00:00.123456789012Z", "2026-04-01T00:00:00.12345679Z"},
	{RFC3339, "2026-12-31T23:59:59.9999999999Z", "2027-01-01T00:00:00Z"},
	{RFC3339, "2026-04-01T02:00:00+02:00", "2026-04-01T00:00:00Z"},
	{RFC3339, "2026-04-01T02:00:00+0200", "2026-04-01T00:00:00Z"},
	{RFC3339, "2026-04-01T02:00:00+02", "2026-04-01T00:00:00Z"},
	{RFC3339, "2026-03-31T20:30:00-03:30", "2026-04-01T00:00:00Z"},
	{RFC3339, "2026-04-01T00:00:00-00:00", "2026-04-01T00:00:00Z"},
	{RFC3339, "2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"},
	{RFC3339, "2000-02-29T12:00:00Z", "2000-02-29T12:00:00Z"},
	{RFC3339, "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
	{RFC3339, "2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00.5Z"},
	{RFC3339, "2017-01-01T05:29:60+05:30", "2017-01-01T00:00:00Z"},
	{RFC3339, "0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"},
	{RFC3339, "0000-01-01T00:00:00+00:01", ""},
	{RFC3339, "9999-12-31T23:59:59-00:01", ""},
	{RFC3339, "9999-12-31T23:59:60Z", ""},
	{RFC3339, "2016-12-31T23:59:61Z", ""},
	{RFC3339, "2016-12-31T12:00:60Z", ""},
	{RFC3339, "2016-12-31T23:59:60+05:30", ""},
	{RFC3339, "2026-02-30T00:00:00Z", ""},
	{RFC3339, "2025-02-29T00:00:00Z", ""},
	{RFC3339, "2100-02-29T00:00:00Z", ""},
	{RFC3339, "2026-04-31T00:00:00Z", ""},
	{RFC3339, "2026-00-01T00:00:00Z", ""},
	{RFC3339, "2026-13-01T00:00:00Z", ""},
	{RFC3339, "2026-04-00T00:00:00Z", ""},
	{RFC3339, "2026-04-01T24:00:00Z", ""},
	{RFC3339, "2026-04-01T00:60:00Z", ""},
	{RFC3339, "2026-04-01T00:00:00+24:00", ""},
	{RFC3339, "2026-04-01T00:00:00+00:60", ""},
	{RFC3339, "2026-04-01T00:00:00+00:", ""},
	{RFC3339, "2026-04-01T00:00:00+", ""},
	{RFC3339, "2026-04-01T00:00:00+2", ""},
	{RFC3339, "2026-04-01T00:00:00.Z", ""},
	{RFC3339, "2026-04-01T00:00:00 Z", ""},
	{RFC3339, "2026-04-01T00:00:00ZZ", ""},
	{RFC3339, "2026-04-01T00:00:00[UTC]", ""},
	{RFC3339, "2026-04-01T00:00:00Z\n", ""},
	{RFC3339, "2026-04-01T00:00Z", ""},
	{RFC3339, "2026-04-01", ""},
	{RFC3339, "20260401T000000Z", ""},
	{RFC3339, "2026-4-1T0:0:0Z", ""},
	{RFC3339, "+2026-04-01T00:00:00Z", ""},
	{RFC3339, "-026-04-01T00:00:00Z", ""},
	{RFC3339, "2026-04-01_00:00:00Z", ""},
	{RFC3339, "2026-04-\u0660\u0661T00:00:00Z", ""},
	{RFC3339, "1710000000", ""},
	{RFC3339, "", ""},

	{HTTPDate, "Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"},
	{HTTPDate, "Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"},
	{HTTPDate, "Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z"},
	{HTTPDate, "Wed Nov 16 08:49:37 1994", "1994-11-16T08:49:37Z"},
	{HTTPDate, " Sun, 06 Nov 1994 08:49:37 GMT ", "1994-11-06T08:49:37Z"},
	{HTTPDate, "Mon, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"},
	{HTTPDate, "Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z"},
	{HTTPDate, "Sat, 31 Dec 2016 12:00:60 GMT", ""},
	{HTTPDate, "Zun, 29 Sep 2023 16:26:27 GMT", ""},
	{HTTPDate, "Sunday, 06 Nov 1994 08:49:37 GMT", ""},
	{HTTPDate, "Sun, 06-Nov-94 08:49:37 GMT", ""},
	{HTTPDate, "Sunday, 06-Nov-1994 08:49:37 GMT", ""},
	{HTTPDate, "Sun, 6 Nov 1994 08:49:37 GMT", ""},
	{HTTPDate, "Sun Nov 6 08:49:37 1994", ""},
	{HTTPDate, "Sun Nov   08:49:37 1994", ""},
	{HTTPDate, "Sun, 06 Nov 1994 08:49:37 UTC", ""},
	{HTTPDate, "Sun, 06 Nov 1994 08:49:37 +0000", ""},
	{HTTPDate, "Sun, 06 Nov 1994 08:49:37", ""},
	{HTTPDate, "Sun, 06 Nov 1994 08:49:37.5 GMT", ""},
	{HTTPDate, "Fri, 30 Feb 2024 00:00:00 GMT", ""},
	{HTTPDate, "Fri, 00 Feb 2024 00:00:00 GMT", ""},
	{HTTPDate, "Fri, 01 Foo 2024 00:00:00 GMT", ""},
	{HTTPDate, "Fri, 01 Feb 2024 24:00:00 GMT", ""},
	{HTTPDate, "06 Nov 1994 08:49:37 GMT", ""},
	{HTTPDate, "1994-11-06T08:49:37Z", ""},
	{HTTPDate, "120", ""},
	{HTTPDate, ",", ""},
	{HTTPDate, "", ""},

	{RetryAfter, "Fri, 31 Dec 1999 23:59:59 GMT", "1999-12-31T23:59:59Z"},
	{RetryAfter, "Friday, 31-Dec-99 23:59:59 GMT", "1999-12-31T23:59:59Z"},
	{RetryAfter, "120", ""},
	{RetryAfter, "120, Fri, 31 Dec 1999 23:59:59 GMT", ""},

	{UnitNone, "2026-04-01T00:00:00Z", ""},
	{Seconds, "1710000000", ""},
	{Unit(200), "1710000000", ""},
}

func TestParseInstant(t *testing.T) {
	for _, c := range instantCases {
		got, ok := parseInstant(c.text, c.unit)
		switch {
		case c.want == "" && (ok || !got.IsZero()):
			t.Errorf("parseInstant(%q, %v) = %v, %v; want it to be invalid", c.text, c.unit, got, ok)
		case c.want != "" && (!ok || got.Format(time.RFC3339Nano) != c.want):
			t.Errorf("parseInstant(%q, %v) = %v, %v; want %v", c.text, c.unit, got, ok, c.want)
		}
	}
}

// TestRFC3339Bytes compares a text with any byte in place of any other, and texts
// with something after them, with what package time makes of them.
func TestRFC3339Bytes(t *testing.T) {
	check := func(text string) {
		t.Helper()
		got, ok := parseInstant(text, RFC3339)
		want, err := time.Parse(time.RFC3339Nano, text)
		if ok != (err == nil) || ok && !got.Equal(want) {
			t.Errorf("%q: %v, %v; want %v, %v", text, got, ok, want, err)
		}
	}
	const text = "2026-04-01T00:00:00"
	for i := range len(text) {
		for b := range 256 {
			if i == 10 || i == 17 && b == '6' {
				continue // a blank or a t, and the leap second, are allowed here
			}
			check(text[:i] + string([]byte{byte(b)}) + text[i+1:] + "Z")
		}
	}
	for _, end := range []string{
		".123Z", ".907Z", ".000Z", ".1234Z", ".12Z", "x123Z", ".123x", ".x23Z", ".1x3Z", ".12xZ", ".12:Z", ".12/Z", ".1:3Z",
		"+01:30", "x", ".Z", ".5+00:00",
	} {
		check(text + end)
		check("2026a04-01T00:00:00" + end)
		check("2026-04-01T00:0a:00" + end)
	}
}

func TestTwoDigitYear(t *testing.T) {
	for _, c := range []struct{ base, text, want string }{
		{"2026-11-21T00:00:00Z", "Saturday, 21-Nov-26 00:00:00 GMT", "2026-11-21T00:00:00Z"},
		{"2026-11-21T00:00:00Z", "Saturday, 21-Nov-76 00:00:00 GMT", "2076-11-21T00:00:00Z"},
		{"2026-11-21T00:00:00Z", "Saturday, 21-Nov-76 00:00:01 GMT", "1976-11-21T00:00:01Z"},
		{"2026-11-21T00:00:00Z", "Saturday, 21-Nov-77 00:00:00 GMT", "1977-11-21T00:00:00Z"},
		{"1999-12-31T00:00:00Z", "Saturday, 01-Jan-00 00:00:00 GMT", "2000-01-01T00:00:00Z"},
		{"2099-12-31T00:00:00Z", "Saturday, 01-Jan-01 00:00:00 GMT", "2101-01-01T00:00:00Z"},
		{"2060-01-01T00:00:00Z", "Saturday, 29-Feb-00 00:00:00 GMT", ""}, // 2100 has none
		{"9990-01-01T00:00:00Z", "Saturday, 01-Jan-00 00:00:00 GMT", ""}, // five digits
		{"2026-11-21T01:00:00+02:00", "Saturday, 20-Nov-76 23:00:01 GMT", "1976-11-20T23:00:01Z"},
	} {
		base, err := time.Parse(time.RFC3339, c.base)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := instantNear(c.text, HTTPDate, base)
		if ok != (c.want != "") || ok && got.Format(time.RFC3339) != c.want {
			t.Errorf("%q near %s = %v, %v; want %q", c.text, c.base, got, ok, c.want)
		}
	}
}

func TestParseWait(t *testing.T) {
	base := time.Date(2026, time.November, 21, 12, 0, 0, 250, time.UTC)
	for _, c := range []struct {
		unit Unit
		text string
		want time.Duration
	}{
		{Seconds, "60", time.Minute},
		{Span, "539.477544ms", 539477544},
		{RetryAfter, "2.0", 2 * time.Second},
		{RetryAfter, "Sat, 21 Nov 2026 12:00:20 GMT", 20*time.Second - 250},
		{RetryAfter, "Saturday, 21-Nov-26 12:00:20 GMT", 20*time.Second - 250},
		{HTTPDate, "Sat Nov 21 12:00:20 2026", 20*time.Second - 250},
		{RFC3339, "2026-11-21T13:00:00+01:00", 0},
		{RFC3339, "2026-11-21T12:00:00.000000251Z", 1},
		{RFC3339, "2026-11-21T12:00:00.0000002501Z", 1},
		{RFC3339, "2026-11-21T12:00:00.00000025Z", 0},
		{RFC3339, "0001-01-01T00:00:00Z", 0},
		{Unix, "1136214245", 0},
		{Unix, "978307200", 0},
		{Unix, "243424", invalid},
		{Unix, "9999999999", 8204737598999999750},
		{Unix, "253402300799", invalid}, // more than a Duration away
		{UnixMilli, "1795262400000", 0},
		{RetryAfter, "Zun, 29 Sep 2023 16:26:27 GMT", invalid},
		{UnitNone, "60", invalid},
	} {
		got, ok := parseWait(c.text, c.unit, base)
		switch {
		case c.want == invalid && (ok || got != 0):
			t.Errorf("parseWait(%q, %v) = %v, %v; want it to be invalid", c.text, c.unit, got, ok)
		case c.want != invalid && (!ok || got != c.want):
			t.Errorf("parseWait(%q, %v) = %d, %v; want %d", c.text, c.unit, got, ok, c.want)
		}
	}
}

func TestResponseBase(t *testing.T) {
	now := time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC)
	date := now.Add(-time.Hour)
	var s scan // all of them, so that each has the Date of another before it
	for _, c := range []struct {
		name   string
		header http.Header
		want   time.Time
	}{
		{"no header", nil, now},
		{"zeros", http.Header{"Date": {strings.Repeat("\x00", 29)}}, now},
		{"Date", http.Header{"Date": {date.Format(http.TimeFormat)}}, date},
		{"the start of another", http.Header{"Date": {date.Format(http.TimeFormat)[:28]}}, now},
		{"the same Date", http.Header{"Date": {date.Format(http.TimeFormat)}}, date},
		{"another Date", http.Header{"Date": {date.Add(time.Second).Format(http.TimeFormat)}}, date.Add(time.Second)},
		{"RFC 850 date", http.Header{"Date": {"Sunday, 22-Nov-26 11:00:00 GMT"}}, date.Add(24 * time.Hour)},
		{"the start of that one", http.Header{"Date": {"Sunday, 22-Nov-26 11:00:00 GMT"[:29]}}, now},
		{"white space", http.Header{"Date": {" " + date.Format(http.TimeFormat) + "\t"}}, date},
		{"from a cache", http.Header{"Date": {date.Format(http.TimeFormat)}, "Age": {"0"}}, now},
		{"empty Age", http.Header{"Date": {date.Format(http.TimeFormat)}, "Age": {""}}, now},
		{"broken Date", http.Header{"Date": {"yesterday"}}, now},
		{"number for a Date", http.Header{"Date": {"1795262400"}}, now},
	} {
		s.header = c.header
		if got := s.responseBase(now); !got.Equal(c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// TestPastInstants holds that a wait for what is past is none, however long ago.
func TestPastInstants(t *testing.T) {
	for year := 1; year <= 2026; year++ {
		text := fmt.Sprintf("%04d-01-01T00:00:00Z", year)
		base := time.Date(2026, time.January, 1, 0, 0, 0, 1, time.UTC)
		if got, ok := parseWait(text, RFC3339, base); got != 0 || !ok {
			t.Errorf("%s: %v, %v", text, got, ok)
		}
	}
}

func TestWaitDoesNotAllocate(t *testing.T) {
	base := time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC)
	s := scan{header: http.Header{"Date": {"Saturday, 21-Nov-26 11:00:00 GMT"}}}
	for _, c := range []struct {
		unit Unit
		text string
	}{
		{Seconds, " 64.57 "},
		{Milliseconds, "539.477544"},
		{Minutes, "0.5"},
		{Unix, "1795262400.123"},
		{UnixMilli, "1795262400000"},
		{RFC3339, "2026-11-21T13:00:00.123456789+01:00"},
		{HTTPDate, "Sat, 21 Nov 2026 12:00:20 GMT"},
		{HTTPDate, "Saturday, 21-Nov-26 12:00:20 GMT"},
		{HTTPDate, "Sat Nov 21 12:00:20 2026"},
		{RetryAfter, "120"},
		{RetryAfter, "Sat, 21 Nov 2026 12:00:20 GMT"},
		{Clock, "00:00:03.5"},
		{Span, "1h2m3.5s4\u00b5s"},
		{RateLimitField, `"default";r=0;t=30, daily;r=7;t=3600`},
		{RateLimitField, "limit=100, remaining=0, reset=5"},
	} {
		n := testing.AllocsPerRun(100, func() {
			if _, ok := parseWait(c.text, c.unit, s.responseBase(base)); !ok {
				t.Fatalf("%q is not valid in the unit %v", c.text, c.unit)
			}
		})
		if n != 0 {
			t.Errorf("%v %q: %v allocations", c.unit, c.text, n)
		}
	}
}

func TestCapturesDurationAndTime(t *testing.T) {
	const absent, wait, reset, date, number, wrong, null, inner At = 1, 2, 3, 4, 5, 6, 7, 8
	c := Catalog{Places: []Place{
		{},
		absent: {Path: "$.absent"},
		wait:   {Path: "$.wait"},
		reset:  {Path: "$.reset"},
		date:   {Header: "Retry-After"},
		number: {Header: "X-Wait"},
		wrong:  {Path: "$.wrong"},
		null:   {Path: "$.null"},
		inner:  {Path: "$.text", After: "again in ", Before: "."},
	}}
	april := time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC)
	built := false
	c.Build = func(v Captures) *Error {
		built = true
		for _, c := range []struct {
			name      string
			got, want time.Duration
		}{
			{"a JSON number", v.Duration(Seconds, wait), 64570 * time.Millisecond},
			{"the first that is present", v.Duration(Milliseconds, absent, null, wait, number), 64570 * time.Microsecond},
			{"a header", v.Duration(RetryAfter, number), 2 * time.Minute},
			{"part of a text", v.Duration(Span, inner), 6 * time.Minute},
			{"an exponent", v.Duration(Seconds, wrong), 0},
			{"a date", v.Duration(RetryAfter, date), 0},
			{"an instant", v.Duration(RFC3339, reset), 0},
			{"nothing", v.Duration(Seconds, absent), 0},
			{"no place", v.Duration(Seconds), 0},
			{"no unit", v.Duration(UnitNone, wait), 0},
		} {
			if c.got != c.want {
				t.Errorf("Duration of %s: got %v, want %v", c.name, c.got, c.want)
			}
		}
		for _, c := range []struct {
			name      string
			got, want time.Time
		}{
			{"a JSON string", v.Time(RFC3339, reset), april},
			{"the first that is present", v.Time(RFC3339, null, absent, reset, wait), april},
			{"a header", v.Time(RetryAfter, date), april},
			{"a number of seconds", v.Time(RetryAfter, number), time.Time{}},
			{"a length", v.Time(Seconds, wait), time.Time{}},
			{"a small number", v.Time(Unix, wait), time.Time{}},
			{"nothing", v.Time(RFC3339, absent), time.Time{}},
			{"no place", v.Time(RFC3339), time.Time{}},
		} {
			if c.got != c.want {
				t.Errorf("Time of %s: got %v, want %v", c.name, c.got, c.want)
			}
		}
		return new(Error)
	}
	body := `{"wait":64.57,"reset":"2026-04-01T02:00:00\u002b02:00","wrong":1e3,"null":null,"text":"Try again in 6m0s."}`
	header := http.Header{"Retry-After": {"Wednesday, 01-Apr-26 00:00:00 GMT"}, "X-Wait": {"120"}}
	if c.Decode(http.StatusTooManyRequests, header, []byte(body), april); !built {
		t.Error("Build was not called")
	}
}

func TestUnitNames(t *testing.T) {
	names := Units()
	if len(names) != int(RateLimitField) {
		t.Fatalf("Units() has %d names, want %d", len(names), RateLimitField)
	}
	for u := Seconds; u <= RateLimitField; u++ {
		if got, ok := ParseUnit(u.String()); !ok || got != u || u.String() != names[u-1] {
			t.Errorf("ParseUnit(%q) = %d, %v; want %d", u.String(), got, ok, u)
		}
		if !u.Instant() && !u.Relative() {
			t.Errorf("%v is neither an instant nor a length", u)
		}
	}
	for _, name := range []string{"", "S", "seconds", " s"} {
		if u, ok := ParseUnit(name); ok || u != UnitNone {
			t.Errorf("ParseUnit(%q) = %v, %v", name, u, ok)
		}
	}
	for _, u := range []Unit{UnitNone, RateLimitField + 1, 255} {
		if u.String() != "" || u.Instant() || u.Relative() {
			t.Errorf("Unit(%d) is taken for a unit", u)
		}
	}
	names[0] = "changed"
	if slices.Contains(Units(), "changed") {
		t.Error("a change of the slice that Units returned changes the units")
	}
}

// What Instant and Relative say is what the parsers read.
func TestUnitKinds(t *testing.T) {
	spans, instants := map[Unit]bool{}, map[Unit]bool{}
	for _, c := range spanCases {
		spans[c.unit] = spans[c.unit] || c.want != invalid
	}
	for _, c := range instantCases {
		instants[c.unit] = instants[c.unit] || c.want != ""
	}
	for u := range Unit(20) {
		if u.Relative() != spans[u] || u.Instant() != instants[u] {
			t.Errorf("%v: Relative is %v and Instant is %v", u, u.Relative(), u.Instant())
		}
	}
}
