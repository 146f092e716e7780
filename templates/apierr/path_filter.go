package apierr

import "strings"

// maxNumber is the longest number that a filter compares with, in bytes. An
// exponent of that many digits is still in the range of int64.
const maxNumber = 20

// test reads a filter from its question mark up to the bracket (RFC 9535,
// section 2.3.5), of which there is but one form: @.path==value.
func (r *pathReader) test() (t test, err *PathError) {
	r.at++
	if t.path, err = r.testPath(); err != nil {
		return test{}, err
	}
	if err = r.equals(); err != nil {
		return test{}, err
	}
	if t.kind, t.text, err = r.literal(); err != nil {
		return test{}, err
	}
	if rest := r.rest(); strings.HasPrefix(rest, "&&") || strings.HasPrefix(rest, "||") {
		return test{}, r.errorf(r.at, "a filter has one condition; keep the one that tells the elements apart")
	}
	return t, nil
}

// testPath reads the path to the value that is tested.
func (r *pathReader) testPath() (string, *PathError) {
	if !strings.HasPrefix(r.rest(), "@") {
		return "", r.errorf(r.at, "a filter compares a part of the element: write [?@.name=='text']")
	}
	r.at++
	p := Path{relative: true}
	for rest := r.rest(); strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "["); rest = r.rest() {
		start := r.at
		if len(p.steps) == maxTests {
			return "", r.errorf(start, "a filter looks at most %d steps into an element; test a value further up", maxTests)
		}
		if strings.HasPrefix(rest, "[?") {
			return "", r.errorf(start, "a filter tests one value, at names and indexes only")
		}
		st, err := r.step()
		if err != nil {
			return "", err
		}
		if st.kind != stepName && st.kind != stepIndex {
			return "", r.errorf(start, "a filter tests one value, at names and indexes only")
		}
		p.steps = append(p.steps, st)
	}
	return p.String(), nil
}

func (r *pathReader) equals() *PathError {
	rest := r.rest()
	switch {
	case strings.HasPrefix(rest, "=="):
		r.at += 2
		return nil
	case rest != "" && strings.TrimSpace(rest[:1]) == "":
		return r.errorf(r.at, "a path has no blanks; remove it")
	case strings.HasPrefix(rest, "]"):
		return r.errorf(r.at, "that a value is there cannot be tested; compare it with == as in [?@.name=='text']")
	default:
		return r.errorf(r.at, "a filter compares with == only: write [?@.name=='text']")
	}
}

// literal reads the value that a filter compares with.
func (r *pathReader) literal() (kind, string, *PathError) {
	rest := r.rest()
	switch {
	case rest == "":
		return 0, "", r.errorf(r.at, "a value must follow: 'text', a number, true or false")
	case rest[0] == '\'' || rest[0] == '"':
		text, err := r.quoted()
		return kindString, text, err
	case strings.TrimSpace(rest[:1]) == "":
		return 0, "", r.errorf(r.at, "a path has no blanks; remove it")
	case strings.HasPrefix(rest, "true"):
		r.at += len("true")
		return kindBool, "true", nil
	case strings.HasPrefix(rest, "false"):
		r.at += len("false")
		return kindBool, "false", nil
	case rest[0] != '-' && rest[0]-'0' > 9:
		return 0, "", r.errorf(r.at, "only a 'text', a number, true or false can be compared with; put a text in quotes")
	}
	n := skipNumber([]byte(rest), 0)
	if n < 0 {
		return 0, "", r.errorf(r.at, "this is no JSON number; put a text in quotes")
	}
	if n > maxNumber {
		return 0, "", r.errorf(r.at, "a number has at most %d bytes; write it shorter", maxNumber)
	}
	r.at += n
	return kindNumber, rest[:n], nil
}
