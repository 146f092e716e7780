package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/errgen/errgen/templates/apierr"
)

func checkClaims(l *linter, id string) {
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		if !e.Has("code") && !e.Has("when") && !e.Failed() {
			l.report(e.Pos, id, "this entry has neither a code nor a condition", "add code: with the code on the wire, or when: with what must hold")
		}
		for j := range e.When {
			if w := &e.When[j]; len(w.keys) == 0 && !w.Failed() {
				l.report(w.Pos, id, "this condition always holds", "say what must hold: status, header, body or media")
			}
		}
	}
}

func checkCodePlace(l *linter, id string) {
	if len(l.c.Envelope.Code) > 0 || l.c.Failed() {
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
		if !e.Has("class") && len(e.statuses()) == 0 && !e.Failed("status", "when") {
			l.report(e.Pos, id, fmt.Sprintf("%s has neither a class nor a single status to take it from", e.title()), "add class: one of "+strings.Join(apierr.Classes()[1:], ", "))
		}
	}
}

func checkDuplicates(l *linter, id string) {
	for i := range l.c.Errors {
		if first := l.c.duplicate(i); first != nil {
			e := &l.c.Errors[i]
			l.report(e.At("code"), id, fmt.Sprintf("code %q has an entry already, in line %d", e.Code, first.Line), "remove one of the two, or tell them apart with when:")
		}
	}
}

// duplicate returns the first entry that claims the same as entry i by the
// same code, or nil.
func (c *Catalog) duplicate(i int) *Entry {
	e := &c.Errors[i]
	if e.Code == "" || e.Failed("when") {
		return nil
	}
	for j := range i {
		if first := &c.Errors[j]; first.Code == e.Code && !first.Failed("when") && sameWhen(e.When, first.When) {
			return first
		}
	}
	return nil
}

func checkRows(l *linter, id string) {
	for i, row := range l.c.Status {
		for _, first := range l.c.Status[:i] {
			if row.Range == first.Range {
				l.report(row.Pos, id, fmt.Sprintf("these statuses have a row already, in line %d", first.Line), "remove one of the two")
			} else if row.From <= first.To && first.From <= row.To && row.To-row.From == first.To-first.From {
				l.report(row.Pos, id, fmt.Sprintf("these statuses overlap those of line %d, and neither range is narrower", first.Line), "end one range where the other begins")
			}
		}
	}
	for i := range l.c.Limits {
		for j := range i {
			if l.c.Limits[i].Name == l.c.Limits[j].Name {
				l.report(l.c.Limits[i].At("name"), id, fmt.Sprintf("the limit %q is there already, in line %d", l.c.Limits[i].Name, l.c.Limits[j].Line), "name one of the two otherwise")
				break
			}
		}
	}
}

// checkReach finds entries behind one with the same code, or with none, whose
// conditions hold whenever theirs do.
func checkReach(l *linter, id string) {
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		if e.Failed("code", "when") || l.c.duplicate(i) != nil {
			continue
		}
		for j := range i {
			first := &l.c.Errors[j]
			if first.Failed("code", "when") || first.claimsAll() {
				continue
			}
			if first.Code != "" && first.Code != e.Code || !covers(first.When, e.When) {
				continue
			}
			l.report(e.Pos, id, fmt.Sprintf("%s is never chosen, since %s in line %d claims all that it would", e.title(), first.title(), first.Line), "put the more specific entry first")
			break
		}
	}
}

// claimsAll reports whether no response can pass the entry by, which is a
// problem of its own.
func (e *Entry) claimsAll() bool {
	return e.Code == "" && (len(e.When) == 0 || slices.ContainsFunc(e.When, func(w When) bool { return len(w.keys) == 0 }))
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
		testsWithin(narrow.Header, wide.Header) && testsWithin(narrow.Body, wide.Body)
}

// testsWithin reports whether each test of wide is passed by what passes those
// of narrow.
func testsWithin(narrow, wide []Test) bool {
	for i := range wide {
		if !slices.ContainsFunc(narrow, func(n Test) bool { return n.implies(&wide[i]) }) {
			return false
		}
	}
	return true
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
	if n.place != w.place || n.Present != w.Present {
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
