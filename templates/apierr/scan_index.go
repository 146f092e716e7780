package apierr

import (
	"bytes"
	"hash/maphash"
	"math/bits"
	"unicode/utf8"
)

// An entry is a member of an object in valid JSON.
type entry struct {
	name  uint32 // offset of its quote
	value uint32 // offset; 0: a later member of the same name replaces this one
	next  uint32 // index of the first entry that is not within this one
	hash  uint32 // of the name
}

// seed makes it impossible to send names that are slow to tell apart.
var seed = maphash.MakeSeed()

// index appends the members in the valid value at i, each before those inside
// it, down to some levels: those of the value itself are the first. It returns
// the offset behind the value.
func (s *scan) index(i, levels int) (end int) {
	b := s.body
	open := b[i]
	if levels == 0 || open != '{' && open != '[' {
		return s.again(&ignored, i)
	}
	s.used = true
	first := len(s.entries)
	i = skipSpace(b, i+1)
	for b[i] != open+2 { // the brackets are two apart in ASCII
		if open == '{' {
			i = s.indexMember(i, levels)
		} else {
			i = s.index(i, levels-1)
		}
		if i = skipSpace(b, i); b[i] == ',' {
			i = skipSpace(b, i+1)
		}
	}
	if open == '{' {
		s.dropReplaced(first)
	}
	return i + 1
}

func (s *scan) indexMember(i, levels int) (end int) {
	at := len(s.entries)
	name, value := s.nameAt(i, s.buf[:0])
	s.entries = append(s.entries, entry{name: uint32(i), value: uint32(value), hash: uint32(maphash.Bytes(seed, name))})
	end = s.index(value, levels-1)
	s.entries[at].next = uint32(len(s.entries))
	return end
}

// nameAt returns the name at i, as encoding/json decodes it, and the offset of
// the value behind it. It appends the name to buf, which becomes s.buf, if it
// does not stand in the body like this.
func (s *scan) nameAt(i int, buf []byte) (name []byte, value int) {
	end, odd := skipString(s.body, i+1)
	name = s.body[i+1 : end-1]
	if odd&escaped != 0 || odd != 0 && !utf8.Valid(name) {
		s.buf = appendUnescaped(buf, name)
		name = s.buf[len(buf):]
	}
	return name, skipSpace(s.body, skipSpace(s.body, end)+1)
}

// dropReplaced finds the entries of one object, which are the last ones from
// first on, that later ones of the same name replace.
func (s *scan) dropReplaced(first int) {
	n := 0
	for at := first; at < len(s.entries); at = int(s.entries[at].next) {
		n++
	}
	if n < 2 {
		return
	}
	size := 2 << bits.Len(uint(n))
	if cap(s.table) < size {
		s.table = make([]uint32, size)
	}
	s.table = s.table[:size]
	clear(s.table)
	for at := first; at < len(s.entries); at = int(s.entries[at].next) {
		k := s.find(at)
		if old := s.table[k]; old != 0 {
			s.entries[old-1].value = 0
		}
		s.table[k] = uint32(at + 1)
	}
}

// find returns where in the table the name of an entry is, or should be.
func (s *scan) find(at int) int {
	e := &s.entries[at]
	k := int(e.hash) & (len(s.table) - 1)
	for s.table[k] != 0 && !s.sameName(e, &s.entries[s.table[k]-1]) {
		k = (k + 1) & (len(s.table) - 1)
	}
	return k
}

func (s *scan) sameName(x, y *entry) bool {
	if x.hash != y.hash {
		return false
	}
	s.buf = s.buf[:0]
	a, _ := s.nameAt(int(x.name), s.buf)
	b, _ := s.nameAt(int(y.name), s.buf)
	return bytes.Equal(a, b)
}
