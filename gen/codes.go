package gen

import (
	"fmt"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates/apierr"
)

// A generator makes the Go files of one vendor.
type generator struct {
	p      *spec.Program
	opt    Options
	apierr string // import path
}

// pkg is the import path of the vendor's package, tests that of the package of
// ready responses, testing that of what those have in common.
func (g *generator) pkg() string     { return g.opt.Import + "/" + g.p.Vendor }
func (g *generator) tests() string   { return g.pkg() + "/" + g.p.Vendor + "test" }
func (g *generator) testing() string { return g.apierr + "/apierrtest" }

// newFile begins a file of the package with the import path and the name.
func (g *generator) newFile(importPath, name string) *file {
	f := &file{jen.NewFilePathName(importPath, name)}
	f.ImportName(g.apierr, "apierr")
	f.ImportName(g.testing(), "apierrtest")
	f.ImportName(g.pkg(), g.p.Vendor)
	f.ImportName(g.tests(), g.p.Vendor+"test")
	return f
}

// support refers to a declaration of the support package.
func (g *generator) support(name string) *jen.Statement { return jen.Qual(g.apierr, name) }

// codes makes the file with what users of the package call.
func (g *generator) codes() *file {
	f := g.newFile(g.pkg(), g.p.Vendor)
	f.PackageComment(g.packageComment())
	f.Add(comment("A Code names one error of the catalog. It is an error, so that it can be the target of [errors.Is]; its methods tell what the catalog knows of it. The zero value names none."))
	f.Type().Id("Code").String()
	f.Line()
	f.Comment("The errors of the catalog, in its order.")
	f.Const().DefsFunc(func(group *jen.Group) {
		for i := range g.p.Parts {
			if i > 0 {
				group.Line()
			}
			group.Add(g.constComment(&g.p.Parts[i]))
			group.Id(g.p.Parts[i].Name).Id("Code").Op("=").Lit(g.p.Parts[i].Name)
		}
	})
	g.functions(f)
	g.methods(f)
	return f
}

// packageComment is the manual of the package.
func (g *generator) packageComment() string {
	return commentText(
		paragraph(fmt.Sprintf("Package %s knows the errors of %s: typed constants and details, and what to do about each.", g.p.Vendor, g.p.Title)),
		codeLines(
			"if err := "+g.p.Vendor+".Check(resp); err != nil {",
			"\tif errors.Is(err, "+g.p.Vendor+"."+g.p.Parts[0].Name+") { … }",
			"}",
		),
		paragraph("The facts are from "+sourceText(&g.p.Source)),
	)
}

// sourceText names a source in a sentence.
func sourceText(s *spec.Source) string {
	text := strconv.Quote(s.Document)
	if s.Section != "" {
		text += ", " + s.Section
	}
	if s.URL != "" {
		text += " (" + s.URL + ")"
	}
	if s.Checked != "" {
		text += ", checked on " + s.Checked
	}
	return text
}

// constComment tells of an entry what a reader of the code must know.
func (g *generator) constComment(part *spec.Part) jen.Code {
	t := g.table(part)
	wire := t.Code
	if wire == "" {
		wire = "no code"
	}
	for i, s := range t.Status {
		if i == 0 {
			wire += ","
		}
		wire += " " + strconv.Itoa(s)
	}
	parts := [][]string{
		paragraph(fmt.Sprintf("%s (%s): %s", part.Name, wire, part.Entry.Meaning)),
		paragraph(part.Entry.Action),
		paragraph(outcomeText(t.Outcome)),
	}
	if part.Entry.Deprecated != "" {
		parts = append(parts, deprecated(part.Entry.Deprecated))
	}
	return jen.Comment(commentText(parts...))
}

// outcomeText is an outcome in a sentence.
func outcomeText(o apierr.Outcome) string {
	if o == (apierr.Outcome{}) {
		return "Class and retry as its status has them."
	}
	return fmt.Sprintf("Class %s, retry %s.", o.Class.String(), retryText(o))
}

// retryText is a retry rule in a few words.
func retryText(o apierr.Outcome) string {
	if o.Retry == apierr.Backoff && o.Repeat == apierr.RepeatIdempotent {
		return "backoff for idempotent requests"
	}
	return o.Retry.String()
}

// table is the compiled entry of a part.
func (g *generator) table(part *spec.Part) *apierr.Entry {
	for i := range g.p.Parts {
		if &g.p.Parts[i] == part {
			return &g.p.Tables.Entries[i]
		}
	}
	return nil
}

// functions makes the functions of the package.
func (g *generator) functions(f *file) {
	request := []jen.Code{jen.Id("resp").Op("*").Qual("net/http", "Response")}
	header := jen.Id("header").Qual("net/http", "Header")
	now := jen.Id("now").Qual("time", "Time")

	f.Add(comment("Check returns nil when the response is no error, and an [apierr.Error] otherwise. It reads the body of an error, up to " + g.bodyLimit() + ", and puts it back."))
	f.Func().Id("Check").Params(request...).Error().Block(jen.Return(jen.Id("catalog").Dot("Check").Call(jen.Id("resp"))))
	f.Line()

	f.Add(comment("Decode returns the error that a response is, for callers without an [http.Response]; it takes it for one whatever its status. Waits count from now."))
	f.Func().Id("Decode").Params(jen.Id("status").Int(), header, jen.Id("body").Index().Byte(), now).Op("*").Add(g.support("Error")).Block(
		jen.Return(jen.Id("catalog").Dot("Decode").Call(jen.Id("status"), jen.Id("header"), jen.Id("body"), jen.Id("now"))))
	f.Line()

	f.Add(comment("CodeOf returns the code of an error of this vendor, for a switch. It is \"\" for an error that no entry of the catalog claims, and for any other error."))
	f.Func().Id("CodeOf").Params(jen.Id("err").Error()).Id("Code").Block(
		jen.Return(jen.Id("Code").Call(jen.Id("catalog").Dot("EntryOf").Call(jen.Id("err")))))
	f.Line()

	f.Add(comment("Codes returns all codes, in the catalog's order."))
	f.Func().Id("Codes").Params().Index().Id("Code").Block(
		jen.Id("codes").Op(":=").Make(jen.Index().Id("Code"), jen.Len(jen.Id("catalog").Dot("Entries"))),
		jen.For(jen.Id("i").Op(":=").Range().Id("codes")).Block(
			jen.Id("codes").Index(jen.Id("i")).Op("=").Id("Code").Call(jen.Id("catalog").Dot("Entries").Index(jen.Id("i")).Dot("Name"))),
		jen.Return(jen.Id("codes")))
	f.Line()

	f.Add(comment("Policy returns the vendor's retry policy, to use as it is or to change."))
	f.Func().Id("Policy").Params().Add(g.support("Policy")).Block(jen.Return(jen.Id("catalog").Dot("Policy").Call()))
	f.Line()

	if len(g.p.Tables.Items) > 0 {
		f.Add(comment("Items returns the failed items of a response that is no error itself. It reads the body, up to " + g.bodyLimit() + ", and puts it back."))
		f.Func().Id("Items").Params(request...).Index().Add(g.support("Item")).Block(jen.Return(jen.Id("catalog").Dot("SuccessItems").Call(jen.Id("resp"))))
		f.Line()
	}

	if len(g.p.Tables.Limits) > 0 {
		f.Add(comment("RateLimits returns the state of the vendor's rate limits as the header of any response tells it, a success as well. A reset counts from now."))
		f.Func().Id("RateLimits").Params(header, now).Index().Add(g.support("RateLimit")).Block(
			jen.Return(jen.Id("catalog").Dot("RateLimits").Call(jen.Id("header"), jen.Id("now"))))
		f.Line()
	}
}

// bodyLimit says how much of an error's body is read.
func (g *generator) bodyLimit() string {
	if n := g.p.Tables.MaxBody; n > 0 {
		return sizeWords(n)
	}
	return "[apierr.MaxBody]"
}

// methods makes the methods of Code, all of which look into the table.
func (g *generator) methods(f *file) {
	entry := jen.Id("c").Dot("entry").Call()
	for _, m := range []struct {
		name, doc string
		result    jen.Code
		value     *jen.Statement
	}{
		{"Error", "Error returns the vendor's and the entry's name.", jen.String(), jen.Lit(g.p.Vendor + ": ").Op("+").String().Call(jen.Id("c"))},
		{"Wire", "Wire returns the code as the vendor sends it, or \"\" when it sends none. One that ends in * stands for all that begin so.", jen.String(), entry.Clone().Dot("Code")},
		{"Status", "Status returns the documented statuses.", jen.Index().Int(), jen.Qual("slices", "Clone").Call(entry.Clone().Dot("Status"))},
		{"Class", "Class returns what happened, in the words used for every vendor.", g.support("Class"), entry.Clone().Dot("Outcome").Dot("Class")},
		{"Retry", "Retry returns what to do about the error.", g.support("Retry"), entry.Clone().Dot("Outcome").Dot("Retry")},
		{"Repeat", "Repeat returns which requests may be sent again.", g.support("Repeat"), entry.Clone().Dot("Outcome").Dot("Repeat")},
		{"Meaning", "Meaning returns what happened, in a sentence.", jen.String(), entry.Clone().Dot("Meaning")},
		{"Action", "Action returns what to do, in a sentence, or \"\".", jen.String(), entry.Clone().Dot("Action")},
		{"DocsURL", "DocsURL returns a link to the entry in the reference, or \"\" when the docs are published nowhere.", jen.String(), jen.Id("catalog").Dot("Link").Call(jen.String().Call(jen.Id("c")))},
	} {
		f.Add(comment(m.doc))
		f.Func().Params(jen.Id("c").Id("Code")).Id(m.name).Params().Add(m.result).Block(jen.Return(m.value))
		f.Line()
	}
	f.Add(comment("UserMessage returns the text for the people who use the program, in the language (a BCP 47 tag) or the closest there is, or \"\"."))
	f.Func().Params(jen.Id("c").Id("Code")).Id("UserMessage").Params(jen.Id("lang").String()).String().Block(
		jen.Return(jen.Id("catalog").Dot("UserMessage").Call(jen.String().Call(jen.Id("c")), jen.Id("lang"))))
	f.Line()
	f.Add(comment("Is reports whether target is the class of the error."))
	f.Func().Params(jen.Id("c").Id("Code")).Id("Is").Params(jen.Id("target").Error()).Bool().Block(
		jen.Return(jen.Id("catalog").Dot("EntryIs").Call(jen.String().Call(jen.Id("c")), jen.Id("target"))))
	f.Line()
	f.Add(comment("CatalogEntry returns what [apierr.Error.Is] compares."))
	f.Func().Params(jen.Id("c").Id("Code")).Id("CatalogEntry").Params().Params(jen.List(jen.Id("vendor"), jen.Id("entry")).String()).Block(
		jen.Return(jen.Id("catalog").Dot("Vendor"), jen.String().Call(jen.Id("c"))))
	f.Line()
	f.Func().Params(jen.Id("c").Id("Code")).Id("entry").Params().Add(g.support("Entry")).Block(
		jen.List(jen.Id("entry"), jen.Id("_")).Op(":=").Id("catalog").Dot("Entry").Call(jen.String().Call(jen.Id("c"))),
		jen.Return(jen.Id("entry")))
}
