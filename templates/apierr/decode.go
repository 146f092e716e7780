package apierr

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// Decode returns the error that a response is, for callers without an
// [http.Response]. It takes the response's status, header and body, and the
// present instant, against which the server's waits are counted. It never
// fails: a body that cannot be read leaves the status and the headers to
// decide. The body is not retained. The caller has already seen that the
// response is an error; [Catalog.Check] does that as well.
//
// Safe for concurrent use.
func (c *Catalog) Decode(status int, header http.Header, body []byte, now time.Time) *Error {
	c.once.Do(c.compile)
	s := getScan()
	defer putScan(s)
	c.plan.scan(body, s)
	raw := string(body[:min(len(body), rawLimit)])
	r := response{status: status, header: header, values: newCaptures(c.Places, s, body, raw, header)}

	code := c.code(r.values)
	entry := c.claim(&r, code)
	e := c.build(entry, r.values)
	e.Vendor, e.Code, e.Status = c.Vendor, code, status
	e.Header, e.Body = header, raw
	e.Message = r.values.String(c.Message...)
	e.RequestID = r.values.String(c.RequestID...)
	e.catalog, e.entry = c, entry
	if entry != nil {
		e.Entry = entry.Name
	}
	var firm bool
	e.Outcome, e.delay, e.backoff, firm = c.outcome(entry, status)
	if e.Retry != Never {
		e.RetryAfter, e.RetryAt = r.wait(e.delay, now)
	}
	if !firm && refused(status, !e.RetryAt.IsZero()) {
		e.Repeat = RepeatAny
	}
	return e
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
		if e != nil && e.Vendor == c.Vendor {
			return e.Entry
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
	plan, err := newPlan(c.Places)
	if err != nil {
		// Only a table that errgen did not make has a path that is none. It
		// still decodes by status and header.
		plan, _ = newPlan(nil)
	}
	c.plan = plan
	c.byCode = make(map[string][]int, len(c.Entries))
	for i, e := range c.Entries {
		c.byCode[e.Code] = append(c.byCode[e.Code], i)
	}
}

// code returns the response's code: the text of the first place that has one.
func (c *Catalog) code(values Captures) string {
	for _, at := range c.Code {
		text, _, ok := values.text(at)
		if !ok || text == "" {
			continue
		}
		if _, listed := c.byCode[text]; c.Places[at].Known && !listed {
			continue
		}
		return text
	}
	return ""
}

// claim returns the first entry, in the catalog's order, that has the code or
// none and whose conditions hold.
func (c *Catalog) claim(r *response, code string) *Entry {
	byCode, codeless := c.byCode[code], c.byCode[""]
	if code == "" {
		byCode = nil
	}
	for len(byCode) > 0 || len(codeless) > 0 {
		next := &byCode
		if len(byCode) == 0 || len(codeless) > 0 && codeless[0] < byCode[0] {
			next = &codeless
		}
		entry := &c.Entries[(*next)[0]]
		*next = (*next)[1:]
		if r.holds(entry.When) {
			return entry
		}
	}
	return nil
}

// build makes the Error together with the details that belong to it, in one
// allocation where the generated package knows their type.
func (c *Catalog) build(entry *Entry, values Captures) *Error {
	switch {
	case entry != nil && entry.Build != nil:
		return entry.Build(values)
	case c.Build != nil:
		return c.Build(values)
	default:
		return new(Error)
	}
}

// outcome returns what an error of this entry and status means: what the
// entry says, else the first rule for the status, else the status's class. firm
// says that the catalog itself tells which requests may be repeated.
func (c *Catalog) outcome(entry *Entry, status int) (o Outcome, delay *Delay, backoff *Curve, firm bool) {
	delay, backoff = &c.Delay, &c.Backoff
	if entry != nil {
		return entry.Outcome, cmp.Or(entry.Delay, delay), cmp.Or(entry.Backoff, backoff), true
	}
	for i := range c.Rules {
		if rule := &c.Rules[i]; rule.From <= status && status <= rule.To {
			return rule.Outcome, cmp.Or(rule.Delay, delay), cmp.Or(rule.Backoff, backoff), rule.Firm
		}
	}
	class := ClassOf(status)
	retry, repeat := class.Defaults()
	return Outcome{class, retry, repeat}, delay, backoff, false
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
