package apierr

import (
	"errors"
	"strings"
	"testing"
)

func TestParsePath(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"$", "$"},
		{"@", "@"},
		{"$.code", "$.code"},
		{"@.error.code", "@.error.code"},
		{"$.a-b_c9._x", "$.a-b_c9._x"},
		{"$.größe.名前", "$.größe.名前"},
		{"$['code']", "$.code"},
		{`$["code"]`, "$.code"},
		{"$['']", "$['']"},
		{"$['any name'].b", "$['any name'].b"},
		{"$['9a']['-b']['a.b']['[*]']", "$['9a']['-b']['a.b']['[*]']"},
		{`$['it\'s']`, `$['it\'s']`},
		{`$["it's"]`, `$['it\'s']`},
		{`$['"']`, `$['"']`},
		{`$["\""]`, `$['"']`},
		{`$['\b\f\n\r\t\/\\']`, `$['\b\f\n\r\t/\\']`},
		{`$['\u0001\u00e9\u263A']`, `$['\u0001é☺']`},
		{`$['\uD83D\uDE00']`, `$['😀']`},
		{"$[0]", "$[0]"},
		{"$[65536].x", "$[65536].x"},
		{"$[*]", "$[*]"},
		{"$.a[*].b[0][*]['c d']", "$.a[*].b[0][*]['c d']"},
		{"$" + strings.Repeat(".a", 16), "$" + strings.Repeat(".a", 16)},
		{"$.*", "$[*]"},
		{"@.a.*.b[*]", "@.a[*].b[*]"},
		{"$..a", "$..a"},
		{"$.a..['b']..['c d'][0]", "$.a..b..['c d'][0]"},
		{`$..["it's"]`, `$..['it\'s']`},
		{"$[?@.a=='b']", "$[?@.a=='b']"},
		{`$.a[?@['@type']=="b"].c`, "$.a[?@['@type']=='b'].c"},
		{`$[?@['a'][0].b["c"]=="it's ]"]`, `$[?@.a[0].b.c=='it\'s ]']`},
		{"$[?@=='']", "$[?@=='']"},
		{"$[?@==true][?@==false]", "$[?@==true][?@==false]"},
		{"$[?@.n==0][?@==-1.50e+07]", "$[?@.n==0][?@==-1.50e+07]"},
		{"$[?@==12345678901234567890]", "$[?@==12345678901234567890]"},
	} {
		p, err := ParseRelativePath(tt.in)
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		if got := p.String(); got != tt.want {
			t.Errorf("%s: canonical text %s, want %s", tt.in, got, tt.want)
		}
		if p.Relative() != (tt.in[0] == '@') {
			t.Errorf("%s: Relative() = %v", tt.in, p.Relative())
		}
		again, err := ParseRelativePath(p.String())
		if err != nil || again.String() != p.String() {
			t.Errorf("%s: %s reads as %s, %v", tt.in, p, again, err)
		}
	}
}

func TestParsePathErrors(t *testing.T) {
	for _, tt := range []struct {
		in     string
		offset int
		text   string
	}{
		{"", 0, "starts with $"},
		{"code", 0, "$.name"},
		{"@.code", 0, "start it with $"},
		{"$code", 1, "put a . before"},
		{"$.", 2, "a letter or _"},
		{"$.a.", 4, "a letter or _"},
		{"$.9a", 2, "['any name']"},
		{"$.-a", 2, "['any name']"},
		{"$.a\xff", 3, "a step starts with"},
		{"$.a b", 3, "blanks"},
		{"$ .a", 1, "blanks"},
		{"$..", 3, "a letter or _"},
		{"$..*", 3, "after .. comes a name"},
		{"$.a..[0]", 5, "after .. comes a name"},
		{"$..[*]", 3, "after .. comes a name"},
		{"$..[?@.a==1]", 3, "after .. comes a name"},
		{"$...a", 3, "after .. comes a name"},
		{"$..['a", 4, "quote is not closed"},
		{"$..['a','b']", 7, "a path for each"},
		{"$[?(@.a)]", 3, "compares a part of the element"},
		{"$[?]", 3, "compares a part of the element"},
		{"$[?'a'==@.b]", 3, "compares a part of the element"},
		{"$[?length(@.a)==1]", 3, "compares a part of the element"},
		{"$[?$.a==1]", 3, "compares a part of the element"},
		{"$[?@.a]", 6, "cannot be tested"},
		{"$[?@.a<1]", 6, "== only"},
		{"$[?@.a!='b']", 6, "== only"},
		{"$[?@.a='b']", 6, "== only"},
		{"$[?@.a", 6, "== only"},
		{"$[?@.a == 'b']", 6, "blanks"},
		{"$[?@.a== 'b']", 8, "blanks"},
		{"$[? @.a=='b']", 3, "compares a part of the element"},
		{"$[?@.a==", 8, "a value must follow"},
		{"$[?@.a==b]", 8, "in quotes"},
		{"$[?@.a==null]", 8, "true or false can be compared"},
		{"$[?@.a==@.b]", 8, "true or false can be compared"},
		{"$[?@.a==-]", 8, "no JSON number"},
		{"$[?@.a==1.]", 8, "no JSON number"},
		{"$[?@.a==01]", 9, "a ] must close"},
		{"$[?@.a==123456789012345678901]", 8, "at most 20 bytes"},
		{"$[?@.a=='b'&&@.c==1]", 11, "one condition"},
		{"$[?@.a==1||@.c==1]", 9, "one condition"},
		{"$[?@.a=='b'", 1, "not closed"},
		{"$[?@.a=='b]", 8, "quote is not closed"},
		{"$[?@.a=='b',0]", 11, "a path for each"},
		{"$[?@[*]==1]", 4, "at names and indexes only"},
		{"$[?@..a==1]", 4, "at names and indexes only"},
		{"$[?@.a[?@==1]==1]", 6, "at names and indexes only"},
		{"$[?@.a.b.c.d.e==1]", 12, "at most 4 steps"},
		{"$[?@.9==1]", 5, "['any name']"},
		{"$[", 1, "not closed"},
		{"$[0", 1, "not closed"},
		{"$[]", 2, "after [ comes"},
		{"$[code]", 2, "['name']"},
		{"$[-1]", 2, "count from the front"},
		{"$[01]", 2, "leading zeros"},
		{"$[65537]", 2, "at most 65536"},
		{"$[99999999999999999999]", 2, "at most 65536"},
		{"$[0:2]", 3, "slice"},
		{"$[:2]", 2, "slice"},
		{"$[0,1]", 3, "a path for each"},
		{"$['a','b']", 5, "a path for each"},
		{"$[0x]", 3, "a ] must close"},
		{"$['a", 2, "quote is not closed"},
		{"$['a'", 1, "add a ]"},
		{"$['a\n']", 4, `\u000a`},
		{"$['a\xff']", 4, "UTF-8"},
		{`$['\q']`, 3, "no such escape"},
		{`$['\"']`, 3, "no such escape"},
		{`$["\'"]`, 3, "no such escape"},
		{`$['\`, 3, "ends within an escape"},
		{`$['\u12']`, 3, "four hexadecimal"},
		{`$['\u+123']`, 3, "four hexadecimal"},
		{`$['\ud83d']`, 3, "both halves"},
		{`$['\ude00\ud83d']`, 3, "both halves"},
		{`$['\ud83d\u0041']`, 3, "both halves"},
		{"$" + strings.Repeat(".a", 17), 33, "at most 16 steps"},
	} {
		_, err := ParsePath(tt.in)
		var pe *PathError
		if !errors.As(err, &pe) {
			t.Errorf("%q: error %v", tt.in, err)
			continue
		}
		if pe.Path != tt.in || pe.Offset != tt.offset || !strings.Contains(pe.Text, tt.text) {
			t.Errorf("%q: %d %q, want %d %q", tt.in, pe.Offset, pe.Text, tt.offset, tt.text)
		}
	}
	_, err := ParsePath("$.a[-1]")
	const want = `path "$.a[-1]", offset 4: an index cannot be negative; count from the front, from 0`
	if err == nil || err.Error() != want {
		t.Errorf("error reads %v, want %s", err, want)
	}
}

func TestPathJoin(t *testing.T) {
	for _, tt := range []struct {
		p, rel, want string
		lists        int
	}{
		{"$", "@", "$", 0},
		{"$.errors[*]", "@.code", "$.errors[*].code", 1},
		{"@.a[*]", "@.b[*][*]", "@.a[*].b[*][*]", 3},
		{"$.a[0]", "$.b", "$.a[0].b", 0},
		{"$..a", "@[*].b[?@.c=='d']..e", "$..a[*].b[?@.c=='d']..e", 3},
	} {
		p, _ := ParseRelativePath(tt.p)
		rel, _ := ParseRelativePath(tt.rel)
		joined := p.Join(rel)
		if joined.String() != tt.want || joined.Lists() != tt.lists || joined.Relative() != p.Relative() {
			t.Errorf("%s + %s = %s with %d lists", tt.p, tt.rel, joined, joined.Lists())
		}
		if p.String() != tt.p {
			t.Errorf("Join changed %s to %s", tt.p, p)
		}
	}
}

func TestPathJoinDoesNotShare(t *testing.T) {
	p, _ := ParsePath("$.a.b.c")
	x, _ := ParseRelativePath("@.x")
	y, _ := ParseRelativePath("@.y")
	px, py := p.Join(x), p.Join(y)
	if px.String() != "$.a.b.c.x" || py.String() != "$.a.b.c.y" {
		t.Error(px, py)
	}
}

func FuzzPath(f *testing.F) {
	for _, s := range []string{"$.a[*].b", "@['x\\u0041\"']", `$["\ud83d\ude00"][0]`, "$..a", "$..['a b'].*", "$[?@.a=='b']", `$[?@['@t'][0]=="\u0041'"]`, "$[?@==-1.5e3].b", "$[?@==true]", "$['\x7f\u2028']"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParseRelativePath(s)
		if err != nil {
			var pe *PathError
			if !errors.As(err, &pe) || pe.Offset < 0 || pe.Offset > len(s) {
				t.Fatalf("%q: %#v", s, err)
			}
			return
		}
		again, err := ParseRelativePath(p.String())
		if err != nil || again.String() != p.String() || len(again.steps) != len(p.steps) {
			t.Fatalf("%q reads as %s, that as %s, %v", s, p, again, err)
		}
		for i, st := range p.steps {
			if st != again.steps[i] {
				t.Fatalf("%q: step %d is %v, then %v", s, i, st, again.steps[i])
			}
		}
	})
}
