package simulation

import (
	"fmt"
	"strings"
	"time"
)

// Sizes of the plot, in pixels.
const (
	plotWidth   = 980
	plotTop     = 136 // above the first row of panels
	plotBottom  = 38  // below the last
	panelLeft   = 46
	panelWidth  = 418
	panelHeight = 86
	panelColumn = 488 // from one panel to the one beside it
	panelRow    = 122 // and to the one below it
	panelMost   = 300 // requests a second
)

// plotStyle has the colours for light pages and for dark ones. The drawing has
// a ground of its own, since an image does not know what it is shown on.
const plotStyle = `
text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}
.soft{fill:#59636e;font-size:11px}.mid{text-anchor:middle}.end{text-anchor:end}.head{font-size:16px;font-weight:600}.name{font-size:13px;font-weight:600}
.ground{fill:#fff}.band{fill:#f3f5f8}.out{fill:#fbe9e7}.grid{stroke:#d8dee4}.axis{stroke:#8c959f}
.served{fill:#2f6fb7}.waste{fill:#f0a35e}.capacity{stroke:#1f2328;stroke-width:1.3;stroke-dasharray:4 3;fill:none}
@media(prefers-color-scheme:dark){
text{fill:#e6edf3}.soft{fill:#9198a1}
.ground{fill:#0d1117}.band{fill:#161c24}.out{fill:#2c1a1d}.grid{stroke:#2b323b}.axis{stroke:#6e7681}
.served{fill:#4f94e0}.waste{fill:#b8651b}.capacity{stroke:#e6edf3}}
`

// Plot draws the load over time as SVG: a row of panels for each driver, a
// column for each of the vendors.
func Plot(traces []*Trace, vendors []string) string {
	var p plot
	rows := rowsOf(traces, vendors)
	p.head(len(rows))
	for col, vendor := range vendors {
		p.text(p.x(col, 0), plotTop-58, "name", "against "+vendor)
		p.phases(col, rows[0][col].World)
	}
	for row := range rows {
		for col, t := range rows[row] {
			p.panel(row, col, t)
		}
	}
	for col := range vendors {
		p.minutes(col, len(rows))
	}
	p.printf("</svg>\n")
	return p.String()
}

// rowsOf sorts the traces into rows and columns.
func rowsOf(traces []*Trace, vendors []string) [][]*Trace {
	var rows [][]*Trace
	for _, d := range Drivers() {
		var row []*Trace
		for _, vendor := range vendors {
			for _, t := range traces {
				if t.Driver == d.Name && t.Vendor == vendor {
					row = append(row, t)
				}
			}
		}
		rows = append(rows, row)
	}
	return rows
}

type plot struct{ strings.Builder }

func (p *plot) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

func (p *plot) text(x, y float64, class, text string) {
	p.printf("<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>\n", x, y, class, text)
}

// x returns where an instant is in a column, y where a rate is in a row.
func (p *plot) x(col int, at time.Duration) float64 {
	return panelLeft + float64(col)*panelColumn + panelWidth*at.Seconds()/plotted.Seconds()
}

func (p *plot) y(row int, rate float64) float64 {
	return plotTop + float64(row)*panelRow + panelHeight*(1-rate/panelMost)
}

// plotted is how much of the run is shown: its end, too.
const plotted = 12 * time.Minute

// head draws what the whole has once: ground, title and legend.
func (p *plot) head(rows int) {
	height := plotTop + rows*panelRow - (panelRow - panelHeight) + plotBottom
	p.printf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%[1]d\" height=\"%[2]d\" role=\"img\">\n", plotWidth, height)
	p.printf("<title>Requests a second over time, for each way to retry</title>\n<style>%s</style>\n", plotStyle)
	p.printf("<rect width=\"100%%\" height=\"100%%\" rx=\"8\" class=\"ground\"/>\n")
	p.text(panelLeft, 30, "head", "Requests a second that reach the server, means of 5 s")
	p.legend(panelLeft, 44)
}

func (p *plot) legend(x, y float64) {
	for _, entry := range []struct{ class, text string }{
		{"served", "answered well"},
		{"waste", "refused, failed or broken off"},
	} {
		p.printf("<rect x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"10\" class=\"%s\"/>\n", x, y, entry.class)
		p.text(x+17, y+9, "soft", entry.text)
		x += 44 + 5.6*float64(len(entry.text))
	}
	p.printf("<path d=\"M%.1f %.1fh24\" class=\"capacity\"/>\n", x, y+5)
	p.text(x+30, y+9, "soft", "what the server can serve")
}

// phases draws the names of the phases above a column.
func (p *plot) phases(col int, w *World) {
	var at time.Duration
	for i := range w.Phases {
		p.text(p.x(col, at+w.Phases[i].Length/2), plotTop-40, "soft mid", w.Phases[i].Name)
		at += w.Phases[i].Length
	}
}

// panel draws one run.
func (p *plot) panel(row, col int, t *Trace) {
	p.bands(row, col, t.World)
	for rate := 0.0; rate <= panelMost; rate += 100 {
		p.printf("<path d=\"M%.1f %.1fh%d\" class=\"grid\"/>\n", p.x(col, 0), p.y(row, rate), panelWidth)
		p.text(p.x(col, 0)-6, p.y(row, rate)+4, "soft end", fmt.Sprintf("%.0f", rate))
	}
	p.area(row, col, t, "waste", func(s Second) int { return s.Came })
	p.area(row, col, t, "served", func(s Second) int { return s.Served })
	p.capacity(row, col, t.World)
	p.printf("<path d=\"M%.1f %.1fh%d\" class=\"axis\"/>\n", p.x(col, 0), p.y(row, 0), panelWidth)
	f := &t.Figures
	p.printf("<text x=\"%.1f\" y=\"%.1f\"><tspan class=\"name\">%s</tspan><tspan class=\"soft\" dx=\"8\">%s requests per success, peak %s</tspan></text>\n",
		p.x(col, 0), p.y(row, panelMost)-8, t.Driver, decimal(f.PerSuccess), times(f.Peak))
}

// bands shades every other phase, and the outage in another colour.
func (p *plot) bands(row, col int, w *World) {
	var at time.Duration
	for i := range w.Phases {
		phase := &w.Phases[i]
		class := ""
		switch {
		case phase.Down:
			class = "out"
		case i%2 == 1:
			class = "band"
		}
		if class != "" {
			p.printf("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" class=\"%s\"/>\n",
				p.x(col, at), p.y(row, panelMost), p.x(col, at+phase.Length)-p.x(col, at), panelHeight, class)
		}
		at += phase.Length
	}
}

// area fills what lies under the means of a rate.
func (p *plot) area(row, col int, t *Trace, class string, of func(Second) int) {
	p.printf("<path class=\"%s\" d=\"M%.1f %.1f", class, p.x(col, 0), p.y(row, 0))
	for from := time.Duration(0); from+step <= plotted; from += step {
		sum := 0
		for _, second := range t.Load[from/time.Second : (from+step)/time.Second] {
			sum += of(second)
		}
		p.printf("V%.1fH%.1f", p.y(row, float64(sum)/step.Seconds()), p.x(col, from+step))
	}
	p.printf("V%.1fz\"/>\n", p.y(row, 0))
}

// capacity draws the line of what the server can serve.
func (p *plot) capacity(row, col int, w *World) {
	var at time.Duration
	p.printf("<path class=\"capacity\" d=\"")
	for i := range w.Phases {
		verb := "L"
		if i == 0 {
			verb = "M"
		}
		at += w.Phases[i].Length
		p.printf("%s%.1f %.1fH%.1f", verb, p.x(col, at-w.Phases[i].Length), p.y(row, w.Phases[i].Capacity), p.x(col, at))
	}
	p.printf("H%.1f\"/>\n", p.x(col, plotted))
}

// minutes draws the labels of the time below a column.
func (p *plot) minutes(col, rows int) {
	y := p.y(rows-1, 0) + 18
	for at := time.Duration(0); at <= plotted; at += 2 * time.Minute {
		p.text(p.x(col, at), y, "soft mid", fmt.Sprintf("%.0f min", at.Minutes()))
	}
}
