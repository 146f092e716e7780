package apierr

import (
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

// response is one response while it is decoded.
type response struct {
	status int
	header http.Header
	values Captures
}

// holds reports whether one of the alternatives holds; no alternatives hold
// always.
func (r *response) holds(alternatives []Match) bool {
	return len(alternatives) == 0 || slices.ContainsFunc(alternatives, r.all)
}

func (r *response) all(conds Match) bool {
	for i := range conds {
		if !r.met(&conds[i]) {
			return false
		}
	}
	return true
}

func (r *response) met(c *Cond) bool {
	switch {
	case c.Status != nil:
		return slices.ContainsFunc(c.Status, func(s [2]int) bool { return s[0] <= r.status && r.status <= s[1] })
	case c.Media != nil:
		media, _, _ := mime.ParseMediaType(r.header.Get("Content-Type"))
		return slices.ContainsFunc(c.Media, func(m string) bool { return strings.EqualFold(m, media) })
	}
	text, _, ok := r.values.text(c.At)
	switch {
	case c.Absent || !ok:
		return c.Absent && !ok
	case c.Equals != nil:
		return slices.Contains(c.Equals, text)
	case c.Contains != nil:
		return slices.ContainsFunc(c.Contains, func(part string) bool { return strings.Contains(text, part) })
	}
	return true
}

// wait returns what the server asks for: how long from now, and until when.
// Both are zero when it asks for nothing that makes sense.
func (r *response) wait(d *Delay, now time.Time) (time.Duration, time.Time) {
	base := responseBase(r.header, now)
	for i := range d.Sources {
		source := &d.Sources[i]
		text, _, ok := r.values.text(source.At)
		if !ok || !r.holds(source.When) {
			continue
		}
		if wait, ok := parseWait(text, source.Unit, base); ok {
			return wait, now.Add(wait)
		}
	}
	return 0, time.Time{}
}
