package gen

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/printer"
	"go/token"
	"io"
	"path"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/errgen/errgen/spec"
)

// placeholder stands in every free text of the catalog below.
const placeholder = "Placeholder."

// placeholders is a catalog with every free text of the language.
const placeholders = `
errgen: v1
vendor: acme
title: Placeholder.
source: {document: Placeholder., section: Placeholder.}
envelope: {code: $.code, message: [$.message, {header: X-Message, after: Placeholder., before: Placeholder.}, {header: X-Parts, item: Placeholder., param: text}]}
limits: [{name: requests, limit: X-Limit, meaning: Placeholder.}, {name: default, header: RateLimit, meaning: Placeholder.}, {name: part, remaining: {header: RateLimit, item: Placeholder., param: r}}]
messages: {en: Placeholder., tr: Placeholder.}
notes: [Placeholder., Placeholder.]
status: {4xx: {class: invalid, meaning: Placeholder., action: Placeholder.}}
details:
  Placeholder.: {type: string, name: Common, header: X-Common, meaning: Placeholder.}
errors:
  - code: Placeholder.
    name: First
    when:
      - {status: 400, header: {X-A: Placeholder.}, body: {$.b: {contains: Placeholder.}}}
      - {status: 409}
    meaning: Placeholder.
    action: Placeholder.
    deprecated: Placeholder.
    source: {document: Placeholder., section: Placeholder.}
    messages: {en: Placeholder., tr: Placeholder.}
    details:
      Placeholder.: {type: list, name: Rows, of: {Placeholder.: {type: string, name: Cell, meaning: Placeholder.}}, meaning: Placeholder.}
      Placeholder.2: {type: object, body: $.o, name: Object, of: {Placeholder.: {type: int, name: Cell, meaning: Placeholder.}}}
  - name: Second
    when: {status: 418, media: application/json}
    meaning: Placeholder.
    examples:
      - {name: Placeholder., status: 418, headers: {X-Common: Placeholder., Content-Type: [application/json, Placeholder.]}, body: Placeholder.}
`

// withText is the program of placeholders with another text, put in after the
// rules have passed it, so that it does not matter what they let through.
func withText(t *testing.T, text string) *spec.Program {
	t.Helper()
	p := load(t, "acme.yaml", []byte(placeholders))
	replaceText(reflect.ValueOf(p).Elem(), text, map[uintptr]bool{})
	p.File = text
	return p
}

// replaceText puts a text in the place of every placeholder that v leads to.
func replaceText(v reflect.Value, text string, seen map[uintptr]bool) {
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() && v.Type() == reflect.TypeFor[string]() {
			v.SetString(strings.ReplaceAll(v.String(), placeholder, text))
		}
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Pointer()] {
			seen[v.Pointer()] = true
			replaceText(v.Elem(), text, seen)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				replaceText(v.Field(i), text, seen)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			replaceText(v.Index(i), text, seen)
		}
	}
}

// TestHostileText shows that the text of a catalog changes nothing in the
// generated files but comments and the values of literals, and that these hold
// it exactly.
func TestHostileText(t *testing.T) {
	harmless := generate(t, withText(t, placeholder))
	fields := 0
	for _, f := range harmless.Go {
		fields += strings.Count(string(f.Data), strings.TrimSuffix(placeholder, "."))
	}
	if fields < 40 {
		t.Errorf("the text stands in %d places only", fields)
	}
	for _, text := range hostile {
		t.Run(fmt.Sprintf("%.20q", text), func(t *testing.T) {
			got := generate(t, withText(t, text))
			for i, f := range got.Go {
				if strings.HasPrefix(f.Path, "apierr/") {
					continue
				}
				h, g := parse(t, harmless.Go[i]), parse(t, f)
				checkComments(t, g)
				checkStable(t, f.Path, f.Data)
				checkBuilds(t, f)
				for j, value := range literals(t, h) {
					if want := strings.ReplaceAll(value, placeholder, text); literals(t, g)[j] != want {
						t.Errorf("%s: a literal is %q, want %q", f.Path, literals(t, g)[j], want)
					}
				}
				if a, b := outline(h), outline(g); a != b {
					t.Errorf("%s has other documentation: %s, want %s", f.Path, b, a)
				}
				if a, b := shapeOf(t, h), shapeOf(t, g); a != b {
					t.Errorf("%s has other declarations:\n%s\nwant\n%s", f.Path, b, a)
				}
			}
		})
	}
}

// shapeOf is a file without the values of strings, and without its comments,
// which it takes away.
func shapeOf(t *testing.T, f *ast.File) string {
	t.Helper()
	f.Comments = nil
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			n.Doc = nil
		case *ast.FuncDecl:
			n.Doc = nil
		case *ast.TypeSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.ValueSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.Field:
			n.Doc, n.Comment = nil, nil
		case *ast.File:
			n.Doc = nil
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				n.Value = `""`
			}
		}
		return true
	})
	var b bytes.Buffer
	if err := printer.Fprint(&b, token.NewFileSet(), f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// literals are the values of the strings in a file.
func literals(t *testing.T, f *ast.File) []string {
	t.Helper()
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			value, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, value)
		}
		return true
	})
	return out
}

// outline counts what comments have beyond plain paragraphs.
func outline(f *ast.File) string {
	counts := map[string]int{}
	for _, g := range f.Comments {
		for _, block := range docBlocks(g) {
			if kind := fmt.Sprintf("%T", block); kind != "*comment.Paragraph" {
				counts[kind]++
			}
		}
		for _, paragraph := range strings.Split(g.Text(), "\n\n") {
			if strings.HasPrefix(paragraph, "Deprecated: ") {
				counts["deprecated"]++
			}
		}
	}
	return fmt.Sprint(counts)
}

// checkBuilds fails unless a file belongs to its package on any system, which
// it does not when it has a build constraint or needs cgo.
func checkBuilds(t *testing.T, f File) {
	t.Helper()
	ctx := build.Context{GOOS: "plan9", GOARCH: "mips", Compiler: "gc", OpenFile: func(string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(f.Data)), nil
	}}
	if match, err := ctx.MatchFile("/", path.Base(f.Path)); !match || err != nil {
		t.Errorf("%s is built only in some places: %v", f.Path, err)
	}
}
