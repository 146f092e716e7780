package apierr

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
)

// A counter is a body that counts how often it is read and closed.
type counter struct {
	r             io.Reader
	reads, closes int
}

func (c *counter) Read(p []byte) (int, error) { c.reads++; return c.r.Read(p) }
func (c *counter) Close() error               { c.closes++; return nil }

// failing is a catalog that calls some successes errors.
func failing() *Catalog {
	return &Catalog{
		Places: []Place{{}, {Path: "$.ok"}, {Header: "X-Error"}, {Path: "$.code"}, {Header: "X-Sub", When: []Match{{{At: 1}}}}, {Join: []At{1, 2}}},
		Code:   []At{2, 3},
		FailWhen: []Match{
			{{Status: [][2]int{{200, 200}}}, {Media: []string{"application/json"}}, {At: 1, Equals: []string{"false"}}},
			{{Status: [][2]int{{202, 299}}}, {At: 2}},
			{{Status: [][2]int{{201, 201}}}, {At: 2, Absent: true}, {At: 1, Absent: true}},
			{{Status: [][2]int{{300, 300}}}, {At: 4, Absent: true}},
			{{Status: [][2]int{{301, 301}}}, {At: 5, Equals: []string{"falsex"}}},
		},
		Entries: []Entry{{Name: "Partly", Code: "PARTLY"}},
	}
}

// TestFailWhen holds which responses below 400 are errors, and that a body is
// not touched when status, media type and headers tell already.
func TestFailWhen(t *testing.T) {
	for _, tt := range []struct {
		name          string
		status        int
		media, header string
		body          string
		fails, read   bool
	}{
		{"it says so", 200, "application/json", "", `{"ok":false,"code":"PARTLY"}`, true, true},
		{"with a charset", 200, "Application/JSON; charset=utf-8", "", `{"ok":false}`, true, true},
		{"it says otherwise", 200, "application/json", "", `{"ok":true}`, false, true},
		{"it says nothing", 200, "application/json", "", ``, false, true},
		{"broken", 200, "application/json", "", `{"ok":false`, false, true},
		{"another media type", 200, "text/plain", "", `{"ok":false}`, false, false},
		{"no media type", 200, "", "", `{"ok":false}`, false, false},
		{"another status", 299, "application/json", "", `{"ok":false}`, false, false},
		{"by its header", 299, "", "PARTLY", `{"ok":true}`, true, true},
		{"a header that must be absent", 201, "", "x", `{}`, false, false},
		{"both absent", 201, "", "", `{}`, true, true},
		{"one of both in the body", 201, "", "", `{"ok":1}`, false, true},
		{"a header that counts by the body", 300, "", "", `{}`, true, true},
		{"joined of body and header", 301, "", "x", `{"ok":false}`, true, true},
		{"a redirection", 302, "application/json", "", `{"ok":false}`, false, false},
		{"an error anyway", 404, "", "", `{"ok":true}`, true, true},
	} {
		body := &counter{r: strings.NewReader(tt.body)}
		resp := &http.Response{StatusCode: tt.status, Header: http.Header{}, Body: body, ContentLength: -1}
		for name, value := range map[string]string{"Content-Type": tt.media, "X-Error": tt.header} {
			if value != "" {
				resp.Header.Set(name, value)
			}
		}
		c := failing()
		err := c.Check(resp)
		if (err != nil) != tt.fails || (body.reads > 0) != tt.read || body.closes != 0 {
			t.Errorf("%s: %v, the body was read %d times and closed %d times", tt.name, err, body.reads, body.closes)
		}
		if fails := c.IsError(tt.status, resp.Header, []byte(tt.body)); fails != tt.fails {
			t.Errorf("%s: IsError %t", tt.name, fails)
		}
		if rest, err := io.ReadAll(resp.Body); string(rest) != tt.body || err != nil {
			t.Errorf("%s: the body is %q, %v", tt.name, rest, err)
		}
		if tt.name == "it says so" && !errors.Is(err, entryTarget("Partly")) {
			t.Errorf("%s: the error is %v", tt.name, err)
		}
		if resp.Body.Close(); body.closes != 1 {
			t.Errorf("%s: closed %d times", tt.name, body.closes)
		}
	}
}

type entryTarget string

func (e entryTarget) Error() string                  { return string(e) }
func (e entryTarget) CatalogEntry() (string, string) { return "", string(e) }

// TestFailWhenIsBounded holds that a response that is larger than is looked at
// is a success, of which no more was read, and is whole for the caller.
func TestFailWhenIsBounded(t *testing.T) {
	head := `{"ok":false,"x":"`
	for _, size := range []int{MaxFailBody - 1, MaxFailBody, MaxFailBody + 1, 3 * MaxFailBody} {
		for _, length := range []int64{-1, int64(size)} {
			text := head + strings.Repeat("x", size-len(head)-2) + `"}`
			source := strings.NewReader(text)
			resp := &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(source), ContentLength: length}
			c := failing()
			err := c.Check(resp)
			if fails := size <= MaxFailBody; (err != nil) != fails || c.IsError(200, resp.Header, []byte(text)) != fails {
				t.Errorf("%d bytes: %v", size, err)
			}
			if read := size - source.Len(); read > MaxFailBody+1 {
				t.Errorf("%d bytes: %d were read", size, read)
			}
			if rest, err := io.ReadAll(resp.Body); string(rest) != text || err != nil {
				t.Errorf("%d bytes: %d are left, %v", size, len(rest), err)
			}
		}
	}
}

// TestCheckBrokenBody holds that the caller sees the error with which a body
// broke off, and that a success that broke off stays one.
func TestCheckBrokenBody(t *testing.T) {
	for _, status := range []int{200, 500} {
		broken := errors.New("cut")
		body := io.MultiReader(strings.NewReader(`{"ok":false}`), iotest.ErrReader(broken))
		resp := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(body)}
		err := failing().Check(resp)
		var e *Error
		if errors.As(err, &e) != (status == 500) || e != nil && !e.Truncated {
			t.Errorf("%d: %v", status, err)
		}
		if rest, err := io.ReadAll(resp.Body); string(rest) != `{"ok":false}` || !errors.Is(err, broken) {
			t.Errorf("%d: the body is %q, %v", status, rest, err)
		}
	}
}

// TestSwitchedProtocols holds that the connection that a 101 hands over is not
// read, whatever the catalog says, and is the caller's to write to.
func TestSwitchedProtocols(t *testing.T) {
	c := failing()
	c.FailWhen = []Match{{{Status: [][2]int{{100, 599}}}}, {{At: 1, Absent: true}}}
	c.Items = []Items{{Each: 3}}
	connection := &counter{r: strings.NewReader(`{"ok":false}`)}
	resp := &http.Response{StatusCode: http.StatusSwitchingProtocols, Header: http.Header{}, Body: connection}
	if err := c.Check(resp); err != nil || c.IsError(resp.StatusCode, resp.Header, nil) || c.SuccessItems(resp) != nil {
		t.Errorf("the error is %v", err)
	}
	if connection.reads != 0 || resp.Body != io.ReadCloser(connection) {
		t.Errorf("it was read %d times, and is %T now", connection.reads, resp.Body)
	}
	if resp.StatusCode = http.StatusOK; c.Check(resp) == nil {
		t.Error("a 200 is no error")
	}
}

// TestCheckBadTables holds that tables that refer to places that are not there
// do not panic.
func TestCheckBadTables(t *testing.T) {
	c := &Catalog{
		FailWhen: []Match{{{At: 9}}, {{Status: [][2]int{{200, 200}}}, {}}, {{At: 9, Absent: true}, {Status: [][2]int{{204, 204}}}}},
		Code:     []At{7}, Items: []Items{{Each: 8}}, Refine: []Refine{{Each: 9, Code: []At{9}}},
		Entries: []Entry{{Name: "A", When: []Match{{{At: 5}}}}},
	}
	for status, fails := range map[int]bool{200: false, 204: true, 400: true} {
		resp := &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(`{}`))}
		if err := c.Check(resp); (err != nil) != fails {
			t.Errorf("%d: %v", status, err)
		}
	}
	if c.DecodeItems(200, nil, []byte(`{}`)) != nil || c.Valid() == nil {
		t.Error("places that are not there")
	}
}
