package spec

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const everyType = `
envelope: {code: $.code, details: $.d}
details:
  s: string
  i: int
  n: number
  b: bool
  wait: {type: duration, unit: s}
  at: {type: time, unit: unix}
  raw: any
  who: {type: object, of: {name: string, home: {type: object, of: {zip: string}}}}
  ids: {type: list, of: int}
  names: {type: list, of: string}
  raws: {type: list, of: any}
  errors: {type: list, of: {field: string, waits: {type: list, of: {w: {type: duration, unit: ms}}}}}
  h: {header: X-Trace, after: "id=", before: ";", type: string}
  hn: {header: X-Count, type: int}
errors: []
`

// TestValues decodes details of every type, and what a vendor may send in the
// place of each.
func TestValues(t *testing.T) {
	p := load(t, everyType)
	for _, c := range []struct{ name, body, want string }{
		{"nothing", ``, `{}`},
		{"no object", `{"d":7}`, `{}`},
		{"absent", `{"d":{}}`, `{}`},
		{
			"null", `{"d":{"s":null,"i":null,"at":null,"who":null,"ids":null,"raw":null,"h":null}}`,
			`{"s":null,"i":null,"at":null,"raw":null,"who":null,"ids":null}`,
		},
		{"empty", `{"d":{"s":"","who":{},"ids":[],"errors":[]}}`, `{"s":"","who":{},"ids":[],"errors":[]}`},
		{
			"scalars", `{"d":{"s":"x","i":7,"n":1.5,"b":true,"wait":1.5,"at":1710000000}}`,
			`{"s":"x","i":7,"n":1.5,"b":true,"wait":"1.5s","at":"2024-03-09T16:00:00Z"}`,
		},
		{
			"as text", `{"d":{"s":7,"i":"7","n":"1.5","b":"True","wait":"90","at":"1710000000.25"}}`,
			`{"s":"7","i":7,"n":1.5,"b":true,"wait":"1m30s","at":"2024-03-09T16:00:00.25Z"}`,
		},
		{
			"unreadable", `{"d":{"i":"x","n":"x","b":"x","wait":"x","at":"x"}}`,
			`{}`,
		},
		{"empty texts", `{"d":{"i":"","n":"","b":"","wait":"","at":"","who":"","ids":["",1],"names":"","raw":""}}`, `{"raw":"","who":{},"ids":[null,1],"names":[""]}`},
		{"any", `{"d":{"raw":{"a":[1,null],"<":"&"}}}`, `{"raw":{"a":[1,null],"<":"&"}}`},
		{"object", `{"d":{"who":{"name":"x","home":{"zip":"1","more":2}}}}`, `{"who":{"name":"x","home":{"zip":"1"}}}`},
		{"object with null inside", `{"d":{"who":{"name":null,"home":null}}}`, `{"who":{"name":null,"home":null}}`},
		{"scalar for an object", `{"d":{"who":"x"}}`, `{}`},
		{
			"lists of scalars", `{"d":{"ids":[1,"2",3.0],"names":["a",7,null,true],"raws":[{"a":1},null,"x"]}}`,
			`{"ids":[1,2,3],"names":["a","7","true"],"raws":[{"a":1},null,"x"]}`,
		},
		{"scalar for a list", `{"d":{"ids":7}}`, `{}`},
		{
			"list of objects", `{"d":{"errors":[{"field":"a","waits":[{"w":5},{}]},{"field":null},{},7,null,{"waits":[{"w":60000}]}]}}`,
			`{"errors":[{"field":"a","waits":[{"w":"5ms"},{}]},{"field":null},{},null,{},{"waits":[{"w":"1m0s"}]}]}`,
		},
	} {
		if have := decode(p, 400, c.body); have != c.want {
			t.Errorf("%s:\nhave %s\nwant %s", c.name, have, c.want)
		}
	}
	if have, want := decode(p, 400, `{}`, "X-Trace", "v=1 id=abc;x", "X-Count", "7"), `{"h":"abc","hn":7}`; have != want {
		t.Errorf("headers: %s, want %s", have, want)
	}
	if have, want := decode(p, 400, `{}`, "X-Trace", "v=1"), `{}`; have != want {
		t.Errorf("a header without the mark: %s, want %s", have, want)
	}
}

// TestUnreadable holds which values are none of their details' types, and that
// what generated code reads, and what is not there, is not among them.
func TestUnreadable(t *testing.T) {
	p := load(t, everyType)
	for _, c := range []struct{ body, want string }{
		{`{"d":{"s":"","i":0,"n":0,"b":false,"wait":0,"at":978307200,"who":{},"ids":[],"names":[],"errors":{}}}`, ``},
		{`{"d":{"s":null,"i":null,"at":null,"who":null,"ids":[null],"names":[null],"errors":[null]}}`, ``},
		{`{"d":{"i":"","n":"","b":"","wait":"","at":"","who":"","ids":"","names":"","errors":["",{"waits":""}]}}`, ``},
		{`{"d":{"i":"7","n":" 7","b":"TRUE","wait":"7","names":"a","who":[],"raw":{},"raws":[1]}}`, ``},
		{`{"d":{"i":1.5,"n":1e999,"b":1,"wait":-1,"at":0}}`, `i 1.5 no integer, n 1e999 no number, b 1 neither true nor false, wait -1 no duration in the unit s, at 0 no time in the unit unix`},
		{`{"d":{"s":{},"i":[1],"b":{"a":1}}}`, `s {} no text, i [1] no integer, b {"a":1} neither true nor false`},
		{`{"d":{"who":"x","ids":"soon","names":{"a":1},"errors":7}}`, `who "x" no object, ids "soon" no list, names {"a":1} no list, errors 7 no list`},
		{`{"d":{"who":["x"],"names":[{"a":1}]}}`, `who ["x"] no object, names [{"a":1}] no list`},
		{`{"d":{"who":{"name":["x"],"home":"x"},"ids":[1,"x",null]}}`, `who.name ["x"] no text, who.home "x" no object, ids.1 "x" no integer`},
		{`{"d":{"errors":[{"field":"a"},"x",{"waits":[{"w":1},{"w":"x"}]}]}}`, `errors.1 "x" no object, errors.2.waits.1.w "x" no duration in the unit ms`},
		{`{"d":{"errors":{"a":{"field":"x"},"b":{"field":[]}}}}`, `errors.1.field [] no text`},
	} {
		e := p.Tables.Decode(400, http.Header{}, []byte(c.body), time.Time{})
		var found []string
		for _, d := range details(e).Unreadable() {
			bad := d.Value.(Unreadable)
			found = append(found, fmt.Sprintf("%s %s %s", d.Name, bad.JSON, bad))
		}
		if have := strings.Join(found, ", "); have != c.want {
			t.Errorf("%s:\nhave %s\nwant %s", c.body, have, c.want)
		}
	}
	e := p.Tables.Decode(400, http.Header{"X-Count": {"many"}, "X-Trace": {"id="}}, nil, time.Time{})
	if bad := details(e).Unreadable(); len(bad) != 1 || bad[0].Name != "hn" || string(bad[0].Value.(Unreadable).JSON) != `"many"` {
		t.Errorf("headers: %v", bad)
	}
}

// TestUnreadableOfSeveral holds that a detail in several places is unreadable
// only when none of them has it, and that a list or an object at one of them is
// something else.
func TestUnreadableOfSeveral(t *testing.T) {
	p := load(t, `
envelope: {code: $.code}
details:
  id: {type: int, from: [$.id, $.key, {header: X-Id}]}
  errors: {type: list, body: $.errors, of: {text: {type: string, from: ["@.text", "@"]}}}
errors: []
`)
	for _, c := range []struct {
		body string
		want int
	}{
		{`{"id":"x"}`, 1},
		{`{"id":"x","key":"y"}`, 1},
		{`{"id":"x","key":7}`, 0},
		{`{"id":null,"key":"x"}`, 1},
		{`{"id":"","key":"x"}`, 1},
		{`{"id":{"n":1}}`, 0},
		{`{"id":{"n":1},"key":"x"}`, 1},
		{`{"errors":[{"field":"a"},"y",{"text":"z"},["a"]]}`, 1}, // the list
	} {
		e := p.Tables.Decode(400, http.Header{}, []byte(c.body), time.Time{})
		if bad := details(e).Unreadable(); len(bad) != c.want {
			t.Errorf("%s: %v", c.body, bad)
		}
	}
}

// TestValuesOfEntry holds that an entry's own details follow the common ones,
// and that they are there only when the entry claims the error.
func TestValuesOfEntry(t *testing.T) {
	p := load(t, `
envelope: {code: $.code}
details: {trace: string}
errors:
  - {code: LIMITED, status: 429, details: {limit: int}, meaning: M}
  - {code: PLAIN, status: 400, meaning: M}
`)
	for body, want := range map[string]string{
		`{"code":"LIMITED","limit":5,"trace":"t"}`: `{"trace":"t","limit":5}`,
		`{"code":"PLAIN","limit":5,"trace":"t"}`:   `{"trace":"t"}`,
		`{"code":"OTHER","limit":5,"trace":"t"}`:   `{"trace":"t"}`,
	} {
		if have := decode(p, 429, body); have != want {
			t.Errorf("%s: %s, want %s", body, have, want)
		}
	}
}

func TestValuesGet(t *testing.T) {
	v := Values{{"a", nil}, {"b", int64(7)}}
	if a, ok := v.Get("a"); a != nil || !ok {
		t.Errorf("null is %v, %t", a, ok)
	}
	if b, ok := v.Get("b"); b != int64(7) || !ok {
		t.Errorf("b is %v, %t", b, ok)
	}
	if _, ok := v.Get("c"); ok {
		t.Error("c is there")
	}
}

// TestValuesJSON holds that durations and instants are text in lists as well.
func TestValuesJSON(t *testing.T) {
	v := Values{{"a", []any{time.Minute, []any{time.Unix(0, 0).UTC()}, Values{{"b", time.Second}}}}}
	b, err := json.Marshal(v)
	if want := `{"a":["1m0s",["1970-01-01T00:00:00Z"],{"b":"1s"}]}`; err != nil || string(b) != want {
		t.Errorf("%s, %v, want %s", b, err, want)
	}
}

// TestFormerAnchors holds the fragments of an entry's earlier names.
func TestFormerAnchors(t *testing.T) {
	e := Entry{RenamedFrom: []string{"TooFast", "APIBusy"}}
	if have := e.FormerAnchors(); !slices.Equal(have, []string{"too-fast", "api-busy"}) {
		t.Errorf("%q", have)
	}
}

// TestFrom holds that a detail may be in one of several places, in a list's
// elements as well: here objects by turns with plain texts.
func TestFrom(t *testing.T) {
	p := load(t, `
envelope: {code: $.code}
details:
  id: {type: int, from: [$.id, {header: X-Id}]}
  errors: {type: list, from: [$.errors, $.error.errors], of: {field: string, text: {type: string, from: ["@.text", "@"]}}}
errors: []
`)
	for _, c := range []struct{ body, want string }{
		{`{"id":1,"errors":[{"field":"a","text":"x"},"y",{"field":"b"}]}`, `{"id":1,"errors":[{"field":"a","text":"x"},{"text":"y"},{"field":"b"}]}`},
		{`{"error":{"errors":["z"]}}`, `{"id":2,"errors":[{"text":"z"}]}`},
		{`{"errors":[],"error":{"errors":["z"]}}`, `{"id":2,"errors":[]}`},
	} {
		if have := decode(p, 400, c.body, "X-Id", "2"); have != c.want {
			t.Errorf("%s decodes to %s, want %s", c.body, have, c.want)
		}
	}
}
