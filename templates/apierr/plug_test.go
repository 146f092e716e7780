package apierr

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// shopPolicy is the shop's policy without jitter.
func shopPolicy() Policy {
	p := shop.Policy()
	p.Rand = noJitter
	return p
}

// refusal is a response as net/http returns it.
func refusal(method string, status int, code, retryAfter string) *http.Response {
	req := httptest.NewRequest(method, "http://shop/", nil)
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Retry-After": {retryAfter}},
		Body:       io.NopCloser(strings.NewReader(fmt.Sprintf(`{"code":%q}`, code))),
		Request:    req,
	}
}

func TestShouldRetry(t *testing.T) {
	background := context.Background
	keyed := refusal("POST", 500, "FLAKY", "")
	keyed.Request.Header.Set("Idempotency-Key", "1")
	marked := refusal("POST", 500, "FLAKY", "")
	marked.Request = marked.Request.WithContext(WithIdempotent(t.Context()))
	withoutRequest := refusal("GET", 500, "FLAKY", "")
	withoutRequest.Request = nil
	for _, test := range []struct {
		name string
		ctx  func() context.Context
		resp *http.Response
		err  error
		want bool
		is   error // what the error is, nil for no error
	}{
		{"nothing", background, nil, nil, false, nil},
		{"a success", background, refusal("GET", 200, "", ""), nil, false, nil},
		{"a GET that failed", background, refusal("GET", 500, "FLAKY", ""), nil, true, entryTarget("Flaky")},
		{"a POST that failed", background, refusal("POST", 500, "FLAKY", ""), nil, false, entryTarget("Flaky")},
		{"a POST with the vendor's key", background, keyed, nil, true, entryTarget("Flaky")},
		{"a POST whose context says so", background, marked, nil, true, entryTarget("Flaky")},
		{"a POST as the caller says", func() context.Context { return WithIdempotent(t.Context()) }, refusal("POST", 500, "FLAKY", ""), nil, true, entryTarget("Flaky")},
		{"a response without its request", background, withoutRequest, nil, false, entryTarget("Flaky")},
		{"a POST that was throttled", background, refusal("POST", 429, "RATE", "2"), nil, true, entryTarget("Rate")},
		{"a wait beyond MaxWait", background, refusal("GET", 429, "RATE", "61"), nil, false, entryTarget("Rate")},
		{"a wait past the deadline", deadline(time.Second), refusal("GET", 429, "RATE", "59"), nil, false, context.DeadlineExceeded},
		{"no context", func() context.Context { return nil }, refusal("GET", 429, "RATE", "59"), nil, true, entryTarget("Rate")},
		{"canceled", canceled, refusal("GET", 429, "RATE", "1"), nil, false, context.Canceled},
		{"new credentials needed", background, refusal("GET", 401, "STALE", ""), nil, false, entryTarget("Stale")},
		{"a conflict", background, refusal("GET", 409, "DUP", ""), nil, false, entryTarget("Dup")},
		{"a quota", background, refusal("GET", 429, "DAILY", "1"), nil, false, entryTarget("Daily")},
		{"a GET cut off", background, nil, &url.Error{Op: "Get", Err: io.EOF}, true, io.EOF},
		{"a POST cut off", background, nil, errEOF, false, io.EOF},
		{"a POST cut off, deep down", background, nil, fmt.Errorf("calling: %w", errEOF), false, io.EOF},
		{"cut off, whatever it was", background, nil, io.EOF, false, io.EOF},
		{"cut off, and declared", func() context.Context { return WithIdempotent(t.Context()) }, nil, io.EOF, true, io.EOF},
		{"a POST that was refused", background, nil, errRefused, true, errRefused},
		{"an error beside a response", background, refusal("GET", 200, "", ""), io.EOF, true, io.EOF},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx := test.ctx()
			if at, ok := ctx.(atNoon); ok {
				ctx = fixed{time.Now().Add(at.left)}
			}
			got, err := shopPolicy().ShouldRetry(ctx, test.resp, test.err)
			if got != test.want {
				t.Errorf("it is %v, with the error %v", got, err)
			}
			if test.is == nil && err != nil || test.is != nil && !matches(err, test.is) {
				t.Errorf("the error is %v", err)
			}
			if test.resp != nil && test.err == nil {
				if checked := shop.Check(test.resp); checked != err {
					t.Errorf("Check says %v, and ShouldRetry said %v", checked, err)
				}
			}
			again, err2 := shopPolicy().ShouldRetry(ctx, test.resp, test.err)
			if again != got || fmt.Sprint(err2) != fmt.Sprint(err) {
				t.Errorf("asked again, it is %v, %v; it was %v, %v", again, err2, got, err)
			}
		})
	}
}

// matches is errors.Is, with the name of an entry for any vendor's.
func matches(err, target error) bool {
	var e *Error
	if entry, ok := target.(entryTarget); ok {
		return errors.As(err, &e) && e.Entry() == string(entry)
	}
	return errors.Is(err, target)
}

// fixed is a context whose deadline is the given instant.
type fixed struct{ at time.Time }

func (f fixed) Deadline() (time.Time, bool) { return f.at, true }
func (fixed) Done() <-chan struct{}         { return nil }
func (fixed) Err() error                    { return nil }
func (fixed) Value(any) any                 { return nil }

// TestShouldRetryIgnoresAttempts: a policy without retries decides as well, as
// the library counts.
func TestShouldRetryIgnoresAttempts(t *testing.T) {
	if again, err := (Policy{}).ShouldRetry(t.Context(), refusal("GET", 503, "", ""), nil); !again {
		t.Error(err)
	}
	p := Policy{MaxRetries: -1}
	if again, _ := p.ShouldRetry(t.Context(), refusal("GET", 503, "", ""), nil); !again || p.MaxRetries != -1 {
		t.Errorf("it is %v; the policy has %d retries", again, p.MaxRetries)
	}
}

// TestShouldRetryRedirected: net/http turns a POST into a GET when it follows a
// redirect, but a retry begins with the POST.
func TestShouldRetryRedirected(t *testing.T) {
	posts := 0
	mux := http.NewServeMux()
	mux.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		posts++
		http.Redirect(w, r, "/made", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /made", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	s := httptest.NewServer(mux)
	defer s.Close()
	resp, err := http.Post(s.URL, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if again, err := shopPolicy().ShouldRetry(t.Context(), resp, nil); again || resp.Request.Method != http.MethodGet || posts != 1 {
		t.Errorf("again: %v, %v after %d POSTs, last a %s", again, err, posts, resp.Request.Method)
	}
}

// TestGivenUpStaysGivenUp: layers that all retry multiply their attempts.
func TestGivenUpStaysGivenUp(t *testing.T) {
	p := shopPolicy()
	cause := answer(429, "RATE", "1")
	for reason := ReasonNone; reason <= ReasonBackoff; reason++ {
		stop := &StopError{Decision: Decision{Reason: reason}, Cause: cause}
		err := fmt.Errorf("calling: %w", stop)
		// The deadline of an inner layer leaves an outer one its own.
		want := reason.contextErr() != nil
		if again, got := p.ShouldRetry(t.Context(), nil, err); again != want || got != err {
			t.Errorf("%q: again: %v, with %v", reason, again, got)
		}
		d := p.Call(Attempt{}).Next(t.Context(), err)
		if (d.Action == ActionRetry) != want || !want && d != stop.Decision {
			t.Errorf("%q: the call goes on with %+v", reason, d)
		}
	}
}

func TestDelay(t *testing.T) {
	p := shopPolicy()
	drained := refusal("GET", 429, "SLOW", "")
	if again, err := p.ShouldRetry(t.Context(), drained, nil); !again {
		t.Fatal(err)
	}
	io.Copy(io.Discard, drained.Body)
	drained.Body.Close()
	drained.Header = nil
	for _, test := range []struct {
		name     string
		attempts int
		resp     *http.Response
		err      error
		want     time.Duration
	}{
		{"nothing known, first", 1, nil, nil, time.Second},
		{"nothing known, third", 3, nil, nil, 4 * time.Second},
		{"nothing known, many", math.MaxInt, nil, nil, 6 * time.Second},
		{"counted from 0", 0, nil, nil, time.Second},
		{"counted from less", math.MinInt, nil, nil, time.Second},
		{"a failure", 2, nil, errReset, 2 * time.Second},
		{"a success", 2, refusal("GET", 200, "", ""), nil, 2 * time.Second},
		{"an entry's default, drained", 1, drained, nil, 5 * time.Second},
		{"an entry's default", 1, refusal("GET", 429, "SLOW", ""), nil, 5 * time.Second},
		{"an entry's steps", 2, refusal("GET", 500, "STEPS", ""), nil, 9 * time.Second},
		{"an error alone", 3, nil, shop.Decode(500, nil, []byte(`{"code":"STEPS"}`), noon), 300 * time.Second},
		{"a stop around it", 3, nil, &StopError{Cause: shop.Decode(500, nil, []byte(`{"code":"STEPS"}`), noon)}, 300 * time.Second},
		{"not to be retried", 1, refusal("GET", 400, "BAD", ""), nil, time.Second},
		{"a nil Error", 1, nil, (*Error)(nil), time.Second},
	} {
		if got := p.Delay(test.attempts, test.resp, test.err); got != test.want {
			t.Errorf("%s: %v, not %v", test.name, got, test.want)
		}
	}
	// A wait is counted from the decode, and never cut to MaxWait.
	if got := p.Delay(1, refusal("GET", 429, "RATE", "600"), nil); got <= 599*time.Second || got > 600*time.Second {
		t.Errorf("the server asked for 600 s, and the wait is %v", got)
	}
	p.Rand = fullJitter
	if got := p.Delay(1, refusal("GET", 429, "RATE", "600"), nil); got <= 659*time.Second || got > 660*time.Second {
		t.Errorf("the server asked for 600 s, and with a tenth of jitter the wait is %v", got)
	}
}

// TestDelayIsDecides: what a library is told to wait is what Decide would wait.
func TestDelayIsDecides(t *testing.T) {
	p := shopPolicy()
	p.MaxRetries, p.MaxWait = 100, 24*time.Hour
	for _, e := range shop.Entries {
		for attempts := range 6 {
			err := shop.Decode(500, nil, fmt.Appendf(nil, `{"code":%q}`, e.Code), noon)
			d := p.Decide(t.Context(), Attempt{Attempts: attempts, Err: err})
			if got := p.Delay(attempts, nil, err); d.Action == ActionRetry && got != d.Delay {
				t.Errorf("%s after %d attempts: %v, and Decide has %v", e.Name, attempts, got, d.Delay)
			}
		}
	}
}

func TestCall(t *testing.T) {
	p := shopPolicy()
	p.MaxRetries = 3
	flaky, stale := answer(500, "FLAKY", ""), answer(401, "STALE", "")
	// What is not looked at must not harm.
	call := p.Call(Attempt{Method: "GET", Attempts: 7, Now: noon, Err: errEOF})
	for i, test := range []struct {
		err    error
		action Action
		reason Reason
		delay  time.Duration
	}{
		{flaky, ActionRetry, ReasonBackoff, time.Second},
		{stale, ActionRefresh, ReasonRefresh, 0},
		{flaky, ActionRetry, ReasonBackoff, 2 * time.Second}, // the one with new credentials is no retry
		{flaky, ActionRetry, ReasonBackoff, 4 * time.Second},
		{stale, ActionStop, ReasonRefreshed, 0},
		{flaky, ActionStop, ReasonUsedUp, 0},
	} {
		d := call.Next(t.Context(), test.err)
		if d.Action != test.action || d.Reason != test.reason || d.Delay != test.delay {
			t.Errorf("attempt %d: %v because %v, after %v", i+1, d.Action, d.Reason, d.Delay)
		}
	}
	if d := p.Call(Attempt{Method: "POST"}).Next(t.Context(), flaky); d.Reason != ReasonMayHaveActed {
		t.Errorf("a POST: %v because %v", d.Action, d.Reason)
	}
	call = p.Call(Attempt{Method: "POST"})
	if d := call.Next(WithIdempotent(t.Context()), flaky); d.Action != ActionRetry {
		t.Errorf("a POST that is declared: %v because %v", d.Action, d.Reason)
	}
	if d := call.Next(t.Context(), flaky); d.Reason != ReasonMayHaveActed {
		t.Errorf("the same without the context: %v because %v", d.Action, d.Reason)
	}
	if d := p.Call(Attempt{}).Next(t.Context(), nil); d != (Decision{}) {
		t.Errorf("a success: %+v", d)
	}
}
