package apierr

import (
	"math"
	"strconv"
	"strings"
)

// A number is the text of a decimal number, taken apart.
type number struct {
	negative bool
	digits   string // before the point
	decimals string // after it
	exponent int    // of ten; far out of range when it is
}

// parseNumber takes a number apart: digits with a sign, a fraction and an
// exponent as in JSON. Blanks around it and leading zeros are allowed, since
// strings and headers have them.
func parseNumber(s string) (n number, ok bool) {
	s = strings.Trim(s, " \t\r\n")
	s, n.negative = cutSign(s)
	n.digits, s = cutDigits(s)
	if n.digits == "" {
		return n, false
	}
	if strings.HasPrefix(s, ".") {
		if n.decimals, s = cutDigits(s[1:]); n.decimals == "" {
			return n, false
		}
	}
	if s != "" && s[0]|0x20 == 'e' {
		exp, negative := cutSign(s[1:])
		exp, s = cutDigits(exp)
		if exp == "" {
			return n, false
		}
		e, err := strconv.Atoi(exp)
		if err != nil {
			e = math.MaxInt
		}
		if n.exponent = e; negative {
			n.exponent = -e
		}
	}
	return n, s == ""
}

func cutSign(s string) (rest string, negative bool) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[1:], s[0] == '-'
	}
	return s, false
}

func cutDigits(s string) (digits, rest string) {
	i := 0
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	return s[:i], s[i:]
}

// parseInt returns the integer that s is exactly. The second result is false
// when it is none that fits.
func parseInt(s string) (int64, bool) {
	if n, ok := plainInt(s); ok {
		return n, true
	}
	n, ok := parseNumber(s)
	if !ok {
		return 0, false
	}
	whole := strings.TrimLeft(n.digits, "0")
	part := strings.TrimRight(n.decimals, "0")
	if n.exponent == 0 && part == "" {
		return signed(whole, n.negative)
	}
	return n.scaled(whole, part)
}

// plainInt returns the integer of up to 18 digits and nothing else, which is
// how most are written.
func plainInt(s string) (n int64, ok bool) {
	if len(s) == 0 || len(s) > 18 {
		return 0, false
	}
	for i := range len(s) {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	return n, true
}

// scaled moves the point of whole.part by the exponent.
func (n number) scaled(whole, part string) (int64, bool) {
	if part == "" {
		trimmed := strings.TrimRight(whole, "0")
		n.exponent = shifted(n.exponent, len(whole)-len(trimmed))
		whole = trimmed
	}
	digits := strings.TrimLeft(whole+part, "0")
	if digits == "" {
		return 0, true
	}
	zeros := shifted(n.exponent, -len(part))
	if zeros < 0 || zeros > 19 || len(digits) > 19 {
		return 0, false
	}
	return signed(digits+strings.Repeat("0", zeros), n.negative)
}

// shifted adds without overflow.
func shifted(exponent, by int) int {
	if exponent > math.MaxInt/2 || exponent < math.MinInt/2 {
		return exponent
	}
	return exponent + by
}

// signed returns the integer of the given digits; no digits are zero.
func signed(digits string, negative bool) (int64, bool) {
	if digits == "" {
		return 0, true
	}
	if len(digits) > 19 {
		return 0, false
	}
	if negative {
		digits = "-" + digits
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, false
	}
	return n, true
}

// parseFloat returns the float64 nearest to the number that s is. The second
// result is false when it is none or too large for one.
func parseFloat(s string) (float64, bool) {
	if _, ok := parseNumber(s); !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(strings.Trim(s, " \t\r\n"), 64)
	if err != nil {
		return 0, false
	}
	return f, true
}
