package spec

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/errgen/errgen/templates/apierr"
)

// The other two building blocks, used everywhere alike: place and when; and
// what is built of them, delays and details.

// Keys of a place, in groups: what a delay source or a detail has too, what a
// place in the headers has, and what only a place has that may be a code or
// one of several.
var (
	headerKeys = shared("place",
		field("header", func(p *Place) *string { return &p.Header }, headerName, "a header", "Retry-After"),
		field("scheme", func(p *Place) *string { return &p.Scheme }, pattern("a scheme", tokenForm, "write Bearer or Basic"), "the scheme of a challenge in the header", "Bearer").without("any"),
		field("item", func(p *Place) *string { return &p.Item }, text("an item"), "in a header that is a structured List (RFC 9651), the item of this value; `\"*\"` is the first that has the parameter, or without one the first", "default"),
		field("key", func(p *Place) *string { return &p.Key }, pattern("a key", structuredForm, "write remaining, in small letters"), "in a header that is a structured Dictionary (RFC 9651), the member of this key", "remaining"),
		field("param", func(p *Place) *string { return &p.Param }, pattern("a parameter's name", tokenForm, "write realm or error"), "a parameter of the challenge, of the item or of the member", "error").without("all of the header, the item or the member"),
		field("after", func(p *Place) *string { return &p.After }, raw("a text"), "only what follows the first occurrence of this counts", "code=").without("from the start"),
		field("before", func(p *Place) *string { return &p.Before }, raw("a text"), "only what precedes the first occurrence of this counts", "\";\"").without("to the end"),
	)
	valueKeys = slices.Concat(shared("place",
		field("body", func(p *Place) *apierr.Path { return &p.Body }, path, "a path in the body", "$.error.code"),
	), headerKeys, shared("place",
		field("when", func(p *Place) *[]When { return &p.When }, oneOrMore(whenShape), "when the place counts", "{header: {X-Retry-Hint: {present: true}}}").without("always"),
	))
	placeKeys = slices.Concat(valueKeys, shared("place",
		field("known", func(p *Place) *bool { return &p.Known }, boolean, "the place counts only when its value is a listed code", "true").def("false"),
		field("join", func(p *Place) *[]Place { return &p.Join }, list(anyPlace), "places whose texts are joined; all must be there", "[$.error.type, $.error.subtype]"),
		field("with", func(p *Place) *string { return &p.With }, raw("a text"), "what stands between the joined texts", "/").def("\"\""),
	))
)

// placeShape is a place; a path may stand alone. It is set by init because a
// place may be joined of places.
var placeShape shape[Place]

func init() {
	placeShape = alone(object[Place]("a place", placeKeys), yaml.ScalarNode, "body").named("place",
		"Where a value is: at a path in the body, in a header, in a parameter of a challenge, in a part of a structured field (RFC 9651), or joined of several places. A path may stand alone. Where a list is taken, the first place that is present wins.",
		"{header: X-Error, after: \"code=\", before: \";\"}")
}

var anyPlace = later(path.what+", or a place", &placeShape)

// placesShape is a place, or several of which the first present wins.
var placesShape = oneOrMore(anyPlace)

// headerPlace is the name of a header, where only a header can be meant.
var headerPlace = alone(object[Place]("a place in the headers", headerKeys), yaml.ScalarNode, "header").named("header_place",
	"A place that can only be a header. The header's name may stand alone.", "{header: X-Api-Usage, before: /}")

var unitKey = field("unit", func(s *DelaySource) *apierr.Unit { return &s.Unit }, unitShape, "what the value counts", "s").without("that of the header's own definition: Retry-After, RateLimit and RateLimit-Reset have one")

var resetShape = object[DelaySource]("a reset", []key[DelaySource]{unitKey}, within(func(s *DelaySource) *Place { return &s.Place }, headerKeys)).named("reset",
	"The header that says when a window ends.", "{header: X-RateLimit-Reset, unit: unix}")

var sourceOfDelay = object[DelaySource]("a delay source", []key[DelaySource]{unitKey}, within(func(s *DelaySource) *Place { return &s.Place }, valueKeys)).named("delay_source",
	"One place where the server says how long to wait. `{header: RateLimit}` as a whole asks to wait until the windows are reset in which nothing remains, and asks for nothing when there are none; for a server that refuses requests which cost more than what remains, add `{header: RateLimit, item: \"*\", param: t}`.", "{body: $.error.retry_in, unit: s}")

// delayShape is a delay; its sources may stand alone.
var delayShape = alone(object[Delay]("a delay", []key[Delay]{
	field("sources", func(d *Delay) *[]DelaySource { return &d.Sources }, list(sourceOfDelay), "where the server says how long to wait, best first", "[{header: Retry-After}, {body: $.reset_at, unit: rfc3339}]").without("those of the outer delay"),
	field("default", func(d *Delay) *time.Duration { return &d.Default }, duration, "the wait when the server names none", "10s").without("a computed wait"),
	field("min", func(d *Delay) *time.Duration { return &d.Min }, duration, "never wait less", "1s").without("no floor"),
	field("max", func(d *Delay) *time.Duration { return &d.Max }, duration, "never wait more", "2m").without("no cap"),
}), yaml.SequenceNode, "sources").named("delay",
	"How long to wait: the first valid source wins. A list of sources may stand alone. What the delay of an entry or of a status row leaves out comes from the next outer one: the row's, then the catalog's.",
	"sources: [{header: Retry-After}, {body: $.reset_at, unit: rfc3339}]\ndefault: 10s\nmin: 1s\nmax: 2m")

var backoffShape = object[Backoff]("a backoff", []key[Backoff]{
	field("steps", func(b *Backoff) *[]time.Duration { return &b.Steps }, list(duration), "fixed waits, one a retry; the last repeats", "[3s, 9s, 27s, 300s]"),
	field("base", func(b *Backoff) *time.Duration { return &b.Base }, duration, "the wait before the first retry", "500ms").def(defaultCurve.Base.String()),
	field("factor", func(b *Backoff) *float64 { return &b.Factor }, factorShape, "how much longer each wait is than the one before", "1.5").def(fmt.Sprint(defaultCurve.Factor)),
	field("max", func(b *Backoff) *time.Duration { return &b.Max }, duration, "the longest wait", "15s").def(defaultCurve.Max.String()),
	field("jitter", func(b *Backoff) *Jitter { return &b.Jitter }, jitterShape, "how waits are spread", "{add: 20%}").without("up to a fifth is added"),
}).named("backoff",
	"How waits are computed when the server names none: fixed steps, or a base that grows. What the backoff of an entry or of a status row leaves out comes from the next outer one.",
	"{base: 500ms, factor: 1.5, max: 15s, jitter: {add: 250ms}}")

var factorShape = scalar("a factor", "bad-value", looksFactor, func(s string) (float64, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !plainNumber.MatchString(s) || f < 1 || f > 100 {
		return 0, fmt.Errorf("give a number from 1 to 100")
	}
	return f, nil
})

var (
	looksFactor = looksNumeric("number", "a number", `[1-9]\d*(?:\.\d+)?`, 1, 100)
	plainNumber = regexp.MustCompile(looksFactor.pattern)
)

var jitterShape = short(object[Jitter]("a jitter", []key[Jitter]{
	field("add", func(j *Jitter) *Jitter { return j }, addShape, "adds up to this much: a duration, or a percentage of the wait", "20%"),
}), yaml.ScalarNode, part(func(j *Jitter) *bool { return &j.Full }, fullJitter)).named("jitter",
	"How the waits of many clients are spread. The word full stands for any wait between zero and the computed one.", "{add: 250ms}")

var fullJitter = scalar("a jitter", "bad-value", form{types: []string{"string"}, words: []string{"full"}}, func(s string) (bool, error) {
	if s != "full" {
		return false, fmt.Errorf("write full, or {add: 250ms}, or {add: 20%%}")
	}
	return true, nil
})

var looksAdded = looksLike(durationForm + "|" + percentForm)

var addShape = shapeOf(form{what: "a duration or a percentage", types: looksAdded.types, pattern: looksAdded.pattern}, func(r *reader, n *yaml.Node, v *Jitter) bool {
	if n.Kind == yaml.ScalarNode && n.Value != "" && n.Value[len(n.Value)-1] == '%' {
		return percent.read(r, n, &v.Part)
	}
	return duration.read(r, n, &v.Add)
})

// When: what must hold.
var whenShape = object[When]("a condition", []key[When]{
	field("status", func(w *When) *[]Range { return &w.Status }, oneOrMore(statuses), "the status is one of these", "[429, 5xx, 500-504]").without("any"),
	field("media", func(w *When) *[]string { return &w.Media }, oneOrMore(mediaType), "the media type is one of these", "application/problem+json").without("any"),
	field("header", func(w *When) *[]Test { return &w.Header }, headerTests, "headers and what they must be", "{X-RateLimit-Remaining: 0}"),
	field("body", func(w *When) *[]Test { return &w.Body }, bodyTests, "paths in the body and what their values must be", "{$.error.type: [card_error, api_error], $.error.param: {present: true}}"),
}).named("when", "A set of conditions, all of which must hold. Where a list is taken, its elements are alternatives, one of which must hold.",
	"status: 403\nheader: {X-RateLimit-Remaining: 0}\nbody: {$.message: {contains: rate limit}}")

var mediaType = pattern("a media type", "[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*", "write application/problem+json")

var headerTests = table("a mapping from headers to values",
	tested(headerName, func(t *Test, name string) { t.Header, t.place = name, http.CanonicalHeaderKey(name) }), testShape)

var bodyTests = table("a mapping from paths to values",
	tested(path, func(t *Test, p apierr.Path) { t.Path, t.place = p, p.String() }), testShape)

// tested is the shape of the place that a test looks at.
func tested[T any](sh shape[T], set func(*Test, T)) shape[Test] {
	return shape[Test]{form: sh.form, read: func(r *reader, n *yaml.Node, t *Test) bool {
		var v T
		ok := sh.read(r, n, &v)
		set(t, v)
		return ok
	}}
}

// testShape is what a value must be: one of some values, or what a mapping
// says.
var testShape = shapeOf(form{what: "a value, a list of values, or a test", either: []*form{testValues.form, testObject.form}}, func(r *reader, n *yaml.Node, v *Test) bool {
	v.Present = true
	switch {
	case n.Kind == yaml.MappingNode:
		return testObject.read(r, n, v)
	case n.Tag == "!!null":
		r.report(posOf(n), "bad-value", "nothing is no value to compare with", "write {present: false} for a value that is null or not there")
		return false
	}
	return testValues.read(r, n, &v.Equals)
}).named("test", "What a value must be: a text, one of several texts, or what a mapping says. Values are compared as text, exactly.", "{contains: [rate limit, slow down]}")

var testValues = oneOrMore(raw("a value"))

var testObject = object[Test]("a test", []key[Test]{
	field("contains", func(t *Test) *[]string { return &t.Contains }, oneOrMore(text("a part of a text")), "the text has one of these parts", "rate limit"),
	field("present", func(t *Test) *bool { return &t.Present }, boolean, "whether the value is there at all; null is not", "false").def("true"),
})

// Details: typed fields.

// detailsShape is a mapping from wire names to types.
var detailsShape = table("a mapping from names to types",
	part(func(d *Detail) *string { return &d.Wire }, text("a detail's name")),
	later("a detail", &detailShape))

// detailShape is a detail; its type may stand alone. It is set by init because
// details hold details.
var detailShape shape[Detail]

func init() {
	detailShape = alone(object[Detail]("a detail", []key[Detail]{
		field("type", func(d *Detail) *Type { return &d.Type }, typeShape, "its type", "duration"),
		field("name", func(d *Detail) *string { return &d.Name }, goName, "its Go name, when the one made from the wire's will not do", "RetryAfter").without("made from the name on the wire"),
		field("unit", func(d *Detail) *apierr.Unit { return &d.Unit }, unitShape, "what a duration counts, or how a time is written", "s"),
		field("of", func(d *Detail) *Detail { return d }, ofShape, "the type of a list's elements, or the fields of an object or of a list's elements", "{path: string, size: int}"),
		field("split", func(d *Detail) *string { return &d.Split }, raw("a text"), "what stands between the elements of a list that comes in one text", "\",\""),
		field("from", func(d *Detail) *[]Place { return &d.From }, placesShape, "where it is, when that is one of several places: the first present wins", "[$.reset_at, {header: X-Reset-At}]").without("the member of its name, in the envelope's details"),
		field("sensitive", func(d *Detail) *bool { return &d.Sensitive }, boolean, "never in logs", "true").def("false"),
		field("meaning", func(d *Detail) *string { return &d.Meaning }, text("a meaning"), "what it tells", "How long to wait before the next attempt."),
	}, within(func(d *Detail) *Place { return &d.Place }, valueKeys)), yaml.ScalarNode, "type").named("detail",
		"One typed field of an error. A type may stand alone. Without a place of its own, it is the member of its name in the object that the envelope calls details.",
		"{type: duration, unit: s, body: $.error.retry_in, meaning: How long to wait.}")
}

// ofShape is what a list or an object holds: a type, or details of its own.
var ofShape = short(part(func(d *Detail) *[]Detail { return &d.Of }, detailsShape), yaml.ScalarNode,
	part(func(d *Detail) *Type { return &d.OfType }, typeShape))

var typeNames = []Type{TypeString, TypeInt, TypeNumber, TypeBool, TypeDuration, TypeTime, TypeList, TypeObject, TypeTexts, TypeAny}

func parseType(s string) (Type, bool) { return Type(s), slices.Contains(typeNames, Type(s)) }

func typeWords() []string {
	words := make([]string, len(typeNames))
	for i, t := range typeNames {
		words[i] = string(t)
	}
	return words
}

// expectedDetails is a mapping from details to any values.
var expectedDetails = table("a mapping from details to values",
	shapeOf(form{what: "a detail's name", types: []string{"string"}}, func(_ *reader, n *yaml.Node, v *ExpectedDetail) bool {
		v.Pos, v.Name = posOf(n), n.Value
		return true
	}),
	shapeOf(form{what: "any value", any: true}, func(_ *reader, n *yaml.Node, v *ExpectedDetail) bool {
		v.Value = plainValue(n)
		return true
	}))

// plainValue turns a node into the text, list or map that it is. Scalars stay
// text, since details are compared as text.
func plainValue(n *yaml.Node) any {
	switch n.Kind {
	case yaml.SequenceNode:
		values := []any{}
		for _, c := range n.Content {
			values = append(values, plainValue(c))
		}
		return values
	case yaml.MappingNode:
		values := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			values[n.Content[i].Value] = plainValue(n.Content[i+1])
		}
		return values
	default:
		return n.Value
	}
}
