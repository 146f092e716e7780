package apierr

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// equal reports whether a captured value is what a filter wants.
func (s *scan) equal(got capture, w *wanted) bool {
	if got.kind != w.kind {
		return false
	}
	text := s.body[got.start:got.end]
	switch got.kind {
	case kindString:
		text = text[1 : len(text)-1]
		if got.odd&escaped != 0 || strings.ContainsRune(w.text, utf8.RuneError) {
			s.buf, s.used = appendUnescaped(s.buf[:0], text), true
			text = s.buf
		}
	case kindNumber:
		if string(text) != w.text {
			return s.equalNumber(text, &w.number)
		}
	}
	return string(text) == w.text
}

func (s *scan) equalNumber(text []byte, want *numeral) bool {
	n := appendNumeral(s.buf[:0], text)
	s.buf, s.used = n.digits, true
	return n.negative == want.negative && n.exponent == want.exponent && bytes.Equal(n.digits, want.digits)
}

// A numeral is the value of a JSON number, the same for all numbers that are
// equal: digits × 10^exponent, without zeros at either end. Zero has no digits,
// no sign and no exponent.
type numeral struct {
	negative bool
	digits   []byte
	exponent int64
}

// farExponent is out of reach of the exponents that filters have.
const farExponent = 1 << 62

// appendNumeral returns the value of a valid number, with its digits appended
// to the empty dst.
func appendNumeral(dst, num []byte) numeral {
	d := numeral{negative: num[0] == '-', digits: dst}
	point := false
	for i, c := range num {
		switch {
		case c == '.':
			point = true
			continue
		case c|0x20 == 'e':
			d.exponent += exponentOf(num[i+1:])
			return d.trimmed()
		case c == '-':
			continue
		}
		if c != '0' || len(d.digits) > 0 {
			d.digits = append(d.digits, c)
		}
		if point {
			d.exponent--
		}
	}
	return d.trimmed()
}

// trimmed takes off the zeros behind the other digits.
func (d numeral) trimmed() numeral {
	digits := bytes.TrimRight(d.digits, "0")
	if len(digits) == 0 {
		return numeral{digits: digits}
	}
	d.exponent += int64(len(d.digits) - len(digits))
	d.digits = digits
	return d
}

// exponentOf reads an exponent, up to farExponent.
func exponentOf(b []byte) int64 {
	e := int64(0)
	for _, c := range b {
		if c-'0' <= 9 && e < farExponent/10 {
			e = e*10 + int64(c-'0')
		} else if c-'0' <= 9 {
			e = farExponent
			break
		}
	}
	if b[0] == '-' {
		return -e
	}
	return e
}
