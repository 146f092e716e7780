package gen

import (
	"strings"
	"testing"
)

func TestProse(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"Wait, then try again.", "Wait, then try again."},
		{"retry_after is in __init__ of a_b", `retry_after is in \_\_init\_\_ of a_b`},
		{"*bold* ~gone~ [x](y) ![i](j) `c` a|b", "\\*bold\\* \\~gone\\~ \\[x\\](y) !\\[i\\](j) \\`c\\` a\\|b"},
		{`back\slash`, `back\\slash`},
		{"<b>", "&lt;b&gt;"},
		{"R&D, A & B, &lt; &#60;", "R&amp;D, A & B, &amp;lt; &amp;#60;"},
		{"{{ x }} {% y %} ${z}", "&#123;&#123; x }} &#123;% y %} \\$&#123;z}"},
		{"# h", `\# h`},
		{"a # h", "a # h"},
		{"- x", `\- x`},
		{"+ x", `\+ x`},
		{"===", `\===`},
		{"12. x", `12\. x`},
		{"1) x", `1\) x`},
		{"v1. x", "v1. x"},
		{"::: danger", `\::: danger`},
		{"see https://x.io and HTTP://x.io", "see https<span>:</span>//x.io and HTTP<span>:</span>//x.io"},
		{"see www.x.io", "see www<span>.</span>x.io"},
		{"mail a@b.io or mailto:a@b", "mail a<span>@</span>b.io or mailto<span>:</span>a<span>@</span>b"},
		{"at 10:30: @ home", "at 10:30: @ home"},
		{" one\n\ttwo\r\n\u2028three ", "one two three"},
		{"a\u202eb\x1b\u0000c", "abc"},
		{"\xffé", "\uFFFDé"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"", ""},
	} {
		if got := prose(test.text); string(got) != test.want {
			t.Errorf("prose(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestCode(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"$.error['a b']", "`$.error['a b']`"},
		{"a<b>&lt;", "`a<b>&lt;`"},
		{"/users/{id}", "`/users/{id}`"},
		{"a`b", "<code>a\\`b</code>"},
		{"a|b", `<code>a\|b</code>`},
		{"{{x}}", "<code>&#123;&#123;x}}</code>"},
		{"<!--@include: /etc/passwd-->", "<code>&lt;!--<span>@</span>include: /etc/passwd--&gt;</code>"},
		{"", "<code></code>"},
	} {
		if got := code(test.text); string(got) != test.want {
			t.Errorf("code(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestCodeBlock(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"a\n", "```go\na\n```"},
		{"```\n````", "`````go\n```\n````\n`````"},
		{"a  \r\n\n\n\n\tb\x1b\n\n", "```go\na\n\n\tb\uFFFD\n```"},
		{"{{a}} <b> &amp;", "<pre><code>&#123;&#123;a}} &lt;b&gt; &amp;amp;\n</code></pre>"},
		{`--8<-- "secret"`, "<pre><code>--8&lt;-- \"secret\"\n</code></pre>"},
	} {
		if got := codeBlock("go", test.text); string(got) != test.want {
			t.Errorf("codeBlock(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestLink(t *testing.T) {
	for _, test := range []struct{ url, want string }{
		{"https://x.io/a?b=1&copy=2", "[t](<https://x.io/a?b=1&amp;copy=2>)"},
		{"https://x.io/(a)[b]<c>{{d}} é", "[t](<https://x.io/(a)%5Bb%5D%3Cc%3E%7B%7Bd%7D%7D%20%C3%A9>)"},
		{"http://x.io", "t"},
		{"javascript:alert(1)", "t"},
		{"HTTPS:evil", "t"},
		{"", "t"},
	} {
		if got := link("t", test.url); string(got) != test.want {
			t.Errorf("link(%q) = %q, want %q", test.url, got, test.want)
		}
	}
}

func TestTable(t *testing.T) {
	titles := []string{"A", "B", "C"}
	got := table(titles, [][]markdown{{"1", "", "x"}, {"2", "", ""}})
	want := "| A | C |\n| --- | --- |\n| 1 | x |\n| 2 | |"
	if string(got) != want {
		t.Errorf("got\n%s\nwant, without the empty column\n%s", got, want)
	}
	if got := table(titles, nil); got != "" {
		t.Errorf("a table without rows is %q", got)
	}
}

// FuzzProse: what prose makes is one line, without what a site builder looks
// for.
func FuzzProse(f *testing.F) {
	for _, seed := range []string{"{{a}}", "{%x%}", "<!--", "a\nb", "--8<--", "{", "https://x", "|"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, got := range []markdown{prose(text), code(text)} {
			if strings.ContainsAny(string(got), "\n\r\x00") || traps.MatchString(string(got)) {
				t.Errorf("%q becomes %q", text, got)
			}
		}
		if got := codeBlock("http", text); traps.MatchString(string(got)) || strings.Contains(string(got), "\n\n\n") {
			t.Errorf("%q becomes %q", text, got)
		}
	})
}
