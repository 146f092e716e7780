package apierr

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestXMLToJSON(t *testing.T) {
	for _, tt := range []struct{ body, want string }{
		{`<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>`, `{"Error":{"Code":"NoSuchKey","Message":"gone"}}`},
		{"\n \ufeff \r\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- c -->\n<a> x\n</a>\n<!-- d -->\n", `{"a":"x"}`},
		{`<a/>`, `{"a":""}`},
		{`<a><b/><b>1</b><c>2</c><b>3</b></a>`, `{"a":{"b":["","1","3"],"c":"2"}}`},
		{`<a><b><c>1</c></b><b><c>2</c></b></a>`, `{"a":{"b":[{"c":"1"},{"c":"2"}]}}`},
		{`<a x="1" y="&quot;"> t </a>`, `{"a":{"#text":"t","@x":"1","@y":"\""}}`},
		{`<a x="1"/>`, `{"a":{"#text":"","@x":"1"}}`},
		{`<a x="1">one <b>two</b> three</a>`, `{"a":{"@x":"1","b":"two","#text":"one  three"}}`},
		{`<a>one <b>two</b> three</a>`, `{"a":{"b":"two","#text":"one  three"}}`},
		{`<a>1<!-- c -->2<![CDATA[<3>]]><?pi x?>4</a>`, `{"a":"12<3>4"}`},
		{`<s:E xmlns:s="urn:s" xmlns="urn:d"><s:Code s:id="7">x</s:Code></s:E>`, `{"E":{"Code":{"#text":"x","@id":"7"}}}`},
		{`<a p:x="1" q:x="2" xmlns:p="urn:p" xmlns:q="urn:q"/>`, `{"a":{"#text":"","@x":["1","2"]}}`},
		{`<a>&lt;&amp;&gt;&#233;&#x1F600;&apos;</a>`, `{"a":"<&>é😀'"}`},
		{`<!DOCTYPE a><a>x</a>`, `{"a":"x"}`},
		{`<été>à</été>`, `{"été":"à"}`},
		{"<a>x\r\ny\tz</a>", `{"a":"x\u000ay\u0009z"}`},
		{"", ""},
		{" ", ""},
		{"x", ""},
		{"<a>", ""},
		{"<a></b>", ""},
		{"<a/><b/>", ""},
		{"<a/>x", ""},
		{"x<a/>", ""},
		{"{}", ""},
		{"<a>&custom;</a>", ""},
		{"<a>&nbsp;</a>", ""},
		{"<a>\xff</a>", ""},
		{"<a>\x01</a>", ""},
		{"</a>", ""},
		{"<a b=c/>", ""},
		{"<!-- only -->", ""},
		{`<?xml version="1.0" encoding="ISO-8859-1"?><a>x</a>`, ""},
		{"\xff\xfe<\x00a\x00/\x00>\x00", ""},
		{"<!doctype html><html><head><meta charset=utf-8><body><p>502<br></html>", ""},
		{`<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><a>&c;</a>`, ""},
	} {
		got, ok := xmlToJSON([]byte(tt.body), nil)
		if string(got) != tt.want || ok != (tt.want != "") {
			t.Errorf("%q:\n got %s, %v\nwant %s", tt.body, got, ok, tt.want)
		}
	}
}

func TestXMLLimits(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	wide := func(n int) string { return "<r>" + strings.Repeat("<a/>", n) + "</r>" }
	for _, tt := range []struct {
		name, body string
		ok         bool
	}{
		{"64 levels", nested(64), true},
		{"65 levels", nested(65), false},
		{"a million levels", nested(1_000_000), false},
		{"100,000 elements", wide(99_999), true},
		{"100,001 elements", wide(100_000), false},
		{"100,001 attributes", `<r>` + strings.Repeat(`<a x="" y=""/>`, 33_334) + "</r>", false},
	} {
		if _, ok := xmlToJSON([]byte(tt.body), nil); ok != tt.ok {
			t.Errorf("%s: %v", tt.name, ok)
		}
	}
}

func FuzzXMLToJSON(f *testing.F) {
	for _, s := range []string{
		`<?xml version="1.0"?><Error><Code a="b">x</Code><Code/></Error>`, "<a>&amp;\ufffd\u2028</a>", `<a xmlns:b="c" b:d="e">f<g/>h</a>`,
		`<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>`, "<a><![CDATA[\"\\]]></a>", "\ufeff<a/>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p := mustXMLPlan(t, "$.Error.Code", "$.Error[*].Code", "$..b[0]", "$.a[?@.b=='x']", "$.*.*.*.*")
		got, ok := xmlToJSON(body, p.xml)
		if ok != (got != nil) {
			t.Fatalf("%q: %s, %v", body, got, ok)
		}
		if !ok {
			return
		}
		var v map[string]any
		if err := json.Unmarshal(got, &v); err != nil || len(v) != 1 {
			t.Fatalf("%q: %s: %v", body, got, err)
		}
		if !p.newScan().scan(got) {
			t.Fatalf("%q: the scanner rejects %s", body, got)
		}
	})
}
