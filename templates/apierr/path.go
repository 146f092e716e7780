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
	maxTests = 4       // steps from an element to the value that a filter tests
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
//	[*]           every child: the elements of an array, the members of an object; also written .*
//	..name        every member of that name at any depth, up to 64 levels below; also ..['any name']
//	[?@.n=='x']   the first child whose n is the string x
//
// Names are compared exactly, letter case included, after escapes are undone
// on both sides. Of members with the same name only the last is there, as for
// encoding/json.
//
// In an XML body a name leads to all its elements: [*], [0] and a filter behind
// it choose among them, even where there is but one, and any other step goes on
// from the first. ..name leads to each of its elements.
//
// [*] and ..name lead to many values, in the order in which the body has them:
// an outer one before those inside it, and all before what follows it. (RFC
// 9535, section 2.5.2.2, has the members of an object before those below its
// earlier members.) Values of ..name that lie within one another are read for
// each of them; there are no more when that comes to 16 times the body.
//
// A filter tests a child itself, @, or a value in it, at most 4 names and
// indexes away. It compares with a string in single or double quotes, a number
// of at most 20 bytes, true or false. Types must agree, strings be the same,
// and numbers equal as decimals: 1.0 is 1e0, "1" is not. In XML all is text: a
// number, true or false there is the text that the path has. Unlike in RFC 9535
// a filter selects one child, the first, whatever the steps behind it find there.
//
// The zero value is the path $. A Path is immutable and safe for concurrent
// use.
type Path struct {
	relative bool
	steps    []step
}

type stepKind uint8

const (
	stepName  stepKind = iota // the member called name
	stepIndex                 // the element at index
	stepAll                   // every child
	stepDeep                  // members called name, at any depth
	stepFirst                 // the first child that passes the test
)

// A step is comparable: equal steps lead to the same values.
type step struct {
	kind  stepKind
	name  string
	index int
	test  test
}

// A test is the condition of a filter. It is comparable.
type test struct {
	path string // canonical, relative to the child
	kind kind   // of the value
	text string // of the value: a string's characters, the others as they are written
}

// list reports whether the step leads to many values.
func (st step) list() bool { return st.kind == stepAll || st.kind == stepDeep }

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

// Lists returns the number of [*] and ..name steps: how deep lists are nested in which
// the path's values are.
func (p Path) Lists() int {
	n := 0
	for _, st := range p.steps {
		if st.list() {
			n++
		}
	}
	return n
}

// String returns the path's canonical text: .name wherever it is possible,
// else ['name'], and [*] for every child. Parsing it gives the same path.
func (p Path) String() string {
	var w strings.Builder
	if p.relative {
		w.WriteByte('@')
	} else {
		w.WriteByte('$')
	}
	for _, st := range p.steps {
		st.write(&w)
	}
	return w.String()
}

func (st step) write(w *strings.Builder) {
	plain := plainLen(st.name) == len(st.name) && st.name != ""
	switch {
	case st.kind == stepAll:
		w.WriteString("[*]")
	case st.kind == stepIndex:
		w.WriteString("[" + strconv.Itoa(st.index) + "]")
	case st.kind == stepFirst:
		w.WriteString("[?" + st.test.path + "==")
		if st.test.kind == kindString {
			writeQuoted(w, st.test.text)
		} else {
			w.WriteString(st.test.text)
		}
		w.WriteString("]")
	case st.kind == stepDeep && plain:
		w.WriteString(".." + st.name)
	case plain:
		w.WriteString("." + st.name)
	default:
		if st.kind == stepDeep {
			w.WriteString("..")
		}
		w.WriteByte('[')
		writeQuoted(w, st.name)
		w.WriteByte(']')
	}
}

// writeQuoted writes a string as normalized paths have it (RFC 9535, section
// 2.7).
func writeQuoted(w *strings.Builder, s string) {
	w.WriteByte('\'')
	for _, r := range s {
		if i := strings.IndexRune("\b\f\n\r\t'\\", r); i >= 0 {
			w.WriteByte('\\')
			w.WriteByte(`bfnrt'\`[i])
		} else if r < ' ' {
			fmt.Fprintf(w, `\u%04x`, r)
		} else {
			w.WriteRune(r)
		}
	}
	w.WriteByte('\'')
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
