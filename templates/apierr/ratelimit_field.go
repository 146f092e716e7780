package apierr

import (
	"math"
	"net/http"
	"time"
)

// The RateLimit header and the RateLimit-Policy header beside it, by
// draft-ietf-httpapi-ratelimit-headers. There are two forms of them:
//
//   - draft 08 and later: both are Lists. Each item of RateLimit is named after
//     a policy, with what remains (r) and the seconds to the reset (t); each
//     item of RateLimit-Policy has the quota (q), its unit (qu) and the window
//     in seconds (w).
//   - draft 07: RateLimit is a Dictionary with limit, remaining and reset of
//     one window, and RateLimit-Policy a List of quotas, each with its window
//     (w).
//
// No field is in both forms: a Dictionary's limit=100 is no item of a List.
// Malformed fields are ignored, and so are items that are no name, or whose r
// or q is no number.

// maxWindows is how many windows of one response count.
const maxWindows = 64

// exhausted returns how long the windows last of which a RateLimit field says
// that nothing remains: the longest of them, as a request must pass them all.
// The second result is false when it says so of no window, or does not say for
// how long. A refusal may come while something remains in each window: for a
// request that costs more than that, or for another reason altogether.
func exhausted(field string) (time.Duration, bool) {
	longest := int64(-1)
	if list, ok := readList(field); ok {
		for list.next() {
			if list.value.isName() && list.count("r") == 0 {
				longest = max(longest, list.count("t"))
			}
		}
	} else if w := readSingle(field); w.remaining == 0 {
		longest = w.reset
	}
	if longest < 0 {
		return 0, false
	}
	return seconds(longest)
}

// seconds returns the Duration of a number of seconds. The second result is
// false when it is more than one holds.
func seconds(n int64) (time.Duration, bool) {
	if n < 0 || n > math.MaxInt64/int64(time.Second) {
		return 0, false
	}
	return time.Duration(n) * time.Second, true
}

// A single is the one window that the Dictionary of draft 07 tells of. What is
// not there is -1.
type single struct{ limit, remaining, reset int64 }

// readSingle reads a RateLimit field in the form of draft 07.
func readSingle(field string) single {
	w := single{-1, -1, -1}
	dictionary, _ := readDictionary(field)
	for dictionary.next() {
		switch n := dictionary.value.count(); dictionary.key {
		case "limit":
			w.limit = n
		case "remaining":
			w.remaining = n
		case "reset":
			w.reset = n
		}
	}
	return w
}

// fieldLimits returns the windows that a RateLimit header tells of, each with
// its policy, and then the policies without a state. The Dictionary's window
// has the name that the catalog gives.
func fieldLimits(w *Window, header http.Header, now time.Time) []RateLimit {
	field, _ := joinLines(header[w.Header])
	policy, _ := joinLines(header[w.Header+"-Policy"])
	policies, _ := readList(policy)
	states, list := readList(field)
	if one := readSingle(field); !list && one != (single{-1, -1, -1}) {
		return []RateLimit{one.rateLimit(w, policies, now)}
	}
	var limits []RateLimit
	for len(limits) < maxWindows && states.next() {
		if l, ok := windowOf(&states, w); ok && states.count("r") >= 0 {
			l.Remaining, l.ResetAt = states.count("r"), resetAt(states.count("t"), now)
			limits = append(limits, l)
		}
	}
	return addPolicies(limits, policies, w)
}

// windowOf returns a window of the name that an item of a List has. The second
// result is false when the item is no name.
func windowOf(item *memberReader, w *Window) (RateLimit, bool) {
	name, _ := item.value.text()
	return RateLimit{Name: name, Limit: -1, Remaining: -1, Used: -1, warn: w.Warn}, item.value.isName()
}

// isName reports whether a value is the name of a policy, which is a String; a
// Token is taken for one.
func (b bareItem) isName() bool { return b.kind == bareString || b.kind == bareToken }

// resetAt returns when a window ends that ends in so many seconds; the zero
// Time for what is no such number.
func resetAt(n int64, now time.Time) time.Time {
	d, ok := seconds(n)
	if !ok {
		return time.Time{}
	}
	return now.Add(d)
}

// addPolicies tells the windows what their policies say, the first of a name,
// and adds policies that have no window.
func addPolicies(limits []RateLimit, policies memberReader, w *Window) []RateLimit {
	for policies.next() {
		l, ok := windowOf(&policies, w)
		if l.Limit = policies.count("q"); !ok || l.Limit < 0 {
			continue
		}
		l.Window, _ = seconds(policies.count("w"))
		unit, _ := policies.param("qu")
		l.Unit, _ = unit.text()
		limits = addPolicy(limits, l)
	}
	return limits
}

// addPolicy tells the windows of a policy's name what the policy says.
func addPolicy(limits []RateLimit, policy RateLimit) []RateLimit {
	known := false
	for i := range limits {
		l := &limits[i]
		if l.Name != policy.Name {
			continue
		}
		known = true
		if l.Limit < 0 {
			l.Limit, l.Window, l.Unit = policy.Limit, policy.Window, policy.Unit
		}
	}
	if known || len(limits) >= maxWindows {
		return limits
	}
	return append(limits, policy)
}

// rateLimit returns the window under the name that the catalog gives. Its
// policy is the one of its quota.
func (s single) rateLimit(w *Window, policies memberReader, now time.Time) RateLimit {
	l := RateLimit{Name: w.Name, Limit: s.limit, Remaining: s.remaining, Used: -1, ResetAt: resetAt(s.reset, now), warn: w.Warn}
	for l.Window == 0 && policies.next() {
		if s.limit >= 0 && policies.value.count() == s.limit {
			l.Window, _ = seconds(policies.count("w"))
		}
	}
	return l
}
