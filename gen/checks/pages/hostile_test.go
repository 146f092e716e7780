package pages

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"

	dom "golang.org/x/net/html"

	"github.com/errgen/errgen/spec"
)

// hostile are texts that mean something to Markdown, to HTML or to a builder
// of docs sites.
var hostile = []string{
	"a|b||c\\|d", `back\slash \`, "`code` ``more`` `", "```\nfence\n```", "~~~", "~~gone~~ ~x~",
	"*em* **strong** _em_ __strong__ a_b_c *", "***", "---", "- - -", "===", "# heading", "#", "a\n===", "a\n\n# b",
	"- item", "* item", "+ item", "1. item", "1) item", "> quote", "\tcode", "    code", "[ ] task",
	"[text](http://evil.example)", "[text](javascript:alert(1))", "![image](https://evil.example/x.png)",
	"[a]: https://evil.example", "[^1]", "[^1]: note", "[TOC]", "[[toc]]", "](https://evil.example)", "[", "]",
	"<b>bold</b>", "<script>alert(1)</script>", "</code></pre><script>alert(1)</script>", "</a><img src=x onerror=alert(1)>",
	"<!-- comment", "-->", "<!--@include: /etc/passwd-->", "<![CDATA[x", "<?php", "<% x %>", "</td></tr></table>",
	"&lt;b&gt;", "&amp;", "&#60;", "&copy;", "R&D & more",
	"{{ secret }}", "{% include x %}", "{# x #}", "{{< shortcode >}}", "{{% shortcode %}}", "{: .class}", "${x} $x$ $$x$$",
	"{", "}}", "<Component :x=\"y\" />", "--8<-- \"secret\"", "<<< @/secret", "::: danger", ":::", "!!! note", "%%%",
	"https://evil.example/x", "http://evil.example", "ftp://evil.example", "www.evil.example", "HTTPS://EVIL.EXAMPLE", "<https://evil.example>",
	"mail evil@evil.example now", "mailto:evil@evil.example", "xmpp:evil@evil.example", "@user #1 evil/evil#2",
	"a\\\nb", "two  \nlines", "\u2028x\u2029y", "a\u202eb\u2066c", "bell\x07esc\x1b[31m", "\u200bzero", "naïve 文字 🙂 a\u0301",
	"\" onclick=\"x", "' x", "true", "null", "017", "…", "·",
}

// plainText stands for every text of the catalog, plainBody for a body.
const (
	plainText = "PLAINTEXT"
	plainBody = "PLAINBODY"
)

// catalogOf is a catalog with the text wherever a catalog can have one. Texts
// in JSON's quotes are texts in YAML's as well.
func catalogOf(text, body string) string {
	quote := func(s string) string {
		b, _ := json.Marshal(s)
		return string(b)
	}
	// A header's value has no blanks around it, and a name should not either.
	return strings.NewReplacer("CODE", quote(strings.Trim(text, " \t")), "TEXT", quote(text), "BODY", quote(body)).Replace(`errgen: v1
vendor: hostile
title: TEXT
source: {document: TEXT, section: TEXT, url: https://docs.example.com/x}
envelope: {code: {header: X-Code}, message: [{header: X-Message, after: TEXT, before: TEXT}, {header: X-Parts, item: "a|<b>", param: text}]}
delay:
  - {header: X-Wait, unit: s, when: {header: {X-Mode: [TEXT, other], X-Kind: {contains: TEXT}}}}
status:
  429: {class: throttled, meaning: TEXT, action: TEXT}
limits:
  - {name: minute, limit: {header: X-Limit, after: TEXT}, meaning: TEXT}
  - {name: default, header: X-|-Windows, meaning: TEXT}
messages: {en: TEXT}
details:
  CODE: {header: X-First, name: First, type: string, meaning: TEXT}
notes: [TEXT]
errors:
  - code: CODE
    name: Hostile
    class: throttled
    meaning: TEXT
    action: TEXT
    deprecated: TEXT
    renamed_from: Old
    source: {document: TEXT, section: TEXT}
    messages: {en: TEXT}
    when:
      - header: {X-Code: CODE}
    examples:
      - {name: TEXT, status: 429, headers: {X-Code: CODE, Content-Type: text/plain}, body: BODY}
  - code: second
    status: 400
    meaning: TEXT
    details:
      list: {type: list, meaning: TEXT, of: {CODE: {body: "@.x", name: Inner, type: string, meaning: TEXT}}}
    examples:
      - {status: 400, headers: {X-Code: second, X-First: y}, body: '{"list":[{"x":"y"}]}'}
`)
}

// shown is what a reader sees of a text in one line.
func shown(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\u2028' || r == '\u2029' || r == '\u0085' || r >= '\t' && r <= '\r':
			return ' '
		case unicode.IsGraphic(r) || r == '\u200c' || r == '\u200d':
			return r
		}
		return -1
	}, text)
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }), " ")
}

// shownBody is what a reader sees of a body.
func shownBody(body string) string {
	body = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsGraphic(r) || r == '\u200c' || r == '\u200d' {
			return r
		}
		return '\uFFFD'
	}, strings.ReplaceAll(body, "\r\n", "\n"))
	body = regexp.MustCompile(`[ \t]+(\n|$)`).ReplaceAllString(body, "$1")
	body = regexp.MustCompile(`\n{3,}`).ReplaceAllString("\n\n"+body, "\n\n")
	return strings.TrimRight(strings.TrimPrefix(body, "\n\n"), "\n")
}

// skeleton is what a page is built of: its elements with their ids and links,
// without the text and without what has no meaning but to part it.
func skeleton(n *dom.Node) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		if c.Type == dom.CommentNode {
			b.WriteString("<!--" + c.Data + "-->")
		}
		if c.Type != dom.ElementNode {
			continue
		}
		inner := skeleton(c)
		if c.Data == "span" && len(c.Attr) == 0 {
			b.WriteString(inner)
			continue
		}
		b.WriteString("<" + c.Data)
		for _, a := range c.Attr {
			if c.Data != "code" || a.Key != "class" || !strings.HasPrefix(a.Val, "language-") {
				b.WriteString(" " + a.Key + "=" + a.Val)
			}
		}
		b.WriteString(">" + inner + "</" + c.Data + ">\n")
	}
	return b.String()
}

// visible is the page's text, but for what parts blocks from each other.
func visible(p page) string { return strings.TrimSpace(text(p.root)) }

// loadHostile loads the catalog of a text and a body, which is no JSON.
func loadHostile(text, body string) (*spec.Program, error) {
	p, problems := spec.Load("hostile.yaml", []byte(catalogOf(text, "=="+body)))
	return p, problems.Err()
}

// plainPages are the pages of a catalog with a plain word for every text.
func plainPages(t testing.TB) map[string]page {
	t.Helper()
	p, err := loadHostile(plainText, plainBody)
	if err != nil {
		t.Fatal(err)
	}
	return pagesOf(t, p)
}

// checkHostile checks that a catalog with the text in every place makes the
// plain pages, with the text in the word's place.
func checkHostile(t *testing.T, want map[string]page, text string, p *spec.Program) {
	t.Helper()
	got := pagesOf(t, p)
	for name := range want {
		if w, g := skeleton(want[name].root), skeleton(got[name].root); g != w {
			t.Errorf("%q changes the structure of %s: %s", text, name, difference(g, w))
		}
		w := strings.NewReplacer(plainText, shown(text), "=="+plainBody, shownBody("=="+text)).Replace(visible(want[name]))
		if g := visible(got[name]); g != w {
			t.Errorf("%q is not shown as it is in %s: %s", text, name, difference(g, w))
		}
		_, source, _ := strings.Cut(got[name].source, "\n")
		for _, trap := range []string{"{{", "{%", "{#", "<%", "<!--", "--8<--"} {
			if strings.Contains(source, trap) {
				t.Errorf("%q brings %q into %s", text, trap, name)
			}
		}
		checkTables(t, name, got[name].source)
	}
}

// difference shows where two texts part.
func difference(got, want string) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	from := max(i-60, 0)
	return "got\n" + got[from:min(i+80, len(got))] + "\nwant\n" + want[from:min(i+80, len(want))]
}

func TestHostileTextIsText(t *testing.T) {
	plain := plainPages(t)
	for _, text := range hostile {
		p, err := loadHostile(text, text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		checkHostile(t, plain, text, p)
	}
}

func FuzzHostileTextIsText(f *testing.F) {
	plain := plainPages(f)
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		// A text that shows nothing leaves out what it stands for.
		if p, err := loadHostile(text, text); err == nil && shown(text) != "" {
			checkHostile(t, plain, text, p)
		}
	})
}
