package apierr

import (
	"bytes"
	"fmt"
	"slices"
)

// In XML nothing tells one element from a list of one: a name within an element
// is always a list of elements. In the tree that [xmlToJSON] makes, a list of
// one stands as the element itself, unless a path goes on from the name with
// [*], an index or a filter. For paths it makes no difference then: what goes
// on with a name, or ends, means the first element; see [compiler.first] and
// [scan.plain].

// xmlLists are the names in an XML body that are arrays even of one element or
// attribute. It is nil for JSON.
type xmlLists struct {
	all   bool // every name
	names map[string]bool
}

func (l *xmlLists) has(name string) bool { return l != nil && (l.all || l.names[name]) }

// add adds the names that a path takes as lists: those that [*], an index or a
// filter follows. Which names those are that a [*] stands for is not known, so
// one that follows such a [*] makes lists of all.
func (l *xmlLists) add(path Path) {
	if l == nil {
		return
	}
	const ( // what the steps so far lead to
		element = iota
		named   // the elements of a name
		each    // the elements of any name
	)
	at := element
	for i, st := range path.steps {
		switch {
		case st.kind == stepName || st.kind == stepDeep:
			at = named
		case at == named:
			l.names[path.steps[i-1].name] = true
			at = element
		case at == each:
			l.all = true
			at = element
		default:
			at = each
		}
	}
}

// inBody returns the path as it leads through what is scanned: in the tree of an
// XML body ..name leads to lists, and so on to their elements.
func (p *plan) inBody(path Path) Path {
	if p.xml == nil {
		return path
	}
	var steps []step
	for i, st := range path.steps {
		steps = append(steps, st)
		last := i+1 == len(path.steps)
		if st.kind == stepDeep && (last || path.steps[i+1].kind == stepName || path.steps[i+1].kind == stepDeep) {
			steps = append(steps, step{kind: stepAll})
		}
	}
	return Path{path.relative, steps}
}

// first returns a branch that holds for the first of several elements of XML,
// for the paths that go on from b with a name. It is nil when none does.
func (c *compiler) first(b *branch) *branch {
	if c.plan.xml == nil || b.isFirst {
		return nil
	}
	named := func(kid *branch) bool { return kid.step.kind == stepName }
	if b.first == nil && slices.ContainsFunc(b.kids, named) {
		b.first = &branch{table: b.table, isFirst: true}
		for _, kid := range b.kids {
			if named(kid) {
				b.first.kids = append(b.first.kids, kid)
			}
		}
	}
	return b.first
}

// xmlNode is newNode for XML, where paths that go on with a name come to the same
// branches twice, by way of the element and of the first of several.
func (c *compiler) xmlNode(set []*branch) *node {
	key := fmt.Sprint(set) // their addresses
	n, ok := c.made[key]
	if !ok {
		n = c.newNode(set)
		c.made[key] = n
	}
	return n
}

// textFirst begins the object that an element with attributes and no elements
// is.
var textFirst = []byte(`{"#text":`)

// plain returns a value as its text is asked for: in XML the first of several
// elements, and of an element with attributes and no elements its text.
func (s *scan) plain(got capture) capture {
	if s.plan.xml != nil && got.kind == kindArray {
		return s.textAt(int(got.start)+1, got)
	}
	return s.leaf(got)
}

// leaf returns the text of an XML element that has attributes and no elements,
// and any other value as it is.
func (s *scan) leaf(got capture) capture {
	if s.plan.xml != nil && got.kind == kindObject {
		return s.textAt(int(got.start), got)
	}
	return got
}

// textAt returns the text of the XML element at an offset, or otherwise when it
// has elements. However large the element is, that takes no more than reading
// its text, and a long one is read once.
func (s *scan) textAt(i int, otherwise capture) capture {
	if bytes.HasPrefix(s.body[i:], textFirst) {
		i += len(textFirst)
	}
	switch {
	case s.body[i] != '"':
		return otherwise
	case s.last.text != "" && s.last.start == i+1:
		return capture{uint32(i), uint32(s.last.end + 1), 0, kindString, foreign} // text finds it in last
	}
	return s.at(i)
}
