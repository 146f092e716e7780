package gen

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Text of catalogs reaches Markdown through the functions in this file only.
// What they make is Markdown by GitHub's rules, which shows the text as it is:
// no text makes a link, a heading, a list, HTML, a formula or one more cell in
// a table. It also passes through the site builders that look for something of
// their own before or after Markdown does: Liquid, Vue, Jinja, shortcodes and
// MDX know {{, {% and {, some read files for <!--@include or --8<--. Against
// those, a backslash does not help; an entity does.

// markdown is text that may go into a page as it stands. The views of the
// pages hold nothing else, so that a template cannot let anything through.
type markdown string

// prose shows text in one line of a paragraph, a list item or a table's cell.
func prose(text string) markdown {
	text = oneLine(text)
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		b.WriteString(escaped(text, i))
	}
	return markdown(b.String())
}

// escaped is the byte at i as prose has it.
func escaped(text string, i int) string {
	c := text[i : i+1]
	switch text[i] {
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '&':
		if next := after(text, i); isWord(next) || next == '#' {
			return "&amp;"
		}
	case '{':
		return "&#123;"
	case '\\', '`', '*', '[', ']', '|', '~', '$':
		return `\` + c
	case '_':
		if !withinWord(text, i) {
			return `\_`
		}
	case '@', ':', '.':
		if linking(text, i) {
			return "<span>" + c + "</span>"
		}
	}
	if leads(text, i) {
		return `\` + c
	}
	return c
}

// withinWord reports whether the underscores around i stand between letters
// and digits, where they mean nothing.
func withinWord(text string, i int) bool {
	left, right := strings.TrimRight(text[:i], "_"), strings.TrimLeft(text[i:], "_")
	return left != "" && right != "" && isWord(left[len(left)-1]) && isWord(right[0])
}

// linking reports whether the byte at i makes a link of what is around it: the
// @ of an address, the : of a URL, the first dot of www. An element around
// it ends the run of text in which renderers look for links.
func linking(text string, i int) bool {
	switch text[i] {
	case '@':
		return i > 0 && text[i-1] != ' ' && after(text, i) != ' '
	case ':':
		scheme := i > 0 && isWord(text[i-1])
		return scheme && (strings.HasPrefix(text[i:], "://") || mailScheme.MatchString(text[:i]))
	default:
		return strings.HasSuffix(strings.ToLower(text[:i]), "www")
	}
}

var mailScheme = regexp.MustCompile(`(?i)(mailto|xmpp)$`)

// leads reports whether the byte at i would make a block of a text that begins
// with it: a heading, a list, a rule, a directive.
func leads(text string, i int) bool {
	switch text[i] {
	case '#', '-', '+', '=', ':', '!', '%':
		return i == 0
	case '.', ')':
		return i > 0 && strings.Trim(text[:i], "0123456789") == ""
	}
	return false
}

// after is the byte that follows the one at i, or a blank.
func after(text string, i int) byte {
	if i+1 < len(text) {
		return text[i+1]
	}
	return ' '
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// oneLine puts text on one line, with single blanks between words, and leaves
// out what shows nothing or turns the direction of text.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch r {
		case '\t', '\n', '\v', '\f', '\r', '\u0085', '\u2028', '\u2029':
			return ' '
		}
		if shown(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }), " ")
}

// shown reports whether a character may be shown: all but controls and formats,
// of which only the two joiners belong to ordinary text.
func shown(r rune) bool {
	return unicode.IsGraphic(r) || r == '\u200c' || r == '\u200d'
}

// traps are what some site builder looks for even within code.
var traps = regexp.MustCompile("{[{%#]|<!--|<%|--8<--")

// code shows a short text in the type of code.
func code(text string) markdown {
	text = oneLine(text)
	if text == "" || strings.ContainsAny(text, "`|") || traps.MatchString(text) {
		return "<code>" + prose(text) + "</code>"
	}
	return markdown("`" + text + "`")
}

// codeBlock shows lines of code in the given language, each without what follows
// its last visible character, and at most one empty line in a row. A text with
// traps is shown as HTML, where entities take the sting out of them; in a
// fence, nothing would.
func codeBlock(language, text string) markdown {
	text = lines(text)
	if traps.MatchString(text) {
		return markdown("<pre><code>" + strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "{", "&#123;").Replace(text) + "\n</code></pre>")
	}
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return markdown(fmt.Sprintf("%s%s\n%s\n%s", fence, language, text, fence))
}

// lines cleans a text of several lines.
func lines(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || shown(r) {
			return r
		}
		return '\uFFFD'
	}, text)
	text = trailing.ReplaceAllString(text, "\n")
	return strings.Trim(empties.ReplaceAllString(text, "\n\n"), "\n")
}

var (
	trailing = regexp.MustCompile(`[ \t]+(?:\n|$)`)
	empties  = regexp.MustCompile(`\n{3,}`)
)

// link makes a link of Markdown, or leaves it alone when the URL is no https
// link.
func link(text markdown, url string) markdown {
	if !strings.HasPrefix(url, "https://") {
		return text
	}
	var b strings.Builder
	for i := range len(url) {
		switch c := url[i]; {
		case c <= ' ' || c >= 0x7f || strings.IndexByte("<>\"\\^`{|}[]", c) >= 0:
			fmt.Fprintf(&b, "%%%02X", c)
		case c == '&':
			b.WriteString("&amp;")
		default:
			b.WriteByte(c)
		}
	}
	return "[" + text + "](<" + markdown(b.String()) + ">)"
}

// table makes a table. Columns in which no row has anything are left out, and a
// table without rows is nothing. Every row must have a cell for each title.
func table(titles []string, rows [][]markdown) markdown {
	if len(rows) == 0 {
		return ""
	}
	var head, rule markdown
	body := make([]markdown, len(rows))
	for i, title := range titles {
		if !slices.ContainsFunc(rows, func(row []markdown) bool { return row[i] != "" }) {
			continue
		}
		head += markdown("| " + title + " ")
		rule += "| --- "
		for j, row := range rows {
			body[j] += "| " + row[i]
			if row[i] != "" {
				body[j] += " "
			}
		}
	}
	all := append([]markdown{head, rule}, body...)
	return joined(all, "|\n") + "|"
}

// joined puts pieces of Markdown together.
func joined(pieces []markdown, between markdown) markdown {
	var out markdown
	for i, piece := range pieces {
		if i > 0 {
			out += between
		}
		out += piece
	}
	return out
}
