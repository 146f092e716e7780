package gen

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates/apierr"
)

// sample shows an example as it comes over the wire, and what it decodes to.
func (d *docs) sample(part *spec.Part, ex *spec.Example) sampleView {
	title := markdown("Sample")
	if ex.Name != "" {
		title += " (" + prose(ex.Name) + ")"
	}
	if at := received(ex); at != "" {
		title += ", " + markdown(at)
	}
	v := sampleView{Title: title + ":", Response: codeBlock("http", wire(ex))}
	if text := d.decoded(part, ex); text != "" {
		v.Decoded = codeBlock("go", text)
	}
	return v
}

// shownSample reports whether there is something to see in an example.
func shownSample(ex *spec.Example) bool { return ex.Body != "" || len(ex.Headers) > 0 }

// received says when an example was received, or nothing when that does not matter.
func received(ex *spec.Example) string {
	if !ex.Has("now") {
		return ""
	}
	return "received at " + ex.Now.UTC().Format(time.RFC3339)
}

// wire is an example as it comes over the wire, a JSON body with one value a line.
func wire(ex *spec.Example) string {
	var b strings.Builder
	b.WriteString("HTTP/1.1 " + statusName(ex.Status) + "\n")
	listed := false
	for _, h := range ex.Headers {
		for _, value := range h.Values {
			b.WriteString(h.Name + ": " + oneLine(value) + "\n")
		}
		listed = listed || strings.EqualFold(h.Name, "Content-Type")
	}
	if media := ex.Header().Get("Content-Type"); media != "" && !listed {
		b.WriteString("Content-Type: " + media + "\n")
	}
	if ex.Body != "" {
		b.WriteString("\n" + indented(ex.Body))
	}
	return b.String()
}

// indented is a body with one value a line when it is JSON, and as it is when
// it is not.
func indented(body string) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(body), "", "  "); err != nil {
		return body
	}
	return b.String()
}

// decoded is the wait and the details that a program finds in the decoded example,
// a line each.
func (d *docs) decoded(part *spec.Part, ex *spec.Example) string {
	e := d.Tables.Decode(ex.Status, ex.Header(), []byte(ex.Body), ex.Instant())
	var found []finding
	if !e.RetryAt().IsZero() {
		found = append(found, finding{"e.RetryAfter", e.RetryAfter.String()})
	}
	if values, ok := e.Details.(*spec.Values); ok && values != nil {
		found = findings(found, "details", *values, slices.Concat(d.Common, part.Fields))
	}
	if len(found) == 0 {
		return ""
	}
	width := 0
	for _, f := range found {
		width = max(width, len(f.field))
	}
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%-*s // %s\n", width, f.field, f.value)
	}
	return b.String()
}

// A finding is a Go field and its value.
type finding struct{ field, value string }

// findings adds the values of fields, those within objects and lists one by
// one.
func findings(found []finding, owner string, values spec.Values, fields []spec.Field) []finding {
	for i := range fields {
		f := &fields[i]
		value, ok := values.Get(f.Wire)
		if !ok {
			continue
		}
		name := owner + "." + f.GoName
		switch value := value.(type) {
		case spec.Values:
			found = findings(found, name, value, f.Fields)
		case []any:
			for j, element := range value {
				at := fmt.Sprintf("%s[%d]", name, j)
				if object, ok := element.(spec.Values); ok {
					found = findings(found, at, object, f.Fields)
				} else {
					found = append(found, finding{at, valueWords(element)})
				}
			}
		default:
			found = append(found, finding{name, valueWords(value)})
		}
	}
	return found
}

func valueWords(value any) string {
	switch value := value.(type) {
	case string:
		return strconv.Quote(value)
	case time.Time:
		return value.Format(time.RFC3339Nano)
	case json.RawMessage:
		return oneLine(string(value))
	case apierr.Texts:
		if text, err := value.MarshalJSON(); err == nil {
			return string(text)
		}
	case nil:
		return "null"
	}
	return fmt.Sprint(value)
}
