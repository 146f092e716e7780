package apierr

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

// An Error is one error response of a vendor's API. It is the one concrete
// type for all vendors:
//
//	var e *apierr.Error
//	if errors.As(err, &e) { … }
//
// It matches entry constants and classes with [errors.Is], and unwraps to the
// typed details of its entry, which [errors.As] finds by their own type.
//
// Error, String forms, JSON and slog output hold only what is safe to log:
// none of Message, Header, Body and the details. An Error is immutable by
// convention and safe for concurrent use.
//
// What most responses say are fields. What few do and what the catalog says are
// methods, so that the many errors of a bad time are small; and so an Error with an
// entry comes from a decode alone, or from the examples of a <vendor>test package.
//
// Errors that come in a row are allocated four at a time, and short bodies are
// copied to where others are: of bodies up to 4 KiB, an Error that is kept for long
// may keep three others with all that they hold, their headers included, and a KiB
// of text.
type Error struct {
	Code    string `json:"-"` // code as the vendor sent it; empty when it sent none
	Status  int    // HTTP status
	Outcome        // Class, Retry and Repeat

	// Truncated tells that the body was longer than the catalog's limit, and
	// only the status and the headers are decoded, or that it broke off, and
	// what had come is.
	Truncated bool

	untilNanos int32 // see [Error.RetryAt]
	untilUnix  int64

	// Message is the vendor's own text. It may hold anything, in any
	// language, and is not meant for matching.
	Message string `json:"-"`

	// RequestID is what the vendor's support asks for; empty when not sent.
	RequestID string `json:"-"`

	// RetryAfter is how long the server asks to wait; it counts from the
	// decode. It is zero when the server asked for nothing, or for no time, and
	// when the error is not to be retried.
	RetryAfter time.Duration `json:"-"`

	Header http.Header `json:"-"` // of the response, not copied
	Body   string      `json:"-"` // the first 4 KiB of the body as they came

	// Details is a pointer to the typed details of the entry, or nil.
	// [errors.As] finds it as well.
	Details error `json:"-"`

	items *[]Item   // nil for none
	claim *claimant // what the catalog says of the error; nil when none decoded it
}

// Vendor returns the package name of the vendor, "forlena". It is empty for an
// Error that no catalog decoded.
func (e *Error) Vendor() string {
	if e == nil || e.claim == nil {
		return ""
	}
	return e.claim.catalog.Vendor
}

// Entry returns the Go name of the catalog's entry, "RateLimited". It is empty
// when no entry claims the error.
func (e *Error) Entry() string {
	if e == nil || e.claim == nil {
		return ""
	}
	return e.claim.Name
}

// Items returns the several errors in one body, of vendors that send such; nil when
// there are none.
func (e *Error) Items() []Item {
	if e == nil || e.items == nil {
		return nil
	}
	return *e.items
}

// hold sets the items. Only where there are some does it take memory for them.
func (e *Error) hold(items []Item) {
	if items != nil {
		held := items
		e.items = &held
	}
}

// RetryAt returns the instant, by the local clock, until which the server asks to
// wait: RetryAfter, counted from the decode. It has no monotonic reading. It is zero
// when the server asked for nothing or the error is not to be retried.
func (e *Error) RetryAt() time.Time {
	if e == nil || e.untilNanos == 0 {
		return time.Time{}
	}
	return time.Unix(e.untilUnix, int64(e.untilNanos)-1)
}

// waits sets for how long the server asks to wait from now on, which is not below
// zero. In an Error without such a wish, untilNanos is zero; otherwise it is one more
// than the nanoseconds after untilUnix, which may be more than a second.
func (e *Error) waits(wait time.Duration, now time.Time) {
	e.RetryAfter = wait
	e.untilUnix = now.Unix() + int64(wait/time.Second)
	e.untilNanos = int32(now.Nanosecond()+int(wait%time.Second)) + 1
}

// Error returns one short line that is safe to log: vendor, entry, status,
// code and the catalog's own words for the error, never the vendor's text.
func (e *Error) Error() string {
	if e == nil {
		return "<nil>"
	}
	b := make([]byte, 0, 96)
	b = append(b, e.Vendor()...)
	b = append(b, ": "...)
	if e.Entry() != "" {
		b = append(b, e.Entry()...)
	} else {
		b = append(b, e.Class.String()...)
	}
	b = append(b, " ("...)
	b = strconv.AppendInt(b, int64(e.Status), 10)
	if code := e.safeCode(); code != "" {
		b = append(b, ' ')
		b = append(b, code...)
	}
	b = append(b, ')')
	if e.claim != nil && e.claim.Meaning != "" {
		b = append(b, ": "...)
		b = append(b, e.claim.Meaning...)
	} else if text := http.StatusText(e.Status); text != "" && e.Entry() == "" {
		b = append(b, ": "...)
		b = append(b, text...)
	}
	return string(b)
}

// safeCode returns the code if it may be printed: when the catalog lists it,
// or when it looks like a code.
func (e *Error) safeCode() string {
	if e.claim != nil && e.claim.Code == e.Code {
		return e.Code
	}
	return codeText(e.Code)
}

// Format writes the same as Error for every verb, so that none prints fields
// that may hold secrets. It is a method of the value, so that it holds for a
// copy of an Error as well, as the tags of the fields do for JSON; a nil *Error
// is <nil> to package fmt.
func (e Error) Format(f fmt.State, verb rune) {
	formatText(f, verb, e.Error())
}

// formatText writes a text that is the same for every verb but %q.
func formatText(f fmt.State, verb rune, text string) {
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	// A State that cannot be written to has nobody to be told.
	_, _ = io.WriteString(f, text)
}

// Is reports whether target is a class that e has or an entry constant that e
// was decoded to. Targets are recognised by their methods, so those of another
// generated copy of this package match as well.
func (e *Error) Is(target error) bool {
	if e == nil {
		return false
	}
	switch t := target.(type) {
	case interface{ ErrorClass() string }:
		return t.ErrorClass() == e.Class.String()
	case interface{ CatalogEntry() (vendor, entry string) }:
		vendor, entry := t.CatalogEntry()
		return entry == e.Entry() && entry != "" && vendor == e.Vendor()
	}
	return false
}

// Unwrap returns the typed details, or nil.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Details
}

// UserMessage returns the catalog's text for the people who use the program,
// in the given language (a BCP 47 tag), else in the closest of its parents
// ("pt" for "pt-BR"), else in the first language the catalog has. It is empty
// when the catalog has no such text.
func (e *Error) UserMessage(lang string) string {
	if e == nil || e.claim == nil {
		return ""
	}
	return e.claim.catalog.UserMessage(e.Entry(), lang)
}

// DocsURL returns a link to the entry's section in the generated reference,
// or "" when no entry claims the error or the docs are published nowhere.
func (e *Error) DocsURL() string {
	if e == nil || e.claim == nil {
		return ""
	}
	return e.claim.catalog.Link(e.Entry())
}

// MarshalJSON writes the fields that are safe to log.
func (e *Error) MarshalJSON() ([]byte, error) {
	if e == nil {
		return []byte("null"), nil
	}
	var at string
	if !e.RetryAt().IsZero() {
		at = e.RetryAt().UTC().Format(time.RFC3339Nano)
	}
	return json.Marshal(struct {
		Vendor    string `json:"vendor"`
		Entry     string `json:"entry,omitempty"`
		Code      string `json:"code,omitempty"`
		Status    int    `json:"status"`
		Class     string `json:"class"`
		Retry     string `json:"retry"`
		RetryAt   string `json:"retry_at,omitempty"`
		RequestID string `json:"request_id,omitempty"`
	}{e.Vendor(), e.Entry(), e.safeCode(), e.Status, e.Class.String(), e.Retry.String(), at, identifier(e.RequestID)})
}

// LogValue returns the fields that are safe to log, as a group.
func (e *Error) LogValue() slog.Value {
	if e == nil {
		return slog.Value{}
	}
	attrs := make([]slog.Attr, 0, 8)
	attrs = append(attrs, slog.String("vendor", e.Vendor()))
	if e.Entry() != "" {
		attrs = append(attrs, slog.String("entry", e.Entry()))
	}
	if code := e.safeCode(); code != "" {
		attrs = append(attrs, slog.String("code", code))
	}
	attrs = append(attrs, slog.Int("status", e.Status),
		slog.String("class", e.Class.String()), slog.String("retry", e.Retry.String()))
	if !e.RetryAt().IsZero() {
		attrs = append(attrs, slog.Time("retry_at", e.RetryAt().UTC()))
	}
	if id := identifier(e.RequestID); id != "" {
		attrs = append(attrs, slog.String("request_id", id))
	}
	return slog.GroupValue(attrs...)
}
