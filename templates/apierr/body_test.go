package apierr

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

// allocated is how many bytes f allocates, whether they live or not. It is
// the least of three runs, as other goroutines allocate as well.
func allocated(f func()) uint64 {
	least := ^uint64(0)
	for range 3 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}

// slack is for what an error needs besides its body: the error, its strings,
// the readers that put the body back.
const slack = 16 << 10

// blanks is an endless body of one byte that counts what is read of it.
type blanks struct {
	fill byte
	read int64
}

func (b *blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = b.fill
	}
	b.read += int64(len(p))
	return len(p), nil
}

func (*blanks) Close() error { return nil }

// TestLongBodies holds that of an endless body no more than the limit and one
// byte is read, that reading takes no more than the limit and 64 KiB, whatever
// Content-Length says, and that the body is still whole.
func TestLongBodies(t *testing.T) {
	for _, limit := range []int{1, 1 << 10, 64 << 10, MaxBody, 8 << 20} {
		for _, length := range []int64{-1, 0, 1, 5000, 2 << 20, 1 << 62} {
			for _, fill := range []byte{'<', ' ', '[', '1'} {
				name := fmt.Sprintf("limit %d, Content-Length %d, %q", limit, length, fill)
				c := &Catalog{MaxBody: limit}
				var body *blanks
				var resp *http.Response
				var err error
				took := allocated(func() {
					body = &blanks{fill: fill}
					resp = &http.Response{StatusCode: 500, Body: body, ContentLength: length}
					err = c.Check(resp)
				})
				var e *Error
				if !errors.As(err, &e) || !e.Truncated || e.Class != Transient || len(e.Body) != min(limit+1, rawLimit) {
					t.Errorf("%s: %v", name, err)
				}
				if body.read != int64(limit)+1 {
					t.Errorf("%s: %d bytes were read", name, body.read)
				}
				if most := uint64(limit) + firstPiece + slack; took > most {
					t.Errorf("%s: %d bytes were allocated, want at most %d", name, took, most)
				}
				again, err := io.ReadAll(io.LimitReader(resp.Body, int64(limit)+100))
				if err != nil || string(again) != strings.Repeat(string(fill), limit+100) {
					t.Errorf("%s: the body is %d bytes, %v", name, len(again), err)
				}
			}
		}
	}
}

// TestClaimedLength holds that a body takes memory as it comes: a header that
// claims more than arrives takes no more than 64 KiB for nothing.
func TestClaimedLength(t *testing.T) {
	for _, size := range []int{0, 1, 4095, 4096, 4097, 70_000, 300_000, MaxBody - 1, MaxBody} {
		text := `{"code":"A"}`
		text = (text + strings.Repeat(" ", max(size-len(text), 0)))[:size]
		for _, length := range []int64{-1, 0, 1, int64(size) - 1, int64(size), int64(size) + 1, MaxBody, MaxBody + 1, 1 << 40, 1<<63 - 1} {
			name := fmt.Sprintf("%d bytes, Content-Length %d", size, length)
			c := &Catalog{Places: []Place{{}, {Path: "$.code"}}, Code: []At{1}}
			c.once.Do(c.compile)
			var resp *http.Response
			var err error
			took := allocated(func() {
				resp = &http.Response{StatusCode: 400, Body: io.NopCloser(strings.NewReader(text)), ContentLength: length}
				err = c.Check(resp)
			})
			var e *Error
			if !errors.As(err, &e) || e.Truncated || (e.Code == "A") != (size >= 12) {
				t.Errorf("%s: %v", name, err)
			}
			// What came, what was ready for as much again, and one copy in one piece.
			if most := uint64(3*size + firstPiece + slack); took > most {
				t.Errorf("%s: %d bytes were allocated, want at most %d", name, took, most)
			}
			if rest, err := io.ReadAll(resp.Body); string(rest) != text || err != nil {
				t.Errorf("%s: the body is %d bytes, %v", name, len(rest), err)
			}
		}
	}
}

// oddReader returns what no reader may.
type oddReader int

func (n oddReader) Read([]byte) (int, error) { return int(n), nil }
func (oddReader) Close() error               { return nil }

// TestOddReaders holds that a reader that brings nothing for ever is given up,
// and that one that counts wrongly does no harm.
func TestOddReaders(t *testing.T) {
	for _, n := range []oddReader{0, -1, math.MaxInt} {
		for _, length := range []int64{-1, 7} {
			resp := &http.Response{StatusCode: 503, Body: n, ContentLength: length}
			var e *Error
			if !errors.As(new(Catalog).Check(resp), &e) || !e.Truncated || e.Class != Transient || e.Body != "" {
				t.Errorf("%d: %+v", n, e)
			}
			if rest, err := io.ReadAll(resp.Body); len(rest) != 0 || err == nil {
				t.Errorf("%d: the body is %q, %v", n, rest, err)
			}
		}
	}
}

// TestForeign holds that only a body that cannot be in the format is called
// foreign.
func TestForeign(t *testing.T) {
	for _, c := range []struct {
		start     string
		json, xml bool
	}{
		{"", false, false},
		{" \t\r\n", false, false},
		{`{`, false, true},
		{"\n [", false, true},
		{`"a"`, false, true},
		{"-1", false, true},
		{"0", false, true},
		{"9", false, true},
		{"true", false, true},
		{"null", false, true},
		{"<html>", true, false},
		{" \ufeff\n<Error>", true, false},
		{"\ufeff{}", true, true}, // as encoding/json has it
		{"Bad Gateway", true, true},
		{"\x1f\x8b", true, true},
		{"\x00", true, true},
	} {
		if JSON.foreign([]byte(c.start)) != c.json || XML.foreign([]byte(c.start)) != c.xml {
			t.Errorf("%q", c.start)
		}
	}
}

// TestLimitIsOne holds that Check, Decode, IsError and the items all keep to
// the catalog's limit, and to the same answer at it and beyond.
func TestLimitIsOne(t *testing.T) {
	const limit = 2000
	c := failing()
	c.MaxBody = limit
	c.Places = append(c.Places, Place{Path: "$.errors[*]"}, Place{Path: "$.errors[*].code"})
	c.Items = []Items{{Each: 6, Code: []At{7}}}
	head := `{"ok":false,"code":"PARTLY","errors":[{"code":"A"}],"pad":"`
	for _, size := range []int{limit - 1, limit, limit + 1, 5000, MaxFailBody} {
		fits := size <= limit
		text := head + strings.Repeat("x", size-len(head)-2) + `"}`
		header := http.Header{"Content-Type": {"application/json"}}
		response := func(status int) *http.Response {
			return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(text)), ContentLength: -1}
		}
		if got := c.Check(response(200)) != nil; got != fits || c.IsError(200, header, []byte(text)) != fits {
			t.Errorf("%d bytes: a success is an error: %t", size, got)
		}
		var checked *Error
		if !errors.As(c.Check(response(400)), &checked) {
			t.Fatal("no error")
		}
		decoded := c.Decode(400, header, []byte(text), noon)
		for _, e := range []*Error{checked, decoded} {
			if (e.Entry() == "Partly") != fits || e.Truncated == fits || e.Body != text[:min(len(text), len(e.Body))] || len(e.Body) == 0 {
				t.Errorf("%d bytes: %v, truncated %t, %d bytes of the body", size, e, e.Truncated, len(e.Body))
			}
		}
		if got := len(c.SuccessItems(response(207))); (got == 1) != fits || len(c.DecodeItems(207, header, []byte(text))) != got {
			t.Errorf("%d bytes: %d items", size, got)
		}
	}
}

// TestBodiesDoNotShare holds that a body that was put back stays what it was
// when others are looked at, in the memory that was lent to read it: whole,
// too long, broken off, in another format, and of successes, of any length.
func TestBodiesDoNotShare(t *testing.T) {
	type taken struct {
		name, text string
		err        error
		resp       *http.Response
	}
	cut := errors.New("cut")
	var all []taken
	for i, size := range []int{20, 1000, smallBody - 1, smallBody, smallBody + 1, 3 * smallBody, 70_000} {
		for _, limit := range []int{0, 100, smallBody, smallBody + 1} {
			for _, status := range []int{200, 500, 207} {
				for _, end := range []error{io.EOF, cut} {
					for _, length := range []int64{-1, 0, 10, int64(size)} {
						fill := strings.Repeat(string(rune('a'+len(all)%26)), size)
						text := [...]string{`{"ok":true,"x":"` + fill[18:] + `"}`, "<" + fill[1:]}[(i+len(all))%2]
						c := failing()
						c.MaxBody = limit
						c.Items = []Items{{Each: 3}}
						resp := &http.Response{
							StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: length,
							Body: io.NopCloser(io.MultiReader(strings.NewReader(text), iotest.ErrReader(end))),
						}
						if status == 207 {
							c.SuccessItems(resp)
						} else {
							_ = c.Check(resp)
						}
						name := fmt.Sprintf("%d bytes of %d, status %d, %v, Content-Length %d", size, limit, status, end, length)
						all = append(all, taken{name, text, end, resp})
					}
				}
			}
		}
	}
	for _, b := range all {
		if b.err != io.EOF {
			if got, err := io.ReadAll(b.resp.Body); string(got) != b.text || !errors.Is(err, b.err) {
				t.Errorf("%s: the body is %d bytes of %d, %v", b.name, len(got), len(b.text), err)
			}
		} else if err := iotest.TestReader(b.resp.Body, []byte(b.text)); err != nil {
			t.Errorf("%s: %v", b.name, err)
		}
	}
}

// TestSmallBodyAllocations holds that looking at a small body allocates one
// thing more than decoding it does, to put it back: the text of it is that of
// the error.
func TestSmallBodyAllocations(t *testing.T) {
	c := failing()
	header := http.Header{"Content-Type": {"application/json"}}
	for _, text := range []string{"", "{}", `{"ok":false,"code":"PARTLY"}`, "<html>", strings.Repeat(" ", smallBody-1)} {
		source := strings.NewReader(text)
		stream := io.NopCloser(struct{ io.Reader }{source})
		body := []byte(text)
		decode := leastAllocs(func() { c.Decode(500, header, body, noon) })
		for _, length := range []int64{-1, int64(len(text))} {
			resp := &http.Response{StatusCode: 500, Header: header, ContentLength: length}
			check := leastAllocs(func() {
				source.Reset(text)
				resp.Body = stream
				_ = c.Check(resp)
			})
			if want := decode + 1; check != want {
				t.Errorf("%d bytes, Content-Length %d: %v allocations, want %v", len(text), length, check, want)
			}
		}
	}
}

// leastAllocs is the least of some runs, as the race detector has pools lose
// what they are given now and then.
func leastAllocs(f func()) float64 {
	least := math.Inf(1)
	for range 30 {
		least = min(least, testing.AllocsPerRun(1, f))
	}
	return least
}
