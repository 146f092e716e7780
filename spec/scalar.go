package spec

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/errgen/errgen/templates/apierr"
)

// scalar is the shape of a single value. parse gets its text as it stands in
// the file, so that 017 and 1e3 stay what the author wrote, and returns what
// is wrong with it. looks tells an editor, which has already made a number or
// a boolean of some texts, what it may expect.
func scalar[T any](what, rule string, looks form, parse func(s string) (T, error)) shape[T] {
	looks.what = what
	return shapeOf(looks, func(r *reader, n *yaml.Node, v *T) bool {
		if !r.kind(n, yaml.ScalarNode, what) {
			return false
		}
		if n.Tag == "!!null" {
			mend := "give a value or remove the key"
			if n.Value != "" {
				mend = fmt.Sprintf("put %s in quotes if it is the text, else remove the key", n.Value)
			}
			r.report(posOf(n), "wrong-type", fmt.Sprintf("this must be %s, not nothing", what), mend)
			return false
		}
		got, err := parse(n.Value)
		if err != nil {
			r.report(posOf(n), rule, fmt.Sprintf("%q is not %s", clip(n.Value), what), err.Error())
			return false
		}
		*v = got
		return true
	})
}

// looksLike is the form of a text that a regular expression describes in full:
// one that Go and JavaScript read alike, without any class of Unicode.
func looksLike(expr string) form {
	return form{types: []string{"string"}, pattern: "^(?:" + expr + ")$"}
}

// looksFree is the form of a text that may look like something else to YAML.
func looksFree(pattern string) form {
	return form{types: []string{"string", "number", "boolean"}, pattern: pattern, brief: "a text"}
}

// looksNumeric is the form of a number within bounds, which may be in quotes.
// The name is for the reference page; where it is empty, what the shape is
// called says enough.
func looksNumeric(kind, name, expr string, low, high float64) form {
	f := looksLike(expr)
	f.types, f.low, f.high = []string{kind, "string"}, low, high
	if name != "" {
		f.brief = fmt.Sprintf("%s from %.0f to %.0f", name, low, high)
	}
	return f
}

// clip shortens a value for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return s
}

// text is the shape of a text that is not empty.
func text(what string) shape[string] {
	return scalar(what, "bad-value", looksFree(`\S`), func(s string) (string, error) {
		if strings.TrimSpace(s) == "" {
			return "", fmt.Errorf("write some text or remove the key")
		}
		return strings.TrimRight(s, "\n"), nil
	})
}

// raw is the shape of a text that counts to the last character and may be
// empty.
func raw(what string) shape[string] {
	return scalar(what, "bad-value", looksFree(""), func(s string) (string, error) { return s, nil })
}

// pattern is the shape of a text that a regular expression describes.
func pattern(what, expr, mend string) shape[string] {
	looks := looksLike(expr)
	re := regexp.MustCompile(looks.pattern)
	return scalar(what, "bad-value", looks, func(s string) (string, error) {
		if !re.MatchString(s) {
			return "", fmt.Errorf("%s", mend)
		}
		return s, nil
	})
}

// choice is the shape of one of a few words, with what each means.
func choice[T any](what string, words []string, meanings map[string]string, parse func(string) (T, bool)) shape[T] {
	looks := form{types: []string{"string"}, words: words, meanings: meanings}
	return scalar(what, "bad-value", looks, func(s string) (T, error) {
		v, ok := parse(s)
		if !ok {
			return v, fmt.Errorf("%s", Suggest(s, words))
		}
		return v, nil
	})
}

// word is the shape of one of a few words that stay words.
func word(what string, words ...string) shape[string] {
	return choice(what, words, nil, func(s string) (string, bool) { return s, slices.Contains(words, s) })
}

// whole is the shape of a whole number within bounds.
func whole(what, rule string, low, high int) shape[int] {
	looks := looksNumeric("integer", "a whole number", `0|[1-9]\d*`, float64(low), float64(high))
	return scalar(what, rule, looks, func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < low || n > high || strconv.Itoa(n) != s {
			return 0, fmt.Errorf("give a whole number from %d to %d", low, high)
		}
		return n, nil
	})
}

// Bounds of how much of a body is read: less could not hold an error, and more
// is no error any more.
const (
	minBodySize = 1 << 10
	maxBodySize = 64 << 20
)

// bodySize is the shape of a number of bytes, plain or in units of 1024 or
// 1024² (IEC 80000-13).
var bodySize = scalar("a size from 1KiB to 64MiB", "bad-value", looksNumeric("integer", "", `[1-9]\d*(?:[KM]iB)?`, minBodySize, maxBodySize), func(s string) (int, error) {
	digits, unit := s, 1
	switch {
	case strings.HasSuffix(s, "KiB"):
		digits, unit = s[:len(s)-3], 1<<10
	case strings.HasSuffix(s, "MiB"):
		digits, unit = s[:len(s)-3], 1<<20
	}
	n, err := strconv.Atoi(digits)
	if err != nil || strconv.Itoa(n) != digits || n > maxBodySize/unit || n*unit < minBodySize {
		return 0, fmt.Errorf("give a number of bytes, alone or with KiB or MiB: 65536, 256KiB, 4MiB")
	}
	return n * unit, nil
})

var boolean = scalar("true or false", "bad-value", form{types: []string{"boolean", "string"}, pattern: "^(?:true|false)$"}, func(s string) (bool, error) {
	if s != "true" && s != "false" {
		return false, fmt.Errorf("write true or false")
	}
	return s == "true", nil
})

var duration = scalar("a duration", "bad-duration", looksLike(durationForm), parseDuration).named("duration",
	"A length of time: numbers with their units h, m, s, ms, us (also µs) or ns, without a sign.", "1m30s")

const durationForm = `(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+`

func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch _, numErr := strconv.ParseFloat(s, 64); {
	case numErr == nil:
		return 0, fmt.Errorf("add the unit: %ss or %sms", s, s)
	case err != nil:
		return 0, fmt.Errorf("write a number with its unit: 250ms, 30s, 5m, 1h30m")
	case d < 0 || strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-"):
		return 0, fmt.Errorf("durations have no sign")
	}
	return d, nil
}

// instant is the shape of a point in time.
var instant = scalar("an instant", "bad-value", looksLike(dayForm+`T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)`), func(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || s[len("2026-04-01T00")] != ':' { // package time takes an hour of one digit
		return t, fmt.Errorf("write it as RFC 3339 has it: 2026-04-01T00:00:00Z")
	}
	return t, nil
})

const dayForm = `\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`

var day = scalar("a day", "bad-value", looksLike(dayForm), func(s string) (string, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("write it as year-month-day: 2026-11-21")
	}
	return s, nil
})

const percentForm = `0*(?:100(?:\.0*)?|[1-9]\d?(?:\.\d*)?|\.\d*[1-9]\d*)%`

// percent is the shape of a part of a whole, written 20%; its value is 0.2.
var percent = scalar("a percentage", "bad-value", looksLike(percentForm), func(s string) (float64, error) {
	digits, ok := strings.CutSuffix(s, "%")
	n, err := strconv.ParseFloat(digits, 64)
	if !ok || err != nil || !(n > 0 && n <= 100) || strings.ContainsAny(digits, "eExX_+") {
		return 0, fmt.Errorf("write a number above 0 and up to 100 with the sign: 20%%")
	}
	return n / 100, nil
})

// httpsURL is the shape of a link that may go into published pages.
var httpsURL = pattern("an https link", `https://[^\s"'<>\\^`+"`"+`{}|]+`, "begin it with https:// and escape what a URL may not have")

// headerName is the shape of a header's name (RFC 9110, section 5.1).
var headerName = pattern("a header's name", tokenForm, "write it as the vendor sends it: Retry-After")

// tokenForm is what names of headers, schemes and parameters are made of (RFC
// 9110, section 5.6.2).
const tokenForm = "[A-Za-z0-9!#$%&'*+.^_`|~-]+"

// structuredForm is what keys of Dictionaries, and parameters in structured fields,
// are made of (RFC 9651, section 3.1.2).
const structuredForm = "[a-z*][a-z0-9_.*-]*"

// goName is the shape of an exported Go identifier.
var goName = pattern("an exported Go name", `[A-Z][A-Za-z0-9]*`, "begin with a capital, letters and digits only: RateLimited")

// A Range is a range of statuses, both ends included.
type Range struct{ From, To int }

// Span is a length of time without needless zeros: 1h, not 1h0m0s.
func Span(d time.Duration) string {
	text := d.String()
	for _, end := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, end) {
			text = text[:len(text)-2]
		}
	}
	return text
}

// status is the shape of one HTTP status (RFC 9110, section 15).
var status = scalar("an HTTP status", "bad-status", looksNumeric("integer", "", `[1-5]\d\d`, 100, 599), func(s string) (int, error) {
	n, err := strconv.Atoi(s)
	switch {
	case statusForm.MatchString(s) && err != nil:
		return 0, fmt.Errorf("name the statuses one by one; only conditions take a range")
	case err != nil || n < 100 || n > 599 || strconv.Itoa(n) != s:
		return 0, fmt.Errorf("%s", meantStatus(s))
	}
	return n, nil
})

// meantStatus says how to write a status that somebody has written with its name,
// by its name alone, or several in one text.
func meantStatus(s string) string {
	var numbers []string
	for n := 100; n <= 599; n++ {
		if name := http.StatusText(n); name != "" && strings.EqualFold(name, s) {
			return fmt.Sprintf("write its number, %d", n)
		}
	}
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '/' }) {
		if m := statusForm.FindStringSubmatch(word); m != nil && m[2] == word {
			numbers = append(numbers, word)
		}
	}
	switch len(numbers) {
	case 0:
		return "statuses go from 100 to 599; an entry whose status is not documented goes without"
	case 1:
		return "write its number alone, " + numbers[0]
	}
	return "write a list, [" + strings.Join(numbers, ", ") + "]"
}

var statusForm = regexp.MustCompile(`^([1-5])xx$|^([1-5]\d\d)(?:-([1-5]\d\d))?$`)

// statuses is the shape of a status or a range of statuses.
var statuses = scalar("a status such as 429, 5xx or 500-504", "bad-status",
	looksNumeric("integer", "", `[1-5]xx|[1-5]\d\d(?:-[1-5]\d\d)?`, 100, 599), parseRange)

func parseRange(s string) (Range, error) {
	m := statusForm.FindStringSubmatch(s)
	switch {
	case m == nil:
		return Range{}, fmt.Errorf("statuses go from 100 to 599, and classes from 1xx to 5xx")
	case m[1] != "":
		n, _ := strconv.Atoi(m[1])
		return Range{n * 100, n*100 + 99}, nil
	}
	from, _ := strconv.Atoi(m[2])
	to := from
	if m[3] != "" {
		to, _ = strconv.Atoi(m[3])
	}
	if to < from {
		return Range{}, fmt.Errorf("put the smaller status first")
	}
	return Range{from, to}, nil
}

// path is the shape of a place in a body.
var path = shapeOf(form{what: "a path such as $.error.code", brief: "a path", types: []string{"string"}, pattern: pathPattern}, func(r *reader, n *yaml.Node, v *apierr.Path) bool {
	if !r.kind(n, yaml.ScalarNode, "a path such as $.error.code") {
		return false
	}
	return r.path(n, n.Value, v)
}).named("path", "A place in a body: $ is the whole body, @ what the envelope's root, an item or an inner error is; "+
	"then .name, ['any name'], [0], [*], ..name or [?@.name=='text'].", "$.error.code")

// path reads a path and puts a problem's column on the character at fault.
func (r *reader) path(n *yaml.Node, s string, v *apierr.Path) bool {
	p, err := apierr.ParseRelativePath(s)
	if err == nil {
		*v = p
		return true
	}
	at, mend := posOf(n), err.Error()
	var bad *apierr.PathError
	if errors.As(err, &bad) {
		mend = bad.Text
		at.Col += r.columns(n, s[:bad.Offset])
	}
	r.report(at, "bad-path", fmt.Sprintf("%q is not a path", clip(s)), mend)
	return false
}

// maxLine is how long a line may be for columns to be counted in it.
const maxLine = 4096

// columns is how far from the first character of a scalar the one stands that
// follows the part before of its text; zero where the file writes that part in
// another way, over several lines for example.
func (r *reader) columns(n *yaml.Node, before string) int {
	written := before
	switch n.Style {
	case yaml.SingleQuotedStyle:
		written = "'" + strings.ReplaceAll(before, "'", "''")
	case yaml.DoubleQuotedStyle:
		written = `"` + before
	}
	if n.Line < 1 || n.Line > len(r.lines) || len(r.lines[n.Line-1]) > maxLine {
		return 0
	}
	line := []rune(string(r.lines[n.Line-1]))
	if !strings.HasPrefix(string(line[min(max(n.Column-1, 0), len(line)):]), written) {
		return 0
	}
	return utf8.RuneCountInString(written)
}
