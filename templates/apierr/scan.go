package apierr

import (
	"encoding/binary"
	"math"
	"math/bits"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Limits of a scan.
const (
	maxDepth   = 10000   // nested arrays and objects, as in encoding/json
	maxRows    = 1000    // elements that one list captures
	maxAllRows = 10000   // elements that all lists of a body capture
	maxLevels  = 64      // levels that ..name goes down
	maxAgain   = 16      // times its length that a body is read again for rows within rows
	keepBytes  = 1 << 16 // a larger buffer does not go back into the pool
)

// A kind is the type of a JSON value.
type kind uint8

const (
	kindNone kind = iota // there is no value
	kindNull
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
)

// kinds has the kind of a value by its first byte.
var kinds = [256]kind{
	'"': kindString, '[': kindArray, '{': kindObject,
	't': kindBool, 'f': kindBool, 'n': kindNull,
	'-': kindNumber, '0': kindNumber, '1': kindNumber, '2': kindNumber, '3': kindNumber, '4': kindNumber,
	'5': kindNumber, '6': kindNumber, '7': kindNumber, '8': kindNumber, '9': kindNumber,
}

// A capture is where a value is in the body. In a table's slot of a row, it is
// the rows of a list: start has the first, end their number. In slot 0 of a
// row, start has the next row and end the parent's.
type capture struct {
	start, end uint32
	kind       kind
	odd        oddity // of a string
}

// An oddity is why the text of a string is not what stands in the body. Zero is
// for a string whose text does.
type oddity uint8

const (
	escaped oddity = 1 << iota // there are backslashes in it
	foreign                    // there are bytes beyond ASCII, which may not be UTF-8
)

// A scan is the memory that a scan of one body needs, and its result.
type scan struct {
	plan   *plan
	slots  []slot // the plan's
	places []Place
	body   []byte
	raw    string
	header http.Header
	status int
	cursor cursor // for [Captures.Path]
	last   lastText
	used   bool            // cursor or last is not zero
	copies strings.Builder // see [scan.keep]
	room   int             // left in copies

	caps []capture // rows, those of table 0 first; a row is named by its offset
	row  []uint32  // the current row, by table
	rows int       // how many there are, but for the first
	buf  []byte    // for undoing escapes

	// guesses has the member that came after each member of each node the last
	// time, and the one that came first. Bodies of one vendor mostly have their
	// members in one order. What another plan has left here does no harm.
	guesses []uint16

	entries []entry  // members of objects that are read again
	table   []uint32 // for finding those that were replaced
	reread  int      // bytes of rows of ..name that were read

	nest [maxDepth/64 + 1]uint64 // a bit for each open value that is skipped: an object
}

var scans = sync.Pool{New: func() any { return new(scan) }}

// getScan returns a scan without captures.
func getScan() *scan { return scans.Get().(*scan) }

// putScan takes back a scan that nobody will use any more.
func putScan(s *scan) {
	s.plan, s.slots, s.places, s.body, s.raw, s.header = nil, nil, nil, nil, "", nil
	if s.used {
		s.cursor, s.last, s.used = cursor{}, lastText{}, false
	}
	if cap(s.caps) > keepBytes/16 {
		s.caps = nil
	}
	if cap(s.row) > keepBytes/4 {
		s.row = nil
	}
	if cap(s.buf) > keepBytes {
		s.buf = nil
	}
	if len(s.guesses) > keepBytes/2 {
		s.guesses = nil
	}
	if cap(s.entries) > keepBytes/16 {
		s.entries = nil
	}
	if cap(s.table) > keepBytes/4 {
		s.table = nil
	}
	scans.Put(s)
}

// scan reads a body in one pass and captures the values at the plan's places.
// It reports whether the body is valid, exactly as [json.Valid] does; nothing
// is captured from one that is not. What is captured is what encoding/json
// would decode: of members with the same name, the last.
func (p *plan) scan(body []byte, s *scan) bool {
	s.plan, s.slots, s.body = p, p.slots, body
	s.reset()
	root := &p.root
	if uint64(len(body)) > math.MaxUint32 {
		root = &ignored // the positions would not fit
	}
	i := s.value(body, root, skipSpace(body, 0), 0)
	if i >= 0 && skipSpace(body, i) == len(body) {
		return true
	}
	s.reset()
	return false
}

// ignored is the node of values that no place wants.
var ignored node

// reset leaves one row, an empty one for table 0.
func (s *scan) reset() {
	tables, width := len(s.plan.tables), int(s.plan.tables[0].width)
	if cap(s.row) < tables {
		s.row = make([]uint32, tables)
	}
	if cap(s.caps) < width {
		s.caps = make([]capture, width)
	}
	s.row, s.caps, s.rows, s.reread = s.row[:tables], s.caps[:width], 0, 0
	s.row[0] = 0
	clear(s.caps)
	if len(s.guesses) < int(s.plan.guesses) {
		s.guesses = make([]uint16, s.plan.guesses)
	}
}

// value reads the value at b[i] and captures it for n. Like all readers here,
// it returns the offset behind what it read, or -1 for what is not valid.
func (s *scan) value(b []byte, n *node, i, depth int) int {
	if i >= len(b) {
		return -1
	}
	got := capture{start: uint32(i), kind: kinds[b[i]]}
	switch got.kind {
	case kindString:
		i, got.odd = skipString(b, i+1)
	case kindNumber:
		i = skipNumber(b, i)
	case kindObject:
		if n.hash != nil {
			i = s.object(b, n, i+1, depth+1)
		} else {
			i = s.skip(b, i, depth)
		}
	case kindArray:
		if n.each != nil || n.elements != nil {
			i = s.array(b, n, i+1, depth+1)
		} else {
			i = s.skip(b, i, depth)
		}
	default:
		i = skipWord(b, i)
	}
	if i < 0 {
		return -1
	}
	got.end = uint32(i)
	s.caps[s.row[n.to.table]+n.to.slot] = got
	if n.more != nil {
		s.more(n, got)
	}
	return i
}

// object reads the rest of an object, after the brace.
func (s *scan) object(b []byte, n *node, i, depth int) int {
	i = skipSpace(b, i)
	if i < len(b) && b[i] == '}' {
		return i + 1
	}
	var seen uint64 // a bit for each of the first 63 members
	last := n.guess // where s.guesses has what comes next
	for {
		kid := &ignored
		k := int(s.guesses[last])
		at := n.expect(b, i, k)
		if at < 0 {
			if k, at = s.member(b, n, i); at < 0 {
				return -1
			}
		}
		if k >= 0 {
			s.guesses[last] = uint16(k)
			kid, last = n.members[k].node, n.guess+1+uint32(k)
			if bit := uint64(1) << min(k, 63); k >= 63 || seen&bit != 0 {
				s.forget(kid)
			} else {
				seen |= bit
			}
		}
		if at = skipSpace(b, at); at < len(b) && b[at] == '"' && kid.more == nil {
			// As value and skipString do it, without the calls.
			got := capture{start: uint32(at), kind: kindString}
			i = at + 1
			var bytes, m uint64
			for i >= 0 && i <= len(b)-8 {
				x := binary.LittleEndian.Uint64(b[i:])
				if m = specials(x); m != 0 {
					bytes |= x & before(m)
					break
				}
				bytes |= x
				i += 8
			}
			if end := i + bits.TrailingZeros64(m)/8; m != 0 && bytes&highBits == 0 && uint(end) < uint(len(b)) && b[end] == '"' {
				i = end + 1
			} else {
				i, got.odd = skipStringOn(b, i, bytes)
			}
			got.end = uint32(i)
			s.caps[s.row[kid.to.table]+kid.to.slot] = got
		} else {
			i = s.value(b, kid, at, depth)
		}
		i = skipSpace(b, i)
		if uint(i) >= uint(len(b)) {
			return -1
		}
		switch b[i] {
		case ',':
			i = skipSpace(b, i+1)
		case '}':
			return i + 1
		default:
			return -1
		}
	}
}

// forget clears all captures in a value that is about to be replaced.
func (s *scan) forget(n *node) {
	for _, t := range n.wipe {
		c := &s.caps[s.row[t.table]+t.slot]
		c.end, c.kind = 0, kindNone // start stays: the rows are used again
	}
}

// array reads the rest of an array, after the bracket.
func (s *scan) array(b []byte, n *node, i, depth int) int {
	i = skipSpace(b, i)
	if i < len(b) && b[i] == ']' {
		return i + 1
	}
	elements := n.elements
	for index := 0; ; index++ {
		room := s.fits(n.opens, index)
		kid := &ignored
		if room && n.each != nil {
			kid = n.each
		}
		if len(elements) > 0 && elements[0].index == index {
			if kid = elements[0].node; !room {
				kid = elements[0].bare
			}
			elements = elements[1:]
		}
		if room {
			for _, t := range n.opens {
				s.addRow(t, index)
			}
		}
		i = skipSpace(b, s.value(b, kid, i, depth))
		if uint(i) >= uint(len(b)) {
			return -1
		}
		switch b[i] {
		case ',':
			i = skipSpace(b, i+1)
		case ']':
			return i + 1
		default:
			return -1
		}
	}
}

// fits reports whether tables have room for the row of an element.
func (s *scan) fits(tables []uint32, index int) bool {
	return index < maxRows && s.rows+len(tables) <= maxAllRows
}

// addRow makes an empty row for the element at index the current one. Rows of
// a list that stood in the same place before are used again, so that what a
// body replaces over and over takes no memory.
func (s *scan) addRow(t uint32, index int) {
	tab := &s.plan.tables[t]
	parent := s.row[tab.list.table]
	list := parent + tab.list.slot
	link := list
	if index > 0 {
		link = s.row[t]
	}
	row := s.caps[link].start
	if row == 0 {
		row = uint32(len(s.caps))
		s.caps = slices.Grow(s.caps, int(tab.width))[:row+tab.width]
		clear(s.caps[row:])
		s.caps[link].start = row
		s.rows++
	}
	fields := s.caps[row+1 : row+tab.width]
	for i := range fields {
		fields[i].end, fields[i].kind = 0, kindNone
	}
	s.caps[row].end = parent
	s.caps[list].end = uint32(index + 1)
	s.row[t] = row
}
