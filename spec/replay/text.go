package replay

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates/apierr"
)

// A Style turns text into what a terminal shows in some way; the zero value
// leaves it as it is.
type Style struct {
	Strong func(string) string // what to see first
	Good   func(string) string // would be sent again
	Bad    func(string) string // would not
	Faint  func(string) string // labels
}

func paint(f func(string) string, s string) string {
	if f == nil {
		return s
	}
	return f(s)
}

// WriteText writes the report for people. Text of the response is cleaned of
// control characters, so that it cannot steer the terminal.
func (r Report) WriteText(w io.Writer, vendor string, style Style) error {
	p := printer{w: w, style: style}
	p.head(r)
	if !r.IsError {
		p.items(r.Items)
		return p.err
	}
	if r.Entry != nil {
		p.row("entry", paint(style.Strong, vendor+"."+*r.Entry))
	} else {
		p.row("entry", "none claims it; its status decides")
		p.row("body", clean(r.Hidden))
	}
	p.optional("code", r.Code)
	p.optional("class", r.Class)
	p.row("meaning", clean(r.meaning))
	p.row("to do", clean(r.action))
	if r.Message != nil {
		p.row("message", quoted(*r.Message))
	}
	p.optional("request id", r.RequestID)
	label := "details"
	for _, d := range r.Details {
		if _, bad := d.Value.(spec.Unreadable); !bad {
			p.row(label, clean(d.Name)+"  "+shown(d.Value))
			label = ""
		}
	}
	label = "unreadable"
	for _, d := range r.unreadable {
		bad := d.Value.(spec.Unreadable)
		p.row(label, fmt.Sprintf("%s  %s is %s, and so zero", clean(d.Name), clean(string(bad.JSON)), bad))
		label = ""
	}
	p.items(r.Items)
	p.row("retry", r.retryText())
	if r.WaitMS != nil {
		p.row("server wait", fmt.Sprintf("%s, until %s", spec.Span(r.err.RetryAfter), r.err.RetryAt().UTC().Format(time.RFC3339)))
	}
	p.row("decision", p.decision(r))
	return p.err
}

type printer struct {
	w     io.Writer
	style Style
	err   error
}

func (p *printer) head(r Report) {
	title := strings.TrimSpace(strconv.Itoa(r.response.Status) + " " + http.StatusText(r.response.Status))
	if !r.IsError {
		title += ": no error"
	}
	if r.Name != "" {
		title += "  " + paint(p.style.Faint, clean(r.Name))
	}
	p.line(paint(p.style.Strong, title))
}

func (p *printer) line(s string) {
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.w, s)
	}
}

// row writes a label and its text, or nothing when there is no text.
func (p *printer) row(label, text string) {
	if text != "" {
		p.line("  " + paint(p.style.Faint, fmt.Sprintf("%-12s", label)) + text)
	}
}

func (p *printer) optional(label string, text *string) {
	if text != nil {
		p.row(label, clean(*text))
	}
}

// shownItems is how many items are shown to people.
const shownItems = 20

// items writes a line for each item.
func (p *printer) items(items []Item) {
	label := "items"
	for i, item := range items {
		if i == shownItems {
			p.row(label, fmt.Sprintf("… and %d more, as --format json shows them", len(items)-i))
			return
		}
		p.row(label, item.text())
		label = ""
	}
}

// text is the item in one line: its code, what it is about, and its message.
func (i Item) text() string {
	text := "-"
	if i.Code != "" {
		text = clip(i.Code, 60)
	}
	if i.Field != "" {
		text += "  " + clip(i.Field, 60)
	}
	if i.Message != "" {
		text += "  “" + clip(i.Message, 120) + "”"
	}
	return text
}

func (r Report) retryText() string {
	switch r.Retryable {
	case true:
		return *r.Retry
	case false:
		switch r.err.Retry {
		case apierr.WaitReset:
			return *r.Retry + ", but the response does not say until when"
		case apierr.Reconcile:
			return *r.Retry + ", not by sending it again"
		}
		return *r.Retry
	}
	return *r.Retry + ", only idempotent requests"
}

func (p *printer) decision(r Report) string {
	d := r.Decision
	why := d.Reason
	if r.response.Method != "" && d.Action == "retry" {
		why += "; for a " + clean(r.response.Method)
	}
	reason := paint(p.style.Faint, " ("+why+")")
	switch d.Action {
	case "retry":
		return paint(p.style.Good, "retry after "+spec.Span(time.Duration(d.DelayMS)*time.Millisecond)) + reason
	case "refresh_once":
		return paint(p.style.Good, "refresh the credentials, then send it once more") + reason
	}
	return paint(p.style.Bad, d.Action) + reason
}

// clean drops what is not printed, and shortens what is too long to read.
func clean(s string) string { return clip(s, 300) }

// clip is clean for a text of at most so many characters.
func clip(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}

func quoted(s string) string { return "“" + clean(s) + "”" }

// shown is a detail's value as people read it.
func shown(v any) string {
	b, err := spec.Values{{Name: "v", Value: v}}.MarshalJSON()
	if err != nil {
		return clean(fmt.Sprint(v))
	}
	text := strings.TrimSuffix(strings.TrimPrefix(string(b), `{"v":`), "}")
	if s, err := strconv.Unquote(text); err == nil {
		return clean(s)
	}
	return clean(text)
}
