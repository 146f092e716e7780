package apierr

import (
	"encoding/binary"
	"math/bits"
)

// skipSpace returns the offset of the first byte from i on that is not white
// space. A negative offset stays one.
func skipSpace(b []byte, i int) int {
	if uint(i) < uint(len(b)) && b[i] <= ' ' {
		return skipSpaces(b, i)
	}
	return i
}

// skipSpaces is skipSpace where there is some. Inlined, it would take the
// registers that the loops around it need.
//
//go:noinline
func skipSpaces(b []byte, i int) int {
	for i >= 0 && i < len(b) {
		switch c := b[i]; {
		case c > ' ':
			return i
		case c == ' ':
			if i++; i < len(b) && b[i] > ' ' { // one before a value
				return i
			}
		case c == '\n':
			if i++; i <= len(b)-8 { // an indent
				i += bits.TrailingZeros64(binary.LittleEndian.Uint64(b[i:])^' '*ones) / 8
			}
		case c == '\t' || c == '\r':
			i++
		default:
			return i
		}
	}
	return i
}

// skip reads the value at b[i], however deep, within depth open ones.
func (s *scan) skip(b []byte, i, depth int) int {
	outside := depth
	inObject := false
	for {
		if uint(i) >= uint(len(b)) {
			return -1
		}
		c := b[i]
		switch c {
		case '"':
			i, _ = skipString(b, i+1)
		case '{', '[':
			if depth == maxDepth {
				return -1
			}
			inObject = c == '{'
			s.enter(depth, inObject)
			depth++
			i = skipSpace(b, i+1)
			if i < len(b) && b[i] == c+2 { // the brackets are two apart in ASCII
				break
			}
			if inObject {
				i = skipName(b, i)
			}
			continue
		default:
			i = skipScalar(b, i)
		}
		for {
			if depth == outside || i < 0 {
				return i
			}
			i = skipSpace(b, i)
			if i >= len(b) {
				return -1
			}
			c := b[i]
			i++
			if c == ',' {
				break
			}
			if c != '}' && inObject || c != ']' && !inObject {
				return -1
			}
			depth--
			inObject = depth > outside && s.entered(depth-1)
		}
		i = skipSpace(b, i)
		if inObject {
			i = skipName(b, i)
		}
	}
}

// enter notes that the value at a depth is an object, or that it is an array.
func (s *scan) enter(depth int, object bool) {
	bit := uint64(1) << (depth & 63)
	if object {
		s.nest[depth>>6] |= bit
	} else {
		s.nest[depth>>6] &^= bit
	}
}

// entered reports whether the value at a depth is an object.
func (s *scan) entered(depth int) bool {
	return s.nest[depth>>6]>>(depth&63)&1 != 0
}

// skipName reads a member's name and colon, up to the value.
func skipName(b []byte, i int) int {
	if uint(i) >= uint(len(b)) || b[i] != '"' {
		return -1
	}
	i, _ = skipString(b, i+1)
	i = skipSpace(b, i)
	if uint(i) >= uint(len(b)) || b[i] != ':' {
		return -1
	}
	return skipSpace(b, i+1)
}

// skipScalar reads a number, true, false or null.
func skipScalar(b []byte, i int) int {
	if kinds[b[i]] == kindNumber {
		return skipNumber(b, i)
	}
	return skipWord(b, i)
}

// skipWord reads true, false or null.
func skipWord(b []byte, i int) int {
	const (
		word4True = 't' | 'r'<<8 | 'u'<<16 | 'e'<<24
		word4Alse = 'a' | 'l'<<8 | 's'<<16 | 'e'<<24
		word4Null = 'n' | 'u'<<8 | 'l'<<16 | 'l'<<24
	)
	want := uint32(0)
	switch b[i] {
	case 't':
		want = word4True
	case 'n':
		want = word4Null
	case 'f':
		want = word4Alse
		i++
	default:
		return -1
	}
	if len(b)-i < 4 || binary.LittleEndian.Uint32(b[i:]) != want {
		return -1
	}
	return i + 4
}

// shortNumber reads an integer of up to 15 digits at b[i], the first of which is
// there, and returns the offset behind it; zero for any other number, and for what
// is none. Up to 7 digits are counted: number is what they say, and odd tells so.
func shortNumber(b []byte, i int) (end int, number uint32, odd oddity) {
	x := at8(b, i) ^ '0'*ones
	size := bits.TrailingZeros64(nondigits(x)) / 8
	if size > 1 && byte(x) == 0 {
		return 0, 0, 0
	}
	if size < 8 {
		number, odd = eightDigits(x<<((64-8*size)&56)), counted
	} else if size += bits.TrailingZeros64(nondigits(at8(b, i+8)^'0'*ones)) / 8; size == 16 {
		return 0, 0, 0
	}
	if end = i + size; end < len(b) && (b[end] == '.' || b[end]|0x20 == 'e') {
		return 0, 0, 0
	}
	return end, number, odd
}

// eightDigits returns the number of eight digits, the first one lowest.
func eightDigits(x uint64) uint32 {
	x = (x*10 + x>>8) & 0x00ff00ff00ff00ff // pairs of digits
	x = (x*100 + x>>16) & 0x0000ffff0000ffff
	return uint32(x*10000 + x>>32)
}

// nondigits sets the high bit of the first of the eight bytes of x that is above
// 9; zero means that none is. Bits above that one mean nothing.
func nondigits(x uint64) uint64 { return (x + (0x80-10)*ones | x) & highBits }

// skipNumber reads a number (RFC 8259, section 6).
func skipNumber(b []byte, i int) int {
	if b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if i = skipDigits(b, i); i < 0 {
		return -1
	}
	if uint(i) >= uint(len(b)) || b[i] != '.' && b[i]|0x20 != 'e' {
		return i
	}
	return skipPart(b, i)
}

// skipPart reads the fraction and the exponent of a number.
func skipPart(b []byte, i int) int {
	if b[i] == '.' {
		if i = skipDigits(b, i+1); i < 0 {
			return -1
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		return skipDigits(b, i)
	}
	return i
}

// skipDigits reads one digit or more.
func skipDigits(b []byte, i int) int {
	start := i
	for uint(i) < uint(len(b)) && b[i]-'0' <= 9 {
		i++
	}
	if i == start {
		return -1
	}
	return i
}
