package apierr

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestCodesNear has codes of all lengths, alone and together in one table, and looks
// for what differs from them in a byte or in the length. A search for what is not
// there ends.
func TestCodesNear(t *testing.T) {
	var all []string
	for n := 1; n <= 40; n++ {
		all = append(all, strings.Repeat("a", n), strings.Repeat("a", n-1)+"z", "z"+strings.Repeat("a", n))
	}
	tables := [][]string{all}
	for _, code := range all {
		tables = append(tables, []string{code})
	}
	for _, codes := range tables {
		c := &Catalog{Places: []Place{{}, {Header: "X-Code"}}, Code: []At{1}}
		names := map[string]string{}
		for _, code := range codes {
			names[code] = "E" + code
			c.Entries = append(c.Entries, Entry{Name: "E" + code, Code: code})
		}
		for _, code := range codes {
			near := []string{code, code + "\x00", "\x00" + code, code + "a", code[:len(code)-1]}
			for i := range code {
				near = append(near, code[:i]+"b"+code[i+1:], code[:i]+"\x00"+code[i+1:])
			}
			for _, sent := range near {
				if got := c.Decode(400, http.Header{"X-Code": {sent}}, nil, time.Time{}).Entry(); got != names[sent] {
					t.Fatalf("%d codes: %q is %q", len(codes), sent, got)
				}
			}
		}
	}
}

// TestCodePlaces has codes in places of all kinds, those that are looked up
// directly and those that are not.
func TestCodePlaces(t *testing.T) {
	header := http.Header{"X-Code": {" A "}, "Www-Authenticate": {`Bearer error="A", x=y`}}
	for _, tt := range []struct {
		place      Place
		body       string
		code, want string
	}{
		{Place{Path: "$.code"}, `{"code":"A"}`, "A", "EntryA"},
		{Place{Path: "$.code"}, `{"code":"\u0041"}`, "A", "EntryA"},
		{Place{Path: "$.code"}, "{\"code\":\"\xff\"}", "\ufffd", ""},
		{Place{Path: "$.code"}, `{"code":7}`, "7", ""},
		{Place{Path: "$.code"}, `{"code":["A"]}`, "", ""},
		{Place{Path: "$.code"}, `"A"`, "", ""},
		{Place{Path: "$.code", Known: true}, `{"code":"A"}`, "A", "EntryA"},
		{Place{Path: "$.code", Known: true}, `{"code":"B"}`, "", ""},
		{Place{Path: "$.code", Before: "-"}, `{"code":"A-1"}`, "A", "EntryA"},
		{Place{Path: "$[*].code"}, `[{"code":"A"}]`, "", ""},
		{Place{Path: "$.code[*]"}, `{"code":"A"}`, "", ""},
		{Place{Header: "X-Code"}, `{}`, "A", "EntryA"},
		{Place{Header: "Www-Authenticate", Scheme: "Bearer", Param: "error"}, `{}`, "A", "EntryA"},
	} {
		c := &Catalog{Places: []Place{{}, tt.place}, Code: []At{1}, Message: []At{1}, Entries: []Entry{{Name: "EntryA", Code: "A"}}}
		for range 2 {
			e := c.Decode(400, header, []byte(tt.body), time.Time{})
			if e.Code != tt.code || e.Entry() != tt.want || !tt.place.Known && e.Message != tt.code {
				t.Errorf("%+v of %s: code %q, message %q, entry %q", tt.place, tt.body, e.Code, e.Message, e.Entry())
			}
		}
	}
}

// TestPlacesWithoutPlan shows that headers are still read where a path is none.
func TestPlacesWithoutPlan(t *testing.T) {
	c := &Catalog{Places: []Place{{}, {Path: "no path"}, {Header: "X-Code"}}, Code: []At{1, 2}}
	if e := c.Decode(400, http.Header{"X-Code": {"A"}}, []byte(`{}`), time.Time{}); e.Code != "A" {
		t.Errorf("code %q", e.Code)
	}
}

// TestNothingOfAnotherResponse has a scan that has read a body be used for a
// response of which only the header counts.
func TestNothingOfAnotherResponse(t *testing.T) {
	c := &Catalog{Places: pathPlaces("$.left"), Code: []At{1}, Limits: []Window{{Name: "minute", Remaining: 1}}}
	for range 100 { // the pool may give another one
		if e := c.Decode(429, nil, []byte(`{"left":7}`), time.Time{}); e.Code != "7" {
			t.Fatalf("code %q", e.Code)
		}
		if limits := c.RateLimits(nil, time.Time{}); len(limits) != 0 {
			t.Fatalf("%+v without a header", limits)
		}
	}
}

// TestClockIsAsked shows that a wait counts from the present when Decode is not
// told what that is.
func TestClockIsAsked(t *testing.T) {
	c := &Catalog{
		Places: append(pathPlaces("$.seconds", "$.unix"), Place{Header: "Retry-After"}),
		Delay:  Delay{Sources: []Source{{1, Seconds}, {2, Unix}, {3, RetryAfter}}},
	}
	asking := http.Header{"Retry-After": {"3600"}}
	for body, header := range map[string]http.Header{`{"seconds":3600}`: nil, `{"seconds":"3600"}`: nil, `{"unix":4102444800}`: nil, `{}`: asking} {
		e := c.Decode(429, header, []byte(body), time.Time{})
		if since := time.Since(e.RetryAt().Add(-e.RetryAfter)); since < 0 || since > time.Minute || e.RetryAfter < time.Hour {
			t.Errorf("%s: a wait of %v until %v", body, e.RetryAfter, e.RetryAt())
		}
	}
}
