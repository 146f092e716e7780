package apierr

import "slices"

// A Unit is how a length of time or an instant is written in a response. The
// zero value is [UnitNone], in which no text has a meaning.
//
// In every unit, spaces and tabs around the text do not count, numbers are
// plain decimals ("7", "007", "64.57"), and what is finer than a nanosecond is
// rounded up. A sign, an exponent, a hexadecimal number, NaN, an infinity, an
// underscore and inner space where none is called for make a text invalid, and
// so does a length beyond what a [time.Duration] holds, about 292 years.
type Unit uint8

// The units, each with its name in catalogs.
const (
	// UnitNone says that no unit is given. It has no name.
	UnitNone Unit = iota

	// Seconds, "s", is a number of seconds: 60 or 64.57.
	Seconds

	// Milliseconds, "ms", is a number of milliseconds: 1500 or 539.477544.
	Milliseconds

	// Minutes, "min", is a number of minutes: 5 or 0.5.
	Minutes

	// Unix, "unix", is an instant in seconds since 1970 began in UTC:
	// 1710000000 or 1470173023.123. Only the years 2001 to 9999 are valid,
	// so that a length of time or a number of milliseconds is not taken for
	// an instant.
	Unix

	// UnixMilli, "unix_ms", is an instant in milliseconds since 1970 began in
	// UTC: 1710000000000. Only the years 2001 to 9999 are valid.
	UnixMilli

	// RFC3339, "rfc3339", is a date and time by RFC 3339, section 5.6:
	// 2026-04-01T00:00:00.000Z. These are read too: a small t or z, a space in
	// place of the T, a comma before the fraction, an offset written +hhmm or
	// +hh, and a missing one, which means UTC. A leap second, 23:59:60 in UTC,
	// is the second after it.
	RFC3339

	// HTTPDate, "http_date", is a date and time in one of the three forms of
	// RFC 9110, section 5.6.7: Fri, 31 Dec 1999 23:59:59 GMT. The name of the
	// weekday must be one, but need not be that of the date.
	HTTPDate

	// RetryAfter, "retry_after", is the value of a Retry-After header by RFC
	// 9110, section 10.2.3: a number of seconds, which may have a fraction
	// because vendors send some, or a text of [HTTPDate].
	RetryAfter

	// Clock, "hh:mm:ss", is a length in hours, minutes and seconds: 00:00:03
	// or 120:30:15.25. Hours have at least one digit, minutes and seconds two
	// and no more than 59 of them.
	Clock

	// Span, "duration", is a length made of numbers with units: 3.5s, 6m0s,
	// 539.47ms. The units are h, m, s, ms, us (also µs) and ns, as in Go and
	// in the JSON form of google.protobuf.Duration; every number has one.
	Span

	// ISO8601, "iso8601", is a length by ISO 8601, as in appendix A of RFC
	// 3339: PT30S, P1DT2H or P2W. A day is 24 hours. The last number may have
	// a fraction, after a point or a comma. Years and months are invalid, as
	// their length depends on the calendar.
	ISO8601

	// RateLimitField, "rate_limit", is the value of a RateLimit header by
	// draft-ietf-httpapi-ratelimit-headers, in the form of draft 07 or of
	// draft 08 and later: the length is that to the reset of the windows in
	// which nothing remains, the longest of them. A value that tells of no such
	// window is invalid.
	RateLimitField
)

var unitNames = [...]string{
	"", "s", "ms", "min", "unix", "unix_ms", "rfc3339", "http_date",
	"retry_after", "hh:mm:ss", "duration", "iso8601", "rate_limit",
}

// String returns the unit's name in catalogs, "unix_ms" for example. It is
// empty for [UnitNone] and for a value that is no unit.
func (u Unit) String() string {
	if int(u) < len(unitNames) {
		return unitNames[u]
	}
	return unitNames[UnitNone]
}

// ParseUnit returns the Unit of the given name. The second result is false for
// a name that is none, the empty one among them.
func ParseUnit(name string) (Unit, bool) {
	u, ok := byName[Unit](unitNames[:], name)
	return u, ok && u != UnitNone
}

// Units returns the names that [ParseUnit] knows, in the order of the
// constants. The slice is the caller's own.
func Units() []string { return slices.Clone(unitNames[Seconds:]) }

// Instant reports whether texts in this unit can be instants, which
// [Captures.Time] returns. Those of [RetryAfter] can be either.
func (u Unit) Instant() bool {
	switch u {
	case Unix, UnixMilli, RFC3339, HTTPDate, RetryAfter:
		return true
	default:
		return false
	}
}

// fixed reports whether a text in this unit is an instant and nothing else, and
// the same one whenever it was written.
func (u Unit) fixed() bool { return u == Unix || u == UnixMilli || u == RFC3339 }

// Relative reports whether texts in this unit can be lengths of time, which
// [Captures.Duration] returns. Those of [RetryAfter] can be either.
func (u Unit) Relative() bool {
	switch u {
	case Seconds, Milliseconds, Minutes, RetryAfter, Clock, Span, ISO8601, RateLimitField:
		return true
	default:
		return false
	}
}
