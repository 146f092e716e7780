package spec

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

// Defaults of a catalog that gives no retry policy: three attempts in all, a
// second apart and doubling, as most vendors' SDKs have it.
const defaultMaxRetries = 2

var defaultCurve = apierr.Curve{Base: time.Second, Factor: 2, Max: 20 * time.Second}

func (b *builder) places(places []Place) []apierr.At {
	var out []apierr.At
	for i := range places {
		out = append(out, b.place(&places[i]))
	}
	return out
}

// place returns the At of a place, a new one if it has none yet. Paths that
// begin with @ are taken from the envelope's root.
func (b *builder) place(p *Place) apierr.At {
	key := apierr.Place{Header: http.CanonicalHeaderKey(p.Header), After: p.After, Before: p.Before, Known: p.Known}
	switch {
	case p.Has("body"):
		key.Path = b.absolute(p.Body, b.c.Envelope.Root).String()
	case p.Header == "":
		return 0
	}
	at, ok := b.index[key]
	if !ok {
		at = apierr.At(len(b.t.Places))
		b.index[key] = at
		b.t.Places = append(b.t.Places, key)
		b.p.Places = append(b.p.Places, b.placeName(key))
		b.p.origins = append(b.p.origins, p.Pos)
	}
	return at
}

// placeName makes the Go name of a place's constant: atErrorCode of
// $.error.code, atRetryAfter of the header Retry-After. The names are not
// exported; where two places would share one, the later gets a number.
func (b *builder) placeName(p apierr.Place) string {
	wire := p.Path
	if p.Header != "" {
		wire = p.Header
		if b.names["at"+GoName(wire)] {
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
	name := "at" + GoName("x " + strings.ReplaceAll(wire, "[*]", " each "))[1:]
	for base, n := name, 2; b.names[name]; n++ {
		name = base + strconv.Itoa(n)
	}
	b.names[name] = true
	return name
}

// delay compiles a delay; what it does not give comes from the outer one.
func (b *builder) delay(d *Delay, outer *apierr.Delay) apierr.Delay {
	var out apierr.Delay
	if outer != nil {
		out = *outer
	}
	if d.Has("sources") {
		out.Sources = nil
	}
	for i := range d.Sources {
		s := &d.Sources[i]
		out.Sources = append(out.Sources, apierr.Source{At: b.place(&s.Place), Unit: unitOf(s), When: b.matches(s.When)})
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
		return headerUnit(s.Header)
	}
	return s.Unit
}

// headerUnit is the unit that the definition of a header gives to its value.
func headerUnit(header string) apierr.Unit {
	if strings.EqualFold(header, "Retry-After") { // RFC 9110, section 10.2.3
		return apierr.RetryAfter
	}
	return apierr.UnitNone
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
			if r.From == r.To {
				out = append(out, r.From)
			}
		}
	}
	return out
}

// outcome is what an entry means: what it says itself, and for the rest its
// status's row, which is returned as well, or its class. An entry that names
// another class than the row has nothing from it.
func (c *Catalog) outcome(e *Entry) (apierr.Outcome, *StatusRow) {
	if s := e.statuses(); len(s) > 0 {
		base := outcomeOf(apierr.ClassOf(s[0]))
		row := c.row(s[0])
		if row != nil {
			base = settle(&row.Outcome, &row.Node, base)
		}
		if !e.Has("class") || e.Class == base.Class {
			return settle(&e.Outcome, &e.Node, base), row
		}
	}
	return settle(&e.Outcome, &e.Node, outcomeOf(e.Class)), nil
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
