package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Limits of a catalog file. A catalog is untrusted input; real ones are far
// below all three.
const (
	MaxBytes = 1 << 20 // of a file
	maxDepth = 64
	maxNodes = 50_000
)

// parseYAML returns the one document of a catalog as a tree of plain mappings,
// sequences and scalars. It reports whatever else YAML has (aliases, merge
// keys, custom tags, a second document) and anything beyond the limits. It
// returns nil when the tree must not be looked at.
func (r *reader) parseYAML(src []byte) *yaml.Node {
	if len(src) > MaxBytes {
		r.report(Pos{1, 1}, "yaml-limit", fmt.Sprintf("the file has %d bytes, more than the %d that a catalog may have", len(src), MaxBytes), "split the catalog by vendor")
		return nil
	}
	if at, what := badText(src); what != "" {
		r.report(at, "yaml-syntax", "the file has "+what+" here", "save it as UTF-8 text, and write control characters in double quotes with a backslash")
		return nil
	}
	docs, err := documents(src)
	switch {
	case err != nil:
		r.syntax(err)
		return nil
	case len(docs) > 1:
		r.report(posOf(docs[1]), "yaml-document", "a second document begins here", "keep one catalog to a file")
		return nil
	case len(docs) == 0 || len(docs[0].Content) != 1 || docs[0].Content[0].Tag == "!!null":
		r.report(Pos{1, 1}, "yaml-syntax", "the file is empty", "begin it with errgen: v1")
		return nil
	}
	nodes := 0
	if !r.plain(docs[0], 0, &nodes) {
		return nil
	}
	return docs[0].Content[0]
}

// badText returns where src stops being a text in UTF-8, and what is there
// instead; "" when all of it is one. The YAML library does not tell where.
func badText(src []byte) (at Pos, what string) {
	at = Pos{1, 1}
	for i := 0; i < len(src); {
		c, n := utf8.DecodeRune(src[i:])
		switch {
		case c == utf8.RuneError && n == 1:
			return at, fmt.Sprintf("the byte %#02x, which is not UTF-8,", src[i])
		case c == '\n':
			at = Pos{at.Line + 1, 0}
		case c < ' ' && c != '\t' && c != '\r' || 0x7f <= c && c < 0xa0 && c != 0x85:
			return at, fmt.Sprintf("the control character %U", c)
		}
		at.Col++
		i += n
	}
	return at, ""
}

// documents returns the first two documents in src, or less when it has less.
// It never panics: the YAML library does on some inputs.
func documents(src []byte) (docs []*yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			docs, err = nil, fmt.Errorf("yaml: %v", p)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(src))
	for len(docs) < 2 {
		doc := &yaml.Node{}
		if err := dec.Decode(doc); errors.Is(err, io.EOF) {
			return docs, nil
		} else if err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

// The YAML library names the line before that of an error of its parser, and
// for a broken block the line in which the block begins.
var (
	yamlLine   = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
	yamlParser = regexp.MustCompile(`^did not find expected (node content|<document start>|',' or)`)
	yamlBlock  = regexp.MustCompile(`^did not find expected (key|'-' indicator)`)
)

// syntax reports an error of the YAML library in the line that it is about.
func (r *reader) syntax(err error) {
	line, text := syntaxError(err)
	mend := "check indentation, quotes and colons near this line"
	switch {
	case yamlBlock.MatchString(text):
		line = r.brokenLine(text, line)
		mend = "indent this line like those that it belongs with"
	case yamlParser.MatchString(text):
		if line > 0 {
			line++
		}
		mend = "close each quote, bracket and brace, and put a value that has some in quotes"
	case strings.Contains(text, "tab character"):
		mend = "indent with spaces: a tab begins this line or the next"
	case strings.Contains(text, "cannot start any token"):
		mend = "put a value that begins with @ or ` in quotes, and indent with spaces, not with tabs"
	case strings.Contains(text, "mapping values are not allowed"):
		mend = "put a value with a colon in quotes, or check the indentation"
	}
	r.report(Pos{max(line, 1), 1}, "yaml-syntax", "this is not YAML: "+text, mend)
}

// syntaxError returns the line that an error of the YAML library names, zero
// for none, and its text.
func syntaxError(err error) (line int, text string) {
	text = err.Error()
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		line, _ = strconv.Atoi(m[1])
	}
	text, _, _ = strings.Cut(text, "\n")
	return line, text
}

// maxBisected is the size of the largest file in which brokenLine looks: it
// reads the file several times over.
const maxBisected = 128 << 10

// brokenLine returns the first line with which the file has the error, or the
// line at which the broken block begins when the file is large.
func (r *reader) brokenLine(text string, block int) int {
	size := 0
	for _, line := range r.lines {
		size += len(line)
	}
	if size > maxBisected {
		return block + 1
	}
	return 1 + sort.Search(len(r.lines)-1, func(i int) bool {
		_, err := documents(bytes.Join(r.lines[:i+1], nil))
		if err == nil {
			return false
		}
		_, got := syntaxError(err)
		return got == text
	})
}

// plain reports whether everything below n may be read, and what may not.
func (r *reader) plain(n *yaml.Node, depth int, nodes *int) bool {
	*nodes++
	pos := posOf(n)
	switch {
	case depth > maxDepth:
		r.report(pos, "yaml-limit", fmt.Sprintf("nested deeper than %d levels", maxDepth), "flatten the catalog")
		return false
	case *nodes > maxNodes:
		r.report(pos, "yaml-limit", fmt.Sprintf("more than %d values", maxNodes), "split the catalog by vendor")
		return false
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.report(pos, "yaml-alias", "anchors and aliases are not allowed", "write the value out")
		return false
	case n.Style&yaml.TaggedStyle != 0:
		r.report(pos, "yaml-tag", fmt.Sprintf("tag %s is not allowed", n.Tag), "remove the tag; every key knows its own type")
		return false
	case n.Tag == "!!merge":
		r.report(pos, "yaml-alias", "merge keys are not allowed", "write the keys out")
		return false
	}
	ok := true
	for _, c := range n.Content {
		if !r.plain(c, depth+1, nodes) {
			if ok = false; *nodes > maxNodes {
				break
			}
		}
	}
	return ok
}

func posOf(n *yaml.Node) Pos { return Pos{max(n.Line, 1), max(n.Column, 1)} }
