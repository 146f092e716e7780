package apierr

import (
	"encoding/json"
	"iter"
	"net/http"
	"strings"
)

// maxNested is how deep places can lean on places, by Join and by When.
const maxNested = 4

// Captures are the values that a response has at the places of a catalog. They
// are valid only during the call that they are passed to and must not be kept;
// what the methods return may be. The zero value has no values.
//
// A place is present when the body has a value other than null there, or the
// response has the header, or all places that it is joined of have a text; when
// one of its conditions holds; and, for a place with After, when the text has
// it. A place within a list is present only in the Captures of the list's
// elements; see [Captures.Rows].
//
// A place has a text when it is present and no array or object. In XML, an
// element with attributes and no elements has a text as well, and several
// elements of a name have that of the first.
//
// Methods that take several places look at them in turn, and the first counts
// that has a value such as the method returns: for String a text, for Int an
// integer. So a list of places covers values that are of one type by turns.
type Captures struct {
	scan   *scan
	table  uint32
	row    uint32
	nested uint8 // how many places lean on the one looked at
}

// captures returns the captures of a response whose body was scanned into s, or
// was not. raw is a copy of the start of that body.
func (s *scan) captures(raw string, status int, header http.Header) Captures {
	s.raw, s.status, s.header = raw, status, header
	return Captures{scan: s}
}

// String returns the text of the first place that has one: strings without
// quotes and escapes, numbers and booleans as they are written. It returns ""
// when none has. Bytes that are not UTF-8 become U+FFFD.
func (c Captures) String(places ...At) string {
	for _, at := range places {
		if s, ok := c.text(at); ok {
			return s
		}
	}
	return ""
}

// Int returns the first value that is a number or a string that holds one, and
// is an integer in the range of int64. It is exact: 3.0 and 1e3 are integers,
// and nothing is rounded. It returns 0 when there is none.
func (c Captures) Int(places ...At) int64 {
	for _, at := range places {
		if got := c.plain(at); got != nil && got.odd == counted {
			return int64(got.number)
		}
		if text, ok := c.text(at); ok {
			if n, ok := parseInt(text); ok {
				return n
			}
		}
	}
	return 0
}

// Float returns the first value that is a number or a string that holds one,
// rounded to the nearest float64; one that is too large does not count. It
// returns 0 when there is none.
//
//go:noinline
func (c Captures) Float(places ...At) float64 {
	v, _ := first(c, places, parseFloat)
	return v
}

// Bool returns the first value that is a boolean or a string that holds one, in
// upper or lower case. It returns false when there is none.
//
//go:noinline
func (c Captures) Bool(places ...At) bool {
	v, _ := first(c, places, parseBool)
	return v
}

func parseBool(s string) (value, ok bool) {
	value = strings.EqualFold(s, "true")
	return value, value || strings.EqualFold(s, "false")
}

// first returns the first text that can be read, the zero value and false when
// none can.
// Methods that call it are not inlined: in other packages the compiler does not
// know that a generic function keeps no places, and would allocate them.
func first[T any](c Captures, places []At, read func(string) (T, bool)) (T, bool) {
	for _, at := range places {
		if text, ok := c.text(at); ok {
			if v, ok := read(text); ok {
				return v, true
			}
		}
	}
	var none T
	return none, false
}

// JSON returns a copy of the JSON text of the first value, of whatever type it
// is; of a text that is not in the body as it stands, as a JSON string. It
// returns nil when there is no value.
func (c Captures) JSON(places ...At) json.RawMessage {
	for _, at := range places {
		if got, ok := c.value(at); ok {
			return append(json.RawMessage(nil), c.scan.body[got.start:got.end]...)
		}
		if text, ok := c.text(at); ok {
			return appendJSONString(nil, text)
		}
	}
	return nil
}

// Has reports whether one of the places is present, whatever its value is.
func (c Captures) Has(places ...At) bool {
	for _, at := range places {
		if _, ok := c.value(at); ok {
			return true
		}
		if _, ok := c.text(at); ok {
			return true
		}
	}
	return false
}

// Len returns how many elements the list has that [Captures.Rows] goes over.
func (c Captures) Len(at At) int {
	_, list := c.list(at)
	return int(list.end)
}

// Rows goes over the elements of the list in which the place is, with the index
// and the captures of each; those have the places of the element and still
// those outside of the list. Of lists within lists, the outermost comes first:
// call Rows on an element's captures to go over the inner one. At most the first
// 1000 elements of a list are there, and 10000 of all lists of a response. A
// list does not count when no condition of its place holds; they are judged
// from outside of the list.
func (c Captures) Rows(at At) iter.Seq2[int, Captures] {
	return func(yield func(int, Captures) bool) { c.rows(at, yield) }
}

func (c Captures) rows(at At, yield func(int, Captures) bool) {
	t, list := c.list(at)
	row := list.start
	for i := range int(list.end) {
		if !yield(i, Captures{scan: c.scan, table: t, row: row}) {
			return
		}
		row = c.scan.caps[row].start
	}
}

// place returns a place, or nil when it does not count in this response.
func (c Captures) place(at At) *Place {
	if c.scan == nil || int(at) >= len(c.scan.places) {
		return nil
	}
	place := &c.scan.places[at]
	if place.When != nil && !c.inner().holds(place.When) {
		return nil
	}
	return place
}

// inner returns c for the places that a place leans on, without any values
// when that goes too deep. The compiler of catalogs lets no place lean on
// itself; a table that errgen did not make could.
func (c Captures) inner() Captures {
	if c.nested == maxNested {
		return Captures{}
	}
	c.nested++
	return c
}

// text returns the text at a place, see [Captures.String].
func (c Captures) text(at At) (text string, ok bool) {
	got := c.plain(at)
	if got == nil {
		if s := c.scan; s != nil && int(at) < len(s.slots) && s.slots[at].field != "" {
			return headerText(s.header, s.slots[at].field)
		}
		return c.textOf(at)
	}
	if !got.kind.scalar() {
		return "", false
	}
	start, end := got.start, got.end
	if got.kind == kindString {
		start, end = start+1, end-1
	}
	if raw := c.scan.raw; got.odd&unlike == 0 && start <= end && uint64(end) <= uint64(len(raw)) {
		return raw[start:end], true
	}
	return c.scan.textMade(int(start), int(end), got.odd), true
}

// plain returns what was captured at a place that is a mere path in the list
// that c is in, as most are. It returns nil for any other place.
func (c Captures) plain(at At) *capture {
	s := c.scan
	if s == nil || int(at) >= len(s.slots) {
		return nil
	}
	here := &s.slots[at]
	if here.plainIn != c.table {
		return nil
	}
	return &s.caps[c.row+here.slot]
}

// textOf is text for any place.
func (c Captures) textOf(at At) (text string, ok bool) {
	place := c.place(at)
	switch {
	case place == nil:
		return "", false
	case place.Header != "":
		text, ok = place.header(c.scan.header)
	case place.Path == "":
		text, ok = c.joined(place)
	default:
		if got, found := c.capture(at); found {
			if got = c.scan.plain(got); got.kind.scalar() {
				text, ok = c.scan.text(got), true
			}
		}
	}
	if ok && place.After != "" {
		_, text, ok = strings.Cut(text, place.After)
	}
	if ok && place.Before != "" {
		text, _, _ = strings.Cut(text, place.Before)
	}
	if !ok {
		return "", false
	}
	return text, true
}

// header returns the text at a place in a header.
func (p *Place) header(h http.Header) (string, bool) {
	lines := h[p.Header]
	switch {
	case p.Item != "":
		return listText(lines, p.Item, p.Param)
	case p.Key != "":
		return dictionaryText(lines, p.Key, p.Param)
	case p.Param != "":
		return authParam(lines, p.Scheme, p.Param)
	case p.Lines:
		return joinLines(lines)
	}
	return firstLine(lines)
}

// joined returns the texts of all places of a join, put together.
func (c Captures) joined(place *Place) (text string, ok bool) {
	inner := c.inner()
	for i, at := range place.Join {
		part, ok := inner.text(at)
		if !ok {
			return "", false
		}
		if i > 0 {
			text += place.With
		}
		text += part
	}
	return text, len(place.Join) > 0
}

// scalar reports whether values of the kind have a text.
func (k kind) scalar() bool { return kindBool <= k && k <= kindString }

// Null reports whether the body has a null at a place.
func (c Captures) Null(at At) bool {
	got, ok := c.capture(at)
	return ok && got.kind == kindNull && c.place(at) != nil
}

// value returns the value that the body has at a place, as it stands there.
func (c Captures) value(at At) (capture, bool) {
	got, ok := c.capture(at)
	if !ok || got.kind == kindNull {
		return capture{}, false
	}
	place := c.place(at)
	if place == nil || place.After != "" || place.Before != "" {
		return capture{}, false
	}
	return got, true
}

// headerText returns the first field of the given canonical name.
func headerText(h http.Header, name string) (string, bool) {
	return firstLine(h[name])
}

func firstLine(lines []string) (string, bool) {
	if len(lines) == 0 {
		return "", false
	}
	return trimOWS(lines[0]), true
}

// capture returns what was captured at a place in the body.
func (c Captures) capture(at At) (capture, bool) {
	if c.scan == nil || int(at) >= len(c.scan.slots) {
		return capture{}, false
	}
	t := c.scan.slots[at]
	if t.slot == 0 {
		return capture{}, false
	}
	row, ok := c.rowOf(t.table)
	if !ok {
		return capture{}, false
	}
	got := c.scan.caps[row+t.slot]
	return got, got.kind != kindNone
}

// rowOf returns the row of a table that c is in.
func (c Captures) rowOf(table uint32) (row uint32, ok bool) {
	if table == c.table {
		return c.row, true
	}
	return c.rowAround(table)
}

// rowAround is rowOf for a table that c may be deeper in.
func (c Captures) rowAround(table uint32) (row uint32, ok bool) {
	for t, row := c.table, c.row; ; {
		if t == table {
			return row, true
		}
		if t == 0 {
			return 0, false
		}
		row = c.scan.caps[row].end
		t = c.scan.plan.tables[t].list.table
	}
}

// list returns the outermost table that at is in and c is not, and its rows.
func (c Captures) list(at At) (table uint32, list capture) {
	if c.place(at) == nil || int(at) >= len(c.scan.slots) {
		return 0, capture{}
	}
	for t := c.scan.slots[at].table; ; {
		if _, inside := c.rowOf(t); inside {
			return 0, capture{}
		}
		hangs := c.scan.plan.tables[t].list
		if row, ok := c.rowOf(hangs.table); ok {
			return t, c.scan.caps[row+hangs.slot]
		}
		t = hangs.table
	}
}
