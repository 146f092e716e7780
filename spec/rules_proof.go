package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/errgen/errgen/templates/apierr"
)

func checkExampleMissing(l *linter, id string) {
	for i := range l.c.Errors {
		if e := &l.c.Errors[i]; len(e.Examples) == 0 {
			l.warn(e.Pos, id, fmt.Sprintf("%s has no example", e.title()), "paste a real response under examples:")
		}
	}
}

// checkExampleIdle finds examples that would pass whatever the catalog made of
// them, and those that another one repeats.
func checkExampleIdle(l *linter, id string) {
	first := map[string]Pos{}
	l.eachExample(func(_ int, ex *Example, got *apierr.Error) {
		response := fmt.Sprint(ex.Status, ex.Header(), ex.Instant(), ex.Body)
		if at, twice := first[response]; twice {
			l.warn(ex.Pos, id, fmt.Sprintf("this example is the one of line %d again", at.Line), "remove one of the two, or show another response")
			return
		}
		first[response] = ex.Pos
		if ex.Has("expect") || len(details(got)) == 0 && got.RetryAt().IsZero() {
			return
		}
		l.warn(ex.Pos, id, "this example has details or a wait, and expects none of them", "add expect: with what it must decode to")
	})
}

// checkPlacesProven finds places, and roots, that no example has a value at,
// where there are examples at all.
func checkPlacesProven(l *linter, id string) {
	if l.tooMuch || !slices.ContainsFunc(l.c.Errors, func(e Entry) bool { return len(e.Examples) > 0 }) {
		return
	}
	reached := l.reached()
	proven := func(ats []apierr.At) bool {
		return slices.ContainsFunc(ats, func(at apierr.At) bool { return reached[at] })
	}
	unseen := l.unseen(proven)
	l.c.eachPlace(func(p placed) {
		if ats := l.p.located[p.Pos]; !p.elsewhere() && !unseen[p.Pos] && !proven(ats) {
			l.warn(p.Pos, id, fmt.Sprintf("no example has %s at %s", p.role, l.looks(ats, " or ")), "add an example that has it, or mend the place")
		}
	})
	for _, root := range l.c.Envelope.Roots {
		if !proven(l.p.below(root)) {
			l.warn(l.c.Envelope.At("root"), id, fmt.Sprintf("no example has anything at %s", root), "add an example that has it, or mend the root")
		}
	}
}

// elsewhere reports whether something else than an example's value proves a
// place: parts are proven by what they are joined to, details by a rule of their
// own, and a header by its definition; the headers of limits come with successes.
func (p *placed) elsewhere() bool {
	defined := p.use == useWait && p.definedUnit() != apierr.UnitNone
	return p.use == usePart || p.use == useDetail || p.use == useLimit || defined
}

// unseen are the places of items that no example has any of: those come with
// successes, which are no examples.
func (l *linter) unseen(proven func([]apierr.At) bool) map[Pos]bool {
	out := map[Pos]bool{}
	for i := range l.c.Envelope.Items {
		items := &l.c.Envelope.Items[i]
		if proven(l.p.located[items.At("each")]) {
			continue
		}
		items.eachPlace(func(_ string, _ use, places []Place) {
			for j := range places {
				out[places[j].Pos] = true
			}
		})
	}
	return out
}

// below are the places at a root, or further on from it.
func (p *Program) below(root apierr.Path) []apierr.At {
	var ats []apierr.At
	for at, place := range p.Tables.Places {
		if rest, ok := strings.CutPrefix(place.Path, root.String()); ok && (rest == "" || strings.ContainsAny(rest[:1], ".[")) {
			ats = append(ats, apierr.At(at))
		}
	}
	return ats
}

// reached tells, by At, which places some example has a value at.
func (l *linter) reached() []bool {
	reached := make([]bool, len(l.p.Tables.Places))
	probe := apierr.Catalog{Format: l.p.Tables.Format, Places: l.p.Tables.Places}
	probe.Build = func(c apierr.Captures) *apierr.Error {
		for at := range reached {
			reached[at] = reached[at] || l.present(c, apierr.At(at))
		}
		return new(apierr.Error)
	}
	l.eachExample(func(_ int, ex *Example, _ *apierr.Error) {
		probe.Decode(ex.Status, ex.Header(), []byte(ex.Body), ex.Instant())
	})
	return reached
}

// present reports whether a place has a value, in some element where it is in a
// list.
func (l *linter) present(c apierr.Captures, at apierr.At) bool {
	lists := []apierr.At{at}
	if t := l.p.Tables; len(t.Places[at].Join) > 0 {
		for _, items := range t.Items {
			lists = append(lists, items.Each)
		}
		for _, refine := range t.Refine {
			lists = append(lists, refine.Each)
		}
	}
	return c.Has(at) || slices.ContainsFunc(lists, func(list apierr.At) bool { return inElement(c, list, at) })
}

// inElement reports whether a place has a value in some element of a list, or of
// the lists in it.
func inElement(c apierr.Captures, list, at apierr.At) bool {
	for _, row := range c.Rows(list) {
		if row.Has(at) || inElement(row, list, at) {
			return true
		}
	}
	return false
}

// checkSources finds catalogs whose facts have no date.
func checkSources(l *linter, id string) {
	undated := func(e Entry) bool { return e.Source.Checked == "" }
	if s := &l.c.Source; !s.Has("checked") && !l.c.Failed("source") && (len(l.c.Errors) == 0 || slices.ContainsFunc(l.c.Errors, undated)) {
		l.warn(l.c.At("source"), id, "nothing says on which day the facts were compared with the document", "add checked: with the day, year-month-day")
	}
}
