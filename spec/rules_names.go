package spec

import "fmt"

// reservedNames are what every generated package declares itself.
var reservedNames = []string{"Check", "Code", "CodeOf", "Codes", "Decode", "Details", "Error", "Policy", "RateLimits", "Title"}

func checkNamed(l *linter, id string) {
	for i := range l.c.Errors {
		if e := &l.c.Errors[i]; e.GoName() == "" && (e.Has("code") || e.Has("when")) {
			l.report(e.Pos, id, fmt.Sprintf("no Go name can be made for %s", e.title()), "add name: with an exported Go name")
		}
	}
	l.c.eachDetail(func(d *Detail) {
		if d.GoName() == "" {
			l.report(d.Pos, id, fmt.Sprintf("no Go name can be made of %q", d.Wire), "add name: with an exported Go name")
		}
	})
}

// checkNames finds whatever would be declared twice in the generated package.
func checkNames(l *linter, id string) {
	taken := map[string]string{}
	for _, name := range reservedNames {
		taken[name] = "what every package declares"
	}
	claim := func(name string, at Pos, what string) {
		if name == "" {
			return
		}
		if first, ok := taken[name]; ok {
			l.report(at, id, fmt.Sprintf("the Go name %s of %s is also that of %s", name, what, first), "give one of them a name: of its own")
			return
		}
		taken[name] = what
	}
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		claim(e.GoName(), e.At(e.nameKey()), e.title())
	}
	l.structs(l.c.Details, "Details", claim)
	for i := range l.c.Errors {
		if e := &l.c.Errors[i]; len(e.Details) > 0 {
			claim(e.GoName()+"Details", e.At("details"), "the details of "+e.title())
			l.structs(e.Details, e.GoName(), claim)
		}
	}
	l.anchors(id)
	l.fields(id)
}

// structs claims the names of the structs made for lists and objects.
func (l *linter) structs(details []Detail, owner string, claim func(string, Pos, string)) {
	for i := range details {
		d := &details[i]
		switch {
		case d.Type == TypeList && len(d.Of) > 0:
			claim(owner+d.GoName()+"Item", d.Pos, fmt.Sprintf("the elements of %q", d.Wire))
		case d.Type == TypeObject:
			claim(owner+d.GoName(), d.Pos, fmt.Sprintf("the detail %q", d.Wire))
		}
		l.structs(d.Of, owner+d.GoName(), claim)
	}
}

// anchors finds entries that would share a link.
func (l *linter) anchors(id string) {
	taken := map[string]string{}
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		for j, name := range append([]string{e.GoName()}, e.RenamedFrom...) {
			at := e.At(e.nameKey())
			if j > 0 {
				at = e.At("renamed_from")
			}
			link := anchor(name)
			if first, ok := taken[link]; ok && link != "" && first != name {
				l.report(at, id, fmt.Sprintf("%s and %s share the link #%s", name, first, link), "give one of them a name: of its own")
			} else if ok && j > 0 {
				l.report(at, id, fmt.Sprintf("%s is the name of another entry", name), "remove it from renamed_from")
			}
			taken[link] = name
		}
	}
}

// fields finds details that would share a field of their struct, or hide its
// methods.
func (l *linter) fields(id string) {
	check := func(details []Detail, outer map[string]string) {
		seen := map[string]string{"Error": "the method Error", "Unwrap": "the method Unwrap"}
		for name, what := range outer {
			seen[name] = what
		}
		for i := range details {
			d := &details[i]
			if first, ok := seen[d.GoName()]; ok && d.GoName() != "" {
				l.report(d.Pos, id, fmt.Sprintf("the field %s of the detail %q is also that of %s", d.GoName(), d.Wire, first), "give one of them a name: of its own")
			}
			seen[d.GoName()] = fmt.Sprintf("the detail %q", d.Wire)
		}
	}
	check(l.c.Details, nil)
	common := map[string]string{"Details": "the details of every error"}
	for i := range l.c.Details {
		common[l.c.Details[i].GoName()] = fmt.Sprintf("the detail %q of every error", l.c.Details[i].Wire)
	}
	for i := range l.c.Errors {
		check(l.c.Errors[i].Details, common)
	}
	l.c.eachDetail(func(d *Detail) { check(d.Of, nil) })
}

// title names an entry in a message.
func (e *Entry) title() string {
	switch {
	case e.Code != "":
		return fmt.Sprintf("code %q", e.Code)
	case e.Name != "":
		return "entry " + e.Name
	}
	return "an entry without code and name"
}

// nameKey is the key that the entry's Go name comes from.
func (e *Entry) nameKey() string {
	if e.Has("name") {
		return "name"
	}
	return "code"
}
