package spec

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

// load compiles a catalog that has no errors; more are its keys beyond the
// four that every catalog has.
func load(t *testing.T, more string) *Program {
	t.Helper()
	p, problems := Load("a.yaml", []byte("errgen: v1\nvendor: acme\ntitle: T\nsource: {document: D, checked: 2026-11-21}\n"+more))
	if p == nil {
		t.Fatalf("%s", problems)
	}
	return p
}

// TestOutcome holds where an entry's outcome comes from: its own keys, else
// its class, else the row of its status, else the class of its status.
func TestOutcome(t *testing.T) {
	p := load(t, `
envelope: {code: $.code}
status:
  429: quota
  4xx: {retry: backoff}
  409: {class: conflict, repeat: any}
  5xx: {class: transient, retry: never}
  503: {}
errors:
  - {code: OWN_CLASS, status: 429, class: throttled, meaning: M}
  - {code: ROW, status: 429, meaning: M}
  - {code: ROW_RETRY, status: 429, retry: never, meaning: M}
  - {code: ROW_REPEAT, status: 429, repeat: idempotent, meaning: M}
  - {code: NARROW_ROW, status: 409, meaning: M}
  - {code: NARROW_RETRY, status: 409, retry: backoff, meaning: M}
  - {code: WIDE_ROW, status: 404, meaning: M}
  - {code: WIDE_ROW_401, status: 401, meaning: M}
  - {code: SERVER, status: 500, meaning: M}
  - {code: EMPTY_ROW, status: 503, meaning: M}
  - {code: NO_ROW, status: 302, meaning: M}
  - {code: CLASS_ONLY, class: unauthenticated, meaning: M}
  - {code: CLASS_RETRY, class: unauthenticated, retry: refresh_once, meaning: M}
  - {code: CLASS_REPEAT, class: throttled, repeat: idempotent, meaning: M}
  - {code: MIXED_STATUSES, status: [429, 503], meaning: M} # each its own
  - {code: BY_WHEN, when: {status: [5xx, 401]}, meaning: M}
`)
	want := map[string]apierr.Outcome{
		"OwnClass":      {Class: apierr.Throttled, Retry: apierr.Backoff, Repeat: apierr.RepeatAny},
		"Row":           {Class: apierr.Quota, Retry: apierr.WaitReset, Repeat: apierr.RepeatAny},
		"RowRetry":      {Class: apierr.Quota, Retry: apierr.Never, Repeat: apierr.RepeatAny},
		"RowRepeat":     {Class: apierr.Quota, Retry: apierr.WaitReset, Repeat: apierr.RepeatIdempotent},
		"NarrowRow":     {Class: apierr.Conflict, Retry: apierr.Reconcile, Repeat: apierr.RepeatAny},
		"NarrowRetry":   {Class: apierr.Conflict, Retry: apierr.Backoff, Repeat: apierr.RepeatAny},
		"WideRow":       {Class: apierr.NotFound, Retry: apierr.Backoff, Repeat: apierr.RepeatIdempotent},
		"WideRow401":    {Class: apierr.Unauthenticated, Retry: apierr.Backoff, Repeat: apierr.RepeatAny},
		"Server":        {Class: apierr.Transient, Retry: apierr.Never, Repeat: apierr.RepeatIdempotent},
		"EmptyRow":      {Class: apierr.Transient, Retry: apierr.Backoff, Repeat: apierr.RepeatIdempotent},
		"NoRow":         {Class: apierr.Unknown, Retry: apierr.Never, Repeat: apierr.RepeatIdempotent},
		"ClassOnly":     {Class: apierr.Unauthenticated, Retry: apierr.Never, Repeat: apierr.RepeatAny},
		"ClassRetry":    {Class: apierr.Unauthenticated, Retry: apierr.RefreshOnce, Repeat: apierr.RepeatAny},
		"ClassRepeat":   {Class: apierr.Throttled, Retry: apierr.Backoff, Repeat: apierr.RepeatIdempotent},
		"MixedStatuses": {},
		"ByWhen":        {Class: apierr.Unauthenticated, Retry: apierr.Backoff, Repeat: apierr.RepeatAny},
	}
	for _, e := range p.Tables.Entries {
		if e.Outcome != want[e.Name] {
			t.Errorf("%s: %v, want %v", e.Name, e.Outcome, want[e.Name])
		}
		delete(want, e.Name)
	}
	if len(want) > 0 {
		t.Errorf("no entries for %v", want)
	}
}

// TestStatusRows holds what an error is that no entry claims. A row without a
// class leaves each status in its range the class that it has by itself.
func TestStatusRows(t *testing.T) {
	p := load(t, `
status:
  4xx: {retry: backoff}
  420-429: throttled
  429: {retry: wait_reset}
  503: quota
errors: []
`)
	for status, want := range map[int]apierr.Outcome{
		399: {Class: apierr.Unknown, Retry: apierr.Never, Repeat: apierr.RepeatIdempotent},
		400: {Class: apierr.Invalid, Retry: apierr.Backoff, Repeat: apierr.RepeatIdempotent},
		401: {Class: apierr.Unauthenticated, Retry: apierr.Backoff, Repeat: apierr.RepeatAny},
		404: {Class: apierr.NotFound, Retry: apierr.Backoff, Repeat: apierr.RepeatIdempotent},
		408: {Class: apierr.Transient, Retry: apierr.Backoff, Repeat: apierr.RepeatAny},
		409: {Class: apierr.Conflict, Retry: apierr.Backoff, Repeat: apierr.RepeatIdempotent},
		420: {Class: apierr.Throttled, Retry: apierr.Backoff, Repeat: apierr.RepeatAny},
		429: {Class: apierr.Throttled, Retry: apierr.WaitReset, Repeat: apierr.RepeatAny},
		499: {Class: apierr.Invalid, Retry: apierr.Backoff, Repeat: apierr.RepeatIdempotent},
		500: {Class: apierr.Transient, Retry: apierr.Backoff, Repeat: apierr.RepeatIdempotent},
		503: {Class: apierr.Quota, Retry: apierr.WaitReset, Repeat: apierr.RepeatAny},
	} {
		if e := p.Tables.Decode(status, nil, nil, time.Time{}); e.Outcome != want {
			t.Errorf("%d: %v, want %v", status, e.Outcome, want)
		}
	}
}

// TestTransport holds that a row without a class keeps what its failure means
// by itself.
func TestTransport(t *testing.T) {
	p := load(t, `
transport:
  dns_not_found: backoff
  reset: never
  timeout: {class: throttled}
  tls: {repeat: any}
errors: []
`)
	want := []apierr.Failing{
		{Failure: apierr.FailureDNSNotFound, Outcome: apierr.Outcome{Class: apierr.Unknown, Retry: apierr.Backoff, Repeat: apierr.RepeatAny}},
		{Failure: apierr.FailureReset, Outcome: apierr.Outcome{Class: apierr.Transient, Retry: apierr.Never, Repeat: apierr.RepeatIdempotent}},
		{Failure: apierr.FailureTimeout, Outcome: apierr.Outcome{Class: apierr.Throttled, Retry: apierr.Backoff, Repeat: apierr.RepeatAny}},
		{Failure: apierr.FailureTLS, Outcome: apierr.Outcome{Class: apierr.Unknown, Retry: apierr.Never, Repeat: apierr.RepeatAny}},
	}
	if !slices.Equal(p.Tables.Transport, want) {
		t.Errorf("%v\nwant %v", p.Tables.Transport, want)
	}
}

// TestRulesSorted holds that the narrowest range comes first, whatever the
// order in the file, since the first that fits wins.
func TestRulesSorted(t *testing.T) {
	p := load(t, `
status: {5xx: transient, 500-504: throttled, 4xx: invalid, 503: quota, 100-599: unknown}
errors: []
`)
	var have []string
	for _, r := range p.Tables.Rules {
		have = append(have, fmt.Sprintf("%d-%d %s", r.From, r.To, r.Outcome.Class.String()))
	}
	want := []string{"503-503 quota", "500-504 throttled", "500-599 transient", "400-499 invalid", "100-599 unknown"}
	if !slices.Equal(have, want) {
		t.Errorf("%q, want %q", have, want)
	}
}

// TestDelayInheritance holds that what an entry's or a row's delay leaves out
// comes from the catalog's, field by field.
func TestDelayInheritance(t *testing.T) {
	p := load(t, `
envelope: {code: $.code}
delay: {sources: [{header: Retry-After}], default: 10s, min: 1s, max: 60s}
status:
  429: {class: throttled, delay: {default: 30s}}
errors:
  - {code: NONE, class: throttled, meaning: M}
  - {code: DEFAULT, class: throttled, delay: {default: 20s}, meaning: M}
  - {code: BOUNDS, class: throttled, delay: {min: 2s, max: 9s}, meaning: M}
  - {code: SOURCES, class: throttled, delay: [{body: $.wait, unit: s}], meaning: M}
  - {code: NO_SOURCES, class: throttled, delay: [], meaning: M}
  - {code: ROW, status: 429, meaning: M}
  - {code: ROW_MIN, status: 429, delay: {min: 3s}, meaning: M}
  - {code: SAME_CLASS, status: 429, class: throttled, meaning: M}
  - {code: OTHER_CLASS, status: 429, class: quota, meaning: M}
`)
	header, body := apierr.Source{At: at(t, p, "atRetryAfter"), Unit: apierr.RetryAfter}, apierr.Source{At: at(t, p, "atWait"), Unit: apierr.Seconds}
	all := []apierr.Source{header}
	for name, want := range map[string]*apierr.Delay{
		"None":       nil,
		"Default":    {Sources: all, Default: 20 * time.Second, Min: time.Second, Max: time.Minute},
		"Bounds":     {Sources: all, Default: 10 * time.Second, Min: 2 * time.Second, Max: 9 * time.Second},
		"Sources":    {Sources: []apierr.Source{body}, Default: 10 * time.Second, Min: time.Second, Max: time.Minute},
		"NoSources":  {Default: 10 * time.Second, Min: time.Second, Max: time.Minute},
		"Row":        {Sources: all, Default: 30 * time.Second, Min: time.Second, Max: time.Minute},
		"RowMin":     {Sources: all, Default: 30 * time.Second, Min: 3 * time.Second, Max: time.Minute},
		"SameClass":  {Sources: all, Default: 30 * time.Second, Min: time.Second, Max: time.Minute},
		"OtherClass": nil,
	} {
		if have := entry(t, p, name).Delay; !reflect.DeepEqual(have, want) {
			t.Errorf("%s: %+v, want %+v", name, have, want)
		}
	}
	if have := p.Tables.Rules[0].Delay; have == nil || have.Default != 30*time.Second || have.Min != time.Second {
		t.Errorf("the row's delay is %+v", have)
	}
}

// TestBackoffInheritance holds the same for backoffs; steps and a base exclude
// each other, so one of them drops the other that would be inherited.
func TestBackoffInheritance(t *testing.T) {
	const more = `
status: {503: {class: transient, backoff: {max: 8s}}}
errors:
  - {code: NONE, class: transient, meaning: M}
  - {code: BASE, class: transient, backoff: {base: 2s}, meaning: M}
  - {code: STEPS, class: transient, backoff: {steps: [3s, 9s]}, meaning: M}
  - {code: JITTER, class: transient, backoff: {jitter: {add: 10%}}, meaning: M}
  - {code: ROW, status: 503, meaning: M}
`
	jitter := apierr.Jitter{Add: 250 * time.Millisecond}
	steps := []time.Duration{3 * time.Second, 9 * time.Second}
	for _, c := range []struct {
		retry string
		want  map[string]*apierr.Curve
	}{
		{"retry: {backoff: {base: 1s, factor: 3, max: 30s, jitter: {add: 250ms}}}", map[string]*apierr.Curve{
			"None":   nil,
			"Base":   {Base: 2 * time.Second, Factor: 3, Max: 30 * time.Second, Jitter: jitter},
			"Steps":  {Steps: steps, Jitter: jitter},
			"Jitter": {Base: time.Second, Factor: 3, Max: 30 * time.Second, Jitter: apierr.Jitter{Part: 0.1}},
			"Row":    {Base: time.Second, Factor: 3, Max: 8 * time.Second, Jitter: jitter},
		}},
		{"retry: {backoff: {steps: [3s, 9s], jitter: full}}", map[string]*apierr.Curve{
			"None":   nil,
			"Base":   {Base: 2 * time.Second, Jitter: apierr.Jitter{Full: true}},
			"Steps":  {Steps: steps, Jitter: apierr.Jitter{Full: true}},
			"Jitter": {Steps: steps, Jitter: apierr.Jitter{Part: 0.1}},
			"Row":    {Steps: steps, Max: 8 * time.Second, Jitter: apierr.Jitter{Full: true}},
		}},
	} {
		p := load(t, "envelope: {code: $.code}\n"+c.retry+more)
		for name, want := range c.want {
			if have := entry(t, p, name).Backoff; !reflect.DeepEqual(have, want) {
				t.Errorf("%s, %s: %+v, want %+v", c.retry, name, have, want)
			}
		}
	}
}

// TestRetryPolicy holds the defaults of a catalog without one, and that zero
// retries are no default.
func TestRetryPolicy(t *testing.T) {
	p := load(t, "errors: []\n").Tables
	if p.MaxRetries != 2 || p.Backoff.Base != time.Second || p.Backoff.Factor != 2 || p.Breaker != (apierr.Breaker{}) || p.Idempotency != "" {
		t.Errorf("defaults: %d retries, %+v, %+v, %q", p.MaxRetries, p.Backoff, p.Breaker, p.Idempotency)
	}
	p = load(t, "retry: {max_retries: 0, circuit_breaker: {failures: 5, open: 1m}}\nidempotency: {header: idempotency-key}\nerrors: []\n").Tables
	if p.MaxRetries != 0 || p.Breaker != (apierr.Breaker{Failures: 5, Open: time.Minute}) || p.Idempotency != "Idempotency-Key" {
		t.Errorf("%d retries, %+v, %q", p.MaxRetries, p.Breaker, p.Idempotency)
	}
}

// TestPlaces holds that a place has one entry in the table however often and
// however spelled the catalog names it, and a constant's name of its own.
func TestPlaces(t *testing.T) {
	p := load(t, `
envelope:
  root: $.error
  code: ["@.code", {body: $.error.code, known: true}, {header: x-code}]
  message: ["@['message']", "@.message", "$['error'].message"]
  request_id: [{header: X-REQUEST-ID}, {header: x-request-id, after: ":"}]
  details: "@.details"
delay:
  - {body: $.x_code, unit: s}
  - {body: "$['2']", unit: s}
  - {body: $.日本, unit: s}
  - {body: $, unit: s}
  - {body: "@", unit: s}
details:
  request_id: string
  code: {body: $.error.code, type: string}
  items: {type: list, of: {id: string, code: {body: "@.meta.code", type: string}, all: {body: $.total, type: int}}}
errors: []
`)
	want := []string{
		"",
		"atErrorCode $.error.code",
		"atErrorCodeKnown $.error.code known",
		"atXCode X-Code",
		"atErrorMessage $.error.message",
		"atXRequestID X-Request-Id",
		"atXRequestIDHeaderAfter X-Request-Id after :",
		"atXCode2 $.x_code",
		"at2 $['2']",
		"at $.日本",
		"at3 $",
		"atError $.error",
		"atErrorDetailsRequestID $.error.details.request_id",
		"atErrorDetailsItems $.error.details.items",
		"atErrorDetailsItemsEach $.error.details.items[*]",
		"atErrorDetailsItemsEachID $.error.details.items[*].id",
		"atErrorDetailsItemsEachMetaCode $.error.details.items[*].meta.code",
		"atTotal $.total",
	}
	have := []string{""}
	for i, place := range p.Tables.Places[1:] {
		text := p.Places[i+1] + " " + place.Path + place.Header
		if place.After != "" {
			text += " after " + place.After
		}
		if place.Known {
			text += " known"
		}
		have = append(have, text)
	}
	if !slices.Equal(have, want) {
		t.Errorf("places:\n%s\nwant:\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
	if p.Common[1].At[0] != p.Tables.Code[0] || len(p.Tables.Message) != 3 || p.Tables.Message[1] != p.Tables.Message[2] {
		t.Errorf("places are not shared: %v, %v, %v", p.Common[1].At, p.Tables.Code, p.Tables.Message)
	}
}

// TestAtOfDetails holds that @ is the envelope's root in a detail's own path,
// as everywhere, although names without a path are looked up in details:.
func TestAtOfDetails(t *testing.T) {
	p := load(t, `
envelope: {root: $.error, details: "@.info"}
details:
  a: string
  b: {body: "@.b", type: string}
  c: {body: $.c, type: string}
errors: []
`)
	have := decode(p, 400, `{"error":{"b":"root","info":{"a":"info","b":"not here"}},"c":"top"}`)
	if want := `{"a":"info","b":"root","c":"top"}`; have != want {
		t.Errorf("details %s, want %s", have, want)
	}
}

// TestUnits holds that only a header whose definition says so has a unit by
// itself, and that a unit which is given wins.
func TestUnits(t *testing.T) {
	p := load(t, `
delay:
  - {header: retry-after}
  - {header: Retry-After, unit: ms}
  - {header: X-Wait, unit: unix}
  - {header: ratelimit}
  - {header: RateLimit, unit: s}
  - {header: X-RateLimit, unit: rate_limit}
  - {header: RateLimit, item: daily, param: t}
  - {header: RateLimit, key: reset}
  - {header: RateLimit-Reset}
  - {header: RateLimit-Reset, unit: unix}
limits: [{name: a, remaining: X-A, reset: {header: RETRY-AFTER}}, {name: b, limit: X-L, remaining: X-B, reset: {header: X-Reset, unit: s}, warn: [5%, 20%, 12.5%]}]
errors: []
`)
	var have []apierr.Unit
	for _, s := range p.Tables.Delay.Sources {
		have = append(have, s.Unit)
	}
	for _, l := range p.Tables.Limits {
		have = append(have, l.ResetUnit)
	}
	if want := []apierr.Unit{
		apierr.RetryAfter, apierr.Milliseconds, apierr.Unix,
		apierr.RateLimitField, apierr.Seconds, apierr.RateLimitField, apierr.Seconds, apierr.Seconds, apierr.Seconds, apierr.Unix,
		apierr.RetryAfter, apierr.Seconds,
	}; !slices.Equal(have, want) {
		t.Errorf("units %v, want %v", have, want)
	}
	var lines []string
	for _, place := range p.Tables.Places {
		if place.Lines {
			lines = append(lines, place.Header)
		}
	}
	if want := []string{"Ratelimit", "X-Ratelimit"}; !slices.Equal(lines, want) {
		t.Errorf("all lines count of %q, want %q", lines, want)
	}
	if have := p.Tables.Limits[1].Warn; !slices.Equal(have, []float64{0.2, 0.125, 0.05}) {
		t.Errorf("warning levels %v, want them falling", have)
	}
}

// TestStructuredPlaces holds that parts of structured fields have places of
// their own, and that a header may tell of its windows itself.
func TestStructuredPlaces(t *testing.T) {
	p := load(t, `
details:
  left: {type: int, from: [{header: ratelimit, item: default, param: r}, {header: RateLimit, key: remaining}]}
  grace: {type: duration, unit: rate_limit, header: RateLimit}
limits:
  - {name: requests, header: ratelimit, warn: [5%, 20%]}
  - {name: default, limit: {header: RateLimit-Policy, item: default, param: q}, remaining: {header: RateLimit, item: default, param: r}}
errors: []
`)
	want := []apierr.Place{
		{},
		{Header: "Ratelimit", Item: "default", Param: "r"},
		{Header: "Ratelimit", Key: "remaining"},
		{Header: "Ratelimit", Lines: true},
		{Header: "Ratelimit-Policy", Item: "default", Param: "q"},
	}
	if have := p.Tables.Places; !reflect.DeepEqual(have, want) {
		t.Errorf("places %+v, want %+v", have, want)
	}
	w := p.Tables.Limits[0]
	if w.Header != "Ratelimit" || w.Name != "requests" || !slices.Equal(w.Warn, []float64{0.2, 0.05}) || p.Spelled("Ratelimit") != "ratelimit" {
		t.Errorf("the limit is %+v, of %s", w, p.Spelled("Ratelimit"))
	}
	header := http.Header{"Ratelimit": {`"default";r=7;t=9`, `"daily";r=0;t=60`}, "Ratelimit-Policy": {`"default";q=50`}}
	var have []string
	for _, l := range p.Tables.RateLimits(header, time.Now()) {
		have = append(have, fmt.Sprintf("%s %d/%d", l.Name, l.Remaining, l.Limit))
	}
	if want := []string{"default 7/50", "daily 0/-1", "default 7/50"}; !slices.Equal(have, want) {
		t.Errorf("windows %q, want %q", have, want)
	}
	if have := decode(p, 429, "", "RateLimit", `"default";r=7;t=9`, "RateLimit", `"daily";r=0;t=60`); have != `{"left":7,"grace":"1m0s"}` {
		t.Errorf("details %s", have)
	}
}

// TestNamesOfStructs holds the Go names of the structs made for objects and
// lists.
func TestNamesOfStructs(t *testing.T) {
	p := load(t, `
envelope: {code: $.code}
details: {host: {type: object, of: {ips: {type: list, of: {v: string}}}}}
errors:
  - {code: LIMITED, status: 429, details: {errors: {type: list, of: {at: {type: object, of: {line: int}}}}, tags: {type: list, of: string}}, meaning: M}
`)
	var have []string
	var walk func([]Field)
	walk = func(fields []Field) {
		for _, f := range fields {
			have = append(have, f.GoName+" "+f.GoType)
			walk(f.Fields)
		}
	}
	walk(p.Common)
	walk(p.Parts[0].Fields)
	want := []string{
		"Host DetailsHost", "IPs DetailsHostIPsItem", "V ",
		"Errors LimitedErrorsItem", "At LimitedErrorsAt", "Line ", "Tags ",
	}
	if !slices.Equal(have, want) {
		t.Errorf("%q, want %q", have, want)
	}
}

func at(t *testing.T, p *Program, name string) apierr.At {
	t.Helper()
	i := slices.Index(p.Places, name)
	if i < 0 {
		t.Fatalf("no place %s in %q", name, p.Places)
	}
	return apierr.At(i)
}

func entry(t *testing.T, p *Program, name string) apierr.Entry {
	t.Helper()
	e, ok := p.Tables.Entry(name)
	if !ok {
		t.Fatalf("no entry %s", name)
	}
	return e
}

// decode returns the details of a response as JSON.
func decode(p *Program, status int, body string, headers ...string) string {
	header := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		header.Add(headers[i], headers[i+1])
	}
	return jsonText(details(p.Tables.Decode(status, header, []byte(body), time.Unix(1_710_000_000, 0))))
}
