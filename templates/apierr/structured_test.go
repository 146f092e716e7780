package apierr

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// read writes a field's members as this package understands them: of each the
// key, the type, the text and the parameters. It is "bad" for what is no field.
func read(r memberReader, ok bool) string {
	if !ok {
		return "bad"
	}
	var members []string
	for r.next() {
		text, _ := r.value.text()
		member := fmt.Sprintf("%s%d:%s", r.key, r.value.kind, text)
		for rest := r.params; rest != ""; {
			var key string
			var value bareItem
			key, value, rest, _ = readParam(rest)
			text, _ := value.text()
			member += fmt.Sprintf(";%s=%d:%s", key, value.kind, text)
		}
		members = append(members, member)
	}
	return strings.Join(members, "|")
}

var listCases = []struct{ field, want string }{
	// Lists and what is between their members.
	{"", ""},
	{"   ", ""},
	{"\t", "bad"},
	{"a", "4:a"},
	{"  a  ", "4:a"},
	{"a,b", "4:a|4:b"},
	{"a \t, \t b", "4:a|4:b"},
	{"a\t", "4:a"},
	{"\ta", "bad"},
	{"a b", "bad"},
	{"a,", "bad"},
	{"a, ", "bad"},
	{",a", "bad"},
	{"a,,b", "bad"},
	{"a=b", "bad"},
	{"a\n,b", "bad"},
	// Integers and Decimals.
	{"0, -0, 007", "1:0|1:-0|1:007"},
	{"999999999999999, -999999999999999", "1:999999999999999|1:-999999999999999"},
	{"1000000000000000", "bad"},
	{"0000000000000001", "bad"},
	{"-", "bad"},
	{"--1", "bad"},
	{"+1", "bad"},
	{"- 1", "bad"},
	{"1.5, -0.125, 00.0", "2:1.5|2:-0.125|2:00.0"},
	{"999999999999.999", "2:999999999999.999"},
	{"9999999999999.9", "bad"},
	{"1.2345", "bad"},
	{"1.", "bad"},
	{".5", "bad"},
	{"1.2.3", "bad"},
	{"1e3", "bad"},
	{"0x10", "bad"},
	{"NaN", "4:NaN"},
	// Strings.
	{`""`, "3:"},
	{`"a b,;=()"`, "3:a b,;=()"},
	{`"a\"b\\c"`, `3:a"b\c`},
	{`"\\\\", "\"\""`, `3:\\|3:""`},
	{`"a\n"`, "bad"},
	{`"a`, "bad"},
	{`"a\`, "bad"},
	{`"a\"`, "bad"},
	{`'a'`, "bad"},
	{"\"a\x7f\"", "bad"},
	{"\"a\x1f\"", "bad"},
	{"\"é\"", "bad"},
	{`"a""b"`, "bad"},
	// Tokens.
	{"*, *a, a*, aZ09!#$%&'*+-.^_`|~:/", "4:*|4:*a|4:a*|4:aZ09!#$%&'*+-.^_`|~:/"},
	{"https://example.com/a", "4:https://example.com/a"},
	{"a@b", "bad"},
	{"_a", "bad"},
	{"é", "bad"},
	// Byte Sequences: padding may be missing.
	{"::, :aGk=:, :aGk:, :aA==:, :aGlq:", "5:|5:aGk=|5:aGk|5:aA==|5:aGlq"},
	{":aGk==:", "bad"},
	{":aA=:", "bad"},
	{":aG=k:", "bad"},
	{":a:", "bad"},
	{":====:", "bad"},
	{":a-_:", "bad"},
	{":aG k:", "bad"},
	{":aGk=", "bad"},
	// Booleans.
	{"?0, ?1", "6:false|6:true"},
	{"?", "bad"},
	{"?2", "bad"},
	{"?true", "bad"},
	{"?10", "bad"},
	// Dates.
	{"@0, @-1, @1659578233", "7:0|7:-1|7:1659578233"},
	{"@1.5", "bad"},
	{"@", "bad"},
	{"@ 1", "bad"},
	// Display Strings.
	{`%"", %"a b", %"f%c3%bc", %"%25%22\"`, "8:|8:a b|8:fü|8:%\"\\"},
	{`%"%C3%BC"`, "bad"},
	{`%"%c3"`, "bad"},
	{`%"%c"`, "bad"},
	{`%"%"`, "bad"},
	{`%"%`, "bad"},
	{`%"ü"`, "bad"},
	{`%a`, "bad"},
	{`%"a`, "bad"},
	// Parameters.
	{"a;b", "4:a;b=6:true"},
	{"a;b;c=1;*d=?0", "4:a;b=6:true;c=1:1;*d=6:false"},
	{"a; b=1;  c", "4:a;b=1:1;c=6:true"},
	{"a;b=1;b=2", "4:a;b=1:1;b=1:2"},
	{"a;b_-.*9=x", "4:a;b_-.*9=4:x"},
	{`a;b="c;d,e", f;g=:aA==:`, "4:a;b=3:c;d,e|4:f;g=5:aA=="},
	{"a ;b", "bad"},
	{"a;\tb", "bad"},
	{"a;b =1", "bad"},
	{"a;b= 1", "bad"},
	{"a;B=1", "bad"},
	{"a;1=1", "bad"},
	{"a;-b=1", "bad"},
	{"a;=1", "bad"},
	{"a;b=", "bad"},
	{"a;", "bad"},
	{"a;b=(1)", "bad"},
	// Inner lists.
	{"()", "0:"},
	{"(  )", "0:"},
	{`(a "b"   3), c`, "0:|4:c"},
	{`( a;x=1  b );y="z"`, "0:;y=3:z"},
	{"(a", "bad"},
	{"(", "bad"},
	{"(a,b)", "bad"},
	{`("a""b")`, "bad"},
	{"(a\tb)", "bad"},
	{"(a(b))", "bad"},
	{"((a))", "bad"},
	{"(a;)", "bad"},
	{")", "bad"},
}

var dictionaryCases = []struct{ field, want string }{
	{"", ""},
	{"a", "a6:true"},
	{"a=1, b=2.5", "a1:1|b2:2.5"},
	{"a;x=1, b=?0;y", "a6:true;x=1:1|b6:false;y=6:true"},
	{"a=(1 2);x, *b=*", "a0:;x=6:true|*b4:*"},
	{"a=1,a=2", "a1:1|a1:2"},
	{`a="b=c, d"`, "a3:b=c, d"},
	{"a =1", "bad"},
	{"a= 1", "bad"},
	{"a=", "bad"},
	{"=1", "bad"},
	{"A=1", "bad"},
	{"1=1", "bad"},
	{`"a"=1`, "bad"},
	{"a=1,", "bad"},
	{"a=1;", "bad"},
	{"a=1 b=2", "bad"},
	{"a,(b)", "bad"},
}

// TestStructuredFields goes through the rules of RFC 9651, section 4.2.
func TestStructuredFields(t *testing.T) {
	for _, tt := range listCases {
		if got := read(readList(tt.field)); got != tt.want {
			t.Errorf("the List %q is %q, want %q", tt.field, got, tt.want)
		}
	}
	for _, tt := range dictionaryCases {
		if got := read(readDictionary(tt.field)); got != tt.want {
			t.Errorf("the Dictionary %q is %q, want %q", tt.field, got, tt.want)
		}
	}
}

// TestStructuredLimits holds that what RFC 9651, section 3, asks parsers to
// read is read, and that a field beyond the limit is not.
func TestStructuredLimits(t *testing.T) {
	for name, field := range map[string]string{
		"1024 members":              strings.Repeat("a,", 1023) + "a",
		"256 items in a list":       "(" + strings.Repeat("a ", 256) + ")",
		"256 parameters":            "a" + strings.Repeat(";p", 256),
		"a key of 64 bytes":         "a;" + strings.Repeat("k", 64),
		"a String of 1024 bytes":    `"` + strings.Repeat("s", 1024) + `"`,
		"a Token of 512 bytes":      strings.Repeat("t", 512),
		"Base64 of 16384 bytes":     ":" + strings.Repeat("AAAA", 16384/3) + "AA==:",
		"as long as a field may be": strings.Repeat("t", maxField-len(", ")),
	} {
		if line, ok := joinLines([]string{field}); !ok || line != field {
			t.Errorf("%s: too long", name)
		}
		if _, ok := readList(field); !ok {
			t.Errorf("%s: no List", name)
		}
	}
	if _, ok := listText([]string{strings.Repeat("t", maxField)}, anyItem, ""); ok {
		t.Error("a field of any length is read")
	}
	if _, ok := listText(make([]string, maxField), anyItem, ""); ok {
		t.Error("a field of any number of lines is read")
	}
}

// TestPartsOfFields holds what a place in a structured field has.
func TestPartsOfFields(t *testing.T) {
	for _, tt := range []struct {
		lines            string // separated by newlines
		item, key, param string
		want             string
		ok               bool
	}{
		{`"default";r=50;t=30`, "default", "", "r", "50", true},
		{`default;r=50;t=30`, "default", "", "t", "30", true},
		{`"a";r=1, "b";r=2`, "b", "", "r", "2", true},
		{`"a";r=1, "b";t=2`, "*", "", "t", "2", true},
		{`"a";r=1, "a";t=2`, "a", "", "t", "2", true},
		{`"a";r=1;r=2`, "a", "", "r", "2", true},
		{"\"a\";r=1\n\"b\";r=2", "b", "", "r", "2", true},
		{`"a";r=1, "b"`, "b", "", "", "b", true},
		{`100, 100;w=60`, "*", "", "", "100", true},
		{`100;w=60`, "100", "", "w", "60", true},
		{`(a b);r=3, c`, "*", "", "r", "3", true},
		{`(a b);r=3, c`, "*", "", "", "c", true},
		{`a;x`, "a", "", "x", "true", true},
		{`"q\"d";pk=:aA==:`, `q"d`, "", "pk", "aA==", true},
		{`a;until=@1710000000`, "a", "", "until", "1710000000", true},
		{`"a";r=1`, "A", "", "r", "", false},
		{`"a";r=1`, "a", "", "t", "", false},
		{`"a";r=1, "b`, "a", "", "r", "", false},
		{"\"a\";r=1\n\"b", "a", "", "r", "", false},
		{`limit=100, remaining=50`, "limit", "", "", "", false},
		{`limit=100, remaining=50`, "", "remaining", "", "50", true},
		{"limit=100\nremaining=50", "", "remaining", "", "50", true},
		{`u=3, i`, "", "i", "", "true", true},
		{`u=3;x=7, i`, "", "u", "x", "7", true},
		{`u=3, u=5`, "", "u", "", "5", true},
		{`u=3, u=(a)`, "", "u", "", "", false},
		{`u=3, U=5`, "", "u", "", "", false},
		{`"default";r=50`, "", "default", "", "", false},
		{``, "", "a", "", "", false},
		{``, "*", "", "", "", false},
	} {
		place := Place{Header: "X-Field", Item: tt.item, Key: tt.key, Param: tt.param}
		got, ok := place.header(map[string][]string{"X-Field": strings.Split(tt.lines, "\n")})
		if got != tt.want || ok != tt.ok {
			t.Errorf("%+v of %q is %q, %v; want %q, %v", place, tt.lines, got, ok, tt.want, tt.ok)
		}
	}
	for _, place := range []Place{{Header: "X-Field", Item: "*"}, {Header: "X-Field", Key: "a"}, {Header: "X-Field", Lines: true}} {
		if got, ok := place.header(nil); ok {
			t.Errorf("%+v of no header is %q", place, got)
		}
	}
}

// TestFieldsDoNotAllocate holds that a field in one line is read without copies.
func TestFieldsDoNotAllocate(t *testing.T) {
	lines := []string{`"default";r=0;t=30, (a "b");pk=:aGk=:, daily;r=7;t=3600`}
	if n := testing.AllocsPerRun(100, func() {
		if got, ok := listText(lines, "daily", "t"); got != "3600" || !ok {
			t.Fatalf("%q, %v", got, ok)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzStructuredFields: whatever a server sends, the readers come to an end and
// find parts of it; blanks around it change nothing, and the same again after
// a comma is the same again.
func FuzzStructuredFields(f *testing.F) {
	for _, tt := range listCases {
		f.Add(tt.field)
	}
	for _, tt := range dictionaryCases {
		f.Add(tt.field)
	}
	f.Add(`"a";r=0;t=5;q=7;w=9, b;r=1;q=9223372036854775807`)
	f.Add("limit=1, remaining=0, reset=5")
	catalog := &Catalog{Limits: []Window{{Name: "requests", Header: "Ratelimit"}}}
	now := time.Unix(1_710_000_000, 0)
	f.Add(strings.Repeat("(a ", 2000))
	f.Add(strings.Repeat(`a;b="`, 2000))
	f.Fuzz(func(t *testing.T, field string) {
		for _, readAs := range []func(string) (memberReader, bool){readList, readDictionary} {
			r, ok := readAs(field)
			if text, padded := read(r, ok), read(readAs("  "+field+" ")); text != padded {
				t.Errorf("%q is %q, and %q between blanks", field, text, padded)
			}
			if !ok {
				continue
			}
			if twice := read(readAs(field + ", " + field)); r.rest != "" && twice != read(r, ok)+"|"+read(r, ok) {
				t.Errorf("%q twice is %q", field, twice)
			}
			for members := 0; r.next(); members++ {
				if members > len(field) || !strings.Contains(field, r.value.raw) && r.value != implied || !strings.Contains(field, r.params) {
					t.Fatalf("%q has the member %q with %q", field, r.value.raw, r.params)
				}
			}
			if r.bad || r.rest != "" {
				t.Errorf("%q is well formed and stops before %q", field, r.rest)
			}
		}
		if wait, ok := exhausted(field); wait < 0 || !ok && wait != 0 {
			t.Errorf("%q asks for %v, %v", field, wait, ok)
		}
		limits := catalog.RateLimits(map[string][]string{"Ratelimit": {field}, "Ratelimit-Policy": {field}}, now)
		for i := range limits {
			if l := &limits[i]; l.Limit < 0 && l.Remaining < 0 && l.ResetAt.IsZero() || l.Window < 0 || !l.ResetAt.IsZero() && l.ResetAt.Before(now) || i >= maxWindows {
				t.Errorf("%q has the window %+v", field, l)
			}
		}
	})
}
