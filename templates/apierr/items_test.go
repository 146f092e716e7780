package apierr

import (
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func itemsCatalog() *Catalog {
	return &Catalog{
		Places: pathPlaces("$.errors[*]", "$.errors[*].code", "$.errors[*].path", "$.errors[*].text",
			"$.fields[*][*]", "$.batch[*].errors[*]", "$.batch[*].errors[*].code", "$.batch[*].id", "$.code"),
		Code: []At{9},
		Items: []Items{
			{Each: 1, Code: []At{2}, Field: []At{3}, Message: []At{4}},
			{Each: 5, Message: []At{5}},
			{Each: 6, Code: []At{7}, Field: []At{8}},
		},
	}
}

// TestItemsOfErrors holds what items are made of: elements of lists, of lists
// within lists, and of objects whose keys are no names but data.
func TestItemsOfErrors(t *testing.T) {
	c := itemsCatalog()
	for _, tt := range []struct {
		name, body string
		want       []Item
	}{
		{"none", `{}`, nil},
		{"an empty list", `{"errors":[]}`, nil},
		{"no list", `{"errors":"x","fields":7,"batch":{}}`, nil},
		{"a list", `{"errors":[{"code":"A","path":"a.b","text":"one"},{"code":7},{"text":"three"}]}`, []Item{{"A", "a.b", "one"}, {Code: "7"}, {Message: "three"}}},
		{"elements that tell nothing", `{"errors":[{},{"path":"a"},null,3,"x",{"code":""},{"code":"A"}]}`, []Item{{Code: "A"}}},
		{"members of an object", `{"errors":{"x":{"code":"A"},"y":{"code":"B"}}}`, []Item{{Code: "A"}, {Code: "B"}}},
		{"dynamic keys", `{"fields":{"name":["long","odd"],"a.b":["x"],"empty":[],"deep":[{"no":"text"}]}}`, []Item{{"", "name", "long"}, {"", "name", "odd"}, {"", "a.b", "x"}}},
		{"dynamic keys, twice", `{"fields":{"name":{"first":"blank"},"list":[["x"]]}}`, []Item{{"", "name.first", "blank"}}},
		{"nested", `{"batch":[{"id":"1","errors":[{"code":"A"},{"code":"B"}]},{"id":"2"},{"errors":[{"code":"C"}]}]}`, []Item{{"A", "1", ""}, {"B", "1", ""}, {"C", "", ""}}},
		{"all three", `{"batch":[{"errors":[{"code":"C"}]}],"fields":{"f":["m"]},"errors":[{"code":"A"}]}`, []Item{{Code: "A"}, {"", "f", "m"}, {Code: "C"}}},
		{"broken JSON", `{"errors":[{"code":"A"}]`, nil},
	} {
		e := c.Decode(400, nil, []byte(tt.body), time.Time{})
		if !slices.Equal(e.Items(), tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.name, e.Items(), tt.want)
		}
		if got := c.DecodeItems(200, nil, []byte(tt.body)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: in a success %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// TestSuccessItems holds that the body is whole again, and is not touched for a
// catalog that knows no items.
func TestSuccessItems(t *testing.T) {
	c := itemsCatalog()
	const body = `{"errors":[{"code":"A"}]}`
	resp := &http.Response{StatusCode: 207, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1}
	for range 2 {
		if got := c.SuccessItems(resp); !slices.Equal(got, []Item{{Code: "A"}}) {
			t.Errorf("%+v", got)
		}
	}
	if rest, err := io.ReadAll(resp.Body); string(rest) != body || err != nil {
		t.Errorf("the body is %q, %v", rest, err)
	}
	long := `{"errors":[{"code":"A"}],"x":"` + strings.Repeat("x", MaxBody) + `"}`
	resp = &http.Response{StatusCode: 207, Body: io.NopCloser(strings.NewReader(long))}
	if got := c.SuccessItems(resp); got != nil {
		t.Errorf("a body that is too long has %+v", got)
	}
	if rest, err := io.ReadAll(resp.Body); string(rest) != long || err != nil {
		t.Errorf("a long body is %d bytes, %v", len(rest), err)
	}
	for _, resp := range []*http.Response{nil, {}, {Body: http.NoBody}} {
		if c.SuccessItems(resp) != nil {
			t.Errorf("items of %+v", resp)
		}
	}
	counted := &counter{r: strings.NewReader(body)}
	if new(Catalog).SuccessItems(&http.Response{Body: counted}) != nil || counted.reads != 0 {
		t.Errorf("a catalog without items read the body %d times", counted.reads)
	}
}

// TestItemsShareText holds that the items of a large body that all fall back to
// one long text keep one copy of it.
func TestItemsShareText(t *testing.T) {
	c := &Catalog{
		Places: []Place{{}, {Path: "$.errors[*]"}, {Path: "$.errors[*].code"}, {Path: "$.errors[*].message"}, {Path: "$.message"}},
		Items:  []Items{{Each: 1, Code: []At{2}, Message: []At{3, 4}}},
	}
	const size = 512 << 10
	for _, long := range []string{strings.Repeat("m", size), `\n` + strings.Repeat("m", size-1)} {
		body := []byte(`{"errors":[` + strings.TrimSuffix(strings.Repeat(`{"code":"x"},`, 1000), ",") + `],"message":"` + long + `"}`)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		e := c.Decode(400, nil, body, time.Time{})
		runtime.ReadMemStats(&after)
		if len(e.Items()) != 1000 || len(e.Items()[999].Message) != size {
			t.Fatalf("%d items", len(e.Items()))
		}
		if got := after.TotalAlloc - before.TotalAlloc; got > 8*size {
			t.Errorf("1000 items of one text took %d bytes, want no more than a few times its %d", got, size)
		}
	}
}
