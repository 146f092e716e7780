package failures

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestTexts finds every text by which FailureOf tells errors apart in the
// sources of the Go that runs the test, and those of HTTP/2 in
// golang.org/x/net as well.
func TestTexts(t *testing.T) {
	std := sources(t, "net/http", "net/http/internal/...", "crypto/tls", "crypto/x509")
	xnet := sources(t, "golang.org/x/net/http2")
	texts := textsOf(t, "../../templates/apierr/failure.go")
	if len(texts) < 15 {
		t.Errorf("found only %q: have they moved?", texts)
	}
	for _, text := range texts {
		if !strings.Contains(std, text) {
			t.Errorf("%q is no text of the standard library any more", text)
		}
		if strings.HasPrefix(text, "http2: ") && !strings.Contains(xnet, text) {
			t.Errorf("%q is no text of golang.org/x/net/http2 any more", text)
		}
	}
}

// textsOf returns the string literals within the functions and constants of a
// file that have a space: names and operations have none.
func textsOf(t *testing.T, file string) (texts []string) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncDecl); ok && f.Name.Name == "Error" {
			return false // a text of our own
		}
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, err := strconv.Unquote(lit.Value)
			if err == nil && (strings.Contains(text, ": ") || strings.Count(text, " ") > 1) {
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}

// sources returns the text of packages, without their tests.
func sources(t *testing.T, packages ...string) string {
	out, err := exec.Command("go", append([]string{"list", "-f", "{{.Dir}}"}, packages...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, dir := range strings.Fields(string(out)) {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}
