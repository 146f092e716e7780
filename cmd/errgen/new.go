package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/pflag"

	"github.com/errgen/errgen/spec"
)

var newVerb = verb{
	name:  "new",
	args:  "VENDOR",
	short: "write a catalog to begin with, VENDOR.yaml in this folder",
	long: `It is a small catalog that is right as it stands: errgen lint has nothing to say
about it. Put the vendor's own facts in place of those that are there. A file that
is there already is never overwritten.`,
	example: `  cd spec/catalogs && errgen new acme`,
	run:     runNew,
}

func runNew(t terminal, _ *pflag.FlagSet) func([]string) error {
	return func(args []string) error {
		if len(args) != 1 {
			return usagef("new takes the name of one vendor; try errgen new --help")
		}
		vendor := args[0]
		file := vendor + ".yaml"
		src, err := spec.Skeleton(vendor, t.now())
		if err != nil {
			return usageError{err}
		}
		if err := create(file, src); err != nil {
			return err
		}
		fmt.Fprintf(t.stdout, "created  %s\n", file)
		p, err := openProject([]string{file}, "", "")
		if err != nil {
			return err
		}
		if len(p.unlisted) > 0 {
			fmt.Fprintf(t.stdout, "It is not listed in %s yet.\n", configName)
		}
		fmt.Fprintf(t.stdout, "Next: put the vendor's facts into it, and see with\n"+
			"  errgen lint %[1]s\n"+
			"  curl -si … | errgen decode %[1]s\n"+
			"  errgen generate %[1]s\n", file)
		return nil
	}
}

// create writes a file that is not there.
func create(file string, src []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usagef("%s is there already; move it away or choose another name", file)
	}
	if err != nil {
		return clear(err)
	}
	_, err = f.Write(src)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(file))
	}
	return nil
}
