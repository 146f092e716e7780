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
	for h := mix(head, tail, length) * n.factor >> (n.shift & 63); ; h++ {
		m = n.hash[h&uint64(len(n.hash)-1)]
		if m == nil || m.head == head && m.tail == tail && len(m.name) == length {
			return m, skipColon(b, quote+1)
		}
	}
}

// A stranger is a member that no place wants and that came at one guess.
type stranger struct {
	member
	word  uint64 // what it began with the last time
	times int    // how many times in a row
}

// familiar is how many times a stranger comes before it is expected.
const familiar = 4

// meet takes note of a stranger whose name and colon b ends with, from i on. The
// result is the guess at what follows it.
func (s *scan) meet(b []byte, i int, guess uint32) uint32 {
	if int(guess) >= len(s.strangers) {
		return guess
	}
	m := &s.strangers[guess]
	if word := at8(b, i); m.word != word {
		m.word, m.times = word, 0
		return guess
	}
	m.times++
	if size := len(b) - i; m.times < familiar || size < 3 || size > 16 || b[len(b)-2] != '"' {
		return guess // it takes more to tell
	}
	m.member = newMember(string(b[i+1:len(b)-2]), &ignored)
	m.guess = guess + uint32(len(s.strangers))
	s.guesses[guess] = &m.member
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
