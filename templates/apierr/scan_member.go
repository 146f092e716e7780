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
func (s *scan) member(b []byte, n *node, i int) (m *member, after int) {
	if i < 0 || i >= len(b) || b[i] != '"' {
		return nil, -1
	}
	i++
	if n.mangled {
		return s.longMember(b, n, i)
	}
	// A name of up to 16 bytes. Nobody can foresee how long it is, nor which, so
	// there are no branches on it.
	head, tail := at8(b, i), at8(b, i+8)
	end, end2 := specials(head), specials(tail)
	on := ifZero(end)
	head &= before(end)
	tail &= before(end2) & on
	length := bits.TrailingZeros64(end)/8 + bits.TrailingZeros64(end2)/8&int(on)
	quote := i + length
	if uint(quote) >= uint(len(b)) || b[quote] != '"' {
		return s.longMember(b, n, i)
	}
	for h := mix(head, tail, length) >> n.shift; ; h++ {
		m = n.hash[h&uint64(len(n.hash)-1)]
		if m == nil || m.head == head && m.tail == tail && len(m.name) == length {
			return m, skipColon(b, quote+1)
		}
	}
}

// stranger remembers a member that no place wants, whose name and colon b ends
// with, from i on. If it came at that guess before, it is expected there from now
// on. The result is the guess at what follows it.
func (s *scan) stranger(b []byte, i int, guess uint32) uint32 {
	size := len(b) - i
	if int(guess) >= len(s.strangers) || size < 0 || size > 16 {
		return guess
	}
	m := &s.strangers[guess]
	name := string(b[i:])
	word, mask, rest := cutHead(name)
	word2, mask2, _ := cutHead(rest)
	if m.head != word || m.tail != word2 {
		m.head, m.tail = word, word2
		return guess
	}
	*m = member{
		word: word, mask: mask, word2: word2, mask2: mask2, size: size,
		node: &ignored, guess: guess + uint32(len(s.strangers)), head: word, tail: word2,
	}
	s.guesses[guess] = m
	return m.guess
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
