package apierr

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// jsonSeeds are bodies that reach every branch of the scanner.
var jsonSeeds = []string{
	"", " ", "{", "}", "[", "]", `"`, "{}", "[]", " [ ] ", " { } ", "null", "true", "false", "nul", "truE", "falsey", "fals",
	"0", "-0", "-", "01", "1.", ".1", "1.5", "1e", "1e+", "1E-5", "-12.50e+03", "1.e3", "+1", "0x1", "1 2", "1,",
	`""`, `"a"`, `"\`, `"\"`, `"\\"`, `"\/\b\f\n\r\t\""`, `"\q"`, `"\u00e9"`, `"\u00g9"`, `"\u00"`, `"\uD83D\uDE00"`, `"\ud83d"`, `"\ude00\ud83d"`, `"\ud83d\u0041"`,
	"\"\xff\xfe\"", "\"a\x00b\"", "\"tab\there\"", "\"\x1f\"", "\"\x7f\"", "\xef\xbb\xbf{}", "{}\x00", "\x00", "\"12345678\x01\"", `"1234567\"9abcdef\\"`,
	`{"a":1}`, `{"a":1,}`, `{"a"}`, `{"a":}`, `{a:1}`, `{"a":1 "b":2}`, `{"a":1]`, `{,}`, `{"a" : 1 , "b"	:
2}`, `[1,]`, `[1 2]`, `[,1]`, `[1}`, `[[[]],{}]`, `[{"a":[{"b":[]}]}]`, `{"x":{"y":[1,{"z":[[]]}]}}`,
	`{"e":{"code":1},"e":{"m":2}}`, `{"e":{"code":1},"e":3}`, `{"e":3,"e":{"code":{"x":1}}}`, `{"e":null,"e":[]}`,
	`{"a":[{"x":1,"y":2},{"x":3}],"a":[{"y":4}]}`, `{"a":[{"x":1}],"a":{"x":1}}`, `{"a":[1,2,3],"a":[4]}`,
	`{"a":[{"b":[{"c":1},{"c":2}],"b":[{"d":0},{"c":3}]},{"b":[]},{"b":[{"c":{"x":1}}],"x":"in"}],"x":"out"}`,
	`{"a":[[[1,2],[3]],[[4]],5],"e":{"m":"t"}}`, `[{"code":"a","a":[{"x":7}]},{"code":"b"},3,null,"x"]`,
	`{"\u0065":{"c\u006fde":"esc\u0061ped"},"\ud800":1}`, "{\"\xff\":1,\"\ufffd\":{\"x\":2}}", "{\"\ufffd\":{\"x\":2},\"\xff\":1}",
	`{"code":"a\ud83d\ude00\ud83d","e":"` + "\xc3\x28\xff" + `"}`, `{"a\"b":1,"a b":2,"":3,"é":4}`, `{"a":1,"b":2,"":{"":5}}`,
	`{"limit":50000,"used":1e400,"code":"API_QUOTA_EXCEEDED","error":"Monthly API quota exceeded","ok":true,"no":null}`,
	string(quotaBody), string(nestedBody), strings.Repeat("[", 70) + strings.Repeat("]", 70), strings.Repeat(`{"a":[`, 70) + strings.Repeat("]}", 70),
}

// fuzzPlans are sets of paths that have something peculiar.
var fuzzPlans = [][]string{
	{"$"},
	{"$.error", "$.code", "$.limit", "$.used", "$.ok", "$.no", "$.e", "$.e.code", "$.e.m", "$.e.code.x", "$.code"},
	{"$.a[*].x", "$.a[*].y", "$.a[*]", "$.a", "$.a[0].x", "$.a[1]", "$.a.x", "$.x"},
	{"$.a[*].b[*].c", "$.a[*].b[*].c.x", "$.a[*].x", "$.a[0].b[*].c", "$.a[*].b[0].c", "$.a[1].b[1].c", "$.a[*].b[*].d", "$.a[*].b", "$.x"},
	{"$[*].code", "$[0].code", "$[*].a[*].x", "$[*]", "$[3]", "$[*][*][*]", "$[0][*]", "$[*][1]"},
	{"$.a[*][*][*]", "$.a[0][1][0]", "$.a[*][0]", "$.a[*][*]", "$.a[2]", "$.e.m"},
	{"$['a\"b']", "$['a b']", "$['']", "$['é']", "$['\ufffd']", "$['\ufffd'].x", "$[''][''].x", "$['a\":1,\"b']"},
	{"$.a.*", "$.a", "$.a.x", "$[*].x", "$[*][*]", "$[*][*].c", "$.*.m", "$.a[0]", "$[*]['']", "$[*].a[*].b[*].c"},
	{"$..a", "$..x", "$..a.x", "$..a[*]", "$.a..b", "$..['']", "$..['é']", "$..['\ufffd']", "$..['a\"b']", "$..code", "$.a[*]..c", "$..b[*].c", "$..a[0]..c", "$..message"},
	{"$..a..a", "$..a..x.y", "$..b..c", "$.a..b[*]..c", "$..a[*]..a[*]"},
	{"$.a[?@.x==1]", "$.a[?@.x==1].y", "$.a[?@.y==4].x", "$.a[?@.x=='in'].b[*].c", "$.a[0].x", "$.a[*].x", "$.a[?@==3]", "$.a[?@==4.0]", "$.a[?@[0]==4]", "$.a[?@['b'][0]['c']==1].b[*].c", "$.a[?@==1]"},
	{"$[?@.code=='a'].a[*].x", "$[?@.code=='b']", "$[?@==3]", "$[?@=='x']", "$[?@.a[0].x==7].code", "$[*].code", "$[?@==1].y", "$[?@==true]", "$[?@=='API_QUOTA_EXCEEDED']", "$[?@.x==2]", "$[?@=='a😀\ufffd']", "$[?@==0]", "$[?@==-1.25e4]"},
	{"$..a[?@.x==1].b..c", "$[*][?@.x==3].y", "$.a[?@.x=='in'][?@[0].c.x==1][*].c", "$..b[?@.c==2]", "$..errors[?@.reason=='rateLimitExceeded'].domain", "$[?@.code==403].errors[?@.domain=='usage'].reason"},
	{"$.error.code", "$.error.message", "$.error.errors[*].reason", "$.error.errors[0].domain", "$.error.errors[*].domain", "$.error.trace.spans[*]", "$.error.trace.spans[0][2]"},
}

func FuzzScanValid(f *testing.F) {
	for _, s := range jsonSeeds {
		f.Add([]byte(s))
	}
	var plans []*plan
	for _, paths := range fuzzPlans {
		plans = append(plans, mustPlan(f, pathPlaces(paths...)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		want := json.Valid(body)
		for i, p := range plans {
			s := p.getScan()
			if got := s.scan(body); got != want {
				t.Fatalf("plan %d: %v for %q, json.Valid says %v", i, got, body, want)
			}
			if !want {
				empty(t, s)
			}
			putScan(s)
		}
	})
}

func empty(t *testing.T, s *scan) {
	t.Helper()
	for i, c := range s.caps {
		if c != (capture{}) {
			t.Fatalf("an invalid body left capture %d: %v", i, c)
		}
	}
}

func FuzzScanCaptures(f *testing.F) {
	for _, s := range jsonSeeds {
		f.Add([]byte(s))
	}
	var places [][]Place
	var plans []*plan
	for _, paths := range fuzzPlans {
		places = append(places, pathPlaces(paths...))
		plans = append(plans, mustPlan(f, pathPlaces(paths...)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !json.Valid(body) {
			return
		}
		for i, p := range plans {
			compareAll(t, places[i], p, body, rawLimit)
			compareAll(t, places[i], p, body, 9)
		}
	})
}

// compare checks that what c has at a place is what steps lead to from v.
func compare(t *testing.T, c Captures, at At, steps []step, v any, ok bool) {
	t.Helper()
	for i, st := range steps {
		switch st.kind {
		case stepAll:
			compareRows(t, c, at, steps[i+1:], children(v))
			return
		case stepDeep:
			compareRows(t, c, at, steps[i+1:], deepMembers(v, st.name, maxLevels))
			return
		}
		v, ok = child(v, st)
	}
	compareValue(t, c, at, v, ok)
}

func compareRows(t *testing.T, c Captures, at At, steps []step, list []any) {
	t.Helper()
	if c.Has(at) {
		t.Fatalf("place %d is present outside of its list", at)
	}
	if c.scan.reread/maxAgain > len(c.scan.body) {
		return // rows are missing, as they should
	}
	if c.Len(at) != min(len(list), maxRows) {
		t.Fatalf("place %d: %d rows, want %d", at, c.Len(at), len(list))
	}
	n := 0
	for i, row := range c.Rows(at) {
		if i != n {
			t.Fatalf("place %d: row %d comes after %d others", at, i, n)
		}
		compare(t, row, at, steps, list[i], true)
		n++
	}
	if n != c.Len(at) {
		t.Fatalf("place %d: %d rows of %d", at, n, c.Len(at))
	}
}

func compareValue(t *testing.T, c Captures, at At, v any, ok bool) {
	t.Helper()
	if c.Len(at) != 0 {
		t.Fatalf("place %d has a list within a value", at)
	}
	text, scalar := c.text(at)
	compareRead(t, c, at, text, scalar)
	has := c.Has(at)
	if has != (v != nil) || c.Null(at) != (ok && v == nil) {
		t.Fatalf("place %d: present %v, null %v, want %v", at, has, c.Null(at), v)
	}
	if !has {
		return
	}
	raw := c.JSON(at)
	if got := decodeAny(t, raw); !reflect.DeepEqual(got, v) {
		t.Fatalf("place %d: %s, want %v", at, raw, v)
	}
	switch v := v.(type) {
	case string:
		same(t, at, text, v, scalar)
	case json.Number:
		same(t, at, text, v.String(), scalar)
	case bool:
		same(t, at, text, map[bool]string{true: "true", false: "false"}[v], scalar)
	default:
		if scalar {
			t.Fatalf("place %d: %v has the text %q", at, v, text)
		}
	}
}

func same(t *testing.T, at At, text, want string, ok bool) {
	t.Helper()
	if text != want || !ok {
		t.Fatalf("place %d: %q, %v, want %q", at, text, ok, want)
	}
}
