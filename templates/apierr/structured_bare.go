package apierr

import (
	"strings"
	"unicode/utf8"
)

// A bareKind is the type of a bare item. The zero value is that of an inner
// list, which is none.
type bareKind uint8

const (
	bareNone bareKind = iota
	bareInteger
	bareDecimal
	bareString
	bareToken
	bareBytes
	bareBoolean
	bareDate
	bareDisplay
)

// A bareItem is a value in a structured field (RFC 9651, section 3.3).
type bareItem struct {
	kind bareKind
	raw  string // as it stands between the marks of its type
}

// implied is the value of a member or a parameter that is only named.
var implied = bareItem{bareBoolean, "1"}

// text returns the value as text: a number as it is written, a Date as its
// Unix time, a Boolean as true or false, a Byte Sequence in Base64. An inner
// list has none.
func (b bareItem) text() (string, bool) {
	switch b.kind {
	case bareNone:
		return "", false
	case bareBoolean:
		if b.raw == "1" {
			return "true", true
		}
		return "false", true
	case bareString:
		return unescapeString(b.raw), true
	case bareDisplay:
		text, _ := unescapeDisplay(b.raw)
		return text, true
	}
	return b.raw, true
}

// count returns the value of an Integer that is not negative, or -1.
func (b bareItem) count() int64 {
	n, rest, ok := readWhole(b.raw)
	if b.kind != bareInteger || !ok || rest != "" {
		return -1
	}
	return n
}

// readBare reads the value that s begins with.
func readBare(s string) (value bareItem, rest string, ok bool) {
	if s == "" {
		return bareItem{}, s, false
	}
	switch c := s[0]; {
	case c == '-' || isDigit(c):
		return readNumber(s)
	case c == '"':
		return readString(s)
	case c == ':':
		raw, rest, ok := strings.Cut(s[1:], ":")
		return bareItem{bareBytes, raw}, rest, ok && isBase64(raw)
	case c == '?':
		if !strings.HasPrefix(s, "?0") && !strings.HasPrefix(s, "?1") {
			return bareItem{}, s, false
		}
		return bareItem{bareBoolean, s[1:2]}, s[2:], true
	case c == '@':
		value, rest, ok := readNumber(s[1:])
		return bareItem{bareDate, value.raw}, rest, ok && value.kind == bareInteger
	case c == '%':
		return readDisplay(s)
	case c == '*' || isLetterOrDigit(c):
		return readToken(s)
	}
	return bareItem{}, s, false
}

// readNumber reads an Integer of at most 15 digits, or a Decimal of at most 12
// and three after the point.
func readNumber(s string) (value bareItem, rest string, ok bool) {
	digits, rest := cutDigits(strings.TrimPrefix(s, "-"))
	kind, most := bareInteger, 15
	if after, point := strings.CutPrefix(rest, "."); point {
		var decimals string
		decimals, rest = cutDigits(after)
		kind, most = bareDecimal, 12
		if decimals == "" || len(decimals) > 3 {
			return bareItem{}, s, false
		}
	}
	raw := s[:len(s)-len(rest)]
	return bareItem{kind, raw}, rest, digits != "" && len(digits) <= most
}

// readString reads a String; escapes stay as they are.
func readString(s string) (value bareItem, rest string, ok bool) {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return bareItem{bareString, s[1:i]}, s[i+1:], true
		case c == '\\':
			i++
			if i == len(s) || s[i] != '"' && s[i] != '\\' {
				return bareItem{}, s, false
			}
		case c < ' ' || c > '~':
			return bareItem{}, s, false
		}
	}
	return bareItem{}, s, false
}

// readToken reads a Token, whose first byte is one.
func readToken(s string) (value bareItem, rest string, ok bool) {
	n := 1
	for n < len(s) && (isTokenByte(s[n]) || s[n] == ':' || s[n] == '/') {
		n++
	}
	return bareItem{bareToken, s[:n]}, s[n:], true
}

// readDisplay reads a Display String; escapes stay as they are.
func readDisplay(s string) (value bareItem, rest string, ok bool) {
	if !strings.HasPrefix(s, `%"`) {
		return bareItem{}, s, false
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			raw := s[2:i]
			_, ok := unescapeDisplay(raw)
			return bareItem{bareDisplay, raw}, s[i+1:], ok
		case c == '%':
			if i+2 >= len(s) || hexDigit(s[i+1]) > 15 || hexDigit(s[i+2]) > 15 {
				return bareItem{}, s, false
			}
			i += 2
		case c < ' ' || c > '~':
			return bareItem{}, s, false
		}
	}
	return bareItem{}, s, false
}

// readKey reads the name of a parameter or of a Dictionary's member.
func readKey(s string) (key, rest string, ok bool) {
	n := 0
	for n < len(s) && (s[n] == '*' || 'a' <= s[n] && s[n] <= 'z' || n > 0 && (isDigit(s[n]) || strings.IndexByte("_-.", s[n]) >= 0)) {
		n++
	}
	return s[:n], s[n:], n > 0
}

// readParams reads parameters, of which there may be none.
func readParams(s string) (params, rest string, ok bool) {
	rest, ok = s, true
	for ok && strings.HasPrefix(rest, ";") {
		_, _, rest, ok = readParam(rest)
	}
	return s[:len(s)-len(rest)], rest, ok
}

// readParam reads one parameter with the semicolon before it.
func readParam(s string) (key string, value bareItem, rest string, ok bool) {
	key, rest, ok = readKey(strings.TrimLeft(s[1:], " "))
	after, given := strings.CutPrefix(rest, "=")
	if !ok || !given {
		return key, implied, rest, ok
	}
	value, rest, ok = readBare(after)
	return key, value, rest, ok
}

// skipInnerList reads an inner list but for the parameters after it.
func skipInnerList(s string) (rest string, ok bool) {
	rest = s[1:]
	for {
		inner := strings.TrimLeft(rest, " ")
		if after, closed := strings.CutPrefix(inner, ")"); closed {
			return after, true
		}
		if inner == rest && len(rest) < len(s)-1 {
			return s, false // nothing between two items
		}
		if _, rest, ok = readBare(inner); !ok {
			return s, false
		}
		if _, rest, ok = readParams(rest); !ok {
			return s, false
		}
	}
}

// unescapeString returns the text of a String.
func unescapeString(raw string) string {
	before, after, found := strings.Cut(raw, `\`)
	if !found {
		return raw
	}
	var w strings.Builder
	for ; found; before, after, found = strings.Cut(after[1:], `\`) {
		w.WriteString(before)
		w.WriteByte(after[0])
	}
	w.WriteString(before)
	return w.String()
}

// unescapeDisplay returns the text of a Display String. The second result is
// false when it is not UTF-8.
func unescapeDisplay(raw string) (string, bool) {
	if !strings.Contains(raw, "%") {
		return raw, true
	}
	var w strings.Builder
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c == '%' {
			c = hexDigit(raw[i+1])<<4 | hexDigit(raw[i+2])
			i += 2
		}
		w.WriteByte(c)
	}
	return w.String(), utf8.ValidString(w.String())
}

// hexDigit returns the value of a digit in lower case, 16 when it is none.
func hexDigit(c byte) byte {
	switch {
	case isDigit(c):
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 16
}

// isBase64 reports whether raw is Base64 (RFC 9651, section 4.2.7). Padding may
// be missing; where there is some, it is what there must be.
func isBase64(raw string) bool {
	bare := strings.TrimRight(raw, "=")
	for i := range len(bare) {
		if !isLetterOrDigit(bare[i]) && bare[i] != '+' && bare[i] != '/' {
			return false
		}
	}
	padding := len(raw) - len(bare)
	return len(bare)%4 != 1 && (padding == 0 || padding <= 2 && len(raw)%4 == 0)
}
