package spec

import "fmt"

// Load reads a catalog, checks it by every rule and compiles it. The file name
// is used in problems only. The program is nil when a problem keeps the
// catalog from being used; warnings do not. Load never panics, whatever src
// holds, and src is not retained.
func Load(file string, src []byte) (*Program, Problems) {
	r := newReader(file, src)
	root := r.parseYAML(src)
	if root == nil {
		return nil, r.problems.Sort()
	}
	c := &Catalog{File: file}
	if !catalogShape.read(r, root, c) {
		return nil, r.problems.Sort()
	}
	l := &linter{reader: r, c: c}
	for _, rule := range Rules {
		if rule.model != nil {
			rule.model(l, rule.ID)
		}
	}
	if r.problems.Err() != nil {
		return nil, r.problems.Sort()
	}
	p := compile(c)
	p.bind()
	l.p = p
	for _, rule := range Rules {
		if rule.program != nil {
			rule.program(l, rule.ID)
		}
	}
	if r.problems.Err() != nil {
		return nil, r.problems.Sort()
	}
	return p, r.problems.Sort()
}

// DuplicateVendor is the problem of a catalog whose vendor another file has.
func (p *Program) DuplicateVendor(first string) Problem {
	return Problem{
		File: p.File, Pos: p.At("vendor"), Rule: "duplicate-vendor",
		Text: fmt.Sprintf("the vendor %q is also that of %s", p.Vendor, first),
		Mend: "name one of the two otherwise",
	}
}
