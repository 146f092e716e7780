package apierr

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// paths returns the path and the text of every innermost element.
func paths(c Captures, at At) []string {
	var got []string
	for row := range c.leaves(at) {
		got = append(got, row.Path(at)+"="+row.String(at))
	}
	return got
}

func TestPosition(t *testing.T) {
	for _, tt := range []struct{ path, body, want string }{
		{"$.errors[*]", `{"errors":["a","b"]}`, "=a =b"},
		{"$.errors[*].m", `{"x":[{"m":0}],"errors":[{"m":"a"},{"m":"b"}]}`, "=a =b"},
		{"$.errors[*]", `{"errors":{"title":"a","price":"b"}}`, "title=a price=b"},
		{"$.errors[*][*]", `{"errors":{"title":["can't be blank","x"], "p\u0071": [ "y" ]}}`, "title=can't be blank title=x pq=y"},
		{"$.errors[*][*]", `{"errors":[["a"],["b","c"]]}`, "0=a 1=b 1=c"},
		{"$.errors[*].fields[*].m", `{"errors":[{"m":1,"fields":{"f":{"m":"a"},"g":{"m":"b"}}},{"fields":{"h":{"m":"c"}}}]}`, "0.f=a 0.g=b 1.h=c"},
		{"$.errors.items[*][*][*]", `{"errors":{"items":[{"price":["negative","odd"]}]}}`, "0.price=negative 0.price=odd"},
		{"$[*]", `{"a":"1","b":{"c":1},"":"2"}`, "a=1 b= =2"},
		{"$.a[1][*]", `{"a":[{"x":"0"},{"y":"1"}]}`, "y=1"},
		{
			"$.errors.._errors[*].code", `{"errors":{"activities":{"0":{"platform":{"_errors":[{"code":"A"},{"code":"B"}]},"type":{"_errors":[{"code":"C"}]}}},"_errors":[{"code":"D"}]}}`,
			"activities.0.platform=A activities.0.platform=B activities.0.type=C =D",
		},
		{"$..message", `{"message":"a","list":[{"message":"b"},{"x":{"message":"c"}}]}`, "=a list.0=b list.1.x=c"},
		{"$..a[*]..b", `{"x":{"a":[{"y":{"b":"1"}},{"b":"2"}]}}`, "x.0.y=1 x.1=2"},
	} {
		c := scanned(t, pathPlaces("$.zzz", tt.path), tt.body)
		if got := strings.Join(paths(c, 2), " "); got != tt.want {
			t.Errorf("%s in %s:\n got %s\nwant %s", tt.path, tt.body, got, tt.want)
		}
	}
}

func TestPositionOfOuterRows(t *testing.T) {
	c := scanned(t, pathPlaces("$.x", "$.errors.._errors[*].code", "$.a[*].n"),
		`{"errors":{"f":{"_errors":[{"code":"A"},{"message":"no place"}]}},"a":[{"n":1}]}`)
	if c.Path(1) != "" || c.Path(2) != "" || c.Path(99) != "" || (Captures{}).Path(1) != "" {
		t.Error("a path outside of any list")
	}
	for _, outer := range c.Rows(2) {
		i := 0
		for _, inner := range outer.Rows(2) {
			if got, want := inner.Path(2), []string{"f", ""}[i]; got != want {
				t.Errorf("inner %d: %q, want %q", i, got, want)
			}
			if inner.Path(3) != "" {
				t.Error("a path in a list that the row is not of")
			}
			i++
		}
	}
	var none []string
	for row := range (Captures{}).leaves(1) {
		none = append(none, row.String(1))
	}
	if none != nil {
		t.Errorf("leaves out of nothing: %q", none)
	}
	for range c.leaves(2) {
		break
	}
}

func TestPositionIsBounded(t *testing.T) {
	long := strings.Repeat("k", maxPosition)
	c := scanned(t, pathPlaces("$[*]"), `{"`+long+`":1,"`+long[:maxPosition-3]+`":2,"short":3}`)
	if got := paths(c, 1); !slices.Equal(got, []string{"=1", long[:maxPosition-3] + "=2", "short=3"}) {
		t.Errorf("%.60q", got)
	}
	// Many steps ..a over many members a: no more than a quick walk.
	deep := strings.Repeat(`{"a":`, 60) + `"x"` + strings.Repeat("}", 60)
	steps := mustPath(t, "$"+strings.Repeat("..a", 15)+".b")
	var cur cursor
	route := cur.seek([]byte(deep), strings.Index(deep, `"x"`))
	if len(route) != 60 || align(steps, route) != nil {
		t.Errorf("a route of %d", len(route))
	}
	if ends := align(mustPath(t, "$"+strings.Repeat("..a", 15)), route); len(ends) != 15 || ends[14] != 60 {
		t.Errorf("ends %v", ends)
	}
}

func mustPath(t *testing.T, s string) []step {
	t.Helper()
	p, err := ParsePath(s)
	if err != nil {
		t.Fatal(err)
	}
	return p.steps
}

// FuzzCursor compares with the tokens of encoding/json, forwards and back.
func FuzzCursor(f *testing.F) {
	for _, s := range jsonSeeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !json.Valid(body) || len(body) > 1<<12 {
			return
		}
		want := map[int]string{}
		s := &scan{body: body}
		collect(s, skipSpace(body, 0), "", want)
		var c cursor
		for pass := range 3 {
			for k := range len(body) {
				i := []int{k, len(body) - 1 - k, k * 7919 % len(body)}[pass]
				got := c.seek(body, i)
				if where, ok := want[i]; !ok && got != nil || ok && routeText(s, got) != where {
					t.Fatalf("%q at %d: %s, want %s", body, i, routeText(s, got), where)
				}
			}
		}
	})
}

// collect notes where each value at or below an offset stands.
func collect(s *scan, i int, where string, all map[int]string) {
	all[i] = where
	if s.body[i] != '[' && s.body[i] != '{' {
		return
	}
	n := 0
	s.children(i, func(quoted []byte, value capture) bool {
		step := fmt.Sprintf("/%d", n)
		if quoted != nil {
			step = fmt.Sprintf("/%q", s.name(quoted))
		}
		n++
		collect(s, int(value.start), where+step, all)
		return true
	})
}

func routeText(s *scan, route []frame) string {
	text := ""
	for _, f := range route {
		if f.name != nil {
			text += fmt.Sprintf("/%q", s.name(f.name))
		} else {
			text += fmt.Sprintf("/%d", f.index)
		}
	}
	return text
}
