package apierr

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// maxNodes bounds a plan. Only paths that mix [n] and [*] on the same arrays,
// many levels deep, need more nodes than they have steps.
const maxNodes = 1 << 16

// A plan is a set of paths compiled for a scan. It is immutable and safe for
// concurrent use.
//
// Captures are kept in rows, the rows of one [*] or ..name form a table. Table
// 0 has one row, for the places that are in no list; every other table hangs
// on a slot of its parent's row. Slot 0 of a row is its header.
type plan struct {
	root   node
	slots  []slot // by At; target 0 of table 0: nowhere
	tables []table
	places []Place
	xml    *xmlLists // nil for JSON

	guesses []*member // what a scan expects before it knows better: the catalog's order
	scans   sync.Pool // of *scan
}

// A slot is where the capture of a place is.
type slot struct {
	target
	plainIn uint32 // table, if the text of the place is that of the capture, whatever else the response has
	field   string // canonical name of the header whose first line is the text, whatever else the response has
}

// noTable is not the index of a table.
const noTable = math.MaxUint32

// A target is where a capture goes: a slot in the current row of a table.
type target struct {
	table uint32
	slot  uint32
}

// A table is the rows of one [*] or ..name.
type table struct {
	width uint32 // captures in a row, the header included
	list  target // in the parent table: number of rows and the first of them
}

// A node is what a scan wants of a value, all paths that lead there taken
// together. The zero node wants nothing: slot 0 of table 0 is read by nobody.
type node struct {
	to   target   // where the value's position goes
	more *more    // what else there is to do with the value; nil for most
	wipe []target // what to forget when the value turns out to have been replaced

	members []member  // in the order of the catalog's places
	hash    []*member // by hash of the name; a power of two long
	factor  uint64    // takes a name's key to a hash
	shift   uint8     // takes a hash to an index
	mere    bool      // of the root: only its members matter; no place is the root itself
	mangled bool      // a name has U+FFFD in it, which invalid UTF-8 decodes to
	guess   uint32    // index of the guess at the first member

	elements []element // by index
	each     *node     // any other element, and any member for [*]; nil when none is wanted
	opens    []uint32  // tables that get a row for each of these
}

// A member is a named child of a node.
type member struct {
	// A member mostly stands in a body as its name in quotes and a colon. Where that
	// is not to be found by words, word is not within mask, so that no bytes match.
	word, mask   uint64 // the first 8 bytes of that, and those that count
	word2, mask2 uint64 // the next 8
	long         string // all of it, if it is longer than these
	size         int    // of all of it

	node  *node
	guess uint32 // index of the guess at the member that follows

	head, tail uint64 // the first 16 bytes of name, zeros behind a shorter one
	name       string
}

// An element is an indexed child of a node.
type element struct {
	index int
	node  *node
	bare  *node // the same without what [*] wants, for when there is no room for rows
}

// newPlan compiles the paths of places, for bodies of a format. Its error is
// about the first place that is wrong, and wraps a [*PathError] if its path is.
func newPlan(places []Place, format Format) (*plan, error) {
	if len(places) > 1<<16 {
		return nil, fmt.Errorf("%d places are too many: at most %d", len(places), 1<<16)
	}
	c := compiler{plan: &plan{slots: make([]slot, len(places)), places: places}}
	if format == XML {
		c.plan.xml = &xmlLists{names: map[string]bool{}}
		c.made = map[string]*node{}
	}
	c.addTable(target{})
	root := &branch{}
	for i, pl := range places {
		mere := pl.After == "" && pl.Before == "" && pl.When == nil
		if c.plan.slots[i].plainIn = noTable; i == 0 || pl.Path == "" {
			if mere && pl.Item+pl.Key+pl.Param == "" && !pl.Lines {
				c.plan.slots[i].field = pl.Header
			}
			continue
		}
		path, err := ParsePath(pl.Path)
		if err != nil {
			return nil, fmt.Errorf("place %d: %w", i, err)
		}
		here := &c.plan.slots[i]
		if here.target = c.add(root, c.plan.inBody(path)); mere && format != XML {
			here.plainIn = here.table
		}
	}
	c.forgets(root)
	n := c.node([]*branch{root})
	if c.nodes > maxNodes {
		return nil, fmt.Errorf("places mix [n] and [*] on the same arrays in more than %d ways: use one of the two", maxNodes)
	}
	n.mere = n.hash != nil && n.to.slot == 0 && n.more == nil
	p := c.plan
	p.root = *n
	p.scans.New = func() any { return p.newScan() }
	return p, nil
}

// soleSlot returns the slot of the first row that has the text at places, when
// they are one that is a mere path in no list; otherwise 0.
func (p *plan) soleSlot(places []At) uint32 {
	if len(places) != 1 || int(places[0]) >= len(p.slots) || p.places[places[0]].Known {
		return 0
	}
	if here := p.slots[places[0]]; here.plainIn == 0 {
		return here.slot
	}
	return 0
}

type compiler struct {
	plan  *plan
	nodes int
	made  map[string]*node // of XML, by the branches
}

// A branch is a node of the trie of paths. Several branches can hold for one
// value: those for [0] and [*] for the first element of an array.
type branch struct {
	step  step
	table uint32
	slot  uint32 // 0: not captured
	opens uint32 // table of a [*] or ..name branch
	kids  []*branch
	byStp map[step]*branch
	wipe  []target

	first   *branch // of XML, see [compiler.first]
	isFirst bool
}

func (c *compiler) addTable(list target) uint32 {
	c.plan.tables = append(c.plan.tables, table{width: 1, list: list})
	return uint32(len(c.plan.tables) - 1)
}

func (c *compiler) addSlot(table uint32) target {
	t := &c.plan.tables[table]
	t.width++
	return target{table, t.width - 1}
}

// add puts a path into the trie and returns where its value is captured.
func (c *compiler) add(b *branch, path Path) target {
	c.plan.xml.add(path)
	for _, st := range path.steps {
		kid := b.byStp[st]
		if kid == nil {
			kid = &branch{step: st, table: b.table}
			if st.list() {
				kid.table = c.addTable(c.addSlot(b.table))
				kid.opens = kid.table
			} else if st.kind == stepName {
				kid.slot = c.addSlot(b.table).slot // tells whether the member was there before
			}
			if b.byStp == nil {
				b.byStp = map[step]*branch{}
			}
			b.byStp[st] = kid
			b.kids = append(b.kids, kid)
		}
		b = kid
	}
	if b.slot == 0 {
		b.slot = c.addSlot(b.table).slot
	}
	return target{b.table, b.slot}
}

// forgets computes what to wipe when a value that b holds for is replaced:
// all captures below, up to the numbers of rows of lists.
func (c *compiler) forgets(b *branch) {
	if b.slot != 0 {
		b.wipe = append(b.wipe, target{b.table, b.slot})
	}
	for _, kid := range b.kids {
		c.forgets(kid)
		if kid.step.list() {
			b.wipe = append(b.wipe, c.plan.tables[kid.opens].list)
		} else {
			b.wipe = append(b.wipe, kid.wipe...)
		}
	}
}

// node returns the node for values that all the given branches hold for, nil
// for no branches.
func (c *compiler) node(set []*branch) *node {
	if c.plan.xml != nil {
		return c.xmlNode(set)
	}
	return c.newNode(set)
}

func (c *compiler) newNode(set []*branch) *node {
	c.nodes++
	if len(set) == 0 || c.nodes > maxNodes {
		return nil
	}
	n := &node{}
	below := map[step][]*branch{}
	var steps []step
	for _, b := range set {
		if b.slot != 0 {
			n.capture(target{b.table, b.slot})
		}
		n.wipe = append(n.wipe, b.wipe...)
		for _, kid := range b.kids {
			if below[kid.step] == nil {
				steps = append(steps, kid.step)
			}
			below[kid.step] = append(below[kid.step], kid)
		}
		if first := c.first(b); first != nil {
			zero := step{kind: stepIndex}
			if below[zero] == nil {
				steps = append(steps, zero)
			}
			below[zero] = append(below[zero], first)
		}
	}
	all := below[step{kind: stepAll}]
	for _, b := range all {
		n.opens = append(n.opens, b.opens)
	}
	n.each = c.node(all)
	if n.each != nil {
		n.extra().members = true
	}
	var deep, filters []step
	for _, st := range steps {
		switch st.kind {
		case stepName:
			n.members = append(n.members, newMember(st.name, c.node(below[st])))
			n.mangled = n.mangled || strings.ContainsRune(st.name, utf8.RuneError)
		case stepIndex:
			e := element{index: st.index, node: c.node(below[st])}
			e.bare = e.node
			if len(all) > 0 {
				e.node = c.node(slices.Concat(below[st], all))
			}
			n.elements = append(n.elements, e)
		case stepDeep:
			deep = append(deep, st)
		case stepFirst:
			filters = append(filters, st)
		}
	}
	if len(deep)+len(filters) > 0 {
		n.extra().deep = c.deep(deep, below)
		n.extra().filters = c.filters(filters, below)
	}
	slices.SortFunc(n.elements, func(a, b element) int { return a.index - b.index })
	n.index()
	c.plan.guess(n)
	return n
}

func (n *node) capture(t target) {
	if n.to.slot == 0 {
		n.to = t
	} else {
		n.extra().also = append(n.extra().also, t)
	}
}

func newMember(name string, n *node) member {
	quoted := `"` + name + `":`
	m := member{size: len(quoted), name: name, node: n, word: 1, head: head([]byte(name)), tail: head([]byte(name[min(len(name), 8):]))}
	switch {
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }):
		// It never stands in a body like this.
	case len(quoted) > 16:
		m.long = quoted
	default:
		m.word, m.mask = head([]byte(quoted)), lowBytes(len(quoted))
		m.word2, m.mask2 = head([]byte(quoted[min(len(quoted), 8):])), lowBytes(len(quoted)-8)
	}
	return m
}

// head returns the first 8 bytes of a name, with zeros behind a shorter one.
func head(name []byte) uint64 {
	var first [8]byte
	copy(first[:], name)
	return binary.LittleEndian.Uint64(first[:])
}

// index fills the hash table, at most a quarter full.
func (n *node) index() {
	if len(n.members) == 0 {
		return
	}
	size := bits.Len(uint(4*len(n.members) - 1))
	n.hash = make([]*member, 1<<size)
	n.shift = uint8(64 - size)
	var keys []uint64
	for i := range n.members {
		keys = append(keys, nameKey([]byte(n.members[i].name)))
	}
	n.factor = factorFor(keys, n.shift)
	for i := range n.members {
		h := keys[i] * n.factor >> n.shift
		for n.hash[h] != nil {
			h = (h + 1) & uint64(len(n.hash)-1)
		}
		n.hash[h] = &n.members[i]
	}
}

// guess makes guesses at the members of a node: that they come in the order of
// the catalog's places.
func (p *plan) guess(n *node) {
	n.guess = uint32(len(p.guesses))
	for i := range n.members {
		p.guesses = append(p.guesses, &n.members[i])
		n.members[i].guess = uint32(len(p.guesses))
	}
	if len(n.members) > 0 {
		p.guesses = append(p.guesses, &n.members[0])
	}
}

// find returns the member of the given name, nil for none.
func (n *node) find(name []byte) *member {
	for h := nameKey(name) * n.factor >> n.shift; ; h++ {
		m := n.hash[h&uint64(len(n.hash)-1)]
		if m == nil || m.name == string(name) {
			return m
		}
	}
}

// nameKey is made of a name's length and 16 of its bytes: the first 8, and the
// last 8 of a long name, what follows the first in a short one. [scan.member] does
// it by itself. Names that agree in all of them cost a comparison each.
func nameKey(name []byte) uint64 {
	if n := len(name); n >= 16 {
		return mix(head(name), head(name[n-8:]), n)
	}
	return mix(head(name), head(name[min(len(name), 8):]), len(name))
}

func mix(head, tail uint64, length int) uint64 {
	return head ^ bits.RotateLeft64(tail, 29) ^ uint64(length)
}

// factorFor returns a factor that, with a shift, takes keys to indexes of a hash
// table: of some, the one with which the fewest of them fall together. In small
// tables that mostly are none.
func factorFor(keys []uint64, shift uint8) uint64 {
	factor, best, fewest := uint64(0x9e3779b97f4a7c15), uint64(0), len(keys)+1
	taken := make([]uint8, 1<<(64-shift)) // by index: the last try that led there
	for try := uint8(1); try <= 64 && fewest > 0; try++ {
		together := 0
		for _, key := range keys {
			if at := &taken[key*factor>>shift]; *at == try {
				together++
			} else {
				*at = try
			}
		}
		if together < fewest {
			best, fewest = factor, together
		}
		factor = factor*0xd1342543de82ef95 | 1
	}
	return best
}
