package spec

import (
	"fmt"
	"net/http"
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
	headerKeys = []key[Place]{
		field("header", func(p *Place) *string { return &p.Header }, headerName, "a header"),
		field("scheme", func(p *Place) *string { return &p.Scheme }, pattern("a scheme", "[A-Za-z0-9!#$%&'*+.^_`|~-]+", "write Bearer or Basic"), "the scheme of a challenge in the header"),
		field("param", func(p *Place) *string { return &p.Param }, pattern("a parameter's name", "[A-Za-z0-9!#$%&'*+.^_`|~-]+", "write realm or error"), "a parameter of the challenge"),
		field("after", func(p *Place) *string { return &p.After }, raw("a text"), "only what follows the first occurrence of this counts"),
		field("before", func(p *Place) *string { return &p.Before }, raw("a text"), "only what precedes the first occurrence of this counts"),
	}
	valueKeys = append([]key[Place]{
		field("body", func(p *Place) *apierr.Path { return &p.Body }, path, "a path in the body"),
		{name: "when", doc: "when the place counts", read: func(r *reader, n *yaml.Node, p *Place) { oneOrMore(whenShape).read(r, n, &p.When) }},
	}, headerKeys...)
	placeKeys []key[Place]
)

// placeShape is a place; a path may stand alone. It is set by init because a
// place may be joined of places.
var placeShape shape[Place]

func init() {
	placeKeys = append([]key[Place]{
		field("known", func(p *Place) *bool { return &p.Known }, boolean, "the place counts only when its value is a listed code"),
		{name: "join", doc: "places whose texts are joined; all must be there", read: func(r *reader, n *yaml.Node, p *Place) { list(placeShape).read(r, n, &p.Join) }},
		field("with", func(p *Place) *string { return &p.With }, raw("a text"), "what stands between the joined texts"),
	}, valueKeys...)
	placeShape = short(object[Place]("a place", placeKeys), yaml.ScalarNode,
		shape[Place]{path.what, func(r *reader, n *yaml.Node, v *Place) bool {
			v.Pos, v.keys = posOf(n), map[string]Pos{"body": posOf(n)}
			return path.read(r, n, &v.Body)
		}})
}

// placesShape is a place, or several of which the first present wins.
var placesShape = shape[[]Place]{"a place, or a list of places", func(r *reader, n *yaml.Node, v *[]Place) bool {
	return oneOrMore(placeShape).read(r, n, v)
}}

// headerPlace is the name of a header, where only a header can be meant.
var headerPlace = shape[Place]{headerName.what, func(r *reader, n *yaml.Node, v *Place) bool {
	if n.Kind == yaml.MappingNode {
		return object[Place]("a place in the headers", headerKeys).read(r, n, v)
	}
	v.Pos, v.keys = posOf(n), map[string]Pos{"header": posOf(n)}
	return headerName.read(r, n, &v.Header)
}}

var unitKey = field("unit", func(s *DelaySource) *apierr.Unit { return &s.Unit }, unitShape, "what the value counts")

var unitShape = choice("a unit", apierr.Units(), apierr.ParseUnit)

var resetShape = object[DelaySource]("a reset", within(func(s *DelaySource) *Place { return &s.Place }, headerKeys), []key[DelaySource]{unitKey})

var sourceOfDelay = object[DelaySource]("a delay source", within(func(s *DelaySource) *Place { return &s.Place }, valueKeys), []key[DelaySource]{unitKey})

// delayShape is a delay; its sources may stand alone.
var delayShape = short(object[Delay]("a delay", []key[Delay]{
	field("sources", func(d *Delay) *[]DelaySource { return &d.Sources }, list(sourceOfDelay), "where the server says how long to wait, best first"),
	field("default", func(d *Delay) *time.Duration { return &d.Default }, duration, "the wait when the server names none"),
	field("min", func(d *Delay) *time.Duration { return &d.Min }, duration, "never wait less"),
	field("max", func(d *Delay) *time.Duration { return &d.Max }, duration, "never wait more"),
}), yaml.SequenceNode, shape[Delay]{"a list of delay sources", func(r *reader, n *yaml.Node, v *Delay) bool {
	v.Pos, v.keys = posOf(n), map[string]Pos{"sources": posOf(n)}
	return list(sourceOfDelay).read(r, n, &v.Sources)
}})

var backoffShape = object[Backoff]("a backoff", []key[Backoff]{
	field("steps", func(b *Backoff) *[]time.Duration { return &b.Steps }, list(duration), "fixed waits, one a retry; the last repeats"),
	field("base", func(b *Backoff) *time.Duration { return &b.Base }, duration, "the wait before the first retry"),
	field("factor", func(b *Backoff) *float64 { return &b.Factor }, factorShape, "how much longer each wait is than the one before"),
	field("max", func(b *Backoff) *time.Duration { return &b.Max }, duration, "the longest wait"),
	field("jitter", func(b *Backoff) *Jitter { return &b.Jitter }, jitterShape, "how waits are spread"),
})

var factorShape = scalar("a factor", "bad-value", func(s string) (float64, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= 1 && f <= 100) {
		return 0, fmt.Errorf("give a number from 1 to 100")
	}
	return f, nil
})

var jitterShape = short(object[Jitter]("a jitter", []key[Jitter]{
	field("add", func(j *Jitter) *Jitter { return j }, addShape, "adds up to this much: a duration, or a percentage of the wait"),
}), yaml.ScalarNode, shape[Jitter]{"full", func(r *reader, n *yaml.Node, v *Jitter) bool {
	return fullJitter.read(r, n, &v.Full)
}})

var fullJitter = scalar("a jitter", "bad-value", func(s string) (bool, error) {
	if s != "full" {
		return false, fmt.Errorf("write full, or {add: 250ms}, or {add: 20%%}")
	}
	return true, nil
})

var addShape = shape[Jitter]{"a duration or a percentage", func(r *reader, n *yaml.Node, v *Jitter) bool {
	if n.Kind == yaml.ScalarNode && n.Value != "" && n.Value[len(n.Value)-1] == '%' {
		return percent.read(r, n, &v.Part)
	}
	return duration.read(r, n, &v.Add)
}}

// When: what must hold.
var whenShape = object[When]("a condition", []key[When]{
	field("status", func(w *When) *[]Range { return &w.Status }, oneOrMore(statuses), "the status is one of these"),
	field("media", func(w *When) *[]string { return &w.Media }, oneOrMore(mediaType), "the media type is one of these"),
	field("header", func(w *When) *[]Test { return &w.Header }, headerTests, "headers and what they must be"),
	field("body", func(w *When) *[]Test { return &w.Body }, bodyTests, "paths in the body and what their values must be"),
})

var mediaType = pattern("a media type", "[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*", "write application/problem+json")

var headerTests = table("a mapping from headers to values", func(r *reader, k, v *yaml.Node) (Test, bool) {
	t := Test{Present: true}
	ok := headerName.read(r, k, &t.Header)
	t.place = http.CanonicalHeaderKey(t.Header)
	ok = testShape.read(r, v, &t) && ok
	t.Pos = posOf(k)
	return t, ok
})

var bodyTests = table("a mapping from paths to values", func(r *reader, k, v *yaml.Node) (Test, bool) {
	t := Test{Present: true}
	ok := path.read(r, k, &t.Path)
	t.place = t.Path.String()
	ok = testShape.read(r, v, &t) && ok
	t.Pos = posOf(k)
	return t, ok
})

// testShape is what a value must be: one of some values, or what a mapping
// says.
var testShape = shape[Test]{"a value, a list of values, or a test", func(r *reader, n *yaml.Node, v *Test) bool {
	switch {
	case n.Kind == yaml.MappingNode:
		return testObject.read(r, n, v)
	case n.Tag == "!!null":
		r.report(posOf(n), "bad-value", "nothing is no value to compare with", "write {present: false} for a value that is null or not there")
		return false
	}
	return oneOrMore(raw("a value")).read(r, n, &v.Equals)
}}

var testObject = object[Test]("a test", []key[Test]{
	field("contains", func(t *Test) *[]string { return &t.Contains }, oneOrMore(text("a part of a text")), "the text has one of these parts"),
	field("present", func(t *Test) *bool { return &t.Present }, boolean, "whether the value is there at all; null is not"),
})

// Details: typed fields.

// detailsShape is a mapping from wire names to types.
var detailsShape = table("a mapping from names to types", func(r *reader, k, v *yaml.Node) (Detail, bool) {
	d := Detail{}
	ok := text("a detail's name").read(r, k, &d.Wire)
	ok = detailShape.read(r, v, &d) && ok
	d.Pos = posOf(k)
	return d, ok
})

// detailShape is a detail; its type may stand alone. It is set by init because
// details hold details.
var detailShape shape[Detail]

func init() {
	detailShape = short(object[Detail]("a detail", []key[Detail]{
		field("type", func(d *Detail) *Type { return &d.Type }, typeShape, "its type"),
		field("name", func(d *Detail) *string { return &d.Name }, goName, "its Go name, when the one made from the wire's will not do"),
		field("unit", func(d *Detail) *apierr.Unit { return &d.Unit }, unitShape, "what a duration counts, or how a time is written"),
		{name: "of", doc: "the type of a list's elements, or the fields of an object or of a list's elements", read: readOf},
		field("split", func(d *Detail) *string { return &d.Split }, raw("a text"), "what stands between the elements of a list that comes in one text"),
		field("from", func(d *Detail) *[]Place { return &d.From }, placesShape, "where it is, when that is one of several places: the first present wins"),
		field("sensitive", func(d *Detail) *bool { return &d.Sensitive }, boolean, "never in logs"),
		field("meaning", func(d *Detail) *string { return &d.Meaning }, text("a meaning"), "what it tells"),
	}, within(func(d *Detail) *Place { return &d.Place }, valueKeys)), yaml.ScalarNode,
		shape[Detail]{typeShape.what, func(r *reader, n *yaml.Node, v *Detail) bool {
			v.keys = map[string]Pos{"type": posOf(n)}
			return typeShape.read(r, n, &v.Type)
		}})
}

func readOf(r *reader, n *yaml.Node, d *Detail) {
	if n.Kind == yaml.ScalarNode {
		typeShape.read(r, n, &d.OfType)
		return
	}
	detailsShape.read(r, n, &d.Of)
}

var typeNames = []Type{TypeString, TypeInt, TypeNumber, TypeBool, TypeDuration, TypeTime, TypeList, TypeObject, TypeTexts, TypeAny}

var typeShape = choice("a type", typeWords(), func(s string) (Type, bool) { return Type(s), slices.Contains(typeNames, Type(s)) })

func typeWords() []string {
	words := make([]string, len(typeNames))
	for i, t := range typeNames {
		words[i] = string(t)
	}
	return words
}

// expectedDetails is a mapping from details to any values.
var expectedDetails = table("a mapping from details to values", func(r *reader, k, v *yaml.Node) (ExpectedDetail, bool) {
	return ExpectedDetail{Pos: posOf(k), Name: k.Value, Value: plainValue(v)}, true
})

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
