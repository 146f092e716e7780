package spec

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

// Defaults of a catalog that gives no retry policy: three attempts in all, a
// second apart and doubling, as most vendors' SDKs have it.
const defaultMaxRetries = 2

var defaultCurve = apierr.Curve{Base: time.Second, Factor: 2, Max: 20 * time.Second}

// places resolves several places in turn.
func (b *builder) places(places []Place, bases []apierr.Path) []apierr.At {
	var out []apierr.At
	for i := range places {
		out = append(out, b.resolve(&places[i], bases)...)
	}
	return out
}

// resolve returns the places that a place stands for: one, or when its path
// begins with @ one for each base.
func (b *builder) resolve(p *Place, bases []apierr.Path) []apierr.At {
	ats := b.located(p, bases)
	b.p.located[p.Pos] = append(b.p.located[p.Pos], ats...)
	return ats
}

func (b *builder) located(p *Place, bases []apierr.Path) []apierr.At {
	out := apierr.Place{
		Scheme: p.Scheme, Item: p.Item, Key: p.Key, Param: p.Param, Lines: p.lines, With: p.With,
		After: p.After, Before: p.Before, Known: p.Known,
		When: b.matches(p.When),
	}
	switch {
	case p.Has("header"):
		out.Header = http.CanonicalHeaderKey(p.Header)
		return []apierr.At{b.at(out, p.Pos)}
	case p.Has("join"):
		var ats []apierr.At
		for i := range bases {
			out.Join = b.places(p.Join, bases[i:i+1])
			ats = append(ats, b.at(out, p.Pos))
		}
		return slices.Compact(ats)
	}
	var ats []apierr.At
	for _, path := range b.paths(p.Body, bases) {
		out.Path = path.String()
		ats = append(ats, b.at(out, p.Pos))
	}
	return ats
}

// each returns the place of the elements of a list.
func (b *builder) each(path apierr.Path, pos Pos) apierr.At {
	at := b.at(apierr.Place{Path: path.String()}, pos)
	b.p.located[pos] = append(b.p.located[pos], at)
	return at
}

// header resolves a place that can only be a header; it is 0 for none.
func (b *builder) header(p *Place) apierr.At {
	if !p.Has("header") {
		return 0
	}
	return b.resolve(p, b.roots)[0]
}

// at returns the At of a place, a new one if it has none yet.
func (b *builder) at(p apierr.Place, origin Pos) apierr.At {
	key := fmt.Sprintf("%#v", p)
	at, ok := b.index[key]
	if !ok {
		at = apierr.At(len(b.t.Places))
		b.index[key] = at
		b.t.Places = append(b.t.Places, p)
		b.p.Places = append(b.p.Places, b.placeName(p))
		b.p.origins = append(b.p.origins, origin)
	}
	return at
}

// placeName makes the Go name of a place's constant: atErrorCode of
// $.error.code, atRetryAfter of the header Retry-After. The names are not
// exported; where two places would share one, the later gets a number.
func (b *builder) placeName(p apierr.Place) string {
	wire := p.Path
	switch {
	case len(p.Join) > 0:
		for _, at := range p.Join {
			wire += " " + strings.TrimPrefix(b.p.Places[at], "at")
		}
	case p.Header != "":
		wire = strings.Join([]string{p.Header, p.Item, p.Key, p.Param}, " ")
		if b.names["at"+GoName(wire)] > 0 {
			wire += " header"
		}
	}
	if p.Known {
		wire += " known"
	}
	if p.After != "" {
		wire += " after"
	}
	if p.Before != "" {
		wire += " before"
	}
	wire = filters.ReplaceAllString(wire, " $1 ")
	name := "at" + GoName("x " + strings.ReplaceAll(wire, "[*]", " each "))[1:]
	base := name
	for n := b.names[base]; b.names[name] > 0; n++ {
		name = base + strconv.Itoa(n)
		b.names[base] = n + 1
	}
	b.names[name] = 2
	return name
}

// filters are the filters of a path. Of each, the last word of the value that it
// compares with is what tells it from others.
var filters = regexp.MustCompile(`\[\?@.*?==.*?([A-Za-z0-9_]+)'?\]`)

// delay compiles a delay; what it does not give comes from the outer one.
func (b *builder) delay(d *Delay, outer *apierr.Delay) apierr.Delay {
	out := d.over(outer)
	if d.Has("sources") {
		out.Sources = nil
	}
	for i := range d.Sources {
		unit := unitOf(&d.Sources[i])
		place := d.Sources[i].Place.in(unit)
		for _, at := range b.resolve(&place, b.roots) {
			out.Sources = append(out.Sources, apierr.Source{At: at, Unit: unit})
		}
	}
	return out
}

// over is the outer delay, which may be nil, with the delay's own bounds and
// default.
func (d *Delay) over(outer *apierr.Delay) apierr.Delay {
	var out apierr.Delay
	if outer != nil {
		out = *outer
	}
	if d.Has("default") {
		out.Default = d.Default
	}
	if d.Has("min") {
		out.Min = d.Min
	}
	if d.Has("max") {
		out.Max = d.Max
	}
	return out
}

// unitOf is the unit a source gives, or that its header has by definition.
func unitOf(s *DelaySource) apierr.Unit {
	if s.Unit == apierr.UnitNone {
		return s.definedUnit()
	}
	return s.Unit
}

// definedUnit is the unit that the definition of a header gives to the value at
// a place in it.
func (p *Place) definedUnit() apierr.Unit {
	switch part := p.structured(); {
	case strings.EqualFold(p.Header, "Retry-After") && !part: // RFC 9110, section 10.2.3
		return apierr.RetryAfter
	case strings.EqualFold(p.Header, "RateLimit") && !part: // draft-ietf-httpapi-ratelimit-headers, draft 07 and later
		return apierr.RateLimitField
	case strings.EqualFold(p.Header, "RateLimit") && (p.Param == "t" || p.Key == "reset" && p.Param == ""):
		return apierr.Seconds
	case strings.EqualFold(p.Header, "RateLimit-Reset") && !part: // drafts 00 to 06
		return apierr.Seconds
	}
	return apierr.UnitNone
}

// structured reports whether the place is a part of a structured field.
func (p *Place) structured() bool { return p.Has("item") || p.Has("key") }

// in is the place of a value in the given unit. A RateLimit field may come in
// several lines.
func (p Place) in(unit apierr.Unit) Place {
	p.lines = unit == apierr.RateLimitField && p.Has("header") && !p.structured() && !p.Has("param")
	return p
}

// curve compiles a backoff; what it does not give comes from the outer one,
// but steps and a base exclude each other.
func curve(b *Backoff, outer apierr.Curve) apierr.Curve {
	out := outer
	if b.Has("steps") {
		out = apierr.Curve{Steps: b.Steps, Jitter: outer.Jitter}
	}
	if b.Has("base") {
		out.Steps, out.Base = nil, b.Base
	}
	if b.Has("factor") {
		out.Factor = b.Factor
	}
	if b.Has("max") {
		out.Max = b.Max
	}
	if b.Has("jitter") {
		out.Jitter = apierr.Jitter{Add: b.Jitter.Add, Part: b.Jitter.Part, Full: b.Jitter.Full}
	}
	return out
}

// GoName is the entry's Go name: the author's, else the one made of its code.
func (e *Entry) GoName() string {
	if e.Name != "" {
		return e.Name
	}
	return GoName(e.Code)
}

// GoName is the detail's Go name: the author's, else the one made of its name
// on the wire.
func (d *Detail) GoName() string {
	if d.Name != "" {
		return d.Name
	}
	return GoName(d.Wire)
}

// statuses are the entry's documented statuses: those it gives, else those
// that its conditions name one by one.
func (e *Entry) statuses() []int {
	if e.Has("status") {
		return e.Status
	}
	var out []int
	for _, w := range e.When {
		for _, r := range w.Status {
			if r.From == r.To && !slices.Contains(out, r.From) {
				out = append(out, r.From)
			}
		}
	}
	return out
}

// outcome is what an entry means: what it says itself, and for the rest its
// status's row, which is returned as well, or its class. An entry that names
// another class than the row has nothing from it. An entry without a class
// whose statuses mean different things is what the response's status says.
func (c *Catalog) outcome(e *Entry) (apierr.Outcome, *StatusRow) {
	if !e.Has("class") && c.mixed(e) {
		return apierr.Outcome{}, nil
	}
	if s := e.statuses(); len(s) > 0 {
		base, row := c.ofStatus(s[0])
		if !e.Has("class") || e.Class == base.Class {
			return settle(&e.Outcome, &e.Node, base), row
		}
	}
	return settle(&e.Outcome, &e.Node, outcomeOf(e.Class)), nil
}

// ofStatus is what a status means, and the row that says so, if any.
func (c *Catalog) ofStatus(status int) (apierr.Outcome, *StatusRow) {
	base, row := outcomeOf(apierr.ClassOf(status)), c.row(status)
	if row != nil {
		base = settle(&row.Outcome, &row.Node, base)
	}
	return base, row
}

// mixed reports whether an entry's statuses mean different things.
func (c *Catalog) mixed(e *Entry) bool {
	s := e.statuses()
	return slices.ContainsFunc(s, func(status int) bool {
		first, firstRow := c.ofStatus(s[0])
		other, row := c.ofStatus(status)
		return other != first || row != firstRow
	})
}

// row is the most exact status row for a status, or nil.
func (c *Catalog) row(status int) *StatusRow {
	var best *StatusRow
	for i := range c.Status {
		row := &c.Status[i]
		if row.From <= status && status <= row.To && (best == nil || row.To-row.From < best.To-best.From) {
			best = row
		}
	}
	return best
}

// outcomeOf is what a class brings with it.
func outcomeOf(class apierr.Class) apierr.Outcome {
	retry, repeat := class.Defaults()
	return apierr.Outcome{Class: class, Retry: retry, Repeat: repeat}
}

// settle is an outcome as given, with what it does not give taken from base: a
// class that is given and another than base's brings its own rules with it.
func settle(o *Outcome, n *Node, base apierr.Outcome) apierr.Outcome {
	if n.Has("class") && o.Class != base.Class {
		base = outcomeOf(o.Class)
	}
	if n.Has("retry") {
		base.Retry = o.Retry
	}
	if n.Has("repeat") {
		base.Repeat = o.Repeat
	}
	return base
}
