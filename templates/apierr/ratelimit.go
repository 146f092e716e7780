package apierr

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A RateLimit is the state of one rate-limit window as a response tells it.
type RateLimit struct {
	Name      string        // by the catalog, or by the server where it names its windows itself
	Unit      string        // what is counted, "content-bytes"; empty when not sent: requests
	Limit     int64         // requests in a window; -1 when not sent
	Remaining int64         // requests left in this window; -1 when not sent
	Used      int64         // requests made in this window; -1 when not sent
	Window    time.Duration // how long a window is; zero when not sent
	ResetAt   time.Time     // when this window ends; zero when not sent

	warn []float64
}

// Left returns which part of the window is left, from 0 to 1. The second
// result is false when the response does not tell.
func (l RateLimit) Left() (float64, bool) {
	limit, remaining := l.Limit, l.Remaining
	switch {
	case limit < 0 && remaining >= 0 && l.Used >= 0:
		limit = remaining + l.Used
	case remaining < 0 && limit >= 0 && l.Used >= 0:
		remaining = max(limit-l.Used, 0)
	}
	switch {
	case limit < 0 || remaining < 0:
		return 0, false
	case limit == 0:
		return 0, true
	}
	return min(float64(remaining)/float64(limit), 1), true
}

// Warning returns how many of the catalog's warning levels the window is
// below: 0 is fine, 1 the first (highest) level, and so on.
func (l RateLimit) Warning() int {
	left, known := l.Left()
	if !known {
		return 0
	}
	n := 0
	for n < len(l.warn) && left < l.warn[n] {
		n++
	}
	return n
}

// RateLimits returns the state of every window that the catalog knows and the
// header tells something about. Where the catalog leaves it to a RateLimit
// header which windows there are, these are all that it names, at most 64. It
// reads any response's header, a success's as well, and is safe for concurrent
// use. now is what a relative reset is counted from.
func (c *Catalog) RateLimits(header http.Header, now time.Time) []RateLimit {
	values := c.unread(0, header)
	defer putScan(values.scan)
	base := values.scan.responseBase(now)
	var limits []RateLimit
	for i := range c.Limits {
		w := &c.Limits[i]
		if w.Header != "" {
			limits = append(limits, fieldLimits(w, header, now)...)
			continue
		}
		l := RateLimit{
			Name:      w.Name,
			Limit:     count(values, w.Limit),
			Remaining: count(values, w.Remaining),
			Used:      count(values, w.Used),
			warn:      w.Warn,
		}
		if wait, ok := parseWait(values.String(w.Reset), w.ResetUnit, base); ok {
			l.ResetAt = now.Add(wait)
		}
		if l.Limit >= 0 || l.Remaining >= 0 || l.Used >= 0 || !l.ResetAt.IsZero() {
			limits = append(limits, l)
		}
	}
	return limits
}

// count returns a whole number of requests, or -1.
func count(values Captures, at At) int64 {
	n, err := strconv.ParseUint(strings.TrimSpace(values.String(at)), 10, 63)
	if err != nil {
		return -1
	}
	return int64(n)
}
