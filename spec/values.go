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
// or nil for null.
type Value struct {
	Name  string // on the wire
	Value any
}

// Error names the type; it is never shown.
func (v *Values) Error() string { return "details" }

// MarshalJSON writes an object, durations as "1m0s" and instants in RFC 3339.
func (v Values) MarshalJSON() ([]byte, error) {
	b := bytes.NewBufferString("{")
	for i, d := range v {
		if i > 0 {
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
		switch {
		case c.Has(f.At...) && (!f.scalar() || c.Strings(f.At...) != nil):
			out = append(out, Value{f.Wire, value(c, f)})
		case slices.ContainsFunc(f.At, c.Null):
			out = append(out, Value{f.Wire, nil})
		}
	}
	return out
}

// scalar reports whether the detail is one text, number or the like, which an
// object cannot be.
func (f *Field) scalar() bool {
	switch f.Type {
	case TypeList, TypeObject, TypeTexts, TypeAny:
		return false
	}
	return true
}

func value(c apierr.Captures, f *Field) any {
	switch {
	case len(f.Each) > 0:
		rows := []any{}
		for i, at := range f.At {
			if c.Has(at) {
				for _, row := range c.Rows(f.Each[i]) {
					rows = append(rows, element(row, f, f.Each[i]))
				}
				break
			}
		}
		return rows
	case f.Type == TypeList:
		return scalars(c, f)
	case f.Type == TypeObject:
		return read(c, f.Fields)
	}
	return single(c, f.Type, f.Unit, f.At...)
}

// scalars are the elements of a list of texts.
func scalars(c apierr.Captures, f *Field) []any {
	list := c.Strings(f.At...)
	if f.Split != "" {
		list = c.Split(f.Split, f.At...)
	}
	out := make([]any, len(list))
	for i, text := range list {
		out[i] = text
	}
	return out
}

func element(row apierr.Captures, f *Field, at apierr.At) any {
	if len(f.Fields) > 0 {
		return read(row, f.Fields)
	}
	return single(row, f.OfType, f.Unit, at)
}

func single(c apierr.Captures, t Type, unit apierr.Unit, at ...apierr.At) any {
	switch t {
	case TypeInt:
		return c.Int(at...)
	case TypeNumber:
		return c.Float(at...)
	case TypeBool:
		return c.Bool(at...)
	case TypeDuration:
		return c.Duration(unit, at...)
	case TypeTime:
		return c.Time(unit, at...)
	case TypeTexts:
		return c.Texts(at...)
	case TypeAny:
		return c.JSON(at...)
	default:
		return c.String(at...)
	}
}
