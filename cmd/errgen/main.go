// Errgen turns catalogs of a vendor's API errors into typed Go and Markdown.
//
// A catalog is one YAML file that says which errors an HTTP API answers with,
// how they are told apart, what to do about each, and where the API says how
// long to wait. Of it errgen makes a Go package with constants that are
// errors, typed details, a decoder and the vendor's retry policy, a package of
// ready responses for tests, and a reference page.
//
//	errgen generate [CATALOG...]    write Go and docs
//	errgen lint [CATALOG...]        report every problem with its place and mend
//	errgen decode CATALOG [FILE]    show what a real response decodes to
//	errgen explain VENDOR [CODE]    show what the reference says of an error
//	errgen new VENDOR               write a catalog to begin with
//	errgen schema                   write the JSON Schema of catalogs, for editors
//
// In a client's repository:
//
//	go get -tool github.com/errgen/errgen/cmd/errgen
//	//go:generate go tool errgen generate
//
// Exit codes: 0 all is well, 1 problems or drift, 2 wrong usage.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/errgen/errgen/spec"
)

func main() {
	os.Exit(run(os.Args[1:], terminal{
		stdin:  os.Stdin,
		stdout: os.Stdout,
		stderr: os.Stderr,
		color:  isTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
		now:    time.Now,
	}))
}

// A terminal is what the outside gives to a run.
type terminal struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	color          bool // on stdout
	now            func() time.Time
}

// Exit codes.
const (
	exitOK       = 0
	exitProblems = 1 // problems in the input, drift, files that cannot be written
	exitUsage    = 2
)

// A verb is one subcommand.
type verb struct {
	name    string
	args    string // as in its usage line
	short   string // what it does, in a line
	long    string // the rest of its help
	example string
	run     func(t terminal, flags *pflag.FlagSet) func(args []string) error
}

var verbs = []verb{generateVerb, lintVerb, decodeVerb, explainVerb, newVerb, schemaVerb}

// run carries out one command line and returns its exit code.
func run(args []string, t terminal) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		return help(args, t)
	}
	v := find(args[0])
	if v == nil {
		return t.fail(usagef("there is no command %q; try errgen --help", args[0]))
	}
	flags := pflag.NewFlagSet(v.name, pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.SortFlags = false
	do := v.run(t, flags)
	switch err := flags.Parse(args[1:]); {
	case errors.Is(err, pflag.ErrHelp):
		fmt.Fprint(t.stdout, v.help(flags))
		return exitOK
	case err != nil:
		return t.fail(usagef("%v; try errgen %s --help", err, v.name))
	}
	return t.fail(do(flags.Args()))
}

func find(name string) *verb {
	for i := range verbs {
		if verbs[i].name == name {
			return &verbs[i]
		}
	}
	return nil
}

// A usageError is a command line that cannot be carried out.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// errReported ends a run whose problems have been printed.
var errReported = errors.New("problems reported")

// fail prints an error, a line for each problem, and returns the exit code it
// stands for.
func (t terminal) fail(err error) int {
	var usage usageError
	var problems spec.Problems
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errReported):
		return exitProblems
	case errors.As(err, &problems): // those of errgen.yaml: each has its place
		fmt.Fprintln(t.stderr, problems)
		return exitProblems
	case errors.As(err, &usage):
		fmt.Fprintln(t.stderr, "errgen:", err)
		return exitUsage
	}
	fmt.Fprintln(t.stderr, "errgen:", err)
	return exitProblems
}

const manual = `errgen turns catalogs of a vendor's API errors into typed Go and Markdown.

Usage:
  errgen COMMAND [flags] [arguments]

Commands:
`

func help(args []string, t terminal) int {
	if len(args) > 1 {
		v := find(args[1])
		if v == nil {
			return t.fail(usagef("there is no command %q; try errgen --help", args[1]))
		}
		flags := pflag.NewFlagSet(v.name, pflag.ContinueOnError)
		flags.SortFlags = false
		v.run(t, flags)
		fmt.Fprint(t.stdout, v.help(flags))
		return exitOK
	}
	w, code := t.stdout, exitOK
	if len(args) == 0 {
		w, code = t.stderr, exitUsage
	}
	fmt.Fprint(w, manual)
	for _, v := range verbs {
		fmt.Fprintf(w, "  %-25s %s\n", v.name+" "+v.args, v.short)
	}
	fmt.Fprint(w, "\nFlags and an example of each: errgen COMMAND --help\nExit codes: 0 all is well, 1 problems or drift, 2 wrong usage.\n")
	return code
}

func (v *verb) help(flags *pflag.FlagSet) string {
	var b strings.Builder
	usage, list := v.name+" "+v.args, ""
	if flags.HasFlags() {
		usage, list = v.name+" [flags] "+v.args, "\nFlags:\n"+flags.FlagUsages()
	}
	fmt.Fprintf(&b, "errgen %s: %s.\n\nUsage:\n  errgen %s\n\n%s\n%s", v.name, v.short, strings.TrimSpace(usage), v.long, list)
	fmt.Fprintf(&b, "\nExample:\n%s\n", v.example)
	return b.String()
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
