package spec

import (
	"fmt"
	"slices"
	"strings"
)

func checkClaims(l *linter, id string) {
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		if !e.Has("code") && !e.Has("when") {
			l.report(e.Pos, id, "an error with neither a code nor a condition", "add code: with the code on the wire, or when: with what must hold")
		}
		for j := range e.When {
			if w := &e.When[j]; len(w.keys) == 0 {
				l.report(w.Pos, id, "a condition that always holds", "say what must hold: status, header, body or media")
			}
		}
	}
}

func checkCodePlace(l *linter, id string) {
	if len(l.c.Envelope.Code) > 0 {
		return
	}
	for i := range l.c.Errors {
		if e := &l.c.Errors[i]; e.Has("code") {
			l.report(e.At("code"), id, fmt.Sprintf("%q can never be found: the envelope has no place for codes", e.Code), "add envelope: {code: $.code}")
			return
		}
	}
}

func checkClass(l *linter, id string) {
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		if !e.Has("class") && len(e.statuses()) == 0 {
			l.report(e.Pos, id, fmt.Sprintf("%s has neither a class nor a status to take it from", e.title()), "add class: invalid, throttled or another")
		}
	}
}

func checkDuplicates(l *linter, id string) {
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		for j := range i {
			if first := &l.c.Errors[j]; e.Code == first.Code && e.Code != "" && sameWhen(e.When, first.When) {
				l.report(e.At("code"), id, fmt.Sprintf("code %q stands twice; first in line %d", e.Code, first.Line), "remove one, or tell the two apart with when:")
				break
			}
		}
	}
}

func checkRows(l *linter, id string) {
	for i, row := range l.c.Status {
		for _, first := range l.c.Status[:i] {
			if row.Range == first.Range {
				l.report(row.Pos, id, fmt.Sprintf("these statuses stand twice; first in line %d", first.Line), "remove one of the two")
			} else if row.From <= first.To && first.From <= row.To && row.To-row.From == first.To-first.From {
				l.report(row.Pos, id, fmt.Sprintf("these statuses overlap those of line %d, and neither row is more exact", first.Line), "split the ranges")
			}
		}
	}
	for i, row := range l.c.Transport {
		for _, first := range l.c.Transport[:i] {
			if row.Failure == first.Failure {
				l.report(row.Pos, id, fmt.Sprintf("%s stands twice; first in line %d", row.Failure, first.Line), "remove one of the two")
			}
		}
	}
	for i := range l.c.Limits {
		for j := range i {
			if l.c.Limits[i].Name == l.c.Limits[j].Name {
				l.report(l.c.Limits[i].At("name"), id, fmt.Sprintf("the limit %q stands twice", l.c.Limits[i].Name), "rename one of the two")
			}
		}
	}
}

// checkReach finds entries behind one with the same code, or with none, whose
// conditions hold whenever theirs do.
func checkReach(l *linter, id string) {
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		for j := range i {
			first := &l.c.Errors[j]
			if first.Code != "" && first.Code != e.Code || !covers(first.When, e.When) || e.Code == first.Code && e.Code != "" && sameWhen(e.When, first.When) {
				continue
			}
			l.report(e.Pos, id, fmt.Sprintf("%s is never chosen: %s in line %d claims all that it would", e.title(), first.title(), first.Line), "put the more specific entry first")
			break
		}
	}
}

// covers reports whether some alternative of wide holds whenever any of narrow
// does, as far as equal conditions show it.
func covers(wide, narrow []When) bool {
	if len(wide) == 0 {
		return true
	}
	if len(narrow) == 0 {
		return false
	}
	for i := range narrow {
		if !slices.ContainsFunc(wide, func(w When) bool { return implies(&narrow[i], &w) }) {
			return false
		}
	}
	return true
}

// implies reports whether wide holds whenever narrow does: every condition of
// wide is one of narrow as well, or a wider one.
func implies(narrow, wide *When) bool {
	return allWithin(narrow.Status, wide.Status, func(n, w Range) bool { return w.From <= n.From && n.To <= w.To }) &&
		allWithin(narrow.Media, wide.Media, func(n, w string) bool { return n == w }) &&
		!slices.ContainsFunc(slices.Concat(wide.Header, wide.Body), func(w Test) bool {
			return !slices.ContainsFunc(slices.Concat(narrow.Header, narrow.Body), func(n Test) bool { return n.implies(&w) })
		})
}

// allWithin reports whether each alternative of narrow lies in one of wide.
// No alternatives at all are no restriction.
func allWithin[T any](narrow, wide []T, in func(n, w T) bool) bool {
	if len(wide) == 0 {
		return true
	}
	return len(narrow) > 0 && !slices.ContainsFunc(narrow, func(n T) bool {
		return !slices.ContainsFunc(wide, func(w T) bool { return in(n, w) })
	})
}

// implies reports whether a value that passes n passes w.
func (n *Test) implies(w *Test) bool {
	if n.Header != w.Header || n.Path.String() != w.Path.String() || n.Present != w.Present {
		return false
	}
	equal := func(a, b string) bool { return a == b }
	switch {
	case !w.Present, len(w.Equals) == 0 && len(w.Contains) == 0:
		return true
	case len(w.Equals) > 0:
		return allWithin(n.Equals, w.Equals, equal)
	case len(n.Equals) > 0:
		return allWithin(n.Equals, w.Contains, strings.Contains)
	default:
		return allWithin(n.Contains, w.Contains, strings.Contains)
	}
}

// sameWhen reports whether two sets of conditions hold for the same responses,
// as far as equal conditions show it.
func sameWhen(a, b []When) bool { return covers(a, b) && covers(b, a) }
