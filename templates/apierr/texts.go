package apierr

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of the texts of one value.
const (
	maxTexts    = 1000    // texts, and children of one array or object
	maxTextNest = 16      // arrays and objects within each other
	maxKeyBytes = 1 << 20 // of all keys
)

// A Text is one of the texts of a value that has several.
type Text struct {
	Key  string // names of the members that it is under, joined with dots; empty for none
	Text string
}

// Texts are the texts of a value that is by turns a string, a list of strings,
// or an object with strings or lists of strings; see [Captures.Texts]. Nil is
// no texts.
type Texts []Text

// Texts returns the texts of the first value that has any, in their order: of a
// string, number or boolean its text, of an array those of its elements, of an
// object those of its members, each with the member's name as key. In objects
// within objects the names are joined with dots; arrays add nothing to a key.
// Nulls have no text, and of members with the same name only the last counts.
// There are at most 1000 texts, from at most 16 levels. It returns nil when
// there are none.
func (c Captures) Texts(places ...At) Texts {
	for _, at := range places {
		if texts := c.texts(at); texts != nil {
			return texts
		}
	}
	return nil
}

// Strings returns the texts of the elements of the first array that has any,
// or the text of a string, number or boolean as a list of one. Elements that
// have no text are left out; there are at most 1000. It returns nil when there
// are none.
func (c Captures) Strings(places ...At) []string {
	for _, at := range places {
		if list := c.elements(at); list != nil {
			return list
		}
		if text, ok := c.text(at); ok {
			return []string{text}
		}
	}
	return nil
}

// Split returns the parts between separators of the first text that has any, or
// the elements of the first array as [Captures.Strings] does. Parts have no
// blanks around them, and empty ones are left out; there are at most 1000. With
// an empty separator any blanks separate. It returns nil when there are none.
func (c Captures) Split(sep string, places ...At) []string {
	for _, at := range places {
		if list := c.elements(at); list != nil {
			return list
		}
		if text, ok := c.text(at); ok {
			if list := split(text, sep); list != nil {
				return list
			}
		}
	}
	return nil
}

func split(text, sep string) []string {
	var list []string
	for more := true; more && len(list) < maxTexts; {
		var part string
		part, text, more = cutPart(text, sep)
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// cutPart is [strings.Cut], where an empty separator is any blank.
func cutPart(text, sep string) (part, rest string, more bool) {
	if sep != "" {
		return strings.Cut(text, sep)
	}
	i := strings.IndexFunc(text, unicode.IsSpace)
	if i < 0 {
		return text, "", false
	}
	_, size := utf8.DecodeRuneInString(text[i:])
	return text[:i], text[i+size:], true
}

// elements returns the texts of the elements of an array.
func (c Captures) elements(at At) []string {
	got, ok := c.value(at)
	if !ok || got.kind != kindArray {
		return nil
	}
	var list []string
	c.scan.children(int(got.start), func(_ []byte, value capture) bool {
		if value = c.scan.leaf(value); value.kind.scalar() {
			list = append(list, c.scan.text(value))
		}
		return len(list) < maxTexts
	})
	return list
}

func (c Captures) texts(at At) Texts {
	if got, ok := c.value(at); ok && got.kind >= kindArray {
		r := textReader{scan: c.scan}
		r.value("", got, 0)
		return r.texts
	}
	if text, ok := c.text(at); ok {
		return Texts{{Text: text}}
	}
	return nil
}

// A textReader collects the texts of a value.
type textReader struct {
	scan  *scan
	texts Texts
	keys  int // bytes of keys so far
}

func (r *textReader) full() bool { return len(r.texts) >= maxTexts || r.keys > maxKeyBytes }

func (r *textReader) value(key string, value capture, depth int) {
	value = r.scan.leaf(value)
	switch {
	case r.full() || value.kind == kindNull:
	case value.kind.scalar():
		r.texts = append(r.texts, Text{key, r.scan.text(value)})
	case depth == maxTextNest:
	case value.kind == kindArray:
		r.scan.children(int(value.start), func(_ []byte, element capture) bool {
			r.value(key, element, depth+1)
			return !r.full()
		})
	default:
		r.object(key, value, depth)
	}
}

// object collects the members first, since a later one can replace one before.
func (r *textReader) object(key string, value capture, depth int) {
	type member struct {
		key   string
		value capture
	}
	var members []member
	index := map[string]int{}
	r.scan.children(int(value.start), func(quoted []byte, value capture) bool {
		name := r.scan.name(quoted)
		i, again := index[name]
		if !again {
			i = len(members)
			index[name] = i
			members = append(members, member{key: dotted(key, name)})
			r.keys += len(members[i].key)
		}
		members[i].value = value
		return len(members) < maxTexts && r.keys <= maxKeyBytes
	})
	for _, m := range members {
		r.value(m.key, m.value, depth+1)
	}
}

func dotted(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// name returns the name of a member, which stands in quotes.
func (s *scan) name(quoted []byte) string {
	return string(appendUnescaped(nil, quoted[1:len(quoted)-1]))
}

// children goes over the values in the valid array or object at an offset of
// the body, with the members' names as they stand there, nil for elements.
func (s *scan) children(i int, yield func(quoted []byte, value capture) bool) {
	b := s.body
	object := b[i] == '{'
	for i = skipSpace(b, i+1); b[i] != ']' && b[i] != '}'; {
		var quoted []byte
		if object {
			end, _ := skipString(b, i+1)
			quoted = b[i:end]
			i = skipName(b, i)
		}
		value := s.at(i)
		if !yield(quoted, value) {
			return
		}
		if i = skipSpace(b, int(value.end)); b[i] == ',' {
			i = skipSpace(b, i+1)
		}
	}
}

// at returns the value at an offset of the body.
func (s *scan) at(i int) capture {
	k := kinds[s.body[i]]
	if k == kindString {
		end, odd := skipString(s.body, i+1)
		return capture{uint32(i), uint32(end), 0, k, odd}
	}
	return capture{start: uint32(i), end: uint32(s.skip(s.body, i, 0)), kind: k}
}

// MarshalJSON writes a list of the texts when none has a key, otherwise an
// object with a list of texts for each key.
func (t Texts) MarshalJSON() ([]byte, error) {
	var keys []string
	under := map[string][]string{}
	all := make([]string, 0, len(t))
	for _, text := range t {
		if _, ok := under[text.Key]; !ok {
			keys = append(keys, text.Key)
		}
		under[text.Key] = append(under[text.Key], text.Text)
		all = append(all, text.Text)
	}
	if len(keys) == 0 || len(keys) == 1 && keys[0] == "" {
		return json.Marshal(all)
	}
	out := []byte{'{'}
	for i, key := range keys {
		if i > 0 {
			out = append(out, ',')
		}
		list, err := json.Marshal(under[key])
		if err != nil {
			return nil, err
		}
		out = append(append(appendJSONString(out, key), ':'), list...)
	}
	return append(out, '}'), nil
}
