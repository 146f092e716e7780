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
		{"$..a", 1, ".. is not supported"},
		{"$.a..b", 3, ".. is not supported"},
		{"$.*", 1, "write [*]"},
		{"$.a[?@.name=='x']", 4, "filter is not supported"},
		{"$[?(@.a)]", 2, "filter is not supported"},
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
	_, err := ParsePath("$.a..b")
	const want = `path "$.a..b", offset 3: the descendant step .. is not supported; write every step from the root`
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
	for _, s := range []string{"$.a[*].b", "@['x\\u0041\"']", `$["\ud83d\ude00"][0]`, "$..a", "$[?@.a=='b']", "$['\x7f\u2028']"} {
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
