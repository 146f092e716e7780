package gen

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew, if they build, vet and pass their tests")

// golden is where the generated files of the catalog that uses every key are.
const golden = "testdata/everything"

// TestEverything shows that the catalog that uses every key generates the
// golden files, and that these work in a module of their own.
func TestEverything(t *testing.T) {
	out := generate(t, loadFile(t, golden+".yaml"))
	var files []File
	for _, f := range out.Go {
		if rel, ok := strings.CutPrefix(f.Path, "everything/"); ok {
			files = append(files, File{rel, f.Data})
		}
	}
	same := compareGolden(t, files)
	if !same && !*update {
		t.Error("run go test ./gen -update, and look at what it changes")
	}
	runModule(t, out.Go)
	if t.Failed() {
		t.Fatal("this output does not become golden")
	}
	if !same {
		writeGolden(t, files)
	}
}

// compareGolden reports whether the golden files are the given ones.
func compareGolden(t *testing.T, files []File) bool {
	t.Helper()
	same := slices.Equal(goldenPaths(t), paths(files))
	for _, f := range files {
		want, err := os.ReadFile(filepath.Join(golden, f.Path))
		if err == nil && bytes.Equal(want, f.Data) {
			continue
		}
		same = false
		if !*update {
			added, removed := diff(strings.Split(string(want), "\n"), strings.Split(string(f.Data), "\n"))
			t.Errorf("%s differs: + %q, - %q", f.Path, added, removed)
		}
	}
	return same
}

func paths(files []File) []string {
	var out []string
	for _, f := range files {
		out = append(out, f.Path)
	}
	slices.Sort(out)
	return out
}

// goldenPaths are the golden files that there are.
func goldenPaths(t *testing.T) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(golden, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(golden, name)
		out = append(out, filepath.ToSlash(rel))
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func writeGolden(t *testing.T, files []File) {
	t.Helper()
	if err := os.RemoveAll(golden); err != nil {
		t.Fatal(err)
	}
	writeFiles(t, golden, files)
}

func writeFiles(t *testing.T, dir string, files []File) {
	t.Helper()
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// runModule puts the files into a module of their own, with a test that uses
// them as a client does and a package made of hostile text, and vets and tests
// it. The module is for the oldest Go that generated code works with: vet reports
// what the standard library did not have then.
func runModule(t *testing.T, files []File) {
	t.Helper()
	dir := t.TempDir()
	writeFiles(t, dir, []File{{"go.mod", []byte("module example.com/client\n\ngo 1.23\n")}})
	writeFiles(t, filepath.Join(dir, "errs"), unmarked(files))
	client, err := os.ReadFile("testdata/client_test.go")
	if err != nil {
		t.Fatal(err)
	}
	writeFiles(t, filepath.Join(dir, "errs/everything"), []File{{"client_test.go", client}})
	for _, f := range generate(t, withText(t, strings.Join(hostile, "\n"))).Go {
		if strings.HasPrefix(f.Path, "acme/") {
			writeFiles(t, filepath.Join(dir, "errs"), unmarked([]File{f}))
		}
	}
	for _, args := range [][]string{
		{"vet", "./..."},
		{"test", "./errs/everything/...", "./errs/apierr/..."},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOTOOLCHAIN=local")
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, text)
		}
	}
}

// unmarked returns the files without the mark of generated code, as vet does not
// compare that with the module's version of Go.
func unmarked(files []File) []File {
	out := slices.Clone(files)
	for i := range out {
		out[i].Data = bytes.Replace(out[i].Data, []byte("// Code generated "), []byte("// Made "), 1)
	}
	return out
}
