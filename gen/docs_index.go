package gen

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates/apierr"
)

// indexName is the file of the index page; code hosts show a README by itself.
const indexName = "README.md"

// An indexView is what the template of the index page shows.
type indexView struct {
	Marker  markdown
	Vendors markdown
	Classes []classView
	Legend  markdown
	Retries markdown
	MaxWait markdown
	Failing markdown
}

// A classView is one class with the entries that have it, a line a vendor.
type classView struct {
	Name    markdown
	Words   markdown
	Entries []markdown
}

// indexPage makes the page that leads to those of all vendors.
func indexPage(ps []*spec.Program, opt Options) ([]byte, error) {
	ps = slices.SortedFunc(slices.Values(ps), func(a, b *spec.Program) int { return cmp.Compare(a.Vendor, b.Vendor) })
	v := &indexView{
		Marker:  "<!-- " + markdown(strings.TrimPrefix(marker, "// ")) + " -->",
		Legend:  classLegend(),
		Retries: retryLegend(),
		MaxWait: span(apierr.DefaultMaxWait),
		Failing: failureLegend(),
	}
	var rows [][]markdown
	for _, p := range ps {
		d := &docs{Program: p, opt: opt}
		rows = append(rows, []markdown{
			"[" + prose(p.Title) + "](" + markdown(p.Vendor) + ".md)", code(d.importPath()),
			markdown(strconv.Itoa(len(p.Parts))), prose(p.Source.Checked),
		})
	}
	v.Vendors = table([]string{"API", "Go package", "Errors", "Checked on"}, rows)
	for _, name := range apierr.Classes() {
		class, _ := apierr.ParseClass(name)
		if lines := classEntries(ps, class); len(lines) > 0 {
			v.Classes = append(v.Classes, classView{
				Name:    prose(name),
				Words:   sentences(classWords[class]),
				Entries: lines,
			})
		}
	}
	return page("index.md.tmpl", v)
}

func classAnchor(c apierr.Class) string {
	return "class-" + strings.ReplaceAll(c.String(), "_", "-")
}

// classEntries links to the entries of a class, a line for each vendor that
// has any.
func classEntries(ps []*spec.Program, class apierr.Class) []markdown {
	var lines []markdown
	for _, p := range ps {
		var refs []markdown
		for i := range p.Tables.Entries {
			if e := &p.Tables.Entries[i]; e.Outcome.Class == class {
				refs = append(refs, entryRef(p.Vendor+".md", e))
			}
		}
		if len(refs) > 0 {
			lines = append(lines, prose(p.Title)+": "+joined(refs, ", "))
		}
	}
	return lines
}

// classLegend makes the table of classes, with what holds where a catalog says
// nothing else.
func classLegend() markdown {
	statuses := map[apierr.Class][]markdown{}
	for _, s := range statusClasses(func(int) bool { return false }) {
		statuses[s.class] = append(statuses[s.class], s.words)
	}
	var rows [][]markdown
	for _, name := range apierr.Classes() {
		class, _ := apierr.ParseClass(name)
		retry, repeat := class.Defaults()
		rows = append(rows, []markdown{
			markdown(fmt.Sprintf("<a id=%q></a>%s", classAnchor(class), prose(name))), code("apierr." + classNames[class]),
			classWords[class], joined(statuses[class], ", "), retryBrief(apierr.Outcome{Retry: retry, Repeat: repeat}),
		})
	}
	return table([]string{"Class", "In Go", "What happened", "Statuses", "Retry"}, rows)
}

// retryLegend makes the table of retry rules.
func retryLegend() markdown {
	var rows [][]markdown
	for _, name := range apierr.Retries() {
		retry, _ := apierr.ParseRetry(name)
		rows = append(rows, []markdown{code(name), code("apierr." + retryNames[retry]), retryWords[retry]})
	}
	return table([]string{"Rule", "In Go", "Sent again?"}, rows)
}

// failureLegend makes the table of failures in which no response comes.
func failureLegend() markdown {
	var rows [][]markdown
	for _, f := range apierr.Failures() {
		rows = append(rows, []markdown{code(f.String()), code("apierr." + failureNames[f]), failureWords[f], retryBrief(f.Outcome())})
	}
	return table([]string{"Failure", "In Go", "What happened", "Retry"}, rows)
}
