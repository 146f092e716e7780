package spec

import (
	"fmt"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/errgen/errgen/templates/apierr"
)

// The language: every mapping of a catalog with its keys, from the top down.
// What is said of a key here is all there is about it: the reader, the JSON
// Schema and the reference page are made of it. A new key is one line here and
// one field of the model.
var (
	catalogShape = object[Catalog]("a catalog", []key[Catalog]{
		field("errgen", func(c *Catalog) *string { return &c.Version }, word("the version of the catalog language", "v1"), "the version of the catalog language, v1", "v1").required(),
		field("vendor", func(c *Catalog) *string { return &c.Vendor }, vendorName, "the vendor's short name: the name of its package and folder", "acme").required(),
		field("title", func(c *Catalog) *string { return &c.Title }, text("a title"), "what people call the API", "Acme API").required(),
		field("source", func(c *Catalog) *Source { return &c.Source }, sourceShape, "where the catalog's facts come from", "{document: Acme API reference, checked: 2026-11-21}").required(),
		field("envelope", func(c *Catalog) *Envelope { return &c.Envelope }, envelopeShape, "where in a response the parts of an error are", "{code: $.error.code, message: $.error.message}").without("errors have no code: entries need when"),
		field("max_body", func(c *Catalog) *int { return &c.MaxBody }, bodySize, "how much of an error's body is read, in bytes or with KiB or MiB; a longer one is decoded by status and headers", "256KiB").def(fmt.Sprintf("%dMiB", apierr.MaxBody>>20)),
		field("fail_when", func(c *Catalog) *[]When { return &c.FailWhen }, oneOrMore(whenShape), "which responses below 400 are errors", "{status: 200, media: application/json, body: {$.ok: false}}").without("none; bodies of successes are not looked at"),
		field("override", func(c *Catalog) *Override { return &c.Override }, overrideShape, "the response header that decides about retries both ways", "{header: X-Should-Retry, retry: \"true\", stop: \"false\"}"),
		field("delay", func(c *Catalog) *Delay { return &c.Delay }, delayShape, "how long to wait: the first valid source wins", "[{header: Retry-After}]").without("waits are computed"),
		field("retry", func(c *Catalog) *RetryPolicy { return &c.Retry }, retryShape, "how often to retry and how waits are computed", "{max_retries: 4, backoff: {base: 1s, factor: 2, max: 15s}}"),
		field("idempotency", func(c *Catalog) *Idempotency { return &c.Idempotency }, idempotencyShape, "the request header that makes a request safe to repeat", "{header: Idempotency-Key}").without("no header is trusted"),
		field("status", func(c *Catalog) *[]StatusRow { return &c.Status }, statusShape, "what an error of a status is when no entry claims it", "{429: throttled, 5xx: transient}").without("the status makes the [class](#class)"),
		field("transport", func(c *Catalog) *[]TransportRow { return &c.Transport }, transportShape, "what to do when no response came", "{dns_not_found: backoff}").without("as the [failures](#failure) have it"),
		field("limits", func(c *Catalog) *[]Limit { return &c.Limits }, list(limitShape), "rate-limit windows, readable on any response", "[{name: minute, limit: X-RateLimit-Limit, remaining: X-RateLimit-Remaining}]"),
		field("messages", func(c *Catalog) *[]Message { return &c.Messages }, messagesShape, "text for people, for errors that have none of their own", "{en: Something went wrong., tr: Bir şeyler ters gitti.}"),
		field("details", func(c *Catalog) *[]Detail { return &c.Details }, detailsShape, "typed fields of every error", "{path: {type: string, body: $.path}}"),
		field("notes", func(c *Catalog) *[]string { return &c.Notes }, list(text("a note")), "what readers of the reference page should know", "[Messages are translated; decide by the code.]"),
		field("errors", func(c *Catalog) *[]Entry { return &c.Errors }, list(entryShape), "the errors, most specific first", "[{code: RATE_LIMITED, status: 429, meaning: Too many requests.}]").required(),
	}).named("catalog", "One vendor's errors: a file.", catalogExample)

	sourceShape = object[Source]("a source", []key[Source]{
		field("document", func(s *Source) *string { return &s.Document }, text("a document's title"), "title of the document", "Acme API reference").required(),
		field("url", func(s *Source) *string { return &s.URL }, httpsURL, "where the document is", "https://docs.acme.example/errors"),
		field("section", func(s *Source) *string { return &s.Section }, text("a section"), "the part of the document", "Rate limits"),
		field("checked", func(s *Source) *string { return &s.Checked }, day, "the day when the facts were last compared with it", "2026-11-21"),
	}).named("source", "Where facts come from.", "document: Acme API reference\nurl: https://docs.acme.example/errors\nsection: Rate limits\nchecked: 2026-11-21")

	envelopeShape = object[Envelope]("an envelope", []key[Envelope]{
		field("format", func(e *Envelope) *string { return &e.Format }, word("a format", "json", "xml"), "what the body is written in; XML is the same tree under the name of its root element, see [Strange APIs](#strange-apis)", "xml").def("json"),
		field("root", func(e *Envelope) *[]apierr.Path { return &e.Roots }, oneOrMore(path), "the object that holds the error; @ in other paths", "[$.error, \"$.errors[0]\"]").def("$"),
		field("code", func(e *Envelope) *[]Place { return &e.Code }, placesShape, "where the code is", "$.error.code"),
		field("message", func(e *Envelope) *[]Place { return &e.Message }, placesShape, "where the message is", "[$.error.message, $.error]"),
		field("request_id", func(e *Envelope) *[]Place { return &e.RequestID }, placesShape, "where the request's id is", "{header: X-Request-Id}"),
		field("details", func(e *Envelope) *apierr.Path { return &e.Details }, path, "the object that holds the details that have no place of their own", "$.error.details").def("\"@\""),
		field("items", func(e *Envelope) *[]Items { return &e.Items }, oneOrMore(itemsShape), "where one body has several errors", "{each: \"$.errors[*]\", code: \"@.reason\"}"),
		field("refine", func(e *Envelope) *Refine { return &e.Refine }, refineShape, "where a body has errors within the error; the last one listed decides the entry", "{each: $..innererror, code: \"@.code\"}"),
	}).named("envelope", "Where in a response the parts of an error are.", "root: $.error\ncode: [\"@.code\", {header: X-Error-Code}]\nmessage: \"@.message\"\nrequest_id: {header: X-Request-Id}\ndetails: \"@.details\"\nitems: {each: \"@.errors[*]\", code: \"@.code\", field: \"@.field\"}")

	itemsShape = object[Items]("a list of items", []key[Items]{
		field("each", func(i *Items) *apierr.Path { return &i.Each }, path, "the items; @ in the other paths here", "\"$.errors[*]\"").required(),
		field("code", func(i *Items) *[]Place { return &i.Code }, placesShape, "where an item's code is", "\"@.code\""),
		field("field", func(i *Items) *[]Place { return &i.Field }, placesShape, "where it says what it is about", "\"@.field\"").without("what `[*]` stands for on the way to the item, joined with dots: price, or 0.price; not the item's own number"),
		field("message", func(i *Items) *[]Place { return &i.Message }, placesShape, "where an item's message is", "\"@.message\""),
	}).named("items", "Where one body has several errors: elements of a list, or members of an object, that have a code or a message. They are read from successes too where a program asks for them, as batch endpoints send them.", "each: $.errors[*]\ncode: \"@.code\"\nfield: \"@.path\"\nmessage: [\"@.message\", \"@.detail\"]")

	refineShape = object[Refine]("a refinement", []key[Refine]{
		field("each", func(r *Refine) *apierr.Path { return &r.Each }, path, "the errors within, outermost first; @ in the other paths here", "$..innererror").required(),
		field("code", func(r *Refine) *[]Place { return &r.Code }, placesShape, "where an inner error's code is", "\"@.code\"").required(),
	}).named("refine", "Where a body has errors within the error. Of those whose code an entry has, the last one decides the entry; the code stays the outermost.", "each: $..innererror\ncode: \"@.code\"")

	overrideShape = object[Override]("an override", []key[Override]{
		field("header", func(o *Override) *string { return &o.Header }, headerName, "the response header", "X-Should-Retry").required(),
		field("retry", func(o *Override) *[]string { return &o.Retry }, oneOrMore(text("a value")), "values that ask for a retry, of any request", "\"true\""),
		field("stop", func(o *Override) *[]string { return &o.Stop }, oneOrMore(text("a value")), "values that forbid a retry", "\"false\""),
	}).named("override", "A response header by which the server itself says whether to send the request again. It comes before everything else here.", "header: X-Should-Retry\nretry: \"true\"\nstop: [\"false\", never]")

	retryShape = object[RetryPolicy]("a retry policy", []key[RetryPolicy]{
		field("max_retries", func(p *RetryPolicy) *int { return &p.MaxRetries }, whole("a number of retries", "bad-value", 0, 100), "attempts after the first", "4").def(fmt.Sprint(defaultMaxRetries)),
		field("backoff", func(p *RetryPolicy) *Backoff { return &p.Backoff }, backoffShape, "computed waits", "{base: 1s, factor: 2, max: 15s, jitter: {add: 250ms}}"),
		field("circuit_breaker", func(p *RetryPolicy) *CircuitBreaker { return &p.Breaker }, breakerShape, "the vendor's advice for a circuit breaker", "{failures: 5, open: 30s}"),
	}).named("retry", "The vendor's advice on retries as a whole.", "max_retries: 4\nbackoff: {base: 1s, factor: 2, max: 15s, jitter: {add: 250ms}}\ncircuit_breaker: {failures: 5, open: 30s}")

	breakerShape = object[CircuitBreaker]("a circuit breaker", []key[CircuitBreaker]{
		field("failures", func(b *CircuitBreaker) *int { return &b.Failures }, whole("a number of failures", "bad-value", 1, 1_000_000), "failures in a row that open it", "5").required(),
		field("open", func(b *CircuitBreaker) *time.Duration { return &b.Open }, duration, "how long it stays open", "30s").required(),
	}).named("circuit_breaker", "When to stop calling an API that keeps failing. It is told to the circuit breaker that a program has; errgen brings none.", "failures: 5\nopen: 30s")

	idempotencyShape = object[Idempotency]("an idempotency rule", []key[Idempotency]{
		field("header", func(i *Idempotency) *string { return &i.Header }, headerName, "the request header with the key", "Idempotency-Key").required(),
	}).named("idempotency", "The request header by which the vendor recognises a request that it has carried out already.", "header: Idempotency-Key")

	limitShape = object[Limit]("a limit", []key[Limit]{
		field("name", func(l *Limit) *string { return &l.Name }, pattern("a limit's name", "[a-z][a-z0-9_]*", "small letters, digits and _ only"), "what the limit is called", "minute").required(),
		field("header", func(l *Limit) *string { return &l.Header }, headerName, "in place of the four keys below: a header that tells of any number of windows under names of their own, as RateLimit does together with RateLimit-Policy", "RateLimit"),
		field("limit", func(l *Limit) *Place { return &l.Limit }, headerPlace, "how many requests the window allows", "X-RateLimit-Limit"),
		field("remaining", func(l *Limit) *Place { return &l.Remaining }, headerPlace, "how many are left", "X-RateLimit-Remaining"),
		field("used", func(l *Limit) *Place { return &l.Used }, headerPlace, "how many were made", "{header: X-Api-Usage, before: /}"),
		field("reset", func(l *Limit) *DelaySource { return &l.Reset }, resetShape, "when the window ends", "{header: X-RateLimit-Reset, unit: unix}"),
		field("warn", func(l *Limit) *[]float64 { return &l.Warn }, oneOrMore(percent), "parts of the window left at which to warn", "[20%, 5%]"),
		field("meaning", func(l *Limit) *string { return &l.Meaning }, text("a meaning"), "what is limited", "Requests of one minute."),
	}).named("limit", "A rate-limit window, whose state headers tell on any response, a success as well. Where the server sends RateLimit, with or without RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers, in the form of draft 07 or of draft 08 and later), `{name: requests, header: RateLimit}` stands for all windows that they name; one that they do not name is called requests.", "name: minute\nlimit: X-RateLimit-Limit\nremaining: X-RateLimit-Remaining\nreset: {header: X-RateLimit-Reset, unit: unix}\nwarn: [20%, 5%]")

	entryShape = object[Entry]("an error", []key[Entry]{
		field("code", func(e *Entry) *string { return &e.Code }, text("a code"), "the code on the wire", "RATE_LIMITED").without("only when decides"),
		field("name", func(e *Entry) *string { return &e.Name }, goName, "its Go name, when the one made from the code will not do", "RateLimited").without("made from the code"),
		field("when", func(e *Entry) *[]When { return &e.When }, oneOrMore(whenShape), "what else must hold", "{status: 403, header: {X-RateLimit-Remaining: 0}}").without("only the code decides"),
		field("status", func(e *Entry) *[]int { return &e.Status }, oneOrMore(status), "the documented status; no condition", "429").without("the single statuses of when"),
		field("meaning", func(e *Entry) *string { return &e.Meaning }, text("a meaning"), "what happened, in one sentence", "This minute's requests are used up.").required(),
		field("action", func(e *Entry) *string { return &e.Action }, text("an action"), "what to do about it", "Wait as long as the response says."),
		field("details", func(e *Entry) *[]Detail { return &e.Details }, detailsShape, "typed fields of this error", "{retry_in: {type: duration, unit: s}, limit: int}"),
		field("messages", func(e *Entry) *[]Message { return &e.Messages }, messagesShape, "text for people", "{en: Please wait a minute., tr: Lütfen bir dakika bekleyin.}").without("those of the catalog"),
		field("examples", func(e *Entry) *[]Example { return &e.Examples }, list(exampleShape), "real responses that must decode to this entry", "[{status: 429, body: '{\"code\":\"RATE_LIMITED\"}', expect: {wait: none}}]"),
		field("source", func(e *Entry) *Source { return &e.Source }, sourceShape, "where this entry's facts come from, when not from the catalog's source", "{document: Acme change log, section: June 2026}").without("that of the catalog"),
		field("deprecated", func(e *Entry) *string { return &e.Deprecated }, text("a text"), "why not to use it any more and what to use instead", "No longer sent; RATE_LIMITED comes instead."),
		field("renamed_from", func(e *Entry) *[]string { return &e.RenamedFrom }, oneOrMore(goName), "Go names it had before; their links go on working", "TooManyRequests"),
	}, within(func(e *Entry) *Outcome { return &e.Outcome }, outcomeKeys)).named("error", "One error: an entry of the list errors. A code that ends in * stands for all codes that begin so.", entryExample)
)

// outcomeKeys are what an error means: the same keys on entries, on status
// rows and, as far as class, retry and repeat, on transport rows.
var outcomeKeys = shared("outcome",
	field("class", func(o *Outcome) *apierr.Class { return &o.Class }, classShape, "what happened, in the words used for every vendor; an entry of class unknown takes it from the status of the response", "throttled").without("that of the status"),
	field("retry", func(o *Outcome) *apierr.Retry { return &o.Retry }, retryRule, "what to do about it", "backoff").without("that of the status row, else of the class"),
	field("repeat", func(o *Outcome) *apierr.Repeat { return &o.Repeat }, repeatRule, "which requests may be sent again", "any").without("that of the status row, else of the class"),
	field("delay", func(o *Outcome) *Delay { return &o.Delay }, delayShape, "how long to wait", "{default: 10s, max: 2m}").without("that of the status row, else of the catalog"),
	field("backoff", func(o *Outcome) *Backoff { return &o.Backoff }, backoffShape, "computed waits", "{steps: [3s, 9s, 27s, 300s]}").without("that of the status row, else of the catalog"),
)

const outcomeExample = "class: quota\nretry: wait_reset\nrepeat: any\ndelay: {default: 1h, max: 24h}\nbackoff: {base: 1m, factor: 3, max: 1h}"

var statusShape = table("a mapping from statuses to outcomes",
	part(func(s *StatusRow) *Range { return &s.Range }, statuses), rowShape)

var rowShape = alone(object[StatusRow]("a status row", []key[StatusRow]{
	field("meaning", func(s *StatusRow) *string { return &s.Meaning }, text("a meaning"), "what happened", "Too many requests came."),
	field("action", func(s *StatusRow) *string { return &s.Action }, text("an action"), "what to do about it", "Send fewer."),
}, within(func(s *StatusRow) *Outcome { return &s.Outcome }, outcomeKeys)), yaml.ScalarNode, "class").named("status_row",
	"What an error of a status, or of a range of them, is when no entry claims it. The narrowest range counts, and a class may stand alone. Entries take from their status's row what they do not say themselves.",
	"class: throttled\nmeaning: Too many requests came.\ndelay: {default: 10s}")

var transportShape = table("a mapping from failures to outcomes",
	part(func(t *TransportRow) *apierr.Failure { return &t.Failure }, failureShape), transportRowShape)

var transportRowShape = alone(object[TransportRow]("a transport row", within(func(t *TransportRow) *Outcome { return &t.Outcome }, outcomeKeys[:3])), yaml.ScalarNode, "retry").named("transport_row",
	"What to do about a failure in which no response came. A retry rule may stand alone.", "class: transient\nretry: backoff\nrepeat: any")

// vendorName is also a Go package name and a folder.
var vendorName = pattern("a vendor name", "[a-z][a-z0-9]*", "small letters and digits only, beginning with a letter")

var messagesShape = table("a mapping from languages to texts",
	part(func(m *Message) *string { return &m.Lang }, pattern("a language tag (BCP 47)", "[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "write en, tr or pt-BR")),
	part(func(m *Message) *string { return &m.Text }, text("a text")))

// exampleShape is a response as it came.
var exampleShape = object[Example]("an example", []key[Example]{
	field("name", func(e *Example) *string { return &e.Name }, text("a name"), "what the example shows, when an entry has several", "without a wait"),
	field("status", func(e *Example) *int { return &e.Status }, status, "the response's status", "429").required(),
	field("headers", func(e *Example) *[]Header { return &e.Headers }, headersShape, "the response's headers; where there is a body, Content-Type is application/json unless given, or application/xml by the envelope's format", "{Retry-After: 7, Content-Type: application/problem+json}"),
	field("body", func(e *Example) *string { return &e.Body }, raw("a body"), "the response's body, to the last character", "'{\"code\":\"RATE_LIMITED\"}'").def("\"\""),
	field("now", func(e *Example) *time.Time { return &e.Now }, instant, "the instant from which waits count", "2026-03-31T23:00:00Z").def(exampleNow.Format(time.RFC3339)),
	field("expect", func(e *Example) *Expect { return &e.Expect }, expectShape, "what it must decode to, beyond its entry", "{wait: 60s}"),
}).named("example", "A real response, as it came. Lint decodes it, and it becomes a test, a sample in the docs and a ready response for users' own tests.",
	"name: with a wait\nstatus: 429\nheaders: {Retry-After: 7}\nbody: '{\"code\":\"RATE_LIMITED\",\"message\":\"Slow down\"}'\nexpect: {message: Slow down, wait: 7s}")

var headersShape = table("a mapping from header names to values",
	part(func(h *Header) *string { return &h.Name }, headerName),
	part(func(h *Header) *[]string { return &h.Values }, oneOrMore(raw("a header's value"))))

var expectShape = object[Expect]("an expectation", []key[Expect]{
	field("code", func(e *Expect) *string { return &e.Code }, text("a code"), "the code on the wire", "RATE_LIMITED"),
	field("message", func(e *Expect) *string { return &e.Message }, raw("a message"), "the vendor's message", "Slow down"),
	field("request_id", func(e *Expect) *string { return &e.RequestID }, text("an id"), "the request's id", "req_8f1e"),
	field("wait", func(e *Expect) *Wait { return &e.Wait }, waitShape, "how long the server asks to wait, or none", "60s"),
	field("details", func(e *Expect) *[]ExpectedDetail { return &e.Details }, expectedDetails, "values of details", "{retry_in: 60s, limit: 200}"),
	field("items", func(e *Expect) *[]ExpectedItem { return &e.Items }, list(expectedItemShape), "the errors in the body, all of them and in order; an empty list for none", "[{code: too_long, field: name}, {code: missing}]"),
}).named("expectation", "What an example must decode to. Only what is given is compared.", "code: RATE_LIMITED\nmessage: Slow down\nwait: 60s\ndetails: {retry_in: 60s, limit: 200}")

var expectedItemShape = object[ExpectedItem]("an expected item", []key[ExpectedItem]{
	field("code", func(i *ExpectedItem) *string { return &i.Code }, raw("a code"), "the item's code; empty for none", "too_long"),
	field("field", func(i *ExpectedItem) *string { return &i.Field }, raw("a field"), "what the item is about; empty for nothing", "name"),
	field("message", func(i *ExpectedItem) *string { return &i.Message }, raw("a message"), "the item's message; empty for none", "The name is too long."),
}).named("expected_item", "One of the errors in an example's body. Only what is given is compared.", "{code: too_long, field: name, message: The name is too long.}")

var waitShape = shapeOf(form{what: "a duration or none", types: []string{"string"}, pattern: "^(?:[Nn][Oo][Nn][Ee]|" + durationForm + ")$"}, func(r *reader, n *yaml.Node, v *Wait) bool {
	if n.Kind == yaml.ScalarNode && strings.EqualFold(n.Value, "none") {
		v.None = true
		return true
	}
	if n.Tag == "!!null" {
		r.report(posOf(n), "wrong-type", "this must be a duration or none, not nothing", "write none where the server asks for no wait, else remove the key")
		return false
	}
	return duration.read(r, n, &v.For)
})
