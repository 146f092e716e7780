package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Limits of a catalog file. A catalog is untrusted input; real ones are far
// below all three.
const (
	maxBytes = 1 << 20
	maxDepth = 64
	maxNodes = 50_000
)

// parseYAML returns the one document of a catalog as a tree of plain mappings,
// sequences and scalars. It reports whatever else YAML has (aliases, merge
// keys, custom tags, a second document) and anything beyond the limits. It
// returns nil when the tree must not be looked at.
func (r *reader) parseYAML(src []byte) *yaml.Node {
	if len(src) > maxBytes {
		r.report(Pos{1, 1}, "yaml-limit", fmt.Sprintf("the file has %d bytes, more than the %d that a catalog may have", len(src), maxBytes), "split the catalog by vendor")
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc yaml.Node
	if err := decodeNode(dec, &doc); err != nil {
		if errors.Is(err, io.EOF) {
			r.report(Pos{1, 1}, "yaml-syntax", "the file is empty", "start from the skeleton in spec/README.md")
		} else {
			r.syntax(err)
		}
		return nil
	}
	var second yaml.Node
	switch err := decodeNode(dec, &second); {
	case err == nil:
		r.report(Pos{max(second.Line, 1), max(second.Column, 1)}, "yaml-document", "a second document begins here", "keep one catalog to a file")
		return nil
	case !errors.Is(err, io.EOF):
		r.syntax(err)
		return nil
	}
	nodes := 0
	if !r.plain(&doc, 0, &nodes) || len(doc.Content) != 1 {
		return nil
	}
	return doc.Content[0]
}

// decodeNode decodes one document without ever panicking: the YAML library
// does on some inputs.
func decodeNode(dec *yaml.Decoder, n *yaml.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("yaml: %v", p)
		}
	}()
	return dec.Decode(n)
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// syntax reports an error of the YAML library at the line it names.
func (r *reader) syntax(err error) {
	text := err.Error()
	m := yamlLine.FindStringSubmatch(text)
	line := 1
	if m != nil {
		text = text[len(m[0]):]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	text, _, _ = strings.Cut(text, "\n")
	r.report(Pos{line, 1}, "yaml-syntax", "this is not YAML: "+text, "check indentation, quotes and colons near this line")
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
