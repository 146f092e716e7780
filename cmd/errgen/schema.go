package main

import (
	"github.com/spf13/pflag"

	"github.com/errgen/errgen/spec"
)

var schemaVerb = verb{
	name:  "schema",
	short: "write the JSON Schema of catalogs, for completion and hover in editors",
	long: `The schema (draft 2020-12) goes to standard output. Save it, and name it in the
first line of a catalog, relative to the catalog or as a URL:

  # yaml-language-server: $schema=errgen.schema.json

Editors with the YAML language server (VS Code, Neovim, Helix, Zed, Emacs) then
complete keys and words, show what each is for, and mark what is not of the
language; JetBrains editors read the same line. It says all that can be said of
a single value. What only several together show is errgen lint's business.`,
	example: `  errgen schema > spec/catalogs/errgen.schema.json`,
	run:     runSchema,
}

func runSchema(t terminal, _ *pflag.FlagSet) func([]string) error {
	return func(args []string) error {
		if len(args) > 0 {
			return usagef("schema takes no arguments; try errgen schema --help")
		}
		_, err := t.stdout.Write(spec.Schema())
		return err
	}
}
