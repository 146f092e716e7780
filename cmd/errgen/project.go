package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/errgen/errgen/spec"
)

const configName = "errgen.yaml"

// A project is where a run reads and writes: what errgen.yaml says, or the
// command line.
type project struct {
	catalogs []string // files
	out      string   // folder of the generated packages
	docs     string   // folder of the pages; empty: none
	apierr   string   // import path; empty: generated into out
	docsURL  string
	partial  bool // only some of the project's catalogs

	configured bool     // errgen.yaml says which catalogs there are
	unlisted   []string // catalogs that were named and that it does not list
}

// openProject finds the configuration of the current folder. The command line
// goes before it.
func openProject(catalogs []string, out, docs string) (*project, error) {
	p := &project{catalogs: catalogs, out: out}
	dir, config, err := findConfig()
	if err != nil {
		return nil, err
	}
	if config != nil {
		p.configured, p.partial = true, len(catalogs) > 0
		p.apierr, p.docsURL = config.Apierr, config.DocsURL
		if out == "" {
			p.out = filepath.Join(dir, filepath.FromSlash(cmp.Or(config.Out, ".")))
		}
		if docs == "" && config.Docs != "" {
			docs = config.Docs
			if docs != noDocs {
				docs = filepath.Join(dir, filepath.FromSlash(docs))
			}
		}
		listed, err := expand(dir, config.Catalogs)
		if err != nil {
			return nil, err
		}
		if len(catalogs) == 0 {
			p.catalogs = listed
		}
		p.unlisted = slices.DeleteFunc(slices.Clone(p.catalogs), func(file string) bool {
			return slices.ContainsFunc(listed, func(other string) bool { return sameFile(file, other) })
		})
	}
	if len(p.catalogs) == 0 {
		return nil, usagef("no catalogs; name some, or write an %s of two lines: errgen: v1 and catalogs: [vendor.yaml]", configName)
	}
	p.out = cmp.Or(p.out, ".")
	p.docs = cmp.Or(docs, filepath.Join(p.out, "docs"))
	if p.docs == noDocs {
		p.docs = ""
	}
	return p, nil
}

// sameFile reports whether two paths, as seen from the current folder, lead to one
// file.
func sameFile(a, b string) bool {
	absA, errA := filepath.Abs(a)
	absB, errB := filepath.Abs(b)
	return errA == nil && errB == nil && absA == absB
}

const noDocs = "none"

// findConfig looks for errgen.yaml in the current folder and in those above,
// up to the module's root. The config is nil when there is none.
func findConfig() (dir string, config *spec.Config, err error) {
	for dir = "."; ; dir = filepath.Join(dir, "..") {
		file := filepath.Join(dir, configName)
		src, err := readSome(file)
		if err == nil {
			config, problems := spec.LoadConfig(filepath.ToSlash(file), src)
			if config == nil {
				return dir, nil, problems
			}
			return dir, config, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return dir, nil, err
		}
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || isTop(dir) {
			return dir, nil, nil
		}
	}
}

func isTop(dir string) bool {
	abs, err := filepath.Abs(dir)
	return err != nil || filepath.Dir(abs) == abs
}

// expand returns the files that the patterns name.
func expand(dir string, patterns []string) ([]string, error) {
	var files []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: catalogs: %q is no pattern; write one such as spec/catalogs/*.yaml", filepath.Join(dir, configName), pattern)
		case len(found) == 0:
			return nil, fmt.Errorf("%s: catalogs: no file matches %q; mend the pattern or add a catalog", filepath.Join(dir, configName), pattern)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: catalogs: lists none; list files, or patterns such as spec/catalogs/*.yaml", filepath.Join(dir, configName))
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// load reads all catalogs and returns every problem of all of them. The
// programs are complete only when no problem is an error.
func load(files []string) ([]*spec.Program, spec.Problems, error) {
	var programs []*spec.Program
	var problems spec.Problems
	vendors := map[string]string{}
	for _, file := range distinct(files) {
		src, err := readFile(file)
		if err != nil {
			return nil, nil, err
		}
		p, found := spec.Load(filepath.ToSlash(file), src)
		problems = append(problems, found...)
		if p == nil {
			continue
		}
		if first, twice := vendors[p.Vendor]; twice {
			problems = append(problems, p.DuplicateVendor(first))
			continue
		}
		vendors[p.Vendor] = file
		programs = append(programs, p)
	}
	return programs, problems.Sort(), nil
}

// vendor returns the program of a catalog file, or of a vendor whose catalog
// errgen.yaml lists.
func (t terminal) vendor(name string) (*spec.Program, error) {
	files := []string{name}
	byName := filepath.Ext(name) == "" && filepath.Base(name) == name && !exists(name)
	if byName {
		p, err := openProject(nil, "", "")
		if usage := (usageError{}); errors.As(err, &usage) {
			return nil, usagef("there is no file %s, and no %s that lists a catalog of that vendor; name the catalog's file", name, configName)
		}
		if err != nil {
			return nil, err
		}
		files = p.catalogs
	}
	programs, problems, err := load(files)
	if err != nil {
		return nil, err
	}
	if problems.Err() != nil { // warnings are lint's business
		return nil, t.report(problems)
	}
	if !byName {
		return programs[0], nil
	}
	var known []string
	for _, p := range programs {
		if p.Vendor == name {
			return p, nil
		}
		known = append(known, p.Vendor)
	}
	return nil, usagef("%s lists no catalog of the vendor %q; %s", configName, name, spec.Suggest(name, known))
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// distinct returns the files in their order, each once.
func distinct(files []string) []string {
	var once []string
	for _, file := range files {
		if file = filepath.Clean(file); !slices.Contains(once, file) {
			once = append(once, file)
		}
	}
	return once
}

// readFile reads a file that the user named.
func readFile(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usagef("there is no file %s", file)
	case err != nil:
		return nil, clear(err)
	case info.IsDir():
		return nil, usagef("%s is a folder; name the catalog file in it", file)
	}
	return readSome(file)
}

// readSome reads a file, but no more of it than is needed to tell that it is
// larger than any catalog may be: it may be endless.
func readSome(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, clear(err)
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, spec.MaxBytes+1))
	if err != nil {
		return nil, clear(err)
	}
	return src, nil
}

// clear turns an error of the file system into one line that names the file.
func clear(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}

// importable is what the go command allows in an import path.
var importable = regexp.MustCompile(`^[A-Za-z0-9._~+-]+(/[A-Za-z0-9._~+-]+)*$`)

// importPath is the import path of a folder: that of its module, which the
// go.mod in it or above it names, and the way from there.
func importPath(folder string) (string, error) {
	abs, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	for dir := abs; ; dir = filepath.Dir(dir) {
		src, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil {
			module := modulePath(string(src))
			if module == "" {
				return "", fmt.Errorf("%s has no module line", filepath.Join(dir, "go.mod"))
			}
			rel, err := filepath.Rel(dir, abs)
			if err != nil {
				return "", err
			}
			importPath := path.Join(module, filepath.ToSlash(rel))
			if !importable.MatchString(importPath) {
				return "", fmt.Errorf("the folder %s would have the import path %q, which Go does not allow; choose another one", folder, importPath)
			}
			return importPath, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod in %s or above, so the generated packages would have no import path; run go mod init first", folder)
		}
	}
}

// modulePath is the path in the module line of a go.mod, or "".
func modulePath(gomod string) string {
	inside := false
	for line := range strings.Lines(gomod) {
		line, _, _ = strings.Cut(line, "//")
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "module"); ok && rest != "" && strings.ContainsAny(rest[:1], " \t\"`(") {
			line, inside = strings.TrimSpace(rest), true
		}
		if inside && line != "" && line != "(" {
			return strings.Trim(line, "\"`")
		}
	}
	return ""
}
