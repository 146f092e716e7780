package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/errgen/errgen/spec"
)

// A recorded case: a response and what it must decode to. The response is
// read as it stands; see [Read].
type recorded struct {
	Name   string `json:"name"`
	Expect expect `json:"expect"`
}

// expect is what a case must decode to. Keys with alt name further values that
// are right as well.
type expect struct {
	IsError         *bool          `json:"is_error"`
	Code            *string        `json:"code"`
	CodeAlt         []string       `json:"code_alt"`
	Known           *bool          `json:"known"`
	Entry           string         `json:"entry"`
	Action          string         `json:"action"`
	Message         *string        `json:"message"`
	Details         map[string]any `json:"details"`
	Unreadable      map[string]any `json:"unreadable"`
	RetryAfterMS    *int64         `json:"retry_after_ms"`
	RetryAfterMSAlt []*int64       `json:"retry_after_ms_alt"`
	Retryable       any            `json:"retryable"`
	RetryableAlt    []any          `json:"retryable_alt"`
	RetryableBasis  string         `json:"retryable_basis"` // documented or inferred; both hold
	MinDelayMS      int64          `json:"min_delay_ms"`
	ItemCodes       []string       `json:"item_codes"`
	ItemFields      []string       `json:"item_fields"` // beside item_codes
}

// TestCases runs the recorded responses of every catalog in this repository
// through it. A catalog without any is a failure.
func TestCases(t *testing.T) {
	eachCatalog(t, "../catalogs", func(t *testing.T, p *spec.Program, name string) {
		runCases(t, p, filepath.Join("../catalogs/testdata", name+".json"))
	})
}

// TestVendors does the same for vendors whose ways none of the catalogs here
// has. Their own examples, which loading proves, say most of it.
func TestVendors(t *testing.T) {
	eachCatalog(t, "../testdata/vendors", func(t *testing.T, p *spec.Program, name string) {
		file := filepath.Join("../testdata/vendors", name+".json")
		if _, err := os.Stat(file); err == nil {
			runCases(t, p, file)
		}
	})
}

// eachCatalog calls f for each catalog in a folder, with the name of its file.
// A catalog in which lint finds anything is a failure.
func eachCatalog(t *testing.T, dir string, f func(t *testing.T, p *spec.Program, name string)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogs in %s: %v", dir, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p, problems := spec.Load(file, src)
			if p == nil || len(problems) > 0 {
				t.Fatalf("%s", problems)
			}
			f(t, p, name)
		})
	}
}

func runCases(t *testing.T, p *spec.Program, file string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("a catalog needs recorded cases: %v", err)
	}
	var lines []json.RawMessage
	if err := json.Unmarshal(src, &lines); err != nil || len(lines) == 0 {
		t.Fatalf("%s: %d cases, %v", file, len(lines), err)
	}
	for _, line := range lines {
		var c recorded
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		strictExpect(t, line)
		var one bytes.Buffer
		if err := json.Compact(&one, line); err != nil {
			t.Fatal(err)
		}
		for r, err := range Read(&one, time.Now()) {
			if err != nil {
				t.Fatalf("%s: %s: %v", file, c.Name, err)
			}
			got := Run(p, r)
			for _, bad := range mismatches(&c.Expect, reportJSON(t, got)) {
				b, _ := got.JSON()
				t.Errorf("%s: %s\n%s", c.Name, bad, b)
			}
		}
	}
}

// strictExpect fails for expectations that nothing here compares.
func strictExpect(t *testing.T, line []byte) {
	t.Helper()
	var raw struct{ Expect json.RawMessage }
	if err := json.Unmarshal(line, &raw); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(raw.Expect))
	d.DisallowUnknownFields()
	if err := d.Decode(new(expect)); err != nil {
		t.Fatalf("expect: %v", err)
	}
}

// reportJSON is the report as those who run errgen decode see it.
func reportJSON(t *testing.T, r Report) map[string]any {
	t.Helper()
	b, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// mismatches returns what is wrong with a report.
func mismatches(e *expect, got map[string]any) (bad []string) {
	check := func(key string, ok bool, want any) {
		if !ok {
			bad = append(bad, fmt.Sprintf("%s is %v, want %v", key, got[key], want))
		}
	}
	if e.ItemCodes != nil {
		ok := slices.Equal(ofItems(got, "code"), e.ItemCodes) && (e.ItemFields == nil || slices.Equal(ofItems(got, "field"), e.ItemFields))
		check("items", ok, append(e.ItemCodes, e.ItemFields...))
	}
	if e.IsError != nil && !*e.IsError {
		check("is_error", got["is_error"] == false, false)
		return bad
	}
	check("is_error", got["is_error"] == true, true)
	code, _ := got["code"].(string)
	check("code", sameText(e.Code, got["code"]) || slices.Contains(e.CodeAlt, code), e.Code)
	if known := e.Known == nil || *e.Known; e.Code != nil && e.CodeAlt == nil {
		check("known", got["known"] == known, known)
	}
	if e.Entry != "" {
		check("entry", plainName(got["entry"]) == plainName(e.Entry), e.Entry)
	}
	if e.Action != "" {
		check("retry", got["retry"] == e.Action, e.Action)
	}
	if e.Message != nil {
		check("message", sameText(e.Message, got["message"]), *e.Message)
	}
	check("details", within(e.Details, withRequestID(got)), e.Details)
	unreadable, _ := got["unreadable"].(map[string]any)
	check("unreadable", len(unreadable) == len(e.Unreadable) && within(e.Unreadable, unreadable), e.Unreadable)
	check("wait_ms", slices.ContainsFunc(append(e.RetryAfterMSAlt, e.RetryAfterMS), func(ms *int64) bool { return sameWait(ms, got["wait_ms"]) }), deref(e.RetryAfterMS))
	if e.Retryable != nil {
		check("retryable", slices.Contains(append(e.RetryableAlt, e.Retryable), got["retryable"]), e.Retryable)
	}
	if e.MinDelayMS > 0 {
		d, _ := got["decision"].(map[string]any)
		delay, _ := d["delay_ms"].(float64)
		check("decision", delay >= float64(e.MinDelayMS), e.MinDelayMS)
	}
	return bad
}

// withRequestID are the details of a report, with the request's id as one more:
// cases do not care which of the two a catalog makes of it.
func withRequestID(got map[string]any) any {
	fields, ok := got["details"].(map[string]any)
	if !ok || got["request_id"] == nil || fields["request_id"] != nil {
		return got["details"]
	}
	fields = maps.Clone(fields)
	fields["request_id"] = got["request_id"]
	return fields
}

// ofItems returns one part of all items.
func ofItems(got map[string]any, part string) []string {
	parts := []string{}
	items, _ := got["items"].([]any)
	for _, item := range items {
		fields, _ := item.(map[string]any)
		parts = append(parts, fmt.Sprint(fields[part]))
	}
	return parts
}

func sameText(want *string, got any) bool {
	if want == nil {
		return got == nil
	}
	return got == *want
}

// sameWait allows for a millisecond of rounding.
func sameWait(want *int64, got any) bool {
	ms, ok := got.(float64)
	if want == nil || !ok {
		return want == nil && got == nil
	}
	return ms >= float64(*want-1) && ms <= float64(*want+1)
}

func deref(ms *int64) any {
	if ms == nil {
		return nil
	}
	return *ms
}

var notPlain = regexp.MustCompile("[^a-z0-9]")

// plainName is a name without what Go names and names on the wire differ in.
func plainName(name any) string {
	return notPlain.ReplaceAllString(strings.ToLower(fmt.Sprint(name)), "")
}

// namesOf are the names by which a detail may be there: its path, or the last
// name of that.
func namesOf(path string) []string {
	return []string{plainName(path), plainName(path[strings.LastIndexByte(path, '.')+1:])}
}

// within reports whether got has what want has. Names are compared loosely,
// numbers may be text, seconds a duration, and an instant a Unix time.
func within(want, got any) bool {
	switch want := want.(type) {
	case map[string]any:
		fields, ok := got.(map[string]any)
		for name, w := range want {
			found := false
			for have, g := range fields {
				found = found || slices.Contains(namesOf(name), plainName(have)) && within(w, g)
			}
			ok = ok && found
		}
		return ok
	case []any:
		list, ok := got.([]any)
		return ok && slices.EqualFunc(want, list, within)
	}
	return want == got || fmt.Sprint(want) == fmt.Sprint(got) || sameAmount(want, got) || sameInstant(want, got)
}

func sameAmount(want, got any) bool {
	seconds, err := strconv.ParseFloat(fmt.Sprint(want), 64)
	d, err2 := time.ParseDuration(fmt.Sprint(got))
	return err == nil && err2 == nil && (seconds == d.Seconds() || seconds == d.Seconds()*1000)
}

func sameInstant(want, got any) bool {
	instant := func(v any) (time.Time, bool) {
		if n, ok := v.(float64); ok && n > 1e9 && n < 1e10 {
			return time.Unix(int64(n), 0), true
		}
		t, err := time.Parse(time.RFC3339Nano, fmt.Sprint(v))
		return t, err == nil
	}
	a, ok := instant(want)
	b, ok2 := instant(got)
	return ok && ok2 && a.Equal(b)
}

// TestMismatches holds that the comparison of cases can fail.
func TestMismatches(t *testing.T) {
	code, wait, no := "A", int64(60000), false
	good := map[string]any{
		"is_error": true, "code": "A", "known": true, "entry": "InvalidKey", "retry": "backoff", "message": "M",
		"details": map[string]any{"retry_after": "1m0s", "at": "2024-03-09T16:00:00Z", "list": []any{"x"}}, "unreadable": map[string]any{"size": "big"},
		"wait_ms": 60000.0, "retryable": true, "decision": map[string]any{"delay_ms": 5000.0}, "items": []any{map[string]any{"code": "I", "field": "f"}},
	}
	full := func() *expect {
		return &expect{
			Code: &code, Entry: "INVALID_KEY", Action: "backoff", Message: &code, RetryAfterMS: &wait, Retryable: true, MinDelayMS: 5000, ItemCodes: []string{"I"}, ItemFields: []string{"f"},
			Details:    map[string]any{"retry_after": 60.0, "at": 1710000000.0, "list": []any{"x"}},
			Unreadable: map[string]any{"size": "big"},
		}
	}
	e := full()
	*e.Message = "A"
	good["message"] = "A"
	if bad := mismatches(e, good); len(bad) > 0 {
		t.Errorf("a good report: %q", bad)
	}
	for key, wrong := range map[string]any{
		"is_error": false, "code": "B", "known": false, "entry": "Other", "retry": "never", "message": "N",
		"details": map[string]any{"retry_after": "1m0s"}, "unreadable": map[string]any{"size": "small"}, "wait_ms": 50000.0, "retryable": "if-idempotent",
		"decision": map[string]any{"delay_ms": 4999.0}, "items": []any{},
	} {
		for _, value := range []any{wrong, nil} {
			got := map[string]any{}
			for k, v := range good {
				got[k] = v
			}
			got[key] = value
			if bad := mismatches(full(), got); len(bad) != 1 || !strings.HasPrefix(bad[0], key) {
				t.Errorf("%s is %v: %q", key, value, bad)
			}
		}
	}
	if bad := mismatches(&expect{IsError: &no}, good); len(bad) != 1 {
		t.Errorf("an error that should be none: %q", bad)
	}
}
