package checks

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dunglas/httpsfv"
	support "github.com/errgen/errgen/templates/apierr"
)

// FuzzStructuredField: in a catalog's eyes a structured field is what
// github.com/dunglas/httpsfv reads, part by part, and nothing at all when that
// reads none.
func FuzzStructuredField(f *testing.F) {
	for _, field := range []string{
		"", " ", "a", "a,b", "a, b\t", "\ta", "a,", "a,,b", "a b", "a=1", "a=1,b;x=?0", "a=(1 2);x", "a=1, a=2", "A=1",
		"0, -0, 007", "999999999999999", "1000000000000000", "-", "+1", "1.5", "999999999999.999", "9999999999999.9", "1.2345", "1.", ".5", "1.2.3", "1e3",
		`"a b"`, `"a\"b\\c"`, `"a\n"`, `"a`, `"a\`, "\"\x7f\"", "\"é\"", `"a""b"`, "*", "*a", "a*", "a:/b", "_a", "é",
		":aGk=:", ":aGk:", ":aGk==:", ":aA=:", ":a:", ":====:", ":a-_:", ":aG k:", ":aGk=", "?0", "?1", "?", "?2", "?10",
		"@0", "@-1", "@1.5", "@", `%""`, `%"f%c3%bc"`, `%"%C3%BC"`, `%"%c3"`, `%"%c"`, `%"ü"`, "%a",
		"a;b", "a; b=1;  c", "a;b=1;b=2", "a;b_-.*9=x", "a ;b", "a;\tb", "a;b =1", "a;b= 1", "a;B=1", "a;", "a;b=", "a;b=(1)",
		"()", `(a "b"  3), c`, "( a;x=1  b );y", "(a", "(a,b)", `("a""b")`, "(a(b))", "(a;)", ")",
		`"default";r=50;t=30;pk=:aGk=:, daily;r=0`, "limit=100, remaining=50, reset=5",
	} {
		f.Add(field, "")
		f.Add(field, "x;y=1")
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		lines := []string{first}
		if second != "" {
			lines = append(lines, second)
		}
		list, noList := httpsfv.UnmarshalList(lines)
		dictionary, noDictionary := httpsfv.UnmarshalDictionary(lines)
		if len(first)+len(second) > 60_000 || unpadded(noList) || unpadded(noDictionary) {
			return
		}
		probes := probes(strings.Join(lines, " "))
		for i, have := range structured(probes, lines) {
			var want any
			if p := &probes[i]; p.Item != "" && noList == nil {
				want = inList(list, p)
			} else if p.Key != "" && noDictionary == nil {
				want = inDictionary(dictionary, p)
			}
			if !sameText(have, want) {
				t.Errorf("%q has %v at %+v, for httpsfv %#v", lines, have, probes[i], want)
			}
		}
	})
}

// unpadded reports whether a field is none because of its Base64: section 4.2.7
// asks to add padding that is missing, and httpsfv does not.
func unpadded(err error) bool {
	var corrupt base64.CorruptInputError
	return errors.As(err, &corrupt)
}

var words = regexp.MustCompile(`[a-z*][a-z0-9_.*-]*`)

// probes are places for whatever in the text could name a part of a field.
func probes(text string) []support.Place {
	names := words.FindAllString(text, 12)
	var out []support.Place
	for _, name := range append([]string{"*"}, names...) {
		for _, param := range append([]string{""}, names...) {
			out = append(out, support.Place{Header: "X-Field", Item: name, Param: param}, support.Place{Header: "X-Field", Key: name, Param: param})
		}
	}
	return out
}

// structured returns the texts that a catalog finds at places of a header; of
// those without a text, nil.
func structured(places []support.Place, lines []string) []any {
	texts := make([]any, len(places))
	c := support.Catalog{Places: append([]support.Place{{}}, places...), Build: func(v support.Captures) *support.Error {
		for i := range places {
			if at := support.At(i + 1); v.Has(at) {
				texts[i] = v.String(at)
			}
		}
		return new(support.Error)
	}}
	c.Decode(http.StatusTooManyRequests, http.Header{"X-Field": lines}, nil, time.Time{})
	return texts
}

// inList returns what a place in a List has, nil for nothing.
func inList(list httpsfv.List, p *support.Place) any {
	for _, member := range list {
		value, params := parts(member)
		if p.Item != "*" && !sameText(p.Item, value) {
			continue
		}
		if v := part(value, params, p.Param); v != nil {
			return v
		}
	}
	return nil
}

// inDictionary returns what a place in a Dictionary has, nil for nothing.
func inDictionary(dictionary *httpsfv.Dictionary, p *support.Place) any {
	member, ok := dictionary.Get(p.Key)
	if !ok {
		return nil
	}
	value, params := parts(member)
	return part(value, params, p.Param)
}

// parts takes a member apart; the value of an inner list is nil.
func parts(member httpsfv.Member) (any, *httpsfv.Params) {
	if item, ok := member.(httpsfv.Item); ok {
		return item.Value, item.Params
	}
	return nil, member.(httpsfv.InnerList).Params
}

func part(value any, params *httpsfv.Params, param string) any {
	if param == "" {
		return value
	}
	v, _ := params.Get(param)
	return v
}

// sameText reports whether a text, or nil for none, is that of a value. Numbers
// and Base64 stay as they are written.
func sameText(text, value any) bool {
	s, ok := text.(string)
	if !ok || value == nil {
		return !ok && value == nil
	}
	switch v := value.(type) {
	case int64:
		n, err := strconv.ParseInt(s, 10, 64)
		return err == nil && n == v
	case float64:
		n, err := strconv.ParseFloat(s, 64)
		return err == nil && n == v
	case time.Time:
		n, err := strconv.ParseInt(s, 10, 64)
		return err == nil && n == v.Unix()
	case []byte:
		b, err := base64.StdEncoding.DecodeString(s)
		return err == nil && bytes.Equal(b, v)
	}
	return s == fmt.Sprint(value)
}
