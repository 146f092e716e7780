package spec

import (
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/errgen/errgen/templates/apierr"
)

// The language: every mapping of a catalog with its keys, from the top down.
// A new key is one line here and one field of the model.
var (
	catalogShape = object[Catalog]("a catalog", []key[Catalog]{
		required(field("errgen", func(c *Catalog) *string { return &c.Version }, word("the version of the catalog language", "v1"), "the version of the catalog language, v1")),
		required(field("vendor", func(c *Catalog) *string { return &c.Vendor }, vendorName, "the vendor's short name: the name of its package and folder")),
		required(field("title", func(c *Catalog) *string { return &c.Title }, text("a title"), "what people call the API")),
		required(field("source", func(c *Catalog) *Source { return &c.Source }, sourceShape, "where the catalog's facts come from")),
		field("envelope", func(c *Catalog) *Envelope { return &c.Envelope }, envelopeShape, "where in a response the parts of an error are"),
		field("fail_when", func(c *Catalog) *[]When { return &c.FailWhen }, oneOrMore(whenShape), "which responses below 400 are errors"),
		field("override", func(c *Catalog) *Override { return &c.Override }, overrideShape, "the response header that decides about retries both ways"),
		field("delay", func(c *Catalog) *Delay { return &c.Delay }, delayShape, "how long to wait: the first valid source wins"),
		field("retry", func(c *Catalog) *RetryPolicy { return &c.Retry }, retryShape, "how often to retry and how waits are computed"),
		field("idempotency", func(c *Catalog) *Idempotency { return &c.Idempotency }, idempotencyShape, "the request header that makes a request safe to repeat"),
		field("status", func(c *Catalog) *[]StatusRow { return &c.Status }, statusShape, "what an error of a status is when no entry claims it"),
		field("transport", func(c *Catalog) *[]TransportRow { return &c.Transport }, transportShape, "what to do when no response came"),
		field("limits", func(c *Catalog) *[]Limit { return &c.Limits }, list(limitShape), "rate-limit windows, readable on any response"),
		field("messages", func(c *Catalog) *[]Message { return &c.Messages }, messagesShape, "text for people, for errors that have none of their own"),
		field("details", func(c *Catalog) *[]Detail { return &c.Details }, detailsShape, "typed fields of every error"),
		field("notes", func(c *Catalog) *[]string { return &c.Notes }, list(text("a note")), "what readers of the reference page should know"),
		required(field("errors", func(c *Catalog) *[]Entry { return &c.Errors }, list(entryShape), "the errors, most specific first")),
	})

	sourceShape = object[Source]("a source", []key[Source]{
		required(field("document", func(s *Source) *string { return &s.Document }, text("a document's title"), "title of the document")),
		field("url", func(s *Source) *string { return &s.URL }, httpsURL, "where the document is"),
		field("section", func(s *Source) *string { return &s.Section }, text("a section"), "the part of the document"),
		field("checked", func(s *Source) *string { return &s.Checked }, day, "the day when the facts were last compared with it"),
	})

	envelopeShape = object[Envelope]("an envelope", []key[Envelope]{
		field("format", func(e *Envelope) *string { return &e.Format }, word("a format", "json", "xml"), "what the body is written in"),
		field("root", func(e *Envelope) *[]apierr.Path { return &e.Roots }, oneOrMore(path), "the object that holds the error; @ in other paths"),
		field("code", func(e *Envelope) *[]Place { return &e.Code }, placesShape, "where the code is"),
		field("message", func(e *Envelope) *[]Place { return &e.Message }, placesShape, "where the message is"),
		field("request_id", func(e *Envelope) *[]Place { return &e.RequestID }, placesShape, "where the request's id is"),
		field("details", func(e *Envelope) *apierr.Path { return &e.Details }, path, "the object that holds the details that have no place of their own"),
		field("items", func(e *Envelope) *[]Items { return &e.Items }, oneOrMore(itemsShape), "where one body has several errors"),
		field("refine", func(e *Envelope) *Refine { return &e.Refine }, refineShape, "where a body has errors within the error; the last one listed decides the entry"),
	})

	itemsShape = object[Items]("a list of items", []key[Items]{
		required(field("each", func(i *Items) *apierr.Path { return &i.Each }, path, "the items; @ in the other paths here")),
		field("code", func(i *Items) *[]Place { return &i.Code }, placesShape, "where an item's code is"),
		field("field", func(i *Items) *[]Place { return &i.Field }, placesShape, "where it says what it is about; the names that lead to it unless given"),
		field("message", func(i *Items) *[]Place { return &i.Message }, placesShape, "where an item's message is"),
	})

	refineShape = object[Refine]("a refinement", []key[Refine]{
		required(field("each", func(r *Refine) *apierr.Path { return &r.Each }, path, "the errors within, outermost first; @ in the other paths here")),
		required(field("code", func(r *Refine) *[]Place { return &r.Code }, placesShape, "where an inner error's code is")),
	})

	overrideShape = object[Override]("an override", []key[Override]{
		required(field("header", func(o *Override) *string { return &o.Header }, headerName, "the response header")),
		field("retry", func(o *Override) *[]string { return &o.Retry }, oneOrMore(text("a value")), "values that ask for a retry, of any request"),
		field("stop", func(o *Override) *[]string { return &o.Stop }, oneOrMore(text("a value")), "values that forbid a retry"),
	})

	retryShape = object[RetryPolicy]("a retry policy", []key[RetryPolicy]{
		field("max_retries", func(p *RetryPolicy) *int { return &p.MaxRetries }, whole("a number of retries", "bad-value", 0, 100), "attempts after the first"),
		field("backoff", func(p *RetryPolicy) *Backoff { return &p.Backoff }, backoffShape, "computed waits"),
		field("circuit_breaker", func(p *RetryPolicy) *CircuitBreaker { return &p.Breaker }, breakerShape, "the vendor's advice for a circuit breaker"),
	})

	breakerShape = object[CircuitBreaker]("a circuit breaker", []key[CircuitBreaker]{
		required(field("failures", func(b *CircuitBreaker) *int { return &b.Failures }, whole("a number of failures", "bad-value", 1, 1_000_000), "failures in a row that open it")),
		required(field("open", func(b *CircuitBreaker) *time.Duration { return &b.Open }, duration, "how long it stays open")),
	})

	idempotencyShape = object[Idempotency]("an idempotency rule", []key[Idempotency]{
		required(field("header", func(i *Idempotency) *string { return &i.Header }, headerName, "the request header with the key")),
	})

	limitShape = object[Limit]("a limit", []key[Limit]{
		required(field("name", func(l *Limit) *string { return &l.Name }, pattern("a limit's name", "[a-z][a-z0-9_]*", "small letters, digits and _ only"), "what the limit is called")),
		field("limit", func(l *Limit) *Place { return &l.Limit }, headerPlace, "how many requests the window allows"),
		field("remaining", func(l *Limit) *Place { return &l.Remaining }, headerPlace, "how many are left"),
		field("used", func(l *Limit) *Place { return &l.Used }, headerPlace, "how many were made"),
		field("reset", func(l *Limit) *DelaySource { return &l.Reset }, resetShape, "when the window ends"),
		field("warn", func(l *Limit) *[]float64 { return &l.Warn }, oneOrMore(percent), "parts of the window left at which to warn"),
		field("meaning", func(l *Limit) *string { return &l.Meaning }, text("a meaning"), "what is limited"),
	})

	entryShape = object[Entry]("an error", slices.Concat([]key[Entry]{
		field("code", func(e *Entry) *string { return &e.Code }, text("a code"), "the code on the wire"),
		field("name", func(e *Entry) *string { return &e.Name }, goName, "its Go name, when the one made from the code will not do"),
		field("when", func(e *Entry) *[]When { return &e.When }, oneOrMore(whenShape), "what else must hold"),
		field("status", func(e *Entry) *[]int { return &e.Status }, oneOrMore(status), "the documented status; no condition"),
		required(field("meaning", func(e *Entry) *string { return &e.Meaning }, text("a meaning"), "what happened, in one sentence")),
		field("action", func(e *Entry) *string { return &e.Action }, text("an action"), "what to do about it"),
		field("details", func(e *Entry) *[]Detail { return &e.Details }, detailsShape, "typed fields of this error"),
		field("messages", func(e *Entry) *[]Message { return &e.Messages }, messagesShape, "text for people"),
		field("examples", func(e *Entry) *[]Example { return &e.Examples }, list(exampleShape), "real responses that must decode to this entry"),
		field("source", func(e *Entry) *Source { return &e.Source }, sourceShape, "where this entry's facts come from, when not from the catalog's source"),
		field("deprecated", func(e *Entry) *string { return &e.Deprecated }, text("a text"), "why not to use it any more and what to use instead"),
		field("renamed_from", func(e *Entry) *[]string { return &e.RenamedFrom }, oneOrMore(goName), "Go names it had before; their links go on working"),
	}, within(func(e *Entry) *Outcome { return &e.Outcome }, outcomeKeys)))
)

// Outcome: what an error means. The same keys on entries and on status rows.
var outcomeKeys = []key[Outcome]{
	field("class", func(o *Outcome) *apierr.Class { return &o.Class }, classShape, "what happened, in the words used for every vendor; an entry of class unknown takes it from the status of the response"),
	field("retry", func(o *Outcome) *apierr.Retry { return &o.Retry }, choice("a retry rule", apierr.Retries(), apierr.ParseRetry), "what to do about it"),
	field("repeat", func(o *Outcome) *apierr.Repeat { return &o.Repeat }, choice("a repeat rule", apierr.Repeats(), apierr.ParseRepeat), "which requests may be sent again"),
	field("delay", func(o *Outcome) *Delay { return &o.Delay }, delayShape, "how long to wait"),
	field("backoff", func(o *Outcome) *Backoff { return &o.Backoff }, backoffShape, "computed waits"),
}

var classShape = choice("a class", apierr.Classes(), apierr.ParseClass)

var statusShape = table("a mapping from statuses to outcomes", func(r *reader, k, v *yaml.Node) (StatusRow, bool) {
	row := StatusRow{}
	if !statuses.read(r, k, &row.Range) {
		return row, false
	}
	ok := rowShape.read(r, v, &row)
	row.Pos = posOf(k)
	return row, ok
})

var rowShape = short(object[StatusRow]("a status row", []key[StatusRow]{
	field("meaning", func(s *StatusRow) *string { return &s.Meaning }, text("a meaning"), "what happened"),
	field("action", func(s *StatusRow) *string { return &s.Action }, text("an action"), "what to do about it"),
}, within(func(s *StatusRow) *Outcome { return &s.Outcome }, outcomeKeys)), yaml.ScalarNode,
	shape[StatusRow]{classShape.what, func(r *reader, n *yaml.Node, v *StatusRow) bool {
		v.keys = map[string]Pos{"class": posOf(n)}
		return classShape.read(r, n, &v.Class)
	}})

var transportShape = table("a mapping from failures to outcomes", func(r *reader, k, v *yaml.Node) (TransportRow, bool) {
	row := TransportRow{}
	if !failureShape.read(r, k, &row.Failure) {
		return row, false
	}
	ok := transportRowShape.read(r, v, &row)
	row.Pos = posOf(k)
	return row, ok
})

var failureShape = choice("a failure", failureNames(), apierr.ParseFailure)

func failureNames() []string {
	var names []string
	for _, f := range apierr.Failures() {
		names = append(names, f.String())
	}
	return names
}

var transportRowShape = short(object[TransportRow]("a transport row", within(func(t *TransportRow) *Outcome { return &t.Outcome }, outcomeKeys[:3])),
	yaml.ScalarNode, shape[TransportRow]{"a retry rule", func(r *reader, n *yaml.Node, v *TransportRow) bool {
		v.keys = map[string]Pos{"retry": posOf(n)}
		return choice("a retry rule", apierr.Retries(), apierr.ParseRetry).read(r, n, &v.Retry)
	}})

// vendorName is also a Go package name and a folder.
var vendorName = pattern("a vendor name", "[a-z][a-z0-9]*", "small letters and digits only, beginning with a letter")

var messagesShape = table("a mapping from languages to texts", func(r *reader, k, v *yaml.Node) (Message, bool) {
	m := Message{}
	ok := pattern("a language tag (BCP 47)", "[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "write en, tr or pt-BR").read(r, k, &m.Lang)
	return m, text("a text").read(r, v, &m.Text) && ok
})

// exampleShape is a response as it came.
var exampleShape = object[Example]("an example", []key[Example]{
	field("name", func(e *Example) *string { return &e.Name }, text("a name"), "what the example shows, when an entry has several"),
	required(field("status", func(e *Example) *int { return &e.Status }, status, "the response's status")),
	field("headers", func(e *Example) *[]Header { return &e.Headers }, headersShape, "the response's headers; Content-Type is application/json unless given"),
	field("body", func(e *Example) *string { return &e.Body }, raw("a body"), "the response's body, to the last character"),
	field("now", func(e *Example) *time.Time { return &e.Now }, instant, "the instant from which waits count"),
	field("expect", func(e *Example) *Expect { return &e.Expect }, expectShape, "what it must decode to, beyond its entry"),
})

var headersShape = table("a mapping from header names to values", func(r *reader, k, v *yaml.Node) (Header, bool) {
	h := Header{}
	ok := headerName.read(r, k, &h.Name)
	return h, oneOrMore(raw("a header's value")).read(r, v, &h.Values) && ok
})

var expectShape = object[Expect]("an expectation", []key[Expect]{
	field("code", func(e *Expect) *string { return &e.Code }, text("a code"), "the code on the wire"),
	field("message", func(e *Expect) *string { return &e.Message }, raw("a message"), "the vendor's message"),
	field("request_id", func(e *Expect) *string { return &e.RequestID }, text("an id"), "the request's id"),
	field("wait", func(e *Expect) *Wait { return &e.Wait }, waitShape, "how long the server asks to wait, or none"),
	field("details", func(e *Expect) *[]ExpectedDetail { return &e.Details }, expectedDetails, "values of details"),
})

var waitShape = shape[Wait]{"a duration or none", func(r *reader, n *yaml.Node, v *Wait) bool {
	if n.Kind == yaml.ScalarNode && strings.EqualFold(n.Value, "none") {
		v.None = true
		return true
	}
	return duration.read(r, n, &v.For)
}}
