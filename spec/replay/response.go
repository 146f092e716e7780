// Package replay runs recorded responses through a catalog and reports what
// each decodes to and what would be done about it: the core of errgen decode.
//
// Responses are read as they are recorded: as printed by curl -i, or as JSON
// Lines. Everything here is pure: bytes in, reports out.
package replay

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Response is one recorded response, with what is known of its request.
type Response struct {
	Name   string
	Status int
	Header http.Header
	Body   []byte
	Method string    // of the request; empty when not recorded
	Now    time.Time // when it was received: as recorded, else what curl -i has in Date, else the present
}

// Limits of what is read: one line of JSON Lines, and one raw response.
const maxResponse = 16 << 20

// Read returns the responses in r, which holds either JSON Lines, one response
// a line, or one raw HTTP response as curl -i prints it. now stands for the
// present. An error ends the sequence; it names the line at fault.
func Read(r io.Reader, now time.Time) iter.Seq2[Response, error] {
	return func(yield func(Response, error) bool) {
		b := bufio.NewReaderSize(r, 64<<10)
		first, n, err := firstByte(b)
		switch {
		case errors.Is(err, io.EOF):
			yield(Response{}, errors.New("no response: the input is empty; give what curl -i prints, or JSON Lines"))
		case err != nil:
			yield(Response{}, err)
		case first == '{':
			readLines(b, n, now, yield)
		default:
			yield(readRaw(b, n, now))
		}
	}
}

// firstByte returns the first byte that is no white space, without taking it,
// and its line. A byte order mark is passed over.
func firstByte(b *bufio.Reader) (first byte, line int, err error) {
	switch mark, err := b.Peek(3); {
	case err != nil && !errors.Is(err, io.EOF):
		return 0, 0, err
	case string(mark) == "\ufeff":
		if _, err := b.Discard(3); err != nil {
			return 0, 0, err
		}
	}
	for line = 1; ; {
		c, err := b.ReadByte()
		switch {
		case err != nil:
			return 0, 0, err
		case c == '\n':
			line++
		case c != ' ' && c != '\t' && c != '\r':
			return c, line, b.UnreadByte()
		}
	}
}

// line is one line of JSON Lines.
type line struct {
	Name    string            `json:"name"`
	Status  int               `json:"status"`
	Headers map[string]values `json:"headers"`
	Body    string            `json:"body"`
	Method  string            `json:"method"`
	Now     *time.Time        `json:"now"`
}

// values are those of a header, which may be written as the only one.
type values []string

func (v *values) UnmarshalJSON(b []byte) error {
	var one *string
	if json.Unmarshal(b, &one) == nil {
		if one != nil {
			*v = values{*one}
		}
		return nil
	}
	if json.Unmarshal(b, (*[]string)(v)) != nil {
		return fmt.Errorf("a header's value is %s, not a string or a list of strings", b)
	}
	return nil
}

func readLines(b *bufio.Reader, first int, now time.Time, yield func(Response, error) bool) {
	scanner := bufio.NewScanner(b)
	scanner.Buffer(nil, maxResponse)
	n := first
	for ; scanner.Scan(); n++ {
		text := bytes.TrimSpace(scanner.Bytes())
		if len(text) == 0 {
			continue
		}
		r, err := parseLine(text, now)
		if err != nil {
			yield(Response{}, fmt.Errorf("line %d: %w", n, err))
			return
		}
		if !yield(r, nil) {
			return
		}
	}
	if err := scanner.Err(); err != nil {
		yield(Response{}, fmt.Errorf("line %d: %w", n, err))
	}
}

func parseLine(text []byte, now time.Time) (Response, error) {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return Response{}, fmt.Errorf("%s; a line is {\"status\":429,\"headers\":{…},\"body\":\"…\"}%s", jsonCause(err), bare(text))
	}
	if l.Status == 0 {
		return Response{}, fmt.Errorf("there is no \"status\"; a line is {\"status\":429,\"headers\":{…},\"body\":\"…\"}%s", bare(text))
	}
	if l.Status < 100 || l.Status > 999 {
		return Response{}, fmt.Errorf("status %d is no HTTP status; give that of the response: \"status\":429", l.Status)
	}
	r := Response{Name: l.Name, Status: l.Status, Header: http.Header{}, Body: []byte(l.Body), Method: l.Method, Now: now}
	for _, name := range slices.Sorted(maps.Keys(l.Headers)) {
		for _, v := range l.Headers[name] {
			r.Header.Add(name, v)
		}
	}
	if l.Now != nil {
		r.Now = *l.Now
	}
	return r, nil
}

// bare returns what to do about a text without a status, which may be a body that
// somebody has taken for a response.
func bare(text []byte) string {
	if bytes.Contains(text, []byte(`"status"`)) {
		return ""
	}
	return "; if it is the body alone, as curl prints it, give curl -i, which prints the status and the headers too"
}

// jsonCause says what is wrong with a line in words of JSON, not of Go.
func jsonCause(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return fmt.Sprintf("%q is of the wrong type: it holds the JSON %s", wrong.Field, wrong.Value)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// readRaw reads a status line, headers and a body. What curl prints before the
// last response is passed over: interim responses (1xx), the CONNECT answer of
// a proxy, redirections.
func readRaw(b *bufio.Reader, line int, now time.Time) (Response, error) {
	t := textproto.NewReader(bufio.NewReader(io.LimitReader(b, maxResponse)))
	for {
		status, err := readStatus(t, line)
		if err != nil {
			return Response{}, err
		}
		header, err := t.ReadMIMEHeader()
		if err != nil && !errors.Is(err, io.EOF) {
			return Response{}, fmt.Errorf("headers: %w; give the response as curl -i prints it", err)
		}
		if next, err := t.R.Peek(5); err == nil && string(next) == "HTTP/" && status < 400 {
			continue
		}
		body, err := io.ReadAll(t.R)
		if err != nil {
			return Response{}, err
		}
		if date, err := http.ParseTime(header.Get("Date")); err == nil {
			now = date // what was recorded a week ago is not about today
		}
		return Response{Status: status, Header: http.Header(header), Body: body, Now: now}, nil
	}
}

func readStatus(t *textproto.Reader, line int) (int, error) {
	text, err := t.ReadLine()
	for err == nil && strings.TrimSpace(text) == "" {
		text, err = t.ReadLine()
	}
	if err != nil {
		return 0, fmt.Errorf("no status line; give the response as curl -i prints it, or as JSON Lines")
	}
	proto, rest, _ := strings.Cut(text, " ")
	code, _, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	status, err := strconv.Atoi(code)
	if !strings.HasPrefix(proto, "HTTP/") || err != nil || status < 100 || status > 999 {
		return 0, fmt.Errorf("line %d: %q is no status line such as HTTP/1.1 429 Too Many Requests; give the response as curl -i prints it, or as JSON Lines", line, text[:min(len(text), 60)])
	}
	return status, nil
}
