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

	origins []Pos // of Tables.Places, by At: where the catalog first names each
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
	GoType string // of a struct made for an object or for a list's elements
	At     apierr.At
	Each   apierr.At // a list's elements
	Fields []Field
}

// compile turns a catalog that passed the rules into a program.
func compile(c *Catalog) *Program {
	b := &builder{
		c:     c,
		index: map[apierr.Place]apierr.At{},
		names: map[string]bool{},
		p:     &Program{Catalog: c, Places: []string{""}, origins: []Pos{{}}},
		t:     &apierr.Catalog{Vendor: c.Vendor, Places: make([]apierr.Place, 1)},
	}
	b.envelope()
	b.p.Common = b.fields(c.Details, b.details(), c.Envelope.Root, "Details")
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
	index map[apierr.Place]apierr.At
	names map[string]bool
	p     *Program
	t     *apierr.Catalog
}

func (b *builder) envelope() {
	e := &b.c.Envelope
	b.t.Code = b.places(e.Code)
	b.t.Message = b.places(e.Message)
	b.t.RequestID = b.places(e.RequestID)
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
	part.Fields = b.fields(e.Details, b.details(), b.c.Envelope.Root, name)
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
			Limit:     b.place(&l.Limit),
			Remaining: b.place(&l.Remaining),
			Used:      b.place(&l.Used),
			Reset:     b.place(&l.Reset.Place),
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
		for _, t := range slices.Concat(w.Header, w.Body) {
			m = append(m, apierr.Cond{
				At:       b.place(&Place{Header: t.Header, Body: t.Path, Node: t.placeNode()}),
				Equals:   t.Equals,
				Contains: t.Contains,
				Absent:   !t.Present,
			})
		}
		out = append(out, m)
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

// fields compiles details. base is the object that holds those without a place
// of their own, root what @ stands for, and owner the Go name that the names
// of their structs begin with.
func (b *builder) fields(details []Detail, base, root apierr.Path, owner string) []Field {
	var out []Field
	for i := range details {
		d := &details[i]
		f := Field{Detail: d, GoName: d.GoName()}
		p := d.Place
		if !p.Has("body") && !p.Has("header") {
			p.Body, p.Node = base.Join(child(d.Wire)), Node{Pos: d.Pos, keys: map[string]Pos{"body": d.Pos}}
		}
		if p.Has("body") {
			p.Body = b.absolute(p.Body, root)
		}
		switch {
		case d.Type == TypeList && p.Has("body"):
			f.At = b.place(&p)
			p.Body = p.Body.Join(each)
			f.Each = b.place(&p)
			f.GoType = owner + f.GoName + "Item"
			f.Fields = b.fields(d.Of, p.Body, p.Body, owner+f.GoName)
		case d.Type == TypeObject:
			f.At = b.place(&p)
			f.GoType = owner + f.GoName
			f.Fields = b.fields(d.Of, p.Body, p.Body, owner+f.GoName)
		default:
			f.At = b.place(&p)
		}
		out = append(out, f)
	}
	return out
}

// details is the object that holds the details without a place of their own.
func (b *builder) details() apierr.Path {
	if b.c.Envelope.Has("details") {
		return b.absolute(b.c.Envelope.Details, b.c.Envelope.Root)
	}
	return b.c.Envelope.Root
}

// absolute resolves a path that begins with @.
func (b *builder) absolute(p, root apierr.Path) apierr.Path {
	if p.Relative() {
		return root.Join(p)
	}
	return p
}

// child is the path to a member of an object.
func child(name string) apierr.Path {
	quoted := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(name)
	p, _ := apierr.ParseRelativePath("@['" + quoted + "']")
	return p
}

var each, _ = apierr.ParseRelativePath("@[*]")
