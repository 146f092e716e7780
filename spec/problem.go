package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Severity says whether a [Problem] keeps a catalog from being used.
type Severity uint8

// The severities. The zero value is Error.
const (
	Error   Severity = iota // nothing is generated
	Warning                 // worth a look
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// A Pos is a place in a catalog file, both counted from 1. The zero value is
// no place.
type Pos struct {
	Line, Col int
}

// A Problem is one thing that is wrong with a catalog: where, by which rule,
// what, and how to mend it.
type Problem struct {
	File string
	Pos
	Rule     string // id of the rule in [Rules], "unknown-key"
	Severity Severity
	Text     string // what is wrong
	Mend     string // how to mend it
}

// String returns the problem as one line, "file:line:col: rule: text; mend".
// A warning says so after the place.
func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", p.File, p.Line, p.Col)
	if p.Severity == Warning {
		b.WriteString("warning: ")
	}
	fmt.Fprintf(&b, "%s: %s", p.Rule, p.Text)
	if p.Mend != "" {
		b.WriteString("; " + p.Mend)
	}
	return b.String()
}

// Problems is everything that is wrong with some catalogs, sorted by place.
type Problems []Problem

// Err returns the problems as an error, or nil when there is none that keeps a
// catalog from being used.
func (p Problems) Err() error {
	if !slices.ContainsFunc(p, func(q Problem) bool { return q.Severity == Error }) {
		return nil
	}
	return p
}

// Error returns the problems, a line each.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// Sort puts the problems in order of file, place and rule, and drops those
// that say the same of the same place.
func (p Problems) Sort() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Col, b.Col), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(p)
}
