package spec

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A reader turns YAML nodes into the model and collects what is wrong.
type reader struct {
	file     string
	lines    [][]byte // of the file, with their ends
	problems Problems
}

func newReader(file string, src []byte) *reader {
	return &reader{file: file, lines: bytes.SplitAfter(src, []byte("\n"))}
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
	keys   map[string]Pos
	failed map[string]bool // keys that are unknown or missing, or below which something is wrong
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

// Failed reports whether something is wrong with one of the keys or below it,
// so that their values say nothing. Without keys it asks for any key at all.
func (n *Node) Failed(keys ...string) bool {
	if len(keys) == 0 {
		return len(n.failed) > 0
	}
	return slices.ContainsFunc(keys, func(k string) bool { return n.failed[k] })
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
		node.Pos, node.keys, node.failed = posOf(n), map[string]Pos{}, map[string]bool{}
		r.pairs(n, func(k, val *yaml.Node) {
			before := len(r.problems)
			if known, ok := byName[k.Value]; ok {
				node.keys[k.Value] = posOf(val)
				known.read(r, val, v)
			} else {
				r.report(posOf(k), "unknown-key", fmt.Sprintf("%s has no key %q", what, clip(k.Value)), suggest(k.Value, names))
			}
			if len(r.problems) > before {
				node.failed[k.Value] = true
			}
		})
		for _, name := range names {
			if byName[name].need && !node.Has(name) {
				r.report(posOf(n), "missing-key", fmt.Sprintf("%s needs the key %q", what, name), fmt.Sprintf(`add "%s:", %s`, name, byName[name].doc))
				node.failed[name] = true
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
			r.report(posOf(k), "wrong-type", "a key must be a single word, not "+kindName(k), "write a word before the colon")
			continue
		}
		if first, twice := seen[k.Value]; twice {
			r.report(posOf(k), "duplicate-key", fmt.Sprintf("%q is given twice, first in line %d", clip(k.Value), first.Line), "remove one of the two")
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
	mend := map[yaml.Kind]string{
		yaml.MappingNode:  "write key: value, a line each",
		yaml.SequenceNode: "write - before each element, or [a, b]",
		yaml.ScalarNode:   "write a single value after the colon",
	}[kind]
	r.report(posOf(n), "wrong-type", fmt.Sprintf("this must be %s, not %s", what, kindName(n)), mend)
	return false
}

// kindName says in a message what a node is.
func kindName(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null":
		return "nothing"
	}
	return "a single value"
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
			if len(n.Content) == 0 {
				r.report(posOf(n), "bad-value", "this list is empty", "give "+sh.what+", or remove the key")
				return false
			}
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
	small := strings.ToLower(word)
	best, least := "", max(1, (len(word)+1)/3)
	for _, name := range names {
		if d := distance(small, name); d <= least {
			best, least = name, d-1
		}
	}
	for _, name := range names {
		if best == "" && word != "" && (strings.HasPrefix(name, small) || strings.HasPrefix(small, name)) {
			best = name
		}
	}
	if best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "known: " + strings.Join(names, ", ")
}

// distance is the number of single-character insertions, deletions,
// substitutions and swaps of neighbours that lead from a to b, no more than 64
// characters of which count (optimal string alignment).
func distance(a, b string) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
