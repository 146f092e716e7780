package apierr

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a [Path].
const (
	maxSteps = 16      // steps from the root
	maxIndex = 1 << 16 // largest [n]
)

// A Path leads from the root of a JSON text to values in it. It is written in
// a subset of JSONPath (RFC 9535): a root, then at most 16 steps, without
// blanks.
//
//	$             the root: the whole body
//	@             the root of a relative path: an element of a list, say
//	.name         a member of an object; letters, digits, _ and -, the first a letter or _
//	['any name']  the same for any name, in single or double quotes, with the escapes of RFC 9535
//	[0]           an element of an array, counted from 0, up to 65536
//	[*]           every element of an array, but unlike in RFC 9535 not the members of an object
//
// Names are compared exactly, letter case included, after escapes are undone
// on both sides. The zero value is the path $. A Path is immutable and safe
// for concurrent use.
type Path struct {
	relative bool
	steps    []step
}

type stepKind uint8

const (
	stepName  stepKind = iota // the member called name
	stepIndex                 // the element at index
	stepAll                   // every element
)

// A step is comparable: equal steps lead to the same values.
type step struct {
	kind  stepKind
	name  string
	index int
}

// A PathError says what is wrong with the text of a path.
type PathError struct {
	Path   string // the text
	Offset int    // where in the text, in bytes from 0
	Text   string // what is wrong there and how to mend it
}

// Error returns one line with the path, the offset and the cause.
func (e *PathError) Error() string {
	return fmt.Sprintf("path %q, offset %d: %s", e.Path, e.Offset, e.Text)
}

// ParsePath reads a path that starts with $. Its error is a [*PathError].
func ParsePath(s string) (Path, error) {
	if strings.HasPrefix(s, "@") {
		return Path{}, &PathError{s, 0, "a relative path cannot stand here; start it with $"}
	}
	return ParseRelativePath(s)
}

// ParseRelativePath reads a path that starts with $ or with @; see
// [Path.Relative]. Its error is a [*PathError].
func ParseRelativePath(s string) (Path, error) {
	if s == "" || s[0] != '$' && s[0] != '@' {
		return Path{}, &PathError{s, 0, "a path starts with $: write $.name"}
	}
	r := pathReader{text: s, at: 1}
	p := Path{relative: s[0] == '@'}
	for r.at < len(s) {
		if len(p.steps) == maxSteps {
			return Path{}, r.errorf(r.at, "a path has at most %d steps; point at a value further up", maxSteps)
		}
		st, err := r.step()
		if err != nil {
			return Path{}, err
		}
		p.steps = append(p.steps, st)
	}
	return p, nil
}

// Relative reports whether the path starts with @: it leads on from wherever
// another path ends, see [Path.Join].
func (p Path) Relative() bool { return p.relative }

// Join returns the path that takes the steps of p and then those of rel. The
// result is relative if p is. It may have more steps than can be parsed.
func (p Path) Join(rel Path) Path {
	return Path{p.relative, slices.Concat(p.steps, rel.steps)}
}

// Lists returns the number of [*] steps: how deep lists are nested in which
// the path's values are.
func (p Path) Lists() int {
	n := 0
	for _, st := range p.steps {
		if st.kind == stepAll {
			n++
		}
	}
	return n
}

// String returns the path's canonical text: .name wherever it is possible,
// else ['name']. Parsing it gives the same path.
func (p Path) String() string {
	var w strings.Builder
	if p.relative {
		w.WriteByte('@')
	} else {
		w.WriteByte('$')
	}
	for _, st := range p.steps {
		switch {
		case st.kind == stepAll:
			w.WriteString("[*]")
		case st.kind == stepIndex:
			w.WriteString("[" + strconv.Itoa(st.index) + "]")
		case plainLen(st.name) == len(st.name) && st.name != "":
			w.WriteString("." + st.name)
		default:
			writeQuotedName(&w, st.name)
		}
	}
	return w.String()
}

// writeQuotedName writes a name selector as normalized paths have it (RFC
// 9535, section 2.7).
func writeQuotedName(w *strings.Builder, name string) {
	w.WriteString("['")
	for _, r := range name {
		if i := strings.IndexRune("\b\f\n\r\t'\\", r); i >= 0 {
			w.WriteByte('\\')
			w.WriteByte(`bfnrt'\`[i])
		} else if r < ' ' {
			fmt.Fprintf(w, `\u%04x`, r)
		} else {
			w.WriteRune(r)
		}
	}
	w.WriteString("']")
}

// plainLen returns the length of the longest part at the start of s that is a
// name without quotes.
func plainLen(s string) int {
	for i, r := range s {
		ok := r == '_' || unicode.IsLetter(r)
		if i > 0 {
			ok = ok || r == '-' || unicode.IsDigit(r) || unicode.IsMark(r)
		}
		if !ok || r == utf8.RuneError {
			return i
		}
	}
	return len(s)
}
