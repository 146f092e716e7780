package spec

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

func checkExampleValues(l *linter, id string) {
	l.eachExample(func(i int, ex *Example, got *apierr.Error) {
		if got.Entry() != l.p.Parts[i].Name {
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
		l.expectItems(want, got.Items(), id)
	})
}

// expectItems compares the decoded items with those that an author wrote, each
// with the one in its place.
func (l *linter) expectItems(want *Expect, have []apierr.Item, id string) {
	const mend = "mend the expectation, the body or the envelope's items"
	if want.Has("items") && len(have) != len(want.Items) {
		expected := "none"
		if n := len(want.Items); n > 0 {
			expected = strconv.Itoa(n)
		}
		l.report(want.At("items"), id, fmt.Sprintf("the example has %s, not %s", listed(have), expected), mend)
	}
	for i := range min(len(have), len(want.Items)) {
		item := &want.Items[i]
		differ := func(key, have, expected string) {
			if item.Has(key) && have != expected {
				l.report(item.At(key), id, fmt.Sprintf("the %s of item %d is %q, not %q", key, i+1, clip(have), clip(expected)), mend)
			}
		}
		differ("code", have[i].Code, item.Code)
		differ("field", have[i].Field, item.Field)
		differ("message", have[i].Message, item.Message)
	}
}

// listed says how many items there are, and what tells the first of them apart.
func listed(items []apierr.Item) string {
	var names []string
	for _, item := range items[:min(len(items), 5)] {
		names = append(names, strconv.Quote(clip(cmp.Or(item.Code, item.Field, item.Message))))
	}
	if len(items) > len(names) {
		names = append(names, "...")
	}
	switch len(items) {
	case 0:
		return "no items"
	case 1:
		return "1 item (" + names[0] + ")"
	}
	return fmt.Sprintf("%d items (%s)", len(items), strings.Join(names, ", "))
}

// String returns the wait as it is written in a catalog.
func (w Wait) String() string {
	if w.None {
		return "none"
	}
	return w.For.String()
}

func waitText(e *apierr.Error) string {
	if e.RetryAt().IsZero() {
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
		case isUnreadable(v): // a problem of its own
		case !same(v, want.Value):
			l.report(want.Pos, id, fmt.Sprintf("the detail %q is %s, not %s", want.Name, clip(jsonText(v)), clip(wantText(want.Value, v))), "mend the expectation, the body or the detail")
		}
	}
}

func isUnreadable(v any) bool {
	_, bad := v.(Unreadable)
	return bad
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
	switch typed := have.(type) {
	case json.RawMessage:
		have = generic(typed)
	case apierr.Texts:
		return sameTexts(typed, want)
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

// sameTexts reports whether texts are those that an author wrote: one text, a
// list, or for each key one of the two.
func sameTexts(have apierr.Texts, want any) bool {
	if byKey, ok := want.(map[string]any); ok {
		for key, w := range byKey {
			if !sameTexts(under(have, key), w) {
				return false
			}
		}
		return len(byKey) > 0
	}
	list, ok := want.([]any)
	if !ok {
		list = []any{want}
	}
	return slices.EqualFunc(have, list, func(t apierr.Text, w any) bool { return t.Key == "" && t.Text == w })
}

// under are the texts that have a key, without it.
func under(texts apierr.Texts, key string) apierr.Texts {
	var out apierr.Texts
	for _, t := range texts {
		if t.Key == key {
			out = append(out, apierr.Text{Text: t.Text})
		}
	}
	return out
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
