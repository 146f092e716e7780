package apierr

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxFilters is how many filters share one reading of the children.
const maxFilters = 64

// more is what only some nodes want: further captures, and what takes reading
// a value again, once it is known where it ends.
type more struct {
	also    []target // several paths can lead to one value
	members bool     // [*] wants the members of an object
	deep    *deep    // nil: there is no ..name
	filters []filters
}

// deep is the ..name steps from a value.
type deep struct {
	names node                 // has a member for each name; its node is for the values
	opens map[*member][]uint32 // tables that get a row for each value
}

// filters is up to maxFilters filters of a value's children.
type filters struct {
	test   *node // captures what they test, into the row of table 0
	wanted []wanted
}

// wanted is one filter.
type wanted struct {
	tested target // where the test captures
	kind   kind   // of the value
	text   string // of the value: a string's characters, the others as they are written
	number numeral
	node   *node // for the first child that passes
}

// extra returns the node's more, made when it has none.
func (n *node) extra() *more {
	if n.more == nil {
		n.more = &more{}
	}
	return n.more
}

// deep compiles ..name steps.
func (c *compiler) deep(steps []step, below map[step][]*branch) *deep {
	if len(steps) == 0 {
		return nil
	}
	d := &deep{opens: map[*member][]uint32{}}
	for _, st := range steps {
		d.names.members = append(d.names.members, newMember(st.name, c.node(below[st])))
		d.names.mangled = d.names.mangled || strings.ContainsRune(st.name, utf8.RuneError)
	}
	d.names.index()
	for i, st := range steps {
		m := &d.names.members[i]
		for _, b := range below[st] {
			d.opens[m] = append(d.opens[m], b.opens)
		}
	}
	return d
}

// filters compiles filters. What they test needs no rows: it is of no use after
// the test.
func (c *compiler) filters(steps []step, below map[step][]*branch) []filters {
	var all []filters
	for some := range slices.Chunk(steps, maxFilters) {
		var f filters
		root := &branch{}
		for _, st := range some {
			path, _ := ParseRelativePath(st.test.path)
			w := wanted{tested: c.add(root, path), kind: st.test.kind, text: st.test.text, node: c.node(below[st])}
			if c.plan.xml != nil {
				w.kind = kindString // in XML all is text
			} else if w.kind == kindNumber {
				w.number = appendNumeral(nil, []byte(w.text))
			}
			f.wanted = append(f.wanted, w)
		}
		c.forgets(root)
		f.test = c.node([]*branch{root})
		all = append(all, f)
	}
	return all
}
