package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

// exampleNow stands for the present in examples that do not say when they were
// received, so that they decode to the same on every day.
var exampleNow = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Instant is when the example was received: its now, or a fixed day.
func (e *Example) Instant() time.Time {
	if e.Has("now") {
		return e.Now
	}
	return exampleNow
}

// Header is the example's header, with the media type of JSON where none is
// given and there is a body.
func (e *Example) Header() http.Header {
	h := http.Header{}
	for _, header := range e.Headers {
		for _, v := range header.Values {
			h.Add(header.Name, v)
		}
	}
	if h.Get("Content-Type") == "" && e.Body != "" {
		h.Set("Content-Type", "application/json")
	}
	return h
}

// eachExample calls f for each example with its entry and what it decodes to.
func (l *linter) eachExample(f func(i int, ex *Example, got *apierr.Error)) {
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		for j := range e.Examples {
			ex := &e.Examples[j]
			f(i, ex, l.p.Tables.Decode(ex.Status, ex.Header(), []byte(ex.Body), ex.Instant()))
		}
	}
}

func checkExampleEntry(l *linter, id string) {
	l.eachExample(func(i int, ex *Example, got *apierr.Error) {
		want := l.p.Parts[i].Name
		if !l.p.Tables.IsError(ex.Status) {
			l.report(ex.At("status"), id, fmt.Sprintf("a response with the status %d is no error", ex.Status), "give the status of the error, 400 or above")
			return
		}
		if got.Entry == want {
			return
		}
		landed := "no entry"
		if got.Entry != "" {
			landed = "the entry " + got.Entry
		}
		mend := "mend the example, or give the entries conditions that tell such responses apart"
		switch code := l.c.Errors[i].Code; {
		case code == "":
		case ex.Body != "" && !json.Valid([]byte(ex.Body)):
			mend = "its body is not valid JSON: mend it"
		case got.Code == "":
			mend = fmt.Sprintf("no code was found in it: mend the body, or the envelope, which looks at %s", l.looks(l.p.Tables.Code))
		case got.Entry == "" && got.Code != code:
			mend = fmt.Sprintf("its code is %q: mend the body, or the envelope's place for codes", clip(got.Code))
		}
		l.report(ex.Pos, id, fmt.Sprintf("this example of %s decodes to %s", want, landed), mend)
	})
}

// looks names places in a message.
func (l *linter) looks(ats []apierr.At) string {
	var out []string
	for _, at := range ats {
		if p := l.p.Tables.Places[at]; p.Header != "" {
			out = append(out, "the header "+p.Header)
		} else {
			out = append(out, p.Path)
		}
	}
	return strings.Join(out, ", then ")
}

func checkExampleValues(l *linter, id string) {
	l.eachExample(func(i int, ex *Example, got *apierr.Error) {
		if got.Entry != l.p.Parts[i].Name {
			return
		}
		want := &ex.Expect
		differ := func(key, have, expected string) {
			if want.Has(key) && have != expected {
				l.report(want.At(key), id, fmt.Sprintf("%s is %q, not %q", key, clip(have), clip(expected)), "mend the expectation, the body or the place")
			}
		}
		differ("code", got.Code, want.Code)
		differ("message", got.Message, want.Message)
		differ("request_id", got.RequestID, want.RequestID)
		differ("wait", waitText(got), want.Wait.String())
		l.expectDetails(ex, got, id)
	})
}

// String returns the wait as it is written in a catalog.
func (w Wait) String() string {
	if w.None {
		return "none"
	}
	return w.For.String()
}

func waitText(e *apierr.Error) string {
	if e.RetryAt.IsZero() {
		return "none"
	}
	return e.RetryAfter.String()
}

func (l *linter) expectDetails(ex *Example, got *apierr.Error, id string) {
	have := details(got)
	for _, want := range ex.Expect.Details {
		v, ok := have.Get(want.Name)
		switch {
		case !ok:
			l.report(want.Pos, id, fmt.Sprintf("the example has no detail %q", want.Name), "mend the expectation, the body or the detail's place")
		case !same(v, want.Value):
			l.report(want.Pos, id, fmt.Sprintf("the detail %q is %s, not %s", want.Name, clip(jsonText(v)), clip(wantText(want.Value, v))), "mend the expectation, the body or the detail")
		}
	}
}

func details(e *apierr.Error) Values {
	if v, ok := e.Details.(*Values); ok && v != nil {
		return *v
	}
	return nil
}

func jsonText(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(jsonable(v)); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// wantText is an expected value, written as the value that there is.
func wantText(want, have any) string {
	_, text := jsonable(have).(string)
	if s, ok := want.(string); ok && !text {
		return s
	}
	return jsonText(want)
}

// same reports whether a detail has the value that an author wrote, whose
// scalars are text.
func same(have, want any) bool {
	if raw, ok := have.(json.RawMessage); ok {
		have = generic(raw)
	}
	switch want := want.(type) {
	case []any:
		list, ok := have.([]any)
		return ok && slices.EqualFunc(list, want, same)
	case map[string]any:
		for name, w := range want {
			if v, ok := member(have, name); !ok || !same(v, w) {
				return false
			}
		}
		_, typed := have.(Values)
		_, free := have.(map[string]any)
		return typed || free
	case string:
		return sameScalar(have, want)
	}
	return false
}

// generic is a JSON text as Go values, its numbers as text.
func generic(raw json.RawMessage) any {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return string(raw)
	}
	return v
}

func member(object any, name string) (any, bool) {
	switch object := object.(type) {
	case Values:
		return object.Get(name)
	case map[string]any:
		v, ok := object[name]
		return v, ok
	}
	return nil, false
}

func sameScalar(have any, want string) bool {
	switch have := have.(type) {
	case nil:
		return want == "null" || want == "~" || want == ""
	case string:
		return have == want
	case int64:
		return strconv.FormatInt(have, 10) == want
	case bool:
		return strconv.FormatBool(have) == want
	case float64:
		f, err := strconv.ParseFloat(want, 64)
		return err == nil && f == have
	case time.Duration:
		d, err := time.ParseDuration(want)
		return err == nil && d == have
	case time.Time:
		t, err := time.Parse(time.RFC3339Nano, want)
		return err == nil && t.Equal(have)
	case json.Number:
		return have.String() == want
	}
	return false
}

// checkExampleDetails finds declared details that no example shows, where an
// entry has examples at all.
func checkExampleDetails(l *linter, id string) {
	shown := make([]map[string]bool, len(l.c.Errors)) // by entry; nil for one without examples
	common := map[string]bool{}
	l.eachExample(func(i int, _ *Example, got *apierr.Error) {
		if shown[i] == nil {
			shown[i] = map[string]bool{}
		}
		show(shown[i], "", details(got))
		show(common, "", details(got))
	})
	for i, has := range shown {
		if has != nil {
			l.missing(l.c.Errors[i].Details, has, "", id)
		}
	}
	if slices.ContainsFunc(shown, func(has map[string]bool) bool { return has != nil }) {
		l.missing(l.c.Details, common, "", id)
	}
}

// inner parts the name of a detail from those of its own details.
const inner = "\x00"

// show adds to has the names of all details in v.
func show(has map[string]bool, prefix string, v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			show(has, prefix, e)
		}
	case Values:
		for _, d := range v {
			has[prefix+d.Name] = true
			show(has, prefix+d.Name+inner, d.Value)
		}
	}
}

// missing reports the details that has does not name.
func (l *linter) missing(details []Detail, has map[string]bool, prefix, id string) {
	for i := range details {
		d := &details[i]
		if !has[prefix+d.Wire] {
			l.report(d.Pos, id, fmt.Sprintf("no example has the detail %q", d.Wire), "add it to an example, or mend its place")
			continue
		}
		l.missing(d.Of, has, prefix+d.Wire+inner, id)
	}
}

func checkExampleMissing(l *linter, id string) {
	for i := range l.c.Errors {
		if e := &l.c.Errors[i]; len(e.Examples) == 0 {
			l.warn(e.Pos, id, fmt.Sprintf("%s has no example", e.title()), "paste a real response under examples:")
		}
	}
}
