package apierr

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// lookUp reads a name and its colon where the words of the guess do not tell that
// it is right. The next guess comes with the member.
func (s *scan) lookUp(b []byte, n *node, i int, guess uint32) (m *member, after int, next uint32) {
	if m = s.next[guess]; m.long != "" && i >= 0 && i+m.size <= len(b) && string(b[i:i+m.size]) == m.long {
		return m, i + m.size, m.guess
	}
	if m, after = s.member(b, n, i); m != nil {
		return m, after, s.learn(m, guess)
	}
	return &unwanted, after, s.meet(b[:max(after, 0)], i, guess)
}

// member reads a name and its colon. It returns nil for a member that no place
// wants.
func (s *scan) member(b []byte, n *node, i int) (m *member, after int) {
	if i < 0 || i >= len(b) || b[i] != '"' {
		return nil, -1
	}
	// A plain name of up to 16 bytes, as most are. Nobody can foresee how long it
	// is, nor which, so there are no branches on it.
	var head, tail uint64
	if i++; i <= len(b)-16 {
		head, tail = binary.LittleEndian.Uint64(b[i:]), binary.LittleEndian.Uint64(b[i+8:])
	} else {
		head, tail = at8(b, i), at8(b, i+8)
	}
	end, end2 := unplain(head), unplain(tail)
	inTail := ifZero(end)
	head &= before(end)
	tail &= before(end2) & inTail
	length := (bits.TrailingZeros64(end) + bits.TrailingZeros64(end2)&int(inTail)) / 8
	quote := i + length
	if uint(quote) >= uint(len(b)) || b[quote] != '"' {
		return s.longMember(b, n, i)
	}
	if after = quote + 2; after > len(b) || b[after-1] != ':' {
		after = skipColon(b, quote+1)
	}
	for h := mix(head, tail, length) * n.factor >> (n.shift & 63); ; h++ {
		m = n.hash[h&uint64(len(n.hash)-1)]
		if m == nil || m.head == head && m.tail == tail && len(m.name) == length {
			return m, after
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
