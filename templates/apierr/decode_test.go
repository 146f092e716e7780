package apierr

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// limitDetails are details that a Build of these tests fills in.
type limitDetails struct{ limit int64 }

func (*limitDetails) Error() string { return "limit" }

// buildLimit reads the limit at a place.
func buildLimit(at At) func(Captures) *Error {
	return func(c Captures) *Error { return &Error{Details: &limitDetails{c.Int(at)}} }
}

// TestFamilies holds which entry a code is claimed by: the first that has it,
// as its own, as one of a family, or because it has none.
func TestFamilies(t *testing.T) {
	c := &Catalog{
		Places: pathPlaces("$.code", "$.late"),
		Code:   []At{1},
		Entries: []Entry{
			{Name: "Special", Code: "auth/special"},
			{Name: "AuthLate", Code: "auth/*", When: []Match{{{At: 2}}}},
			{Name: "Auth", Code: "auth/*"},
			{Name: "Behind", Code: "auth/behind"},
			{Name: "Teapot", When: []Match{{{Status: [][2]int{{418, 418}}}}}},
			{Name: "Literal", Code: "a*b"},
			{Name: "Other", Code: "*"},
		},
	}
	for _, tt := range []struct {
		status     int
		body, want string
	}{
		{400, `{"code":"auth/special","late":1}`, "Special"},
		{400, `{"code":"auth/x","late":1}`, "AuthLate"},
		{400, `{"code":"auth/x"}`, "Auth"},
		{400, `{"code":"auth/"}`, "Auth"},
		{400, `{"code":"auth/behind"}`, "Auth"},
		{418, `{"code":"auth/x"}`, "Auth"},
		{400, `{"code":"auth"}`, "Other"},
		{418, `{"code":"other"}`, "Teapot"},
		{418, `{}`, "Teapot"},
		{400, `{"code":"a*b"}`, "Literal"},
		{400, `{"code":"axb"}`, "Other"},
		{400, `{"code":"*"}`, "Other"},
		{400, `{"code":""}`, ""},
		{400, `{}`, ""},
	} {
		e := c.Decode(tt.status, nil, []byte(tt.body), time.Time{})
		if e.Entry() != tt.want {
			t.Errorf("%d %s: %q, want %q", tt.status, tt.body, e.Entry(), tt.want)
		}
	}
}

// TestKnownCodes holds that a place counts only when an entry has its value, one
// of a family included, wherever a code is looked for.
func TestKnownCodes(t *testing.T) {
	places := pathPlaces("$.type", "$.code", "$.errors[*]", "$.errors[*].type", "$.errors[*].code")
	places[1].Known, places[4].Known = true, true
	c := &Catalog{
		Places:  places,
		Code:    []At{1, 2},
		Items:   []Items{{Each: 3, Code: []At{4, 5}}},
		Entries: []Entry{{Name: "Limited", Code: "limited"}, {Name: "Auth", Code: "auth/*"}, {Name: "Any", When: []Match{{{At: 1}}}}},
	}
	for body, want := range map[string]string{
		`{"type":"limited","code":"x"}`: "limited",
		`{"type":"auth/y","code":"x"}`:  "auth/y",
		`{"type":"auth","code":"x"}`:    "x",
		`{"type":"*","code":"x"}`:       "x",
		`{"type":"auth"}`:               "",
	} {
		if e := c.Decode(400, nil, []byte(body), time.Time{}); e.Code != want {
			t.Errorf("%s: %q, want %q", body, e.Code, want)
		}
	}
	items := c.DecodeItems(400, nil, []byte(`{"errors":[{"type":"limited","code":"x"},{"type":"y","code":"x"}]}`))
	if len(items) != 2 || items[0].Code != "limited" || items[1].Code != "x" {
		t.Errorf("items %+v", items)
	}
}

// TestRefine holds that the innermost error that the catalog lists decides the
// entry, its details and its wait, while code and message stay the outermost.
func TestRefine(t *testing.T) {
	c := &Catalog{
		Places:  pathPlaces("$.code", "$..inner", "$..inner.code", "$..inner.limit", "$..inner.wait", "$.message", "$..inner.kind"),
		Code:    []At{1},
		Message: []At{6},
		Refine:  []Refine{{Each: 2, Code: []At{3}}},
		Delay:   Delay{Sources: []Source{{At: 5, Unit: Seconds}}},
		Entries: []Entry{
			{Name: "Bad", Code: "BAD", Build: buildLimit(4), Outcome: Outcome{Class: Invalid}},
			{Name: "TooLong", Code: "TOO_LONG", Build: buildLimit(4), Outcome: Outcome{Throttled, Backoff, RepeatAny}},
			{Name: "Deep", Code: "deep/*", Build: buildLimit(4), Outcome: Outcome{Transient, Backoff, RepeatAny}},
			{Name: "Kind", Code: "K", When: []Match{{{At: 7, Equals: []string{"k"}}}}},
			{Name: "Conflict", When: []Match{{{Status: [][2]int{{409, 409}}}}}},
		},
	}
	for _, tt := range []struct {
		name, body, entry, code string
		limit                   int64
		wait                    time.Duration
	}{
		{"none", `{"code":"BAD","message":"m"}`, "Bad", "BAD", 0, 0},
		{"one", `{"code":"BAD","message":"m","inner":{"code":"TOO_LONG","limit":5,"wait":3}}`, "TooLong", "BAD", 5, 3 * time.Second},
		{"the deepest", `{"code":"BAD","message":"m","inner":{"code":"TOO_LONG","limit":5,"inner":{"code":"deep/x","limit":6,"wait":4}}}`, "Deep", "BAD", 6, 4 * time.Second},
		{"the deepest that is listed", `{"code":"BAD","message":"m","inner":{"code":"x","inner":{"code":"TOO_LONG","limit":7,"inner":{"code":"y","limit":8,"wait":9}}}}`, "TooLong", "BAD", 7, 0},
		{"none that is listed", `{"code":"BAD","message":"m","inner":{"code":"x","limit":5,"inner":{}}}`, "Bad", "BAD", 0, 0},
		{"an unlisted one around it", `{"code":"?","message":"m","inner":{"code":"TOO_LONG","limit":5}}`, "TooLong", "?", 5, 0},
		{"no code around it", `{"message":"m","inner":{"code":"TOO_LONG","limit":5}}`, "TooLong", "", 5, 0},
		{"a condition that holds within", `{"code":"BAD","message":"m","inner":{"code":"K","kind":"k"}}`, "Kind", "BAD", -1, 0},
		{"a condition that does not", `{"code":"BAD","message":"m","inner":{"code":"K","inner":{"kind":"k"}}}`, "Bad", "BAD", 0, 0},
		{"a null", `{"code":"BAD","message":"m","inner":null}`, "Bad", "BAD", 0, 0},
		{"a text", `{"code":"BAD","message":"m","inner":"TOO_LONG"}`, "Bad", "BAD", 0, 0},
	} {
		now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		e := c.Decode(400, nil, []byte(tt.body), now)
		limit := int64(-1)
		if d, ok := e.Details.(*limitDetails); ok {
			limit = d.limit
		}
		if e.Entry() != tt.entry || e.Code != tt.code || e.Message != "m" || limit != tt.limit || e.RetryAfter != tt.wait {
			t.Errorf("%s: %s, code %q, message %q, limit %d, wait %s", tt.name, e.Entry(), e.Code, e.Message, limit, e.RetryAfter)
		}
	}
	// An entry without a code claims by what is around the error, never within.
	if e := c.Decode(409, nil, []byte(`{"code":"BAD","inner":{"code":"x"}}`), time.Time{}); e.Entry() != "Bad" {
		t.Errorf("409: %s", e.Entry())
	}
}

// TestOverride holds that the header decides both ways, by its exact values, and
// leaves the class as it is.
func TestOverride(t *testing.T) {
	c := &Catalog{
		Places:   pathPlaces("$.wait"),
		Delay:    Delay{Sources: []Source{{At: 1, Unit: Seconds}}},
		Override: Override{Header: "X-Should-Retry", Retry: []string{"true", "1"}, Stop: []string{"false"}},
	}
	for _, tt := range []struct {
		status int
		value  string
		want   Outcome
		wait   time.Duration
	}{
		{400, "true", Outcome{Invalid, Backoff, RepeatAny}, time.Second},
		{400, "1", Outcome{Invalid, Backoff, RepeatAny}, time.Second},
		{400, "false", Outcome{Invalid, Never, RepeatIdempotent}, 0},
		{400, "TRUE", Outcome{Invalid, Never, RepeatIdempotent}, 0},
		{400, "", Outcome{Invalid, Never, RepeatIdempotent}, 0},
		{429, "false", Outcome{Throttled, Never, RepeatAny}, 0},
		{429, "", Outcome{Throttled, Backoff, RepeatAny}, time.Second},
		{500, "true", Outcome{Transient, Backoff, RepeatAny}, time.Second},
	} {
		header := http.Header{}
		if tt.value != "" {
			header.Set("X-Should-Retry", tt.value)
		}
		e := c.Decode(tt.status, header, []byte(`{"wait":1}`), time.Now())
		if e.Outcome != tt.want || e.RetryAfter != tt.wait {
			t.Errorf("%d %q: %+v after %s", tt.status, tt.value, e.Outcome, e.RetryAfter)
		}
	}
}

// TestDecodeXML reads an XML body by the same places as JSON, and keeps the body
// as it came.
func TestDecodeXML(t *testing.T) {
	c := &Catalog{
		Format:    XML,
		Places:    pathPlaces("$.Error.Code", "$.Error.Message", "$.Error.RequestId", "$.Error.Limit", "$.Error.Item[*]", "$.Error.Item[*]['@id']", "$.Error.Item[*]['#text']", "$.Error.Scopes"),
		Code:      []At{1},
		Message:   []At{2},
		RequestID: []At{3},
		Items:     []Items{{Each: 5, Code: []At{6}, Message: []At{7}}},
		Entries:   []Entry{{Name: "SlowDown", Code: "SlowDown", Build: buildLimit(4)}},
	}
	const body = "\ufeff<?xml version=\"1.0\"?>\n<Error xmlns=\"urn:x\"><Code>SlowDown</Code><Message>a &lt; b</Message>" +
		"<RequestId>r</RequestId><Limit> 5 </Limit><Item id=\"A\">one</Item><Item id=\"B\">two</Item></Error>"
	e := c.Decode(503, nil, []byte(body), time.Time{})
	d, _ := e.Details.(*limitDetails)
	if e.Entry() != "SlowDown" || e.Message != "a < b" || e.RequestID != "r" || d == nil || d.limit != 5 {
		t.Errorf("%+v, details %+v", e, d)
	}
	if want := (Item{"A", "", "one"}); len(e.Items()) != 2 || e.Items()[0] != want || e.Items()[1].Code != "B" {
		t.Errorf("items %+v", e.Items())
	}
	if e.Body != body {
		t.Errorf("the body's start is %q", e.Body)
	}
	for name, broken := range map[string]string{
		"empty": "", "JSON": `{"Error":{"Code":"SlowDown"}}`, "HTML": "<html><br></html>", "cut": body[:len(body)-8],
		"garbage after it": body + "x", "an entity": "<Error><Code>&slow;</Code></Error>", "deep": strings.Repeat("<Error>", 5000),
	} {
		e := c.Decode(503, nil, []byte(broken), time.Time{})
		if e.Entry() != "" || e.Code != "" || e.Message != "" || e.Class != Transient || !strings.HasPrefix(broken, e.Body) || e.Body == "" && broken != "" {
			t.Errorf("%s: %+v with the body %q", name, e, e.Body)
		}
	}
	long := strings.Replace(body, "one", strings.Repeat("é", 4<<10), 1)
	if e := c.Decode(503, nil, []byte(long), time.Time{}); e.Body != long[:rawLimit] || len(e.Items()) != 2 || len(e.Items()[0].Message) != 8<<10 {
		t.Errorf("a long body: %d bytes, %d items", len(e.Body), len(e.Items()))
	}
}

// TestOverrideOfNever holds that the vendor's word in a header also counts for an
// error that is not to be retried.
func TestOverrideOfNever(t *testing.T) {
	c := &Catalog{
		Places:   pathPlaces("$.code"),
		Code:     []At{1},
		Override: Override{Header: "X-Should-Retry", Retry: []string{"true"}},
		Entries:  []Entry{{Name: "Gone", Code: "GONE", Outcome: Outcome{Class: NotFound, Retry: Never}}},
	}
	for value, want := range map[string]Retry{"true": Backoff, "false": Never} {
		if e := c.Decode(404, http.Header{"X-Should-Retry": {value}}, []byte(`{"code":"GONE"}`), time.Time{}); e.Retry != want || e.Entry() != "Gone" {
			t.Errorf("%s: %v of %q, want %v", value, e.Retry, e.Entry(), want)
		}
	}
}

// TestAskedForNoTime holds that a 503 that asks for no time at all still asks to
// come again, and that nothing is asked by what is no error.
func TestAskedForNoTime(t *testing.T) {
	c := &Catalog{Places: []Place{{}, {Header: "Retry-After"}}, Delay: Delay{Sources: []Source{{1, RetryAfter}}}}
	now := time.Date(2026, 1, 1, 0, 0, 0, 999_999_999, time.UTC)
	for seconds, repeat := range map[string]Repeat{"0": RepeatAny, "1": RepeatAny, "": RepeatIdempotent} {
		e := c.Decode(503, http.Header{"Retry-After": {seconds}}, nil, now)
		if e.Repeat != repeat || e.RetryAt().IsZero() != (seconds == "") {
			t.Errorf("Retry-After %q: repeat %v, until %v", seconds, e.Repeat, e.RetryAt())
		}
		if at := e.RetryAt(); !at.IsZero() && !at.Equal(now.Add(e.RetryAfter)) {
			t.Errorf("Retry-After %q: %v until %v", seconds, e.RetryAfter, at)
		}
	}
	if at := (*Error)(nil).RetryAt(); !at.IsZero() {
		t.Error(at)
	}
	e := new(Error)
	for _, wait := range []time.Duration{0, 1, 2, time.Second, 3*time.Second + 1, 1<<63 - 1} {
		if e.waits(wait, now); !e.RetryAt().Equal(now.Add(wait)) {
			t.Errorf("%d after %v: %v", wait, now, e.RetryAt())
		}
	}
}
