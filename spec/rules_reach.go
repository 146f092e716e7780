package spec

import (
	"fmt"
	"slices"
	"strings"
)

// checkReach finds entries behind one with the same code, a family that has it,
// or none, whose conditions hold whenever theirs do.
func checkReach(l *linter, id string) {
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		if e.Failed("code", "when") || l.c.duplicate(i) != nil {
			continue
		}
		if first := l.c.before(i, e.When); first != nil {
			l.report(e.Pos, id, fmt.Sprintf("%s is never chosen, since %s in line %d claims all that it would", e.title(), first.title(), first.Line), "put the more specific entry first")
		}
	}
}

// checkShadows finds entries that are reached, but by no response of a status
// that is documented for them.
func checkShadows(l *linter, id string) {
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		if e.Failed("code", "when", "status") || len(e.Status) == 0 || l.c.duplicate(i) != nil || l.c.before(i, e.When) != nil {
			continue
		}
		if first := l.c.before(i, e.documented()); first != nil {
			l.warn(e.Pos, id, fmt.Sprintf("%s is chosen for none of its statuses, since %s in line %d claims them first", e.title(), first.title(), first.Line), "put the more specific entry first")
		}
	}
}

// before returns the first entry before entry i that claims whatever has the
// code of i and meets the conditions, or nil.
func (c *Catalog) before(i int, when []When) *Entry {
	for j := range i {
		first := &c.Errors[j]
		if !first.Failed("code", "when") && !first.claimsAll() && first.has(c.Errors[i].Code) && covers(first.When, when) {
			return first
		}
	}
	return nil
}

// has reports whether the entry stands for all codes that another stands for.
func (e *Entry) has(code string) bool {
	prefix, family := strings.CutSuffix(e.Code, "*")
	return e.Code == "" || e.Code == code || family && code != "" && strings.HasPrefix(code, prefix)
}

// Find returns the indexes of the entries that have a Go name or a code, or stand for
// a family of codes that it is of.
func (p *Program) Find(code string) []int {
	var found []int
	for i := range p.Parts {
		e := p.Parts[i].Entry
		if p.Parts[i].Name == code || e.Code != "" && e.Code != "*" && e.has(code) {
			found = append(found, i)
		}
	}
	return found
}

// documented are the entry's conditions, with its statuses where a condition
// has none.
func (e *Entry) documented() []When {
	when := slices.Clone(e.When)
	if len(when) == 0 {
		when = []When{{}}
	}
	for i := range when {
		if len(when[i].Status) > 0 {
			continue
		}
		for _, s := range e.Status {
			when[i].Status = append(when[i].Status, Range{s, s})
		}
	}
	return when
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
	var at map[string][]Test // by place
	if len(narrow) > few {
		at = map[string][]Test{}
		for _, n := range narrow {
			at[n.place] = append(at[n.place], n)
		}
	}
	for i := range wide {
		w, some := &wide[i], narrow
		if at != nil {
			some = at[w.place]
		}
		if !slices.ContainsFunc(some, func(n Test) bool { return n.implies(w) }) {
			return false
		}
	}
	return true
}

// few is up to how many values are compared one by one. Almost all conditions
// have as few; some have many thousand, and mostly the same as others.
const few = 16

// allWithin reports whether each alternative of narrow lies in one of wide, in
// which what is equal lies. No alternatives at all are no restriction.
func allWithin[T comparable](narrow, wide []T, in func(n, w T) bool) bool {
	if len(wide) == 0 {
		return true
	}
	var same map[T]bool
	if len(wide) > few {
		same = make(map[T]bool, len(wide))
		for _, w := range wide {
			same[w] = true
		}
	}
	return len(narrow) > 0 && !slices.ContainsFunc(narrow, func(n T) bool {
		return !same[n] && !slices.ContainsFunc(wide, func(w T) bool { return in(n, w) })
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
