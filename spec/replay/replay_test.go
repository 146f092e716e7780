package replay

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates/apierr"
)

var (
	update = flag.Bool("update", false, "write the expected reports from those that are made")
	now    = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

func acme(t testing.TB) *spec.Program {
	t.Helper()
	src, err := os.ReadFile("testdata/acme.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, problems := spec.Load("acme.yaml", src)
	if p == nil || len(problems) > 0 {
		t.Fatalf("%s", problems)
	}
	return p
}

func readAll(src string) (all []Response, err error) {
	for r, e := range Read(strings.NewReader(src), now) {
		if e != nil {
			return all, e
		}
		all = append(all, r)
	}
	return all, nil
}

// TestReadRaw reads what curl -i prints.
func TestReadRaw(t *testing.T) {
	limited := Response{Status: 429, Header: http.Header{"Retry-After": {"3"}, "X-A": {"1", "2"}}, Body: []byte(`{"a":1}`), Now: now}
	bare := Response{Status: 503, Header: http.Header{}, Body: []byte{}, Now: now}
	with := func(r Response, body string) Response {
		r.Body = []byte(body)
		return r
	}
	const head = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 3\r\nX-A: 1\r\nx-a: 2\r\n\r\n"
	for _, c := range []struct {
		name, src string
		want      Response
	}{
		{"HTTP/1.1", head + `{"a":1}`, limited},
		{"HTTP/2 without a reason", "HTTP/2 429 \r\nretry-after: 3\r\nx-a: 1\r\nx-a: 2\r\n\r\n{\"a\":1}", limited},
		{"HTTP/2 without a space", "HTTP/2 503\r\n\r\n", bare},
		{"HTTP/3", "HTTP/3 503\r\n\r\n", bare},
		{"LF", strings.ReplaceAll(head, "\r", "") + `{"a":1}`, limited},
		{"blank lines before it", "\n\r\n \t\n" + head + `{"a":1}`, limited},
		{"byte order mark", "\ufeff" + head + `{"a":1}`, limited},
		{"100 Continue", "HTTP/1.1 100 Continue\r\n\r\n" + head + `{"a":1}`, limited},
		{"103 Early Hints", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + head + `{"a":1}`, limited},
		{"proxy", "HTTP/1.1 200 Connection established\r\nVia: p\r\n\r\n" + head + `{"a":1}`, limited},
		{"proxy and 100 Continue", "HTTP/1.0 200 OK\n\nHTTP/1.1 100 Continue\n\n" + head + `{"a":1}`, limited},
		{"redirections", "HTTP/1.1 301 Moved\r\nLocation: /b\r\n\r\nHTTP/1.1 307\r\n\r\n" + head + `{"a":1}`, limited},
		{"no body", head, with(limited, "")},
		{"no blank line", "HTTP/1.1 503 Service Unavailable", bare},
		{"no blank line after a header", "HTTP/1.1 429\nRetry-After: 3\nX-A: 1\nX-A: 2", with(limited, "")},
		{"blank lines in the body", head + "\r\n\r\na\r\n\r\nb\n\n", with(limited, "\r\n\r\na\r\n\r\nb\n\n")},
		{"a body that looks like a response", head + "HTTP/1.1 502 Bad Gateway\r\n\r\n", with(limited, "HTTP/1.1 502 Bad Gateway\r\n\r\n")},
		{"a body of bytes", head + "\x00\xff\r", with(limited, "\x00\xff\r")},
	} {
		all, err := readAll(c.src)
		if err != nil || len(all) != 1 || !reflect.DeepEqual(all[0], c.want) {
			t.Errorf("%s: %+v, %v\nwant %+v", c.name, all, err, c.want)
		}
	}
}

// TestReadLines reads JSON Lines.
func TestReadLines(t *testing.T) {
	then := time.Date(2024, 3, 9, 16, 0, 0, 0, time.UTC)
	src := "\n \r\n" + `{"name":"full","status":429,"headers":{"retry-after":"3","X-A":["1","2"],"x-a":"3","X-None":[],"X-Null":null},"body":"{}\n","method":"POST","now":"2024-03-09T16:00:00Z"}` +
		"\r\n\n\t\n" + `{"status":503}` + "\n" + `  {"status":404,"body":null,"method":"","more":{"is":"ignored"}}  `
	want := []Response{
		{"full", 429, http.Header{"Retry-After": {"3"}, "X-A": {"1", "2", "3"}}, []byte("{}\n"), "POST", then},
		{"", 503, http.Header{}, []byte{}, "", now},
		{"", 404, http.Header{}, []byte{}, "", now},
	}
	for range 20 { // the order of headers that differ in case only is fixed
		have, err := readAll(src)
		if err != nil || !reflect.DeepEqual(have, want) {
			t.Fatalf("%+v, %v\nwant %+v", have, err, want)
		}
	}
}

// TestReadErrors holds that what cannot be read names its line and what to
// give instead.
func TestReadErrors(t *testing.T) {
	const shape = `; a line is {"status":429,"headers":{…},"body":"…"}`
	const curl = "; give the response as curl -i prints it, or as JSON Lines"
	const body = "; if it is the body alone, as curl prints it, give curl -i, which prints the status and the headers too"
	for _, c := range []struct{ src, want string }{
		{"", "no response: the input is empty; give what curl -i prints, or JSON Lines"},
		{" \n", "no response: the input is empty; give what curl -i prints, or JSON Lines"},
		{"{", "line 1: unexpected end of JSON input" + shape},
		{"{\"status\":429}\n\n{\"status\":", "line 3: unexpected end of JSON input" + shape},
		{"\n\n{\"status\":429}x", "line 3: invalid character 'x' after top-level value" + shape},
		{"{\n\"status\":429}", "line 1: unexpected end of JSON input" + shape},
		{`{"status":"429"}`, `line 1: "status" is of the wrong type: it holds the JSON string` + shape},
		{`{"status":429,"body":{"a":1}}`, `line 1: "body" is of the wrong type: it holds the JSON object` + shape},
		{`{"status":429,"headers":["a"]}`, `line 1: "headers" is of the wrong type: it holds the JSON array` + shape},
		{`{"status":429,"headers":{"Retry-After":60}}`, `line 1: a header's value is 60, not a string or a list of strings` + shape},
		{`{"status":429,"now":"noon"}`, "line 1: "},
		{`{}`, `line 1: there is no "status"` + shape + body},
		{`{"code":"LIMITED"}`, `line 1: there is no "status"` + shape + body},
		{"{\n  \"code\": \"LIMITED\"\n}", "line 1: unexpected end of JSON input" + shape + body},
		{`{"status":0}`, `line 1: there is no "status"` + shape},
		{`{"status":1000}`, `line 1: status 1000 is no HTTP status; give that of the response: "status":429`},
		{"{\"status\":429}\n" + strings.Repeat(" ", maxResponse+1), "line 2: bufio.Scanner: token too long"},
		{"<html>", `line 1: "<html>" is no status line such as HTTP/1.1 429 Too Many Requests` + curl},
		{"\n\nHTTP/1.1 OK", `line 3: "HTTP/1.1 OK" is no status line such as HTTP/1.1 429 Too Many Requests` + curl},
		{"HTTP/1.1 42", `line 1: "HTTP/1.1 42" is no status line such as HTTP/1.1 429 Too Many Requests` + curl},
		{"HTTP/1.1 429\nno header\n\n", "headers: malformed MIME header"},
	} {
		all, err := readAll(c.src)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%.40q: %d responses, error %v\nwant %s", c.src, len(all), err, c.want)
		}
	}
	broken := errors.New("broken pipe")
	for _, start := range []string{"", "{\"status\":429}\n", "HTTP/1.1 429\n\n"} {
		var last error
		for _, err := range Read(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(start))), now) {
			last = err
		}
		if start != "" && last == nil {
			t.Errorf("after %q: no error", start)
		}
	}
	for _, err := range Read(iotest.ErrReader(broken), now) {
		if !errors.Is(err, broken) {
			t.Errorf("%v, want %v", err, broken)
		}
	}
}

// TestReadStops holds that nothing is read on after the caller has stopped.
func TestReadStops(t *testing.T) {
	n := 0
	for range Read(strings.NewReader("{\"status\":429}\n{\"status\":503}\n"), now) {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d responses", n)
	}
}

// TestJSON holds the contract of errgen decode --format json: every key is
// there, in order, and null when the response does not have it.
func TestJSON(t *testing.T) {
	p := acme(t)
	for _, c := range []struct{ line, want string }{
		{
			`{"name":"n","status":429,"headers":{"Retry-After":"30","X-Request-Id":"r","X-Trace":"t"},"body":"{\"error\":{\"code\":\"LIMITED\",\"message\":\"m\",\"details\":{\"wait\":90,\"who\":{\"name\":null},\"tags\":[]}}}"}`,
			`{"name":"n","is_error":true,"code":"LIMITED","entry":"Limited","known":true,"class":"throttled","message":"m","request_id":"r",` +
				`"details":{"trace":"t","wait":"1m30s","who":{"name":null},"tags":[]},"items":[],"retry":"backoff","retryable":true,"wait_ms":30000,"reset_at":"2026-01-01T00:00:30Z",` +
				`"decision":{"action":"retry","delay_ms":30000,"reason":"the server asks for this wait"}}`,
		},
		{
			`{"status":418}`,
			`{"name":"","is_error":true,"code":null,"entry":null,"known":false,"class":"invalid","message":null,"request_id":null,` +
				`"details":{},"items":[],"retry":"never","retryable":false,"wait_ms":null,"reset_at":null,` +
				`"decision":{"action":"stop","delay_ms":0,"reason":"the same request would fail again"},"hidden":"empty"}`,
		},
		{
			`{"name":"fine","status":204,"headers":{"Retry-After":"30"}}`,
			`{"name":"fine","is_error":false,"code":null,"entry":null,"known":false,"class":null,"message":null,"request_id":null,` +
				`"details":{},"items":[],"retry":null,"retryable":null,"wait_ms":null,"reset_at":null,"decision":null}`,
		},
		{
			`{"status":503,"body":"{\"maintenance\":true,\"error\":{\"code\":\"M\"}}","method":"POST","headers":{"Retry-After":"0"}}`,
			`{"name":"","is_error":true,"code":"M","entry":"Maintenance","known":false,"class":"transient","message":null,"request_id":null,` +
				`"details":{},"items":[],"retry":"backoff","retryable":"if-idempotent","wait_ms":0,"reset_at":"2026-01-01T00:00:00Z",` +
				`"decision":{"action":"stop","delay_ms":0,"reason":"the request may have been carried out and is not idempotent"}}`,
		},
	} {
		all, err := readAll(c.line)
		if err != nil {
			t.Fatal(err)
		}
		have, err := Run(p, all[0]).JSON()
		if err != nil || string(have) != c.want {
			t.Errorf("%s\nhave %s, %v\nwant %s", c.line, have, err, c.want)
		}
	}
}

// TestRetryable holds what each retry and repeat rule makes of an error for
// ever, with and without an instant at which it ends.
func TestRetryable(t *testing.T) {
	const ifIdempotent = "if-idempotent"
	for _, c := range []struct {
		retry      string
		any, other any // with repeat any, with repeat idempotent
		until      any // with an instant, whatever repeat is; nil: the same as without
	}{
		{"never", false, false, nil},
		{"backoff", true, ifIdempotent, nil},
		{"wait_reset", false, false, true},
		{"refresh_once", true, true, nil},
		{"reconcile", false, false, nil},
	} {
		for repeat, want := range map[string]any{"any": c.any, "idempotent": c.other} {
			src := "errgen: v1\nvendor: acme\ntitle: T\nsource: {document: D, checked: 2026-11-21}\ndelay: [{header: Retry-After}]\nerrors: []\n" +
				fmt.Sprintf("status: {400: {class: invalid, retry: %s, repeat: %s}}\n", c.retry, repeat)
			p, problems := spec.Load("a.yaml", []byte(src))
			if p == nil {
				t.Fatalf("%s", problems)
			}
			if have := Run(p, Response{Status: 400, Now: now}).Retryable; have != want {
				t.Errorf("%s, %s: %v, want %v", c.retry, repeat, have, want)
			}
			if c.until != nil {
				want = c.until
			}
			r := Run(p, Response{Status: 400, Header: http.Header{"Retry-After": {"5"}}, Now: now})
			if r.Retryable != want || (r.WaitMS == nil) != (c.retry == "never") {
				t.Errorf("%s, %s, with a wait: %v, want %v; wait %v", c.retry, repeat, r.Retryable, want, r.WaitMS)
			}
		}
	}
}

func TestMilliseconds(t *testing.T) {
	for d, want := range map[time.Duration]int64{
		0: 0, 1: 1, time.Millisecond: 1, time.Millisecond + 1: 2, -1: 0, -time.Millisecond - 1: -1,
		1<<63 - 1: 9223372036855, 200*24*time.Hour + 1: 17280000001, 20000 * 24 * time.Hour: 1728000000000,
	} {
		if have := milliseconds(d); have != want {
			t.Errorf("%d ns: %d ms, want %d", d, have, want)
		}
	}
}

// TestRunLongBody holds that no more of a body counts than Check would read,
// so that both decode alike.
func TestRunLongBody(t *testing.T) {
	p := acme(t)
	body := `{"error":{"code":"LIMITED"},"pad":"` + strings.Repeat("x", apierr.MaxBody) + `"}`
	resp := &http.Response{StatusCode: 429, Body: http.NoBody}
	resp.Body = readCloser{strings.NewReader(body)}
	var want *apierr.Error
	if !errors.As(p.Tables.Check(resp), &want) {
		t.Fatal("no error")
	}
	r := Run(p, Response{Status: 429, Body: []byte(body), Now: now})
	if r.err.Code != want.Code || r.err.Entry() != want.Entry() || r.err.Truncated != want.Truncated || !want.Truncated {
		t.Errorf("code %q, entry %q, truncated %t; Check has %q, %q, %t", r.err.Code, r.err.Entry(), r.err.Truncated, want.Code, want.Entry(), want.Truncated)
	}
}

// TestHidden holds what is said of a body in which nothing is seen.
func TestHidden(t *testing.T) {
	p := acme(t)
	gzip := http.Header{"Content-Encoding": {"gzip"}}
	for _, tt := range []struct {
		header http.Header
		body   string
		want   string
	}{
		{nil, "", "empty"},
		{nil, `{"other":1}`, ""},
		{gzip, `{"other":1}`, ""}, // somebody has undone it
		{gzip, "\x1f\x8b\x08", `in the coding "gzip"; give curl --compressed, or record what it holds`},
		{http.Header{"Content-Encoding": {"br"}}, "\x0b", `in the coding "br"; give curl --compressed, or record what it holds`},
		{nil, "\x1f\x8b\x08", "compressed; give curl --compressed, or record what it holds"},
		{nil, "\n<html>", "no JSON, but HTML or XML"},
		{nil, `{"other":`, "no valid JSON"},
		{nil, strings.Repeat(" ", apierr.MaxBody+1), "longer than the catalog's limit: 1048577 bytes"},
	} {
		if got := Run(p, Response{Status: 418, Header: tt.header, Body: []byte(tt.body), Now: now}).Hidden; got != tt.want {
			t.Errorf("%.20q: %q, want %q", tt.body, got, tt.want)
		}
	}
	if got := Run(p, Response{Status: 429, Body: []byte(`{"error":{"code":"LIMITED"}}`), Now: now}); got.Entry == nil || got.Hidden != "" {
		t.Errorf("%q of a body that is understood", got.Hidden)
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

// TestText compares what people see with testdata/text.txt, and with a style
// with testdata/styled.txt.
func TestText(t *testing.T) {
	tag := func(name string) func(string) string {
		return func(s string) string { return "<" + name + ">" + s + "</" + name + ">" }
	}
	golden(t, "testdata/text.txt", Style{})
	golden(t, "testdata/styled.txt", Style{Strong: tag("strong"), Good: tag("good"), Bad: tag("bad"), Faint: tag("faint")})
}

func golden(t *testing.T, file string, style Style) {
	t.Helper()
	src, err := os.ReadFile("testdata/text.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var have bytes.Buffer
	p := acme(t)
	for r, err := range Read(bytes.NewReader(src), now) {
		if err != nil {
			t.Fatal(err)
		}
		if err := Run(p, r).WriteText(&have, p.Vendor, style); err != nil {
			t.Fatal(err)
		}
		have.WriteByte('\n')
	}
	for _, c := range have.String() {
		if c != '\n' && !unicode.IsPrint(c) {
			t.Errorf("%s has the character %U", file, c)
		}
	}
	if *update {
		if err := os.WriteFile(file, have.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || have.String() != string(want) {
		t.Errorf("%s: %v\nhave:\n%s", file, err, have.String())
	}
}

// TestWriteTextErrors holds that an error of the writer comes back.
func TestWriteTextErrors(t *testing.T) {
	p := acme(t)
	full := errors.New("disk full")
	for _, status := range []int{200, 429} {
		if err := Run(p, Response{Status: status, Now: now}).WriteText(failing{full}, "acme", Style{}); !errors.Is(err, full) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\tb\r\nc":                  "a b  c",
		"\x1b[31mred\x1b[0m":         "[31mred[0m",
		"a\u202eb\u200bc\u0085d\x7f": "abc d",
		"\xff\xfe":                   "��",
		strings.Repeat("é", 301):     strings.Repeat("é", 299) + "…",
	} {
		if have := clean(in); have != want {
			t.Errorf("clean(%q) = %q, want %q", in, have, want)
		}
	}
}

// FuzzRead holds for any input: reading and reporting never panic, a report is
// one line of JSON, and its text steers no terminal.
func FuzzRead(f *testing.F) {
	src, err := os.ReadFile("testdata/text.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(src)
	f.Add([]byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/2 429 \r\nretry-after: 3\r\n\r\n{\"error\":{\"code\":\"LIMITED\"}}"))
	p := acme(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		for r, err := range Read(bytes.NewReader(src), now) {
			if err != nil {
				if strings.ContainsAny(err.Error(), "\n\x1b") {
					t.Errorf("error %q", err)
				}
				return
			}
			rep := Run(p, r)
			if b, err := rep.JSON(); err != nil || !json.Valid(b) || bytes.ContainsAny(b, "\n") {
				t.Errorf("%s, %v", b, err)
			}
			var text bytes.Buffer
			if err := rep.WriteText(&text, p.Vendor, Style{}); err != nil {
				t.Error(err)
			}
			if bad := strings.IndexFunc(text.String(), func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }); bad >= 0 {
				t.Errorf("text %q", text.String()[bad:])
			}
		}
	})
}
