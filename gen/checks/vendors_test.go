// Package checks holds tests of the packages that errgen generates of this
// repository's own catalogs: they and the command must make the same of every
// response. It is a module of its own because out/ is no part of the generator.
package checks

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/format"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/spec"
)

const catalogFolder = "../../spec/catalogs"

// A generated package is what one of out/ declares.
type generated struct {
	check  func(*http.Response) error
	decode func(int, http.Header, []byte, time.Time) *apierr.Error
	policy func() apierr.Policy
	codeOf func(error) string
	items  func(*http.Response) []apierr.Item // nil for a vendor without items
}

// A vendor is a generated package, and the catalog it is made of.
type vendor struct {
	generated
	name    string
	program *spec.Program
	cases   []example
}

// An example is a case of the test data: a response.
type example struct {
	Name    string
	Status  int
	Headers map[string]values
	Body    string
	Method  string
	Now     time.Time
}

// values are those of a header: one, or a list.
type values []string

func (v *values) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, (*[]string)(v)) == nil {
		return nil
	}
	*v = make(values, 1)
	return json.Unmarshal(b, &(*v)[0])
}

// vendors are all vendors of this repository.
func vendors(t testing.TB) []vendor {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(catalogFolder, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogs: %v", err)
	}
	var all []vendor
	for _, file := range files {
		p, problems := spec.Load(file, read(t, file))
		if problems.Err() != nil {
			t.Fatal(problems)
		}
		v := vendor{name: p.Vendor, program: p}
		var ok bool
		if v.generated, ok = packages[p.Vendor]; !ok {
			t.Fatalf("the package of %s is not listed: run go test -run TestPackages -update", p.Vendor)
		}
		cases := filepath.Join(catalogFolder, "testdata", strings.TrimSuffix(filepath.Base(file), ".yaml")+".json")
		if err := json.Unmarshal(read(t, cases), &v.cases); err != nil || len(v.cases) == 0 {
			t.Fatalf("%s has %d cases: %v", cases, len(v.cases), err)
		}
		all = append(all, v)
	}
	return all
}

var update = flag.Bool("update", false, "write packages_test.go from the catalogs")

// TestPackages holds the list of packages and the catalogs together.
func TestPackages(t *testing.T) {
	const file = "packages_test.go"
	want := packageList(t)
	if *update {
		if err := os.WriteFile(file, want, 0o666); err != nil {
			t.Fatal(err)
		}
	} else if !bytes.Equal(read(t, file), want) {
		t.Errorf("%s lists other packages than there are catalogs: run go test -run TestPackages -update", file)
	}
}

// packageList is the file that imports every generated package.
func packageList(t *testing.T) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(catalogFolder, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	items := map[string]bool{}
	for _, file := range files {
		p, problems := spec.Load(file, read(t, file))
		if problems.Err() != nil {
			t.Fatal(problems)
		}
		names = append(names, p.Vendor)
		items[p.Vendor] = len(p.Tables.Items) > 0
	}
	slices.Sort(names)
	var imports, rows strings.Builder
	for _, name := range names {
		fmt.Fprintf(&imports, "\t\"github.com/errgen/errgen/out/%s\"\n", name)
		row := fmt.Sprintf("%[1]s.Check, %[1]s.Decode, %[1]s.Policy, asText(%[1]s.CodeOf), nil", name)
		if items[name] {
			row = strings.TrimSuffix(row, "nil") + name + ".Items"
		}
		fmt.Fprintf(&rows, "\t%q: {%s},\n", name, row)
	}
	src := "package checks\n\n// Written by go test -run TestPackages -update.\n\nimport (\n" + imports.String() +
		")\n\nvar packages = map[string]generated{\n" + rows.String() + "}\n"
	out, err := format.Source([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func asText[C ~string](codeOf func(error) C) func(error) string {
	return func(err error) string { return string(codeOf(err)) }
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// header is the case's header, with the date at which it came, so that instants
// mean the same on every day.
func (ex *example) header() http.Header {
	h := http.Header{}
	for name, values := range ex.Headers {
		for _, value := range values {
			h.Add(name, value)
		}
	}
	if !ex.Now.IsZero() {
		h.Set("Date", ex.Now.UTC().Format(http.TimeFormat))
	}
	return h
}

// now is when the response came.
func (ex *example) now() time.Time {
	if ex.Now.IsZero() {
		return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	}
	return ex.Now
}
