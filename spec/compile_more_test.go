package spec

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

// placeTexts are the places of a program as text, joins by their parts.
func placeTexts(p *Program, ats ...apierr.At) []string {
	var out []string
	for _, at := range ats {
		place := p.Tables.Places[at]
		text := place.Path + place.Header + strings.Join(placeTexts(p, place.Join...), place.With)
		if place.Param != "" {
			text += " " + place.Scheme + " " + place.Param
		}
		if len(place.When) > 0 {
			text += " when " + matchText(p, place.When)
		}
		out = append(out, text)
	}
	return out
}

// matchText is a set of conditions as text, alternatives parted by |.
func matchText(p *Program, alternatives []apierr.Match) string {
	var out []string
	for _, m := range alternatives {
		var conds []string
		for _, c := range m {
			switch {
			case c.Status != nil:
				conds = append(conds, fmt.Sprint(c.Status))
			case c.Media != nil:
				conds = append(conds, c.Media...)
			case c.Absent:
				conds = append(conds, "no "+placeTexts(p, c.At)[0])
			default:
				conds = append(conds, placeTexts(p, c.At)[0]+"="+strings.Join(c.Equals, ",")+strings.Join(c.Contains, "~"))
			}
		}
		out = append(out, strings.Join(conds, " & "))
	}
	return strings.Join(out, " | ")
}

const twoRoots = `
envelope:
  root: [$.error, $.fault]
  code: ["@.code", $.code, {header: x-code}]
  message: {join: ["@.title", {header: X-Hint}, {join: ["@.a", $.b]}], with: " "}
  request_id: {header: www-authenticate, scheme: Bearer, param: id, when: {body: {"@.kind": x}}}
  details: "@.info"
  items: {each: "@.errors[*]", code: ["@.code", {join: ["@.d", $.code], with: /}], message: "@"}
  refine: {each: $..inner, code: "@.code"}
fail_when:
  - {status: [200, 202-204], media: application/json, body: {"@.ok": [no, false], $.done: {present: true}}}
  - {media: application/json, header: {x-state: {contains: [bad, worse]}}, body: {"@.ok": {present: false}, "@.more": {present: false}}}
override: {header: x-should-retry, retry: "true", stop: ["false", "no"]}
details:
  n: int
  tags: {type: list, of: string}
  rows: {type: list, of: {v: {body: "@.value", type: string}}}
  sizes: {type: list, of: int}
  whole: {body: "@.whole", type: any}
errors:
  - {code: BAD, class: invalid, when: {body: {"@.a": 1, "@.b": 2}}, meaning: M, details: {limit: {body: $..inner.limit, type: int}}}
`

// TestRoots holds that whatever is below @ is looked for at each root in turn,
// and everything else once.
func TestRoots(t *testing.T) {
	p := load(t, twoRoots)
	rows := func(f Field) []apierr.At { return slices.Concat(f.At, f.Each) }
	for _, c := range []struct {
		name string
		have []string
		want string
	}{
		{"code", placeTexts(p, p.Tables.Code...), "$.error.code $.fault.code $.code X-Code"},
		{"message", placeTexts(p, p.Tables.Message...), "$.error.title X-Hint $.error.a$.b $.fault.title X-Hint $.fault.a$.b"},
		{"request id", placeTexts(p, p.Tables.RequestID...), "Www-Authenticate Bearer id when $.error.kind=x | $.fault.kind=x"},
		{"items", placeTexts(p, p.Tables.Items[0].Each, p.Tables.Items[1].Each), "$.error.errors[*] $.fault.errors[*]"},
		{"an item's code", placeTexts(p, p.Tables.Items[1].Code...), "$.fault.errors[*].code $.fault.errors[*].d/$.code"},
		{"an item's message", placeTexts(p, p.Tables.Items[0].Message...), "$.error.errors[*]"},
		{"inner errors", placeTexts(p, p.Tables.Refine[0].Each, p.Tables.Refine[0].Code[0]), "$..inner $..inner.code"},
		{"detail", placeTexts(p, p.Common[0].At...), "$.error.info.n $.fault.info.n"},
		{"list of texts", placeTexts(p, rows(p.Common[1])...), "$.error.info.tags $.fault.info.tags"},
		{"list of objects", placeTexts(p, rows(p.Common[2])...), "$.error.info.rows $.fault.info.rows $.error.info.rows[*] $.fault.info.rows[*]"},
		{"their field", placeTexts(p, p.Common[2].Fields[0].At...), "$.error.info.rows[*].value $.fault.info.rows[*].value"},
		{"list of numbers", placeTexts(p, rows(p.Common[3])...), "$.error.info.sizes $.fault.info.sizes $.error.info.sizes[*] $.fault.info.sizes[*]"},
		{"detail with a place", placeTexts(p, p.Common[4].At...), "$.error.whole $.fault.whole"},
		{"detail of an inner error", placeTexts(p, p.Parts[0].Fields[0].At...), "$..inner.limit"},
		{"condition", []string{matchText(p, p.Tables.Entries[0].When)}, "$.error.a=1 & $.error.b=2 | $.fault.a=1 & $.error.b=2 | $.error.a=1 & $.fault.b=2 | $.fault.a=1 & $.fault.b=2"},
		{"what fails", []string{matchText(p, p.Tables.FailWhen)}, "[[200 200] [202 204]] & application/json & $.error.ok=no,false & $.done= | [[200 200] [202 204]] & application/json & $.fault.ok=no,false & $.done= | " +
			"application/json & X-State=bad~worse & no $.error.ok & no $.fault.ok & no $.error.more & no $.fault.more"},
	} {
		if have := strings.Join(c.have, " "); have != c.want {
			t.Errorf("%s: %s, want %s", c.name, have, c.want)
		}
	}
	if o := p.Tables.Override; o.Header != "X-Should-Retry" || !slices.Equal(o.Retry, []string{"true"}) || !slices.Equal(o.Stop, []string{"false", "no"}) {
		t.Errorf("override %+v", o)
	}
}

// TestNamesOfPlaces holds that each place has one constant, whose name tells it
// from all others.
func TestNamesOfPlaces(t *testing.T) {
	p := load(t, twoRoots)
	seen := map[string]bool{}
	for i, name := range p.Places[1:] {
		if seen[name] || !strings.HasPrefix(name, "at") {
			t.Errorf("%s is the name of two places, the second at %v", name, placeTexts(p, apierr.At(i+1)))
		}
		seen[name] = true
	}
	texts := placeTexts(p, apierr.At(1))
	for at := 2; at < len(p.Places); at++ {
		if text := placeTexts(p, apierr.At(at))[0]; slices.Contains(texts, text) {
			t.Errorf("%s is in the table twice", text)
		} else {
			texts = append(texts, text)
		}
	}
	for name, want := range map[string]string{
		"atWwwAuthenticateID":      "Www-Authenticate Bearer id when $.error.kind=x | $.fault.kind=x",
		"atErrorAB":                "$.error.a$.b",
		"atInnerLimit":             "$..inner.limit",
		"atFaultErrorsEachDCode":   "$.fault.errors[*].d/$.code",
		"atFaultTitleXHintFaultAb": "$.fault.title X-Hint $.fault.a$.b",
		"atFaultInfoRowsEachValue": "$.fault.info.rows[*].value",
		"atXCode":                  "X-Code",
	} {
		i := slices.Index(p.Places, name)
		if (i < 0) != (want == "") || i >= 0 && placeTexts(p, apierr.At(i))[0] != want {
			t.Errorf("%s is place %d of %v", name, i, p.Places)
		}
	}
}

// TestAbsentAtAllRoots holds that what must be absent is absent only when it is
// at none of the roots.
func TestAbsentAtAllRoots(t *testing.T) {
	p := load(t, `
envelope: {root: [$.error, $.fault]}
errors:
  - {name: None, class: invalid, when: {body: {"@.code": {present: false}}}, meaning: M}
`)
	for body, want := range map[string]string{
		`{}`: "None", `{"error":{"code":null},"fault":{}}`: "None",
		`{"error":{"code":"A"}}`: "", `{"fault":{"code":"A"}}`: "", `{"error":{"code":"A"},"fault":{"code":"B"}}`: "",
	} {
		if e := p.Tables.Decode(400, nil, []byte(body), time.Time{}); e.Entry() != want {
			t.Errorf("%s: %q, want %q", body, e.Entry(), want)
		}
	}
}

// TestValuesOfTexts holds the types whose values come in several shapes.
func TestValuesOfTexts(t *testing.T) {
	p := load(t, `
envelope: {root: [$.error, $.fault]}
details:
  texts: {body: "@.texts", type: texts}
  each: {body: "@.each", type: list, of: texts}
  flags: {body: "@.flags", type: list, of: bool}
  names: {body: "@.names", type: list, of: string}
  scopes: {body: "@.scopes", type: list, of: string, split: " "}
  roles: {header: X-Roles, type: list, of: string, split: ","}
  disk: {body: "@.parts[?@.kind=='disk'].id", type: string}
errors: []
`)
	for _, c := range []struct{ body, want string }{
		{`{"error":{"texts":"x","names":"a","scopes":"r w"}}`, `{"texts":["x"],"names":["a"],"scopes":["r","w"]}`},
		{`{"error":{"texts":["x",1],"names":["a",null,2],"scopes":["r w"]}}`, `{"texts":["x","1"],"names":["a","2"],"scopes":["r w"]}`},
		{`{"fault":{"texts":{"a":"x","b":{"c":["y"]}},"names":{},"scopes":" "}}`, `{"texts":{"a":["x"],"b.c":["y"]},"names":[],"scopes":[]}`},
		{`{"error":{"texts":[],"each":["x",{"k":["y","z"]},[]],"flags":["TRUE",false,3],"names":[]}}`, `{"texts":[],"each":[["x"],{"k":["y","z"]},[]],"flags":[true,false,null],"names":[]}`},
		{`{"error":{"texts":null,"each":null,"names":null,"scopes":null}}`, `{"texts":null,"each":null,"names":null,"scopes":null}`},
		{`{"error":{"parts":[{"kind":"fan","id":"f"},{"kind":"disk","id":"d"},{"kind":"disk","id":"e"}]}}`, `{"disk":"d"}`},
		{`{"error":{"names":["a"]},"fault":{"names":["b"],"texts":"y"}}`, `{"texts":["y"],"names":["a"]}`},
	} {
		if have := decode(p, 400, c.body); have != c.want {
			t.Errorf("%s:\nhave %s\nwant %s", c.body, have, c.want)
		}
	}
	if have, want := decode(p, 400, `{}`, "X-Roles", "admin, ops,"), `{"roles":["admin","ops"]}`; have != want {
		t.Errorf("a header: %s, want %s", have, want)
	}
}

// TestSameTexts holds how an author may write the texts that are expected.
func TestSameTexts(t *testing.T) {
	keyed := apierr.Texts{{Key: "a", Text: "x"}, {Key: "b.c", Text: "y"}, {Key: "a", Text: "z"}}
	for _, c := range []struct {
		have apierr.Texts
		want any
		same bool
	}{
		{apierr.Texts{{Text: "x"}}, "x", true},
		{apierr.Texts{{Text: "x"}}, []any{"x"}, true},
		{apierr.Texts{{Text: "x"}}, "y", false},
		{apierr.Texts{{Text: "x"}, {Text: "y"}}, "x", false},
		{apierr.Texts{{Text: "x"}, {Text: "y"}}, []any{"x", "y"}, true},
		{apierr.Texts{{Text: "x"}, {Text: "y"}}, []any{"y", "x"}, false},
		{nil, []any{}, true},
		{nil, map[string]any{}, false},
		{nil, "", false},
		{keyed, map[string]any{"a": []any{"x", "z"}, "b.c": "y"}, true},
		{keyed, map[string]any{"b.c": []any{"y"}}, true},
		{keyed, map[string]any{"a": "x"}, false},
		{keyed, map[string]any{"b": "y"}, false},
		{keyed, []any{"x", "y", "z"}, false},
		{keyed, map[string]any{}, false},
	} {
		if same(c.have, c.want) != c.same {
			t.Errorf("%v is %v: %t", c.have, c.want, !c.same)
		}
	}
}

// TestExamplesOfXML holds that an example of a catalog for XML is XML, in its
// header as well.
func TestExamplesOfXML(t *testing.T) {
	p := load(t, `
envelope: {format: xml, root: $.Error, code: "@.Code"}
errors:
  - code: A
    status: 400
    when: {media: application/xml}
    meaning: M
    examples: [{status: 400, body: <Error><Code>A</Code></Error>}]
`)
	if h := p.Errors[0].Examples[0].Header(); h.Get("Content-Type") != "application/xml" {
		t.Errorf("the header is %v", h)
	}
	if e := p.Tables.Decode(400, http.Header{"Content-Type": {"application/xml"}}, []byte(`{"Error":{"Code":"A"}}`), time.Time{}); e.Code != "" {
		t.Errorf("JSON has the code %q", e.Code)
	}
}

// TestFinalFailures holds the list of failures that are never retried to what
// a policy makes of them.
func TestFinalFailures(t *testing.T) {
	for f, err := range map[apierr.Failure]error{
		apierr.FailureOther:       errors.New("boom"),
		apierr.FailureCanceled:    context.Canceled,
		apierr.FailureScheme:      http.ErrSchemeMismatch,
		apierr.FailureDNSNotFound: &net.DNSError{IsNotFound: true},
		apierr.FailureDNS:         &net.DNSError{},
		apierr.FailureCertificate: x509.UnknownAuthorityError{},
		apierr.FailureEOF:         io.ErrUnexpectedEOF,
	} {
		if got := apierr.FailureOf(err); got != f {
			t.Fatalf("%v is %s, not %s", err, got, f)
		}
		policy := apierr.Policy{MaxRetries: 1, Failures: []apierr.Failing{{Failure: f, Outcome: apierr.Outcome{Retry: apierr.Backoff, Repeat: apierr.RepeatAny}}}}
		retried := policy.Decide(context.Background(), apierr.Attempt{Err: err}).Action == apierr.ActionRetry
		if final := slices.Contains(finalFailures, f); retried == final {
			t.Errorf("%s: retried %t, and never retried %t", f, retried, final)
		}
	}
}

// TestManyValues finds entries that claim the same by tens of thousands of
// values. It guards against comparing each value with each: that took seconds.
func TestManyValues(t *testing.T) {
	many := func(n int, format string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(parts, ", ")
	}
	for _, when := range []string{
		"{body: {$.a: [" + many(20_000, "v%d") + "]}}",
		"{body: {$.a: {contains: [" + many(20_000, "v%d") + "]}}}",
		"{media: [" + many(20_000, "a/b%d") + "]}",
		"{body: {" + many(10_000, "$.a%d: v") + "}}",
		"{header: {" + many(10_000, "X-%d: v") + "}}",
	} {
		entry := "  - {code: A, name: %s, status: 400, meaning: M, when: " + when + "}\n"
		src := "errgen: v1\nvendor: acme\ntitle: T\nsource: {document: D, checked: 2026-11-21}\nenvelope: {code: $.code}\nerrors:\n"
		_, problems := Load("a.yaml", []byte(src+fmt.Sprintf(entry, "A1")+fmt.Sprintf(entry, "A2")))
		if len(problems) != 1 || problems[0].Rule != "duplicate-code" {
			t.Errorf("%.30s: %.300v", when, problems)
		}
	}
}
