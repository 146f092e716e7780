package pages

import (
	"path"
	"strings"
	"testing"
)

func TestLinksLead(t *testing.T) {
	pages := pagesOf(t, catalogs(t)...)
	ids := map[string]bool{}
	for name, p := range pages {
		for _, n := range p.elements("") {
			if id := attr(n, "id"); id != "" {
				if ids[name+"#"+id] {
					t.Errorf("%s: the id %s stands twice", name, id)
				}
				ids[name+"#"+id] = true
			}
		}
	}
	for name, p := range pages {
		for _, n := range p.elements("a") {
			href := attr(n, "href")
			file, fragment, _ := strings.Cut(href, "#")
			if file == "" {
				file = name
			}
			_, known := pages[path.Clean(file)]
			switch {
			case href == "" && attr(n, "id") != "", strings.HasPrefix(href, "https://"):
			case !known, fragment != "" && !ids[file+"#"+fragment]:
				t.Errorf("%s: the link %q leads nowhere", name, href)
			}
		}
	}
}

func TestEveryEntryHasItsSection(t *testing.T) {
	programs := catalogs(t)
	pages := pagesOf(t, programs...)
	for _, program := range programs {
		p := pages[program.Vendor+".md"]
		var headings, summary []string
		for _, h := range p.elements("h3") {
			name, _, _ := strings.Cut(text(h), " ")
			headings = append(headings, name)
		}
		for _, row := range p.elements("tr") {
			for _, a := range (page{root: row.FirstChild.NextSibling}).elements("a") {
				summary = append(summary, attr(a, "href"))
			}
		}
		for i, part := range program.Parts {
			if i >= len(headings) || headings[i] != part.Name {
				t.Errorf("%s: the sections are %v; %s is not the one at %d", program.Vendor, headings, part.Name, i)
			}
			if want := "#" + program.Tables.Entries[i].Anchor; i >= len(summary) || summary[i] != want {
				t.Errorf("%s: the summary is %v; %s is not the one at %d", program.Vendor, summary, want, i)
			}
		}
	}
}

func TestTableRowsHaveTheSameCells(t *testing.T) {
	for name, p := range pagesOf(t, catalogs(t)...) {
		checkTables(t, name, p.source)
	}
}

// checkTables counts the bars of each row as GitHub does: those that follow no
// backslash.
func checkTables(t *testing.T, name, source string) {
	t.Helper()
	bars := func(line string) int { return strings.Count(line, "|") - strings.Count(line, `\|`) }
	want, code := 0, false
	for line := range strings.Lines(source) {
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		switch {
		case code || !strings.HasPrefix(line, "|"):
			want = 0
		case want == 0:
			want = bars(line)
		case bars(line) != want:
			t.Errorf("%s: %d bars, not %d: %s", name, bars(line), want, line)
		}
	}
}
