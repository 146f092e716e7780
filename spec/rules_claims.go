package spec

import (
	"fmt"
	"strings"

	"github.com/errgen/errgen/templates/apierr"
)

func checkClaims(l *linter, id string) {
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		if !e.Has("code") && !e.Has("when") && !e.Failed() {
			l.report(e.Pos, id, "this entry has neither a code nor a condition", "add code: with the code on the wire, or when: with what must hold")
		}
	}
	l.c.eachWhen(func(w *When) {
		if len(w.Status)+len(w.Media)+len(w.Header)+len(w.Body) == 0 && !w.Failed() {
			l.report(w.Pos, id, "this condition always holds", "say what must hold: status, header, body or media")
		}
	})
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
			l.report(e.Pos, id, fmt.Sprintf("%s has neither a class nor a single status to take it from", e.title()), "add class: one of "+strings.Join(apierr.Classes()[1:], ", ")+"; or unknown, to go by the status of each response")
		}
		if !e.Has("class") && l.c.mixed(e) && (e.Has("retry") || e.Has("repeat")) {
			l.report(e.At("retry"), id, fmt.Sprintf("%s has statuses that mean different things, and a rule of its own for all of them", e.title()), "add class:, or split the entry with when: {status: ...}")
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

// checkFailMedia finds conditions that would have the body of every success
// read.
func checkFailMedia(l *linter, id string) {
	for i := range l.c.FailWhen {
		w := &l.c.FailWhen[i]
		if len(w.Body) > 0 && len(w.Media) == 0 && !w.Failed("media") {
			l.report(w.Pos, id, "the body of every success would be read, a download's as well", "add the media type of such errors: media: application/json")
		}
	}
}
