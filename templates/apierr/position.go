package apierr

import (
	"iter"
	"strconv"
	"strings"
)

// maxPosition is how long the text of [Captures.Path] can be, in bytes.
const maxPosition = 1000

// Path returns where in the list at a place the element stands whose Captures
// these are. It is what those steps of the place's path stand for that lead to
// many values, joined with dots: for [*] the name of the member or the index of
// the element, for ..name the names and indexes on the way down to name. Steps
// that lead to one value are left out. So is the index that a [*] at the end
// stands for, which only numbers the element.
//
// In {"errors":{"items":[{"price":["negative","odd"]}]}}, both texts at
// $.errors.items[*][*][*] have the path "0.price".
//
// Path returns "" for Captures outside of the list, for an element that no
// place has a value in, and for what takes more than 1000 bytes. It is computed
// when it is asked for; for all elements in turn, that takes another pass over
// the body.
func (c Captures) Path(at At) string {
	path, start, lists := c.position(at)
	if lists == 0 {
		return ""
	}
	c.scan.used = true
	route := c.scan.cursor.seek(c.scan.body, start)
	var names []string
	size := 0
	for _, f := range choices(path.steps, route, lists) {
		if size += len(f.name) + 1; size > maxPosition {
			return ""
		}
		if f.name == nil {
			names = append(names, strconv.Itoa(f.index))
		} else {
			names = append(names, c.scan.name(f.name))
		}
	}
	return strings.Join(names, ".")
}

// leaves goes over the elements of the innermost list that a place is in, of
// all the lists around it.
func (c Captures) leaves(at At) iter.Seq[Captures] {
	return func(yield func(Captures) bool) { c.eachLeaf(at, yield) }
}

func (c Captures) eachLeaf(at At, yield func(Captures) bool) bool {
	for _, row := range c.Rows(at) {
		if _, inside := row.rowOf(c.scan.plan.slots[at].table); inside {
			if !yield(row) {
				return false
			}
		} else if !row.eachLeaf(at, yield) {
			return false
		}
	}
	return true
}

// position returns a path to a value in the innermost element that c is in, of
// the lists that a place is in, the value's offset, and how many lists that
// are.
func (c Captures) position(at At) (path Path, offset, lists int) {
	if c.scan == nil || int(at) >= len(c.scan.slots) {
		return Path{}, 0, 0
	}
	p := c.scan.plan
	table := p.slots[at].table
	row, inside := c.rowOf(table)
	for !inside {
		table = p.tables[table].list.table
		row, inside = c.rowOf(table)
	}
	for i, t := range p.slots {
		if t.table != table || t.slot == 0 {
			continue
		}
		if got := c.scan.caps[row+t.slot]; got.kind != kindNone {
			for ; table != 0; lists++ {
				table = p.tables[table].list.table
			}
			path, _ = ParsePath(c.scan.places[i].Path)
			return p.inBody(path), int(got.start), lists
		}
	}
	return Path{}, 0, 0
}

// choices returns which of their children the first so many [*] and ..name
// steps took on a route.
func choices(steps []step, route []frame, lists int) []frame {
	var taken []frame
	from := 0
	for i, end := range align(steps, route) {
		switch steps[i].kind {
		case stepDeep:
			taken = append(taken, route[from:end-1]...)
			lists--
		case stepAll:
			if lists--; lists > 0 || route[from].name != nil {
				taken = append(taken, route[from])
			}
		}
		if lists == 0 {
			return taken
		}
		from = end
	}
	return nil
}

// align returns, for each step, up to where in the route it leads: ..name takes
// as little as it can, any other step one child; a name takes the first element
// of a list before it as well, as it does in XML. It returns nil when the steps
// do not lead along the route.
func align(steps []step, route []frame) []int {
	ends := make([]int, len(steps))
	deep, from := -1, 0 // the last ..name, and where it looks for another name
	i, k := 0, 0
	for i < len(steps) || k < len(route) {
		if i < len(steps) && steps[i].kind == stepDeep {
			deep, from = i, k
		} else if i < len(steps) && k < len(route) && route[k].takes(steps[i]) {
			k++
			ends[i] = k
			i++
			continue
		} else if i < len(steps) && steps[i].kind == stepName && k < len(route) && route[k].name == nil && route[k].index == 0 {
			k++
			continue
		} else if deep < 0 {
			return nil
		}
		for from < len(route) && !route[from].called(steps[deep].name) {
			from++
		}
		if from == len(route) {
			return nil
		}
		from++
		i, k = deep+1, from
		ends[deep] = k
	}
	return ends
}

// takes reports whether a step that leads to a child can lead to this one.
func (f *frame) takes(st step) bool {
	switch st.kind {
	case stepName:
		return f.called(st.name)
	case stepIndex:
		return f.name == nil && f.index == st.index
	default:
		return true
	}
}

func (f *frame) called(name string) bool {
	return f.name != nil && string(appendUnescaped(nil, f.name[1:len(f.name)-1])) == name
}
