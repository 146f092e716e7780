package apierr

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestJoin(t *testing.T) {
	places := []Place{
		{},
		{Path: "$.a"},
		{Path: "$.n"},
		{Path: "$.o"},
		{Header: "X-Sub"},
		{Path: "$.none"},
		{Path: "$.rows[*].c"},
		7:  {Join: []At{1, 2}, With: "/"},
		8:  {Join: []At{1, 5}, With: "/"},
		9:  {Join: []At{1, 3}, With: "/"},
		10: {Join: []At{4, 1, 2}, With: "-", After: "h-", Before: "-7"},
		11: {Join: []At{7, 4}, With: ":"},
		12: {Join: []At{1, 6}, With: "."},
		13: {Join: []At{}},
		14: {Join: []At{1, 14}},
	}
	c := scanned(t, places, `{"a":"A","n":7,"o":{},"rows":[{"c":"x"},{}]}`)
	c.scan.header = http.Header{"X-Sub": {"h"}}
	for at, want := range map[At]string{7: "A/7", 8: "", 9: "", 10: "A", 11: "A/7:h", 12: "", 13: "", 14: ""} {
		if got := c.String(at); got != want || c.Has(at) != (want != "") {
			t.Errorf("place %d: %q, %v, want %q", at, got, c.Has(at), want)
		}
	}
	if string(c.JSON(7)) != `"A/7"` {
		t.Errorf("JSON %s", c.JSON(7))
	}
	for i, row := range c.Rows(6) {
		if got := row.String(12); got != []string{"A.x", ""}[i] {
			t.Errorf("row %d: %q", i, got)
		}
	}
}

func TestPlaceWhen(t *testing.T) {
	problem := []Match{{{Media: []string{"application/problem+json"}}}}
	server := []Match{{{Status: [][2]int{{500, 599}}}}, {{At: 1, Equals: []string{"b"}}}}
	places := []Place{
		{},
		{Path: "$.kind"},
		{Path: "$.code"},
		{Path: "$.list[*].c"},
		4: {Path: "$.code", When: problem},
		5: {Path: "$.code", When: server},
		6: {Path: "$.list[*].c", When: problem},
		7: {Path: "$.list[*].c", When: []Match{{{At: 3, Equals: []string{"y"}}}}},
		8: {Header: "X-Code", When: problem},
		9: {Path: "$.null", When: problem},
	}
	const body = `{"kind":"a","code":{"x":1},"list":[{"c":"y"},{"c":"z"}],"null":null}`
	for _, tt := range []struct {
		media  string
		status int
		kind   string
		holds  [2]bool // problem, server
	}{
		{"application/json", 400, "a", [2]bool{false, false}},
		{"Application/Problem+JSON; charset=utf-8", 400, "a", [2]bool{true, false}},
		{" application/problem+json ;broken=\"", 503, "a", [2]bool{true, true}},
		{"", 499, "b", [2]bool{false, true}},
	} {
		c := scanned(t, places, strings.Replace(body, `"a"`, `"`+tt.kind+`"`, 1))
		c.scan.status = tt.status
		c.scan.header = http.Header{"Content-Type": {tt.media}, "X-Code": {"h"}}
		problem, server := tt.holds[0], tt.holds[1]
		if c.Has(4) != problem || (c.JSON(4) != nil) != problem || c.Has(8) != problem || c.Null(9) != problem {
			t.Errorf("%+v: problem", tt)
		}
		if c.Has(5) != server {
			t.Errorf("%+v: server", tt)
		}
		if rows := c.Len(6); rows != map[bool]int{true: 2}[problem] {
			t.Errorf("%+v: %d rows", tt, rows)
		}
		if c.Len(7) != 0 {
			t.Errorf("%+v: a condition within a list holds outside of it", tt)
		}
		for i, row := range c.Rows(3) {
			if row.Has(6) != problem || row.Has(7) != (i == 0) {
				t.Errorf("%+v: row %d", tt, i)
			}
		}
	}
}

// TestNestedPlaces has places that lean on each other, up to the limit and
// around in circles.
func TestNestedPlaces(t *testing.T) {
	present := func(at At) []Match { return []Match{{{At: at}}, {{At: at}}} }
	places := []Place{
		{},
		{Path: "$.a"},
		2:  {Path: "$.a", When: present(1)},
		3:  {Path: "$.a", When: present(2)},
		4:  {Join: []At{3, 3}},
		5:  {Join: []At{4}, When: present(4)},
		6:  {Path: "$.a", When: present(5)},
		7:  {Path: "$.a", When: present(7)},
		8:  {Join: []At{9, 9, 9}, When: present(9)},
		9:  {Join: []At{8, 8, 8}, When: present(8)},
		10: {Path: "$.a", When: []Match{{{At: 10, Absent: true}}}},
	}
	c := scanned(t, places, `{"a":"x"}`)
	for at, want := range map[At]string{2: "x", 3: "x", 4: "xx", 5: "xx", 6: "", 7: "", 8: "", 9: ""} {
		if got := c.String(at); got != want {
			t.Errorf("place %d: %q, want %q", at, got, want)
		}
	}
	c.Has(10) // it ends
	if c.nested != 0 {
		t.Error("the captures count on")
	}
}

func TestConditions(t *testing.T) {
	places := pathPlaces("$.s", "$.o", "$.none", "$.n")
	c := scanned(t, places, `{"s":"abc","o":{"s":1},"n":null}`)
	c.scan.status = 404
	for _, tt := range []struct {
		cond Cond
		want bool
	}{
		{Cond{Status: [][2]int{{400, 403}, {404, 404}}}, true},
		{Cond{Status: [][2]int{{400, 403}}}, false},
		{Cond{At: 1}, true},
		{Cond{At: 2}, true},
		{Cond{At: 3}, false},
		{Cond{At: 4}, false},
		{Cond{At: 1, Absent: true}, false},
		{Cond{At: 2, Absent: true}, false},
		{Cond{At: 3, Absent: true}, true},
		{Cond{At: 4, Absent: true}, true},
		{Cond{At: 1, Equals: []string{"x", "abc"}}, true},
		{Cond{At: 1, Equals: []string{"ab"}}, false},
		{Cond{At: 1, Contains: []string{"x", "bc"}}, true},
		{Cond{At: 1, Contains: []string{"x"}}, false},
		{Cond{At: 2, Equals: []string{`{"s":1}`, ""}}, false},
		{Cond{At: 2, Contains: []string{"s", ""}}, false},
		{Cond{At: 3, Equals: []string{""}}, false},
	} {
		if got := c.holds([]Match{{tt.cond}}); got != tt.want {
			t.Errorf("%+v: %v", tt.cond, got)
		}
	}
	if !c.holds(nil) || c.holds([]Match{{{At: 1}, {At: 3}}}) || !c.holds([]Match{{{At: 3}}, {{At: 1}}}) {
		t.Error("alternatives")
	}
	c.scan.header = http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	if n := testing.AllocsPerRun(100, func() { c.holds([]Match{{{Media: []string{"application/json"}}}}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestValuesThatChangeType has an object where a text was expected.
func TestValuesThatChangeType(t *testing.T) {
	catalog := &Catalog{
		Places:  []Place{{}, {Path: "$.code"}, {Path: "$.code.id"}, {Path: "$.errors"}, {Path: "$.errors[0]"}, {Path: "$.limit"}, {Header: "X-Limit"}},
		Code:    []At{1, 2},
		Message: []At{3, 4},
		Entries: []Entry{{Name: "A", Code: "a"}},
	}
	var limit int64
	catalog.Build = func(c Captures) *Error { limit = c.Int(5, 6); return new(Error) }
	header := http.Header{"X-Limit": {"50"}}
	for body, want := range map[string]string{
		`{"code":"a","errors":"m","limit":7}`:                   "a m 7",
		`{"code":{"id":"a"},"errors":["m"],"limit":{"x":1}}`:    "a m 50",
		`{"code":{"id":"b"},"errors":{"x":"m"},"limit":"lots"}`: "b  50",
		`{"code":["a"],"errors":[["m"]],"limit":[0]}`:           "  50",
		`{"code":null,"errors":[7],"limit":0}`:                  " 7 0",
		`{"code":"","errors":[],"limit":1.5}`:                   "  50",
	} {
		limit = -1
		e := catalog.Decode(400, header, []byte(body), time.Now())
		if got := fmt.Sprint(e.Code, " ", e.Message, " ", limit); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

// TestOutcomeByStatus holds that an entry that does not say what it means takes
// that from the status of the response, but keeps a wait of its own.
func TestOutcomeByStatus(t *testing.T) {
	own := &Delay{Default: time.Minute}
	c := &Catalog{
		Places: []Place{{}, {Path: "$.code"}},
		Code:   []At{1},
		Rules:  []Rule{{From: 422, To: 422, Outcome: Outcome{Class: Conflict, Retry: Reconcile}}},
		Entries: []Entry{
			{Name: "General", Code: "0", Delay: own},
			{Name: "Certain", Code: "1", Outcome: Outcome{Class: Invalid}},
			{Name: "Repeatable", Code: "2", Outcome: Outcome{Retry: Backoff}},
		},
	}
	for _, tt := range []struct {
		code   string
		status int
		want   Outcome
	}{
		{"0", 401, Outcome{Class: Unauthenticated, Repeat: RepeatAny}},
		{"0", 422, Outcome{Class: Conflict, Retry: Reconcile}},
		{"0", 503, Outcome{Class: Transient, Retry: Backoff}},
		{"1", 503, Outcome{Class: Invalid}},
		{"2", 503, Outcome{Retry: Backoff}},
	} {
		e := c.Decode(tt.status, nil, []byte(`{"code":`+tt.code+`}`), time.Time{})
		if e.Outcome != tt.want || (e.claim.at(e.Status).delay == own) != (tt.code == "0") {
			t.Errorf("code %s, status %d: %+v, want %+v", tt.code, tt.status, e.Outcome, tt.want)
		}
	}
}
