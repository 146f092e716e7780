package apierr

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A pathReader reads the steps of a path.
type pathReader struct {
	text string
	at   int
}

func (r *pathReader) errorf(offset int, format string, args ...any) *PathError {
	return &PathError{r.text, offset, fmt.Sprintf(format, args...)}
}

func (r *pathReader) rest() string { return r.text[r.at:] }

// step reads one step.
func (r *pathReader) step() (st step, err *PathError) {
	switch rest := r.rest(); {
	case strings.HasPrefix(rest, ".."):
		st, err = r.deep()
	case strings.HasPrefix(rest, ".*"):
		st.kind = stepAll
		r.at += 2
	case rest[0] == '.':
		st, err = r.plainName()
	case rest[0] == '[':
		st, err = r.bracket()
	case strings.TrimSpace(rest[:1]) == "":
		err = r.errorf(r.at, "a path has no blanks; remove it, or write the name as ['a name']")
	default:
		err = r.errorf(r.at, "a step starts with . or [; put a . before a name, or write the name as ['any name']")
	}
	if err != nil {
		return step{}, err
	}
	return st, nil
}

// deep reads a descendant segment (RFC 9535, section 2.5.2).
func (r *pathReader) deep() (st step, err *PathError) {
	r.at++
	rest := r.rest()[1:]
	if strings.HasPrefix(rest, "['") || strings.HasPrefix(rest, `["`) {
		r.at++
		st, err = r.bracket()
	} else if strings.HasPrefix(rest, "[") || strings.HasPrefix(rest, "*") || strings.HasPrefix(rest, ".") {
		err = r.errorf(r.at+1, "after .. comes a name: ..name or ..['any name']")
	} else {
		st, err = r.plainName()
	}
	st.kind = stepDeep
	return st, err
}

func (r *pathReader) plainName() (step, *PathError) {
	start := r.at + 1
	name := r.text[start:][:plainLen(r.text[start:])]
	if name == "" {
		return step{}, r.errorf(start, "a letter or _ must follow the dot; write any other name as ['any name']")
	}
	r.at = start + len(name)
	return step{kind: stepName, name: name}, nil
}

func (r *pathReader) bracket() (st step, err *PathError) {
	open := r.at
	r.at++
	rest := r.rest()
	switch {
	case rest == "":
		return st, r.errorf(open, "the bracket is not closed; write [0], [*] or ['name']")
	case rest[0] == '\'' || rest[0] == '"':
		st.kind = stepName
		st.name, err = r.quoted()
	case rest[0] == '*':
		st.kind = stepAll
		r.at++
	case rest[0] == '?':
		st.kind = stepFirst
		st.test, err = r.test()
	case rest[0] == '-':
		err = r.errorf(r.at, "an index cannot be negative; count from the front, from 0")
	case rest[0] == ':':
		err = r.errorf(r.at, "a slice is not supported; point at an element, [0], or at all, [*]")
	case rest[0] >= '0' && rest[0] <= '9':
		st.kind = stepIndex
		st.index, err = r.indexNumber()
	default:
		err = r.errorf(r.at, "after [ comes a number, *, a name in quotes or a filter: [0], [*], ['name'], [?@.name=='text']")
	}
	if err != nil {
		return step{}, err
	}
	return st, r.closeBracket(open)
}

func (r *pathReader) closeBracket(open int) *PathError {
	rest := r.rest()
	switch {
	case rest == "":
		return r.errorf(open, "the bracket is not closed; add a ]")
	case rest[0] == ']':
		r.at++
		return nil
	case rest[0] == ':':
		return r.errorf(r.at, "a slice is not supported; point at an element, [0], or at all, [*]")
	case rest[0] == ',':
		return r.errorf(r.at, "brackets hold one selector; write a path for each")
	default:
		return r.errorf(r.at, "a ] must close the bracket here")
	}
}

func (r *pathReader) indexNumber() (int, *PathError) {
	start := r.at
	for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
	}
	digits := r.text[start:r.at]
	if len(digits) > 1 && digits[0] == '0' {
		return 0, r.errorf(start, "an index has no leading zeros; remove them")
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n > maxIndex {
		return 0, r.errorf(start, "an index is at most %d; point at an earlier element", maxIndex)
	}
	return n, nil
}

// quoted reads a string in single or double quotes.
func (r *pathReader) quoted() (string, *PathError) {
	open, quote := r.at, r.text[r.at]
	r.at++
	var w strings.Builder
	for r.at < len(r.text) {
		c := r.text[r.at]
		switch {
		case c == quote:
			r.at++
			return w.String(), nil
		case c == '\\':
			ch, err := r.escape(quote)
			if err != nil {
				return "", err
			}
			w.WriteRune(ch)
		case c < ' ':
			return "", r.errorf(r.at, `a control character must be escaped: write \u%04x`, c)
		default:
			ch, n := utf8.DecodeRuneInString(r.rest())
			if ch == utf8.RuneError && n == 1 {
				return "", r.errorf(r.at, "a path must be valid UTF-8; save the file as UTF-8")
			}
			w.WriteString(r.text[r.at : r.at+n])
			r.at += n
		}
	}
	return "", r.errorf(open, "the quote is not closed; add a %c and a ]", quote)
}

// escape reads an escape sequence (RFC 9535, section 2.3.1.1).
func (r *pathReader) escape(quote byte) (rune, *PathError) {
	if r.at+1 == len(r.text) {
		return 0, r.errorf(r.at, `the path ends within an escape; write a backslash itself as \\`)
	}
	c := r.text[r.at+1]
	if i := strings.IndexByte(`bfnrt/\`, c); i >= 0 || c == quote {
		r.at += 2
		if c == quote {
			return rune(quote), nil
		}
		return rune("\b\f\n\r\t/\\"[i]), nil
	}
	if c != 'u' {
		return 0, r.errorf(r.at, `there is no such escape; write a backslash itself as \\`)
	}
	high, ok := r.hex4(r.at)
	if !ok {
		return 0, r.errorf(r.at, `four hexadecimal digits must follow \u`)
	}
	if !utf16.IsSurrogate(high) {
		r.at += 6
		return high, nil
	}
	low, _ := r.hex4(r.at + 6)
	ch := utf16.DecodeRune(high, low)
	if ch == utf8.RuneError {
		return 0, r.errorf(r.at, `half of a surrogate pair is no character; write both halves, high one first`)
	}
	r.at += 12
	return ch, nil
}

// hex4 returns the value of the escape at offset: a backslash, u and four
// hexadecimal digits.
func (r *pathReader) hex4(offset int) (rune, bool) {
	if offset+6 > len(r.text) || r.text[offset:offset+2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(r.text[offset+2:offset+6], 16, 16)
	return rune(n), err == nil
}
