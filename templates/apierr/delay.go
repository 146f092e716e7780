package apierr

import (
	"math"
	"strings"
	"time"
)

// Duration returns the first value that is a length of time in the given unit.
// It is zero when there is none, for units in which only instants are written,
// and for a date in the unit [RetryAfter].
func (c Captures) Duration(unit Unit, places ...At) time.Duration {
	for _, at := range places {
		if span, ok := c.plain(at).span(unit); ok {
			return span
		}
		if text, ok := c.text(at); ok {
			if span, ok := parseSpan(text, unit); ok {
				return span
			}
		}
	}
	return 0
}

// span returns the length of time that a counted number is. For anything else the
// second result is false.
func (got *capture) span(unit Unit) (time.Duration, bool) {
	if got == nil || got.odd != counted || int(unit) >= len(unitLengths) {
		return 0, false
	}
	length := unitLengths[unit]
	return time.Duration(got.number) * length, length != 0
}

// unitLengths are those of the units in which a length of time is a number.
var unitLengths = [...]time.Duration{
	Seconds: time.Second, Milliseconds: time.Millisecond, Minutes: time.Minute, RetryAfter: time.Second,
}

// Time returns the first value that is an instant in the given unit, in UTC. It
// is the zero Time when there is none, for units in which only lengths of time
// are written, and for a number of seconds in the unit [RetryAfter]. Two-digit
// years are those from 1970 to 2069.
func (c Captures) Time(unit Unit, places ...At) time.Time {
	for _, at := range places {
		if t, ok := c.instant(at, unit); ok {
			return t
		}
	}
	return time.Time{}
}

// lastInstant is the last instant that was read: an error's details often have
// the one until which to wait as well. The zero value is none.
type lastInstant struct {
	at   At
	unit Unit
	row  uint32
	time time.Time
}

// instant returns the instant that the text at a place is, in UTC. The second
// result is false when it is none in the unit.
func (c Captures) instant(at At, unit Unit) (time.Time, bool) {
	if c.scan != nil {
		if last := &c.scan.instant; last.at == at && last.unit == unit && last.row == c.row && at != 0 {
			return last.time, true
		}
	}
	t, ok := c.unixInstant(at, unit)
	if !ok {
		text, found := c.text(at)
		if !found {
			return time.Time{}, false
		}
		t, ok = parseInstant(text, unit)
	}
	if ok {
		c.scan.instant = lastInstant{at, unit, c.row, t}
	}
	return t, ok
}

// unixInstant is instant for what almost all instants in [Unix] are now: a number
// of ten digits.
func (c Captures) unixInstant(at At, unit Unit) (time.Time, bool) {
	got := c.plain(at)
	if unit != Unix || got == nil || got.kind != kindNumber || got.end-got.start != 10 {
		return time.Time{}, false
	}
	b := c.scan.body[got.start:got.end]
	high, low := at8(b, 0)^'0'*ones, at8(b, 8)^'0'*ones
	if nondigits(high) != 0 || nondigits(low)<<48 != 0 {
		return time.Time{}, false
	}
	sec := 100*int64(eightDigits(high)) + int64(low&0xff*10+low>>8&0xff)
	return time.Unix(sec, 0).UTC(), true // ten digits are within minUnix and maxUnix
}

// responseBase returns the instant that a response's instants are measured
// against: the server's own when it sent the response, from the Date header
// (RFC 9110, section 6.6.1), so that a wrong local clock does no harm. It is
// now when there is no valid Date, and when there is an Age header (RFC 9111,
// section 5.1), because a response from a cache has an old Date.
func (s *scan) responseBase(now time.Time) time.Time {
	text, ok := headerText(s.header, "Date")
	if !ok || len(s.header["Age"]) > 0 {
		return now
	}
	if s.dated.is(text) {
		return s.dated.time
	}
	date, ok := parseHTTPDate(text, now)
	if !ok {
		return now
	}
	if len(text) == len(s.dated.text) {
		copy(s.dated.text[:], text)
		s.dated.time = date
	}
	return date
}

// lastDate is the last Date of a response, in the form that all servers send.
// Responses that come within a second have the same. The zero value is none. Only
// dates of that form have 29 characters, and mean the same whenever they are read.
type lastDate struct {
	text [len("Sun, 06 Nov 1994 08:49:37 GMT")]byte
	time time.Time
}

func (d *lastDate) is(text string) bool { return text == string(d.text[:]) && !d.time.IsZero() }

// parseWait returns how long text asks to wait from base on. An instant before
// base is a wait of zero. The second result is false when text is not valid in
// the unit, or names an instant further away than a Duration holds.
func parseWait(text string, unit Unit, base time.Time) (time.Duration, bool) {
	if span, ok := parseSpan(text, unit); ok {
		return span, true
	}
	return waitUntil(text, unit, base)
}

// waitUntil is parseWait for an instant.
func waitUntil(text string, unit Unit, base time.Time) (time.Duration, bool) {
	t, ok := instantNear(text, unit, base)
	if !ok {
		return 0, false
	}
	return waitFor(t, base)
}

// waitFor returns how long it is from base to an instant, zero to one before
// base. The second result is false when that is more than a Duration holds.
func waitFor(t, base time.Time) (time.Duration, bool) {
	wait := t.Sub(base)
	if wait == math.MaxInt64 {
		return 0, false
	}
	return max(wait, 0), true
}

// parseSpan returns the length of time that text is. The second result is
// false when it is none in the unit.
func parseSpan(text string, unit Unit) (time.Duration, bool) {
	text = trimOWS(text)
	switch unit {
	case Seconds, RetryAfter:
		return parseCount(text, time.Second)
	case Milliseconds:
		return parseCount(text, time.Millisecond)
	case Minutes:
		return parseCount(text, time.Minute)
	case Clock:
		return parseClock(text)
	case Span:
		return parseParts(text)
	case ISO8601:
		return parsePeriod(text)
	case RateLimitField:
		return exhausted(text)
	default:
		return 0, false
	}
}

// undatedBase decides the century of a two-digit year where no response says
// when it was written.
var undatedBase = time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)

// parseInstant returns the instant that text is, in UTC. The second result is
// false when it is none in the unit.
func parseInstant(text string, unit Unit) (time.Time, bool) {
	return instantNear(text, unit, undatedBase)
}

// instantNear is parseInstant for a text that was written at about base.
func instantNear(text string, unit Unit, base time.Time) (time.Time, bool) {
	text = trimOWS(text)
	switch unit {
	case Unix:
		return parseUnix(text, time.Second)
	case UnixMilli:
		return parseUnix(text, time.Millisecond)
	case RFC3339:
		return parseRFC3339(text)
	case HTTPDate, RetryAfter:
		return parseHTTPDate(text, base)
	default:
		return time.Time{}, false
	}
}

// trimOWS cuts off optional white space (RFC 9110, section 5.6.3).
func trimOWS(s string) string {
	if s == "" || s[0] > ' ' && s[len(s)-1] > ' ' {
		return s
	}
	return strings.Trim(s, " \t")
}

// parseCount returns a decimal number of units, such as 64.57.
func parseCount(s string, unit time.Duration) (time.Duration, bool) {
	n, rest, ok := readWhole(s)
	if !ok || n > math.MaxInt64/int64(unit) {
		return 0, false
	}
	part, rest, ok := readFraction(rest, ".", unit)
	d := time.Duration(n)*unit + part
	if !ok || rest != "" || d < 0 {
		return 0, false
	}
	return d, true
}

// parseClock returns a length such as 00:00:03.
func parseClock(s string) (time.Duration, bool) {
	hours, rest, ok := readWhole(s)
	if !ok || hours > math.MaxInt64/int64(time.Hour) {
		return 0, false
	}
	f := fieldReader{rest: rest}
	f.literal(":")
	minutes := f.number(2)
	f.literal(":")
	seconds := f.number(2)
	part := f.fraction(".")
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second + part
	if !f.done() || minutes > 59 || seconds > 59 || d < 0 {
		return 0, false
	}
	return d, true
}

// parseParts returns the sum of numbers with units, such as 1h2.5s.
func parseParts(s string) (time.Duration, bool) {
	const numeric = "0123456789."
	var sum time.Duration
	for more := true; more; more = s != "" {
		rest := strings.TrimLeft(s, numeric)
		number := s[:len(s)-len(rest)]
		end := strings.IndexAny(rest, numeric)
		if end < 0 {
			end = len(rest)
		}
		unit, ok := partUnit(rest[:end])
		if !ok {
			return 0, false
		}
		part, ok := parseCount(number, unit)
		if !ok || part > math.MaxInt64-sum {
			return 0, false
		}
		sum, s = sum+part, rest[end:]
	}
	return sum, true
}

func partUnit(name string) (time.Duration, bool) {
	switch name {
	case "h":
		return time.Hour, true
	case "m":
		return time.Minute, true
	case "s":
		return time.Second, true
	case "ms":
		return time.Millisecond, true
	case "us", "\u00b5s", "\u03bcs": // the micro sign and the Greek letter
		return time.Microsecond, true
	case "ns":
		return time.Nanosecond, true
	default:
		return 0, false
	}
}

// The instants that a number may stand for.
const (
	minUnix = 978307200    // 2001-01-01T00:00:00Z
	maxUnix = 253402300799 // 9999-12-31T23:59:59Z
)

// parseUnix returns the instant that lies a decimal number of units after the
// start of 1970.
func parseUnix(s string, unit time.Duration) (time.Time, bool) {
	n, rest, ok := readWhole(s)
	if ok && rest == "" && unit == time.Second && n >= minUnix && n <= maxUnix {
		return time.Unix(n, 0).UTC(), true
	}
	if !ok {
		return time.Time{}, false
	}
	part, rest, ok := readFraction(rest, ".", unit)
	if !ok || rest != "" {
		return time.Time{}, false
	}
	if unit == time.Millisecond {
		n, part = n/1000, part+time.Duration(n%1000)*unit
	}
	t := time.Unix(n, int64(part)).UTC()
	if sec := t.Unix(); sec < minUnix || sec > maxUnix {
		return time.Time{}, false
	}
	return t, true
}

// readWhole reads the digits that s begins with. The last result is false when
// there are none or their number overflows.
func readWhole(s string) (n int64, rest string, ok bool) {
	i := 0
	for ; i < len(s) && isDigit(s[i]); i++ {
		digit := int64(s[i] - '0')
		if i >= 18 && n > (math.MaxInt64-digit)/10 { // 18 digits always fit
			return 0, s, false
		}
		n = n*10 + digit
	}
	return n, s[i:], i > 0
}

// readFraction reads one of the marks and the digits after it, and returns
// that part of a unit, rounded up. There are one or two marks. Without a mark it
// reads nothing; a mark without digits makes the last result false.
func readFraction(s, marks string, unit time.Duration) (part time.Duration, rest string, ok bool) {
	if s == "" || s[0] != marks[0] && s[0] != marks[len(marks)-1] {
		return 0, s, true
	}
	end := 1
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	digits := s[1:end]
	if unit == time.Second && len(digits) <= len(pow10)-1 {
		return wholeNanos(digits), s[end:], digits != ""
	}
	return partOf(digits, unit), s[end:], digits != ""
}

// pow10 are the powers of ten up to a second's nanoseconds.
var pow10 = [...]time.Duration{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

// wholeNanos returns the part of a second that no more than nine digits are.
func wholeNanos(digits string) time.Duration {
	var n time.Duration
	for i := range len(digits) {
		n = n*10 + time.Duration(digits[i]-'0')
	}
	return n * pow10[len(pow10)-1-len(digits)]
}

// partOf returns the part of a unit that digits after a point are, rounded up.
// From the last digit to the first no step needs more than ten units, however
// many digits there are.
func partOf(digits string, unit time.Duration) (part time.Duration) {
	inexact := false
	for i := len(digits) - 1; i >= 0; i-- {
		part += time.Duration(digits[i]-'0') * unit
		inexact = inexact || part%10 != 0
		part /= 10
	}
	if inexact {
		part++
	}
	return part
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
