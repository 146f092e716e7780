package checks

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/errgen/errgen/out/apierr"
)

// bomb is a gzip stream of 1 GiB of one byte: a member of 1 MiB a thousand
// times.
func bomb(t *testing.T, fill byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(bytes.Repeat([]byte{fill}, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.Repeat(b.Bytes(), 1024)
}

// TestHostileServers holds the same for servers on the loopback that send
// without an end, or what net/http inflates to 1 GiB.
func TestHostileServers(t *testing.T) {
	bombs := map[string][]byte{}
	for _, fill := range []byte{0, ' ', '[', '{', '<'} {
		bombs[fmt.Sprintf("/bomb/%d", fill)] = bomb(t, fill)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		packed, ok := bombs[r.URL.Path]
		if ok {
			w.Header().Set("Content-Encoding", "gzip")
		}
		if r.URL.Path == "/claimed" {
			w.Header().Set("Content-Length", fmt.Sprint(1<<30))
		}
		w.WriteHeader(503)
		if ok {
			_, _ = w.Write(packed)
			return
		}
		chunk := bytes.Repeat([]byte("["), 32<<10)
		for range 1 << 30 / len(chunk) {
			if _, err := w.Write(chunk); err != nil {
				return // the client has gone
			}
		}
	}))
	defer server.Close()
	paths := []string{"/stream", "/claimed"}
	for path := range bombs {
		paths = append(paths, path)
	}
	for _, v := range vendors(t) {
		for _, path := range paths {
			resp, err := server.Client().Get(server.URL + path)
			if err != nil {
				t.Fatal(err)
			}
			body := &meter{Reader: resp.Body}
			whole := resp.Body
			resp.Body = body
			e := sound(t, &v, path, 503, v.check(resp))
			if !e.Truncated || e.Class.String() != byStatus(&v, 503) || body.bytes != limit+1 {
				t.Errorf("%s, %s: %d bytes were read, truncated %t, %s", v.name, path, body.bytes, e.Truncated, e.Class)
			}
			if start, err := io.ReadAll(io.LimitReader(resp.Body, limit+4096)); len(start) != limit+4096 || err != nil {
				t.Errorf("%s, %s: the body has %d bytes, %v", v.name, path, len(start), err)
			}
			whole.Close()
		}
	}
}

// TestLyingLength holds that a Content-Length that is no more true than the
// body is long does no harm, whichever way it lies.
func TestLyingLength(t *testing.T) {
	text := `{"code":"A","error":{"code":"A"},"ok":false}`
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	lengths := make(chan int64, 1)
	go func() {
		for length := range lengths {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4096))
			fmt.Fprintf(conn, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", length, text)
			conn.Close()
		}
	}()
	defer close(lengths)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, v := range vendors(t) {
		for _, length := range []int64{0, 1, 10, int64(len(text)), int64(len(text)) + 1, 1 << 20, 1 << 40} {
			name := fmt.Sprintf("Content-Length %d", length)
			lengths <- length
			resp, err := client.Get("http://" + listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			var e *apierr.Error
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			e = sound(t, &v, name, 503, v.check(resp))
			runtime.ReadMemStats(&after)
			took := int64(after.TotalAlloc - before.TotalAlloc)
			if broken := length > int64(len(text)); e.Truncated != broken || e.Body != text[:min(int64(len(text)), length)] {
				t.Errorf("%s, %s: truncated %t, the body is %q", v.name, name, e.Truncated, e.Body)
			}
			if most := int64(ahead + spare); took > most {
				t.Errorf("%s, %s: %d bytes were allocated, want at most %d", v.name, name, took, most)
			}
			resp.Body.Close()
			// The same without net/http between, which would see to the smaller ones.
			resp = &http.Response{StatusCode: 503, Body: io.NopCloser(strings.NewReader(text)), ContentLength: length}
			if e := sound(t, &v, name, 503, v.check(resp)); e.Truncated || e.Body != text {
				t.Errorf("%s, %s: truncated %t, the body is %q", v.name, name, e.Truncated, e.Body)
			}
		}
	}
}

// idle is a reader that brings nothing every other time.
type idle struct {
	io.Reader
	odd bool
}

func (r *idle) Read(p []byte) (int, error) {
	if r.odd = !r.odd; r.odd {
		return 0, nil
	}
	return r.Reader.Read(p)
}

// TestHostileReaders holds what becomes of bodies that come byte by byte, with
// nothing in between, or not to their end.
func TestHostileReaders(t *testing.T) {
	cut := errors.New("cut")
	for _, v := range vendors(t) {
		for _, ex := range v.cases {
			if ex.Status < 400 {
				continue
			}
			want := v.decode(ex.Status, ex.header(), []byte(ex.Body), ex.now())
			half := strings.NewReader(ex.Body[:len(ex.Body)/2])
			for name, r := range map[string]io.Reader{
				"slow":            iotest.OneByteReader(strings.NewReader(ex.Body)),
				"slow and idle":   &idle{Reader: iotest.OneByteReader(strings.NewReader(ex.Body))},
				"data with EOF":   iotest.DataErrReader(strings.NewReader(ex.Body)),
				"cut at the end":  io.MultiReader(strings.NewReader(ex.Body), iotest.ErrReader(cut)),
				"cut half-way":    io.MultiReader(half, iotest.ErrReader(cut)),
				"idle for ever":   &idleForever{},
				"unexpected, all": io.MultiReader(strings.NewReader(ex.Body), iotest.ErrReader(io.ErrUnexpectedEOF)),
			} {
				body := &meter{Reader: r}
				resp := &http.Response{StatusCode: ex.Status, Header: ex.header(), Body: body, ContentLength: -1}
				e := sound(t, &v, name, ex.Status, v.check(resp))
				all := name != "cut half-way" && name != "idle for ever"
				broken := strings.Contains(name, "cut") || strings.HasPrefix(name, "unexpected") || name == "idle for ever"
				if all && (e.Entry() != want.Entry() || e.Code != want.Code || e.Message != want.Message) || e.Truncated != broken {
					t.Errorf("%s/%s, %s: %v, truncated %t, want %v", v.name, ex.Name, name, e, e.Truncated, want)
				}
				if most := 2*int64(len(ex.Body)) + 110; body.reads > most {
					t.Errorf("%s/%s, %s: %d reads", v.name, ex.Name, name, body.reads)
				}
			}
		}
	}
}

type idleForever struct{}

func (*idleForever) Read([]byte) (int, error) { return 0, nil }

// TestHostileHeaders holds that headers of 64 KiB, and thousands of them, take
// no more memory than they have, over the loopback and for every place of the
// catalog in a header.
func TestHostileHeaders(t *testing.T) {
	long := map[string]string{
		"digits":     strings.Repeat("9", 64<<10),
		"text":       strings.Repeat("a b ", 16<<10),
		"challenges": strings.Repeat(`Bearer error="x", `, 3500),
		"parameters": "Bearer " + strings.Repeat(`a="b\"", `, 7000) + `error="x"`,
		"commas":     strings.Repeat(",", 64<<10),
		"open quote": `Bearer error="` + strings.Repeat(`\`, 64<<10),
		"spaces":     "x" + strings.Repeat(" ", 64<<10-2) + "x",
	}
	for _, v := range vendors(t) {
		names := []string{"Retry-After", "Date", "Age", "Content-Type", "Www-Authenticate", "X-Should-Retry", "Set-Cookie"}
		for _, place := range v.program.Tables.Places {
			if place.Header != "" {
				names = append(names, place.Header)
			}
		}
		for kind, value := range long {
			for _, media := range []string{"", "application/json"} {
				header := http.Header{}
				for _, name := range names {
					header.Set(name, value)
				}
				if media != "" {
					header.Set("Content-Type", media)
				}
				for i := range 5000 {
					header.Add(fmt.Sprintf("X-Many-%d", i%2500), value[:16])
				}
				for _, status := range []int{200, 429, 503} {
					// A copy of every place's value, as those of joined and trimmed
					// texts and of lists are, and the parts of a list.
					most := int64(len(names)*len(value)*4 + spare)
					took := taken(most, func() {
						resp := &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader("{}")), ContentLength: 2}
						if err := v.check(resp); err != nil || status >= 400 {
							sound(t, &v, kind, status, err)
						}
					})
					if took > most {
						t.Errorf("%s, %s, %d: %d bytes were allocated, want at most %d", v.name, kind, status, took, most)
					}
				}
			}
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", long["digits"])
		w.Header().Set("WWW-Authenticate", long["parameters"])
		for i := range 3000 {
			w.Header().Add("X-Many", fmt.Sprint(i))
		}
		w.WriteHeader(401)
	}))
	defer server.Close()
	for _, v := range vendors(t) {
		resp, err := server.Client().Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		if e := sound(t, &v, "loopback", 401, v.check(resp)); len(e.Header["X-Many"]) != 3000 || !e.RetryAt().IsZero() {
			t.Errorf("%s: %d headers, until %s", v.name, len(e.Header["X-Many"]), e.RetryAt())
		}
		resp.Body.Close()
	}
}
