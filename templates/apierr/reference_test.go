package apierr

import (
	"bytes"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// An object is a JSON object whose members keep their order. A member that a
// later one of the same name replaces is not in it.
type object []pair

type pair struct {
	name  string
	value any
}

func (o object) get(name string) (any, bool) {
	i := slices.IndexFunc(o, func(p pair) bool { return p.name == name })
	if i < 0 {
		return nil, false
	}
	return o[i].value, true
}

// decodeAny decodes with encoding/json, into object instead of map.
func decodeAny(t *testing.T, body []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	return decodeNext(t, dec)
}

func decodeNext(t *testing.T, dec *json.Decoder) any {
	token, err := dec.Token()
	if err != nil {
		t.Fatal(err)
	}
	switch token {
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			list = append(list, decodeNext(t, dec))
		}
		_, _ = dec.Token()
		return list
	case json.Delim('{'):
		o := object{}
		for dec.More() {
			name, _ := dec.Token()
			o = slices.DeleteFunc(o, func(p pair) bool { return p.name == name })
			o = append(o, pair{name.(string), decodeNext(t, dec)})
		}
		_, _ = dec.Token()
		return o
	}
	return token
}

// children returns the values right in a value.
func children(v any) []any {
	list, _ := v.([]any)
	if o, ok := v.(object); ok {
		for _, p := range o {
			list = append(list, p.value)
		}
	}
	return list
}

// deepMembers returns the members called name, some levels down.
func deepMembers(v any, name string, levels int) (found []any) {
	if levels == 0 {
		return nil
	}
	if list, ok := v.([]any); ok {
		for _, v := range list {
			found = append(found, deepMembers(v, name, levels-1)...)
		}
	}
	if o, ok := v.(object); ok {
		for _, p := range o {
			if p.name == name {
				found = append(found, p.value)
			}
			found = append(found, deepMembers(p.value, name, levels-1)...)
		}
	}
	return found
}

// child returns what a step to one value leads to.
func child(v any, st step) (any, bool) {
	switch st.kind {
	case stepName:
		o, _ := v.(object)
		return o.get(st.name)
	case stepIndex:
		if list, _ := v.([]any); st.index < len(list) {
			return list[st.index], true
		}
	case stepFirst:
		for _, v := range children(v) {
			if passes(v, st.test) {
				return v, true
			}
		}
	}
	return nil, false
}

func passes(v any, want test) bool {
	path, err := ParseRelativePath(want.path)
	if err != nil {
		return false
	}
	for _, st := range path.steps {
		var ok bool
		if v, ok = child(v, st); !ok {
			return false
		}
	}
	switch v := v.(type) {
	case string:
		return want.kind == kindString && v == want.text
	case bool:
		return want.kind == kindBool && v == (want.text == "true")
	case json.Number:
		return want.kind == kindNumber && equalNumbers(v.String(), want.text)
	}
	return false
}

// equalNumbers compares with a number that has a small exponent.
func equalNumbers(x, want string) bool {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(x), "e")
	if strings.Trim(mantissa, "-0.") == "" {
		x = "0"
	} else if len(exponent) > 5 {
		return false
	}
	a, _ := new(big.Rat).SetString(x)
	b, _ := new(big.Rat).SetString(want)
	return a.Cmp(b) == 0
}
