// Package checks holds tests of the packages that errgen generates of this
// repository's own catalogs: they and the command must make the same of every
// response. It is a module of its own because out/ is no part of the generator.
package checks

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/forlena"
	"github.com/errgen/errgen/out/formamail"
	"github.com/errgen/errgen/out/formfex"
	"github.com/errgen/errgen/out/genesys"
	"github.com/errgen/errgen/out/leads"
	"github.com/errgen/errgen/spec"
)

const catalogFolder = "../../spec/catalogs"

// A vendor is what a generated package declares, and the catalog it is made of.
type vendor struct {
	name    string
	check   func(*http.Response) error
	decode  func(int, http.Header, []byte, time.Time) *apierr.Error
	policy  func() apierr.Policy
	codeOf  func(error) string
	program *spec.Program
	cases   []example
}

// An example is a case of the test data: a response and what it decodes to.
type example struct {
	Name    string
	Status  int
	Headers map[string]string
	Body    string
	Method  string
	Now     time.Time
	Expect  expectation
}

// vendors are all vendors of this repository.
func vendors(t testing.TB) []vendor {
	t.Helper()
	all := []vendor{
		{name: "forlena", check: forlena.Check, decode: forlena.Decode, policy: forlena.Policy, codeOf: asText(forlena.CodeOf)},
		{name: "formamail", check: formamail.Check, decode: formamail.Decode, policy: formamail.Policy, codeOf: asText(formamail.CodeOf)},
		{name: "formfex", check: formfex.Check, decode: formfex.Decode, policy: formfex.Policy, codeOf: asText(formfex.CodeOf)},
		{name: "genesys", check: genesys.Check, decode: genesys.Decode, policy: genesys.Policy, codeOf: asText(genesys.CodeOf)},
		{name: "leads", check: leads.Check, decode: leads.Decode, policy: leads.Policy, codeOf: asText(leads.CodeOf)},
	}
	files, err := filepath.Glob(filepath.Join(catalogFolder, "*.yaml"))
	if err != nil || len(files) != len(all) {
		t.Fatalf("there are %d catalogs and %d vendors in this test", len(files), len(all))
	}
	for i := range all {
		v := &all[i]
		file := filepath.Join(catalogFolder, v.name+".yaml")
		var problems spec.Problems
		if v.program, problems = spec.Load(file, read(t, file)); problems.Err() != nil {
			t.Fatal(problems)
		}
		if err := json.Unmarshal(read(t, filepath.Join(catalogFolder, "testdata", v.name+".json")), &v.cases); err != nil || len(v.cases) == 0 {
			t.Fatalf("%s has %d cases: %v", v.name, len(v.cases), err)
		}
	}
	return all
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
	for name, value := range ex.Headers {
		h.Set(name, value)
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
