package gen

import (
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates/apierr"
)

// details makes the file with the typed details, or nil when there are none.
func (g *generator) details() *file {
	f := g.newFile(g.pkg(), g.p.Vendor)
	empty := true
	if common := g.p.Common; len(common) > 0 {
		empty = false
		g.detailsType(f, "Details", fmt.Sprintf("Details are what every error of %s has.", g.p.Title), common, false)
	}
	for i := range g.p.Parts {
		part := &g.p.Parts[i]
		if len(part.Fields) == 0 {
			continue
		}
		empty = false
		name := part.Name + "Details"
		g.detailsType(f, name, fmt.Sprintf("%s are the details of [%s].", name, part.Name), part.Fields, len(g.p.Common) > 0)
	}
	if empty {
		return nil
	}
	g.build(f)
	return f
}

// detailsType makes a struct of details that [errors.As] can find, and the
// function that builds an Error with it.
func (g *generator) detailsType(f *file, name, doc string, fields []spec.Field, embed bool) {
	f.Add(comment(doc, "[errors.As] finds a pointer to it in an error of this vendor. A field is zero when the response has nothing for it."))
	f.Type().Id(name).StructFunc(func(group *jen.Group) {
		if embed {
			group.Id("Details")
			group.Line()
		}
		g.structFields(group, fields, false)
	})
	f.Line()
	f.Add(comment("Error makes the details a possible target of [errors.As]."))
	f.Func().Params(jen.Op("*").Id(name)).Id("Error").Params().String().Block(
		jen.Return(jen.Lit(g.p.Vendor + ": " + name)))
	f.Line()
	if embed {
		f.Add(comment("Unwrap leads to what every error has."))
		f.Func().Params(jen.Id("d").Op("*").Id(name)).Id("Unwrap").Params().Error().Block(jen.Return(jen.Op("&").Id("d").Dot("Details")))
		f.Line()
	}
	if hasSensitive(fields) || embed && hasSensitive(g.p.Common) {
		g.format(f, name)
	}
	g.fill(f, name, fields, embed)
	g.inner(f, fields, false)
}

func hasSensitive(fields []spec.Field) bool {
	return slices.ContainsFunc(fields, func(f spec.Field) bool { return f.Sensitive })
}

// format makes the method that keeps sensitive fields out of what package fmt
// prints, as their tags keep them out of JSON. It is one of the value, so that
// it holds for a copy as well.
func (g *generator) format(f *file, name string) {
	f.Add(comment("Format writes the name alone for every verb, as some of the details are sensitive."))
	f.Func().Params(jen.Id(name)).Id("Format").Params(jen.Id("f").Qual("fmt", "State"), jen.Id("_").Rune()).Block(
		jen.List(jen.Id("_"), jen.Id("_")).Op("=").Qual("io", "WriteString").Call(jen.Id("f"), jen.Lit(g.p.Vendor+": "+name)))
	f.Line()
}

// structFields makes the fields of a struct, each with its name on the wire.
// What is within something sensitive is so, too.
func (g *generator) structFields(group *jen.Group, fields []spec.Field, within bool) {
	for i := range fields {
		d := &fields[i]
		text := d.Wire
		if d.Header != "" {
			text = "header " + d.Header
		}
		if d.Meaning != "" {
			text += ": " + d.Meaning
		}
		field := group.Id(d.GoName).Add(g.goType(d))
		if d.Sensitive || within {
			text += " (sensitive: not for logs)"
			field.Tag(map[string]string{"json": "-"})
		}
		field.Add(lineComment(text))
	}
}

// goType is the Go type of a detail.
func (g *generator) goType(f *spec.Field) *jen.Statement {
	switch {
	case f.Type == spec.TypeList && len(f.Fields) > 0:
		return jen.Index().Id(f.GoType)
	case f.Type == spec.TypeList:
		return jen.Index().Add(g.scalarType(f.OfType))
	case f.Type == spec.TypeObject:
		return jen.Id(f.GoType)
	}
	return g.scalarType(f.Type)
}

func (g *generator) scalarType(t spec.Type) *jen.Statement {
	if t == spec.TypeTexts {
		return g.support("Texts")
	}
	return scalars[t].goType()
}

// scalars are the types of details that hold one value: the Go type of each,
// and the method of Captures that reads it.
var scalars = map[spec.Type]struct {
	goType func() *jen.Statement
	method string
}{
	spec.TypeString:   {func() *jen.Statement { return jen.String() }, "String"},
	spec.TypeInt:      {func() *jen.Statement { return jen.Int64() }, "Int"},
	spec.TypeNumber:   {func() *jen.Statement { return jen.Float64() }, "Float"},
	spec.TypeBool:     {func() *jen.Statement { return jen.Bool() }, "Bool"},
	spec.TypeDuration: {func() *jen.Statement { return jen.Qual("time", "Duration") }, "Duration"},
	spec.TypeTime:     {func() *jen.Statement { return jen.Qual("time", "Time") }, "Time"},
	spec.TypeTexts:    {nil, "Texts"},
	spec.TypeAny:      {func() *jen.Statement { return jen.Qual("encoding/json", "RawMessage") }, "JSON"},
}

// fill makes the method that reads a struct's fields from a response.
func (g *generator) fill(f *file, name string, fields []spec.Field, embed bool) {
	f.Func().Params(jen.Id("d").Op("*").Id(name)).Id("fill").Params(jen.Id("c").Add(g.support("Captures"))).BlockFunc(func(group *jen.Group) {
		if embed {
			group.Id("d").Dot("Details").Dot("fill").Call(jen.Id("c"))
		}
		for i := range fields {
			g.fillField(group, &fields[i])
		}
	})
	f.Line()
}

func (g *generator) fillField(group *jen.Group, f *spec.Field) {
	target := jen.Id("d").Dot(f.GoName)
	switch {
	case f.Type == spec.TypeObject:
		group.If(jen.Id("c").Dot("Has").Call(g.names(f.At)...)).Block(jen.Add(target).Dot("fill").Call(jen.Id("c")))
	case len(f.Each) > 0:
		group.Add(g.fillList(target, f, 0))
	case f.Split != "":
		group.Add(target).Op("=").Id("c").Dot("Split").Call(append([]jen.Code{jen.Lit(f.Split)}, g.names(f.At)...)...)
	case f.Type == spec.TypeList:
		group.Add(target).Op("=").Id("c").Dot("Strings").Call(g.names(f.At)...)
	default:
		group.Add(target).Op("=").Add(g.read("c", f.Type, f, f.At...))
	}
}

// fillList reads the list at the first of its places that is present, from the
// nth on.
func (g *generator) fillList(target *jen.Statement, f *spec.Field, n int) *jen.Statement {
	each := jen.Id(g.p.Places[f.Each[n]])
	element := target.Clone().Index(jen.Id("i"))
	read := element.Clone().Dot("fill").Call(jen.Id("row"))
	if len(f.Fields) == 0 {
		read = element.Clone().Op("=").Add(g.read("row", f.OfType, f, f.Each[n]))
	}
	list := jen.If(jen.Id("c").Dot("Has").Call(jen.Id(g.p.Places[f.At[n]]))).Block(
		target.Clone().Op("=").Make(g.goType(f), jen.Id("c").Dot("Len").Call(each.Clone())),
		jen.For(jen.List(jen.Id("i"), jen.Id("row")).Op(":=").Range().Id("c").Dot("Rows").Call(each.Clone())).Block(read),
	)
	if n+1 < len(f.Each) {
		list.Else().Add(g.fillList(target, f, n+1))
	}
	return list
}

// names are the constants of places.
func (g *generator) names(ats []apierr.At) []jen.Code {
	names := make([]jen.Code, len(ats))
	for i, at := range ats {
		names[i] = g.at(at)
	}
	return names
}

// read is the expression that reads one value.
func (g *generator) read(from string, t spec.Type, f *spec.Field, at ...apierr.At) *jen.Statement {
	args := g.names(at)
	if t == spec.TypeDuration || t == spec.TypeTime {
		args = append([]jen.Code{g.support(unitNames[f.Unit])}, args...)
	}
	return jen.Id(from).Dot(scalars[t].method).Call(args...)
}

// build makes the function that the table calls for an error with details.
func (g *generator) build(f *file) {
	d := jen.Id("D")
	f.Add(comment("build makes an error and its details together."))
	f.Func().Id("build").Types(
		jen.Id("D").Any(),
		jen.Id("P").Interface(jen.Op("*").Id("D"), jen.Error(), jen.Id("fill").Params(g.support("Captures"))),
	).Params(jen.Id("c").Add(g.support("Captures"))).Op("*").Add(g.support("Error")).Block(
		jen.Id("x").Op(":=").Add(g.support("Allocate")).Index(jen.Struct(
			jen.Id("err").Add(g.support("Error")),
			jen.Id("details").Add(d),
		)).Call(jen.Id("c")),
		jen.Id("details").Op(":=").Id("P").Call(jen.Op("&").Id("x").Dot("details")),
		jen.Id("details").Dot("fill").Call(jen.Id("c")),
		jen.Id("x").Dot("err").Dot("Details").Op("=").Id("details"),
		jen.Return(jen.Op("&").Id("x").Dot("err")),
	)
}

// inner makes the structs of objects and of lists' elements.
func (g *generator) inner(f *file, fields []spec.Field, within bool) {
	for i := range fields {
		d := &fields[i]
		if len(d.Fields) == 0 {
			continue
		}
		what := "is the detail " + d.Wire
		if d.Type == spec.TypeList {
			what = "is an element of the detail " + d.Wire
		}
		sensitive := d.Sensitive || within
		f.Add(comment(fmt.Sprintf("%s %s.", d.GoType, what)))
		f.Type().Id(d.GoType).StructFunc(func(group *jen.Group) { g.structFields(group, d.Fields, sensitive) })
		f.Line()
		if sensitive || hasSensitive(d.Fields) {
			g.format(f, d.GoType)
		}
		g.fill(f, d.GoType, d.Fields, false)
		g.inner(f, d.Fields, sensitive)
	}
}
