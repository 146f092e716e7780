package main

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/errgen/errgen/spec"
)

var lintVerb = verb{
	name:  "lint",
	args:  "[CATALOG...]",
	short: "report every problem of catalogs, with its place and its mend",
	long: `Without arguments it checks all catalogs that errgen.yaml lists. Problems go to
standard output, a line each:

  FILE:LINE:COLUMN: RULE: what is wrong; how to mend it

Warnings say so after the place and do not change the exit code.`,
	example: `  errgen lint
  errgen lint spec/catalogs/forlena.yaml`,
	run: runLint,
}

func runLint(t terminal, _ *pflag.FlagSet) func([]string) error {
	return func(args []string) error {
		p, err := openProject(args, "", "")
		if problems := spec.Problems(nil); errors.As(err, &problems) {
			fmt.Fprintln(t.stdout, problems)
			return errReported
		}
		if err != nil {
			return err
		}
		programs, problems, err := load(p.catalogs)
		if err != nil {
			return err
		}
		for _, problem := range problems {
			fmt.Fprintln(t.stdout, problem)
		}
		if problems.Err() != nil {
			return errReported
		}
		entries, examples := 0, 0
		for _, program := range programs {
			entries += len(program.Parts)
			for _, part := range program.Parts {
				examples += len(part.Entry.Examples)
			}
		}
		found := "no problems"
		if len(problems) > 0 {
			found = count(len(problems), "warning", "warnings")
		}
		fmt.Fprintf(t.stdout, "%s in %s: %s, %s proven\n", found, count(len(programs), "catalog", "catalogs"),
			count(entries, "entry", "entries"), count(examples, "example", "examples"))
		return nil
	}
}
