package clients

import (
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadme holds README.md to what is tested: each of its pieces of code is
// found here to the letter.
func TestReadme(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var sources strings.Builder
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources.Write(source)
	}
	sections := strings.Split(string(page), "\n### ")[1:]
	if len(sections) != 8 {
		t.Errorf("%d libraries have a section, not 8", len(sections))
	}
	code := regexp.MustCompile("(?s)```go\n(.*?)```")
	for _, section := range sections {
		name, _, _ := strings.Cut(section, "\n")
		pieces := code.FindAllStringSubmatch(section, -1)
		if len(pieces) == 0 {
			t.Errorf("%s has no code", name)
		}
		for _, piece := range pieces {
			if !strings.Contains(sources.String(), piece[1]) {
				t.Errorf("%s has code that is not tested as it stands:\n%s", name, piece[1])
			}
		}
	}
}

// TestReadmeExamples: every library has an example, and one that is run.
func TestReadmeExamples(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "examples_test.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := doc.Examples(file)
	for _, example := range examples {
		if example.Output == "" {
			t.Errorf("Example%s has no output, so it is not run", example.Name)
		}
	}
	if sections := strings.Count(string(page), "\n### "); len(examples) != sections {
		t.Errorf("%d examples for %d libraries", len(examples), sections)
	}
}
