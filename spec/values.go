package spec

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

// Values are the details of one decoded error, in the catalog's order: what a
// generated package has as typed fields. A detail that the response does not
// have is left out. Values are an error so that an [apierr.Error] can hold
// them.
type Values []Value

// A Value is one detail: a string, int64, float64, bool, time.Duration,
// time.Time, apierr.Texts, json.RawMessage, []any of such, Values for an object,
// [Unreadable], or nil for null.
type Value struct {
	Name  string // on the wire
	Value any
}

// Error names the type; it is never shown.
func (v *Values) Error() string { return "details" }

// MarshalJSON writes an object, durations as "1m0s" and instants in RFC 3339.
// What is [Unreadable] is left out, and null as an element of a list.
func (v Values) MarshalJSON() ([]byte, error) {
	b := bytes.NewBufferString("{")
	for _, d := range v {
		if _, bad := d.Value.(Unreadable); bad {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		for j, part := range []any{d.Name, jsonable(d.Value)} {
			if j > 0 {
				b.WriteByte(':')
			}
			enc := json.NewEncoder(b)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(part); err != nil {
				return nil, err
			}
			b.Truncate(b.Len() - 1) // the encoder ends each value with a new line
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func jsonable(v any) any {
	switch v := v.(type) {
	case time.Duration:
		return v.String()
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case Unreadable:
		return nil
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = jsonable(e)
		}
		return out
	}
	return v
}

// Get returns the value of a detail. The second result is false when the
// response did not have it.
func (v Values) Get(name string) (any, bool) {
	for _, d := range v {
		if d.Name == name {
			return d.Value, true
		}
	}
	return nil, false
}

// bind lets the tables fill in details as Values, as generated code fills in
// structs.
func (p *Program) bind() {
	p.Tables.Build = filler(p.Common)
	for i, part := range p.Parts {
		if len(part.Fields) > 0 {
			p.Tables.Entries[i].Build = filler(p.Common, part.Fields)
		}
	}
}

func filler(groups ...[]Field) func(apierr.Captures) *apierr.Error {
	return func(c apierr.Captures) *apierr.Error {
		var v Values
		for _, fields := range groups {
			v = append(v, read(c, fields)...)
		}
		return &apierr.Error{Details: &v}
	}
}

// read returns the values of those fields that the response has.
func read(c apierr.Captures, fields []Field) Values {
	var out Values
	for i := range fields {
		f := &fields[i]
		if c.Has(f.At...) {
			if v, sent := value(c, f); sent {
				out = append(out, Value{f.Wire, v})
			}
		} else if slices.ContainsFunc(f.At, c.Null) {
			out = append(out, Value{f.Wire, nil})
		}
	}
	return out
}

// value returns the value of a detail that is present. The second result is
// false for one that is no more than an empty text and that its type has not.
func value(c apierr.Captures, f *Field) (v any, sent bool) {
	switch {
	case len(f.Each) > 0:
		return rows(c, f)
	case f.Type == TypeList:
		return scalars(c, f)
	case f.Type == TypeObject:
		return record(c, f, f.At...)
	}
	return single(c, f, f.Type, f.At...)
}

// rows are the elements of a list, or the members of an object, at the first
// place that is present.
func rows(c apierr.Captures, f *Field) (any, bool) {
	i := slices.IndexFunc(f.At, func(at apierr.At) bool { return c.Has(at) })
	if raw, _ := sent(c, f.At[i]); !isContainer(raw) {
		return unreadable(c, f, f.Type, f.At[i])
	}
	list := []any{}
	for _, row := range c.Rows(f.Each[i]) {
		var v any
		if len(f.Fields) > 0 {
			v, _ = record(row, f, f.Each[i])
		} else {
			v, _ = single(row, f, f.OfType, f.Each[i])
		}
		list = append(list, v)
	}
	return list, true
}

// scalars are the elements of a list of texts.
func scalars(c apierr.Captures, f *Field) (any, bool) {
	list := c.Strings(f.At...)
	if f.Split != "" {
		list = c.Split(f.Split, f.At...)
	}
	if _, text := c.LookupString(f.At...); list == nil && !text {
		if raw, ok := sent(c, f.At...); ok && !isHollow(raw) {
			return unreadable(c, f, f.Type, f.At...)
		}
	}
	out := make([]any, len(list))
	for i, text := range list {
		out[i] = text
	}
	return out, true
}

// record is an object, or whatever else the places of its fields lead into. An
// object may lack all of them; anything else that does is unreadable.
func record(c apierr.Captures, f *Field, at ...apierr.At) (any, bool) {
	v := read(c, f.Fields)
	if v == nil {
		if raw, ok := sent(c, at...); ok && raw[0] != '{' && !isHollow(raw) {
			return unreadable(c, f, TypeObject, at...)
		}
	}
	return v, true
}

// single is a value that generated code reads by one method. Of several places,
// those at which there is a list or an object are for something else.
func single(c apierr.Captures, f *Field, t Type, at ...apierr.At) (any, bool) {
	if v, ok := lookup(c, t, f.Unit, at...); ok {
		return v, true
	}
	if len(at) > 1 {
		at = slices.DeleteFunc(slices.Clone(at), func(at apierr.At) bool {
			_, text := c.LookupString(at)
			return !text
		})
	}
	return unreadable(c, f, t, at...)
}

// lookup is the method by which generated code reads a type, and tells whether
// there is such a value.
func lookup(c apierr.Captures, t Type, unit apierr.Unit, at ...apierr.At) (any, bool) {
	switch t {
	case TypeInt:
		return c.LookupInt(at...)
	case TypeNumber:
		return c.LookupFloat(at...)
	case TypeBool:
		return c.LookupBool(at...)
	case TypeDuration:
		return c.LookupDuration(unit, at...)
	case TypeTime:
		return c.LookupTime(unit, at...)
	case TypeTexts:
		return c.Texts(at...), true
	case TypeAny:
		return c.JSON(at...), true
	default:
		return c.LookupString(at...)
	}
}
