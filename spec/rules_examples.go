package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/errgen/errgen/templates/apierr"
)

// exampleNow stands for the present in examples that do not say when they were
// received, so that they decode to the same on every day.
var exampleNow = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Instant is when the example was received: its now, or a fixed day.
func (e *Example) Instant() time.Time {
	if e.Has("now") {
		return e.Now
	}
	return exampleNow
}

// Header is the example's header, with the media type of the catalog's format
// where none is given and there is a body.
func (e *Example) Header() http.Header {
	h := http.Header{}
	for _, header := range e.Headers {
		for _, v := range header.Values {
			h.Add(header.Name, v)
		}
	}
	if h.Get("Content-Type") == "" && e.Body != "" {
		h.Set("Content-Type", e.media)
	}
	return h
}

// eachExample calls f for each example with its entry and what it decodes to.
func (l *linter) eachExample(f func(i int, ex *Example, got *apierr.Error)) {
	if l.decoded == nil && !l.tooMuch {
		l.decode()
	}
	for i, all := range l.decoded {
		for j, got := range all {
			f(i, &l.c.Errors[i].Examples[j], got)
		}
	}
}

// decode decodes all examples, for all rules.
func (l *linter) decode() {
	l.decoded = make([][]*apierr.Error, len(l.c.Errors))
	for i := range l.c.Errors {
		for _, ex := range l.c.Errors[i].Examples {
			l.decoded[i] = append(l.decoded[i], l.p.Tables.Decode(ex.Status, ex.Header(), []byte(ex.Body), ex.Instant()))
		}
	}
}

func checkExampleEntry(l *linter, id string) {
	l.eachExample(func(i int, ex *Example, got *apierr.Error) {
		want := l.p.Parts[i].Name
		if !l.p.Tables.IsError(ex.Status, ex.Header(), []byte(ex.Body)) {
			l.report(ex.At("status"), id, fmt.Sprintf("this response with the status %d is no error", ex.Status), "give the status of the error, 400 or above, or say in fail_when: which others are errors")
			return
		}
		if got.Entry() == want {
			return
		}
		landed := "no entry"
		if got.Entry() != "" {
			landed = "the entry " + got.Entry()
		}
		mend := "mend the example, or give the entries conditions that tell such responses apart"
		switch code := l.c.Errors[i].Code; {
		case code == "":
		case l.p.Tables.Format == apierr.JSON && ex.Body != "" && !json.Valid([]byte(ex.Body)):
			mend = "its body is not valid JSON: mend it"
		case got.Code == "":
			mend = fmt.Sprintf("no code was found in it: mend the body, or the envelope, which looks at %s", l.looks(l.p.Tables.Code, ", then "))
		case got.Entry() == "" && got.Code != code:
			mend = fmt.Sprintf("its code is %q: mend the body, or the envelope's place for codes", clip(got.Code))
		}
		l.report(ex.Pos, id, fmt.Sprintf("this example of %s decodes to %s", want, landed), mend)
	})
}

// looks names places in a message.
func (l *linter) looks(ats []apierr.At, between string) string {
	var out []string
	for _, at := range ats {
		switch p := l.p.Tables.Places[at]; {
		case p.Header != "":
			out = append(out, headerPart(&p)+"the header "+p.Header)
		case p.Path != "":
			out = append(out, p.Path)
		default:
			out = append(out, l.looks(p.Join, " with "))
		}
	}
	return strings.Join(out, between)
}

// headerPart names the part of a header that a place is, in front of the header.
func headerPart(p *apierr.Place) string {
	text := ""
	if p.Param != "" {
		text = "the parameter " + p.Param + " in "
	}
	if p.Item != "" {
		text += fmt.Sprintf("the item %q in ", clip(p.Item))
	}
	if p.Key != "" {
		text += "the key " + p.Key + " in "
	}
	return text
}

// checkExampleReadable finds details that an example has and that would be
// zero in a program all the same.
func checkExampleReadable(l *linter, id string) {
	l.eachExample(func(i int, ex *Example, got *apierr.Error) {
		if got.Entry() != l.p.Parts[i].Name {
			return
		}
		for _, d := range details(got).Unreadable() {
			bad := d.Value.(Unreadable)
			l.report(ex.Pos, id, fmt.Sprintf("the detail %q is %s, which is %s", clip(d.Name), clip(oneLine(bad.JSON)), bad), "mend the body, or the type, the unit or the place of the detail")
		}
	})
}

// oneLine is a JSON text without blanks between its parts.
func oneLine(raw json.RawMessage) string {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return string(raw)
	}
	return b.String()
}

// checkExampleDetails finds declared details that no example shows, where an
// entry has examples at all that decode to it.
func checkExampleDetails(l *linter, id string) {
	shown := make([]map[string]bool, len(l.c.Errors)) // by entry; nil for one without examples
	common := map[string]bool{}
	l.eachExample(func(i int, _ *Example, got *apierr.Error) {
		show(common, "", details(got))
		if got.Entry() != l.p.Parts[i].Name {
			return // which is another rule's business
		}
		if shown[i] == nil {
			shown[i] = map[string]bool{}
		}
		show(shown[i], "", details(got))
	})
	for i, has := range shown {
		if has != nil {
			l.missing(l.c.Errors[i].Details, l.p.Parts[i].Fields, has, "", id)
		}
	}
	if slices.ContainsFunc(shown, func(has map[string]bool) bool { return has != nil }) {
		l.missing(l.c.Details, l.p.Common, common, "", id)
	}
}

// inner parts the name of a detail from those of its own details.
const inner = "\x00"

// show adds to has the names of all details in v.
func show(has map[string]bool, prefix string, v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			show(has, prefix, e)
		}
	case Values:
		for _, d := range v {
			has[prefix+d.Name] = true
			show(has, prefix+d.Name+inner, d.Value)
		}
	}
}

// missing reports the details that has does not name. Fields are what the details
// were compiled to.
func (l *linter) missing(details []Detail, fields []Field, has map[string]bool, prefix, id string) {
	for i := range details {
		d := &details[i]
		if !has[prefix+d.Wire] {
			l.report(d.Pos, id, fmt.Sprintf("no example has the detail %q, at %s", d.Wire, l.looks(fields[i].At, ", else ")),
				"add it to an example, or mend its place")
			continue
		}
		l.missing(d.Of, fields[i].Fields, has, prefix+d.Wire+inner, id)
	}
}

// checkExampleStatus finds entries with a status that none of their examples
// has: the entry's class comes from it, so that a slip there would go unseen.
func checkExampleStatus(l *linter, id string) {
	for i := range l.c.Errors {
		e := &l.c.Errors[i]
		shown := slices.ContainsFunc(e.Examples, func(ex Example) bool { return slices.Contains(e.Status, ex.Status) })
		if e.Has("status") && len(e.Examples) > 0 && !shown {
			l.report(e.At("status"), id, fmt.Sprintf("no example of %s has the status %d; the first has %d", e.title(), e.Status[0], e.Examples[0].Status), "mend the status, or add an example")
		}
	}
}
