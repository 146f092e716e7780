package apierr

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestTexts(t *testing.T) {
	for _, tt := range []struct{ value, want, marshalled string }{
		{`"gone"`, "=gone", `["gone"]`},
		{`7.50`, "=7.50", `["7.50"]`},
		{`true`, "=true", `["true"]`},
		{`null`, "", `[]`},
		{`[]`, "", `[]`},
		{`{}`, "", `[]`},
		{`{"a":[],"b":{"c":null}}`, "", `[]`},
		{`["a", 1 ,null,"\u0062",[["c"]]]`, "=a =1 =b =c", `["a","1","b","c"]`},
		{`{"title":["blank","short"],"price":"negative","n":null}`, "title=blank title=short price=negative", `{"title":["blank","short"],"price":["negative"]}`},
		{`{"b":{"c":{"d":"1"},"e":["2",{"f":"3"}]},"\u0061":"4"}`, "b.c.d=1 b.e=2 b.e.f=3 a=4", `{"b.c.d":["1"],"b.e":["2"],"b.e.f":["3"],"a":["4"]}`},
		{`["x",{"a":"y"},{"a":"z"}]`, "=x a=y a=z", `{"":["x"],"a":["y","z"]}`},
		{`{"a":{"b":"old"},"c":"1","a":"new"}`, "a=new c=1", `{"a":["new"],"c":["1"]}`},
		{`{"":"x"}`, "=x", `["x"]`},
		{`{"q\"":"<\\>"}`, `q"=<\>`, `{"q\"":["\u003c\\\u003e"]}`},
	} {
		c := scanned(t, pathPlaces("$.v", "$.none"), `{"v":`+tt.value+`}`)
		texts := c.Texts(2, 1)
		var got []string
		for _, text := range texts {
			got = append(got, text.Key+"="+text.Text)
		}
		if s := strings.Join(got, " "); s != tt.want || (texts == nil) != (tt.want == "") {
			t.Errorf("%s: %s, want %s", tt.value, s, tt.want)
		}
		if b, err := json.Marshal(texts); err != nil || string(b) != tt.marshalled {
			t.Errorf("%s is written as %s, %v, want %s", tt.value, b, err, tt.marshalled)
		}
	}
}

func TestTextsOfPlaces(t *testing.T) {
	places := []Place{{}, {Path: "$.empty"}, {Header: "X-Text"}, {Path: "$.s", After: "-"}, {Path: "$.rows[*].m"}}
	c := scanned(t, places, `{"empty":[null],"s":"a-b","rows":[{"m":["x"]},{"m":{"k":"y"}}]}`)
	c.scan.header = http.Header{"X-Text": {"h"}}
	if got := c.Texts(1, 3, 2); !slices.Equal(got, Texts{{"", "b"}}) {
		t.Errorf("trimmed: %v", got)
	}
	if got := c.Texts(4, 2); !slices.Equal(got, Texts{{"", "h"}}) {
		t.Errorf("header: %v", got)
	}
	var got Texts
	for _, row := range c.Rows(4) {
		got = append(got, row.Texts(4)...)
	}
	if !slices.Equal(got, Texts{{"", "x"}, {"k", "y"}}) {
		t.Errorf("rows: %v", got)
	}
	if (Captures{}).Texts(1) != nil {
		t.Error("texts out of nothing")
	}
}

func TestTextsAreBounded(t *testing.T) {
	members := func(n int, format string) string {
		var parts []string
		for i := range n {
			parts = append(parts, fmt.Sprintf(format, i))
		}
		return strings.Join(parts, ",")
	}
	for name, tt := range map[string]struct {
		value string
		want  int
	}{
		"elements":       {"[" + members(1500, `"%d"`) + "]", 1000},
		"members":        {"{" + members(1500, `"%d":"x"`) + "}", 1000},
		"both":           {"{" + members(50, `"%d":[`+members(50, `"x%d"`)+`]`) + "}", 1000},
		"16 levels":      {strings.Repeat("[", 16) + `"x"` + strings.Repeat("]", 16), 1},
		"17 levels":      {strings.Repeat(`{"a":`, 17) + `"x"` + strings.Repeat("}", 17), 0},
		"a deep one":     {strings.Repeat("[", 9000) + strings.Repeat("]", 9000), 0},
		"one large key":  {`{"` + strings.Repeat("k", 1<<19) + `":[` + members(900, `"%d"`) + "]}", 900},
		"many long keys": {`{"` + strings.Repeat("k", 1<<19) + `":{` + members(900, `"%d":"x"`) + "}}", 0},
	} {
		c := scanned(t, pathPlaces("$"), tt.value)
		if got := c.Texts(1); len(got) != tt.want {
			t.Errorf("%s: %d texts, want %d", name, len(got), tt.want)
		}
	}
}

func TestStrings(t *testing.T) {
	for value, want := range map[string][]string{
		`"a b"`: {"a b"}, `7`: {"7"}, `false`: {"false"}, `null`: nil, `{}`: nil, `[]`: nil, `[null,{},[1]]`: nil,
		`["a",1,null,true,["n"],{"o":1},"\u0062"]`: {"a", "1", "true", "b"}, `""`: {""},
	} {
		c := scanned(t, pathPlaces("$.v", "$.none"), `{"v":`+value+`}`)
		if got := c.Strings(2, 1); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
	c := scanned(t, pathPlaces("$.a", "$.b", "$.long"), `{"a":{"x":1},"b":["y"],"long":[`+strings.Repeat("1,", 1500)+`1]}`)
	if got := c.Strings(1, 2); !slices.Equal(got, []string{"y"}) {
		t.Errorf("an object keeps the next place from counting: %q", got)
	}
	if got := c.Strings(3); len(got) != 1000 {
		t.Errorf("%d elements", len(got))
	}
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		value, sep string
		want       []string
	}{
		{`"a, b ,,c"`, ",", []string{"a", "b", "c"}},
		{`" read:x  write:y\t\n"`, " ", []string{"read:x", "write:y"}},
		{`" read:x  write:y\tz\n"`, "", []string{"read:x", "write:y", "z"}},
		{`"a||b"`, "||", []string{"a", "b"}},
		{`" , "`, ",", nil},
		{`""`, "", nil},
		{`12`, ",", []string{"12"}},
		{`["a, b",1]`, ",", []string{"a, b", "1"}},
		{`{}`, ",", nil},
	} {
		c := scanned(t, pathPlaces("$.v", "$.none"), `{"v":`+tt.value+`}`)
		if got := c.Split(tt.sep, 2, 1); !slices.Equal(got, tt.want) {
			t.Errorf("%s by %q: %q, want %q", tt.value, tt.sep, got, tt.want)
		}
	}
	c := scanned(t, pathPlaces("$.blank", "$.list"), `{"blank":" , ","list":"`+strings.Repeat("a,", 1500)+`"}`)
	if got := c.Split(",", 1, 2); len(got) != 1000 {
		t.Errorf("%d parts", len(got))
	}
}
