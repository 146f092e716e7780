package apierr

import "time"

// LookupInt is [Captures.Int] that tells zero and no integer apart, as those
// that follow do for the other types.
func (c Captures) LookupInt(places ...At) (int64, bool) { return first(c, places, parseInt) }

// LookupFloat is [Captures.Float]; the second result is false when no value is
// a number.
func (c Captures) LookupFloat(places ...At) (float64, bool) { return first(c, places, parseFloat) }

// LookupBool is [Captures.Bool]; the second result is false when no value is a
// boolean.
func (c Captures) LookupBool(places ...At) (bool, bool) { return first(c, places, parseBool) }

// LookupDuration is [Captures.Duration]; the second result is false when no
// value is a length of time in the unit.
func (c Captures) LookupDuration(unit Unit, places ...At) (time.Duration, bool) {
	return first(c, places, func(s string) (time.Duration, bool) { return parseSpan(s, unit) })
}

// LookupTime is [Captures.Time]; the second result is false when no value is an
// instant in the unit.
func (c Captures) LookupTime(unit Unit, places ...At) (time.Time, bool) {
	return first(c, places, func(s string) (time.Time, bool) { return parseInstant(s, unit) })
}

// LookupString is [Captures.String]; the second result is false when no place
// has a text.
func (c Captures) LookupString(places ...At) (string, bool) {
	return first(c, places, func(s string) (string, bool) { return s, true })
}
