package replay

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/errgen/errgen/spec"
	"github.com/errgen/errgen/templates/apierr"
)

// A broken response is one that no vendor means to send, with what the server
// asks to wait by the header Retry-After, if it does.
type broken struct {
	Response
	wait *int64 // in milliseconds
}

// brokenResponses are the recorded ones, and those that JSON cannot hold or
// that are too long for it.
func brokenResponses(t *testing.T) []broken {
	t.Helper()
	src, err := os.ReadFile("../catalogs/testdata/broken/proxy-and-broken.json")
	if err != nil {
		t.Fatal(err)
	}
	var lines []json.RawMessage
	if err := json.Unmarshal(src, &lines); err != nil || len(lines) == 0 {
		t.Fatalf("%d cases, %v", len(lines), err)
	}
	var all []broken
	for _, line := range lines {
		var c recorded
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		var one bytes.Buffer
		if err := json.Compact(&one, line); err != nil {
			t.Fatal(err)
		}
		for r, err := range Read(&one, now) {
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			all = append(all, broken{r, c.Expect.RetryAfterMS})
		}
	}
	for name, body := range map[string]string{
		"UTF-16":            "\xff\xfe{\x00}\x00",
		"invalid UTF-8":     `{"zzz":"` + "\xc3\x28\xff" + `"}`,
		"gzip":              "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff",
		"zeros":             strings.Repeat("\x00", 5000),
		"deep lists":        strings.Repeat("[", 100_000),
		"deep objects":      strings.Repeat(`{"error":`, 20_000) + "1" + strings.Repeat("}", 20_000),
		"deep elements":     strings.Repeat("<Error>", 20_000) + "1" + strings.Repeat("</Error>", 20_000),
		"longer than read":  `{"code":"A","error":"A","pad":"` + strings.Repeat("x", apierr.MaxBody) + `"}`,
		"HTML without end":  "<!DOCTYPE html><html>" + strings.Repeat("<p>down", 200_000),
		"entities of a DTD": `<!DOCTYPE a [<!ENTITY x "xxxxxxxx">]><Error><Code>&x;&x;</Code></Error>`,
	} {
		for _, status := range []int{400, 429, 500} {
			all = append(all, broken{Response{Name: name, Status: status, Header: http.Header{}, Body: []byte(body), Method: "GET", Now: now}, nil})
		}
	}
	return all
}

// TestBroken holds for every catalog: a response that the vendor did not mean
// to send is an error without a code, whose class comes of its status, whose
// wait comes of its headers, and which keeps the start of the body.
func TestBroken(t *testing.T) {
	responses := brokenResponses(t)
	for _, dir := range []string{"../catalogs", "../testdata/vendors"} {
		eachCatalog(t, dir, func(t *testing.T, p *spec.Program, _ string) {
			for _, r := range responses {
				for _, bad := range brokenMismatches(p, r) {
					t.Errorf("%s, status %d: %s", r.Name, r.Status, bad)
				}
			}
		})
	}
}

func brokenMismatches(p *spec.Program, r broken) (bad []string) {
	check := func(what string, ok bool) {
		if !ok {
			bad = append(bad, what)
		}
	}
	rep := Run(p, r.Response)
	if !rep.IsError {
		return []string{"it is no error"}
	}
	e := rep.err
	class, delay := byStatus(p, e)
	wait := asked(p, e, delay, r.wait)
	check("it has the code "+e.Code, rep.Code == nil && !rep.Known)
	check("it has the message "+e.Message, rep.Message == nil)
	check("it has items", len(rep.Items) == 0)
	check("its class is "+*rep.Class, e.Class == class)
	check("its status is lost", e.Status == r.Status)
	check("its headers are lost", maps.EqualFunc(e.Header, r.Header, slices.Equal))
	check("the start of its body is lost", len(e.Body) >= min(len(r.Body), 1<<10) && strings.HasPrefix(string(r.Body), e.Body))
	check("its wait is another", sameMS(rep.WaitMS, wait))
	return append(bad, checkMismatches(p, r, e)...)
}

// checkMismatches compares what Check makes of the response with what was made
// of it, and holds that the whole body can still be read.
func checkMismatches(p *spec.Program, r broken, want *apierr.Error) (bad []string) {
	resp := &http.Response{StatusCode: r.Status, Header: r.Header, Body: io.NopCloser(bytes.NewReader(r.Body)), ContentLength: -1}
	var e *apierr.Error
	if !errors.As(p.Tables.Check(resp), &e) {
		return []string{"Check finds no error"}
	}
	if e.Entry() != want.Entry() || e.Outcome != want.Outcome || e.Body != want.Body || e.Truncated != want.Truncated {
		bad = append(bad, "Check makes something else of it")
	}
	if rest, err := io.ReadAll(resp.Body); err != nil || !bytes.Equal(rest, r.Body) {
		bad = append(bad, "its body is not put back")
	}
	return bad
}

// byStatus are the class and the waits that an error has by its status: those
// of an entry that claims it without a code, else those of the catalog's row,
// else the status's own class and the catalog's waits.
func byStatus(p *spec.Program, e *apierr.Error) (apierr.Class, *apierr.Delay) {
	if entry, ok := p.Tables.Entry(e.Entry()); ok && entry.Code == "" {
		return entry.Outcome.Class, cmp.Or(entry.Delay, &p.Tables.Delay)
	}
	for _, rule := range p.Tables.Rules {
		if rule.From <= e.Status && e.Status <= rule.To {
			return rule.Outcome.Class, cmp.Or(rule.Delay, &p.Tables.Delay)
		}
	}
	return apierr.ClassOf(e.Status), &p.Tables.Delay
}

// asked is the wait that a catalog reads from such a response: that of
// Retry-After, when the error can be retried and the header is one of its
// sources.
func asked(p *spec.Program, e *apierr.Error, delay *apierr.Delay, wait *int64) *int64 {
	reads := slices.ContainsFunc(delay.Sources, func(s apierr.Source) bool { return p.Tables.Places[s.At].Header == "Retry-After" })
	if e.Retry == apierr.Never || !reads {
		return nil
	}
	return wait
}

func sameMS(a, b *int64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// TestBrokenMismatches holds that the comparison can fail: a body that says
// something is not broken.
func TestBrokenMismatches(t *testing.T) {
	p := acme(t)
	r := broken{Response{Status: 429, Header: http.Header{"Retry-After": {"3"}}, Body: []byte(`{"error":{"code":"LIMITED","message":"m"}}`), Now: time.Now()}, nil}
	if bad := brokenMismatches(p, r); len(bad) < 3 {
		t.Errorf("a good response passes for broken: %q", bad)
	}
}
