package main

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
)

// The markers between which a page has the report.
const (
	startMark = "<!-- make bench writes from here -->"
	endMark   = "<!-- to here -->"
)

// between returns the page with the text between the markers.
func between(page, text string) (string, error) {
	before, rest, ok := strings.Cut(page, startMark)
	_, after, closed := strings.Cut(rest, endMark)
	if !ok || !closed {
		return "", errors.New("the markers " + startMark + " and " + endMark + " are missing")
	}
	return before + startMark + "\n" + text + endMark + after, nil
}

// report returns the tables in Markdown.
func report(decoders, others []row) string {
	var b strings.Builder
	b.WriteString("\n| time, as a multiple of errgen's |")
	rule := "|---|"
	for _, g := range groups() {
		fmt.Fprintf(&b, " %s |", g.name)
		rule += "--:|"
	}
	fmt.Fprintf(&b, " allocations |\n%s--:|\n", rule)
	for _, r := range decoders {
		fmt.Fprintf(&b, "| %s |", r.Name)
		for _, f := range r.Figures {
			fmt.Fprintf(&b, " %.2f |", f.Ratio)
		}
		if len(r.Figures) > 0 {
			fmt.Fprintf(&b, " %.1f |", r.Figures[0].Allocs)
		}
		b.WriteString("\n")
	}
	nanos := decoders[0].Figures[0].Nanos
	fmt.Fprintf(&b, "\nGeometric means over %d bodies, %d of them nested; allocations are those of the bodies as sampled. One `Decode` took %.0f ns, with %s on %s/%s and GOGC=%d.\n",
		len(sampled()), len(nested()), nanos, runtime.Version(), runtime.GOOS, runtime.GOARCH, gcPercent)
	b.WriteString("\n| beside | time | allocations |\n|---|--:|--:|\n")
	for _, r := range others {
		allocs := ""
		if !math.IsNaN(r.Figures[0].Allocs) {
			allocs = fmt.Sprintf("%.1f", r.Figures[0].Allocs)
		}
		fmt.Fprintf(&b, "| %s | %.2f | %s |\n", r.Name, r.Figures[0].Ratio, allocs)
	}
	return b.String() + "\n"
}
