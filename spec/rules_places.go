package spec

import (
	"cmp"
	"errors"
	"fmt"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"github.com/errgen/errgen/templates/apierr"
)

// reservedVendors would clash with folders that are generated beside them.
var reservedVendors = []string{"apierr", "docs"}

// reservedFiles, reservedVariables and reservedImports would clash with what is in
// a package, in its test, and in the code of those who use it.
var (
	reservedFiles     = []string{"details", "tables"}
	reservedVariables = []string{"e", "err", "ex", "examples", "t"}
	reservedImports   = []string{"errors", "fmt", "http", "io", "json", "slices", "testing", "time"}
)

// device is the name of a device that Windows takes for a file.
var device = regexp.MustCompile("^(com|lpt)[0-9]$")

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
	case slices.Contains(reservedFiles, v):
		why = "is the name of a generated file"
	case slices.Contains(reservedVariables, v):
		why = "is the name of a variable in generated tests"
	case slices.Contains(reservedImports, v):
		why = "is the name of a package that generated code imports"
	case device.MatchString(v):
		why = "can be the name of no folder on Windows"
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
	role string
	use  use
}

// A use is what a place is for.
type use uint8

const (
	useText   use = iota
	useCode       // one that an entry may have
	usePart       // joined with others
	useWait       // how long to wait
	useDetail     // a value of any type
	useLimit      // a count, or an instant
)

// eachPlace calls f for each place of the catalog.
func (c *Catalog) eachPlace(f func(placed)) {
	var all func(role string, use use, places []Place)
	all = func(role string, use use, places []Place) {
		for i := range places {
			f(placed{&places[i], role, use})
			all("a part of "+role, usePart, places[i].Join)
		}
	}
	all("the code", useCode, c.Envelope.Code)
	all("the message", useText, c.Envelope.Message)
	all("the request id", useText, c.Envelope.RequestID)
	for i := range c.Envelope.Items {
		c.Envelope.Items[i].eachPlace(all)
	}
	all("an inner error's code", useCode, c.Envelope.Refine.Code)
	c.eachDelay(func(d *Delay) {
		for i := range d.Sources {
			f(placed{&d.Sources[i].Place, "a wait", useWait})
		}
	})
	c.eachDetail(func(d *Detail) {
		if d.ownPlace() {
			f(placed{&d.Place, "a detail", useDetail})
		}
		all("a detail", useDetail, d.From)
	})
	for i := range c.Limits {
		c.Limits[i].eachPlace(f)
	}
}

// eachPlace calls f for the places of each kind that an item has.
func (i *Items) eachPlace(f func(role string, use use, places []Place)) {
	f("an item's code", useCode, i.Code)
	f("an item's field", useText, i.Field)
	f("an item's message", useText, i.Message)
}

// eachPlace calls f for each place of the limit that could be read.
func (l *Limit) eachPlace(f func(placed)) {
	for _, key := range []struct {
		name  string
		place *Place
	}{{"limit", &l.Limit}, {"remaining", &l.Remaining}, {"used", &l.Used}, {"reset", &l.Reset.Place}} {
		if l.Has(key.name) && !l.Failed(key.name) {
			f(placed{key.place, "a limit's " + key.name, useLimit})
		}
	}
}

// Spelled is a header's name as the catalog's author spells it first. The
// tables have it as Go does, X-Ratelimit-Limit.
func (c *Catalog) Spelled(header string) string {
	name := ""
	see := func(own string) {
		if name == "" && strings.EqualFold(own, header) {
			name = own
		}
	}
	c.eachPlace(func(p placed) { see(p.Header) })
	c.eachTest(func(t *Test) { see(t.Header) })
	for i := range c.Limits {
		see(c.Limits[i].Header)
	}
	return cmp.Or(name, header)
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

// placed reports whether a detail has a place of its own.
func (d *Detail) placed() bool {
	return d.Has("from") || d.ownPlace()
}

// ownPlace reports whether a detail has keys of a place itself.
func (d *Detail) ownPlace() bool {
	return slices.ContainsFunc(valueKeys, func(k key[Place]) bool { return d.Has(k.name) })
}

func checkPlaces(l *linter, id string) {
	l.c.eachDetail(func(d *Detail) {
		if d.Has("from") && d.ownPlace() {
			l.report(d.At("from"), id, fmt.Sprintf("the detail %q is placed by from and beside it", d.Wire), "move the other place into the list")
		}
	})
	l.c.eachPlace(func(p placed) {
		kinds := 0
		for _, key := range []string{"body", "header", "join"} {
			if p.Has(key) {
				kinds++
			}
		}
		switch {
		case p.Failed():
		case kinds > 1:
			l.report(p.Pos, id, p.role+" is given in more than one way", "keep one of body, header and join; or make several places, of which the first present wins")
		case kinds == 0:
			l.report(p.Pos, id, p.role+" has neither a body path nor a header", "add body: or header:")
		case p.structured() || rateLimit(p.Header) && p.Has("param"):
			l.checkStructured(p, id)
		case p.Has("scheme") && !p.Has("param"), p.Has("param") && !p.Has("header"):
			l.report(p.Pos, id, p.role+" names a challenge in part", "give all of {header: WWW-Authenticate, scheme: Bearer, param: error}")
		case p.Has("join") && len(p.Join) < 2, p.Has("with") && !p.Has("join"):
			l.report(p.Pos, id, p.role+" joins nothing", "give join: two places or more")
		}
	})
}

// checkStructured finds places that no structured field has: a List has items
// and a Dictionary keys, and their parameters are no parameters of challenges.
func (l *linter) checkStructured(p placed, id string) {
	switch {
	case !p.Has("header"):
		l.report(p.Pos, id, p.role+" is a part of no header", "add header: with the name of the structured field")
	case p.Has("item") && p.Has("key"):
		l.report(p.At("key"), id, p.role+" is an item and a key at once", "keep item for a List, such as default;r=5, or key for a Dictionary, such as remaining=5")
	case p.Has("scheme"):
		l.report(p.At("scheme"), id, p.role+" is in a challenge and in a structured field at once", "remove scheme, or item and key")
	case !p.structured():
		l.report(p.At("param"), id, p.role+" is a parameter of no item", "add item: with the item's value, or with \"*\" for the first that has the parameter")
	case p.Has("param") && !structuredKey.MatchString(p.Param):
		l.report(p.At("param"), id, fmt.Sprintf("no structured field has the parameter %q", clip(p.Param)), "write it in small letters, as the field has it")
	}
}

// structuredKey is the whole name of a parameter in a structured field.
var structuredKey = regexp.MustCompile("^(?:" + structuredForm + ")$")

// rateLimit reports whether a header is known to have items with parameters,
// and no challenges.
func rateLimit(header string) bool {
	return strings.EqualFold(header, "RateLimit") || strings.EqualFold(header, "RateLimit-Policy")
}

// checkKnown finds places that no entry's code could be at.
func checkKnown(l *linter, id string) {
	l.c.eachPlace(func(p placed) {
		if p.Has("known") && p.use != useCode {
			l.report(p.At("known"), id, p.role+" is no code that an entry could have", "remove known")
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
		if p.use != useDetail && p.Body.Lists() > 0 && !(p.use == useWait && l.c.refined(p.Body)) {
			l.report(p.At("body"), id, fmt.Sprintf("%s is at %s, which is many values", p.role, p.Body), "take one element: [0]")
		}
	})
	l.c.eachDetail(func(d *Detail) {
		for _, p := range d.places() {
			if p.Body.Lists() > 0 && !l.c.refined(p.Body) {
				l.report(p.At("body"), id, fmt.Sprintf("the detail %q is at %s, which is many values", d.Wire, p.Body), "leave [*] out and give the detail the type list")
			}
		}
	})
	l.c.eachTest(func(t *Test) {
		if t.Path.Lists() > 0 {
			l.report(t.Pos, id, fmt.Sprintf("a condition looks at %s, which is many values", t.Path), "take one element: [0]")
		}
	})
}

// refined reports whether a path leads to one value of the inner error that an
// entry was chosen by.
func (c *Catalog) refined(p apierr.Path) bool {
	each := c.Envelope.Refine.Each
	rest, ok := strings.CutPrefix(p.String(), each.String())
	return c.Envelope.Has("refine") && ok && rest != "" && strings.Contains(".[", rest[:1]) && p.Lists() == each.Lists()
}

// eachWhen calls f for each condition.
func (c *Catalog) eachWhen(f func(*When)) {
	whens := func(whens []When) {
		for i := range whens {
			f(&whens[i])
		}
	}
	whens(c.FailWhen)
	for i := range c.Errors {
		whens(c.Errors[i].When)
	}
	c.eachPlace(func(p placed) { whens(p.When) })
}

// eachTest calls f for each test of each condition.
func (c *Catalog) eachTest(f func(*Test)) {
	c.eachWhen(func(w *When) {
		for i := range w.Header {
			f(&w.Header[i])
		}
		for i := range w.Body {
			f(&w.Body[i])
		}
	})
}

func checkRoot(l *linter, id string) {
	e := &l.c.Envelope
	for _, root := range e.Roots {
		if root.Relative() {
			l.report(e.At("root"), id, fmt.Sprintf("the root %s begins with @", root), "begin it with $, the whole body")
		}
		if root.Lists() > 0 {
			l.report(e.At("root"), id, fmt.Sprintf("%s is many values", root), "take one element: [0]")
		}
	}
	if e.Details.Lists() > 0 {
		l.report(e.At("details"), id, fmt.Sprintf("%s is many values", e.Details), "take one element: [0]")
	}
	for i := range e.Items {
		l.many(&e.Items[i].Node, e.Items[i].Each, id)
	}
	l.many(&e.Refine.Node, e.Refine.Each, id)
}

// many reports a path that should lead to many values and does not.
func (l *linter) many(n *Node, each apierr.Path, id string) {
	if n.Has("each") && !n.Failed("each") && each.Lists() == 0 {
		l.report(n.At("each"), id, fmt.Sprintf("%s is one value", each), "end it in [*] for each element of a list, or in ..name for each at any depth")
	}
}
