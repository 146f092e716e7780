package spec

import (
	"errors"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/errgen/errgen/templates/apierr"
)

// reservedVendors would clash with folders that are generated beside them.
var reservedVendors = []string{"apierr", "docs"}

// reservedFolders are packages and folders with a meaning of their own to Go,
// and files that Windows cannot have.
var reservedFolders = []string{"main", "init", "internal", "vendor", "testdata", "aux", "con", "nul", "prn"}

func checkVendor(l *linter, id string) {
	v, why := l.c.Vendor, ""
	switch {
	case slices.Contains(reservedVendors, v):
		why = "is the name of a generated folder"
	case token.IsKeyword(v):
		why = "is a keyword of Go"
	case slices.Contains(reservedFolders, v):
		why = "can be the name of no folder with a package"
	case strings.HasSuffix(v, "test"):
		why = "ends in test, as the packages with ready responses do"
	default:
		return
	}
	l.report(l.c.At("vendor"), id, fmt.Sprintf("%q %s", v, why), "give the vendor another name")
}

// A placed is a place that a catalog names, with what it is for.
type placed struct {
	*Place
	role   string
	single bool // the place must give one value
}

// places calls f for each place of the catalog.
func (c *Catalog) eachPlace(f func(placed)) {
	all := func(role string, places []Place) {
		for i := range places {
			f(placed{&places[i], role, true})
		}
	}
	all("the code", c.Envelope.Code)
	all("the message", c.Envelope.Message)
	all("the request id", c.Envelope.RequestID)
	c.eachDelay(func(d *Delay) {
		for i := range d.Sources {
			f(placed{&d.Sources[i].Place, "a wait", true})
		}
	})
	c.eachDetail(func(d *Detail) {
		if d.Has("body") || d.Has("header") {
			f(placed{&d.Place, "a detail", false})
		}
	})
	for i := range c.Limits {
		limit := &c.Limits[i]
		for _, key := range []struct {
			name  string
			place *Place
		}{{"limit", &limit.Limit}, {"remaining", &limit.Remaining}, {"used", &limit.Used}, {"reset", &limit.Reset.Place}} {
			if limit.Has(key.name) {
				f(placed{key.place, "a limit's " + key.name, true})
			}
		}
	}
}

// eachDelay calls f for each delay that the catalog gives.
func (c *Catalog) eachDelay(f func(*Delay)) {
	if c.Has("delay") {
		f(&c.Delay)
	}
	c.eachOutcome(func(o *Outcome, n *Node) {
		if n.Has("delay") {
			f(&o.Delay)
		}
	})
}

// eachOutcome calls f for each outcome and the mapping it stands in.
func (c *Catalog) eachOutcome(f func(*Outcome, *Node)) {
	for i := range c.Status {
		f(&c.Status[i].Outcome, &c.Status[i].Node)
	}
	for i := range c.Errors {
		f(&c.Errors[i].Outcome, &c.Errors[i].Node)
	}
}

// eachDetail calls f for each detail, inner ones after their outer one.
func (c *Catalog) eachDetail(f func(*Detail)) {
	var walk func(details []Detail)
	walk = func(details []Detail) {
		for i := range details {
			f(&details[i])
			walk(details[i].Of)
		}
	}
	walk(c.Details)
	for i := range c.Errors {
		walk(c.Errors[i].Details)
	}
}

func checkPlaces(l *linter, id string) {
	l.c.eachPlace(func(p placed) {
		switch {
		case p.Failed():
		case p.Has("body") && p.Has("header"):
			l.report(p.At("header"), id, p.role+" is given both a body path and a header", "make it two places; the first present wins")
		case !p.Has("body") && !p.Has("header"):
			l.report(p.Pos, id, p.role+" has neither a body path nor a header", "add body: or header:")
		}
	})
}

// checkDepth finds paths that are too long once they are put together of the
// envelope's, the details' and their own steps.
func checkDepth(l *linter, id string) {
	for i, p := range l.p.Tables.Places {
		if p.Path == "" {
			continue
		}
		if _, err := apierr.ParsePath(p.Path); err != nil {
			mend := err.Error()
			var bad *apierr.PathError
			if errors.As(err, &bad) {
				mend = bad.Text
			}
			l.report(l.p.origins[i], id, fmt.Sprintf("this place is at %s in the whole body", clip(p.Path)), mend)
		}
	}
}

func checkLists(l *linter, id string) {
	l.c.eachPlace(func(p placed) {
		if p.single && p.Body.Lists() > 0 {
			l.report(p.At("body"), id, fmt.Sprintf("%s is at %s, which is many values", p.role, p.Body), "take one element: [0]")
		}
	})
	l.c.eachDetail(func(d *Detail) {
		if d.Has("body") && d.Body.Lists() > 0 {
			l.report(d.At("body"), id, fmt.Sprintf("the detail %q is at %s, which is many values", d.Wire, d.Body), "leave [*] out and give the detail the type list")
		}
	})
	l.c.eachTest(func(t *Test) {
		if t.Path.Lists() > 0 {
			l.report(t.Pos, id, fmt.Sprintf("a condition looks at %s, which is many values", t.Path), "take one element: [0]")
		}
	})
}

// eachTest calls f for each test of each condition.
func (c *Catalog) eachTest(f func(*Test)) {
	whens := func(whens []When) {
		for i := range whens {
			for j := range whens[i].Header {
				f(&whens[i].Header[j])
			}
			for j := range whens[i].Body {
				f(&whens[i].Body[j])
			}
		}
	}
	for i := range c.Errors {
		whens(c.Errors[i].When)
	}
	c.eachDelay(func(d *Delay) {
		for i := range d.Sources {
			whens(d.Sources[i].When)
		}
	})
}

func checkRoot(l *linter, id string) {
	e := &l.c.Envelope
	if e.Has("root") && e.Root.Relative() {
		l.report(e.At("root"), id, fmt.Sprintf("the root %s begins with @", e.Root), "begin it with $, the whole body")
	}
	for _, key := range []struct {
		name string
		path apierr.Path
	}{{"root", e.Root}, {"details", e.Details}} {
		if key.path.Lists() > 0 {
			l.report(e.At(key.name), id, fmt.Sprintf("%s is many values", key.path), "take one element: [0]")
		}
	}
}

func checkUnits(l *linter, id string) {
	l.c.eachDelay(func(d *Delay) {
		for i := range d.Sources {
			l.unit(&d.Sources[i], id)
		}
	})
	for i := range l.c.Limits {
		if l.c.Limits[i].Has("reset") {
			l.unit(&l.c.Limits[i].Reset, id)
		}
	}
}

func (l *linter) unit(s *DelaySource, id string) {
	if unitOf(s) == apierr.UnitNone && !s.Failed() {
		l.report(s.Pos, id, "nothing says what this wait is counted in", "add unit: one of "+strings.Join(apierr.Units(), ", "))
	}
}

func checkBackoffs(l *linter, id string) {
	check := func(b *Backoff) {
		if !b.Has("steps") {
			return
		}
		for _, key := range []string{"base", "factor", "max"} {
			if b.Has(key) {
				l.report(b.At(key), id, fmt.Sprintf("%s beside steps has no effect", key), "keep either steps, or base, factor and max")
			}
		}
		if len(b.Steps) == 0 && !b.Failed("steps") {
			l.report(b.At("steps"), id, "there are no steps", "give at least one: [1s, 5s, 30s]")
		}
	}
	check(&l.c.Retry.Backoff)
	l.c.eachOutcome(func(o *Outcome, n *Node) {
		if n.Has("backoff") {
			check(&o.Backoff)
		}
	})
}

func checkDelays(l *linter, id string) {
	l.c.eachDelay(func(d *Delay) {
		if d.Has("max") && d.Has("min") && d.Max < d.Min && !d.Failed("min", "max") {
			l.report(d.At("max"), id, fmt.Sprintf("max %s is below min %s", d.Max, d.Min), "raise max or lower min")
		}
	})
}

// detailNeeds tells, for each type, which other keys it takes.
var detailNeeds = map[Type]struct{ unit, of bool }{
	TypeDuration: {unit: true}, TypeTime: {unit: true},
	TypeList: {of: true}, TypeObject: {of: true},
}

// unitsOf are the names of the units that a duration or a time may have.
func unitsOf(t Type) []string {
	return slices.DeleteFunc(apierr.Units(), func(name string) bool {
		u, _ := apierr.ParseUnit(name)
		return t == TypeDuration && !u.Relative() || t == TypeTime && !u.Instant()
	})
}

func checkDetails(l *linter, id string) {
	l.c.eachDetail(func(d *Detail) {
		needs := detailNeeds[d.Type]
		switch {
		case d.Failed():
		case d.Type == "":
			l.report(d.Pos, id, fmt.Sprintf("the detail %q has no type", d.Wire), "add type: one of "+strings.Join(typeWords(), ", "))
		case needs.unit && d.Unit == apierr.UnitNone:
			l.report(d.Pos, id, fmt.Sprintf("the detail %q is a %s without a unit", d.Wire, d.Type), "add unit: one of "+strings.Join(unitsOf(d.Type), ", "))
		case !needs.unit && d.Has("unit"):
			l.report(d.At("unit"), id, fmt.Sprintf("the detail %q is of the type %s, which has no unit", d.Wire, d.Type), "remove unit, or make the type duration or time")
		case d.Type == TypeDuration && d.Unit.Instant():
			l.report(d.At("unit"), id, fmt.Sprintf("%s is an instant, not a duration", d.Unit), "make the type time")
		case d.Type == TypeTime && d.Unit.Relative():
			l.report(d.At("unit"), id, fmt.Sprintf("%s is a duration, not an instant", d.Unit), "make the type duration")
		case needs.of && len(d.Of) == 0 && d.OfType == "":
			l.report(d.Pos, id, fmt.Sprintf("the %s %q does not say of what", d.Type, d.Wire), "add of: string, or of: with the fields of each")
		case !needs.of && d.Has("of"):
			l.report(d.At("of"), id, fmt.Sprintf("the detail %q is of the type %s, which has no parts", d.Wire, d.Type), "remove of, or make the type list or object")
		case d.Type == TypeObject && d.OfType != "":
			l.report(d.At("of"), id, fmt.Sprintf("the fields of the object %q have no names", d.Wire), "write of: {field: type}, or make the type any")
		case d.Type == TypeList && detailNeeds[d.OfType] != struct{ unit, of bool }{}:
			l.report(d.At("of"), id, fmt.Sprintf("one word does not say enough of a list of the type %s", d.OfType), "name the fields of each element, of: {field: type}, or make it of: any")
		case (d.Type == TypeList || d.Type == TypeObject) && d.Has("header"):
			l.report(d.At("header"), id, fmt.Sprintf("a header holds no %s", d.Type), "make the type string")
		}
	})
}
