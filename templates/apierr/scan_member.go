package apierr

import (
	"math/bits"
	"unicode/utf8"
)

// restAt reports whether a long name that begins at an offset goes on as it should
// behind its first 16 bytes.
func (m *member) restAt(b []byte, i int) bool {
	return i+m.size <= len(b) && string(b[i+16:i+m.size]) == m.rest
}

// member reads a name and its colon. It returns nil for a member that no place
// wants.
func (s *scan) member(b []byte, n *node, i int) (m *member, end int) {
	if i < 0 || i >= len(b) || b[i] != '"' {
		return nil, -1
	}
	i++
	if n.mangled {
		return s.longMember(b, n, i)
	}
	// A short name, whose length nobody can foresee, without a loop.
	head, tail, length := at8(b, i), uint64(0), 0
	end8 := specials(head)
	if end8 != 0 {
		head &= before(end8)
	} else {
		tail, length = at8(b, i+8), 8
		end8 = specials(tail)
		tail &= before(end8)
	}
	length += bits.TrailingZeros64(end8) / 8
	quote := i + length
	if end8 == 0 || uint(quote) >= uint(len(b)) || b[quote] != '"' {
		return s.longMember(b, n, i)
	}
	for h := mix(head, tail, length) >> n.shift; ; h++ {
		m = n.hash[h&uint64(len(n.hash)-1)]
		if m == nil || m.head == head && m.tail == tail && len(m.name) == length {
			return m, skipColon(b, quote+1)
		}
	}
}

// skipColon reads a colon and the space before it.
func skipColon(b []byte, i int) int {
	if i = skipSpace(b, i); uint(i) < uint(len(b)) && b[i] == ':' {
		return i + 1
	}
	return -1
}

// longMember is member for any name, after the quote.
func (s *scan) longMember(b []byte, n *node, i int) (m *member, end int) {
	end, odd := skipString(b, i)
	if end < 0 {
		return nil, -1
	}
	name := b[i : end-1]
	if odd&escaped != 0 || odd != 0 && n.mangled && !utf8.Valid(name) {
		s.buf, s.used = appendUnescaped(s.buf[:0], name), true
		name = s.buf
	}
	return n.find(name), skipColon(b, end)
}
