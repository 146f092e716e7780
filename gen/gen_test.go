package gen

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/errgen/errgen/spec"
)

// options are those of a client's repository.
var options = Options{Import: "example.com/client/errs", DocsURL: "https://docs.example.com/errors"}

// load loads a catalog.
func load(t testing.TB, file string, src []byte) *spec.Program {
	t.Helper()
	p, problems := spec.Load(file, src)
	if problems.Err() != nil {
		t.Fatal(problems)
	}
	return p
}

func loadFile(t testing.TB, file string) *spec.Program {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return load(t, file, src)
}

// catalogs are those of this repository, and the one that uses every key.
func catalogs(t testing.TB) []*spec.Program {
	t.Helper()
	files, err := filepath.Glob("../spec/catalogs/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("%v, %v", files, err)
	}
	var programs []*spec.Program
	for _, file := range append(files, "testdata/everything.yaml") {
		programs = append(programs, loadFile(t, file))
	}
	return programs
}

func generate(t testing.TB, programs ...*spec.Program) Output {
	t.Helper()
	out, err := Generate(programs, options)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestDeterminism shows that the order of the catalogs and the number of
// processors change nothing.
func TestDeterminism(t *testing.T) {
	want := generate(t, catalogs(t)...)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for i, procs := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		programs := catalogs(t)
		programs = slices.Concat(programs[i+1:], programs[:i+1])
		slices.Reverse(programs)
		given := slices.Clone(programs)
		if got := generate(t, programs...); !reflect.DeepEqual(got, want) {
			t.Errorf("with %d processors and another order the output differs", procs)
		}
		if !slices.Equal(programs, given) {
			t.Error("Generate changed the order of what it was given")
		}
	}
}

// TestFiles shows that every file parses, is as gofmt leaves it, and is marked
// as generated, and that paths are sorted and within the folder.
func TestFiles(t *testing.T) {
	out := generate(t, catalogs(t)...)
	for _, files := range [][]File{out.Go, out.Docs} {
		for i, f := range files {
			if !filepath.IsLocal(f.Path) || path.Clean(f.Path) != f.Path {
				t.Errorf("%s is not below the folder", f.Path)
			}
			if i > 0 && files[i-1].Path >= f.Path {
				t.Errorf("%s comes after %s", f.Path, files[i-1].Path)
			}
		}
	}
	for _, f := range out.Go {
		parsed := parse(t, f)
		if !ast.IsGenerated(parsed) || !bytes.HasPrefix(f.Data, []byte(marker+"\n")) {
			t.Errorf("%s is not marked as generated", f.Path)
		}
		checkStable(t, f.Path, f.Data)
		checkImports(t, f.Path, parsed)
		if !strings.HasPrefix(f.Path, "apierr/") {
			checkComments(t, parsed)
		}
	}
}

// checkImports fails unless a file imports the standard library and what is
// generated beside it, and nothing else.
func checkImports(t *testing.T, name string, f *ast.File) {
	t.Helper()
	for _, spec := range f.Imports {
		to, err := strconv.Unquote(spec.Path.Value)
		if first, _, _ := strings.Cut(to, "/"); err != nil || strings.Contains(first, ".") && !strings.HasPrefix(to, options.Import+"/") || to == "unsafe" || to == "C" {
			t.Errorf("%s imports %s", name, spec.Path.Value)
		}
		if strings.HasSuffix(to, "test") && !strings.HasSuffix(name, "_test.go") && !strings.Contains(path.Dir(name), "test") {
			t.Errorf("%s imports %s, which is for tests", name, to)
		}
	}
}

func parse(t testing.TB, f File) *ast.File {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// TestApierrElsewhere shows that a folder can use the support package of
// another.
func TestApierrElsewhere(t *testing.T) {
	opt := options
	opt.Apierr = "example.com/other/apierr"
	out, err := Generate([]*spec.Program{loadFile(t, "testdata/everything.yaml")}, opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range out.Go {
		if strings.HasPrefix(f.Path, "apierr/") {
			t.Errorf("%s was generated", f.Path)
		}
		if bytes.Contains(f.Data, []byte(options.Import+"/apierr")) {
			t.Errorf("%s imports its own apierr", f.Path)
		}
	}
}

// declared are the names that a package of the client's repository declares at
// its top level, its own tests included.
func declared(t *testing.T, files []File, folder string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, f := range files {
		if path.Dir(f.Path) != folder {
			continue
		}
		parsed := parse(t, f)
		if strings.HasSuffix(parsed.Name.Name, "_test") {
			continue // another package
		}
		for _, decl := range parsed.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Recv == nil {
					names[decl.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, s := range decl.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						names[s.Name.Name] = true
					case *ast.ValueSpec:
						for _, name := range s.Names {
							names[name.Name] = true
						}
					}
				}
			}
		}
	}
	return names
}

// TestNamesAreReserved shows that no entry can have a name that a package has
// declared already.
func TestNamesAreReserved(t *testing.T) {
	own := map[string]bool{}
	p := loadFile(t, "testdata/everything.yaml")
	for _, part := range p.Parts {
		own[part.Name] = true
	}
	n := 0
	for name := range declared(t, generate(t, p).Go, "everything") {
		before, _, details := strings.Cut(name, "Details")
		if !ast.IsExported(name) || own[name] || details && (own[before] || before == "") && name != "Details" || strings.HasPrefix(name, "StorageFull") {
			continue
		}
		n++
		src := "errgen: v1\nvendor: acme\ntitle: T\nsource: {document: D, checked: 2026-11-21}\nerrors:\n  - {name: " + name + ", when: {status: 400}, meaning: M.}\n"
		_, problems := spec.Load("acme.yaml", []byte(src))
		if !slices.ContainsFunc(problems, func(p spec.Problem) bool { return p.Rule == "name-clash" }) {
			t.Errorf("an entry may have the name %s, which every package declares: %s", name, problems)
		}
	}
	if n < 9 {
		t.Errorf("only %d names were tried", n)
	}
}

// TestItemsOnlyWhereThereAre shows that a package has the function Items when
// its catalog knows items, and no other package has it.
func TestItemsOnlyWhereThereAre(t *testing.T) {
	for _, p := range catalogs(t) {
		want := len(p.Envelope.Items) > 0
		if declared(t, generate(t, p).Go, p.Vendor)["Items"] != want {
			t.Errorf("%s: the function Items, want it: %t", p.Vendor, want)
		}
	}
}

// TestAdditions shows that what is added in the middle of a catalog adds lines
// and changes none, apart from the columns of gofmt: nothing is numbered, and
// nothing moves.
func TestAdditions(t *testing.T) {
	src, err := os.ReadFile("testdata/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before := generate(t, load(t, "everything.yaml", src))
	for _, c := range []struct {
		name   string
		insert []string // texts, each after the line at which it is inserted
	}{
		{"an entry", []string{
			"  - code: FULL", "  - {code: ADDED, status: 451, meaning: It was added., examples: [{status: 451, body: '{\"failure\":{\"code\":\"ADDED\"}}'}]}",
		}},
		{"a detail", []string{
			"      hard: bool", "      soft: bool",
			"      - name: all of it", "      - {name: soft, status: 507, body: '{\"failure\":{\"code\":\"FULL\",\"info\":{\"soft\":true}}}'}",
		}},
		{"a common detail", []string{
			"  caller:", "  added: {header: X-Request-Id, type: string}",
		}},
		{"a limit and a status", []string{
			"  - name: day", "  - {name: hour, remaining: X-Hour}",
			"  429:", "  423: {class: conflict, delay: {max: 7s}}",
		}},
	} {
		changed := src
		for i := 0; i < len(c.insert); i += 2 {
			changed = bytes.Replace(changed, []byte(c.insert[i]), []byte(c.insert[i+1]+"\n"+c.insert[i]), 1)
		}
		after := generate(t, load(t, "everything.yaml", changed))
		total := 0
		for i, f := range after.Go {
			if before.Go[i].Path != f.Path {
				t.Fatalf("%s: the files are others: %s", c.name, f.Path)
			}
			added, removed := diff(columns(before.Go[i].Data), columns(f.Data))
			if total += len(added); len(removed) > 0 {
				t.Errorf("%s changes lines of %s: %q", c.name, f.Path, removed)
			}
		}
		if total < 2 || total > 40 {
			t.Errorf("%s adds %d lines", c.name, total)
		}
	}
}

var blanks = regexp.MustCompile(` +`)

// columns are the lines of a file without gofmt's columns.
func columns(src []byte) []string {
	return strings.Split(blanks.ReplaceAllString(string(src), " "), "\n")
}

// diff returns the lines that b has beyond a, and the other way round, by a
// longest common subsequence.
func diff(a, b []string) (added, removed []string) {
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			removed = append(removed, a[i])
			i++
		default:
			added = append(added, b[j])
			j++
		}
	}
	return append(added, b[j:]...), append(removed, a[i:]...)
}
