package gen

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates"
	"github.com/errgen/errgen/templates/apierr"
)

// A vendorView is what the template of a vendor's page shows. What is empty is
// not shown.
type vendorView struct {
	Marker    markdown
	Title     markdown
	Source    markdown
	Notes     []markdown
	Usage     markdown
	Summary   markdown
	Common    markdown
	Entries   []entryView
	Envelope  []markdown
	Status    markdown
	Others    markdown
	Transport markdown
	Limits    markdown
	Retries   []markdown
	Messages  []markdown
}

// An entryView is one error's section.
type entryView struct {
	Anchors    []markdown
	Heading    markdown
	Deprecated markdown
	Meaning    markdown
	Action     markdown
	Facts      []markdown
	Details    markdown
	Messages   []markdown
	Samples    []sampleView
	Source     markdown
}

// A sampleView is a response and what it decodes to.
type sampleView struct {
	Title    markdown
	Response markdown
	Decoded  markdown
}

var pages = template.Must(template.ParseFS(templates.Markdown, "*.md.tmpl"))

// vendorPage makes the reference page of a vendor.
func vendorPage(p *spec.Program, opt Options) ([]byte, error) {
	d := &docs{Program: p, opt: opt}
	return page("vendor.md.tmpl", d.view())
}

// page runs a template. Its output has no more than one empty line in a row.
func page(name string, view any) ([]byte, error) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, view); err != nil {
		return nil, err
	}
	text := empties.ReplaceAll(b.Bytes(), []byte("\n\n"))
	return append(bytes.TrimSpace(text), '\n'), nil
}

// docs makes the views of one program.
type docs struct {
	*spec.Program
	opt Options
}

func (d *docs) view() *vendorView {
	v := &vendorView{
		Marker:    "<!-- " + markdown(strings.TrimPrefix(marker, "// ")) + " -->",
		Title:     prose(d.Title),
		Source:    sourceWords(&d.Source),
		Usage:     d.usage(),
		Summary:   d.summary(),
		Common:    d.details(d.Common),
		Envelope:  d.envelope(),
		Status:    d.status(),
		Others:    d.otherStatuses(),
		Transport: d.transport(),
		Limits:    d.limits(),
		Retries:   d.retries(),
		Messages:  messages(d.Catalog.Messages),
	}
	for _, note := range d.Notes {
		v.Notes = append(v.Notes, prose(note))
	}
	for i := range d.Parts {
		v.Entries = append(v.Entries, d.entry(i))
	}
	return v
}

// sourceWords names a source, as a link when it has one.
func sourceWords(s *spec.Source) markdown {
	text := link(prose(s.Document), s.URL)
	if s.Section != "" {
		text += ", " + prose(s.Section)
	}
	if s.Checked != "" {
		text += ", checked on " + prose(s.Checked)
	}
	return text
}

func (d *docs) importPath() string { return d.opt.Import + "/" + d.Vendor }

// usage shows the package at work, with errors and details that the catalog
// has.
func (d *docs) usage() markdown {
	is, class, details := d.Parts[0].Name, d.Tables.Entries[0].Outcome.Class, ""
	if len(d.Common) > 0 {
		details = "Details"
	}
	for i := len(d.Parts) - 1; i >= 0; i-- {
		if len(d.Parts[i].Fields) > 0 {
			details = d.Parts[i].Name + "Details"
		}
		if o := d.Tables.Entries[i].Outcome; o.Retry != apierr.Never {
			class = o.Class
		}
	}
	var b strings.Builder
	imports := []string{d.opt.apierr(), d.importPath()}
	slices.Sort(imports)
	fmt.Fprintf(&b, "import (\n\t\"errors\"\n\n\t%q\n\t%q\n)\n\n", imports[0], imports[1])
	fmt.Fprintf(&b, "if err := %s.Check(resp); err != nil { // nil when resp is no error\n", d.Vendor)
	if details != "" {
		fmt.Fprintf(&b, "\tvar details *%s.%s\n", d.Vendor, details)
	}
	b.WriteString("\tvar e *apierr.Error\n\tswitch {\n")
	if details != "" {
		b.WriteString("\tcase errors.As(err, &details): // typed details\n")
	}
	fmt.Fprintf(&b, "\tcase errors.Is(err, %s.%s): // one error\n", d.Vendor, is)
	fmt.Fprintf(&b, "\tcase errors.Is(err, apierr.%s): // a class of errors, of any API\n", classNames[class])
	b.WriteString("\tcase errors.As(err, &e): // any error: e.Status, e.Code, e.Message\n\t}\n}")
	return codeBlock("go", b.String())
}

func (d *docs) summary() markdown {
	return table([]string{"Error", "What happened", "Status", "Class", "Retry"}, d.summaryRows())
}

// summaryRows are those of the summary.
func (d *docs) summaryRows() [][]markdown {
	var rows [][]markdown
	for i := range d.Parts {
		e := &d.Tables.Entries[i]
		name := "[" + code(e.Code) + "](#" + markdown(e.Anchor) + ")"
		switch {
		case e.Code == "":
			name = entryRef("", e)
		case spec.GoName(e.Code) != e.Name:
			name += " " + markdown(e.Name)
		}
		if d.Parts[i].Entry.Deprecated != "" {
			name += " (deprecated)"
		}
		class, retry := classRef(e.Outcome.Class), retryBrief(e.Outcome)
		if byStatus(e) {
			class, retry = "[by status](#errors-by-status)", "by status"
		}
		rows = append(rows, []markdown{name, prose(e.Meaning), statusText(e), class, retry})
	}
	return rows
}

// entryRef links to an entry's section. Names and anchors are of letters,
// digits and hyphens.
func entryRef(page string, e *apierr.Entry) markdown {
	return markdown(fmt.Sprintf("[%s](%s#%s)", e.Name, page, e.Anchor))
}

// classRef links to what is said of a class on the index page.
func classRef(c apierr.Class) markdown {
	return markdown(fmt.Sprintf("[%s](%s#%s)", prose(c.String()), indexName, classAnchor(c)))
}

func (d *docs) entry(i int) entryView {
	part, e := &d.Parts[i], &d.Tables.Entries[i]
	v := entryView{
		Heading:    markdown(e.Name) + " · " + cmp.Or(statusText(e), "no code"),
		Deprecated: prose(part.Entry.Deprecated),
		Meaning:    prose(e.Meaning),
		Action:     prose(e.Action),
		Facts:      d.facts(part, e),
		Details:    d.details(part.Fields),
		Messages:   messages(part.Entry.Messages),
	}
	if e.Code != "" {
		v.Heading = markdown(e.Name) + " · " + code(e.Code)
	}
	for _, anchor := range append([]string{e.Anchor}, part.Entry.FormerAnchors()...) {
		v.Anchors = append(v.Anchors, markdown(fmt.Sprintf("<a id=%q></a>", anchor)))
	}
	for j := range part.Entry.Examples {
		if ex := &part.Entry.Examples[j]; shownSample(ex) {
			v.Samples = append(v.Samples, d.sample(part, ex))
		}
	}
	if part.Entry.Has("source") {
		v.Source = sourceWords(&part.Entry.Source)
	}
	return v
}

// facts are what the table says of an entry, a line each.
func (d *docs) facts(part *spec.Part, e *apierr.Entry) []markdown {
	facts := []markdown{"**Go:** " + code(d.Vendor+"."+e.Name)}
	if former := part.Entry.RenamedFrom; len(former) > 0 {
		facts[0] += ", formerly " + anyCode(former)
	}
	switch {
	case len(e.Status) > 0:
		names := make([]markdown, len(e.Status))
		for i, s := range e.Status {
			names[i] = markdown(statusName(s))
		}
		facts = append(facts, "**Status:** "+joined(names, ", "))
	case statusText(e) == "":
		facts = append(facts, "**Status:** not documented")
	}
	if !onlyStatus(e) {
		facts = append(facts, "**When:** "+d.when(e.When))
	}
	if byStatus(e) {
		facts = append(facts, "**Class and retry:** as [its status](#errors-by-status) has them")
	} else {
		facts = append(facts,
			"**Class:** "+classRef(e.Outcome.Class)+": "+classWords[e.Outcome.Class],
			"**Retry:** "+d.retryFull(e.Outcome))
	}
	wait := d.wait(e.Outcome, d.pause(e.Delay, e.Backoff))
	switch {
	case wait == "":
	case e.Outcome.Retry == apierr.WaitReset:
		facts = append(facts, "**Reset:** "+wait)
	default:
		facts = append(facts, "**Wait:** "+wait)
	}
	switch {
	case len(part.Fields) > 0:
		facts = append(facts, "**Details:** "+code("*"+d.Vendor+"."+e.Name+"Details"))
	case len(d.Common) > 0:
		facts = append(facts, "**Details:** "+code("*"+d.Vendor+".Details"))
	}
	return facts
}

// byStatus reports whether an entry leaves it to the status what it means.
func byStatus(e *apierr.Entry) bool { return e.Outcome == apierr.Outcome{} }

// onlyStatus reports whether an entry's conditions say no more than its
// statuses do.
func onlyStatus(e *apierr.Entry) bool {
	for _, m := range e.When {
		for _, c := range m {
			for _, r := range c.Status {
				if r[0] != r[1] || !slices.Contains(e.Status, r[0]) {
					return false
				}
			}
			if len(m) > 1 || c.Status == nil {
				return false
			}
		}
	}
	return true
}

// details makes the table of some details and of what is in them.
func (d *docs) details(fields []spec.Field) markdown {
	return table([]string{"Detail", "Go field", "Go type", "Unit", "Meaning"}, d.detailRows(fields, "", ""))
}

func (d *docs) detailRows(fields []spec.Field, wire, name string) [][]markdown {
	var rows [][]markdown
	for i := range fields {
		f := &fields[i]
		path := wire + oneLine(f.Wire)
		detail := code(path)
		if f.Has("body") || f.Has("header") || f.Has("from") {
			detail += ", from " + d.anyPlace(f.At)
		}
		meaning := prose(f.Meaning)
		if f.Sensitive {
			meaning = markdown(strings.TrimSpace(string(meaning + " Sensitive: never logged.")))
		}
		rows = append(rows, []markdown{detail, code(name + f.GoName), code(typeWords(d.Vendor, f)), unitWords[f.Unit], meaning})
		inner := "."
		if f.Type == spec.TypeList {
			inner = "[]."
		}
		rows = append(rows, d.detailRows(f.Fields, path+inner, name+f.GoName+inner)...)
	}
	return rows
}

func messages(list []spec.Message) []markdown {
	var out []markdown
	for _, m := range list {
		out = append(out, "**"+prose(m.Lang)+":** "+prose(m.Text))
	}
	return out
}
