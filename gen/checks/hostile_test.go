package checks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/spec"
	support "github.com/errgen/errgen/templates/apierr"
)

// Bounds of what a response may take, whatever is in it.
const (
	limit = apierr.MaxBody

	// ahead is what is taken for a body before it comes, and spare what an
	// error needs besides its body: itself, its strings, the readers that put
	// the body back, and what the runtime allocates meanwhile.
	ahead = 64 << 10
	spare = 64 << 10

	// readBound is for a body that is not decoded, as it is longer than the
	// limit or in another format: what was read of it, and no copy.
	readBound = limit + ahead + spare

	// decodeBound is for a body at the limit that is decoded: what was read of
	// it, a copy in one piece, and what the scan notes of it. The worst is [*]
	// on an object that is nothing but empty members, five bytes each: 16 bytes
	// for each, allocated some five times over while the notes grow by a
	// quarter at a time. All that is measured here counts what was thrown away.
	decodeBound = 24 * limit

	// xmlBound is the same for XML, whose elements and attributes become tokens
	// and nodes of some 100 bytes each, at most 100,000.
	xmlBound = 64 * limit
)

// A hostile is a body that nobody means well with.
type hostile struct {
	name string
	text []byte // whole; nil for a stream
	fill string // of a stream without an end
	size int64  // of a stream; 0: no end
}

func (h *hostile) reader() io.Reader {
	if h.text != nil {
		return bytes.NewReader(h.text)
	}
	r := io.Reader(&repeated{text: h.fill})
	if h.size > 0 {
		r = io.LimitReader(r, h.size)
	}
	return r
}

func (h *hostile) long() bool { return h.text == nil || len(h.text) > limit }

// repeated is a text over and over.
type repeated struct {
	text string
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	for n := 0; n < len(p); {
		got := copy(p[n:], r.text[r.at:])
		n, r.at = n+got, (r.at+got)%len(r.text)
	}
	return len(p), nil
}

// hostiles are bodies for every vendor, whatever its catalog has.
func hostiles() []hostile {
	times := func(head, text string, n int, tail string) []byte {
		return []byte(head + strings.Repeat(text, n) + tail)
	}
	fit := func(head, text, tail string) []byte { // as many as the limit allows
		return times(head, text, (limit-len(head)-len(tail))/len(text), tail)
	}
	distinct := func(open, format, shut string, most int) []byte {
		b := []byte(open)
		for i := 0; i < most && len(b) < limit-64; i++ {
			b = fmt.Appendf(b, format, i)
		}
		return append(b, shut...)
	}
	all := []hostile{
		{name: "no end of zeros", fill: "\x00"},
		{name: "no end of blanks", fill: " "},
		{name: "no end of brackets", fill: "["},
		{name: "no end of digits", fill: "1"},
		{name: "no end of objects", fill: `{"error":`},
		{name: "no end of elements", fill: "<Error>"},
		{name: "1 GiB of HTML", fill: "<p>It is down.</p>", size: 1 << 30},
		{name: "2 MiB of HTML", text: times("<!DOCTYPE html><html>", "<p>It is down.</p>", 2<<20/18, "</html>")},
		{name: "HTML at the limit", text: fit("<!DOCTYPE html><html>", "<p>It is down.</p>", "</html>")},
		{name: "100,000 arrays deep", text: times("", "[", 100_000, "")},
		{name: "100,000 arrays deep, closed", text: append(times("", "[", 100_000, "1"), times("", "]", 100_000, "")...)},
		{name: "100,000 objects deep", text: times("", `{"error":`, 100_000, "")},
		{name: "10,000 objects deep, closed", text: append(times("", `{"error":`, 10_000, "1"), times("", "}", 10_000, "")...)},
		{name: "50,000 of both deep", text: times("", `[{"errors":`, 50_000, "")},
		{name: "5000 of both deep, closed", text: append(times("", `[{"errors":`, 5000, "1"), times("", "}]", 5000, "")...)},
		{name: "a number of 1 MB", text: times(`{"error":{"code":`, "9", 1_000_000, "}}")},
		{name: "a fraction of 1 MB", text: times(`{"retry_after":0.`, "3", 1_000_000, "}")},
		{name: "an exponent of 1 MB", text: times(`{"retry_after":1e`, "9", 1_000_000, "}")},
		{name: "10^6 members", text: times(`{"a":1`, `,"a":1`, 1_000_000, "}")},
		{name: "members at the limit", text: fit(`{"a":1`, `,"":0`, "}")},
		{name: "distinct members at the limit", text: distinct(`{"a":1`, `,"%d":0`, "}", 1_000_000)},
		{name: "10^6 elements", text: times(`{"errors":[1`, `,{"code":"A"}`, 1_000_000, "]}")},
		{name: "elements at the limit", text: fit(`{"errors":[1`, `,{}`, "]}")},
		{name: "escapes at the limit", text: fit(`{"error":"`, `\u00e9`, `"}`)},
		{name: "lone surrogates", text: fit(`{"error":{"code":"`, `\ud800`, `","message":"\udc00\ud800x"}}`)},
		{name: "invalid UTF-8", text: fit(`{"error":{"code":"`, "\xff\xc3\x28", `","message":"`+"\xed\xa0\x80"+`"}}`)},
		{name: "NUL bytes", text: fit(`{"error":{"code":"`, "\x00", `"}}`)},
		{name: "escaped NULs", text: fit(`{"error":{"code":"A`, `\u0000`, `"}}`)},
		{name: "UTF-16", text: times("\xff\xfe", "{\x00", 1000, "")},
		{name: "elements deep", text: times("", "<Error>", 100_000, "")},
		{name: "elements deep, closed", text: append(times("", "<Error>", 60_000, "1"), times("", "</Error>", 60_000, "")...)},
		{name: "elements wide", text: fit("<Error><Code>A</Code>", "<a/>", "</Error>")},
		{name: "elements wide, as many as count", text: times("<Error><Code>A</Code>", "<a/>", 99_990, "</Error>")},
		{name: "distinct elements", text: distinct("<Error>", "<a%d/>", "</Error>", 90_000)},
		{name: "attributes", text: distinct("<Error", ` a%d="1"`, "><Code>A</Code></Error>", 90_000)},
		{name: "one long text", text: fit("<Error><Code>", "A", "</Code></Error>")},
		{name: "billion laughs", text: []byte(laughs())},
		{name: "external entity", text: []byte(`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Error><Code>&x;</Code></Error>`)},
		{name: "comments", text: fit("<Error><Code>A</Code>", "<!-- x -->", "</Error>")},
	}
	return all
}

func laughs() string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE lolz [<!ENTITY lol0 "lol">`)
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, `<!ENTITY lol%d "%s">`, i, strings.Repeat(fmt.Sprintf("&lol%d;", i-1), 10))
	}
	b.WriteString(`]><Error><Code>&lol9;</Code></Error>`)
	return b.String()
}

// wantedHostiles are bodies for the places of one catalog: lists that have as
// many elements as fit the limit and more, and each wanted member over and
// over.
func wantedHostiles(t *testing.T, v *vendor) []hostile {
	var all []hostile
	add := func(name string, tree any) {
		all = append(all, hostile{name: name, text: written(t, v, tree)})
	}
	lists := map[string]bool{}
	for _, place := range longestFirst(v.program.Tables.Places) {
		last := strings.LastIndex(place.Path, "[*]")
		if last < 0 || lists[place.Path[:last]] {
			continue // the list has been filled, with an element that has more in it
		}
		lists[place.Path[:last]] = true
		path := parsePath(t, place.Path)
		one := len(written(t, v, put(nil, path, "A", 1)))
		if strings.Count(place.Path, "[*]") > 1 {
			add("lists in lists of "+place.Path, put(nil, path, "A", 150))
			continue
		}
		add("a full list of "+place.Path, put(nil, path, "A", limit/one))
		if len(lists) == 1 {
			add("too long a list of "+place.Path, put(nil, path, "A", 1_000_000/4))
		}
	}
	if v.program.Tables.Format == support.JSON {
		var members []string
		for _, place := range longestFirst(v.program.Tables.Places) {
			if name := parsePath(t, place.Path)[0]; name.index < 0 && !name.each && name.is == "" {
				members = append(members, fmt.Sprintf(`%q:{"code":"A","message":"m","errors":[{"code":"B"}]}`, name.name))
			}
		}
		if len(members) > 0 {
			round := strings.Join(members, ",") + ","
			tail := `"end":1}`
			text := "{" + strings.Repeat(round, (limit-len(tail)-1)/len(round)) + tail
			all = append(all, hostile{name: "wanted members over and over", text: []byte(text)})
		}
	}
	return all
}

// A meter counts what is read through it.
type meter struct {
	io.Reader
	bytes, reads int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	m.bytes, m.reads = m.bytes+int64(n), m.reads+1
	return n, err
}

func (*meter) Close() error { return nil }

// taken is how many bytes f allocates, which is the most its heap can have
// grown by. As other goroutines allocate as well, and some things are made once
// for all responses, more than there may be is measured again.
func taken(most int64, f func()) int64 {
	least := int64(1<<63 - 1)
	for range 4 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		if least = min(least, int64(after.TotalAlloc-before.TotalAlloc)); least <= most {
			break
		}
	}
	return least
}

// sound fails unless an error is the vendor's, with the status, a class and a
// short text; it returns it.
func sound(t *testing.T, v *vendor, name string, status int, err error) *apierr.Error {
	t.Helper()
	var e *apierr.Error
	if !errors.As(err, &e) {
		t.Fatalf("%s, %s: no error of the vendor: %v", v.name, name, err)
	}
	if e.Vendor() != v.name || e.Status != status || len(e.Error()) > 1024 || len(e.Body) > 4<<10 {
		t.Errorf("%s, %s: vendor %s, status %d, a text of %d bytes", v.name, name, e.Vendor(), e.Status, len(e.Error()))
	}
	return e
}

// byStatus is the class of an error of which nothing but the status is known.
func byStatus(v *vendor, status int) string {
	return v.program.Tables.Decode(status, http.Header{}, nil, time.Now()).Class.String()
}

// TestHostileBodies holds for every vendor: whatever the body is, it is an
// error, takes bounded memory, no more than the limit and one byte is read of
// it, and it is whole afterwards.
func TestHostileBodies(t *testing.T) {
	common := hostiles()
	worst := map[int64]int64{} // by bound
	for _, v := range vendors(t) {
		decode := int64(decodeBound)
		if v.program.Tables.Format == support.XML {
			decode = xmlBound
		}
		for _, h := range append(wantedHostiles(t, &v), common...) {
			most := decode
			if h.long() || decode == decodeBound && strings.HasPrefix(string(h.text), "<") {
				most = readBound
			}
			var body *meter
			var resp *http.Response
			var err error
			took := taken(most, func() {
				body = &meter{Reader: h.reader()}
				resp = &http.Response{StatusCode: 503, Header: http.Header{}, Body: body, ContentLength: -1}
				err = v.check(resp)
			})
			worst[most] = max(worst[most], took)
			if took > most {
				t.Errorf("%s, %s: %d bytes were allocated, want at most %d", v.name, h.name, took, most)
			}
			e := sound(t, &v, h.name, 503, err)
			if h.long() {
				cutOff(t, &v, &h, e, body)
			} else {
				readWhole(t, &v, &h, e, body, resp)
			}
		}
	}
	t.Logf("the most that was allocated, in parts of the limit: %.2f for a long or foreign body, %.2f for JSON, %.2f for XML",
		float64(worst[readBound])/limit, float64(worst[decodeBound])/limit, float64(worst[xmlBound])/limit)
}

// cutOff fails unless no more than the limit was read, and only the status
// decides.
func cutOff(t *testing.T, v *vendor, h *hostile, e *apierr.Error, body *meter) {
	t.Helper()
	if body.bytes != limit+1 || !e.Truncated || e.Class.String() != byStatus(v, 503) || e.Code != "" || len(e.Items()) > 0 {
		t.Errorf("%s, %s: %d bytes were read, and made %v, truncated %t", v.name, h.name, body.bytes, e, e.Truncated)
	}
}

// readWhole fails unless all of a body was read, in a read for each piece that
// is as long as all before it, and is there to be read again.
func readWhole(t *testing.T, v *vendor, h *hostile, e *apierr.Error, body *meter, resp *http.Response) {
	t.Helper()
	if body.bytes != int64(len(h.text)) || body.reads > 16 || e.Truncated {
		t.Errorf("%s, %s: %d bytes of %d were read in %d reads, truncated %t", v.name, h.name, body.bytes, len(h.text), body.reads, e.Truncated)
	}
	if rest, err := io.ReadAll(resp.Body); !bytes.Equal(rest, h.text) || err != nil {
		t.Errorf("%s, %s: %d bytes are left, %v", v.name, h.name, len(rest), err)
	}
}

// TestSmallLimit holds the bounds for every catalog with a max_body of its own.
func TestSmallLimit(t *testing.T) {
	const limit = 32 << 10
	files, err := filepath.Glob(filepath.Join(catalogFolder, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogs: %v", err)
	}
	all := hostiles()
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, problems := spec.Load(file, append(source, "\nmax_body: 32KiB\n"...))
		if problems.Err() != nil {
			t.Fatal(problems)
		}
		for _, h := range all {
			for _, length := range []int64{-1, 1 << 40} {
				long := h.text == nil || len(h.text) > limit
				most := int64(64*limit + spare)
				if long {
					most = limit + ahead + spare
				}
				var body *meter
				took := taken(most, func() {
					body = &meter{Reader: h.reader()}
					err = p.Tables.Check(&http.Response{StatusCode: 400, Body: body, ContentLength: length})
				})
				var e *support.Error
				if !errors.As(err, &e) || e.Truncated != long || body.bytes > limit+1 || took > most {
					t.Errorf("%s, %s: %v, %d bytes were read and %d allocated", p.Vendor, h.name, err, body.bytes, took)
				}
			}
		}
	}
}
