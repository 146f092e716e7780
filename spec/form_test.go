package spec

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// singles are the forms of all single values of the language, by what they are
// called.
func singles() map[string]*form {
	all := map[string]*form{}
	seen := map[*form]bool{}
	var walk func(f *form)
	walk = func(f *form) {
		if f == nil || seen[f] {
			return
		}
		seen[f] = true
		f = f.settled()
		if f.types != nil {
			all[f.what] = f
		}
		for _, k := range f.keys {
			walk(k.value)
		}
		for _, e := range append([]*form{f.each, f.names, f.values}, f.either...) {
			walk(e)
		}
	}
	walk(catalogShape.form)
	walk(configShape.form)
	return all
}

// takes reports whether what is told to editors fits a text in quotes.
func (f *form) takes(s string) bool {
	return slices.Contains(f.types, "string") &&
		(f.words == nil || slices.Contains(f.words, s)) &&
		regexp.MustCompile(f.pattern).MatchString(s)
}

// reads reports whether the reader takes a text in quotes.
func (f *form) reads(s string) bool {
	r := newReader("f", nil)
	f.try(r, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: s})
	return len(r.problems) == 0
}

// formTexts are texts that some value or other is particular about.
var formTexts = []string{
	"", "a", "A", "Ab", "ab", "aB", "ABC", "a b", " a", "a ", "a-b", "a_b", "a.b", "a/b", "/a", "a:b", `a\b`, "é", "x\ty", "x\ny", "{", "a*", "*.yaml",
	"0", "1", "07", "7", "100", "101", "-1", "+1", "1.5", "0.5", ".5", "5.", "1e1", "1_0", "0x1", "NaN", "Inf", "1000001",
	"1s", "1.5s", ".5s", "5.s", ".s", "s", "1m30s", "1h30m", "250ms", "3us", "3µs", "3μs", "3ns", "1d", "1 s", "-1s", "+1s", "1s1", "1S",
	"20%", "0%", "0.0%", "0.5%", ".5%", "100%", "100.0%", "100.1%", "101%", "05%", "099%", "-5%", "+5%", "1e1%", "%", "20", "5.%",
	"99", "429", "599", "600", "1000", "0429", "4xx", "5xx", "6xx", "0xx", "5XX", "xx", "400-499", "500-504", "400-600", "400-", "-400", "400-49",
	"none", "None", "NONE", "null", "true", "false", "True", "yes", "full", "json", "xml", "v1", "v2", "throttled", "backoff", "refused", "int", "texts", "hh:mm:ss", "unix",
	"2026-11-21", "2026-13-21", "2026-11-32", "2026-1-1", "21.11.2026", "2026-11-21T10:00:00Z", "2026-11-21T10:00:00.5+02:00", "2026-11-21T24:00:00Z", "2026-11-21T1:00:00Z", "2026-11-21T1:00:00.5+02:00", "2026-11-21 10:00:00Z", "2026-11-21T10:00Z", "yesterday",
	"en", "tr", "pt-BR", "zh-Hant-TW", "english", "EN", "e", "pt_BR", "Retry-After", "X-Rate Limit", "X:Y", "X_Y", "Bearer",
	"https://a.example", "https://a.example/b?c=d#e", "http://a.example", "https://", "https://a b", "https://a/<b>", "application/json", "application/problem+json", "Application/json",
	"$", "@", "$.a", "@.a", "$.a.b[0][*]", "$.a-b", "$._a", "$.ärger", "$.1a", "$.", "$..", "$..a", "$..['a b']", `$..["a"]`, "$..*", "$..[*]", "$.*", "$[*]",
	"$[0]", "$[65536]", "$[01]", "$[-1]", "$[1:2]", "$[0,1]", "$[", "$[0", "$['", "$['a", "$['a'", "$['a']", `$["a'b"]`, `$['a\'b']`, `$['a\"b']`, `$['\u0041']`, `$['\u00']`, `$['\x']`, "$['']", "$['a\tb']",
	"$.a[?@.b=='c']", "$.a[?@=='c']", "$.a[?@.b==1.5e3]", "$.a[?@.b==true]", "$.a[?@.b==null]", "$.a[?@.b]", "$.a[?@.b!='c']", "$.a[?@.b=='c'].d", "$.a[?@['b'][0].c.d=='e']",
	"$.a[?@.b.c.d.e.f=='g']", "$.a[?@.*=='c']", "$.a[?(@.b=='c')]", "$.a[?@.b=='c'&&@.d=='e']", "$ .a", "$.a b",
	"$.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p", "$.a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q",
}

// TestForms holds what editors are told of each single value against its
// reader. The size of a number in quotes is not told.
func TestForms(t *testing.T) {
	for what, f := range singles() {
		sized := f.low != f.high
		for _, s := range formTexts {
			if have, want := f.takes(s), f.reads(s); have != want && !(sized && have) {
				t.Errorf("%s: editors are told %t of %q, and the reader says %t", what, have, s, want)
			}
		}
	}
}

// FuzzForms holds that editors are never told that a text is wrong which the
// reader takes. The other way round, some wrong texts pass: an order of
// numbers and the size of one are beyond a regular expression.
func FuzzForms(f *testing.F) {
	all := singles()
	for _, s := range formTexts {
		f.Add(s)
	}
	f.Add("1h1.5m.5s5.ms1us1µs1ns")
	f.Add(`$..['a\u0041\n'].b[0][*].*[?@["x"].y==-1.5e+3]`)
	f.Fuzz(func(t *testing.T, s string) {
		for what, form := range all {
			if form.reads(s) && !form.takes(s) {
				t.Errorf("%s: the reader takes %q, and editors are told that it is wrong", what, s)
			}
		}
	})
}

// eachDefined calls f for each form with a name, of catalogs and errgen.yaml.
func eachDefined(f func(*form)) {
	catalogShape.eachNamed(f)
	configShape.eachNamed(f)
}

// TestFormsAreComplete holds that whatever the reader knows is described:
// named forms, keys, and each word of a vocabulary.
func TestFormsAreComplete(t *testing.T) {
	eachDefined(func(f *form) {
		if f.doc == "" || f.example == "" {
			t.Errorf("%s has no description or no example", f.name)
		}
		for _, word := range f.words {
			if f.meanings != nil && f.meanings[word] == "" {
				t.Errorf("%s: the word %q has no meaning", f.name, word)
			}
		}
		if f.meanings != nil && len(f.meanings) != len(f.words) {
			t.Errorf("%s has the meanings of %d words, not of %d", f.name, len(f.meanings), len(f.words))
		}
		if o := f.object(); o != nil {
			for _, k := range o.keys {
				if k.doc == "" || k.example == "" || k.need && k.preset+k.unset != "" || k.preset != "" && k.unset != "" {
					t.Errorf("%s: the key %s has no description or no example, or a default that cannot be", f.name, k.name)
				}
			}
		}
	})
}

// TestFormExamples reads the example and the default of each key, and the
// example of each named form, by what they are examples of.
func TestFormExamples(t *testing.T) {
	read := func(what, src string, f *form) {
		r := newReader(what, []byte(src))
		n := r.parseYAML([]byte(src))
		if n == nil {
			t.Errorf("%q: %s", src, r.problems)
			return
		}
		f.settled().try(r, n)
		for _, p := range r.problems {
			t.Errorf("%q: %s", strings.TrimSpace(src), p)
		}
	}
	eachDefined(func(f *form) {
		read(f.name, f.example, f)
		if f.object() == nil {
			return
		}
		for _, k := range f.object().keys {
			read(f.name+"."+k.name, k.example, k.value)
			if k.preset != "" {
				read(f.name+"."+k.name, k.preset, k.value)
			}
		}
	})
}

// TestDefaults holds the defaults that the definitions name against those that
// a catalog without them gets.
func TestDefaults(t *testing.T) {
	p, problems := Load("a.yaml", []byte(catalog("T", "")))
	if p == nil {
		t.Fatal(problems)
	}
	with, problems := Load("a.yaml", []byte(catalog("T", "retry: {max_retries: "+retryShape.byName["max_retries"].preset+", backoff: {base: "+
		backoffShape.byName["base"].preset+", factor: "+backoffShape.byName["factor"].preset+", max: "+backoffShape.byName["max"].preset+"}}\n"+
		"envelope: {format: "+envelopeShape.byName["format"].preset+", root: "+envelopeShape.byName["root"].preset+", details: "+envelopeShape.byName["details"].preset+"}\n")))
	if with == nil {
		t.Fatal(problems)
	}
	a, b := p.Tables, with.Tables
	if a.MaxRetries != b.MaxRetries || a.Backoff.Base != b.Backoff.Base || a.Backoff.Factor != b.Backoff.Factor || a.Backoff.Max != b.Backoff.Max || a.Format != b.Format {
		t.Errorf("without them %+v, with the defaults %+v", a, b)
	}
}
