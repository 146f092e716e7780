package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/errgen/errgen/gen"
	"github.com/errgen/errgen/spec"
)

var explainVerb = verb{
	name:  "explain",
	args:  "VENDOR [CODE]",
	short: "show what the reference says of an error",
	long: `VENDOR is one whose catalog errgen.yaml lists, or a catalog file. CODE is a code as
the vendor sends it, or its name in Go; where several entries have the code, all
are shown. Without a CODE, all errors are listed, a line each.`,
	example: `  errgen explain forlena RATE_LIMITED
  errgen explain spec/catalogs/forlena.yaml`,
	run: runExplain,
}

func runExplain(t terminal, _ *pflag.FlagSet) func([]string) error {
	return func(args []string) error {
		if len(args) < 1 || len(args) > 2 || slices.Contains(args, "") {
			return usagef("explain takes a vendor or a catalog, and at most one code; try errgen explain --help")
		}
		p, err := t.vendor(args[0])
		if err != nil {
			return err
		}
		if len(args) == 1 {
			_, err := fmt.Fprint(t.stdout, gen.ExplainAll(p))
			return err
		}
		entries := p.Find(args[1])
		if len(entries) == 0 {
			mend := spec.Suggest(args[1], names(p))
			if !strings.HasPrefix(mend, "did") {
				mend = fmt.Sprintf("errgen explain %s lists all", args[0])
			}
			return usagef("%s has no error %q; %s", p.Vendor, args[1], mend)
		}
		for n, i := range entries {
			if n > 0 {
				fmt.Fprintln(t.stdout)
			}
			if _, err := fmt.Fprint(t.stdout, gen.Explain(p, i)); err != nil {
				return err
			}
		}
		return nil
	}
}

// names are all codes of a vendor, and the Go names of errors without one.
func names(p *spec.Program) []string {
	var all []string
	for i := range p.Tables.Entries {
		e := &p.Tables.Entries[i]
		if name := e.Code; name == "" {
			all = append(all, e.Name)
		} else if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}
