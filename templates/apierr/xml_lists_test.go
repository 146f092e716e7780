package apierr

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func mustXMLPlan(t testing.TB, paths ...string) *plan {
	t.Helper()
	p, err := newPlan(pathPlaces(paths...), XML)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// xmlValues returns what is captured of an XML body at some paths.
func xmlValues(t testing.TB, body string, paths ...string) Captures {
	t.Helper()
	p := mustXMLPlan(t, paths...)
	tree, ok := xmlToJSON([]byte(body), p.xml)
	s := p.newScan()
	if !ok || !s.scan(tree) {
		t.Fatalf("%.100q is not valid", body)
	}
	return s.captures(string(tree[:min(len(tree), rawLimit)]), 0, nil)
}

// texts returns the texts at a place in all elements of the list it is in.
func texts(c Captures, list, at At) []string {
	var out []string
	for row := range c.leaves(list) {
		out = append(out, row.String(at))
	}
	return out
}

// TestXMLLists guards against a list of one element that is taken for the
// element, so that [*] walks what is in it.
func TestXMLLists(t *testing.T) {
	const (
		none   = `<R><Errors/></R>`
		empty  = `<R><Errors><Error/></Errors></R>`
		one    = `<R><Errors><Error><Code>a</Code><Message>m</Message></Error></Errors></R>`
		two    = `<R><Errors><Error><Code>a</Code></Error><Error><Code>b</Code></Error></Errors></R>`
		apart  = `<R><Errors><Error><Code>a</Code></Error></Errors><Errors><Error><Code>b</Code></Error></Errors></R>`
		nested = `<R><Error><Code>a</Code><Error><Code>b</Code></Error><Error><Code>c</Code></Error></Error></R>`
		marked = `<R><Errors><Error n="1"><Code t="x">a</Code></Error></Errors></R>`
		texted = `<R><Errors><Error n="1">a</Error></Errors></R>`
		roots  = `<Error><Code>a</Code></Error>`
	)
	for _, tt := range []struct {
		body, each, at string
		want           []string
	}{
		{none, "$.R.Errors.Error[*]", "@.Code", nil},
		{empty, "$.R.Errors.Error[*]", "@.Code", []string{""}},
		{one, "$.R.Errors.Error[*]", "@.Code", []string{"a"}},
		{two, "$.R.Errors.Error[*]", "@.Code", []string{"a", "b"}},
		{one, "$.R.Errors.Error.*", "@.Code", []string{"a"}},
		{one, "$.R.Errors[*].Error[*]", "@.Code", []string{"a"}},
		{apart, "$.R.Errors[*].Error[*]", "@.Code", []string{"a", "b"}},
		{apart, "$.R.Errors.Error[*]", "@.Code", []string{"a"}},
		{one, "$.R[0].Errors[0].Error[*]", "@.Code", []string{"a"}},
		{marked, "$.R.Errors.Error[*]", "@.Code", []string{"a"}},
		{marked, "$.R.Errors.Error[*]", "@.Code['@t']", []string{"x"}},
		{marked, "$.R.Errors.Error[*]", "@.Code[0]['@t'][0]", []string{"x"}},
		{marked, "$.R.Errors.Error[*]", "@['@n']", []string{"1"}},
		{texted, "$.R.Errors.Error[*]", "@", []string{"a"}},
		{texted, "$.R.Errors.Error[*]", "@['#text']", []string{"a"}},
		{roots, "$.Error[*]", "@.Code", []string{"a"}},
		{one, "$..Error", "@.Code", []string{"a"}},
		{two, "$..Error", "@.Code", []string{"a", "b"}},
		{two, "$..Error[*]", "@.Code", []string{"a", "b"}},
		{two, "$..Error[0]", "@.Code", []string{"a"}},
		{apart, "$..Error", "@.Code", []string{"a", "b"}},
		{nested, "$..Error", "@.Code", []string{"a", "b", "c"}},
		{two, "$..Error..Code", "@", []string{"a", "b"}},
		{one, "$[*][*].Errors.Error[*]", "@.Code", []string{"a"}},
		{one, "$.*.*.*.*.*.*", "@.Code[0]", []string{"a"}},
		{two, "$.R[*].Errors[*].Error[?@.Code=='b']", "@.Code", []string{"b"}},
	} {
		each, _ := ParsePath(tt.each)
		at, _ := ParseRelativePath(tt.at)
		// Other paths that go the same way make no difference.
		for _, more := range [][]string{nil, {"$.R.Errors.Error.Code"}, {"$.R.Errors.Error", "$.R[0].Errors.Error[1]"}, {"$..Errors", "$..Code[*]"}} {
			paths := append([]string{tt.each, each.Join(at).String()}, more...)
			c := xmlValues(t, tt.body, paths...)
			if got := texts(c, 1, 2); !slices.Equal(got, tt.want) {
				t.Errorf("%s\n%q has %q, want %q", tt.body, paths, got, tt.want)
			}
		}
	}
}

// TestXMLOne has paths to one value: a name alone is the first element.
func TestXMLOne(t *testing.T) {
	const (
		one    = `<R><E><C>a</C></E><Id>7</Id></R>`
		two    = `<R><E><C>a</C><N>x</N></E><E><C>b</C><C>c</C></E><Id>7</Id><Id>8</Id></R>`
		marked = `<R><E n="1"><C t="x"> a </C><D t="y"/></E><E n="2"><C t="z">b</C></E></R>`
		mixed  = `<R>one<E x="1">two<C/></E></R>`
		flags  = `<R><E><C>false</C></E><E><C>true</C><N>-1e2</N></E></R>`
	)
	for _, tt := range []struct {
		body, path, text string
		has              bool
	}{
		{one, "$.R.E.C", "a", true},
		{one, "$.R.E[0].C", "a", true},
		{one, "$.R.E[0].C[0]", "a", true},
		{one, "$.R.E[1].C", "", false},
		{one, "$.R.E[?@.C=='a'].C", "a", true},
		{one, "$.R.E[?@.C[0]=='a'].C", "a", true},
		{one, "$.R.E[?@.C=='b'].C", "", false},
		{one, "$.R.Id[?@=='7']", "7", true},
		{one, "$.R.Id[?@==7]", "7", true},
		{one, "$.R.Id[?@==7.0]", "", false}, // by text, as conditions compare
		{two, "$.R.Id[?@==8]", "8", true},
		{marked, "$.R.E[?@['@n']==2].C", "b", true},
		{one, "$.R.E", "", true},
		{one, "$.R.X", "", false},
		{two, "$.R.E.C", "a", true},
		{two, "$.R.Id", "7", true},
		{two, "$.R.Id[1]", "8", true},
		{two, "$.R.E[1].C", "b", true},
		{two, "$.R.E[1].C[1]", "c", true},
		{two, "$.R.E[?@.C=='b'].C[1]", "c", true},
		{marked, "$.R.E.C", "a", true},
		{marked, "$.R.E.D", "", true},
		{marked, "$.R.E.C['@t']", "x", true},
		{marked, "$.R.E.C['#text']", "a", true},
		{marked, "$.R.E[1]['@n']", "2", true},
		{marked, "$.R.E[?@.C=='b']['@n']", "2", true},
		{marked, "$.R.E[?@['@n']=='2'].C", "b", true},
		{marked, "$.R.E[?@.C['@t']=='z'].C", "b", true},
		{flags, "$.R.E[?@.C==true].N", "-1e2", true},
		{flags, "$.R.E[?@.N==-1e2].C", "true", true},
		{mixed, "$.R.E", "", true},
		{mixed, "$.R", "", true},
		{mixed, "$.R['#text']", "one", true},
		{mixed, "$.R.E['#text']", "two", true},
		{mixed, "$.R.E['@x']", "1", true},
	} {
		for _, more := range [][]string{nil, {"$.R.E[*].C[*]"}, {"$.R.E[?@.C=='a']", "$.R.E[0]['@n']", "$.*"}, {"$..C", "$.R.Id[*]"}} {
			paths := append([]string{tt.path}, more...)
			c := xmlValues(t, tt.body, paths...)
			if text, has := c.String(1), c.Has(1); text != tt.text || has != tt.has {
				t.Errorf("%s\n%q has %q, %v, want %q, %v", tt.body, paths, text, has, tt.text, tt.has)
			}
		}
	}
}

// TestXMLValues has the values of details: all elements of a name are a list of
// texts, with or without attributes.
func TestXMLValues(t *testing.T) {
	const body = `<R><A>1</A><B>1</B><B x="y">2</B><B><C/></B><N x="y">7</N><O><P a="b">p</P><P>q</P><Q>r</Q></O></R>`
	c := xmlValues(t, body, "$.R.A", "$.R.B", "$.R.N", "$.R.O", "$.R.A[*]")
	for _, tt := range []struct {
		at   At
		want []string
	}{{1, []string{"1"}}, {2, []string{"1", "2"}}, {3, []string{"7"}}, {4, nil}} {
		if got := c.Strings(tt.at); !slices.Equal(got, tt.want) {
			t.Errorf("Strings(%d) = %q, want %q", tt.at, got, tt.want)
		}
		if got := c.Split(",", tt.at); !slices.Equal(got, tt.want) {
			t.Errorf("Split(%d) = %q, want %q", tt.at, got, tt.want)
		}
	}
	if got := fmt.Sprint(c.Texts(2), c.Texts(3), c.Texts(4)); got != "[{ 1} { 2} {C }] [{ 7}] [{P p} {P q} {Q r}]" {
		t.Errorf("Texts %s", got)
	}
	if c.Int(3) != 7 || c.Len(5) != 1 || string(c.JSON(3)) != `{"#text":"7","@x":"y"}` {
		t.Errorf("Int %d, Len %d, JSON %s", c.Int(3), c.Len(5), c.JSON(3))
	}
}

// TestXMLItemFields shows that where an item stands is the same for one and for
// several, and whatever other places go the same way.
func TestXMLItemFields(t *testing.T) {
	item := `<E><Code>c</Code></E>`
	for _, tt := range []struct{ each, want string }{
		{"$.R.Es.E[*]", ""}, {"$..E", "R.Es"}, {"$.R[*].Es[*].E[*]", "0.0"},
	} {
		for _, more := range []string{"$.Q", "$.R.Es.E.Code", "$.R.RequestId"} {
			for n := range 3 {
				c := Catalog{Format: XML, Places: pathPlaces(tt.each, tt.each+".Code", more), Items: []Items{{Each: 1, Code: []At{2}}}}
				body := "<R><Es>" + strings.Repeat(item, n+1) + "</Es></R>"
				items := c.DecodeItems(400, http.Header{}, []byte(body))
				if len(items) != n+1 {
					t.Errorf("%s of %s: %+v", tt.each, body, items)
				}
				for _, got := range items {
					if got.Field != tt.want || got.Code != "c" {
						t.Errorf("%s of %s: %+v", tt.each, body, got)
					}
				}
			}
		}
	}
}

// TestXMLHostile decodes bodies of 1 MiB that are as deep, as wide or as full of
// attributes as they can be. It guards against work that grows with the body for
// each element, and so would not end within the time of a test.
func TestXMLHostile(t *testing.T) {
	const size = 1 << 20
	fill := func(head, part, tail string) string { return head + strings.Repeat(part, size/len(part)) + tail }
	c := Catalog{
		Format: XML,
		Places: pathPlaces("$.R.E[*]", "$.R.E[*].C", "$.R.X", "$..E", "$..E.C", "$.R.X['@a']", "$.R.E[?@.C=='z'].C", "$.R.X[*]", "$.*.*.*.*.C"),
		Code:   []At{3, 7, 5}, Message: []At{3}, RequestID: []At{6},
		Items: []Items{{Each: 1, Code: []At{2, 3}, Field: []At{3}, Message: []At{2, 3}}, {Each: 4, Code: []At{5, 3}}},
	}
	for name, body := range map[string]string{
		"deep":       fill("", "<E>", "") + strings.Repeat("</E>", size/3),
		"wide":       fill("<R>", "<E/>", "</R>"),
		"wide codes": "<R>" + strings.Repeat("<E><C>a</C></E>", 49_000) + "</R>",
		"attributes": `<R><X a="">t</X>` + strings.Repeat(`<E a="b">c</E>`, 49_000) + "</R>",
		"long text":  "<R>" + strings.Repeat("<E/>", 2000) + fill(`<X a="b">`, "t", "</X></R>"),
		"two texts":  "<R>" + strings.Repeat("<E/>", 2000) + fill(`<X>`, "t", "</X><X/></R>"),
		"elements":   "<R>" + strings.Repeat("<E/>", 2000) + "<X>" + strings.Repeat("<Y/>", 90_000) + "</X><X/></R>",
		"nested":     strings.Repeat("<E>", 60) + strings.Repeat("<E/>", 99_000) + strings.Repeat("</E>", 60),
	} {
		e := c.Decode(400, http.Header{}, []byte(body), time.Time{})
		if len(e.Items()) > 3*maxRows {
			t.Errorf("%s: %d items", name, len(e.Items()))
		}
	}
}

// TestXMLPlanIsSmall guards against a plan that doubles with every name of a
// path, once for the element and once for the first of several.
func TestXMLPlanIsSmall(t *testing.T) {
	names := strings.Repeat(".a", maxSteps)
	c := xmlValues(t, strings.Repeat("<a>", maxSteps)+"x"+strings.Repeat("</a>", maxSteps), "$"+names, "$"+names[2:]+"[0]", "$"+names[4:]+".b[*]")
	if c.String(1) != "x" {
		t.Errorf("%q", c.String(1))
	}
}

// FuzzXMLPaths holds that ways to write the same place lead to the same values,
// whatever the body is and whatever other paths make lists of.
func FuzzXMLPaths(f *testing.F) {
	for _, body := range []string{
		`<a><b>1</b></a>`, `<a><b>1</b><b x="y">2</b></a>`, `<a><b><b>1</b><b/></b></a>`, `<a x="y"><b x="y"/>t</a>`, `<b><a/></b>`, `<a><b><c/></b><b>1</b></a>`,
	} {
		f.Add(body)
	}
	var plans []*plan
	paths := []string{"$.a.b", "$.a[0].b", "$.a.b[0]", "$.a[0].b[0]", "$.a.b[*]", "$..b", "$..b[*]", "$.a.b.c", "$.a.b[0].c"}
	for _, more := range []string{"$.x", "$.*.*.*.*", "$..c[?@.x[0]=='y']"} {
		plans = append(plans, mustXMLPlan(f, append(slices.Clone(paths), more)...))
	}
	f.Fuzz(func(t *testing.T, body string) {
		var first string
		for i, p := range plans {
			tree, ok := xmlToJSON([]byte(body), p.xml)
			if !ok {
				return
			}
			s := p.newScan()
			if !s.scan(tree) {
				t.Fatalf("%q: the scanner rejects %s", body, tree)
			}
			c := s.captures(string(tree[:min(len(tree), rawLimit)]), 0, nil)
			for at := At(2); at < 5; at++ {
				if c.String(at) != c.String(1) || c.Has(at) != c.Has(1) {
					t.Errorf("%q: %s has %q, %v, and %s %q, %v", body, paths[at-1], c.String(at), c.Has(at), paths[0], c.String(1), c.Has(1))
				}
			}
			if c.Has(1) != (c.Len(5) > 0) || c.String(8) != c.String(9) {
				t.Errorf("%q: Has %v, Len %d, %q, %q", body, c.Has(1), c.Len(5), c.String(8), c.String(9))
			}
			all := fmt.Sprintf("%q %q %q %q", c.String(1), texts(c, 5, 5), texts(c, 6, 6), texts(c, 7, 7))
			if i == 0 {
				first = all
			} else if all != first {
				t.Errorf("%q: %s, and with other paths %s", body, first, all)
			}
		}
	})
}
