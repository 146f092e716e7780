package apierr

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// holds reports whether one of the alternatives holds; no alternatives hold
// always.
func (c Captures) holds(alternatives []Match) bool {
	return len(alternatives) == 0 || c.one(alternatives)
}

// one reports whether one of the alternatives holds.
func (c Captures) one(alternatives []Match) bool {
	for _, conds := range alternatives {
		if c.all(conds) {
			return true
		}
	}
	return false
}

func (c Captures) all(conds Match) bool {
	for i := range conds {
		if !c.met(&conds[i]) {
			return false
		}
	}
	return c.scan != nil
}

func (c Captures) met(cond *Cond) bool {
	switch {
	case c.scan == nil:
		return false
	case cond.Status != nil:
		status := c.scan.status
		return slices.ContainsFunc(cond.Status, func(s [2]int) bool { return s[0] <= status && status <= s[1] })
	case cond.Media != nil:
		media := mediaType(c.scan.header)
		return slices.ContainsFunc(cond.Media, func(m string) bool { return strings.EqualFold(m, media) })
	case cond.Absent || cond.Equals == nil && cond.Contains == nil:
		return c.Has(cond.At) != cond.Absent
	}
	text, ok := c.text(cond.At)
	switch {
	case !ok:
		return false
	case cond.Equals != nil:
		return slices.Contains(cond.Equals, text)
	default:
		return slices.ContainsFunc(cond.Contains, func(part string) bool { return strings.Contains(text, part) })
	}
}

// mediaType returns the media type of a response without its parameters (RFC
// 9110, section 8.3.1).
func mediaType(header http.Header) string {
	media, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	return strings.TrimSpace(media)
}

// wait returns how long the server asks to wait. The second result is false when it
// asks for nothing that makes sense. A now that is zero is set to that of the clock,
// which is not looked at for nothing: most errors ask for no wait.
func (c Captures) wait(d *Delay, now *time.Time) (time.Duration, bool) {
	for i := range d.Sources {
		got := c.plain(d.Sources[i].At)
		if got != nil && got.kind == kindNone {
			continue
		}
		if wait, ok := c.asked(&d.Sources[i], got, now); ok {
			return wait, true
		}
	}
	return 0, false
}

// asked returns the wait that one source asks for, and sets now if it has to be
// known and is not. got is what was captured at a source that is a mere path. The
// second result is false when it asks for none.
func (c Captures) asked(source *Source, got *capture, now *time.Time) (time.Duration, bool) {
	if wait, ok := got.span(source.Unit); ok {
		setNow(now)
		return wait, true
	}
	if source.Unit.fixed() {
		t, ok := c.instant(source.At, source.Unit)
		if !ok {
			return 0, false
		}
		setNow(now)
		return waitFor(t, c.scan.responseBase(*now))
	}
	text, ok := c.text(source.At)
	if !ok {
		return 0, false
	}
	setNow(now)
	if wait, ok := parseSpan(text, source.Unit); ok {
		return wait, true
	}
	return waitUntil(text, source.Unit, c.scan.responseBase(*now))
}

// setNow gives a zero instant the time of the clock.
func setNow(now *time.Time) {
	if now.IsZero() {
		*now = time.Now()
	}
}
