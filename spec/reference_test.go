package spec

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

const referenceFile = "README.md"

// TestReference holds the committed page and the definitions together.
func TestReference(t *testing.T) {
	have := Reference()
	if *update {
		if err := os.WriteFile(referenceFile, have, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := open(t, referenceFile); !bytes.Equal(have, want) {
		t.Errorf("spec/%s is out of date; run go test ./spec -run Reference -update", referenceFile)
	}
}

var (
	fence   = regexp.MustCompile("(?ms)^```.*?^```$")
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	linked  = regexp.MustCompile(`\]\(#([^)]*)\)`)
	silent  = regexp.MustCompile(`[^a-z0-9 -]`) // what a heading's anchor leaves out
	block   = regexp.MustCompile("(?ms)^(#+) ([^\n]*)$|^```yaml\n(.*?)^```$")
)

// TestReferenceLinks holds that each link on the page leads to one heading.
func TestReferenceLinks(t *testing.T) {
	page := fence.ReplaceAllString(string(Reference()), "")
	anchors := map[string]int{}
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		anchors[strings.ReplaceAll(silent.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")]++
	}
	links := linked.FindAllStringSubmatch(page, -1)
	if len(links) < 100 {
		t.Fatalf("only %d links", len(links))
	}
	for _, m := range links {
		if anchors[m[1]] != 1 {
			t.Errorf("the link #%s leads to %d headings", m[1], anchors[m[1]])
		}
	}
}

// TestReferenceExamples reads every example on the page: those of a section by
// what the section is about, complete catalogs with all rules, and the others
// as parts of a catalog or of an entry.
func TestReferenceExamples(t *testing.T) {
	forms := map[string]*form{}
	eachDefined(func(f *form) { forms[f.title()] = f })
	under, reference, blocks := "", false, 0
	for _, m := range block.FindAllStringSubmatch(string(Reference()), -1) {
		if m[1] != "" {
			under, reference = m[2], reference || m[2] == "Reference"
			continue
		}
		blocks++
		var problems Problems
		switch src := []byte(m[3]); {
		case strings.HasPrefix(m[3], "errgen: v1\nvendor:"):
			_, problems = Load(under, src)
		case strings.HasPrefix(m[3], "errgen: v1\ncatalogs:"):
			_, problems = LoadConfig(under, src)
		case reference && forms[under] != nil:
			problems = readBy(forms[under], under, src)
		default:
			problems = readFragment(under, src)
		}
		if len(problems) > 0 {
			t.Errorf("%s\n%s", m[3], problems)
		}
	}
	if blocks < 30 {
		t.Errorf("only %d examples were read", blocks)
	}
}

func readBy(f *form, file string, src []byte) Problems {
	r := newReader(file, src)
	if n := r.parseYAML(src); n != nil {
		f.try(r, n)
	}
	return r.problems
}

// readFragment reads some keys of a catalog, or of an entry.
func readFragment(file string, src []byte) (problems Problems) {
	for _, f := range []*form{catalogShape.form, entryShape.form} {
		problems = nil
		for _, p := range readBy(f, file, src) {
			if p.Rule != "missing-key" || p.Col != 1 {
				problems = append(problems, p)
			}
		}
		if problems == nil {
			return nil
		}
	}
	return problems
}

// TestListed holds that a list has as many elements as the page says.
func TestListed(t *testing.T) {
	p, problems := Load("a.yaml", []byte(catalog("T", "envelope: {items: {each: \"$[*]\", code: \"@\"}}\n")))
	if p == nil {
		t.Fatal(problems)
	}
	body := "[1" + strings.Repeat(",1", maxListed) + "]"
	if n := len(p.Tables.DecodeItems(400, nil, []byte(body))); n != maxListed {
		t.Errorf("%d elements of %d, and the page says %d", n, maxListed+1, maxListed)
	}
}
