package apierr

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// pathPlaces returns places for paths, the first at 1.
func pathPlaces(paths ...string) []Place {
	places := make([]Place, 1, len(paths)+1)
	for _, p := range paths {
		places = append(places, Place{Path: p})
	}
	return places
}

func mustPlan(t testing.TB, places []Place) *plan {
	t.Helper()
	p, err := newPlan(places, JSON)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// scanned returns the captures of a valid body.
func scanned(t testing.TB, places []Place, body string) Captures {
	t.Helper()
	s := mustPlan(t, places).newScan()
	if !s.scan([]byte(body)) {
		t.Fatalf("%.100q is not valid", body)
	}
	return s.captures(body[:min(len(body), rawLimit)], 0, nil)
}

func TestScanReplacesDuplicates(t *testing.T) {
	for _, tt := range []struct{ body, code, m string }{
		{`{"e":{"code":1}}`, "1", ""},
		{`{"e":{"code":1},"e":{"m":2}}`, "", "2"},
		{`{"e":{"code":1,"m":3},"x":{"e":{"code":7}},"e":{"m":2}}`, "", "2"},
		{`{"e":{"code":1},"e":null}`, "", ""},
		{`{"e":{"code":1},"e":"s"}`, "", ""},
		{`{"e":{"code":1},"e":[{"code":2}]}`, "", ""},
		{`{"e":[1],"e":{"code":2}}`, "2", ""},
		{`{"e":{"code":1,"code":2}}`, "2", ""},
		{`{"e":{"code":1,"code":{"x":2}}}`, "", ""},
		{`{"e":{"code":1},"\u0065":{"m":2}}`, "", "2"},
		{`{"e":{"code":1},"e":{"m":2},"e":{"code":3}}`, "3", ""},
	} {
		c := scanned(t, pathPlaces("$.e.code", "$.e.m"), tt.body)
		if c.String(1) != tt.code || c.String(2) != tt.m {
			t.Errorf("%s: code %q, m %q", tt.body, c.String(1), c.String(2))
		}
	}
}

// TestScanManyMembers has more members than a scan keeps track of.
func TestScanManyMembers(t *testing.T) {
	var paths, body []string
	for i := range 200 {
		paths = append(paths, fmt.Sprintf("$.member_%d.x", i))
		body = append(body, fmt.Sprintf(`"member_%d":{"x":%d}`, i, i))
	}
	places := pathPlaces(paths...)
	c := scanned(t, places, "{"+strings.Join(body, ",")+`,"member_3":{},"member_62":{},"member_63":{},"member_150":{}}`)
	for i := range 200 {
		want := fmt.Sprint(i)
		if i == 3 || i == 62 || i == 63 || i == 150 {
			want = ""
		}
		if got := c.String(At(i + 1)); got != want {
			t.Errorf("member_%d: %q, want %q", i, got, want)
		}
	}
}

func TestScanHostile(t *testing.T) {
	const many = 100000
	members := strings.Repeat(`"a":1,`, 1000000)
	for _, tt := range []struct{ name, body string }{
		{"deep arrays", strings.Repeat("[", many) + strings.Repeat("]", many)},
		{"deep arrays, open", strings.Repeat("[", many)},
		{"deep objects", strings.Repeat(`{"a":`, many) + "1" + strings.Repeat("}", many)},
		{"deepest arrays", strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth)},
		{"a level too deep", strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1)},
		{"deepest within a place", `{"a":{"b":` + strings.Repeat("[", maxDepth-2) + strings.Repeat("]", maxDepth-2) + "}}"},
		{"too deep within a place", `{"a":{"b":` + strings.Repeat("[", maxDepth-1) + strings.Repeat("]", maxDepth-1) + "}}"},
		{"deepest, mixed", strings.Repeat(`{"x":[`, maxDepth/2) + strings.Repeat("]}", maxDepth/2)},
		{"crossed brackets", strings.Repeat(`{"x":[`, 100) + strings.Repeat("}]", 100)},
		{"long number", `{"a":` + strings.Repeat("9", 1<<20) + "}"},
		{"long fraction", `{"a":0.` + strings.Repeat("0", 1<<20) + "1e9}"},
		{"many members", "{" + members[:len(members)-1] + "}"},
		{"many members, open", "{" + members},
		{"many elements", `{"a":[` + strings.Repeat("0,", many) + "0]}"},
		{"long string", `{"a":"` + strings.Repeat("ab\\n", 1<<18) + `"}`},
		{"long string, open", `{"a":"` + strings.Repeat("ab\\\"", 1<<18)},
		{"backslashes", `"` + strings.Repeat(`\`, 1<<20) + `"`},
		{"zeros", strings.Repeat("\x00", 1000)},
		{"zero in a string", "{\"a\":\"\x00\"}"},
		{"zero in a name", "{\"a\x00\":1}"},
		{"zero behind", "{}\x00"},
		{"lone surrogates", `{"a":"` + strings.Repeat(`\ud800`, 1000) + `"}`},
		{"invalid UTF-8", `{"a":"` + strings.Repeat("\xff", 1000) + `"}`},
		{"blanks", strings.Repeat(" \n", 1<<19) + "1"},
		{"markup", strings.Repeat("<p>no</p>", 1<<18)},
	} {
		for _, paths := range [][]string{
			{"$.z"},
			{"$.a", "$.a.b", "$.a[*].b", "$.a[65536]"},
			{"$[*]", "$[0][0][*]"},
			{"$..a.b"},
			{"$..a..b", "$[*][*].a"},
			{"$[?@.a==1].b", "$[?@=='x']"},
		} {
			s := mustPlan(t, pathPlaces(paths...)).newScan()
			body := []byte(tt.body)
			want := json.Valid(body)
			if got := s.scan(body); got != want {
				t.Errorf("%s with %v: %v, json.Valid says %v", tt.name, paths, got, want)
			}
			if !want {
				empty(t, s)
			}
		}
	}
}

// TestScanPrefixes checks every prefix of a body, and every change of a byte to
// one that means something.
func TestScanPrefixes(t *testing.T) {
	p := mustPlan(t, nestedPlaces)
	s := p.newScan()
	for i := range nestedBody {
		if s.scan(nestedBody[:i]) {
			t.Fatalf("%q passes", nestedBody[:i])
		}
		empty(t, s)
		for _, c := range []byte("\x00\x1f \"\\{}[],:0e.-tn\x80") {
			body := append([]byte(nil), nestedBody...)
			body[i] = c
			if got, want := s.scan(body), json.Valid(body); got != want {
				t.Fatalf("%v for %q", got, body)
			}
		}
	}
}

func TestScanCapsRows(t *testing.T) {
	places := pathPlaces("$.a[*].x", "$.a[1005].x", "$.a[*]", "$.b[*][*]", "$.b[20][999]", "$.b[999][0]")
	var a, b []string
	for i := range 1010 {
		a = append(a, fmt.Sprintf(`{"x":%d}`, i))
		b = append(b, "["+strings.Repeat("1,", 1009)+"2]")
	}
	c := scanned(t, places, `{"a":[`+strings.Join(a, ",")+`],"b":[`+strings.Join(b, ",")+"]}")
	if c.Len(1) != maxRows || c.Len(3) != maxRows {
		t.Errorf("%d and %d rows, want %d", c.Len(1), c.Len(3), maxRows)
	}
	for i, row := range c.Rows(1) {
		if row.Int(1) != int64(i) {
			t.Fatalf("row %d has %s", i, row.JSON(1))
		}
	}
	if c.Int(2) != 1005 {
		t.Errorf("element 1005 is %q", c.String(2))
	}
	all := c.Len(1)
	for _, row := range c.Rows(4) {
		all += 1 + row.Len(4)
	}
	if all > maxAllRows+1 || all < maxAllRows-2 {
		t.Errorf("%d rows in all, want about %d", all, maxAllRows)
	}
	if c.String(5) != "1" || c.String(6) != "1" {
		t.Errorf("indexes beside full lists: %q and %q", c.String(5), c.String(6))
	}
	if n := cap(c.scan.caps); n > 4*maxAllRows*4 {
		t.Errorf("room for %d captures", n)
	}
}

// TestScanReusesRows guards against bodies that replace a list again and again.
func TestScanReusesRows(t *testing.T) {
	const list = `"a":[{"x":1,"b":[{"y":2},{"y":3}]},{"x":4,"b":[{"y":5}]}],"z":[{"x":1}],`
	body := "{" + strings.Repeat(list, 1000) + `"a":[{"b":[{"y":7},{}]}]}`
	c := scanned(t, pathPlaces("$.a[*].x", "$.a[*].b[*].y", "$.z[*].x"), body)
	if c.scan.rows > 8 {
		t.Errorf("%d rows", c.scan.rows)
	}
	var got []string
	for _, a := range c.Rows(2) {
		got = append(got, "a"+a.String(1))
		for _, b := range a.Rows(2) {
			got = append(got, b.String(2))
		}
	}
	if s := strings.Join(got, ","); s != "a,7," {
		t.Errorf("rows %q", s)
	}
}

// TestScanIgnores checks what becomes of a body too large for captures.
func TestScanIgnores(t *testing.T) {
	p := mustPlan(t, pathPlaces("$.a"))
	s := p.newScan()
	if i := s.value([]byte(`{"a":{"b":[1]}}`), &ignored, 0, 0); i != 15 {
		t.Errorf("ignoring a value ends at %d", i)
	}
	if p.slots[1].slot == 0 || s.caps[p.slots[1].slot].kind != kindNone {
		t.Error("an ignored value was captured")
	}
}

func TestScanDoesNotAllocate(t *testing.T) {
	for _, tt := range []struct {
		name   string
		places []Place
		body   []byte
	}{
		{"flat", quotaPlaces, quotaBody},
		{"nested", nestedPlaces, nestedBody},
		{"escaped name", quotaPlaces, []byte(`{"c\u006fde":"a"}`)},
		{"members", pathPlaces("$.error[*].reason", "$[*][*][*]"), nestedBody},
		{"descent", pathPlaces("$..reason", "$..errors[*].domain", "$..error..spans[*]"), nestedBody},
		{"filters", pathPlaces("$.error.errors[?@.domain=='usage'].reason", "$.error[?@==403.0]", `$.error[?@[0].domain=="global"][*].reason`), nestedBody},
		{"invalid", quotaPlaces, quotaBody[:100]},
		{"foreign", quotaPlaces, []byte(strings.Repeat("<html>", 10000))},
	} {
		p := mustPlan(t, tt.places)
		s := p.newScan()
		s.scan(tt.body)
		if n := testing.AllocsPerRun(100, func() { s.scan(tt.body) }); n != 0 {
			t.Errorf("%s: %v allocations", tt.name, n)
		}
	}
}

// TestPutScanForgets has scans that hold a response in each of their ways, one
// scan each, so that none is tidied for another's sake.
func TestPutScanForgets(t *testing.T) {
	long := strings.Repeat("x", rawLimit+1) + `\n`
	for name, use := range map[string]func(Captures){
		"header": func(c Captures) { c.scan.header = http.Header{"Authorization": {"secret"}} },
		"cursor": func(c Captures) {
			for _, row := range c.Rows(1) {
				row.Path(1)
			}
		},
		"last text": func(c Captures) {
			if c.String(2) == "" || c.scan.last.text == "" {
				t.Fatal("no long text is remembered")
			}
		},
	} {
		c := scanned(t, pathPlaces("$.list[*].a", "$.long"), `{"list":[{"a":1},{"a":2}],"long":"`+long+`"}`)
		use(c)
		s := c.scan
		putScan(s)
		if s.body != nil || s.raw != "" || s.header != nil || s.last.text != "" || s.cursor.open != nil {
			t.Errorf("%s: the pool keeps a response", name)
		}
	}
}

// TestPutScanFrees has scans that have grown, each for one reason.
func TestPutScanFrees(t *testing.T) {
	c := scanned(t, pathPlaces("$[*][*]"), "["+strings.Repeat("[1,2,3],", 900)+`[1]]`)
	if cap(c.scan.caps) <= keepBytes/16 {
		t.Fatal("there are too few rows for this test")
	}
	if putScan(c.scan); cap(c.scan.caps) > keepBytes/16 {
		t.Error("the pool keeps many rows")
	}
	c = scanned(t, pathPlaces("$.a"), `{"a":"\n`+strings.Repeat("x", keepBytes)+`"}`)
	if len(c.String(1)) <= keepBytes || cap(c.scan.buf) <= keepBytes {
		t.Fatal("the text is too short for this test")
	}
	if putScan(c.scan); c.scan.buf != nil {
		t.Error("the pool keeps a large buffer")
	}
}

func TestSpecials(t *testing.T) {
	for c := range 256 {
		for at := range 8 {
			for _, fill := range []byte{'a', ' ', '!', '#', 0x7f, 0x80, 0xff, 0xa2, 0xdc} {
				b := []byte(strings.Repeat(string([]byte{fill}), 8) + `"`)
				b[at] = byte(c)
				end, odd := skipString(b, 0)
				switch {
				case c == '"' && (end != at+1 || odd&escaped != 0):
					t.Fatalf("quote at %d of %q: end %d", at, b, end)
				case (c == '\\' || c < ' ') && end != -1:
					t.Fatalf("%q passes", b)
				case c != '"' && c != '\\' && c >= ' ' && end != 9:
					t.Fatalf("%q: end %d", b, end)
				}
			}
		}
	}
}

// TestSkipStringTellsOddities checks it at each distance from the end of the
// body, since eight bytes are read at once.
func TestSkipStringTellsOddities(t *testing.T) {
	for text, want := range map[string]oddity{
		``: 0, `abc`: 0, `0123456789abcdef`: 0, "~\x7f": 0,
		`é`: foreign, `0123456é`: foreign, `01234567é89`: foreign, "0123456\xff": foreign,
		`\n`: escaped, `0123456\u00e9`: escaped, `\"é`: escaped | foreign, `é01234567\\`: escaped | foreign,
	} {
		for _, after := range []string{``, `,`, `é`, `\n"`, `,"é":"\n"}`, "\xff\xff\xff\xff\xff\xff\xff\xff"} {
			end, odd := skipString([]byte(text+`"`+after), 0)
			if end != len(text)+1 || odd != want {
				t.Errorf("%q before %q: end %d, oddity %d, want %d", text, after, end, odd, want)
			}
		}
	}
}

// TestGuessesAreOnlyGuesses shows that what a scan remembers of other bodies
// changes nothing.
func TestGuessesAreOnlyGuesses(t *testing.T) {
	plans := []*plan{
		mustPlan(t, pathPlaces("$.a", "$.bcdefghijklmnopqrs", "$.c.d", "$.c.efghijklm")),
		mustPlan(t, pathPlaces("$.c", "$.a")),
		mustPlan(t, pathPlaces("$.z", "$.y", "$.x", "$.c.d", "$.a")),
	}
	bodies := []string{
		`{"a":1,"bcdefghijklmnopqrs":2,"c":{"d":3,"efghijklm":4}}`,
		`{"c":{"efghijklm":4,"u":[],"d":3},"a" : 1,"bcdefghijklmnopqrs":2}`,
		`{"bcdefghijklmnopqrs":2,"bcdefghijklmnopqrt":5,"c":{"efghijkln":6,"efghijklm":4},"z":null}`,
		`{"c":7,"bcdefghijklmnop_rs":1,"c":{"d":8}}`,
	}
	for i, p := range plans {
		s := p.newScan()
		for range 3 {
			for _, body := range bodies {
				fresh := p.newScan()
				if !s.scan([]byte(body)) || !fresh.scan([]byte(body)) {
					t.Fatalf("not valid: %s", body)
				}
				if !slices.Equal(s.caps, fresh.caps) {
					t.Errorf("plan %d, %s: %v, want %v", i, body, s.caps, fresh.caps)
				}
			}
		}
	}
}
