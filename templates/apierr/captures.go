package apierr

import (
	"encoding/json"
	"iter"
	"net/http"
	"strings"
	"unicode/utf8"
)

// rawLimit is how much of a body is copied once, for all texts in it to be
// parts of.
const rawLimit = 4 << 10

// Captures are the values that a response has at the places of a catalog. They
// are valid only during the call that they are passed to and must not be kept;
// what the methods return may be. The zero value has no values.
//
// Methods that take several places look at them in turn, and the first that is
// present counts. A place is present when the body has a value other than null
// there, or the response has the header, and, for a place with After, when the
// text has it. A place within a list is present only in the Captures of the
// list's elements; see [Captures.Rows].
type Captures struct {
	scan  *scan
	table uint32
	row   uint32
}

// newCaptures returns the captures of a response whose body was scanned into
// s, or was not scanned. raw is a copy of the start of the body.
func newCaptures(places []Place, s *scan, body []byte, raw string, header http.Header) Captures {
	s.places, s.body, s.raw, s.header = places, body, raw, header
	return Captures{scan: s}
}

// String returns the text of the value: strings without quotes and escapes,
// numbers and booleans as they are written, arrays and objects as JSON. It
// returns "" when there is no value. Bytes that are not UTF-8 become U+FFFD.
func (c Captures) String(places ...At) string {
	s, _, _ := c.first(places)
	return s
}

// Int returns the value of a number or of a string that holds one. It is exact:
// 3.0 and 1e3 are integers. A number with a fraction, one outside the range of
// int64 and anything else give 0.
func (c Captures) Int(places ...At) int64 {
	s, _, _ := c.first(places)
	return parseInt(s)
}

// Float returns the value of a number or of a string that holds one, rounded
// to the nearest float64. Anything else and what is too large give 0.
func (c Captures) Float(places ...At) float64 {
	s, _, _ := c.first(places)
	return parseFloat(s)
}

// Bool returns the value of a boolean or of a string that holds one, in upper
// or lower case. Anything else gives false.
func (c Captures) Bool(places ...At) bool {
	s, _, _ := c.first(places)
	return strings.EqualFold(s, "true")
}

// JSON returns a copy of the JSON text of the value, of whatever type it is;
// of a header, and of a text that was trimmed, as a JSON string. It returns nil
// when there is no value.
func (c Captures) JSON(places ...At) json.RawMessage {
	for _, at := range places {
		if raw := c.raw(at); raw != nil {
			return append(json.RawMessage(nil), raw...)
		}
		if text, _, ok := c.text(at); ok {
			return appendJSONString(nil, text)
		}
	}
	return nil
}

// Has reports whether one of the places is present.
func (c Captures) Has(places ...At) bool {
	for _, at := range places {
		if _, _, ok := c.text(at); ok {
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
// 1000 elements of a list are there, and 10000 of all lists of a response.
func (c Captures) Rows(at At) iter.Seq2[int, Captures] {
	return func(yield func(int, Captures) bool) { c.rows(at, yield) }
}

func (c Captures) rows(at At, yield func(int, Captures) bool) {
	t, list := c.list(at)
	row := list.start
	for i := range int(list.end) {
		if !yield(i, Captures{c.scan, t, row}) {
			return
		}
		row = c.scan.caps[row].start
	}
}

// first returns the text of the first place that is present.
func (c Captures) first(places []At) (string, kind, bool) {
	for _, at := range places {
		if s, k, ok := c.text(at); ok {
			return s, k, true
		}
	}
	return "", kindNone, false
}

// text returns the text at a place, see [Captures.String], and the kind of the
// value it is of; a header and what was trimmed are strings.
func (c Captures) text(at At) (text string, k kind, ok bool) {
	if c.scan == nil || int(at) >= len(c.scan.places) {
		return "", kindNone, false
	}
	place := &c.scan.places[at]
	if place.Header != "" {
		text, ok = headerText(c.scan.header, place.Header)
		k = kindString
	} else if got, found := c.capture(at); found && got.kind != kindNull {
		text, k, ok = c.scan.text(got), got.kind, true
	}
	if !ok {
		return "", kindNone, false
	}
	if place.After != "" {
		if _, text, ok = strings.Cut(text, place.After); !ok {
			return "", kindNone, false
		}
		k = kindString
	}
	if place.Before != "" {
		text, _, _ = strings.Cut(text, place.Before)
		k = kindString
	}
	return text, k, true
}

// Null reports whether the body has a null at a place.
func (c Captures) Null(at At) bool {
	got, ok := c.capture(at)
	return ok && got.kind == kindNull
}

// raw returns the JSON text at a place, nil when there is none as it stands.
func (c Captures) raw(at At) []byte {
	got, ok := c.capture(at)
	if !ok || got.kind == kindNull || int(at) >= len(c.scan.places) {
		return nil
	}
	if p := &c.scan.places[at]; p.Header != "" || p.After != "" || p.Before != "" {
		return nil
	}
	return c.scan.body[got.start:got.end]
}

// headerText returns the first field of the given canonical name.
func headerText(h http.Header, name string) (string, bool) {
	if values := h[name]; len(values) > 0 {
		return strings.Trim(values[0], " \t"), true
	}
	return "", false
}

// capture returns what was captured at a place in the body.
func (c Captures) capture(at At) (capture, bool) {
	if c.scan == nil || c.scan.plan == nil || int(at) >= len(c.scan.plan.slots) {
		return capture{}, false
	}
	t := c.scan.plan.slots[at]
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
	if c.scan == nil || c.scan.plan == nil || int(at) >= len(c.scan.plan.slots) {
		return 0, capture{}
	}
	for t := c.scan.plan.slots[at].table; ; {
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

// text returns the text of a captured value.
func (s *scan) text(got capture) string {
	start, end := int(got.start), int(got.end)
	if got.kind == kindString {
		start, end = start+1, end-1
	}
	if got.escaped {
		s.buf = appendUnescaped(s.buf[:0], s.body[start:end])
		return string(s.buf)
	}
	var text string
	if end <= len(s.raw) {
		text = s.raw[start:end]
	} else {
		text = string(s.body[start:end])
	}
	if got.kind >= kindString && !utf8.ValidString(text) {
		return string([]rune(text)) // U+FFFD for each bad byte
	}
	return text
}
