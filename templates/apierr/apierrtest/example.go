// Package apierrtest holds what the generated packages of ready responses have
// in common. Production code does not import it.
package apierrtest

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// An Example is a response of a vendor and what it decodes to.
type Example struct {
	Entry  string   // Go name of the catalog entry
	Name   string   // what the example shows; may be empty
	Status int      // HTTP status
	Header []string // names and values in turn
	Body   string   // the body to the last byte

	// Now is when the response was received, in RFC 3339, or empty when that
	// does not matter. The responses made of the example bear it as their
	// Date, so that instants in them mean the same on every day.
	Now string

	Message string        // the vendor's message
	Wait    time.Duration // what the server asks for; zero when nothing
	Items   []Item        // the errors in the body, where the vendor sends several
}

// An Item is one of several errors in one body, with the fields of apierr.Item.
type Item struct {
	Code    string
	Field   string
	Message string
}

// Find returns the first example of an entry. It returns nil when there is
// none; the methods of a nil Example say so.
func Find(examples []Example, entry string) *Example {
	for i := range examples {
		if examples[i].Entry == entry {
			return &examples[i]
		}
	}
	return nil
}

// String returns the entry and what the example shows.
func (e *Example) String() string {
	if e == nil {
		return "no example"
	}
	if e.Name == "" {
		return e.Entry
	}
	return e.Entry + ": " + e.Name
}

// Response returns a new response, or nil for a nil Example. Closing its body
// is allowed but not needed.
func (e *Example) Response() *http.Response {
	if e == nil {
		return nil
	}
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)),
		StatusCode:    e.Status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        e.header(),
		Body:          io.NopCloser(strings.NewReader(e.Body)),
		ContentLength: int64(len(e.Body)),
	}
}

// ServeHTTP answers with the example, whatever the request is. A nil Example
// answers 501 Not Implemented.
func (e *Example) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if e == nil {
		http.Error(w, "the catalog has no example of this entry", http.StatusNotImplemented)
		return
	}
	for name, values := range e.header() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(e.Body)))
	w.WriteHeader(e.Status)
	// The client may have gone; there is nobody left to tell.
	_, _ = io.WriteString(w, e.Body)
}

func (e *Example) header() http.Header {
	h := http.Header{}
	for i := 0; i+1 < len(e.Header); i += 2 {
		h.Add(e.Header[i], e.Header[i+1])
	}
	if now, err := time.Parse(time.RFC3339Nano, e.Now); err == nil && h.Get("Date") == "" {
		h.Set("Date", now.UTC().Format(http.TimeFormat))
	}
	return h
}
