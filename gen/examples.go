package gen

import (
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/dave/jennifer/jen"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates"
	"github.com/errgen/errgen/templates/apierr"
	"github.com/errgen/errgen/templates/apierr/apierrtest"
)

// examples makes the package of ready responses.
func (g *generator) examples() *file {
	vendor := g.p.Vendor
	f := g.newFile(g.tests(), vendor+"test")
	f.PackageComment(commentText(
		paragraph(fmt.Sprintf("Package %stest has the examples of the %s catalog as ready responses, for tests of code that handles its errors.", vendor, vendor)),
		codeLines("srv := httptest.NewServer("+vendor+"test.Handler("+vendor+"."+g.p.Parts[0].Name+"))"),
	))
	code := jen.Id("code").Qual(g.pkg(), "Code")
	response := jen.Op("*").Qual("net/http", "Response")

	f.Add(comment("Response returns a response that decodes to the code, or nil when the catalog has no example of it. Each call returns a new one."))
	f.Func().Id("Response").Params(code).Add(response).Block(
		jen.Return(jen.Qual(g.testing(), "Find").Call(jen.Id("examples"), jen.String().Call(jen.Id("code"))).Dot("Response").Call()))
	f.Line()
	f.Add(comment("Handler returns a handler that answers every request with a response that decodes to the code. It answers 501 when the catalog has no example of it."))
	f.Func().Id("Handler").Params(code.Clone()).Qual("net/http", "Handler").Block(
		jen.Return(jen.Qual(g.testing(), "Find").Call(jen.Id("examples"), jen.String().Call(jen.Id("code")))))
	f.Line()
	f.Add(comment("Examples returns all examples, in the catalog's order."))
	f.Func().Id("Examples").Params().Index().Add(jen.Qual(g.testing(), "Example")).Block(
		jen.Return(jen.Qual("slices", "Clone").Call(jen.Id("examples"))))
	f.Line()
	var items []jen.Code
	for i := range g.p.Parts {
		for j := range g.p.Parts[i].Entry.Examples {
			items = append(items, g.example(&g.p.Parts[i], &g.p.Parts[i].Entry.Examples[j]))
		}
	}
	f.Var().Id("examples").Op("=").Index().Add(jen.Qual(g.testing(), "Example")).Add(block(items...))
	return f
}

func (g *generator) example(part *spec.Part, ex *spec.Example) jen.Code {
	r := apierrtest.Example{Status: ex.Status, Header: headerFields(ex.Header()), Body: ex.Body}
	if ex.Has("now") || g.dated(ex) {
		r.Now = ex.Instant().UTC().Format(time.RFC3339Nano)
	}
	// Decoded as the generated test will see it, with the date of now.
	got := g.p.Tables.Decode(r.Status, r.Response().Header, []byte(r.Body), ex.Instant())
	f := fields{pair("Entry", jen.Lit(part.Name))}
	f.add("Name", text(ex.Name))
	f.add("Status", jen.Lit(r.Status))
	f.add("Header", texts(r.Header))
	f.add("Body", rawText(r.Body))
	f.add("Now", text(r.Now))
	f.add("Message", text(got.Message))
	f.add("Wait", duration(got.RetryAfter))
	f.add("Items", g.exampleItems(got.Items()))
	return f.block()
}

// exampleItems are the errors in the body of an example.
func (g *generator) exampleItems(items []apierr.Item) jen.Code {
	if len(items) == 0 {
		return nil
	}
	list := make([]jen.Code, len(items))
	for i, item := range items {
		var f fields
		f.add("Code", text(item.Code))
		f.add("Field", text(item.Field))
		f.add("Message", text(item.Message))
		list[i] = f.inline()
	}
	return jen.Index().Qual(g.testing(), "Item").Add(block(list...))
}

// sameItems is the part of the test that compares items, where the vendor sends
// any.
func (g *generator) sameItems() jen.Code {
	if len(g.p.Tables.Items) == 0 {
		return jen.Null()
	}
	return jen.If(jen.Op("!").Qual("slices", "EqualFunc").Call(jen.Id("e").Dot("Items").Call(), jen.Id("ex").Dot("Items"),
		jen.Func().Params(jen.Id("got").Add(g.support("Item")), jen.Id("want").Qual(g.testing(), "Item")).Bool().Block(
			jen.Return(jen.Qual(g.testing(), "Item").Call(jen.Id("got")).Op("==").Id("want"))))).Block(
		jen.Id("t").Dot("Errorf").Call(jen.Lit("got items %+v\nwant items %+v"), jen.Id("e").Dot("Items").Call(), jen.Id("ex").Dot("Items")))
}

// dated reports whether the wait that an example asks for depends on the day.
func (g *generator) dated(ex *spec.Example) bool {
	wait := func(now time.Time) time.Duration {
		return g.p.Tables.Decode(ex.Status, ex.Header(), []byte(ex.Body), now).RetryAfter
	}
	return wait(ex.Instant()) != wait(ex.Instant().AddDate(1, 0, 0))
}

// headerFields are the names and values of a header in turn, sorted by name.
func headerFields(h http.Header) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			out = append(out, name, value)
		}
	}
	return out
}

// test makes the test that every example decodes to its entry.
func (g *generator) test() *file {
	vendor := g.p.Vendor
	f := g.newFile(g.pkg()+"_test", vendor+"_test")
	t := jen.Id("t").Op("*").Qual("testing", "T")
	f.Add(comment("TestExamples shows that the examples of the catalog decode to what the catalog says."))
	f.Func().Id("TestExamples").Params(t).Block(
		jen.For(jen.List(jen.Id("_"), jen.Id("ex")).Op(":=").Range().Qual(g.tests(), "Examples").Call()).Block(
			jen.Id("t").Dot("Run").Call(jen.Id("ex").Dot("String").Call(), jen.Func().Params(t).Block(
				jen.Id("err").Op(":=").Qual(g.opt.Import+"/"+vendor, "Check").Call(jen.Id("ex").Dot("Response").Call()),
				jen.Var().Id("e").Op("*").Add(g.support("Error")),
				jen.If(jen.Op("!").Qual("errors", "As").Call(jen.Id("err"), jen.Op("&").Id("e"))).Block(
					jen.Id("t").Dot("Fatalf").Call(jen.Lit("Check returned %v"), jen.Id("err"))),
				jen.If(jen.Id("e").Dot("Entry").Call().Op("!=").Id("ex").Dot("Entry").Op("||").
					Id("e").Dot("Message").Op("!=").Id("ex").Dot("Message").Op("||").
					Id("e").Dot("RetryAfter").Op("!=").Id("ex").Dot("Wait")).Block(
					jen.Id("t").Dot("Errorf").Call(jen.Lit("got entry %s, message %q, wait %s\nwant entry %s, message %q, wait %s"),
						jen.Line().Id("e").Dot("Entry").Call(), jen.Id("e").Dot("Message"), jen.Id("e").Dot("RetryAfter"),
						jen.Id("ex").Dot("Entry"), jen.Id("ex").Dot("Message"), jen.Id("ex").Dot("Wait"))),
				g.sameItems(),
			)),
		),
	)
	return f
}

// valid makes the test that the tables fit together. It is in the package
// itself, which alone sees them.
func (g *generator) valid() *file {
	f := g.newFile(g.pkg(), g.p.Vendor)
	f.Add(comment("TestTables shows that the catalog's tables fit together."))
	f.Func().Id("TestTables").Params(jen.Id("t").Op("*").Qual("testing", "T")).Block(
		jen.If(jen.Id("err").Op(":=").Id("catalog").Dot("Valid").Call(), jen.Id("err").Op("!=").Nil()).Block(
			jen.Id("t").Dot("Error").Call(jen.Id("err"))))
	return f
}

// supportFiles are the files of the support package, as they are but marked as
// generated.
func supportFiles() ([]File, error) {
	var files []File
	err := fs.WalkDir(templates.Support, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := fs.ReadFile(templates.Support, path)
		if err != nil {
			return err
		}
		files = append(files, File{path, append([]byte(marker+"\n\n"), data...)})
		return nil
	})
	return files, err
}
