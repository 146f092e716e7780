package simulation

import (
	_ "embed"
	"fmt"
	"strings"
	"text/template"
	"time"
)

//go:embed page.md.tmpl
var pageText string

// Page returns the page of the results.
func Page(traces []*Trace) (string, error) {
	t, err := template.New("page").Funcs(template.FuncMap{
		"percent": func(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) },
		"each":    func(rate float64) string { return fmt.Sprintf("%.0f", rate) },
		"span":    span,
		"count":   count,
	}).Parse(pageText)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, map[string]any{
		"World":   traces[0].World,
		"Calls":   len(traces[0].Calls),
		"Budget":  budgetSize,
		"Rows":    table(traces),
		"Losses":  losses(traces),
		"Columns": columnNames(),
	})
	return b.String(), err
}

// A figure is a column of the table.
type figure struct {
	name string
	of   func(*Figures) float64
	show func(float64) string
	more bool // more of it is better
}

var figures = []figure{
	{"succeeded", func(f *Figures) float64 { return f.Succeeded }, percents, true},
	{"requests per success", func(f *Figures) float64 { return f.PerSuccess }, decimal, false},
	{"carried out twice", func(f *Figures) float64 { return float64(f.Duplicates) }, whole, false},
	{"too early", func(f *Figures) float64 { return float64(f.Early) }, whole, false},
	{"peak", func(f *Figures) float64 { return f.Peak }, times, false},
	{"recovered after", func(f *Figures) float64 { return f.Recovery.Seconds() }, wholeSeconds, false},
	{"hopeless fails after", func(f *Figures) float64 { return f.Hopeless.Seconds() }, someSeconds, false},
	{"fails in outage after", func(f *Figures) float64 { return f.Down.Seconds() }, someSeconds, false},
}

func percents(v float64) string     { return fmt.Sprintf("%.1f %%", 100*v) }
func decimal(v float64) string      { return fmt.Sprintf("%.2f", v) }
func times(v float64) string        { return fmt.Sprintf("%.1f ×", v) }
func whole(v float64) string        { return count(int(v)) }
func wholeSeconds(v float64) string { return fmt.Sprintf("%.0f s", v) }
func someSeconds(v float64) string  { return fmt.Sprintf("%.2f s", v) }

// count returns a number with its thousands apart.
func count(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", count(n/1000), n%1000)
}

// span returns a duration in words.
func span(d time.Duration) string {
	switch {
	case d >= time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d >= time.Second && d%time.Second == 0:
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return fmt.Sprintf("%d ms", d/time.Millisecond)
}

func columnNames() []string {
	names := make([]string, len(figures))
	for i := range figures {
		names[i] = figures[i].name
	}
	return names
}

// A row is a line of the table.
type row struct {
	Vendor, Driver string
	Cells          []string
}

// table returns the rows of the table; a vendor's name stands in its first.
func table(traces []*Trace) []row {
	rows := make([]row, len(traces))
	for i, t := range traces {
		rows[i] = row{Vendor: t.Vendor, Driver: t.Driver}
		if i > 0 && traces[i-1].Vendor == t.Vendor {
			rows[i].Vendor = ""
		}
		f := &t.Figures
		for c := range figures {
			rows[i].Cells = append(rows[i].Cells, figures[c].show(figures[c].of(f)))
		}
	}
	return rows
}

// A loss is a figure in which another way to retry is better than the policy
// as it is.
type loss struct {
	Figure, Driver string
	Where          string // with which vendors
	Why            string
}

// losses returns where others are better, to the digit that the table shows.
// No retries at all is no way to retry.
func losses(traces []*Trace) []loss {
	var all []loss
	for c := range figures {
		for _, d := range Drivers() {
			if d.Ours || d.Baseline {
				continue
			}
			if where := figures[c].better(traces, d.Name, plainPolicy); where != nil {
				all = append(all, loss{figures[c].name, d.Name, strings.Join(where, ", "), reasons[[2]string{figures[c].name, d.Name}]})
			}
		}
	}
	return all
}

// better returns with which vendors one driver has a better figure than
// another, and both figures.
func (c *figure) better(traces []*Trace, one, other string) []string {
	values := map[[2]string]float64{}
	for _, t := range traces {
		values[[2]string{t.Vendor, t.Driver}] = c.of(&t.Figures)
	}
	var where []string
	for _, v := range Vendors() {
		a, b := values[[2]string{v.Name, one}], values[[2]string{v.Name, other}]
		if c.show(a) != c.show(b) && (a > b) == c.more {
			where = append(where, fmt.Sprintf("%s (%s, not %s)", v.Name, c.show(a), c.show(b)))
		}
	}
	return where
}
