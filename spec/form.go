package spec

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// A form is a shape as editors and readers see it. The JSON Schema and the
// reference page are made of forms, and of nothing else that could drift from
// what is read.
type form struct {
	what    string // as in "this must be …"
	brief   string // the same for the cell of a table, when what would repeat the key
	name    string // of a form with a definition and a section of its own: delay_source
	doc     string // what it is for, when it has a name
	example string // YAML, when it has a name

	// One of these groups says what the value is.
	types     []string // a single value: what JSON may call it
	pattern   string   // of its text
	low, high float64  // of its number, when not both are 0
	words     []string // the only values
	meanings  map[string]string

	each   *form // a list: its elements
	filled bool  // the list has at least one

	mapping bool // with these keys
	keys    []*keyForm

	names, values *form // a mapping with free keys

	either []*form      // one of several forms
	target func() *form // a form that is known later
	any    bool         // whatever there is

	try func(r *reader, n *yaml.Node) // reads a value and reports what is wrong
}

// A keyForm is a key as editors and readers see it.
type keyForm struct {
	name    string
	doc     string // what the value tells
	example string // YAML
	need    bool   // the mapping must have the key
	preset  string // YAML of the value when the key is not there
	unset   string // what holds then, in words, when that is no value
	section string // where the reference page explains a key of several mappings
	value   *form
}

// settled is the form itself, when it was known only later.
func (f *form) settled() *form {
	if f.target != nil {
		return f.target()
	}
	return f
}

// object is the mapping with fixed keys that the form is, or can be; nil when
// it cannot be one.
func (f *form) object() *form {
	if f.mapping {
		return f
	}
	for _, e := range f.either {
		if o := e.settled().object(); o != nil && e.settled().name == "" {
			return o
		}
	}
	return nil
}

// vocabulary reports whether the form is one of a few words with meanings.
func (f *form) vocabulary() bool { return f.meanings != nil }

// eachNamed calls visit for each form with a name below f, in the order in
// which a reader meets them, each once.
func (f *form) eachNamed(visit func(*form)) {
	seen := map[string]bool{}
	var walk func(f *form)
	walk = func(f *form) {
		if f == nil {
			return
		}
		f = f.settled()
		if f.name != "" {
			if seen[f.name] {
				return
			}
			seen[f.name] = true
			visit(f)
		}
		for _, k := range f.keys {
			walk(k.value)
		}
		for _, e := range append([]*form{f.each, f.names, f.values}, f.either...) {
			walk(e)
		}
	}
	walk(f)
}

// title is the heading of a named form's section: "Delay source".
func (f *form) title() string { return sectionTitle(f.name) }

func sectionTitle(name string) string {
	words := strings.ReplaceAll(name, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

func sectionLink(name string) string { return "#" + strings.ReplaceAll(name, "_", "-") }

// inWords says in the cell of a table what a value is.
func (f *form) inWords() string {
	f = f.settled()
	switch {
	case f.name != "":
		return fmt.Sprintf("[%s](%s)", f.label(), sectionLink(f.name))
	case f.words != nil:
		return "`" + strings.Join(f.words, "` or `") + "`"
	case f.each != nil:
		return "a list, each " + f.each.inWords()
	case f.names != nil:
		return "a mapping from " + f.names.inWords() + " to " + f.values.inWords()
	case len(f.either) == 2 && f.either[1].each == f.either[0]:
		return f.either[0].inWords() + ", or a list"
	case f.either != nil:
		parts := make([]string, len(f.either))
		for i, e := range f.either {
			parts[i] = e.inWords()
		}
		return strings.Join(parts, ", or ")
	}
	return f.label()
}

// label is what the form is called: a mapping by its long form, as its section
// tells of the short one.
func (f *form) label() string {
	switch o := f.object(); {
	case f.brief != "":
		return f.brief
	case o != nil:
		return o.what
	}
	return f.what
}
