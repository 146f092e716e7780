package apierr

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

var textPlaces = []Place{
	{},
	{Path: "$.s"},
	{Path: "$.n"},
	{Path: "$.b"},
	{Path: "$.null"},
	{Path: "$.o"},
	{Path: "$.a"},
	{Header: "X-Code"},
	{Header: "X-None"},
	{Path: "$.uri", After: "errors/"},
	{Path: "$.uri", Before: "#"},
	{Path: "$.uri", After: "errors/", Before: "#"},
	{Path: "$.s", After: "nowhere"},
	{Header: "X-Code", After: "-", Before: "-"},
	{Path: "$.none"},
	{Path: "$.n", Before: "."},
}

func textCaptures(t testing.TB) Captures {
	t.Helper()
	const body = `{"s":"a\"\u00e9\ud83d\ude00\ud83d","n":12.50,"b":true,"null":null,` +
		`"o":{"x":[ 1]},"a":[1,"\u0041"],"uri":"https://x/errors/low#1#2"}`
	c := scanned(t, textPlaces, body)
	c.scan.header = http.Header{"X-Code": {"  \tE-404-x", "second"}, "X-Empty": nil}
	return c
}

func TestText(t *testing.T) {
	c := textCaptures(t)
	for _, tt := range []struct {
		at   At
		text string
		has  bool
	}{
		{0, "", false},
		{1, "a\"é😀\ufffd", true},
		{2, "12.50", true},
		{3, "true", true},
		{4, "", false},
		{5, "", true},
		{6, "", true},
		{7, "E-404-x", true},
		{8, "", false},
		{9, "low#1#2", true},
		{10, "https://x/errors/low", true},
		{11, "low", true},
		{12, "", false},
		{13, "404", true},
		{14, "", false},
		{15, "12", true},
		{999, "", false},
	} {
		text, ok := c.text(tt.at)
		if text != tt.text || ok != (tt.text != "") {
			t.Errorf("place %d: %q, %v", tt.at, text, ok)
		}
		if c.Has(tt.at) != tt.has || c.String(tt.at) != text {
			t.Errorf("place %d: Has %v, String %q", tt.at, c.Has(tt.at), c.String(tt.at))
		}
		if c.Null(tt.at) != (tt.at == 4) {
			t.Errorf("place %d: Null %v", tt.at, c.Null(tt.at))
		}
	}
}

func TestFirstPresentWins(t *testing.T) {
	c := textCaptures(t)
	if got := c.String(4, 14, 8, 12, 13, 1); got != "404" {
		t.Errorf("String %q", got)
	}
	if !c.Has(4, 3) || c.Has(4, 14) || c.Has() {
		t.Error("Has")
	}
	if c.Int(14, 13) != 404 || c.Float(4, 2) != 12.5 || !c.Bool(14, 3) {
		t.Errorf("Int %d, Float %v, Bool %v", c.Int(14, 13), c.Float(4, 2), c.Bool(14, 3))
	}
	if c.Int(1, 5, 2, 15) != 12 || c.Float(6, 1, 2) != 12.5 || !c.Bool(1, 2, 3) {
		t.Error("a present place without such a value keeps the next from counting")
	}
	if got := c.String(5, 6, 2); got != "12.50" {
		t.Errorf("an object has the text %q", got)
	}
}

func TestJSON(t *testing.T) {
	c := textCaptures(t)
	for at, want := range map[At]string{
		0: "", 1: `"a\"\u00e9\ud83d\ude00\ud83d"`, 2: "12.50", 3: "true", 4: "", 5: `{"x":[ 1]}`,
		7: `"E-404-x"`, 8: "", 9: `"low#1#2"`, 15: `"12"`,
	} {
		if got := c.JSON(at); string(got) != want || (got == nil) != (want == "") {
			t.Errorf("place %d: %s, want %s", at, got, want)
		}
	}
	if got := c.JSON(4, 14, 3); string(got) != "true" {
		t.Errorf("first present: %s", got)
	}
	got := c.JSON(5)
	c.scan.body[len(`{"s":"a\"\u00e9\ud83d\ude00\ud83d","n":12.50,"b":true,"null":null,"o":{"x":[ `)] = '7'
	if string(got) != `{"x":[ 1]}` {
		t.Errorf("JSON is no copy: %s", got)
	}
}

func TestAppendJSONString(t *testing.T) {
	for _, s := range []string{"", "plain", "a\"b\\c", "\x00\x1f\n\u007f", "é😀\u2028", "<&>", "\xff\xfe"} {
		got := appendJSONString(nil, s)
		var back string
		if err := json.Unmarshal(got, &back); err != nil || back != string([]rune(s)) {
			t.Errorf("%q: %s reads as %q, %v", s, got, back, err)
		}
	}
}

func TestZeroCaptures(t *testing.T) {
	unscanned := mustPlan(t, textPlaces).newScan().captures("", 0, http.Header{"X-Code": {"a-5-b"}})
	if unscanned.Int(13) != 5 || unscanned.String(1) != "" || unscanned.JSON(1) != nil {
		t.Error("headers of a response without a scanned body")
	}
	for _, c := range []Captures{{}, unscanned} {
		if c.Has(1) || c.Null(1) || c.Len(1) != 0 || c.JSON(14) != nil {
			t.Error("captures out of nothing")
		}
		for range c.Rows(1) {
			t.Error("rows out of nothing")
		}
	}
}

func TestTextBeyondRaw(t *testing.T) {
	long := strings.Repeat("x", rawLimit)
	c := scanned(t, pathPlaces("$.a", "$.b", "$.c", "$.d[0]"), `{"a":"in","b":"`+long+`","c":"be`+"\xff"+`yond","d":["`+"\xff"+`\n"]}`)
	if c.String(1) != "in" || c.String(2) != long || c.String(3) != "be\ufffdyond" || c.String(4) != "\ufffd\n" {
		t.Errorf("%q %.9q %q %q", c.String(1), c.String(2), c.String(3), c.String(4))
	}
}

func TestRows(t *testing.T) {
	places := pathPlaces("$.a[*].b[*].c", "$.a[*].n", "$.x", "$.z[*]", "$.a[1].n", "$.a[*]")
	c := scanned(t, places, `{"a":[{"n":1,"b":[{"c":"p"},{"c":"q"}]},{"n":2},{"b":[{"c":null}]}],"x":"out","z":[5,null]}`)
	var got []string
	for i, a := range c.Rows(1) {
		got = append(got, "a"+a.String(2)+a.String(3)+string(rune('0'+i)))
		for _, b := range a.Rows(1) {
			got = append(got, b.String(1)+b.String(2)+b.String(3)+b.String(5))
			if b.Len(1) != 0 || b.Len(2) != 0 || b.Len(4) != 2 {
				t.Errorf("lists of an inner row: %d %d %d", b.Len(1), b.Len(2), b.Len(4))
			}
		}
		if a.Has(4) {
			t.Error("a row of one list has an element of another")
		}
	}
	if s := strings.Join(got, " "); s != "a1out0 p1out2 q1out2 a2out1 aout2 out2" {
		t.Errorf("rows %s", s)
	}
	if c.Len(1) != 3 || c.Len(2) != 3 || c.Len(6) != 3 || c.Len(4) != 2 || c.Len(3) != 0 || c.Len(0) != 0 {
		t.Error("lengths")
	}
	if c.Has(1) || c.Has(2) || c.Has(6) {
		t.Error("a place in a list is present outside of it")
	}
	for i := range c.Rows(4) {
		if i > 0 {
			t.Error("a loop goes on after break")
		}
		break
	}
}

func TestCapturesDoNotAllocate(t *testing.T) {
	places := append(pathPlaces("$.code", "$.limit", "$.ok", "$.l[*].x"), Place{Header: "X-Code"})
	c := scanned(t, places, `{"code":"A","limit":"50","ok":true,"l":[{"x":1},{"x":2}]}`)
	c.scan.header = http.Header{"X-Code": {"h"}}
	var n int64
	allocs := testing.AllocsPerRun(100, func() {
		n += int64(len(c.String(4, 1))) + c.Int(5, 2) + int64(c.Float(2))
		if c.Bool(3) && c.Has(5) {
			n += int64(len(c.String(5)))
		}
		for _, row := range c.Rows(4) {
			n += row.Int(4)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// TestCopiesStay shows that no copy of a text is written over by a later one,
// whatever their lengths are.
func TestCopiesStay(t *testing.T) {
	var s scan
	var copies []string
	text := func(i int) []byte { return bytes.Repeat([]byte{byte('a' + i%26)}, i*37%(2*shortBytes)) }
	for i := range 1000 {
		source := text(i)
		copies = append(copies, s.keep(source))
		clear(source) // it is the caller's again
	}
	for i, got := range copies {
		if got != string(text(i)) {
			t.Fatalf("copy %d is %q", i, got)
		}
	}
	if n := testing.AllocsPerRun(100, func() { s.keep(text(1)) }); n > 1 {
		t.Errorf("%v allocations for a text and its copy", n)
	}
}
