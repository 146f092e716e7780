package checks

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/forlena"
	"github.com/errgen/errgen/out/forlena/forlenatest"
	"github.com/errgen/errgen/out/genesys"
)

// newClient and pace are in the README and send in the page of gen/clients;
// TestReadme holds them together.

// newClient returns a client that sends requests again as the vendor advises.
func newClient(token func() string) *http.Client {
	transport := forlena.Policy().Transport(http.DefaultTransport)
	transport.AttemptTimeout = 10 * time.Second
	transport.Budget = new(apierr.Budget)
	transport.Authorize = func(req *http.Request) error {
		req.Header.Set("Authorization", "Bearer "+token())
		return nil
	}
	transport.OnAttempt = func(ctx context.Context, r apierr.Report) {
		slog.DebugContext(ctx, "forlena", "attempt", r)
	}
	return &http.Client{Transport: transport}
}

// send sends a request, and again as the vendor advises.
func send(ctx context.Context, client *http.Client, req *http.Request) (*http.Response, error) {
	policy := forlena.Policy() // a plain value: change what you like
	a := apierr.AttemptOf(req)
	for {
		resp, err := client.Do(req)
		if err == nil {
			if err = forlena.Check(resp); err == nil {
				return resp, nil
			}
			resp.Body.Close() // err has what is worth keeping
		}
		a.Attempts, a.Err = a.Attempts+1, err
		d := policy.Decide(ctx, a)
		if d.Action != apierr.ActionRetry {
			return nil, d.Err(err)
		}
		select {
		case <-time.After(d.Delay):
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		}
		if req.GetBody != nil {
			if req.Body, err = req.GetBody(); err != nil {
				return nil, err
			}
		}
	}
}

// pace returns how long to wait before the next request, so that what is left
// of a window that is nearly used up lasts until it ends.
func pace(header http.Header, now time.Time) time.Duration {
	var wait time.Duration
	for _, window := range genesys.RateLimits(header, now) {
		if window.Warning() > 0 { // below a level that the catalog sets
			wait = max(wait, window.ResetAt.Sub(now)/time.Duration(max(window.Remaining, 0)+1))
		}
	}
	return wait
}

func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	here, err := os.ReadFile("readme_test.go")
	if err != nil {
		t.Fatal(err)
	}
	clients, err := os.ReadFile("../clients/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for begins, page := range map[string][]byte{"// newClient returns": readme, "// pace returns how": readme, "// send sends a request, ": clients} {
		snippet := regexp.MustCompile(`(?s)` + begins + `.*?\n}\n`).Find(here)
		if snippet == nil || !bytes.Contains(page, snippet) {
			t.Errorf("the page's code is not what is tested:\n%s", snippet)
		}
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[apierr.Transport]()) {
		if field.IsExported() && !bytes.Contains(readme, []byte("\n| `"+field.Name+"` |")) {
			t.Errorf("the README's table does not have the Transport's %s", field.Name)
		}
	}
}

func TestReadmeClient(t *testing.T) {
	token := func() string { return "t" }
	url, bodies := server(t, soon, soon, http.NotFoundHandler())
	resp, err := newClient(token).Post(url, "text/plain", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := forlena.Check(resp); !errors.Is(err, apierr.NotFound) {
		t.Errorf("the error is %v", err)
	}
	if got := strings.Join(bodies(), ","); got != "hello,hello,hello" {
		t.Errorf("the server got %q", got)
	}

	url, _ = server(t, forlenatest.Handler(forlena.InternalError))
	resp, err = newClient(token).Post(url, "text/plain", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var stop *apierr.StopError
	if err := forlena.Check(resp); !errors.As(err, &stop) || stop.Decision.Reason != apierr.ReasonMayHaveActed {
		t.Errorf("the error is %v", err)
	}
}

// server answers with the handlers in turn, the last for ever, and keeps the
// bodies that it was sent.
func server(t *testing.T, answers ...http.Handler) (url string, bodies func() []string) {
	t.Helper()
	var got []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got = append(got, string(b))
		answers[min(len(got), len(answers))-1].ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() []string { return got }
}

// soon is a throttled answer that asks for a moment only.
var soon = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Retry-After", "0.01")
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = io.WriteString(w, `{"error":"m","code":"RATE_LIMITED"}`)
})

func TestReadmeLoopSendsTheBodyAgain(t *testing.T) {
	url, bodies := server(t, soon, soon, http.NotFoundHandler())
	req, _ := http.NewRequest(http.MethodPost, url, strings.NewReader("hello"))
	_, err := send(t.Context(), http.DefaultClient, req)
	if !errors.Is(err, apierr.NotFound) {
		t.Errorf("the error is %v", err)
	}
	if got := strings.Join(bodies(), ","); got != "hello,hello,hello" {
		t.Errorf("the server got %q", got)
	}
}

func TestReadmeLoopStops(t *testing.T) {
	url, bodies := server(t, soon)
	req, _ := http.NewRequest(http.MethodPost, url, io.NopCloser(strings.NewReader("hello")))
	_, err := send(t.Context(), http.DefaultClient, req)
	if !errors.Is(err, forlena.RateLimited) || len(bodies()) != 1 {
		t.Errorf("a body that is spent: %v after %d requests", err, len(bodies()))
	}

	url, bodies = server(t, forlenatest.Handler(forlena.InternalError))
	req, _ = http.NewRequest(http.MethodPost, url, strings.NewReader("hello"))
	_, err = send(t.Context(), http.DefaultClient, req)
	if !errors.Is(err, forlena.InternalError) || len(bodies()) != 1 {
		t.Errorf("a POST that may have been carried out: %v after %d requests", err, len(bodies()))
	}

	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	url, _ = server(t, forlenatest.Handler(forlena.RateLimited)) // asks for 60 s
	req, _ = http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	start := time.Now()
	_, err = send(ctx, http.DefaultClient, req)
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, forlena.RateLimited) || time.Since(start) > 150*time.Millisecond {
		t.Errorf("a wait past the deadline: %v after %s", err, time.Since(start))
	}
}

func TestReadmePace(t *testing.T) {
	now := time.Date(2026, time.April, 1, 12, 0, 0, 0, time.UTC)
	reset := strconv.FormatInt(now.Add(time.Minute).Unix(), 10)
	for _, test := range []struct {
		remaining, limit, reset string
		wait                    time.Duration
	}{
		{"100", "100", reset, 0},
		{"20", "100", reset, 0},
		{"19", "100", reset, 3 * time.Second},
		{"0", "100", reset, time.Minute},
		{"", "100", reset, 0},
		{"1", "", reset, 0},
		{"1", "100", "", 0},
	} {
		header := http.Header{}
		for name, value := range map[string]string{"Limit": test.limit, "Remaining": test.remaining, "Reset": test.reset} {
			if value != "" {
				header.Set("X-Rate-Limit-"+name, value)
			}
		}
		if got := pace(header, now); got != test.wait {
			t.Errorf("%+v: %s", test, got)
		}
	}
	if pace(nil, now) != 0 {
		t.Error("without a header it waits")
	}
}
