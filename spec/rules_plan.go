package spec

import (
	"errors"
	"fmt"

	"github.com/errgen/errgen/templates/apierr"
)

// maxAlternatives bounds what one condition is multiplied to by several roots.
const maxAlternatives = 256

// checkAlternatives finds conditions that several roots make too many of: each
// test of a place below @ is one at any of them.
func checkAlternatives(l *linter, id string) {
	roots := max(len(l.c.Envelope.Roots), 1)
	l.c.eachWhen(func(w *When) {
		n := 1
		for i := range w.Body {
			if t := &w.Body[i]; t.Path.Relative() && t.Present && n <= maxAlternatives {
				n *= roots
			}
		}
		if n > maxAlternatives {
			l.report(w.Pos, id, fmt.Sprintf("with %d roots this condition has more than %d alternatives", roots, maxAlternatives), "test fewer places below @, or begin their paths with $")
		}
	})
}

// checkPlan finds what makes the tables invalid, but for paths that are too
// long, which are a problem of their own.
func checkPlan(l *linter, id string) {
	err := l.p.Tables.Valid()
	var path *apierr.PathError
	if err == nil || errors.As(err, &path) {
		return
	}
	at, text := l.c.At("errors"), err.Error()
	var place *apierr.PlaceError
	if errors.As(err, &place) {
		at, text = l.p.origins[place.At], "this place cannot be looked up: "+place.Err.Error()
	}
	l.report(at, id, text, "write places that lean on fewer others")
}

// checkTests finds tests that ask for the text of what must be absent.
func checkTests(l *linter, id string) {
	l.c.eachTest(func(t *Test) {
		if t.Has("contains") && t.Has("present") && !t.Present && !t.Failed() {
			l.report(t.At("contains"), id, "what is absent contains nothing", "remove contains, or present: false")
		}
	})
}
