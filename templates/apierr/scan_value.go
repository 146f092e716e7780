package apierr

import (
	"encoding/binary"
	"slices"
)

// ignored is the node of values that no place wants, and unwanted a member that
// has one.
var (
	ignored  node
	unwanted = member{node: &ignored}
)

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

// object reads the rest of an object, after the brace. It captures strings and
// numbers by itself, without [scan.value]: they are most of a body.
func (s *scan) object(b []byte, n *node, i, depth int) int {
	i = skipSpace(b, i)
	if i < len(b) && b[i] == '}' {
		return i + 1
	}
	guess := s.firstGuess(n)
	for {
		m := s.next[guess]
		at := i + m.size
		if i >= 0 && i <= len(b)-16 && binary.LittleEndian.Uint64(b[i:])&m.mask == m.word &&
			binary.LittleEndian.Uint64(b[i+8:])&m.mask2 == m.word2 {
			guess = m.guess
		} else {
			m, at, guess = s.lookUp(b, n, i, guess)
		}
		if uint(at) >= uint(len(b)) {
			return -1
		}
		c := b[at]
		if c <= ' ' {
			if at = skipSpaces(b, at); uint(at) >= uint(len(b)) {
				return -1
			}
			c = b[at]
		}
		kid := m.node
		to := kid.to.slot
		if kid.to.table != 0 {
			to += s.row[kid.to.table]
		}
		got := &s.caps[to]
		if got.kind != kindNone && len(kid.wipe) > 0 {
			s.forget(kid)
		}
		switch {
		case kid.more != nil:
			i = s.value(b, kid, at, depth)
		case c == '"':
			if i, got.odd = skipPlain(b, at+1), 0; i < 0 {
				i, got.odd = skipOddString(b, ^i)
			}
			got.start, got.end, got.kind = uint32(at), uint32(i), kindString
		case c-'0' <= 9:
			if i, got.number, got.odd = shortNumber(b, at); i == 0 {
				i, got.odd = skipNumber(b, at), 0
			}
			got.start, got.end, got.kind = uint32(at), uint32(i), kindNumber
		default:
			i = s.value(b, kid, at, depth)
		}
		if uint(i) >= uint(len(b)) {
			return -1
		}
		c = b[i]
		if c <= ' ' {
			if i = skipSpaces(b, i); uint(i) >= uint(len(b)) {
				return -1
			}
			c = b[i]
		}
		switch c {
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
		c.end, c.kind, c.odd = 0, kindNone, 0 // start stays: the rows are used again
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
		s.used = true
		row = uint32(len(s.caps))
		s.caps = slices.Grow(s.caps, int(tab.width))[:row+tab.width]
		clear(s.caps[row:])
		s.caps[link].start = row
		s.rows++
	}
	fields := s.caps[row+1 : row+tab.width]
	for i := range fields {
		fields[i].end, fields[i].kind, fields[i].odd = 0, kindNone, 0
	}
	s.caps[row].end = parent
	s.caps[list].end = uint32(index + 1)
	s.row[t] = row
}
