package apierr

import "strings"

// Structured fields (RFC 9651): Lists and Dictionaries of items with
// parameters, as RateLimit, Proxy-Status and Cache-Status have them.
//
// What is no such field down to its last byte says nothing at all, as section
// 4.2 demands: the readers here look at a field as a whole first, and at its
// members then. They make no tree of it, and copy only what has escapes or
// comes in several lines. The limit on its length limits all that is in it.

// maxField is how long a structured field may be, all lines together. It has
// room for the largest of what section 3 asks parsers to read, 16384 bytes in
// Base64.
const maxField = 64 << 10

// joinLines returns the lines of a field as the one that they stand for (RFC
// 9651, section 4.2). The second result is false when there is none, or more
// than is read.
func joinLines(lines []string) (string, bool) {
	length := 0
	for _, line := range lines {
		length += len(line) + len(", ")
	}
	if length == 0 || length > maxField {
		return "", false
	}
	return strings.Join(lines, ", "), true
}

// A memberReader goes over the members of a structured field.
type memberReader struct {
	rest       string
	dictionary bool
	bad        bool // what was read so far is no such field

	key    string   // of a Dictionary's member
	value  bareItem // of the member, unless it is an inner list
	params string   // of the member, as they stand there
}

// readList returns a reader of the members of a List (RFC 9651, section 3.1).
// When the field is none, the reader has none either and the second result is
// false.
func readList(field string) (memberReader, bool) { return readMembers(field, false) }

// readDictionary returns a reader of the members of a Dictionary (RFC 9651,
// section 3.2). A key may come twice; the last one counts. When the field is
// none, the reader has no members and the second result is false.
func readDictionary(field string) (memberReader, bool) { return readMembers(field, true) }

func readMembers(field string, dictionary bool) (memberReader, bool) {
	all := memberReader{rest: strings.Trim(field, " "), dictionary: dictionary}
	trial := all
	for trial.next() {
		continue
	}
	if trial.bad {
		return memberReader{}, false
	}
	return all, true
}

// next goes to the next member and reports whether there is one.
func (r *memberReader) next() bool {
	if r.rest == "" || r.bad {
		return false
	}
	ok, named := true, false
	if r.dictionary {
		r.key, r.rest, ok = readKey(r.rest)
		r.rest, named = strings.CutPrefix(r.rest, "=")
	}
	switch {
	case !ok:
	case r.dictionary && !named:
		r.value = implied
	case strings.HasPrefix(r.rest, "("):
		r.value = bareItem{}
		r.rest, ok = skipInnerList(r.rest)
	default:
		r.value, r.rest, ok = readBare(r.rest)
	}
	if ok {
		r.params, r.rest, ok = readParams(r.rest)
	}
	r.bad = !ok || !r.separator()
	return !r.bad
}

// separator reads what is between two members, and reports whether there is a
// member after it, or else the end of the field.
func (r *memberReader) separator() bool {
	r.rest = strings.TrimLeft(r.rest, " \t")
	if r.rest == "" {
		return true
	}
	after, comma := strings.CutPrefix(r.rest, ",")
	r.rest = strings.TrimLeft(after, " \t")
	return comma && r.rest != ""
}

// param returns a parameter of the member. A name may come twice; the last one
// counts.
func (r *memberReader) param(name string) (value bareItem, ok bool) {
	for rest := r.params; rest != ""; {
		var key string
		var v bareItem
		key, v, rest, _ = readParam(rest)
		if key == name {
			value, ok = v, true
		}
	}
	return value, ok
}

// count returns a parameter that is a number of things, or -1.
func (r *memberReader) count(name string) int64 {
	value, _ := r.param(name)
	return value.count()
}

// anyItem stands for any item of a List.
const anyItem = "*"

// listText returns the value of a parameter of an item of a List, without a
// parameter that of the item itself. Of several items of the name, the first
// that has it counts; [anyItem] is a name that every item has.
func listText(lines []string, item, param string) (string, bool) {
	field, _ := joinLines(lines)
	list, _ := readList(field)
	for list.next() {
		name, _ := list.value.text()
		if name != item && item != anyItem {
			continue
		}
		if text, ok := list.text(param); ok {
			return text, true
		}
	}
	return "", false
}

// dictionaryText returns the value of a member of a Dictionary, or of a
// parameter of that.
func dictionaryText(lines []string, key, param string) (text string, ok bool) {
	field, _ := joinLines(lines)
	dictionary, _ := readDictionary(field)
	for dictionary.next() {
		if dictionary.key == key {
			text, ok = dictionary.text(param)
		}
	}
	return text, ok
}

// text returns the value of a parameter of the member, without a parameter
// that of the member itself.
func (r *memberReader) text(param string) (string, bool) {
	if param == "" {
		return r.value.text()
	}
	value, _ := r.param(param)
	return value.text()
}
