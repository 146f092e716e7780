package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"gopkg.in/yaml.v3"

	"github.com/errgen/errgen/spec"
)

// editorValue is what an editor hands to its validator: a node by the core
// schema of YAML 1.2, section 10.3.2, which has no dates and reads 017 as 17.
func editorValue(n *yaml.Node) any {
	switch n.Kind {
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, editorValue(c))
		}
		return list
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			object[n.Content[i].Value] = editorValue(n.Content[i+1])
		}
		return object
	}
	text := n.Value
	switch {
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return text
	case slices.Contains([]string{"", "~", "null", "Null", "NULL"}, text):
		return nil
	case slices.Contains([]string{"true", "True", "TRUE", "false", "False", "FALSE"}, text):
		return strings.EqualFold(text, "true")
	case prefixed.MatchString(text):
		i, _ := strconv.ParseUint(text, 0, 64)
		return json.Number(strconv.FormatUint(i, 10))
	case decimal.MatchString(text):
		f, _ := strconv.ParseFloat(text, 64)
		return json.Number(strconv.FormatFloat(f, 'f', -1, 64))
	}
	return text
}

var (
	prefixed = regexp.MustCompile(`^0(?:o[0-7]{1,20}|x[0-9a-fA-F]{1,15})$`)
	decimal  = regexp.MustCompile(`^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,2})?$`)
)

// A failure is one thing that a validator finds: where, and by which keyword.
type failure struct {
	at   string // JSON pointer
	kind jsonschema.ErrorKind
}

type found []failure

// failures are all failures in an error, those of every alternative too.
func failures(t *testing.T, err error) found {
	t.Helper()
	if err == nil {
		return nil
	}
	var v *jsonschema.ValidationError
	if !errors.As(err, &v) {
		t.Fatal(err)
	}
	var all found
	var walk func(*jsonschema.ValidationError)
	walk = func(v *jsonschema.ValidationError) {
		if _, name := v.ErrorKind.(*kind.PropertyNames); name || len(v.Causes) == 0 {
			all = append(all, failure{pointer(v.InstanceLocation), v.ErrorKind})
			return
		}
		for _, cause := range v.Causes {
			walk(cause)
		}
	}
	walk(v)
	return all
}

func pointer(path []string) string { return "/" + strings.Join(path, "/") }

// String returns a line for each failure.
func (f found) String() string {
	var b strings.Builder
	for _, e := range f {
		fmt.Fprintf(&b, "  %s: %T %v\n", e.at, e.kind, e.kind)
	}
	return b.String()
}

// has reports whether the failures have the problem, which may be at any of
// some places.
func (f found) has(p spec.Problem, places []place) bool {
	return slices.ContainsFunc(f, func(e failure) bool {
		return slices.ContainsFunc(places, func(at place) bool { return e.is(p, at) })
	})
}

func (e failure) is(p spec.Problem, at place) bool {
	switch k := e.kind.(type) {
	case *kind.AdditionalProperties: // an unknown key, or an unknown word as a key
		return (p.Rule == "unknown-key" || p.Rule == "bad-value") && at.key != "" && e.at == at.parent && slices.Contains(k.Properties, at.key)
	case *kind.Required:
		return p.Rule == "missing-key" && e.at == at.path && slices.ContainsFunc(k.Missing, func(name string) bool {
			return strings.Contains(p.Text, strconv.Quote(name))
		})
	case *kind.PropertyNames:
		return at.key == k.Property // the validator does not say reliably where
	}
	return e.at == at.path
}

// A place is a node at a position: a value, or a key with its mapping.
type place struct {
	path   string
	parent string // of a key
	key    string
}

// placesAt are the nodes that begin at a position, or those that begin last
// before it in the same line.
func placesAt(root *yaml.Node, pos spec.Pos) []place {
	var out []place
	best := 0
	note := func(n *yaml.Node, p place) {
		if n.Line != pos.Line || n.Column > pos.Col || n.Column < best {
			return
		}
		if n.Column > best {
			best, out = n.Column, nil
		}
		out = append(out, p)
	}
	var walk func(path []string, n *yaml.Node)
	walk = func(path []string, n *yaml.Node) {
		note(n, place{path: pointer(path)})
		for i, c := range n.Content {
			switch {
			case n.Kind == yaml.SequenceNode:
				walk(append(slices.Clip(path), strconv.Itoa(i)), c)
			case i%2 == 0:
				inner := append(slices.Clip(path), c.Value)
				note(c, place{path: pointer(inner), parent: pointer(path), key: c.Value})
				walk(inner, n.Content[i+1])
			}
		}
	}
	walk(nil, root)
	return out
}
