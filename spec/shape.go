package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A reader turns YAML nodes into the model and collects what is wrong.
type reader struct {
	file     string
	problems Problems
}

func (r *reader) report(at Pos, rule, text, mend string) {
	r.problems = append(r.problems, Problem{File: r.file, Pos: at, Rule: rule, Text: text, Mend: mend})
}

// A shape is one kind of value in a catalog: what it is called, and how it is
// read into a T. Reading reports what is wrong and says whether v was set.
type shape[T any] struct {
	what string // as in "this must be …"
	read func(r *reader, n *yaml.Node, v *T) bool
}

// A key is one key of a mapping that is read into an S.
type key[S any] struct {
	name string
	need bool // the mapping must have it
	doc  string
	read func(r *reader, n *yaml.Node, s *S)
}

// field is a key whose value has a shape and goes to the place that get gives.
func field[S, T any](name string, get func(*S) *T, sh shape[T], doc string) key[S] {
	return key[S]{name: name, doc: doc, read: func(r *reader, n *yaml.Node, s *S) { sh.read(r, n, get(s)) }}
}

// required makes a key one that the mapping must have.
func required[S any](k key[S]) key[S] {
	k.need = true
	return k
}

// within makes keys of an inner struct into keys of the outer one: the same
// keys, spelled the same, on different mappings.
func within[S, T any](get func(*S) *T, keys []key[T]) []key[S] {
	out := make([]key[S], len(keys))
	for i, k := range keys {
		out[i] = key[S]{name: k.name, need: k.need, doc: k.doc, read: func(r *reader, n *yaml.Node, s *S) { k.read(r, n, get(s)) }}
	}
	return out
}

// A Node is where a mapping of a catalog stands and which keys it has.
type Node struct {
	Pos
	keys map[string]Pos
}

// At returns the place of a key's value, or the mapping's own place when the
// key is not there.
func (n *Node) At(key string) Pos {
	if pos, ok := n.keys[key]; ok {
		return pos
	}
	return n.Pos
}

// Has reports whether the mapping has the key.
func (n *Node) Has(key string) bool {
	_, ok := n.keys[key]
	return ok
}

func (n *Node) node() *Node { return n }

// object is the shape of a mapping with the given keys.
func object[S any, P interface {
	*S
	node() *Node
}](what string, keys ...[]key[S]) shape[S] {
	byName := map[string]key[S]{}
	for _, k := range slices.Concat(keys...) {
		byName[k.name] = k
	}
	names := slices.Sorted(maps.Keys(byName))
	return shape[S]{what, func(r *reader, n *yaml.Node, v *S) bool {
		if !r.kind(n, yaml.MappingNode, what) {
			return false
		}
		node := P(v).node()
		node.Pos, node.keys = posOf(n), map[string]Pos{}
		r.pairs(n, func(k, val *yaml.Node) {
			known, ok := byName[k.Value]
			if !ok {
				r.report(posOf(k), "unknown-key", fmt.Sprintf("%s has no key %q", what, k.Value), suggest(k.Value, names))
				return
			}
			node.keys[k.Value] = posOf(val)
			known.read(r, val, v)
		})
		for _, name := range names {
			if byName[name].need && !node.Has(name) {
				r.report(posOf(n), "missing-key", fmt.Sprintf("%s needs the key %q", what, name), "add it: "+byName[name].doc)
			}
		}
		return true
	}}
}

// pairs calls f for each key and value of a mapping, and reports keys that are
// no scalars or stand twice.
func (r *reader) pairs(n *yaml.Node, f func(k, v *yaml.Node)) {
	seen := map[string]Pos{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			r.report(posOf(k), "wrong-type", "a key must be a plain word", "")
			continue
		}
		if first, twice := seen[k.Value]; twice {
			r.report(posOf(k), "duplicate-key", fmt.Sprintf("%q stands twice; first in line %d", k.Value, first.Line), "remove one of the two")
			continue
		}
		seen[k.Value] = posOf(k)
		f(k, v)
	}
}

// kind reports whether the node is of the kind, and a problem if not.
func (r *reader) kind(n *yaml.Node, kind yaml.Kind, what string) bool {
	if n.Kind == kind {
		return true
	}
	have := map[yaml.Kind]string{yaml.MappingNode: "a mapping", yaml.SequenceNode: "a list", yaml.ScalarNode: "a single value"}[n.Kind]
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		have = "nothing"
	}
	r.report(posOf(n), "wrong-type", fmt.Sprintf("this must be %s, not %s", what, have), "")
	return false
}

// list is the shape of a sequence of values of one shape.
func list[T any](sh shape[T]) shape[[]T] {
	what := "a list, each element " + sh.what
	return shape[[]T]{what, func(r *reader, n *yaml.Node, v *[]T) bool {
		if !r.kind(n, yaml.SequenceNode, what) {
			return false
		}
		for _, c := range n.Content {
			var e T
			if sh.read(r, c, &e) {
				*v = append(*v, e)
			}
		}
		return true
	}}
}

// oneOrMore is the shape of a list that may be written as its only element.
func oneOrMore[T any](sh shape[T]) shape[[]T] {
	many := list(sh)
	return shape[[]T]{sh.what + ", or a list of such", func(r *reader, n *yaml.Node, v *[]T) bool {
		if n.Kind == yaml.SequenceNode {
			return many.read(r, n, v)
		}
		var e T
		if !sh.read(r, n, &e) {
			return false
		}
		*v = append(*v, e)
		return true
	}}
}

// short is a shape that may also be written in a shorter form, as a node of
// another kind.
func short[T any](long shape[T], kind yaml.Kind, brief shape[T]) shape[T] {
	return shape[T]{brief.what + ", or " + long.what, func(r *reader, n *yaml.Node, v *T) bool {
		if n.Kind == kind {
			return brief.read(r, n, v)
		}
		return long.read(r, n, v)
	}}
}

// table is the shape of a mapping with free keys: each pair becomes an
// element, in the order of the file.
func table[T any](what string, read func(r *reader, k, v *yaml.Node) (T, bool)) shape[[]T] {
	return shape[[]T]{what, func(r *reader, n *yaml.Node, v *[]T) bool {
		if !r.kind(n, yaml.MappingNode, what) {
			return false
		}
		r.pairs(n, func(k, val *yaml.Node) {
			if e, ok := read(r, k, val); ok {
				*v = append(*v, e)
			}
		})
		return true
	}}
}

// suggest tells which of the names was probably meant, or all of them.
func suggest(word string, names []string) string {
	best, least := "", 1+len(word)/3
	for _, name := range names {
		if d := distance(word, name); d <= least {
			best, least = name, d-1
		}
	}
	if best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "known: " + strings.Join(names, ", ")
}

// distance is the number of single-character insertions, deletions and
// substitutions that lead from a to b (Levenshtein), no more than 64
// characters of which count.
func distance(a, b string) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
