package main

import (
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/errgen/errgen/gen"
	"github.com/errgen/errgen/gen/disk"
	"github.com/errgen/errgen/spec"
)

var generateVerb = verb{
	name:  "generate",
	args:  "[CATALOG...]",
	short: "write Go and docs; nothing is touched that is already right",
	long: `Without arguments it generates all catalogs that errgen.yaml lists, which is
looked for in this folder and above, up to the module's root. With arguments it
generates those catalogs: where there is an errgen.yaml, the files of the others
stay; without one, and with --out, name all that the folder is to hold.
Nothing is written when any catalog has a problem. Files that no catalog makes
any more are removed if nobody has changed them.

An errgen.yaml names files and folders from its own place:

  errgen: v1
  catalogs: [spec/catalogs/*.yaml]
  out: internal/errs               # packages; this folder unless given
  docs: docs/errors                # pages, or none; docs in out unless given
  apierr: example.com/x/apierr     # if another out folder has it already
  docs_url: https://example.com/x  # where the pages are published`,
	example: `  errgen generate
  errgen generate --check              # in CI: exit 1 if anything is out of date
  errgen generate --out internal/errs internal/errs/forlena.yaml
  //go:generate go tool errgen generate forlena.yaml`,
	run: runGenerate,
}

func runGenerate(t terminal, flags *pflag.FlagSet) func([]string) error {
	check := flags.Bool("check", false, "write nothing; name every changed, missing and stale file")
	out := flags.String("out", "", "folder of the generated packages (default: as errgen.yaml says, else this folder)")
	docs := flags.String("docs", "", "folder of the generated pages, or none (default: docs in the folder of the packages)")
	quiet := flags.BoolP("quiet", "q", false, "say nothing unless something is wrong")
	return func(args []string) error {
		p, err := openProject(args, *out, *docs)
		if err != nil {
			return err
		}
		programs, problems, err := load(p.catalogs)
		if err != nil {
			return err
		}
		if err := t.report(problems); err != nil {
			return err
		}
		output, err := p.generate(programs)
		if err != nil {
			return err
		}
		if *quiet {
			t.stdout = io.Discard
		}
		if !p.configured {
			err := others(output[0], programs)
			if usage := (usageError{}); *check && errors.As(err, &usage) {
				return usage.error // which is drift here
			}
			if err != nil {
				return err
			}
		}
		if *check {
			return t.check(output)
		}
		for _, file := range p.unlisted {
			fmt.Fprintf(t.stderr, "errgen: warning: %s is not listed in %s; list it, or the next errgen generate removes its files\n", file, configName)
		}
		return t.write(output, programs)
	}
}

// report prints problems and returns an error if they keep the catalogs from
// being used.
func (t terminal) report(problems spec.Problems) error {
	for _, problem := range problems {
		fmt.Fprintln(t.stderr, problem)
	}
	if problems.Err() != nil {
		return errReported
	}
	return nil
}

func (p *project) generate(programs []*spec.Program) ([]tree, error) {
	importPath, err := importPath(p.out)
	if err != nil {
		return nil, err
	}
	opt := gen.Options{Import: importPath, Apierr: p.apierr, DocsURL: p.docsURL}
	if opt.Apierr == path.Join(importPath, "apierr") {
		opt.Apierr = "" // it is this folder's own
	}
	output, err := gen.Generate(programs, opt)
	if err != nil {
		return nil, err
	}
	if p.docs == "" {
		output.Docs = nil
	}
	return p.trees(output, p.options(programs)), nil
}

// A tree is the files of one output folder.
type tree struct {
	root  string
	files []disk.File
	opt   disk.Options
}

// options say what stays in the output folders that this run does not
// generate: nothing, or when it generates only some of the catalogs, whatever
// is not in their packages.
func (p *project) options(programs []*spec.Program) disk.Options {
	if !p.partial {
		return disk.Options{}
	}
	own := map[string]bool{}
	for _, program := range programs {
		own[program.Vendor] = true
	}
	return disk.Options{Keep: func(path string) bool {
		folder, _, _ := strings.Cut(path, "/")
		return !own[folder]
	}}
}

// trees are the output folders: one when the docs lie below the packages, two
// otherwise.
func (p *project) trees(output gen.Output, opt disk.Options) []tree {
	packages := tree{root: p.out, opt: opt}
	for _, f := range output.Go {
		packages.files = append(packages.files, disk.File(f))
	}
	if len(output.Docs) == 0 {
		return []tree{packages}
	}
	pages, prefix := &tree{root: p.docs, opt: opt}, ""
	if rel, err := filepath.Rel(p.out, p.docs); err == nil && filepath.IsLocal(rel) {
		pages, prefix = &packages, filepath.ToSlash(rel)+"/"
	}
	for _, f := range output.Docs {
		if p.partial && f.Path == "README.md" {
			continue // the index lists all vendors, and here are only some
		}
		pages.files = append(pages.files, disk.File{Path: strings.TrimPrefix(prefix+f.Path, "./"), Data: f.Data})
	}
	if pages == &packages {
		return []tree{packages}
	}
	return []tree{packages, *pages}
}

// check names what is out of date.
func (t terminal) check(trees []tree) error {
	drift := 0
	for _, tr := range trees {
		changes, err := disk.Compare(tr.root, disk.Files(tr.files...), tr.opt)
		if err != nil {
			return err
		}
		drift += len(changes)
		for _, c := range changes {
			fmt.Fprintf(t.stdout, "%-8s %s%s\n", drifts[c.Kind], filepath.ToSlash(filepath.Join(tr.root, c.Path)), because(c))
		}
	}
	if drift > 0 {
		fmt.Fprintf(t.stderr, "errgen: %s out of date; run errgen generate and commit what it writes\n", count(drift, "file", "files"))
		return errReported
	}
	fmt.Fprintln(t.stdout, "all generated files are up to date")
	return nil
}

// drifts are the words for what a check finds.
var drifts = map[disk.Kind]string{
	disk.Created: "missing", disk.Updated: "changed", disk.Edited: "edited",
	disk.Removed: "stale", disk.Kept: "stale", disk.Foreign: "foreign",
}

func because(c disk.Change) string {
	if c.Reason == "" {
		return ""
	}
	return " (" + c.Reason + ")"
}

// write writes the trees and tells what changed.
func (t terminal) write(trees []tree, programs []*spec.Program) error {
	if err := preflight(trees[1:]); err != nil {
		return err
	}
	files, changed := 0, 0
	for _, tr := range trees {
		changes, err := disk.Write(tr.root, disk.Files(tr.files...), tr.opt)
		for _, c := range changes {
			if c.Kind != disk.Kept {
				changed++
			}
			fmt.Fprintf(t.stdout, "%-8s %s%s\n", done(c.Kind), filepath.ToSlash(filepath.Join(tr.root, c.Path)), because(c))
		}
		if err != nil {
			return err
		}
		files += len(tr.files) + 1 // the manifest
	}
	entries := 0
	for _, program := range programs {
		entries += len(program.Parts)
	}
	outcome := fmt.Sprintf("%d changed", changed)
	if changed == 0 {
		outcome = "all up to date"
	}
	fmt.Fprintf(t.stdout, "%s with %s: %s, %s\n", count(len(programs), "vendor", "vendors"),
		count(entries, "entry", "entries"), count(files, "file", "files"), outcome)
	return nil
}

// done is the word for what became of a file. One that somebody had edited is
// as it was before.
func done(k disk.Kind) string {
	if k == disk.Edited {
		return "restored"
	}
	return k.String()
}

// others returns an error when writing would remove the package of a catalog
// that was not named. Without an errgen.yaml nothing says that those named are
// all: another go:generate line may have made the others.
func others(packages tree, programs []*spec.Program) error {
	own := map[string]bool{}
	for _, program := range programs {
		own[program.Vendor] = true
	}
	changes, err := disk.Compare(packages.root, disk.Files(packages.files...), packages.opt)
	if err != nil {
		return err
	}
	for _, c := range changes {
		folder, file, _ := strings.Cut(c.Path, "/")
		if c.Kind == disk.Removed && !own[folder] && file == folder+".go" {
			return usagef("%s holds the package %s, which no catalog named here makes; name its catalog too, list all in an %s, or, when the vendor was renamed, remove the folder %s first",
				packages.root, folder, configName, filepath.ToSlash(filepath.Join(packages.root, folder)))
		}
	}
	return nil
}

// preflight returns the error that writing any of the trees would end with, as
// far as it can be known, so that no tree is written when another cannot be.
func preflight(trees []tree) error {
	for _, tr := range trees {
		changes, err := disk.Compare(tr.root, disk.Files(tr.files...), tr.opt)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(changes, func(c disk.Change) bool { return c.Kind == disk.Foreign }) {
			_, err := disk.Write(tr.root, disk.Files(tr.files...), tr.opt) // refuses
			return err
		}
	}
	return nil
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
