package gen

import (
	"strings"

	"github.com/errgen/errgen/spec"
)

// Explain returns what the reference says of one entry, as text for a terminal. i
// is the entry's index in p.Parts.
func Explain(p *spec.Program, i int) string {
	d := &docs{Program: p}
	v := d.entry(i)
	var s sheet
	s.WriteString(plain(v.Heading) + "\n")
	s.row("deprecated", plain(v.Deprecated))
	s.row("meaning", plain(v.Meaning))
	s.row("to do", plain(v.Action))
	for _, fact := range v.Facts {
		label, text, _ := strings.Cut(plain(fact), ": ")
		s.row(strings.ToLower(label), text)
	}
	part := &p.Parts[i]
	s.lines("", aligned(plainRows(d.detailRows(p.Common, "", ""))))
	s.lines("", aligned(plainRows(d.detailRows(part.Fields, "", ""))))
	for _, m := range v.Messages {
		lang, text, _ := strings.Cut(plain(m), ": ")
		s.row("in "+lang, text)
	}
	for j := range part.Entry.Examples {
		if ex := &part.Entry.Examples[j]; shownSample(ex) {
			s.sample(d, part, ex)
		}
	}
	s.row("source", plain(v.Source))
	return s.String()
}

// sample writes an example and what it decodes to, under its name if it has one.
func (s *sheet) sample(d *docs, part *spec.Part, ex *spec.Example) {
	s.WriteString("\n")
	label, name := "sample", oneLine(ex.Name)
	if at := received(ex); at != "" {
		name = strings.TrimPrefix(name+", "+at, ", ")
	}
	if name != "" {
		s.row(label, name)
		label = ""
	}
	s.lines(label, lines(wire(ex)))
	s.lines("in Go", lines(d.decoded(part, ex)))
}

// ExplainAll returns a line for each entry of a catalog, as text for a terminal.
func ExplainAll(p *spec.Program) string {
	d := &docs{Program: p}
	var rows [][]string
	for _, row := range plainRows(d.summaryRows()) {
		rows = append(rows, []string{row[0], row[2], row[3], row[4], row[1]}) // the longest last
	}
	return aligned(rows)
}

// plainRows are the rows of a table as text.
func plainRows(rows [][]markdown) [][]string {
	var text [][]string
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = plain(cell)
		}
		text = append(text, cells)
	}
	return text
}
