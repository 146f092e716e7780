package checks

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/spec"
	support "github.com/errgen/errgen/templates/apierr"
)

// canary is what must not be seen outside. It is alone, or in one of the texts
// of canaries.
const canary = "qzxcanary"

// canaries are put in the place of one value of a response at a time. Those
// that may be printed look like a code or an id, and are so only where the
// catalog says that there is one.
var canaries = []struct {
	text     string
	core     string // what is looked for
	printed  bool   // as a code that no catalog lists
	asID     bool   // as a request's id
	asNumber bool
}{
	{text: canary, core: canary, printed: true, asID: true},
	{text: "91735246", core: "91735246", printed: true, asID: true, asNumber: true},
	{text: canary + " and words", core: canary},
	{text: `"` + canary + `"`, core: canary},
	{text: "https://" + canary + "@example.test/?k=" + canary, core: canary},
	{text: canary + strings.Repeat("x", 64), core: canary},
	{text: canary + "_4eC39HqLyjWDarjtT1zdp7dc", core: canary, asID: true},
}

// shown are all forms in which a value is printed, logged or marshalled.
func shown(t *testing.T, v any) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		out[verb] = fmt.Sprintf(verb, v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Errorf("%T: %v", v, err)
	}
	out["json.Marshal"] = string(text)
	var lines bytes.Buffer
	slog.New(slog.NewTextHandler(&lines, nil)).Error("failed", "err", v)
	slog.New(slog.NewJSONHandler(&lines, nil)).Error("failed", "err", v, slog.Group("g", slog.Any("err", v)))
	out["slog"] = lines.String()
	return out
}

// leaks returns the forms that show a canary, in letters or in hex.
func leaks(t *testing.T, v any, core string) []string {
	t.Helper()
	var out []string
	for form, text := range shown(t, v) {
		if strings.Contains(text, core) || strings.Contains(text, hex.EncodeToString([]byte(core))) {
			out = append(out, fmt.Sprintf("%T as %s: %s", v, form, text))
		}
	}
	return out
}

// A holder is what programs keep errors in.
type holder struct {
	Err    error
	Error  *apierr.Error
	Copy   apierr.Error
	Stop   error
	Items  []apierr.Item
	Limits []apierr.RateLimit
}

// views are the values under which a program sees an error.
func views(v *vendor, e *apierr.Error, resp *http.Response, core string) []any {
	policy := v.policy()
	decided := policy.Decide(context.Background(), apierr.Attempt{Attempts: 1, Method: http.MethodPost, Err: e}).Err(e)
	stop := &apierr.StopError{Decision: apierr.Decision{Reason: apierr.ReasonUsedUp}, Cause: e}
	failed := &url.Error{Op: "Post", URL: resp.Request.URL.String(), Err: io.ErrUnexpectedEOF}
	limits := v.limits(e.Header, core)
	return []any{
		e, *e, fmt.Errorf("call 7: %w", e), decided, stop, *stop, errors.Join(stop, e), e.Items(), limits,
		apierr.Decision{Reason: apierr.ReasonUsedUp}.Err(failed), fmt.Errorf("call 7: %w", &apierr.StopError{Cause: errors.Join(e, failed)}),
		holder{e, e, *e, stop, e.Items(), limits},
	}
}

// limits are the rate limits by the catalog. Their numbers are there to be
// seen: only what is no number in a header must not be.
func (v *vendor) limits(header http.Header, core string) []apierr.RateLimit {
	var out []apierr.RateLimit
	for _, l := range v.program.Tables.RateLimits(header, time.Now().Round(0)) {
		if !slices.Contains([]string{fmt.Sprint(l.Limit), fmt.Sprint(l.Remaining), fmt.Sprint(l.Used)}, core) {
			out = append(out, apierr.RateLimit{Name: l.Name, Limit: l.Limit, Remaining: l.Remaining, Used: l.Used, ResetAt: l.ResetAt})
		}
	}
	return out
}

// keepsSecret fails if a response with a canary in it makes an error that shows
// the canary where it must not.
func keepsSecret(t *testing.T, v *vendor, what string, resp *http.Response, core string, printed, asID bool) {
	t.Helper()
	err := v.check(resp)
	var e *apierr.Error
	if !errors.As(err, &e) {
		return // not every change of a success with an error in it leaves one
	}
	// What the catalog lets be printed: the code, the request's id, and the
	// codes of the items.
	allowed := printed && strings.Contains(e.Code, core) || asID && strings.Contains(e.RequestID, core) ||
		printed && slices.ContainsFunc(e.Items(), func(i apierr.Item) bool { return strings.Contains(i.Code, core) })
	if !allowed {
		for _, view := range views(v, e, resp, core) {
			for _, leak := range leaks(t, view, core) {
				t.Errorf("%s, %s: %s", v.name, what, leak)
			}
		}
	}
	if e.Details != nil {
		detailsKeepSecret(t, v, what, e, core)
	}
}

// detailsKeepSecret fails if typed details show a canary that is in none of
// the fields that may be shown: those that the catalog does not call sensitive.
func detailsKeepSecret(t *testing.T, v *vendor, what string, e *apierr.Error, core string) {
	t.Helper()
	details := reflect.ValueOf(e.Details).Elem()
	var open strings.Builder
	fields := slices.Clone(v.program.Common)
	if i := slices.IndexFunc(v.program.Parts, func(p spec.Part) bool { return p.Name == e.Entry() }); i >= 0 {
		own := v.program.Parts[i].Fields
		if len(own) > 0 && len(fields) > 0 {
			openFields(&open, details.FieldByName("Details"), fields, 0)
			openFields(&open, details, own, 1)
			fields = nil
		} else {
			fields = append(fields, own...)
		}
	}
	if fields != nil {
		openFields(&open, details, fields, 0)
	}
	if strings.Contains(open.String(), core) {
		return
	}
	for _, view := range []any{e.Details, details.Interface(), struct{ D any }{details.Interface()}, errors.Join(e.Details, e)} {
		if joined := fmt.Sprintf("%v", view); strings.Contains(joined, core) && strings.Contains(e.Error(), core) {
			continue // the code, which Error may show
		}
		for _, leak := range leaks(t, view, core) {
			t.Errorf("%s, %s: %s", v.name, what, leak)
		}
	}
}

// openFields writes the values of those fields of a struct that are not
// sensitive, from the given one on and in the catalog's order.
func openFields(b *strings.Builder, s reflect.Value, fields []spec.Field, from int) {
	for i := range fields {
		f := &fields[i]
		if f.Sensitive {
			continue
		}
		value := s.Field(from + i)
		switch {
		case len(f.Fields) == 0:
			text, _ := json.Marshal(value.Interface())
			fmt.Fprintf(b, "%v %d %s %s\n", value.Interface(), value.Interface(), value.Interface(), text)
		case f.Type == spec.TypeList:
			for j := range value.Len() {
				openFields(b, value.Index(j), f.Fields, 0)
			}
		default:
			openFields(b, value, f.Fields, 0)
		}
	}
}

// A planted is a response with a canary in one place of it.
type planted struct {
	where  string
	header http.Header
	body   []byte
}

// secretResponse is what a client gets, with secrets in the request that led
// to it.
func secretResponse(status int, p planted) *http.Response {
	req := &http.Request{
		Method: http.MethodPost,
		URL: &url.URL{
			Scheme: "https", User: url.UserPassword(canary, canary), Host: "api.example.test", Path: "/" + canary,
			RawQuery: "key=" + canary, Fragment: canary,
		},
		Header: http.Header{"Authorization": {"Bearer " + canary}, "Cookie": {canary}, "X-Api-Key": {canary}},
	}
	return &http.Response{
		Status: fmt.Sprint(status, " ", canary), StatusCode: status, Header: p.header, Trailer: http.Header{"X-End": {canary}},
		Body: io.NopCloser(bytes.NewReader(p.body)), ContentLength: int64(len(p.body)), Request: req,
	}
}

// plant returns a response with the canary in the place of each value in turn,
// beside each member, and as the name of each.
func plant(t *testing.T, v *vendor, header http.Header, body []byte, text string, asNumber bool) []planted {
	t.Helper()
	out := []planted{{"in the request", header, body}}
	for _, changed := range plantBody(t, v, body, text, asNumber) {
		changed.header = header
		out = append(out, changed)
	}
	names := map[string]bool{"Authorization": true, "Set-Cookie": true, "X-Api-Key": true, "Location": true, "Retry-After": true, "Www-Authenticate": true, "Date": true}
	for name := range header {
		names[name] = true
	}
	for _, place := range v.program.Tables.Places {
		if place.Header != "" {
			names[place.Header] = true
		}
	}
	for name := range maps.Keys(names) {
		for _, value := range []string{text, `Bearer error="` + text + `", error_description="` + text + `"`, "code=" + text + "; " + text} {
			changed := maps.Clone(header)
			changed[name] = []string{value}
			out = append(out, planted{"in the header " + name, changed, body})
		}
	}
	return out
}

func plantBody(t *testing.T, v *vendor, body []byte, text string, asNumber bool) []planted {
	t.Helper()
	if v.program.Tables.Format == support.XML {
		return plantXML(body, text)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var tree any
	if d.Decode(&tree) != nil {
		return []planted{{"instead of the body", nil, []byte(text)}}
	}
	var leaf any = text
	if asNumber {
		leaf = json.Number(text)
	}
	var out []planted
	var walk func(node any, where string, set func(any))
	walk = func(node any, where string, set func(any)) {
		plantHere := func(value any) {
			set(value)
			changed, err := json.Marshal(tree)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, planted{where: "at " + where, body: changed})
			set(node)
		}
		switch node := node.(type) {
		case map[string]any:
			for name, child := range node {
				walk(child, where+"."+name, func(value any) { node[name] = value })
			}
			added := maps.Clone(node)
			added[text] = leaf
			plantHere(added)
			for name := range node {
				renamed := maps.Clone(node)
				delete(renamed, name)
				renamed[text] = node[name]
				plantHere(renamed)
			}
		case []any:
			for i, child := range node {
				walk(child, fmt.Sprintf("%s[%d]", where, i), func(value any) { node[i] = value })
			}
			plantHere(append(slices.Clone(node), leaf))
		default:
			plantHere(leaf)
		}
	}
	walk(tree, "$", func(value any) { tree = value })
	return out
}

var xmlText = regexp.MustCompile(`>[^<]*<|="[^"]*"`)

// plantXML puts the canary into each text between tags and each attribute.
func plantXML(body []byte, text string) []planted {
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;").Replace(text)
	var out []planted
	for _, at := range xmlText.FindAllIndex(body, -1) {
		changed := slices.Concat(body[:at[0]+1], []byte(escaped), body[at[1]-1:])
		if body[at[0]] == '=' {
			changed = slices.Concat(body[:at[0]+2], []byte(escaped), body[at[1]-1:])
		}
		out = append(out, planted{where: fmt.Sprintf("at byte %d", at[0]), body: changed})
	}
	return out
}

// TestSecrets holds for every vendor and every recorded response, and for one
// that has something at every place of the catalog: nothing that is printed,
// logged or marshalled of an error shows anything of the response or the
// request but a code and a request's id, and those only if they look like it.
func TestSecrets(t *testing.T) {
	n := 0
	for _, v := range vendors(t) {
		cases := append(slices.Clone(v.cases), example{
			Name: "everywhere", Status: 400, Body: string(written(t, &v, everywhere(t, &v, "text"))),
		})
		tried := map[string]bool{}
		for _, ex := range cases {
			entry := v.decode(ex.Status, ex.header(), []byte(ex.Body), ex.now()).Entry()
			for i, c := range canaries {
				for _, p := range plant(t, &v, ex.header(), []byte(ex.Body), c.text, c.asNumber) {
					// Another case of the same entry shows nothing new there.
					if key := fmt.Sprint(i, ex.Status, entry, p.where); !tried[key] {
						tried[key] = true
						n++
						keepsSecret(t, &v, ex.Name+" "+p.where, secretResponse(ex.Status, p), c.core, c.printed, c.asID)
					}
				}
			}
		}
		if t.Failed() {
			t.Fatalf("%s leaks", v.name)
		}
	}
	t.Logf("%d responses", n)
}
