package apierr

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// Decode returns the error that a response is, for callers without an
// [http.Response]. It takes the response's status, header and body, and the
// present instant, against which the server's waits are counted; zero is that
// of the clock. It never fails: a body that cannot be read leaves the status
// and the headers to decide, and so does one that is longer than the catalog's
// limit, [MaxBody] unless it sets another. The body is not retained. The caller
// has already seen that the response is an error, by [Catalog.IsError];
// [Catalog.Check] does that as well.
//
// Safe for concurrent use.
func (c *Catalog) Decode(status int, header http.Header, body []byte, now time.Time) *Error {
	c.once.Do(c.compile)
	if int64(len(body)) > c.limit {
		return c.truncated(status, header, body, now)
	}
	s := c.plan.getScan()
	raw := c.read(s, status, header, body)
	values := Captures{scan: s}
	var slot *codeSlot
	code, ok := s.plainText(c.code)
	if !ok {
		code, slot = c.codeOf(values, c.Code)
	}
	if slot == nil {
		slot = c.byCode.find(code)
	}
	claim, within := slot.sole, values
	if claim == nil {
		claim = c.claim(values, code, slot)
	}
	if len(c.Refine) > 0 {
		claim, within = c.refine(claim, values)
	}
	var e *Error
	if claim.build == nil {
		e = s.newError()
	} else {
		s.blocks.entry = claim.index
		e = claim.build(within)
	}
	e.Code, e.Body = code, raw
	e.Status, e.Header, e.claim = status, header, claim
	if e.Message, ok = s.plainText(c.message); !ok {
		e.Message = values.String(c.Message...)
	}
	if len(c.RequestID) > 0 {
		e.RequestID = values.String(c.RequestID...)
	}
	if len(c.Items) > 0 {
		e.hold(c.items(values))
	}
	if claim.settled {
		e.Outcome = claim.advice.Outcome
	} else {
		c.advise(e, within, now)
	}
	putScan(s)
	return e
}

// advise tells what to do about an error.
func (c *Catalog) advise(e *Error, within Captures, now time.Time) {
	a := &e.claim.advice
	if !a.firm {
		other := e.claim.at(e.Status)
		a = &other
	}
	e.Outcome = a.Outcome
	if c.Override.Header != "" {
		e.Outcome = c.Override.apply(a.Outcome, e.Header)
	}
	if e.Retry != Never {
		if wait, ok := within.wait(a.delay, &now); ok {
			e.waits(wait, now)
		}
	}
	if !a.firm && refused(e.Status, e.untilNanos != 0) {
		e.Repeat = RepeatAny
	}
}

// scan returns the memory to scan a body of this vendor with. [putScan] takes it
// back.
func (c *Catalog) scan() *scan {
	c.once.Do(c.compile)
	return c.plan.getScan()
}

// unread returns the captures of a response whose body is not looked at.
// [putScan] takes their scan back.
func (c *Catalog) unread(status int, header http.Header) Captures {
	s := c.scan()
	s.reset()
	return s.captures("", status, header)
}

// read scans the body of a response, and returns a copy of its start.
func (c *Catalog) read(s *scan, status int, header http.Header, body []byte) string {
	raw := s.keep(body[:min(len(body), rawLimit)])
	s.raw, s.status, s.header = raw, status, header
	if c.Format == XML {
		body, _ = xmlToJSON(body, c.plan.xml)
		s.raw = s.keep(body[:min(len(body), rawLimit)])
	}
	s.scan(body)
	return raw
}

// refine returns the entry of the innermost error within the error that has
// one, and what is captured of it; without any, claim and values.
func (c *Catalog) refine(claim *claimant, values Captures) (*claimant, Captures) {
	within := values
	for i := range c.Refine {
		for row := range values.leaves(c.Refine[i].Each) {
			code, _ := c.codeOf(row, c.Refine[i].Code)
			slot := c.byCode.find(code)
			if code == "" || !c.lists(code, slot) {
				continue
			}
			if inner := c.claim(row, code, slot); inner.Code != "" {
				claim, within = inner, row
			}
		}
	}
	return claim, within
}

// apply returns the outcome as the header changes it, which there must be one of.
func (o *Override) apply(outcome Outcome, header http.Header) Outcome {
	switch value := header.Get(o.Header); {
	case slices.Contains(o.Retry, value):
		outcome.Retry, outcome.Repeat = Backoff, RepeatAny
	case slices.Contains(o.Stop, value):
		outcome.Retry = Never
	}
	return outcome
}

// Entry returns the entry of the given Go name. The second result is false when
// there is none.
func (c *Catalog) Entry(name string) (Entry, bool) {
	i := slices.IndexFunc(c.Entries, func(e Entry) bool { return e.Name == name })
	if i < 0 {
		return Entry{}, false
	}
	return c.Entries[i], true
}

// EntryOf returns the Go name of the entry that an error of this vendor was
// decoded to, wherever in err's tree the error is. It is "" for an error that
// no entry claims, and when there is no error of this vendor.
func (c *Catalog) EntryOf(err error) string {
	switch e := err.(type) {
	case *Error:
		if e != nil && e.Vendor() == c.Vendor {
			return e.Entry()
		}
	case interface{ Unwrap() error }:
		return c.EntryOf(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if name := c.EntryOf(inner); name != "" {
				return name
			}
		}
	}
	return ""
}

// EntryIs reports whether target is the class of the entry of the given Go
// name: the Is of a generated constant.
func (c *Catalog) EntryIs(name string, target error) bool {
	class, ok := target.(interface{ ErrorClass() string })
	e, known := c.Entry(name)
	return ok && known && class.ErrorClass() == e.Outcome.Class.String()
}

// Link returns a link to the section of an entry in the reference, or "" when
// the docs are published nowhere or there is no such entry.
func (c *Catalog) Link(name string) string {
	e, ok := c.Entry(name)
	if !ok || c.DocsURL == "" {
		return ""
	}
	return c.DocsURL + "#" + e.Anchor
}

// UserMessage returns the text for the people who use the program, see
// [Error.UserMessage].
func (c *Catalog) UserMessage(name, lang string) string {
	e, _ := c.Entry(name)
	if len(e.Messages) > 0 {
		return pickText(e.Messages, lang)
	}
	return pickText(c.Messages, lang)
}

// compile prepares what decoding needs and a literal cannot say.
func (c *Catalog) compile() {
	plan, err := newPlan(c.Places, c.Format)
	if err != nil {
		// Only a table that errgen did not make has a path that is none. It
		// still decodes by status and header.
		plan, _ = newPlan(nil, c.Format)
		plan.places = c.Places
	}
	c.plan = plan
	c.limit = c.maxBody()
	c.code, c.message = plan.soleSlot(c.Code), plan.soleSlot(c.Message)
	c.index()
}

// advice is what to do about an error.
type advice struct {
	Outcome
	delay   *Delay
	backoff *Curve
	firm    bool // the catalog itself tells which requests may be repeated
}

// at returns what to do about an error with a status: what the entry says, and
// what the status says where the entry does not.
func (k *claimant) at(status int) advice {
	if k.advice.firm {
		return k.advice
	}
	a := k.catalog.byStatus(status)
	a.delay, a.backoff = cmp.Or(k.Delay, a.delay), cmp.Or(k.Backoff, a.backoff)
	return a
}

// byStatus returns what the first rule for a status says, else the status's
// class.
func (c *Catalog) byStatus(status int) advice {
	for i := range c.Rules {
		if rule := &c.Rules[i]; rule.From <= status && status <= rule.To {
			return advice{rule.Outcome, cmp.Or(rule.Delay, &c.Delay), cmp.Or(rule.Backoff, &c.Backoff), rule.Firm}
		}
	}
	class := ClassOf(status)
	retry, repeat := class.Defaults()
	return advice{Outcome{class, retry, repeat}, &c.Delay, &c.Backoff, false}
}

// refused reports whether a status says by itself that the request was not
// carried out:
//
//   - 408: it did not come in time (RFC 9110, section 15.5.9)
//   - 421: it came to a server that does not answer for the host; any method
//     may be repeated (RFC 9110, section 15.5.20)
//   - 425: it was not let through as early data (RFC 8470, section 5.2)
//   - 429: it came too early (RFC 6585, section 4)
//   - 503 that asks for a wait: the server is too busy or under maintenance
//     (RFC 9110, section 15.6.4); without the wait, it may as well have failed
//     half-way
func refused(status int, asksToWait bool) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusMisdirectedRequest,
		http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	case http.StatusServiceUnavailable:
		return asksToWait
	}
	return false
}
