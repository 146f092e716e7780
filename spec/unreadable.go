package spec

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/errgen/errgen/templates/apierr"
)

// Unreadable is the value of a detail that a response has, but not as one of
// the detail's type: generated code has the zero value there.
type Unreadable struct {
	JSON json.RawMessage // as it stands in the response, a text as a string
	Type Type            // that it is not of
	Unit apierr.Unit     // of a duration or a time
}

// String tells what the value is not: "no duration in s".
func (u Unreadable) String() string {
	switch u.Type {
	case TypeInt:
		return "no integer"
	case TypeBool:
		return "neither true nor false"
	case TypeString:
		return "no text"
	case TypeDuration, TypeTime:
		return "no " + string(u.Type) + " in the unit " + u.Unit.String()
	}
	return "no " + string(u.Type)
}

// Unreadable returns the details whose values are [Unreadable], with the names
// and indexes that lead to each, joined with dots: "fields.0.size".
func (v Values) Unreadable() []Value {
	var out []Value
	var find func(name string, v any)
	find = func(name string, v any) {
		switch v := v.(type) {
		case Unreadable:
			out = append(out, Value{name, v})
		case Values:
			for _, d := range v {
				find(name+"."+d.Name, d.Value)
			}
		case []any:
			for i, e := range v {
				find(name+"."+strconv.Itoa(i), e)
			}
		}
	}
	for _, d := range v {
		find(d.Name, d.Value)
	}
	return out
}

// unreadable is a present value that is none of the type, or nothing for an
// empty text.
func unreadable(c apierr.Captures, f *Field, t Type, at ...apierr.At) (any, bool) {
	raw, ok := sent(c, at...)
	if !ok {
		return nil, false
	}
	return Unreadable{raw, t, f.Unit}, true
}

// sent is the first value that is more than an empty text.
func sent(c apierr.Captures, at ...apierr.At) (json.RawMessage, bool) {
	for _, at := range at {
		if text, ok := c.LookupString(at); ok && text == "" {
			continue
		}
		if raw := c.JSON(at); raw != nil {
			return raw, true
		}
	}
	return nil, false
}

// isContainer reports whether a value may have elements; so may one that was
// not sent.
func isContainer(raw json.RawMessage) bool { return raw == nil || raw[0] == '[' || raw[0] == '{' }

// isHollow reports whether a value is an empty object, or a list of nothing.
func isHollow(raw json.RawMessage) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) == nil {
		return len(members) == 0
	}
	var elements []json.RawMessage
	if json.Unmarshal(raw, &elements) != nil {
		return false
	}
	for _, e := range elements {
		if !bytes.Equal(e, []byte("null")) {
			return false
		}
	}
	return true
}
