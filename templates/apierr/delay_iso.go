package apierr

import (
	"math"
	"strings"
	"time"
)

// periodParts are the numbers of a length by ISO 8601, each with the letter
// that ends it, in the order in which they stand.
var periodParts = [...]struct {
	letter string
	unit   time.Duration
}{
	{"W", 7 * 24 * time.Hour},
	{"D", 24 * time.Hour},
	{"H", time.Hour}, // from here on behind a T
	{"M", time.Minute},
	{"S", time.Second},
}

// parsePeriod returns a length such as P1DT2H30M.
func parsePeriod(s string) (time.Duration, bool) {
	rest, ok := strings.CutPrefix(s, "P")
	if !ok {
		return 0, false
	}
	var sum time.Duration
	some := false
	for _, part := range periodParts {
		if part.unit == time.Hour {
			clock, timed := strings.CutPrefix(rest, "T")
			if !timed {
				break
			}
			rest, some = clock, false // a T must have something behind it
		}
		number, after, found := strings.Cut(rest, part.letter)
		if !found || strings.Trim(number, "0123456789.,") != "" {
			continue
		}
		d, ok := parseCount(strings.Replace(number, ",", ".", 1), part.unit)
		if !ok || d > math.MaxInt64-sum || after != "" && strings.ContainsAny(number, ".,") {
			return 0, false
		}
		sum, rest, some = sum+d, after, true
	}
	if !some || rest != "" {
		return 0, false
	}
	return sum, true
}
