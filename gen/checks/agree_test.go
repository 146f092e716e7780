package checks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/spec/replay"
	support "github.com/errgen/errgen/templates/apierr"
)

// A result is what a response decodes to, in words that both ways share: the
// generated package, and the catalog that the command reads.
type result struct {
	entry, code, message, requestID string
	class, retry                    string
	retryable                       any
	wait                            int64  // in milliseconds; -1 when the server asks for nothing
	resetAt                         string // only known when the decode was told what time it is
	action, reason                  string
	delay                           int64 // in milliseconds
}

// decoded is what the generated package makes of an error.
func decoded(v *vendor, e *apierr.Error, method string, now time.Time) result {
	r := result{
		entry: e.Entry(), code: e.Code, message: e.Message, requestID: e.RequestID,
		class: e.Class.String(), retry: e.Retry.String(), retryable: retryable(e), wait: -1,
	}
	if !e.RetryAt().IsZero() {
		r.wait = milliseconds(e.RetryAfter)
		r.resetAt = e.RetryAt().UTC().Format(time.RFC3339Nano)
	}
	policy := v.policy()
	policy.Rand = func() float64 { return 0 }
	d := policy.Decide(context.Background(), apierr.Attempt{Attempts: 1, Method: method, Err: e, Now: now})
	r.action, r.reason, r.delay = d.Action.String(), d.Reason.String(), milliseconds(d.Delay)
	return r
}

// replayed is what the command makes of a response.
func replayed(rep replay.Report) result {
	r := result{
		entry: given(rep.Entry), code: given(rep.Code), message: given(rep.Message), requestID: given(rep.RequestID),
		class: given(rep.Class), retry: given(rep.Retry), retryable: rep.Retryable, wait: -1,
		resetAt: given(rep.ResetAt), action: rep.Decision.Action, reason: rep.Decision.Reason, delay: rep.Decision.DelayMS,
	}
	if rep.WaitMS != nil {
		r.wait = *rep.WaitMS
	}
	return r
}

func retryable(e *apierr.Error) any {
	switch {
	case e.Retry == apierr.Backoff && e.Repeat == apierr.RepeatIdempotent:
		return "if-idempotent"
	case e.Retry == apierr.WaitReset:
		return !e.RetryAt().IsZero()
	}
	return e.Retry == apierr.Backoff || e.Retry == apierr.RefreshOnce
}

func milliseconds(d time.Duration) int64 {
	return int64(math.Ceil(float64(d) / float64(time.Millisecond)))
}

func given(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// agree fails unless both ways make the same of a response, and returns what
// that is; the error is nil for a response that is none.
func agree(t *testing.T, v *vendor, r replay.Response) (replay.Report, *apierr.Error) {
	t.Helper()
	rep := replay.Run(v.program, r)
	if err := v.check(response(r)); (err != nil) != rep.IsError {
		t.Errorf("%s %d %q: Check returned %v, and for the catalog it is an error: %t", v.name, r.Status, r.Body, err, rep.IsError)
	}
	if !rep.IsError {
		var items []apierr.Item
		if v.items != nil {
			items = v.items(response(r))
		}
		sameItems(t, v, items, rep.Items)
		return rep, nil
	}
	e := v.decode(r.Status, r.Header, r.Body, r.Now)
	if got, want := decoded(v, e, r.Method, r.Now), replayed(rep); got != want {
		t.Errorf("%s %d %q:\nthe generated package has %+v\nthe catalog has           %+v", v.name, r.Status, r.Body, got, want)
	}
	if code := v.codeOf(fmt.Errorf("wrapped: %w", e)); code != e.Entry() {
		t.Errorf("CodeOf returned %q for %q", code, e.Entry())
	}
	sameDetails(t, v, e, rep.Details)
	sameItems(t, v, e.Items(), rep.Items)
	return rep, e
}

// response is what a client gets.
func response(r replay.Response) *http.Response {
	return &http.Response{StatusCode: r.Status, Header: r.Header, Body: io.NopCloser(bytes.NewReader(r.Body)), ContentLength: -1}
}

func sameItems(t *testing.T, v *vendor, got []apierr.Item, want []replay.Item) {
	t.Helper()
	if !slices.EqualFunc(got, want, func(g apierr.Item, w replay.Item) bool { return replay.Item(g) == w }) {
		t.Errorf("%s has the items %+v, want %+v", v.name, got, want)
	}
}

// sameDetails fails unless the typed details of an error hold the values that
// the catalog finds, and nothing else.
func sameDetails(t *testing.T, v *vendor, e *apierr.Error, values spec.Values) {
	t.Helper()
	common, fields := v.program.Common, []spec.Field(nil)
	if i := slices.IndexFunc(v.program.Parts, func(p spec.Part) bool { return p.Name == e.Entry() }); i >= 0 {
		fields = v.program.Parts[i].Fields
	}
	if len(common)+len(fields) == 0 {
		if e.Details != nil || len(values) > 0 {
			t.Errorf("%s has the details %+v and %+v, but the catalog has none", e.Entry(), e.Details, values)
		}
		return
	}
	details := reflect.ValueOf(e.Details).Elem()
	if len(common) > 0 && len(fields) > 0 {
		sameFields(t, e.Entry(), details.FieldByName("Details"), common, values, 0)
		sameFields(t, e.Entry(), details, fields, values, 1)
		return
	}
	sameFields(t, e.Entry(), details, slices.Concat(common, fields), values, 0)
}

// sameFields compares the fields of a struct, from the given one on and in the
// catalog's order, with values.
func sameFields(t *testing.T, at string, s reflect.Value, fields []spec.Field, values spec.Values, from int) {
	t.Helper()
	if s.NumField() != from+len(fields) {
		t.Fatalf("%s has %d fields, want %d", at, s.NumField(), from+len(fields))
	}
	for i := range fields {
		f := &fields[i]
		if name := s.Type().Field(from + i).Name; name != f.GoName {
			t.Fatalf("%s has the field %s where the catalog has %s", at, name, f.GoName)
		}
		want, _ := values.Get(f.Wire)
		sameValue(t, at+"."+f.GoName, s.Field(from+i), f.Fields, want)
	}
}

// sameValue compares one value of a struct with what the catalog finds, nil for
// nothing.
func sameValue(t *testing.T, at string, got reflect.Value, fields []spec.Field, want any) {
	t.Helper()
	same := true
	switch want := want.(type) {
	case nil:
		same = got.IsZero()
	case spec.Unreadable:
		same = got.IsZero() || got.Kind() == reflect.Slice && got.Len() == 0
	case spec.Values:
		sameFields(t, at, got, fields, want, 0)
	case []any:
		if same = got.Len() == len(want); same {
			for i := range want {
				sameValue(t, fmt.Sprintf("%s[%d]", at, i), got.Index(i), fields, want[i])
			}
		}
	case support.Texts:
		texts, ok := got.Interface().(apierr.Texts)
		same = ok && slices.EqualFunc(texts, want, func(g apierr.Text, w support.Text) bool { return g == apierr.Text(w) })
	case json.RawMessage:
		same = bytes.Equal(got.Bytes(), want)
	case time.Time:
		have := got.Interface().(time.Time)
		same = have.Equal(want) && have.Format(time.RFC3339Nano) == want.Format(time.RFC3339Nano)
	case float64:
		same = math.Float64bits(got.Float()) == math.Float64bits(want)
	default:
		same = got.Interface() == want
	}
	if !same {
		t.Errorf("%s is %v, want %v", at, got, want)
	}
}

// TestCases shows that every case decodes to the same through Check, through
// Decode and through the command. What that must be is a test of package replay.
func TestCases(t *testing.T) {
	for _, v := range vendors(t) {
		for _, ex := range v.cases {
			t.Run(v.name+"/"+ex.Name, func(t *testing.T) {
				r := replay.Response{Name: ex.Name, Status: ex.Status, Header: ex.header(), Body: []byte(ex.Body), Method: ex.Method, Now: ex.now()}
				if r.Method == "" {
					r.Method = http.MethodGet
				}
				rep, e := agree(t, &v, r)
				resp := response(r)
				err := v.check(resp)
				if body, err := io.ReadAll(resp.Body); string(body) != ex.Body || err != nil {
					t.Errorf("after Check the body is %q, %v", body, err)
				}
				if e == nil {
					return
				}
				var checked *apierr.Error
				if !errors.As(err, &checked) {
					t.Fatal("Check found no error")
				}
				sameDetails(t, &v, checked, rep.Details)
				// Check has its own present: how long to wait is the same, until when is not.
				got, want := decoded(&v, checked, r.Method, checked.RetryAt().Add(-checked.RetryAfter)), decoded(&v, e, r.Method, r.Now)
				if got.resetAt, want.resetAt = "", ""; got != want {
					t.Errorf("Check makes of it  %+v\nDecode makes of it %+v", got, want)
				}
			})
		}
	}
}
