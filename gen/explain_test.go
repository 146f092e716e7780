package gen

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// plainTexts are texts that Markdown needs many marks for.
var plainTexts = []string{
	"", "plain", "a *bold* _claim_", "snake_case and _edge_", "1. list", "- item", "# head", "a | b", "`code`", "``",
	"<b>&amp;</b>", "&lt;", "a & b &copy;", "{{ x }}", "{%", "[x](y)", "](<z>)", "[x]: y", `\*`, `\`, "www.example.com",
	"https://example.com/a_b?c=d&e", "mailto:a@b.example", "x@y", "a ~~b~~ $c$", "<!-- x", "--8<--", "“ü” – …", "a\nb",
	"http://", "(a)", "))>)", "!", "100%", "*", "a \u2000",
}

// TestPlain holds that the text of a piece of Markdown is what it was made of.
func TestPlain(t *testing.T) {
	for _, text := range plainTexts {
		checkPlain(t, text)
	}
	for _, a := range plainTexts {
		for _, b := range plainTexts {
			checkPlain(t, a+b)
			checkPlain(t, a+" "+b)
		}
	}
	if got, want := plain(link("a", "http://example.com")), "a"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := plain("see [a](#b), **c**"), "see a, c"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func FuzzPlain(f *testing.F) {
	for _, text := range plainTexts {
		f.Add(text)
	}
	f.Fuzz(checkPlain)
}

func checkPlain(t *testing.T, text string) {
	plain(markdown(text)) // whatever it is, it does not panic
	want := oneLine(text)
	if got := plain(prose(text)); got != want {
		t.Errorf("prose: %q, want %q", got, want)
	}
	if got := plain(code(text)); got != want {
		t.Errorf("code: %q, want %q", got, want)
	}
	if got := plain("**Label:** " + prose(text) + ", " + code(text)); got != strings.Trim("Label: "+want+", "+want, " ") {
		t.Errorf("%q of %q", got, text)
	}
	if got, want := plain(link(prose(text), "https://example.com/a?b=c&d")), want+" <https://example.com/a?b=c&d>"; got != strings.Trim(want, " ") {
		t.Errorf("link: %q, want %q", got, want)
	}
}

// TestExplain holds that a terminal is shown what the catalogs say, in lines that
// are not too long, without anything of Markdown.
func TestExplain(t *testing.T) {
	for _, p := range catalogs(t) {
		all := ExplainAll(p)
		if got := strings.Count(all, "\n"); got != len(p.Parts) {
			t.Errorf("%s: %d lines for %d entries", p.Vendor, got, len(p.Parts))
		}
		for i := range p.Parts {
			text, e := Explain(p, i), &p.Tables.Entries[i]
			one := strings.Join(strings.Fields(text), " ")
			for _, want := range []string{e.Name, e.Code, e.Meaning, e.Action, e.Outcome.Class.String()} {
				if e.Outcome.Class == 0 && want == e.Outcome.Class.String() {
					continue // it is by status
				}
				if !strings.Contains(one, strings.Join(strings.Fields(oneLine(want)), " ")) {
					t.Errorf("%s.%s: %q is not there:\n%s", p.Vendor, e.Name, want, text)
				}
			}
			for _, f := range p.Parts[i].Fields {
				if !strings.Contains(one, f.GoName) {
					t.Errorf("%s.%s: no %s:\n%s", p.Vendor, e.Name, f.GoName, text)
				}
			}
			for _, mark := range []string{"**", "](", "&lt;", "</", "```"} {
				if body, _, _ := strings.Cut(text, "\n\n"); strings.Contains(body, mark) {
					t.Errorf("%s.%s has %s:\n%s", p.Vendor, e.Name, mark, body)
				}
			}
			for line := range strings.Lines(text) {
				if strings.TrimRight(line, " \n")+"\n" != line || !utf8.ValidString(line) {
					t.Errorf("%s.%s: the line %q", p.Vendor, e.Name, line)
				}
			}
		}
	}
}
