package apierr

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// expect reads a name and its colon if it is that of n.members[k], and returns
// -1 if it is not.
func (n *node) expect(b []byte, i, k int) int {
	if k >= len(n.members) {
		return -1
	}
	m := &n.members[k]
	if i < 0 || i > len(b)-8 || binary.LittleEndian.Uint64(b[i:])&m.mask != m.word {
		return -1
	}
	end := i + len(m.quoted)
	if len(m.quoted) <= 8 {
		return end
	}
	last := end - 8
	if last < 0 || last > len(b)-8 || binary.LittleEndian.Uint64(b[last:]) != m.tail || m.middle != "" && string(b[i+8:last]) != m.middle {
		return -1
	}
	return end
}

// member reads a name and its colon. It returns the index of the member, -1
// for one that no place wants.
func (s *scan) member(b []byte, n *node, i int) (k, end int) {
	if i < 0 || i >= len(b) || b[i] != '"' {
		return 0, -1
	}
	i++
	if i <= len(b)-8 && !n.mangled { // a short name, whose length nobody can foresee, without a loop
		head, rest, length := binary.LittleEndian.Uint64(b[i:]), uint64(0), 0
		m := specials(head)
		if m != 0 {
			head &= before(m)
		} else if i <= len(b)-16 {
			rest, length = binary.LittleEndian.Uint64(b[i+8:]), 8
			m = specials(rest)
			rest &= before(m)
		}
		length += bits.TrailingZeros64(m) / 8
		if quote := i + length; m != 0 && uint(quote) < uint(len(b)) && b[quote] == '"' {
			for h := mix(head, rest, length) >> n.shift; ; h = (h + 1) & uint64(len(n.hash)-1) {
				if k = int(n.hash[h]) - 1; k < 0 {
					break
				}
				if m := &n.members[k]; m.head == head && m.rest == rest && len(m.name) == length {
					break
				}
			}
			return k, skipColon(b, quote+1)
		}
	}
	k, end = s.longMember(b, n, i)
	return k, skipColon(b, end)
}

// skipColon reads a colon and the space before it.
func skipColon(b []byte, i int) int {
	if i = skipSpace(b, i); uint(i) < uint(len(b)) && b[i] == ':' {
		return i + 1
	}
	return -1
}

// longMember is member for any name, up to the colon.
func (s *scan) longMember(b []byte, n *node, i int) (k, end int) {
	end, odd := skipString(b, i)
	if end < 0 {
		return -1, -1
	}
	name := b[i : end-1]
	if odd&escaped != 0 || odd != 0 && n.mangled && !utf8.Valid(name) {
		s.buf = appendUnescaped(s.buf[:0], name)
		name = s.buf
	}
	return n.find(name), end
}
