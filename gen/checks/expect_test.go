package checks

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/spec/replay"
)

// An expectation is what a case must decode to. What it leaves out is not
// looked at, but for the wait: null means that the server asks for none.
type expectation struct {
	Code      *string
	CodeAlt   []string `json:"code_alt"`
	Entry     string
	Known     *bool
	Message   *string
	Details   map[string]any
	Wait      *int64 `json:"retry_after_ms"`
	Retryable any
	Action    string
}

func (x *expectation) check(t *testing.T, rep replay.Report) {
	t.Helper()
	if code := given(rep.Code); code != given(x.Code) && !slices.Contains(x.CodeAlt, code) {
		t.Errorf("the code is %q, want %q", code, given(x.Code))
	}
	if known := x.Code != nil && (x.Known == nil || *x.Known); rep.Known != known {
		t.Errorf("the code is known: %t, want %t", rep.Known, known)
	}
	if x.Entry != "" && given(rep.Entry) != spec.GoName(x.Entry) {
		t.Errorf("the entry is %q, want that of %q", given(rep.Entry), x.Entry)
	}
	if x.Message != nil && given(rep.Message) != *x.Message {
		t.Errorf("the message is %q, want %q", given(rep.Message), *x.Message)
	}
	if (rep.WaitMS == nil) != (x.Wait == nil) || x.Wait != nil && *rep.WaitMS != *x.Wait {
		t.Errorf("the wait is %s, want %s", jsonText(rep.WaitMS), jsonText(x.Wait))
	}
	if rep.Retryable != x.Retryable {
		t.Errorf("it is retryable: %v, want %v", rep.Retryable, x.Retryable)
	}
	if x.Action != "" && given(rep.Retry) != x.Action {
		t.Errorf("retry is %q, want %q", given(rep.Retry), x.Action)
	}
	for name, want := range x.Details {
		if got, ok := rep.Details.Get(name); !ok || !means(got, want) {
			t.Errorf("the detail %s is %s, want %s", name, jsonText(got), jsonText(want))
		}
	}
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// means reports whether a typed value is what the JSON of the response says.
func means(got, want any) bool {
	switch got := got.(type) {
	case time.Duration: // all of the vendors' are in seconds
		return want == got.Seconds()
	case time.Time:
		if s, ok := want.(string); ok {
			instant, err := time.Parse(time.RFC3339Nano, s)
			return err == nil && instant.Equal(got)
		}
		return want == float64(got.Unix())
	case int64:
		return want == float64(got)
	case []any:
		list, ok := want.([]any)
		return ok && slices.EqualFunc(got, list, means)
	case spec.Values:
		object, ok := want.(map[string]any)
		for name, w := range object {
			v, has := got.Get(name)
			ok = ok && has && means(v, w)
		}
		return ok
	}
	return got == want
}

// TestMeans shows that an expectation can fail.
func TestMeans(t *testing.T) {
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		got, want any
		ok        bool
	}{
		{time.Minute, 60.0, true},
		{time.Minute, 60000.0, false},
		{at, "2026-04-01T02:00:00+02:00", true},
		{at, "2026-04-01T00:00:01Z", false},
		{at, float64(at.Unix()), true},
		{int64(3), 3.0, true},
		{int64(3), "3", false},
		{[]any{int64(1)}, []any{1.0}, true},
		{[]any{int64(1)}, []any{1.0, 2.0}, false},
		{[]any{spec.Values{{Name: "a", Value: "x"}}}, []any{map[string]any{"a": "x"}}, true},
		{spec.Values{{Name: "a", Value: "x"}}, map[string]any{"b": "x"}, false},
		{"x", strings.ToUpper("x"), false},
	} {
		if means(c.got, c.want) != c.ok {
			t.Errorf("%v means %v: %t", c.got, c.want, !c.ok)
		}
	}
}
