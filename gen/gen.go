// Package gen turns catalogs into files: typed Go, and Markdown for people.
//
// It is pure: programs in, files out as bytes in memory, the same bytes for
// the same catalogs whatever the machine, the order and the number of
// processors. Package disk below it is the one place where files are written.
package gen

import (
	"cmp"
	"fmt"
	"path"
	"runtime"
	"slices"
	"sync"

	"github.com/errgen/errgen/spec"
)

// Options say where the generated files will live. The zero value is not
// usable: Import is needed.
type Options struct {
	Import  string // import path of the folder that holds the generated packages
	Apierr  string // import path of an apierr that is generated elsewhere; empty: it is generated too
	DocsURL string // where the docs are published, an https URL or a path; empty: nowhere
}

// apierr is the import path of the support package.
func (o Options) apierr() string { return cmp.Or(o.Apierr, path.Join(o.Import, "apierr")) }

// A File is one generated file.
type File struct {
	Path string // with slashes, relative to the folder of its kind
	Data []byte
}

// An Output is all that a set of catalogs generates, each kind of file in the
// order of its paths.
type Output struct {
	Go   []File // relative to the folder that [Options.Import] names
	Docs []File // relative to the folder of the docs
}

// Generate generates everything for the programs, which must be of different
// vendors. It uses all processors and returns the first error by vendor name,
// and then no files.
func Generate(programs []*spec.Program, opt Options) (Output, error) {
	programs = slices.SortedFunc(slices.Values(programs), func(a, b *spec.Program) int { return cmp.Compare(a.Vendor, b.Vendor) })
	outputs := make([]Output, len(programs))
	errs := make([]error, len(programs))
	var wg sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, p := range programs {
		free <- struct{}{}
		wg.Go(func() {
			outputs[i], errs[i] = vendor(p, opt)
			<-free
		})
	}
	wg.Wait()
	var all Output
	for i, err := range errs {
		if err != nil {
			return Output{}, fmt.Errorf("%s: %w", programs[i].File, err)
		}
		all.Go = append(all.Go, outputs[i].Go...)
		all.Docs = append(all.Docs, outputs[i].Docs...)
	}
	index, err := indexPage(programs, opt)
	if err != nil {
		return Output{}, err
	}
	all.Docs = append(all.Docs, File{"README.md", index})
	if opt.Apierr == "" {
		support, err := supportFiles()
		if err != nil {
			return Output{}, err
		}
		all.Go = append(all.Go, support...)
	}
	byPath := func(a, b File) int { return cmp.Compare(a.Path, b.Path) }
	slices.SortFunc(all.Go, byPath)
	slices.SortFunc(all.Docs, byPath)
	return all, nil
}

// vendor generates the files of one vendor.
func vendor(p *spec.Program, opt Options) (Output, error) {
	g := &generator{p: p, opt: opt, apierr: opt.apierr()}
	var out Output
	for _, part := range []struct {
		path string
		make func() *file
	}{
		{p.Vendor + "/" + p.Vendor + ".go", g.codes},
		{p.Vendor + "/details.go", g.details},
		{p.Vendor + "/tables.go", g.tables},
		{p.Vendor + "/tables_test.go", g.valid},
		{p.Vendor + "/" + p.Vendor + "_test.go", g.test},
		{p.Vendor + "/" + p.Vendor + "test/" + p.Vendor + "test.go", g.examples},
	} {
		f := part.make()
		if f == nil {
			continue
		}
		data, err := f.render(p.File)
		if err != nil {
			return Output{}, fmt.Errorf("%s: %w", part.path, err)
		}
		out.Go = append(out.Go, File{part.path, data})
	}
	page, err := vendorPage(p, opt)
	if err != nil {
		return Output{}, err
	}
	out.Docs = []File{{p.Vendor + ".md", page}}
	return out, nil
}
