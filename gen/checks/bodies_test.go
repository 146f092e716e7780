package checks

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	support "github.com/errgen/errgen/templates/apierr"
)

// A step is one of a path, as far as catalogs have them.
type step struct {
	name  string
	index int // of an element; -1 for none
	each  bool
	is    string // a filter: the member name of the element has this text
}

var steps = regexp.MustCompile(`^(?:\.\.?([A-Za-z_][\w-]*)|\['([^']*)'\]|\[(\d+)\]|(\[\*\]|\.\*)|\[\?@(?:\.(\w+)|\['([^']*)'\])=='([^']*)'\])`)

// parsePath takes a path apart. That a step goes down several levels is of no
// importance here: one level is among them.
func parsePath(t testing.TB, path string) []step {
	t.Helper()
	var out []step
	for rest := path[1:]; rest != ""; {
		m := steps.FindStringSubmatch(rest)
		if m == nil {
			t.Fatalf("the path %s has an unknown step: %s", path, rest)
		}
		s := step{name: m[1] + m[2] + m[5] + m[6], index: -1, each: m[4] != "", is: m[7]}
		if m[3] != "" {
			s.index, _ = strconv.Atoi(m[3])
		}
		out = append(out, s)
		rest = rest[len(m[0]):]
	}
	return out
}

// put returns a tree, as of json.Unmarshal, with a leaf at a path; lists that
// the path goes over get n elements. What is there already stays.
func put(node any, path []step, leaf any, n int) any {
	if len(path) == 0 {
		if node == nil {
			return leaf
		}
		return node
	}
	s, rest := path[0], path[1:]
	if !s.each && s.index < 0 && s.is == "" {
		object, ok := node.(map[string]any)
		if node != nil && !ok {
			return node
		}
		if object == nil {
			object = map[string]any{}
		}
		object[s.name] = put(object[s.name], rest, leaf, n)
		return object
	}
	list, ok := node.([]any)
	if node != nil && !ok {
		return node
	}
	switch {
	case s.each:
		for len(list) < n {
			list = append(list, nil)
		}
		for i := range list {
			list[i] = put(list[i], rest, leaf, n)
		}
	case s.is != "":
		i := slices.IndexFunc(list, func(e any) bool {
			object, ok := e.(map[string]any)
			return ok && object[s.name] == s.is
		})
		if i < 0 {
			i, list = len(list), append(list, map[string]any{s.name: s.is})
		}
		list[i] = put(list[i], rest, leaf, n)
	default:
		for len(list) <= s.index {
			list = append(list, nil)
		}
		list[s.index] = put(list[s.index], rest, leaf, n)
	}
	return list
}

// written is a tree in the format of a vendor's bodies.
func written(t testing.TB, v *vendor, tree any) []byte {
	t.Helper()
	if v.program.Tables.Format == support.XML {
		root, ok := tree.(map[string]any)
		if !ok || len(root) != 1 {
			root = map[string]any{"Error": tree}
		}
		return []byte(element(root))
	}
	text, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// element is what is in an XML element, as the support package reads it.
func element(node any) string {
	var b strings.Builder
	switch node := node.(type) {
	case map[string]any:
		for name, child := range node {
			list, ok := child.([]any)
			if !ok {
				list = []any{child}
			}
			for _, child := range list {
				b.WriteString("<" + name + ">" + element(child) + "</" + name + ">")
			}
		}
	case nil:
	default:
		_ = xml.EscapeText(&b, []byte(fmt.Sprint(node)))
	}
	return b.String()
}

// everywhere is a body with a text at every place of a vendor's catalog.
func everywhere(t testing.TB, v *vendor, text any) any {
	t.Helper()
	var tree any
	for _, place := range longestFirst(v.program.Tables.Places) {
		if strings.Contains(place.Path, "@") && !strings.Contains(place.Path, "[?@") {
			continue // an attribute
		}
		tree = put(tree, parsePath(t, place.Path), text, 2)
	}
	return tree
}

// longestFirst are the places in the body, so that a value that is a text or
// an object by turns becomes an object.
func longestFirst(places []support.Place) []support.Place {
	places = slices.DeleteFunc(slices.Clone(places), func(p support.Place) bool { return len(p.Path) < 2 })
	slices.SortStableFunc(places, func(a, b support.Place) int { return len(b.Path) - len(a.Path) })
	return places
}
