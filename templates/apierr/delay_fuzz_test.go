package apierr

import (
	"math/big"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

func FuzzParseWait(f *testing.F) {
	const base = 1795262400 // 2026-11-21T12:00:00Z
	for _, c := range spanCases {
		f.Add(c.text, uint8(c.unit), int64(base), int64(0))
	}
	for _, c := range instantCases {
		f.Add(c.text, uint8(c.unit), int64(base), int64(250))
	}
	f.Fuzz(func(t *testing.T, text string, u uint8, sec, nsec int64) {
		unit, base := Unit(u), time.Unix(sec, nsec)
		wait, ok := parseWait(text, unit, base)
		if wait < 0 || !ok && wait != 0 {
			t.Fatalf("a wait of %v, %v", wait, ok)
		}
		if again, _ := parseWait("\t "+text+" \t", unit, base); again != wait {
			t.Errorf("white space around %q changes the wait from %v to %v", text, wait, again)
		}
		span, isSpan := parseSpan(text, unit)
		instant, isInstant := instantNear(text, unit, base)
		switch {
		case isSpan && isInstant:
			t.Errorf("%q is both %v and %v", text, span, instant)
		case isSpan && (!ok || wait != span):
			t.Errorf("the wait for %q is %v, %v", text, wait, ok)
		case isSpan && !unit.Relative(), isInstant && !unit.Instant():
			t.Errorf("%q is read in the unit %v", text, unit)
		case !isSpan && !isInstant && ok:
			t.Errorf("%q is neither a length nor an instant, and a wait of %v", text, wait)
		case isInstant && ok && wait > 0 && !base.Add(wait).Equal(instant):
			t.Errorf("%v after %v is not %v", wait, base, instant)
		case isInstant && (instant.Location() != time.UTC || instant.Year() < 0 || instant.Year() > 9999):
			t.Errorf("%q is %v", text, instant)
		}
		agree(t, strings.Trim(text, " \t"), unit, base)
	})
}

// agree compares what is read with what the standard library makes of the same
// text.
func agree(t *testing.T, text string, unit Unit, base time.Time) {
	switch unit {
	case Seconds:
		agreeNumber(t, text, unit, time.Second)
	case Milliseconds:
		agreeNumber(t, text, unit, time.Millisecond)
	case Minutes:
		agreeNumber(t, text, unit, time.Minute)
	case Unix:
		agreeUnix(t, text, unit, time.Second)
	case UnixMilli:
		agreeUnix(t, text, unit, time.Millisecond)
	case Span:
		agreeSpan(t, text)
	case RFC3339:
		agreeDate(t, text, unit, base)
	case HTTPDate:
		agreeHTTPDate(t, text, base)
	}
}

var decimal = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

// exact returns the number of nanoseconds in text, rounded up, computed with
// big numbers.
func exact(text string, unit time.Duration) (*big.Int, bool) {
	if !decimal.MatchString(text) {
		return nil, false
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, false
	}
	r.Mul(r, new(big.Rat).SetInt64(int64(unit)))
	n := new(big.Int).Add(r.Num(), r.Denom())
	n.Sub(n, big.NewInt(1))
	return n.Div(n, r.Denom()), true
}

func agreeNumber(t *testing.T, text string, unit Unit, size time.Duration) {
	got, ok := parseSpan(text, unit)
	want, valid := exact(text, size)
	valid = valid && want.IsInt64()
	if ok != valid || ok && int64(got) != want.Int64() {
		t.Errorf("%q %v is %d, %v; big numbers say %v, %v", text, unit, got, ok, want, valid)
	}
}

func agreeUnix(t *testing.T, text string, unit Unit, size time.Duration) {
	got, ok := parseInstant(text, unit)
	want, valid := exact(text, size)
	var sec, nsec big.Int
	if valid {
		sec.DivMod(want, big.NewInt(int64(time.Second)), &nsec)
		valid = sec.IsInt64() && sec.Int64() >= minUnix && sec.Int64() <= maxUnix
	}
	if ok != valid || ok && !got.Equal(time.Unix(sec.Int64(), nsec.Int64())) {
		t.Errorf("%q %v is %v, %v; big numbers say %v, %v", text, unit, got, ok, want, valid)
	}
}

// agreeSpan allows for time.ParseDuration rounding every part down, and for
// its floating point.
func agreeSpan(t *testing.T, text string) {
	got, ok := parseSpan(text, Span)
	want, err := time.ParseDuration(text)
	if ok && err != nil {
		t.Errorf("%q is %v; time.ParseDuration says %v", text, got, err)
	}
	if !ok || err != nil {
		return
	}
	slack := 2 * time.Duration(strings.Count(text, "."))
	if got < want || got-want > slack {
		t.Errorf("%q is %v; time.ParseDuration says %v", text, got, want)
	}
}

func agreeDate(t *testing.T, text string, unit Unit, base time.Time) {
	got, ok := instantNear(text, unit, base)
	want, err := time.Parse(time.RFC3339, text)
	if !ok || err != nil {
		return
	}
	// time.Parse cuts off after nine digits.
	if d := got.Sub(want); d < 0 || d > 1 {
		t.Errorf("%q is %v; time.Parse says %v", text, got, want)
	}
}

func agreeHTTPDate(t *testing.T, text string, base time.Time) {
	got, ok := instantNear(text, HTTPDate, base)
	want, err := http.ParseTime(text)
	if !ok || err != nil {
		return
	}
	twoDigits := strings.Contains(text, "-")
	if twoDigits {
		latest := base.UTC().AddDate(50, 0, 0)
		if got.After(latest) || !got.AddDate(100, 0, 0).After(latest) {
			t.Errorf("%q near %v is %v", text, base, got)
		}
		want = want.AddDate(got.Year()-want.Year(), 0, 0)
	}
	if !got.Equal(want) {
		t.Errorf("%q is %v; http.ParseTime says %v", text, got, want)
	}
}
