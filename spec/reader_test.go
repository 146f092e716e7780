package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// catalog is a catalog that lints clean, with the given text in the place of
// its title and more keys at its end.
func catalog(title, more string) string {
	return "errgen: v1\nvendor: acme\ntitle: " + title + "\nsource: {document: D, checked: 2026-11-21}\nerrors: []\n" + more
}

// TestScalars holds that a scalar is the text that stands in the file: no
// number, date or boolean is made of it, and nothing stays nothing.
func TestScalars(t *testing.T) {
	for _, c := range []struct{ written, want string }{
		{"017", "017"},
		{"0o17", "0o17"},
		{"0x1F", "0x1F"},
		{"1e3", "1e3"},
		{"1_000", "1_000"},
		{"1.50", "1.50"},
		{"+7", "+7"},
		{"12:30:45", "12:30:45"},
		{".inf", ".inf"},
		{".nan", ".nan"},
		{"yes", "yes"},
		{"No", "No"},
		{"on", "on"},
		{"true", "true"},
		{"2026-01-01", "2026-01-01"},
		{"2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
		{"=", "="},
		{"'null'", "null"},
		{`"~"`, "~"},
		{`"a\tb\u00e9"`, "a\tbé"},
		{"'it''s'", "it's"},
		{"|\n  two\n  lines\n", "two\nlines"},
		{">-\n  one\n  line", "one line"},
		{"null", ""},
		{"Null", ""},
		{"~", ""},
		{"", ""},
		{"''", ""},
		{"' '", ""},
		{"[a]", ""},
		{"{a: b}", ""},
	} {
		p, problems := Load("a.yaml", []byte(catalog(c.written, "")))
		switch {
		case c.want == "" && p != nil:
			t.Errorf("title %q is read as %q, want a problem", c.written, p.Title)
		case c.want != "" && p == nil:
			t.Errorf("title %q: %v", c.written, problems)
		case c.want != "" && p.Title != c.want:
			t.Errorf("title %q is read as %q, want %q", c.written, p.Title, c.want)
		}
	}
}

// TestCodesStayText holds that codes which look like other things in YAML are
// found in a response by their text.
func TestCodesStayText(t *testing.T) {
	for _, code := range []string{"017", "1e3", "yes", "off", "2026-01-01", "0x1F", "1_000", "1.50", "190:20:30"} {
		src := "errgen: v1\nvendor: acme\ntitle: T\nsource: {document: D, checked: 2026-11-21}\nenvelope: {code: $.code}\nerrors:\n- {code: " + code +
			", name: Odd, class: invalid, meaning: M, examples: [{status: 400, body: '{\"code\":\"" + code + "\"}', expect: {code: " + code + "}}]}\n"
		if _, problems := Load("a.yaml", []byte(src)); len(problems) > 0 {
			t.Errorf("code %s: %v", code, problems)
		}
	}
}

// TestYAML is what a file may not have beyond its fixtures in testdata/rules:
// bytes that an editor would not keep, and sizes.
func TestYAML(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"nothing", "", "1:1: yaml-syntax: the file is empty"},
		{"a document of nothing", "---\n", "1:1: yaml-syntax: the file is empty"},
		{"NUL", "errgen: v1\nvendor: a\x00me\n", "2:10: yaml-syntax: the file has the control character U+0000 here"},
		{"invalid UTF-8", "errgen: v1\ntitle: é\xffé\n", "2:9: yaml-syntax: the file has the byte 0xff, which is not UTF-8, here"},
		{"UTF-16", "\xff\xfee\x00:\x00", "1:1: yaml-syntax: the file has the byte 0xff, which is not UTF-8, here"},
		{"BOM", "\ufeff" + catalog("T", ""), ""},
		{"BOM in the middle", catalog("T", "\ufeffnotes: []\n"), `6:1: unknown-key: a catalog has no key "\ufeffnotes"; did you mean "notes"?`},
		{"broken block", catalog("T", "retry:\n  max_retries: 3\n backoff: {}\n"), "8:1: yaml-syntax: this is not YAML: did not find expected key; indent this line"},
		{"broken block of a large file", catalog("T", strings.Repeat("# padding\n", 14_000)+"retry:\n  max_retries: 3\n backoff: {}\n"), "yaml-syntax: this is not YAML: did not find expected key; indent this line"},
		{"CRLF", strings.ReplaceAll(catalog("T", "colour: red\n"), "\n", "\r\n"), `6:1: unknown-key: a catalog has no key "colour"`},
		{"end marker", catalog("T", "...\n"), ""},
		{"comments", "# a\n" + catalog("T # b", "# c\n"), ""},
		{"tab", catalog("T", "retry:\n\tmax_retries: 3\n"), "7:1: yaml-syntax: this is not YAML: found character that cannot start any token"},
		{"broken escape", catalog(`"\x"`, ""), "3:1: yaml-syntax: this is not YAML"},
		{"unknown anchor", catalog("*a", ""), "1:1: yaml-syntax: this is not YAML: unknown anchor 'a' referenced"},
		{"second document broken", catalog("T", "---\na: [\n"), "yaml-syntax: this is not YAML"},
		{"anchor on a key", catalog("T", "&a notes: []\n"), "6:1: yaml-alias: anchors and aliases are not allowed"},
		{"anchor on the root", "&a\n" + catalog("T", ""), "yaml-alias: anchors and aliases are not allowed"},
		{"binary", catalog("!!binary aGk=", ""), "3:8: yaml-tag: tag !!binary is not allowed"},
		{"verbatim tag", catalog("!<tag:example.com,2026:x> T", ""), "yaml-tag: tag tag:example.com,2026:x is not allowed"},
		{"quoted merge key", catalog("T", "'<<': {a: b}\n"), `6:1: unknown-key: a catalog has no key "<<"`},
		{"key is a mapping", catalog("T", "? {a: b}\n: c\n"), "6:3: wrong-type: a key must be a single word, not a mapping"},
		{"key is nothing", catalog("T", "~: c\n"), `6:1: unknown-key: a catalog has no key "~"`},
		{"keys by another spelling", catalog("T", "\"title\": U\n"), `6:1: duplicate-key: "title" is given twice, first in line 3`},
		{"depth 64", catalog("T", "notes: "+strings.Repeat("[", 62)+"x"+strings.Repeat("]", 62)+"\n"), "6:9: wrong-type"},
		{"depth 65", catalog("T", "notes: "+strings.Repeat("[", 63)+"x"+strings.Repeat("]", 63)+"\n"), "6:71: yaml-limit: nested deeper than 64 levels"},
		{"depth 20000", strings.Repeat("[", 20000), "1:1: yaml-syntax: this is not YAML: exceeded max depth"},
		{"50,000 values", catalog("T", "notes:\n"+strings.Repeat("- x\n", 49_982)), ""},
		{"50,001 values", catalog("T", "notes:\n"+strings.Repeat("- x\n", 49_983)), "49989:3: yaml-limit: more than 50000 values"},
		{"1 MiB", pad(catalog("T", ""), 1<<20), ""},
		{"more than 1 MiB", pad(catalog("T", ""), 1<<20+1), "1:1: yaml-limit: the file has 1048577 bytes, more than the 1048576 that a catalog may have"},
	} {
		p, problems := Load("a.yaml", []byte(c.src))
		checkProblems(t, problems)
		switch {
		case c.want == "" && p == nil:
			t.Errorf("%s: %v", c.name, problems)
		case c.want != "" && (p != nil || len(problems) == 0 || !strings.Contains(problems[0].String(), c.want)):
			t.Errorf("%s: program %t, problems:\n%s\nwant first: %s", c.name, p != nil, clip(problems.Error()), c.want)
		}
	}
}

func pad(src string, size int) string {
	return src + "#" + strings.Repeat("x", size-len(src)-2) + "\n"
}

// TestYAMLPanics are inputs on which the YAML library, or a version of it, has
// panicked; see go-yaml/yaml issues 666 and 813.
func TestYAMLPanics(t *testing.T) {
	for _, src := range []string{
		"0: [:!00 \xef",
		"#\n - - - - \xff",
		"%TAG !",
		"--- !<",
		"? :\n ?",
		"a: &a [*a, *a]\n",
		"a: !!float null",
		"\"a\n\n\n",
		"- |+9\n",
		"a: !!merge <<",
		"<<: [1]",
		"- !!set {a, b}",
		"{a, b: }: c",
		"[]: ,",
		"? |\n\n: >",
		"\u2028\u2029",
	} {
		if p, problems := Load("a.yaml", []byte(src)); p != nil || len(problems) == 0 {
			t.Errorf("%q: program %t, problems %v", src, p != nil, problems)
		}
	}
}

// TestAllProblemsAtOnce holds that reading goes on after a problem, that the
// rules look at what could be read, and that nothing follows from what could
// not.
func TestAllProblemsAtOnce(t *testing.T) {
	src := `errgen: v1
vendor: func
titel: Acme
source: {document: D, checked: 2026-11-21}
envelope: {code: $.code}
retry: {backoff: {base: 1}}
errors:
  - {code: A, class: throtled, status: 429, meaning: M}
  - {code: B, status: 999, meaning: M}
  - {code: B, class: invalid, meaning: M}
  - {code: a, class: invalid, meaning: M, details: {wait: {type: duration, unti: s}}}
  - {code: '', class: invalid, meaning: M}
  - {code: C, class: invalid, when: {body: {$.: x}}, meaning: M}
  - {code: C, class: invalid, meaning: M}
`
	p, problems := Load("a.yaml", []byte(src))
	var have []string
	for _, problem := range problems {
		have = append(have, fmt.Sprintf("%d:%d %s", problem.Line, problem.Col, problem.Rule))
	}
	want := []string{
		"1:1 missing-key", "2:9 reserved-vendor", "3:1 unknown-key", "6:25 bad-duration",
		"8:22 bad-value", "9:23 bad-status", "10:12 duplicate-code", "11:12 name-clash", "11:76 unknown-key",
		"12:12 bad-value", "13:47 bad-path", "14:12 name-clash",
	}
	if p != nil || !slices.Equal(have, want) {
		t.Errorf("problems:\n%s\nhave %q\nwant %q", problems, have, want)
	}
	checkProblems(t, problems)
}

func TestSuggest(t *testing.T) {
	keys := []string{"code", "message", "status", "retry", "max_retries", "details"}
	for word, want := range map[string]string{
		"cod":         `did you mean "code"?`,
		"Code":        `did you mean "code"?`,
		"CODE":        `did you mean "code"?`,
		"massage":     `did you mean "message"?`,
		"stat":        `did you mean "status"?`,
		"max-retries": `did you mean "max_retries"?`,
		"maxRetries":  `did you mean "max_retries"?`,
		"detials":     `did you mean "details"?`,
		"retryable":   `did you mean "retry"?`,
		"x":           "known: code, message, status, retry, max_retries, details",
		"":            "known: code, message, status, retry, max_retries, details",
		"colour":      "known: code, message, status, retry, max_retries, details",
	} {
		if have := Suggest(word, keys); have != want {
			t.Errorf("Suggest(%q) = %s, want %s", word, have, want)
		}
	}
	if have := Suggest(strings.Repeat("code", 1000), keys); !strings.HasPrefix(have, "did you mean") {
		t.Errorf("a long word: %s", have)
	}
}

// TestLoadConfig reads an errgen.yaml by the same means.
func TestLoadConfig(t *testing.T) {
	c, problems := LoadConfig("errgen.yaml", []byte("errgen: v1\ncatalogs: ['*.yaml', more/a.yaml]\nout: out\ndocs: none\napierr: example.com/x/apierr\ndocs_url: https://example.com/docs\n"))
	if c == nil || c.Out != "out" || c.Docs != "none" || c.Apierr != "example.com/x/apierr" || c.DocsURL != "https://example.com/docs" ||
		!slices.Equal(c.Catalogs, []string{"*.yaml", "more/a.yaml"}) {
		t.Errorf("%+v, %v", c, problems)
	}
	for src, want := range map[string]string{
		"":                                 "e:1:1: yaml-syntax: the file is empty; begin it with errgen: v1",
		"[]":                               "e:1:1: wrong-type: this must be a configuration, not a list; write key: value, a line each",
		"errgen: v1\n":                     `e:1:1: missing-key: a configuration needs the key "catalogs"; add "catalogs:", catalog files, or patterns such as spec/catalogs/*.yaml`,
		"errgen: v1\ncatalogs: [/etc/a]":   `e:2:12: bad-value: "/etc/a" is not a relative path; write it relative to this file, with slashes`,
		"errgen: v1\ncatalogs: [a\\b]":     `e:2:12: bad-value: "a\\b" is not a relative path; write it relative to this file, with slashes`,
		"errgen: v1\ncatalogs: [a]\nou: x": `e:3:1: unknown-key: a configuration has no key "ou"; did you mean "out"?`,
	} {
		if c, problems := LoadConfig("e", []byte(src)); c != nil || problems.Error() != want {
			t.Errorf("%q: config %t\n%s\nwant\n%s", src, c != nil, problems, want)
		}
	}
}

func TestProblems(t *testing.T) {
	warning := Problem{File: "b", Pos: Pos{1, 1}, Rule: "example-missing", Severity: Warning, Text: "t"}
	problem := Problem{File: "a", Pos: Pos{2, 3}, Rule: "bad-path", Text: "t", Mend: "m"}
	all := Problems{warning, problem, problem}.Sort()
	if want := "a:2:3: bad-path: t; m\nb:1:1: warning: example-missing: t"; all.Error() != want {
		t.Errorf("have\n%s\nwant\n%s", all, want)
	}
	if all.Err() == nil || (Problems{warning}).Err() != nil || Problems(nil).Err() != nil {
		t.Error("only errors make an error")
	}
}
