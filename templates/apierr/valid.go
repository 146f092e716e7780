package apierr

import (
	"fmt"
	"slices"
)

// A PlaceError says what is wrong with one place of a [Catalog].
type PlaceError struct {
	At  At // index in [Catalog.Places]
	Err error
}

// Error returns one line with the index and the cause.
func (e *PlaceError) Error() string { return fmt.Sprintf("place %d: %v", e.At, e.Err) }

// Unwrap returns the cause, a [*PathError] for a path that cannot be parsed.
func (e *PlaceError) Unwrap() error { return e.Err }

// Valid returns nil when the catalog's tables fit together: every place is a
// path, a header or a join, exactly one of them; the paths compile; no place
// leans on itself, by Join or When, or on more than four others in a row; and
// every At is the index of a place. Otherwise it returns the first thing that
// is wrong, as a [*PlaceError] where it is a place.
//
// Decoding does not ask: places that are wrong have no values. What errgen
// generates is valid.
func (c *Catalog) Valid() error {
	v := validator{c, make([]int, len(c.Places))}
	for i := 1; i < len(c.Places); i++ {
		if err := v.place(At(i)); err != nil {
			return &PlaceError{At(i), err}
		}
	}
	if _, err := newPlan(c.Places, c.Format); err != nil {
		return err
	}
	return v.tables()
}

// validator looks at the places of a catalog, each once.
type validator struct {
	c      *Catalog
	nested []int // by At: how many places lean on each other there, plus 1; 0: not looked at, -1: being looked at
}

// place checks one place, and those that it leans on.
func (v *validator) place(at At) error {
	p := &v.c.Places[at]
	kinds := 0
	for _, given := range []bool{p.Path != "", p.Header != "", p.Join != nil} {
		if given {
			kinds++
		}
	}
	if kinds != 1 {
		return fmt.Errorf("it is given in %d ways: it needs one of Path, Header and Join", kinds)
	}
	if p.Path != "" {
		if _, err := ParsePath(p.Path); err != nil {
			return err
		}
	}
	_, err := v.depth(at)
	return err
}

// depth returns how many places a place leans on in a row.
func (v *validator) depth(at At) (int, error) {
	switch n := v.nested[at]; {
	case n < 0:
		return 0, fmt.Errorf("it leans on itself")
	case n > 0:
		return n - 1, nil
	}
	v.nested[at] = -1
	p := &v.c.Places[at]
	leans := slices.Concat(p.Join, tested(p.When))
	if err := v.known(leans); err != nil {
		return 0, err
	}
	depth := 0
	if len(p.Join) > 0 || len(p.When) > 0 {
		depth = 1
	}
	for _, on := range leans {
		n, err := v.depth(on)
		if err != nil {
			return 0, err
		}
		depth = max(depth, n+1)
	}
	if depth > maxNested {
		return 0, fmt.Errorf("it leans on %d places in a row: at most %d", depth, maxNested)
	}
	v.nested[at] = depth + 1
	return depth, nil
}

// known returns an error unless each At is the index of a place.
func (v *validator) known(ats []At) error {
	for _, at := range ats {
		if at == 0 || int(at) >= len(v.c.Places) {
			return fmt.Errorf("there is no place %d", at)
		}
	}
	return nil
}

// tables checks what names places.
func (v *validator) tables() error {
	c := v.c
	ats := slices.Concat(c.Code, c.Message, c.RequestID, tested(c.FailWhen), sources(&c.Delay))
	for _, i := range c.Items {
		ats = slices.Concat(ats, []At{i.Each}, i.Code, i.Field, i.Message)
	}
	for _, r := range c.Refine {
		ats = slices.Concat(ats, []At{r.Each}, r.Code)
	}
	for _, r := range c.Rules {
		ats = append(ats, sources(r.Delay)...)
	}
	for _, e := range c.Entries {
		ats = slices.Concat(ats, tested(e.When), sources(e.Delay))
	}
	for _, w := range c.Limits {
		for _, at := range []At{w.Limit, w.Remaining, w.Used, w.Reset} {
			if at != 0 {
				ats = append(ats, at)
			}
		}
	}
	return v.known(ats)
}

// tested returns the places that conditions look at.
func tested(alternatives []Match) []At {
	var ats []At
	for _, conds := range alternatives {
		for _, cond := range conds {
			if cond.Status == nil && cond.Media == nil {
				ats = append(ats, cond.At)
			}
		}
	}
	return ats
}

// sources returns the places of a delay, which may be nil.
func sources(d *Delay) []At {
	if d == nil {
		return nil
	}
	ats := make([]At, len(d.Sources))
	for i, s := range d.Sources {
		ats[i] = s.At
	}
	return ats
}
