package apierr

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// skipString reads the rest of a string, after the quote, and tells what is odd
// about it. As in encoding/json, any bytes from 0x20 on may stand in a string,
// those that are not UTF-8 included.
func skipString(b []byte, i int) (end int, odd oddity) {
	if end = skipPlain(b, i); end < 0 {
		return skipOddString(b, ^end)
	}
	return end, 0
}

// skipPlain is skipString for a string that nothing is odd about, as most are. For
// any other it returns the complement of an offset up to which it is plain. It calls
// nothing, which makes it a cheap call.
func skipPlain(b []byte, i int) (end int) {
	if i < 0 {
		return ^len(b)
	}
	for ; i <= len(b)-8; i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		if m := unplain(x); m != 0 {
			at := bits.TrailingZeros64(m)
			if byte(x>>(at&56)) == '"' {
				return i + at/8 + 1
			}
			return ^i
		}
	}
	if n := len(b) - 8; n >= 0 { // as above, with zeros behind the end
		x := binary.LittleEndian.Uint64(b[n:]) >> (8 * uint(i-n))
		at := bits.TrailingZeros64(unplain(x))
		if byte(x>>(at&56)) == '"' {
			return i + at/8 + 1
		}
	}
	return ^i
}

// skipOddString is skipString from where something odd may be.
func skipOddString(b []byte, i int) (end int, odd oddity) {
	var seen uint64 // the bytes up to i, all on top of each other
	for {
		x := at8(b, i)
		m := specials(x)
		if m == 0 {
			seen |= x
			i += 8
			continue
		}
		at := bits.TrailingZeros64(m) &^ 7
		seen |= x & before(m)
		i += at/8 + 1
		switch c := byte(x >> at); {
		case c == '"':
			if seen&highBits != 0 {
				odd |= foreign
			}
			return i, odd
		case c == '\\':
			odd |= escaped
			if i = skipEscape(b, i); i < 0 {
				return -1, 0
			}
		default: // a control, or the end of the body
			return -1, 0
		}
	}
}

// Eight bytes at once.
const (
	ones     = 0x0101010101010101
	highBits = 0x80 * ones
)

// at8 returns the 8 bytes at b[i], the first of them lowest, with zeros for those
// behind the end.
func at8(b []byte, i int) uint64 {
	if i >= 0 && i <= len(b)-8 { // said like this, the compiler checks no more
		return binary.LittleEndian.Uint64(b[i:])
	}
	return last8(b, i)
}

// last8 is at8 near the end.
func last8(b []byte, i int) uint64 {
	if n := len(b) - 8; n >= 0 && i >= 0 {
		return binary.LittleEndian.Uint64(b[n:]) >> (8 * uint(i-n))
	}
	var some [8]byte
	if uint(i) < uint(len(b)) {
		copy(some[:], b[i:])
	}
	return binary.LittleEndian.Uint64(some[:])
}

// word returns the first 8 bytes of a text, which are there, the first one lowest.
func word(s string) uint64 { return binary.LittleEndian.Uint64([]byte(s)) }

// specials sets the high bit of the first quote, backslash or control byte
// among the eight of x; zero means that there is none. Bits above that one mean
// nothing.
func specials(x uint64) uint64 {
	// Exchanging bit 1 takes the quote, 0x22, to 0x20, right above the
	// controls, and the blank and the ! out of the way.
	below := (x ^ 0x02*ones) - 0x21*ones
	backslash := (x ^ '\\'*ones) - ones
	return (below | backslash) &^ x & highBits
}

// unplain is specials that takes bytes beyond ASCII for special ones as well.
func unplain(x uint64) uint64 {
	below := (x ^ 0x02*ones) - 0x21*ones
	backslash := (x ^ '\\'*ones) - ones
	return (x | below | backslash) & highBits
}

// before has the bits of the bytes before the first special one, of which m, of
// specials, tells; all when there is none.
func before(m uint64) uint64 { return m&-m>>7 - 1 }

// ifZero has all bits when m is zero, and none otherwise.
func ifZero(m uint64) uint64 { return uint64(int64(^(m | -m)) >> 63) }

// skipEscape reads the rest of an escape, after the backslash.
func skipEscape(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		if _, ok := hex4(b, i+1); ok {
			return i + 5
		}
	}
	return -1
}

// hex4 returns the value of the four hexadecimal digits at b[i].
func hex4(b []byte, i int) (r rune, ok bool) {
	if len(b)-i < 4 {
		return 0, false
	}
	for _, c := range b[i : i+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = (c | 0x20) - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// appendUnescaped appends the text of a valid JSON string without its quotes.
// As in encoding/json, half a surrogate pair and each byte that is not UTF-8
// give U+FFFD.
func appendUnescaped(dst, b []byte) []byte {
	for i := 0; i < len(b); {
		c := b[i]
		if c == '\\' {
			var r rune
			r, i = unescape(b, i+1)
			dst = utf8.AppendRune(dst, r)
		} else if c < utf8.RuneSelf {
			dst = append(dst, c)
			i++
		} else {
			r, n := utf8.DecodeRune(b[i:])
			dst = utf8.AppendRune(dst, r)
			i += n
		}
	}
	return dst
}

// unescape returns the character of the escape after the backslash before
// b[i], and the offset behind it.
func unescape(b []byte, i int) (rune, int) {
	switch c := b[i]; c {
	case 'b':
		return '\b', i + 1
	case 'f':
		return '\f', i + 1
	case 'n':
		return '\n', i + 1
	case 'r':
		return '\r', i + 1
	case 't':
		return '\t', i + 1
	case 'u':
	default:
		return rune(c), i + 1
	}
	r, _ := hex4(b, i+1)
	i += 5
	if !utf16.IsSurrogate(r) {
		return r, i
	}
	if len(b)-i >= 6 && b[i] == '\\' && b[i+1] == 'u' {
		low, _ := hex4(b, i+2)
		if r := utf16.DecodeRune(r, low); r != utf8.RuneError {
			return r, i + 6
		}
	}
	return utf8.RuneError, i
}

// appendJSONString appends s as a JSON string. Bytes that are not UTF-8 become
// U+FFFD.
func appendJSONString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
