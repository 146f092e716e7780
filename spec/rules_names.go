package spec

import (
	"fmt"
	"maps"
)

// reservedNames are what generated packages declare themselves, in their tests
// as well, and what they may yet.
var reservedNames = []string{
	"Check", "Code", "CodeOf", "Codes", "Decode", "Details", "Error", "Items", "Policy", "RateLimits", "TestTables", "Title",
}

func checkNamed(l *linter, id string) {
	for i := range l.c.Errors {
		if e := &l.c.Errors[i]; e.GoName() == "" && (e.Has("code") || e.Has("when")) && !e.Failed("code", "name") {
			l.report(e.Pos, id, fmt.Sprintf("no Go name can be made for %s", e.title()), "add name: with an exported Go name")
		}
	}
	l.c.eachDetail(func(d *Detail) {
		if d.GoName() == "" && !d.Failed("name") {
			l.report(d.Pos, id, fmt.Sprintf("no Go name can be made of %q", d.Wire), "add name: with an exported Go name")
		}
	})
}

// checkNames finds whatever would be declared twice in the generated package.
func checkNames(l *linter, id string) {
	taken := map[string]string{}
	for _, name := range reservedNames {
		taken[name] = "a declaration in every package"
	}
	claim := func(name string, at Pos, what string) {
		if name == "" {
			return
		}
		if first, ok := taken[name]; ok {
			l.report(at, id, fmt.Sprintf("the Go name %s of %s is also that of %s", name, what, first), "give one of them a name: of its own")
			return
		}
		taken[name] = fmt.Sprintf("%s in line %d", what, at.Line)
	}
	for i := range l.c.Errors {
		if e := &l.c.Errors[i]; l.c.duplicate(i) == nil {
			claim(e.GoName(), e.At(e.nameKey()), e.title())
		}
	}
	l.structs(l.c.Details, "Details", claim)
	for i := range l.c.Errors {
		if e := &l.c.Errors[i]; len(e.Details) > 0 && l.c.duplicate(i) == nil {
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
		case d.GoName() == "": // a problem of its own
		case d.Type == TypeList && len(d.Of) > 0:
			claim(owner+d.GoName()+"Item", d.Pos, fmt.Sprintf("the elements of %q", d.Wire))
		case d.Type == TypeObject:
			claim(owner+d.GoName(), d.Pos, fmt.Sprintf("the detail %q", d.Wire))
		}
		l.structs(d.Of, owner+d.GoName(), claim)
	}
}

// anchors finds names, present and past, that would share a link.
func (l *linter) anchors(id string) {
	taken := map[string]string{} // names by link
	claim := func(name string, at Pos, mend string) {
		link := anchor(name)
		switch first, ok := taken[link]; {
		case name == "":
		case !ok:
			taken[link] = name
		case first == name:
			l.report(at, id, fmt.Sprintf("%s is already the name of an entry, or was one", name), mend)
		default:
			l.report(at, id, fmt.Sprintf("%s and %s share the link #%s", name, first, link), mend)
		}
	}
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		if name := e.GoName(); taken[anchor(name)] != name { // the same name twice is reported as such
			claim(name, e.At(e.nameKey()), "give one of them a name: of its own")
		}
	}
	for i := range l.c.Errors {
		for _, name := range l.c.Errors[i].RenamedFrom {
			claim(name, l.c.Errors[i].At("renamed_from"), "remove it from renamed_from")
		}
	}
}

// fields finds details that would share a field of their struct, or hide its
// methods.
func (l *linter) fields(id string) {
	check := func(details []Detail, outer map[string]string) {
		seen := map[string]string{}
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
	inner := map[string]string{}
	l.c.eachDetail(func(d *Detail) {
		if d.Sensitive { // keeps its struct, and those around it, from being printed
			inner["Format"] = "the method Format"
		}
	})
	methods := maps.Clone(inner)
	methods["Error"], methods["Unwrap"] = "the method Error", "the method Unwrap"
	check(l.c.Details, methods)
	common := maps.Clone(methods)
	common["Details"] = "the details of every error"
	for i := range l.c.Details {
		common[l.c.Details[i].GoName()] = fmt.Sprintf("the detail %q of every error", l.c.Details[i].Wire)
	}
	for i := range l.c.Errors {
		check(l.c.Errors[i].Details, common)
	}
	l.c.eachDetail(func(d *Detail) { check(d.Of, inner) })
}

// title names an entry in a message.
func (e *Entry) title() string {
	switch {
	case e.Code != "" && e.Name != "":
		return fmt.Sprintf("%s (code %q)", e.Name, e.Code)
	case e.Code != "":
		return fmt.Sprintf("code %q", e.Code)
	case e.Name != "":
		return "entry " + e.Name
	}
	return "this entry"
}

// nameKey is the key that the entry's Go name comes from.
func (e *Entry) nameKey() string {
	if e.Has("name") {
		return "name"
	}
	return "code"
}
