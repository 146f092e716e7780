package checks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/spec/replay"
)

// FuzzAgree: whatever a server answers, under every catalog, the generated
// package and the catalog make the same of it, and what is logged of the error
// shows nothing of the answer but what looks like an identifier.
func FuzzAgree(f *testing.F) {
	all := vendors(f)
	for _, v := range all {
		for _, ex := range v.cases {
			var lines []string
			for name, values := range ex.header() {
				lines = append(lines, name+": "+values[0])
			}
			slices.Sort(lines)
			f.Add(uint16(ex.Status-100), strings.Join(lines, "\n"), []byte(ex.Body), ex.now().Unix())
		}
	}
	f.Add(uint16(329), "Retry-After: 1e9\nX-Rate-Limit-Reset: 253402300800\nX-RateLimit-Reset: -1", []byte(`{"error":{"code":"secret words","details":{"retry_after":1e400}}}`), int64(0))
	long := strings.Repeat("A", 65)
	f.Add(uint16(300), "", []byte(`{"code":"`+long+`","error":{"code":"`+long+`"}}`), int64(0))
	f.Add(uint16(300), "", []byte(`{"code":"sk_live_4eC39HqLyjWDarjtT1zdp7dc","error":{"code":"InvalidOAuth2TokenProviderException"}}`), int64(0))
	f.Add(uint16(300), "Content-Type: text/html", []byte(`<html>secret`), int64(1<<40))
	f.Fuzz(func(t *testing.T, status uint16, lines string, body []byte, unix int64) {
		r := replay.Response{
			Status: 100 + int(status)%900,
			Header: parseHeader(lines), Body: body, Method: http.MethodPost,
			Now: time.Unix(unix%(1<<38), 0),
		}
		for i := range all {
			v := &all[i]
			rep, e := agree(t, v, r)
			if _, err := rep.JSON(); err != nil {
				t.Errorf("%s: the command has no JSON for it: %v", v.name, err)
			}
			if e != nil {
				checkLogged(t, v, e)
			}
		}
	})
}

// parseHeader reads lines of names and values, without looking at what they
// hold.
func parseHeader(lines string) http.Header {
	h := http.Header{}
	for _, line := range strings.Split(lines, "\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			h.Add(name, value)
		}
	}
	return h
}

var (
	identifier = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
	wordsOf    = regexp.MustCompile(`[A-Z]+[a-z]*|[a-z]+|[0-9]+`)
	lettersOf  = regexp.MustCompile(`[A-Za-z]+`)
	numbersOf  = regexp.MustCompile(`[0-9]+`)
	marked     = regexp.MustCompile(`^(A[KS]IA|AIza|eyJ|gh[pousr]_|github_pat_|glpat-|npm_|pypi-|[srp]k_(live|test)_|sk-|whsec_|xox[abprs]-|SG\.|dop_v1_|shpat_)`)
	mixed      = regexp.MustCompile(`[0-9]|[a-z].*[A-Z]|[A-Z].*[a-z]`)
)

// likeCode reports whether a code may be printed though no catalog lists it:
// an identifier that is no key or token.
func likeCode(s string) bool {
	digits, letters := strings.Join(numbersOf.FindAllString(s, -1), ""), strings.Join(lettersOf.FindAllString(s, -1), "")
	size, words, numbers := len(digits)+len(letters), len(wordsOf.FindAllString(s, -1)), len(numbersOf.FindAllString(s, -1))
	short := mixed.MatchString(s) && float64(size)/float64(max(words, 1)) < 3.5
	return identifier.MatchString(s) && !marked.MatchString(s) && len(digits) <= 10 && (size < 16 || numbers < 4 && !short)
}

// logged are the fields that JSON and slog show of an error.
type logged struct {
	Vendor    string
	Entry     string
	Code      string
	Status    int
	Class     string
	Retry     string
	RetryAt   *time.Time `json:"retry_at"`
	RequestID string     `json:"request_id"`
}

// checkLogged fails if a form of an error that may be logged shows more of the
// response than its status and what looks like an identifier.
func checkLogged(t *testing.T, v *vendor, e *apierr.Error) {
	t.Helper()
	safe := ""
	if entry, ok := v.program.Tables.Entry(e.Entry()); likeCode(e.Code) || ok && entry.Code == e.Code {
		safe = e.Code
	}
	line := v.name + ": " + strings.TrimSpace(e.Entry())
	if e.Entry() == "" {
		line += e.Class.String()
	}
	line += " (" + strings.TrimSpace(strconv.Itoa(e.Status)+" "+safe) + ")"
	if entry, ok := v.program.Tables.Entry(e.Entry()); ok {
		line += ": " + entry.Meaning
	} else if text := http.StatusText(e.Status); text != "" {
		line += ": " + text
	}
	for _, format := range []string{"%v", "%+v", "%s", "%#v"} {
		if got := fmt.Sprintf(format, e); got != line {
			t.Errorf("%s is %q, want %q", format, got, line)
		}
	}
	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Error("failed", "err", e)
	var record struct {
		Time, Level, Msg string
		Err              json.RawMessage
	}
	strictly(t, b.Bytes(), &record)
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range [][]byte{record.Err, text} {
		var got logged
		strictly(t, form, &got)
		id := ""
		if identifier.MatchString(e.RequestID) {
			id = e.RequestID
		}
		want := logged{v.name, e.Entry(), safe, e.Status, e.Class.String(), e.Retry.String(), got.RetryAt, id}
		if got != want || got.RetryAt != nil && !got.RetryAt.Equal(e.RetryAt()) {
			t.Errorf("%s shows %+v, want %+v", form, got, want)
		}
	}
}

// strictly decodes JSON that may have no other fields than v.
func strictly(t *testing.T, data []byte, v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
}
