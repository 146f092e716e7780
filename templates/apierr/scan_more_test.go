package apierr

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
)

// listed returns the texts that a place has in all rows, those of inner lists in
// brackets.
func listed(c Captures, at At) string {
	var w strings.Builder
	for i, row := range c.Rows(at) {
		if i > 0 {
			w.WriteByte(' ')
		}
		if n := row.Len(at); n > 0 {
			w.WriteString("[" + listed(row, at) + "]")
		} else if row.Has(at) {
			w.WriteString(cmp.Or(row.String(at), string(row.JSON(at))))
		} else {
			w.WriteByte('-')
		}
	}
	return w.String()
}

func TestScanLists(t *testing.T) {
	for _, tt := range []struct{ path, body, want string }{
		{"$[*]", `{"x":1,"y":[2],"z":null}`, "1 [2] -"},
		{"$[*]", `{"x":1,"y":2,"x":3}`, "2 3"},
		{"$[*]", `{"x":1,"\u0078":2}`, "2"},
		{"$[*]", "{\"\xff\":1,\"\xfe\":2,\"\\ufffd\":3}", "3"},
		{"$[*].a", `{"x":{"a":1},"y":5,"z":{"a":2,"a":3}}`, "1 - 3"},
		{"$.e.*[*]", `{"e":{"x":["p","q"],"y":["r"]},"e":{"z":["s"],"y":{"k":"t"}}}`, "[s] [t]"},
		{"$[*]", `{}`, ""},
		{"$[*]", `7`, ""},
		{"$..a", `{"a":1}`, "1"},
		{"$..a", `{"x":{"a":1},"a":2,"y":[[{"a":3}],4]}`, "1 2 3"},
		{"$..a.b", `{"a":{"b":1,"a":{"b":2,"a":{"c":3}}}}`, "1 2 -"},
		{"$.a..a", `{"a":{"x":1},"x":{"a":2}}`, ""},
		{"$.a..a", `{"a":{"x":1,"a":3},"x":{"a":2}}`, "3"},
		{"$..a", `{"x":{"a":1},"y":{"a":2},"x":{"b":3}}`, "2"},
		{"$..a", `{"x":{"a":1},"y":{"a":2},"x":{"a":3}}`, "2 3"},
		{"$..a", `{"a":{"a":1},"a":2}`, "2"},
		{"$.x..a", `{"x":{"a":1},"x":{"a":2}}`, "2"},
		{"$.x..a", `{"x":{"a":1},"x":2}`, ""},
		{"$..['a b']", `{"a\u0020b":1}`, "1"},
		{"$..a[*]", `{"a":["p",{"a":["q","r"]}],"b":{"a":{"k":"s"}}}`, `[p {"a":["q","r"]}] [q r] [s]`},
		{"$..a..b", `{"a":{"b":1,"a":{"b":2}},"b":3}`, "[1 2] [2]"},
		{"$..a", `[{"a":1},[],{"a":[]}]`, "1 []"},
	} {
		if got := listed(scanned(t, pathPlaces(tt.path), tt.body), 1); got != tt.want {
			t.Errorf("%s in %s: %q, want %q", tt.path, tt.body, got, tt.want)
		}
	}
}

func TestScanFilters(t *testing.T) {
	for _, tt := range []struct{ path, body, want string }{
		{"$[?@.t=='q'].v", `[{"t":"p","v":1},{"t":"q","v":2},{"t":"q","v":3}]`, "2"},
		{"$[?@.t=='q'].v", `[{"v":1,"t":"p"},{"v":2,"t":"q"},{"v":3}]`, "2"},
		{"$[?@.t=='q'].v", `[{"v":1,"t":"p"}]`, ""},
		{"$[?@.t=='q'].v", `[{"t":"q"},{"t":"q","v":3}]`, ""},
		{"$[?@.t=='q'].v", `[{"t":"q","v":1,"t":"p"},{"t":"p","v":2,"t":"q"}]`, "2"},
		{"$[?@.t=='q'].v", `[{"t":"q","v":1,"v":2}]`, "2"},
		{"$[?@.t=='q'].v", `{"x":{"t":"p"},"y":{"t":"q","v":1},"z":{"t":"q","v":2}}`, "1"},
		{"$[?@.t=='q'].v", `{"y":{"t":"q","v":1},"z":{"t":"q","v":2},"y":0}`, "2"},
		{"$[?@.t=='q'].v", `{"t":"q","v":1}`, ""},
		{"$[?@.a.b[1]=='q'].v", `[{"a":{"b":["q"]},"v":1},{"a":{"b":[0,"q"]},"v":2},null]`, "2"},
		{"$[?@=='q']", `["p","\u0071"]`, "q"},
		{"$[?@=='\ufffd']", "[\"p\",\"\xff\"]", "\ufffd"},
		{"$[?@=='\ufffd']", `["p","\ud800"]`, "\ufffd"},
		{`$[?@=="\n"]`, `["\\n","\n"]`, "\n"},
		{`$[?@=='\\n']`, `["\n","\\n"]`, `\n`},
		{"$[?@==1]", `["1",true,1.0]`, "1.0"},
		{"$[?@==1e2]", `[10,1000,0.100e+3]`, "0.100e+3"},
		{"$[?@==0]", `[-0.00e99999999999999999999]`, "-0.00e99999999999999999999"},
		{"$[?@==1e999999999999999999]", `[1e999999999999999998,1e9999999999999999999,10e999999999999999998]`, "10e999999999999999998"},
		{"$[?@==-1]", `[1,-1]`, "-1"},
		{"$[?@==1]", `[1e-1,-1,10]`, ""},
		{"$[?@==true]", `[false,"true",true]`, "true"},
		{"$[?@==false]", `[null,0,"",false]`, "false"},
		{"$.x[?@.t==1].v", `{"x":[{"t":1,"v":2}],"x":[{"t":2,"v":3}]}`, ""},
		{"$[?@.t==1][?@.t==2].v", `[{"k":{"t":2,"v":3}},{"t":1,"k":{"t":2,"v":4}}]`, "4"},
	} {
		if got := scanned(t, pathPlaces(tt.path), tt.body).String(1); got != tt.want {
			t.Errorf("%s in %s: %q, want %q", tt.path, tt.body, got, tt.want)
		}
	}
}

// TestScanManyFilters has more filters on one array than are tried at a time,
// beside other steps.
func TestScanManyFilters(t *testing.T) {
	paths := []string{"$.d[0].v", "$.d[*].v"}
	var body []string
	for i := range 200 {
		paths = append(paths, fmt.Sprintf("$.d[?@.t=='t%d'].l[*]", i))
		body = append(body, fmt.Sprintf(`{"v":%d,"l":["a%[1]d","b%[1]d"],"t":"t%[1]d"}`, i))
	}
	c := scanned(t, pathPlaces(paths...), `{"d":[`+strings.Join(body, ",")+"]}")
	if c.Int(1) != 0 || c.Len(2) != 200 {
		t.Errorf("[0] has %q, [*] %d rows", c.String(1), c.Len(2))
	}
	for i := range 200 {
		if got, want := listed(c, At(i+3)), fmt.Sprintf("a%d b%[1]d", i); got != want {
			t.Errorf("filter %d: %q, want %q", i, got, want)
		}
	}
}

func TestScanCapsMembers(t *testing.T) {
	var members []string
	for i := range 3 * maxRows {
		members = append(members, fmt.Sprintf(`"m%d":{"a":%d}`, i, i))
	}
	body := "{" + strings.Join(members, ",") + "}"
	c := scanned(t, pathPlaces("$[*].a", "$..a", "$[?@.a==2999].a"), body)
	if c.Len(1) != maxRows || c.Len(2) != maxRows || c.Int(3) != 2999 {
		t.Errorf("%d and %d rows, want %d; the filter has %q", c.Len(1), c.Len(2), maxRows, c.String(3))
	}
	all := scanned(t, pathPlaces("$[*].x[*]", "$[*]..x"), "["+strings.Repeat(`{"x":[1,2,3,4,5,6,7,8,9],"y":[{"x":1},{"x":2}]},`, 1000)+"0]").scan
	if all.rows > maxAllRows || all.rows < maxAllRows-2 {
		t.Errorf("%d rows in all, want about %d", all.rows, maxAllRows)
	}
}

// TestScanBoundsDescent guards against bodies that are deep, or whose rows lie
// within one another.
func TestScanBoundsDescent(t *testing.T) {
	nested := func(n int, inner string) string {
		return strings.Repeat(`{"x":`, n) + inner + strings.Repeat("}", n)
	}
	places := pathPlaces("$..a")
	if c := scanned(t, places, nested(maxLevels-1, `{"a":1}`)); c.Len(1) != 1 {
		t.Errorf("%d rows in the last level", c.Len(1))
	}
	if c := scanned(t, places, nested(maxLevels, `{"a":1}`)); c.Len(1) != 0 {
		t.Errorf("%d rows below the last level", c.Len(1))
	}
	long := `"` + strings.Repeat("x", 10000) + `"`
	body := strings.Repeat(`{"a":`, 50) + long + strings.Repeat("}", 50)
	for _, path := range []string{"$..a.b", "$..a..a.b", "$..a..a..a..a"} {
		s := scanned(t, pathPlaces(path), body).scan
		if s.reread > (maxAgain+4)*len(body) { // what is open goes over the limit
			t.Errorf("%s reads %d times", path, s.reread/len(body))
		}
		if n := s.rows; n < maxAgain || n > 2*maxAgain {
			t.Errorf("%s has %d rows", path, n)
		}
	}
}

// TestScanReusesMemory guards against bodies that replace what has rows again
// and again.
func TestScanReusesMemory(t *testing.T) {
	const list = `"a":{"x":{"b":1},"y":{"b":2}},`
	c := scanned(t, pathPlaces("$.a[*].b", "$.a..b", "$.a[?@.b==2].b"), "{"+strings.Repeat(list, 1000)+list[:len(list)-1]+"}")
	if c.scan.rows > 4 || listed(c, 1) != "1 2" || listed(c, 2) != "1 2" || c.Int(3) != 2 {
		t.Errorf("%d rows: %q, %q, %q", c.scan.rows, listed(c, 1), listed(c, 2), c.String(3))
	}
	if len(c.scan.entries) != 0 || cap(c.scan.entries) > 16 {
		t.Errorf("%d entries, room for %d", len(c.scan.entries), cap(c.scan.entries))
	}
	large := []byte{'{'}
	for i := range keepBytes {
		large = fmt.Appendf(large, `"%d":0,`, i)
	}
	c = scanned(t, pathPlaces("$[*]"), string(large[:len(large)-1])+"}")
	if cap(c.scan.entries) < keepBytes || cap(c.scan.table) < keepBytes {
		t.Fatal("the body is too small for this test")
	}
	putScan(c.scan)
	if c.scan.entries != nil || c.scan.table != nil {
		t.Error("the pool keeps a large buffer")
	}
}
