package spec

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

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

// A shape is one kind of value in a catalog: how it looks, and how it is read
// into a T. Reading reports what is wrong and says whether v was set. The two
// are made together, so that what editors and readers are told is what is read.
type shape[T any] struct {
	*form
	read   func(r *reader, n *yaml.Node, v *T) bool
	byName map[string]key[T] // the keys of a mapping
}

func shapeOf[T any](f form, read func(r *reader, n *yaml.Node, v *T) bool) shape[T] {
	f.try = func(r *reader, n *yaml.Node) {
		var v T
		read(r, n, &v)
	}
	return shape[T]{form: &f, read: read}
}

// named gives a shape a definition of its own in the schema and a section on
// the reference page: its name, what it is, and an example in YAML.
func (s shape[T]) named(name, doc, example string) shape[T] {
	s.form.name, s.form.doc, s.form.example = name, doc, example
	return s
}

// part is the shape of a part of an S that is written as if it were the S.
func part[S, T any](get func(*S) *T, sh shape[T]) shape[S] {
	return shape[S]{form: sh.form, read: func(r *reader, n *yaml.Node, s *S) bool { return sh.read(r, n, get(s)) }}
}

// later is a shape that is set by init because it holds itself.
func later[T any](what string, sh *shape[T]) shape[T] {
	return shape[T]{
		form: &form{what: what, target: func() *form { return sh.form }},
		read: func(r *reader, n *yaml.Node, v *T) bool { return sh.read(r, n, v) },
	}
}

// A key is one key of a mapping that is read into an S.
type key[S any] struct {
	*keyForm
	read func(r *reader, n *yaml.Node, s *S)
}

// field is a key whose value has a shape and goes to the place that get gives.
// It says in words what the value tells, and shows one in YAML.
func field[S, T any](name string, get func(*S) *T, sh shape[T], doc, example string) key[S] {
	return key[S]{
		keyForm: &keyForm{name: name, doc: doc, example: example, value: sh.form},
		read:    func(r *reader, n *yaml.Node, s *S) { sh.read(r, n, get(s)) },
	}
}

// required makes a key one that the mapping must have.
func (k key[S]) required() key[S] {
	k.need = true
	return k
}

// def names the value, in YAML, that stands for a key which is not there.
func (k key[S]) def(value string) key[S] {
	k.preset = value
	return k
}

// without says in words what holds when the key is not there.
func (k key[S]) without(words string) key[S] {
	k.unset = words
	return k
}

// shared makes keys of several mappings ones that the reference page explains
// once, in the section of the given name.
func shared[S any](section string, keys ...key[S]) []key[S] {
	for _, k := range keys {
		k.section = section
	}
	return keys
}

// within makes keys of an inner struct into keys of the outer one: the same
// keys, spelled the same, on different mappings.
func within[S, T any](get func(*S) *T, keys []key[T]) []key[S] {
	out := make([]key[S], len(keys))
	for i, k := range keys {
		out[i] = key[S]{k.keyForm, func(r *reader, n *yaml.Node, s *S) { k.read(r, n, get(s)) }}
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

// begin puts the node at a place, without keys.
func (n *Node) begin(at Pos) {
	n.Pos, n.keys, n.failed = at, map[string]Pos{}, map[string]bool{}
}

// value notes where a key's value is, and whether reading it fails.
func (n *Node) value(r *reader, val *yaml.Node, key string, read func()) {
	before := len(r.problems)
	n.keys[key] = posOf(val)
	read()
	if len(r.problems) > before {
		n.failed[key] = true
	}
}

// object is the shape of a mapping with the given keys.
func object[S any, P interface {
	*S
	node() *Node
}](what string, keys ...[]key[S]) shape[S] {
	byName := map[string]key[S]{}
	f := form{what: what, mapping: true}
	for _, k := range slices.Concat(keys...) {
		byName[k.name] = k
		f.keys = append(f.keys, k.keyForm)
	}
	names := slices.Sorted(maps.Keys(byName))
	sh := shapeOf(f, func(r *reader, n *yaml.Node, v *S) bool {
		if !r.kind(n, yaml.MappingNode, what) {
			return false
		}
		node := P(v).node()
		node.begin(posOf(n))
		r.pairs(n, func(k, val *yaml.Node) {
			known, ok := byName[k.Value]
			if !ok {
				r.report(posOf(k), "unknown-key", fmt.Sprintf("%s has no key %q", what, clip(k.Value)), Suggest(k.Value, names))
				node.failed[k.Value] = true
				return
			}
			node.value(r, val, k.Value, func() { known.read(r, val, v) })
		})
		for _, name := range names {
			if byName[name].need && !node.Has(name) {
				r.report(posOf(n), "missing-key", fmt.Sprintf("%s needs the key %q", what, name), fmt.Sprintf(`add "%s:", %s`, name, byName[name].doc))
				node.failed[name] = true
			}
		}
		return true
	})
	sh.byName = byName
	return sh
}

// alone is the shape of a mapping that may also be written as the value of one
// of its keys: as $.code for {body: $.code}. A node of the given kind is that
// value.
func alone[S any, P interface {
	*S
	node() *Node
}](long shape[S], kind yaml.Kind, name string) shape[S] {
	only := long.byName[name]
	return short(long, kind, shape[S]{form: only.keyForm.value, read: func(r *reader, n *yaml.Node, v *S) bool {
		node, before := P(v).node(), len(r.problems)
		node.begin(posOf(n))
		node.value(r, n, name, func() { only.read(r, n, v) })
		return len(r.problems) == before
	}})
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
	return shapeOf(form{what: what, each: sh.form}, func(r *reader, n *yaml.Node, v *[]T) bool {
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
	})
}

// oneOrMore is the shape of a list that may be written as its only element.
func oneOrMore[T any](sh shape[T]) shape[[]T] {
	many := list(sh)
	many.filled = true
	f := form{what: sh.what + ", or a list of such", either: []*form{sh.form, many.form}}
	return shapeOf(f, func(r *reader, n *yaml.Node, v *[]T) bool {
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
	})
}

// short is a shape that may also be written in a shorter form, as a node of
// another kind.
func short[T any](long shape[T], kind yaml.Kind, brief shape[T]) shape[T] {
	f := form{what: brief.what + ", or " + long.what, either: []*form{brief.form, long.form}}
	return shapeOf(f, func(r *reader, n *yaml.Node, v *T) bool {
		if n.Kind == kind {
			return brief.read(r, n, v)
		}
		return long.read(r, n, v)
	})
}

// table is the shape of a mapping with free keys: each pair becomes an
// element, in the order of the file. Names are what its keys look like, and
// values what stands behind them; both are read into the element.
func table[E any](what string, names, values shape[E]) shape[[]E] {
	f := form{what: what, names: names.form, values: values.form}
	return shapeOf(f, func(r *reader, n *yaml.Node, v *[]E) bool {
		if !r.kind(n, yaml.MappingNode, what) {
			return false
		}
		r.pairs(n, func(k, val *yaml.Node) {
			var e E
			ok := names.read(r, k, &e)
			ok = values.read(r, val, &e) && ok
			if mapping, is := any(&e).(interface{ node() *Node }); is {
				mapping.node().Pos = posOf(k)
			}
			if ok {
				*v = append(*v, e)
			}
		})
		return true
	})
}
