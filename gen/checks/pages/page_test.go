package pages

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	dom "golang.org/x/net/html"

	"github.com/errgen/errgen/gen"
	"github.com/errgen/errgen/spec"
)

var options = gen.Options{Import: "example.com/client/errs", Apierr: "example.com/client/apierr"}

// github renders as GitHub does, without its clean-up of HTML: what it would
// remove must not be there.
var github = goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))

// A page is a generated page and what a browser gets of it.
type page struct {
	source string
	root   *dom.Node
}

func render(t testing.TB, source []byte) page {
	t.Helper()
	var b bytes.Buffer
	if err := github.Convert(source, &b); err != nil {
		t.Fatal(err)
	}
	root, err := dom.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	return page{string(source), root}
}

// pagesOf are the pages of the programs, by path.
func pagesOf(t testing.TB, programs ...*spec.Program) map[string]page {
	t.Helper()
	out, err := gen.Generate(programs, options)
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]page{}
	for _, f := range out.Docs {
		pages[f.Path] = render(t, f.Data)
	}
	return pages
}

// catalogs are those of the repository and the one that uses every key.
func catalogs(t testing.TB) []*spec.Program {
	t.Helper()
	files, err := filepath.Glob("../../../spec/catalogs/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	var programs []*spec.Program
	for _, file := range append(files, "../../testdata/everything.yaml") {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, problems := spec.Load(file, src)
		if problems.Err() != nil {
			t.Fatal(problems)
		}
		programs = append(programs, p)
	}
	return programs
}

// elements are all elements of the page with the given name, "" for any.
func (p page) elements(name string) []*dom.Node {
	var out []*dom.Node
	for n := range p.root.Descendants() {
		if n.Type == dom.ElementNode && (name == "" || n.Data == name) {
			out = append(out, n)
		}
	}
	return out
}

func attr(n *dom.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// text is what a reader sees of a node.
func text(n *dom.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == dom.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
