package gen

import (
	"strings"
	"unicode/utf8"
)

// plain is the text that Markdown of markdown.go shows, for a terminal. A link that
// leads out of the pages is followed by where it leads.
func plain(m markdown) string {
	var b strings.Builder
	for s := string(m); s != ""; {
		s = s[min(plainPiece(&b, s), len(s)):] // a link may be without its end
	}
	return strings.Trim(b.String(), " ")
}

// plainPiece writes the text of the piece of Markdown that s begins with, and
// returns how long the piece is.
func plainPiece(b *strings.Builder, s string) int {
	switch s[0] {
	case '\\':
		if len(s) > 1 {
			b.WriteByte(s[1])
			return 2
		}
	case '`':
		if end := strings.IndexByte(s[1:], '`'); end >= 0 {
			b.WriteString(s[1 : 1+end])
			return end + 2
		}
	case '*':
		return len(s) - len(strings.TrimLeft(s, "*"))
	case '&':
		for entity, text := range entities {
			if strings.HasPrefix(s, entity) {
				b.WriteString(text)
				return len(entity)
			}
		}
	case '<':
		if end := strings.IndexByte(s, '>'); end >= 0 { // a tag: text has &lt;
			return end + 1
		}
	case '[':
		return 1
	case ']':
		if outside, ok := strings.CutPrefix(s, "](<"); ok {
			url, _, _ := strings.Cut(outside, ">)")
			b.WriteString(" <" + strings.ReplaceAll(url, "&amp;", "&") + ">")
			return len("](<") + len(url) + len(">)")
		}
		if inside, ok := strings.CutPrefix(s, "]("); ok {
			target, _, _ := strings.Cut(inside, ")")
			return len("](") + len(target) + len(")")
		}
	}
	b.WriteByte(s[0])
	return 1
}

// entities are those that stand in Markdown of markdown.go.
var entities = map[string]string{"&lt;": "<", "&gt;": ">", "&amp;": "&", "&#123;": "{"}

// A sheet is text in two columns for a terminal: labels, and what they stand for.
type sheet struct{ strings.Builder }

// sheetLabel is the width of the column of labels, and sheetText that of the other
// one, which longer text is broken to.
const (
	sheetLabel = 12
	sheetText  = 88
)

// row writes a label and a text, which goes on below itself. There is no row
// without a text.
func (s *sheet) row(label, text string) {
	line, width := "", 0
	for _, word := range strings.Fields(text) {
		size := utf8.RuneCountInString(word)
		if line != "" && width+1+size > sheetText {
			s.lines(label, line)
			label, line, width = "", "", 0
		}
		if line != "" {
			line, width = line+" ", width+1
		}
		line, width = line+word, width+size
	}
	if line != "" {
		s.lines(label, line)
	}
}

// lines writes a label and lines of text as they are.
func (s *sheet) lines(label, text string) {
	for line := range strings.Lines(text) {
		row := "  " + label + strings.Repeat(" ", max(sheetLabel-len(label), 1)) + strings.TrimSuffix(line, "\n")
		s.WriteString(strings.TrimRight(row, " ") + "\n")
		label = ""
	}
}

// aligned aligns cells. Columns in which no row has anything are left out.
func aligned(rows [][]string) string {
	widths := map[int]int{}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			if widths[i] > 0 {
				line += cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2)
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}
