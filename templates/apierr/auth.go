package apierr

import "strings"

// authParam returns a parameter of the first challenge of the given scheme that
// has it; an empty scheme stands for any. Names and schemes are compared without
// regard to case.
//
// The values are those of all fields of the name, taken as one list (RFC 9110,
// sections 5.3, 11.3 and 11.6.1). What is no challenge is passed over, and
// parameters before any scheme, as Authentication-Info has them, belong to none.
func authParam(values []string, scheme, param string) (string, bool) {
	challenge := ""
	for _, v := range values {
		r := authReader{v}
		for r.next() {
			name := r.token()
			switch {
			case name == "":
				r.junk()
			case !r.equals():
				challenge = name
				r.token68()
			default:
				value, ok := r.value()
				if ok && strings.EqualFold(name, param) && (scheme == "" || strings.EqualFold(scheme, challenge)) {
					return value, true
				}
			}
		}
	}
	return "", false
}

// An authReader reads a list of challenges; it holds what is left.
type authReader struct{ rest string }

const authBlanks = " \t\r\n" // a folded line that nobody joined is a blank, too

// next goes to the next element and reports whether there is one. A list may
// have empty elements (RFC 9110, section 5.6.1).
func (r *authReader) next() bool {
	r.rest = strings.TrimLeft(r.rest, authBlanks+",")
	return r.rest != ""
}

// token reads a token (RFC 9110, section 5.6.2), "" when there is none.
func (r *authReader) token() string {
	n := 0
	for n < len(r.rest) && isTokenByte(r.rest[n]) {
		n++
	}
	token := r.rest[:n]
	r.rest = r.rest[n:]
	return token
}

// equals reads the = of a parameter, with blanks around it, if there is one.
func (r *authReader) equals() bool {
	after, ok := strings.CutPrefix(strings.TrimLeft(r.rest, authBlanks), "=")
	if ok {
		r.rest = strings.TrimLeft(after, authBlanks)
	}
	return ok
}

// token68 passes over the credentials of a scheme that has no parameters, if
// there are any (RFC 9110, section 11.2).
func (r *authReader) token68() {
	s := strings.TrimLeft(r.rest, authBlanks)
	n := 0
	for n < len(s) && (isLetterOrDigit(s[n]) || strings.IndexByte("-._~+/", s[n]) >= 0) {
		n++
	}
	if n == 0 {
		return
	}
	s = strings.TrimLeft(strings.TrimLeft(s[n:], "="), authBlanks)
	if s == "" || s[0] == ',' {
		r.rest = s
	}
}

// value reads a parameter's value. One without quotes should be a token; some
// servers send URLs, so that all up to a comma or a blank is taken.
func (r *authReader) value() (string, bool) {
	if strings.HasPrefix(r.rest, `"`) {
		return r.quoted()
	}
	n := strings.IndexAny(r.rest, authBlanks+",")
	if n < 0 {
		n = len(r.rest)
	}
	value := r.rest[:n]
	r.rest = r.rest[n:]
	return value, value != ""
}

// quoted reads a quoted-string (RFC 9110, section 5.6.4). One that is not
// closed is none and takes the rest of the field with it.
func (r *authReader) quoted() (string, bool) {
	s := r.rest[1:]
	n := strings.IndexAny(s, `"\`)
	if n >= 0 && s[n] == '"' {
		r.rest = s[n+1:]
		return s[:n], true
	}
	var w strings.Builder
	for n >= 0 {
		w.WriteString(s[:n])
		c := s[n]
		s = s[n+1:]
		if c == '"' {
			r.rest = s
			return w.String(), true
		}
		if s == "" {
			break
		}
		w.WriteByte(s[0])
		s = s[1:]
		n = strings.IndexAny(s, `"\`)
	}
	r.rest = ""
	return "", false
}

// junk passes over what cannot start an element.
func (r *authReader) junk() {
	if r.rest[0] == '"' {
		r.quoted()
	} else {
		r.rest = r.rest[1:]
	}
}

func isTokenByte(c byte) bool {
	return isLetterOrDigit(c) || c != 0 && strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

func isLetterOrDigit(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c-'0' <= 9
}
