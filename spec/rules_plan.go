package spec

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

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
// long, which are a problem of their own; and examples that would take too long
// to decode, which are not decoded then.
func checkPlan(l *linter, id string) {
	if l.work() > maxWork {
		l.tooMuch = true
		l.report(l.c.At("errors"), id, "to decode the examples with all these places takes too long", "shorten the examples, or look at fewer places: parts of headers, lists and filters count most")
	}
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

// maxWork bounds what it may take to decode all examples, which is the product
// of what a catalog has of places and of examples: about a second.
const maxWork = 1 << 28

// work estimates what it takes to decode all examples once: how often a byte is
// looked at, or a row kept.
func (l *linter) work() int64 {
	listed, filtered := len(l.c.Envelope.Items), 0
	for _, p := range l.p.Tables.Places {
		if path, err := apierr.ParsePath(p.Path); err == nil && path.Lists() > 0 {
			listed++
		}
		filtered += strings.Count(p.Path, "[?")
	}
	parts := map[string]int{} // by header
	l.c.eachPlace(func(p placed) {
		if p.structured() || p.Has("param") {
			parts[http.CanonicalHeaderKey(p.Header)]++
		}
	})
	n := int64(0)
	for i := range l.c.Errors {
		for j := range l.c.Errors[i].Examples {
			ex := &l.c.Errors[i].Examples[j]
			rows := min(len(ex.Body)/2, 10_000) // that lists can have
			n += int64(8*len(l.p.Tables.Places)) + int64(8*listed)*int64(rows) + int64(filtered)*int64(len(ex.Body))
			for name, values := range ex.Header() {
				n += 32 * int64(parts[name]) * int64(len(strings.Join(values, ", ")))
			}
		}
	}
	return n
}

// checkTests finds tests that ask for the text of what must be absent.
func checkTests(l *linter, id string) {
	l.c.eachTest(func(t *Test) {
		if t.Has("contains") && t.Has("present") && !t.Present && !t.Failed() {
			l.report(t.At("contains"), id, "what is absent contains nothing", "remove contains, or present: false")
		}
	})
}
