package spec

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/errgen/errgen/templates/apierr"
)

// A Program is a catalog ready for use: the tables that drive decoding and
// deciding, and what the generator needs besides. It is made by [Load] and is
// safe for concurrent use.
type Program struct {
	*Catalog
	Tables *apierr.Catalog // as generated packages hold them
	Places []string        // names of Tables.Places, by At: "atRetryAfter"
	Common []Field         // details of every error
	Parts  []Part          // by entry, in the order of Tables.Entries

	origins []Pos               // of Tables.Places, by At: where the catalog first names each
	located map[Pos][]apierr.At // by where a place is named: what it stands for
}

// A Part is what the generator knows of an entry beyond its tables.
type Part struct {
	Entry  *Entry
	Name   string  // Go name
	Fields []Field // its own details, without the common ones
}

// A Field is a detail with its place and its Go names.
type Field struct {
	*Detail
	GoName string
	GoType string      // of a struct made for an object or for a list's elements
	At     []apierr.At // where it is: the first present wins
	Each   []apierr.At // a list's elements, for each of At
	Fields []Field
}

// compile turns a catalog that passed the rules into a program.
func compile(c *Catalog) *Program {
	b := &builder{
		c:     c,
		index: map[string]apierr.At{},
		names: map[string]int{},
		p:     &Program{Catalog: c, Places: []string{""}, origins: []Pos{{}}, located: map[Pos][]apierr.At{}},
		t:     &apierr.Catalog{Vendor: c.Vendor, Places: make([]apierr.Place, 1)},
	}
	b.roots = c.Envelope.Roots
	if len(b.roots) == 0 {
		b.roots = []apierr.Path{{}}
	}
	b.envelope()
	b.policy()
	b.p.Common = b.fields(c.Details, b.detailRoots(), b.roots, "Details")
	for i := range c.Errors {
		b.entry(&c.Errors[i])
	}
	b.rules()
	b.limits()
	b.p.Tables = b.t
	return b.p
}

// builder collects the tables of one program.
type builder struct {
	c     *Catalog
	index map[string]apierr.At
	names map[string]int // of places: the number that the next of the same name gets
	roots []apierr.Path  // what @ stands for
	p     *Program
	t     *apierr.Catalog
}

func (b *builder) envelope() {
	e := &b.c.Envelope
	if e.Format == "xml" {
		b.t.Format = apierr.XML
	}
	b.t.Code = b.places(e.Code, b.roots)
	b.t.Message = b.places(e.Message, b.roots)
	b.t.RequestID = b.places(e.RequestID, b.roots)
	for i := range e.Items {
		items := &e.Items[i]
		for _, each := range b.paths(items.Each, b.roots) {
			inner := []apierr.Path{each}
			b.t.Items = append(b.t.Items, apierr.Items{
				Each:    b.each(each, items.At("each")),
				Code:    b.places(items.Code, inner),
				Field:   b.places(items.Field, inner),
				Message: b.places(items.Message, inner),
			})
		}
	}
	if e.Has("refine") {
		for _, each := range b.paths(e.Refine.Each, b.roots) {
			b.t.Refine = append(b.t.Refine, apierr.Refine{
				Each: b.each(each, e.Refine.At("each")),
				Code: b.places(e.Refine.Code, []apierr.Path{each}),
			})
		}
	}
	b.t.MaxBody = b.c.MaxBody
	b.t.FailWhen = b.matches(b.c.FailWhen)
	b.t.Override = apierr.Override{
		Header: http.CanonicalHeaderKey(b.c.Override.Header),
		Retry:  b.c.Override.Retry,
		Stop:   b.c.Override.Stop,
	}
}

func (b *builder) policy() {
	b.t.Delay = b.delay(&b.c.Delay, nil)
	b.t.MaxRetries = defaultMaxRetries
	if b.c.Retry.Has("max_retries") {
		b.t.MaxRetries = b.c.Retry.MaxRetries
	}
	b.t.Backoff = curve(&b.c.Retry.Backoff, defaultCurve)
	b.t.Breaker = apierr.Breaker{Failures: b.c.Retry.Breaker.Failures, Open: b.c.Retry.Breaker.Open}
	b.t.Idempotency = http.CanonicalHeaderKey(b.c.Idempotency.Header)
	b.t.Messages = texts(b.c.Messages)
}

func (b *builder) entry(e *Entry) {
	name := e.GoName()
	part := Part{Entry: e, Name: name}
	outcome, row := b.c.outcome(e)
	var delay *apierr.Delay
	var backoff *apierr.Curve
	if row != nil {
		delay, backoff = b.own(&row.Outcome, &row.Node, nil, nil)
	}
	delay, backoff = b.own(&e.Outcome, &e.Node, delay, backoff)
	part.Fields = b.fields(e.Details, b.detailRoots(), b.roots, name)
	for i := range e.Examples {
		e.Examples[i].media = mediaTypes[b.t.Format]
	}
	b.t.Entries = append(b.t.Entries, apierr.Entry{
		Name:     name,
		Code:     e.Code,
		Status:   e.statuses(),
		When:     b.matches(e.When),
		Outcome:  outcome,
		Delay:    delay,
		Backoff:  backoff,
		Meaning:  e.Meaning,
		Action:   e.Action,
		Anchor:   anchor(name),
		Messages: texts(e.Messages),
	})
	b.p.Parts = append(b.p.Parts, part)
}

// own is the delay and the backoff that a mapping gives, with what it leaves
// out taken from outer ones, or from the catalog's when those are nil. Where it
// gives none, it is the outer ones.
func (b *builder) own(o *Outcome, n *Node, delay *apierr.Delay, backoff *apierr.Curve) (*apierr.Delay, *apierr.Curve) {
	if n.Has("delay") {
		d := b.delay(&o.Delay, cmp.Or(delay, &b.t.Delay))
		delay = &d
	}
	if n.Has("backoff") {
		k := curve(&o.Backoff, *cmp.Or(backoff, &b.t.Backoff))
		backoff = &k
	}
	return delay, backoff
}

func (b *builder) rules() {
	rows := slices.Clone(b.c.Status)
	// The narrower range is the more exact one, whatever the order in the file.
	slices.SortStableFunc(rows, func(x, y StatusRow) int { return (x.To - x.From) - (y.To - y.From) })
	for i := range rows {
		row := &rows[i]
		rule := apierr.Rule{Firm: row.Has("repeat")}
		rule.Delay, rule.Backoff = b.own(&row.Outcome, &row.Node, nil, nil)
		for _, r := range row.parts() {
			rule.From, rule.To = r.From, r.To
			rule.Outcome = settle(&row.Outcome, &row.Node, outcomeOf(apierr.ClassOf(r.From)))
			b.t.Rules = append(b.t.Rules, rule)
		}
	}
	for i := range b.c.Transport {
		row := &b.c.Transport[i]
		b.t.Transport = append(b.t.Transport, apierr.Failing{Failure: row.Failure, Outcome: settle(&row.Outcome, &row.Node, row.Failure.Outcome())})
	}
}

// parts are the ranges of a row whose statuses have one outcome each: a row
// without a class leaves each status its own, 4xx among them.
func (s *StatusRow) parts() []Range {
	if s.Has("class") {
		return []Range{s.Range}
	}
	var out []Range
	for from := s.From; from <= s.To; {
		to := from
		for to < s.To && apierr.ClassOf(to+1) == apierr.ClassOf(from) {
			to++
		}
		out = append(out, Range{from, to})
		from = to + 1
	}
	return out
}

func (b *builder) limits() {
	for i := range b.c.Limits {
		l := &b.c.Limits[i]
		b.t.Limits = append(b.t.Limits, apierr.Window{
			Name:      l.Name,
			Header:    http.CanonicalHeaderKey(l.Header),
			Limit:     b.header(&l.Limit),
			Remaining: b.header(&l.Remaining),
			Used:      b.header(&l.Used),
			Reset:     b.header(&l.Reset.Place),
			ResetUnit: unitOf(&l.Reset),
			Warn:      falling(l.Warn),
		})
	}
}

func falling(parts []float64) []float64 {
	parts = slices.Clone(parts)
	slices.Sort(parts)
	slices.Reverse(parts)
	return parts
}

func texts(messages []Message) []apierr.UserText {
	var out []apierr.UserText
	for _, m := range messages {
		out = append(out, apierr.UserText(m))
	}
	return out
}

// matches compiles conditions.
func (b *builder) matches(whens []When) []apierr.Match {
	var out []apierr.Match
	for i := range whens {
		w := &whens[i]
		var m apierr.Match
		if len(w.Status) > 0 {
			c := apierr.Cond{}
			for _, r := range w.Status {
				c.Status = append(c.Status, [2]int{r.From, r.To})
			}
			m = append(m, c)
		}
		if len(w.Media) > 0 {
			m = append(m, apierr.Cond{Media: w.Media})
		}
		alternatives := []apierr.Match{m}
		for _, t := range slices.Concat(w.Header, w.Body) {
			alternatives = b.test(&t, alternatives)
		}
		out = append(out, alternatives...)
	}
	return out
}

// test adds a test to each alternative. Of a place that is at several roots, any
// may pass it, which makes an alternative of each; what must be absent must be so
// at all of them.
func (b *builder) test(t *Test, alternatives []apierr.Match) []apierr.Match {
	var conds [][]apierr.Cond
	for _, at := range b.resolve(&Place{Header: t.Header, Body: t.Path, Node: t.placeNode()}, b.roots) {
		cond := apierr.Cond{At: at, Equals: t.Equals, Contains: t.Contains, Absent: !t.Present}
		if cond.Absent && len(conds) > 0 {
			conds[0] = append(conds[0], cond)
		} else {
			conds = append(conds, []apierr.Cond{cond})
		}
	}
	var out []apierr.Match
	for _, more := range conds {
		for _, m := range alternatives {
			out = append(out, append(slices.Clip(m), more...))
		}
	}
	return out
}

// placeNode makes a node that says which of the two places a test has.
func (t *Test) placeNode() Node {
	key := "body"
	if t.Header != "" {
		key = "header"
	}
	return Node{Pos: t.Pos, keys: map[string]Pos{key: t.Pos}}
}

// fields compiles details. Those without a place of their own are in the
// objects at bases; roots are what @ stands for, and owner is the Go name that
// the names of their structs begin with.
func (b *builder) fields(details []Detail, bases, roots []apierr.Path, owner string) []Field {
	var out []Field
	for i := range details {
		d := &details[i]
		f := Field{Detail: d, GoName: d.GoName()}
		from := roots
		if !d.placed() {
			from = bases
		}
		var within []apierr.Path
		places := d.places()
		for i := range places {
			place := places[i].in(d.Unit)
			f.At = append(f.At, b.resolve(&place, from)...)
			within = append(within, b.paths(places[i].Body, from)...)
		}
		switch {
		case d.Type == TypeList && d.OfType != TypeString:
			if len(d.Of) > 0 {
				f.GoType = owner + f.GoName + "Item"
			}
			for i := range within {
				within[i] = within[i].Join(each)
				f.Each = append(f.Each, b.at(apierr.Place{Path: within[i].String()}, d.Pos))
			}
		case d.Type == TypeObject:
			f.GoType = owner + f.GoName
		}
		if len(d.Of) > 0 {
			f.Fields = b.fields(d.Of, within, within, owner+f.GoName)
		}
		out = append(out, f)
	}
	return out
}

// places are where a detail is: where its author says, else under its own name.
func (d *Detail) places() []Place {
	switch {
	case d.Has("from"):
		return d.From
	case d.placed():
		return []Place{d.Place}
	}
	p := d.Place
	p.Body, p.Node = child(d.Wire), Node{Pos: d.Pos, keys: map[string]Pos{"body": d.Pos}}
	return []Place{p}
}

// detailRoots are the objects that hold the details without a place of their
// own.
func (b *builder) detailRoots() []apierr.Path {
	if b.c.Envelope.Has("details") {
		return b.paths(b.c.Envelope.Details, b.roots)
	}
	return b.roots
}

// paths are what a path stands for: itself, or when it begins with @ the path
// below each base.
func (b *builder) paths(p apierr.Path, bases []apierr.Path) []apierr.Path {
	if !p.Relative() {
		return []apierr.Path{p}
	}
	out := make([]apierr.Path, len(bases))
	for i, base := range bases {
		out[i] = base.Join(p)
	}
	return out
}

// mediaTypes are those of examples that name none, by format.
var mediaTypes = [...]string{apierr.JSON: "application/json", apierr.XML: "application/xml"}

// child is the path to a member of an object.
func child(name string) apierr.Path {
	quoted := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(name)
	p, _ := apierr.ParseRelativePath("@['" + quoted + "']")
	return p
}

var each, _ = apierr.ParseRelativePath("@[*]")
