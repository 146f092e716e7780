package spec

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/errgen/errgen/templates/apierr"
)

//go:embed reference.md.tmpl
var referenceText string

// Reference returns the reference page of the catalog language: Markdown, the
// same bytes every time. Its tables are made of the same definitions as the
// reader and the [Schema].
func Reference() []byte {
	layout, err := template.New("reference").Funcs(template.FuncMap{
		"yaml": func(src string) string { return "```yaml\n" + strings.TrimSpace(src) + "\n```" },
	}).Parse(referenceText)
	if err != nil {
		return nil // cannot happen: the template is in this package, and so is its data
	}
	var b bytes.Buffer
	if err := layout.Execute(&b, newPage()); err != nil {
		return nil
	}
	text := b.Bytes()
	for bytes.Contains(text, []byte("\n\n\n")) {
		text = bytes.ReplaceAll(text, []byte("\n\n\n"), []byte("\n\n"))
	}
	return append(bytes.TrimRight(text, "\n"), '\n')
}

// A page is what the template of the reference page is filled with.
type page struct {
	Catalog  string
	FailBody string
	Sections []section // mappings
	Words    []section // vocabularies, and single values with a name
	Rules    string
	Limits   [][2]string
	Config   section
}

// A section is one definition on the page.
type section struct {
	Title, Link, Doc string
	Table            string
	Shared           string // the keys that another section explains
	Example          string
}

// maxListed is how many elements of a list an error has, at most; apierr knows it
// as maxRows.
const maxListed = 1000

func newPage() page {
	p := page{
		Catalog:  catalogShape.example,
		FailBody: bytesText(apierr.MaxFailBody),
		Rules:    rulesTable(),
		Limits: [][2]string{
			{"a catalog", fmt.Sprintf("%s, %d levels, %d values", bytesText(MaxBytes), maxDepth, maxNodes)},
			{"the body of an error", bytesText(apierr.MaxBody) + " unless `max_body` sets another; a longer one is decoded by status and headers"},
			{"the elements of a list", fmt.Sprintf("the first %d, whether of items, of inner errors or of a detail", maxListed)},
			{"the body of a success, with `fail_when`", bytesText(apierr.MaxFailBody) + ", or `max_body` if that is less; a longer one is no error"},
		},
		Config: mappingSection(configShape.form),
	}
	catalogShape.eachNamed(func(f *form) {
		switch {
		case f.name == path.name: // a part of the page to itself
		case f.object() == nil:
			p.Words = append(p.Words, wordSection(f))
		default:
			if f.name == rowShape.name {
				p.Sections = append(p.Sections, outcomeSection())
			}
			p.Sections = append(p.Sections, mappingSection(f))
		}
	})
	return p
}

func mappingSection(f *form) section {
	var own []*keyForm
	var others []string // sections
	keys := map[string][]string{}
	for _, k := range f.object().keys {
		if k.section == "" || k.section == f.name {
			own = append(own, k)
			continue
		}
		if keys[k.section] == nil {
			others = append(others, k.section)
		}
		keys[k.section] = append(keys[k.section], "`"+k.name+"`")
	}
	s := section{Title: f.title(), Link: sectionLink(f.name), Doc: f.doc, Table: keyTable(own), Example: f.example}
	for _, name := range others {
		lead := "Its keys are those of"
		if len(own) > 0 {
			lead = "It also has keys of"
		}
		s.Shared += fmt.Sprintf("%s [%s](%s): %s.\n", lead, withArticle(name), sectionLink(name), strings.Join(keys[name], ", "))
	}
	return s
}

func withArticle(name string) string {
	if strings.IndexByte("aeiou", name[0]) >= 0 {
		return "an " + name
	}
	return "a " + name
}

func outcomeSection() section {
	keys := make([]*keyForm, len(outcomeKeys))
	for i, k := range outcomeKeys {
		keys[i] = k.keyForm
	}
	return section{
		Title: sectionTitle("outcome"), Link: sectionLink("outcome"),
		Doc:     "What an error means: the same keys on entries and on status rows. Transport rows have the first three.",
		Table:   keyTable(keys),
		Example: outcomeExample,
	}
}

func keyTable(keys []*keyForm) string {
	var rows [][]string
	for _, k := range keys {
		rows = append(rows, []string{"`" + k.name + "`", k.value.inWords(), k.defaultText(), sentence(k.doc)})
	}
	return markdownTable([]string{"Key", "Type", "Default", "What it says"}, rows)
}

// defaultText says in the cell of a table what holds without the key.
func (k *keyForm) defaultText() string {
	switch {
	case k.need:
		return "**required**"
	case k.preset == `""`:
		return "empty"
	case k.preset != "":
		return "`" + strings.Trim(k.preset, `"`) + "`"
	}
	return k.unset
}

// wordSection explains a vocabulary, or a single value that has a name.
func wordSection(f *form) section {
	s := section{Title: f.title(), Link: sectionLink(f.name), Doc: f.doc}
	if f.words == nil {
		s.Doc += " For example `" + f.example + "`."
		return s
	}
	titles, more := wordColumns(f.name)
	var rows [][]string
	for _, word := range f.words {
		rows = append(rows, append([]string{"`" + word + "`", sentence(f.meanings[word])}, more(word)...))
	}
	s.Table = markdownTable(append([]string{"Word", "What it says"}, titles...), rows)
	return s
}

// wordColumns are what there is to tell of the words of a vocabulary beyond
// their meaning.
func wordColumns(name string) (titles []string, cells func(word string) []string) {
	switch name {
	case classShape.name:
		return []string{"Statuses", "Retry", "Repeat"}, classCells
	case failureShape.name:
		return []string{"Retry", "Repeat"}, func(word string) []string {
			failure, _ := apierr.ParseFailure(word)
			return outcomeCells(failure.Outcome())
		}
	case unitShape.name:
		return []string{"As a detail"}, unitCells
	case typeShape.name:
		return []string{"In Go"}, func(word string) []string { return []string{"`" + typeGo[Type(word)] + "`"} }
	}
	return nil, func(string) []string { return nil }
}

// classCells are the statuses that make a class, and what the class brings.
func classCells(word string) []string {
	class, _ := apierr.ParseClass(word)
	var statuses []string
	for s := 400; s < 499; s++ {
		if c := apierr.ClassOf(s); c == class && c != apierr.ClassOf(499) {
			statuses = append(statuses, fmt.Sprint(s))
		}
	}
	switch class {
	case apierr.ClassOf(499):
		statuses = append(statuses, "other 4xx")
	case apierr.ClassOf(599):
		statuses = append(statuses, "5xx")
	}
	return append([]string{strings.Join(statuses, ", ")}, outcomeCells(outcomeOf(class))...)
}

// outcomeCells are a retry rule and, where anything is sent again, its repeat
// rule.
func outcomeCells(o apierr.Outcome) []string {
	again := ""
	if o.Retry != apierr.Reconcile && (o.Retry != apierr.Never || o.Repeat == apierr.RepeatAny) {
		again = "`" + o.Repeat.String() + "`"
	}
	return []string{"`" + o.Retry.String() + "`", again}
}

func unitCells(word string) []string {
	unit, _ := apierr.ParseUnit(word)
	switch {
	case unit.Relative() && unit.Instant():
		return []string{"`duration` or `time`"}
	case unit.Relative():
		return []string{"`duration`"}
	}
	return []string{"`time`"}
}

func rulesTable() string {
	var rows [][]string
	for _, rule := range Rules {
		rows = append(rows, []string{"`" + rule.ID + "`", rule.Severity.String(), rule.Purpose})
	}
	return markdownTable([]string{"Rule", "Kind", "What for"}, rows)
}

func bytesText(n int) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}

// markdownTable writes a table, without columns in which no row has anything;
// without rows it is nothing. A | is escaped, within code as well, as GitHub
// wants it.
func markdownTable(titles []string, rows [][]string) string {
	if len(rows) == 0 {
		return ""
	}
	var b strings.Builder
	for _, row := range append([][]string{titles, slices.Repeat([]string{"---"}, len(titles))}, rows...) {
		for i, cell := range row {
			if !slices.ContainsFunc(rows, func(row []string) bool { return row[i] != "" }) {
				continue
			}
			b.WriteString("| ")
			if cell != "" {
				b.WriteString(strings.ReplaceAll(cell, "|", `\|`) + " ")
			}
		}
		b.WriteString("|\n")
	}
	return b.String()
}
