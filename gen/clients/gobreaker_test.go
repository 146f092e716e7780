package clients

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/forlena"
	"github.com/errgen/errgen/out/forlena/forlenatest"
	"github.com/errgen/errgen/out/formamail"
	"github.com/errgen/errgen/out/formamail/formamailtest"
	"github.com/errgen/errgen/out/formfex"
	"github.com/errgen/errgen/out/formfex/formfextest"
	"github.com/sony/gobreaker/v2"
)

func breaker(advice apierr.Breaker) *gobreaker.CircuitBreaker[*http.Response] {
	return gobreaker.NewCircuitBreaker[*http.Response](gobreaker.Settings{
		Timeout:      advice.Open,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return int(c.ConsecutiveFailures) >= cmp.Or(advice.Failures, 5) },
		IsSuccessful: func(err error) bool { return !apierr.Unhealthy(err) },
		IsExcluded:   apierr.Inconclusive,
	})
}

// through sends a GET through the breaker.
func through(ctx context.Context, b *gobreaker.CircuitBreaker[*http.Response], client *http.Client, url string) error {
	resp, err := b.Execute(func() (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return nil, err
		}
		resp, err := client.Do(req)
		if err != nil {
			return nil, err
		}
		return resp, formamail.Check(resp)
	})
	if resp != nil {
		resp.Body.Close()
	}
	return err
}

func TestBreaker(t *testing.T) {
	advice := formamail.Policy().Breaker
	if advice.Failures != 5 || advice.Open != time.Minute {
		t.Fatalf("the vendor's advice is %+v; the counts below are made for 5", advice)
	}
	failed, limited, quota, missing := reply(503, `{}`), reply(429, `{}`), reply(429, `{"code":"QUOTA_EXCEEDED"}`), reply(404, `{}`)
	for _, test := range []struct {
		name   string
		answer http.Handler
		want   gobreaker.State
	}{
		{"the service fails", failed, gobreaker.StateOpen},
		{"the connection is cut", cut, gobreaker.StateOpen},
		{"throttled", limited, gobreaker.StateClosed},
		{"a quota is used up", quota, gobreaker.StateClosed},
		{"the request is wrong", missing, gobreaker.StateClosed},
		{"all is well", fine, gobreaker.StateClosed},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, url, client := serve(t, test.answer)
			b := breaker(advice)
			for i := range 8 {
				err := through(t.Context(), b, client, url)
				if open := errors.Is(err, gobreaker.ErrOpenState); open != (test.want == gobreaker.StateOpen && i >= advice.Failures) {
					t.Errorf("call %d: %v", i+1, err)
				}
			}
			if b.State() != test.want {
				t.Errorf("it is %v", b.State())
			}
			if want := map[gobreaker.State]int{gobreaker.StateOpen: 5, gobreaker.StateClosed: 8}[test.want]; s.requests() != want {
				t.Errorf("%d requests, not %d", s.requests(), want)
			}
		})
	}
}

// TestBreakerWithoutAdvice: one failure is not yet a reason.
func TestBreakerWithoutAdvice(t *testing.T) {
	_, url, client := serve(t, reply(503, `{}`))
	b := breaker(apierr.Breaker{})
	for i := range 5 {
		if b.State() != gobreaker.StateClosed {
			t.Errorf("after %d failures it is %v", i, b.State())
		}
		_ = through(t.Context(), b, client, url)
	}
	if b.State() != gobreaker.StateOpen {
		t.Errorf("after 5 failures it is %v", b.State())
	}
}

// TestBreakerByItself counts what says nothing of the service.
func TestBreakerByItself(t *testing.T) {
	_, url, client := serve(t, reply(429, `{}`))
	b := gobreaker.NewCircuitBreaker[*http.Response](gobreaker.Settings{})
	for range 6 {
		_ = through(t.Context(), b, client, url)
	}
	if b.State() != gobreaker.StateOpen {
		t.Errorf("it is %v: the library no longer counts refusals, so say so in README.md", b.State())
	}
}

// TestBreakerOfCallers: callers that leave are no reason to cut off the others.
func TestBreakerOfCallers(t *testing.T) {
	arrived := make(chan struct{}, 1)
	hang := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	})
	_, url, client := serve(t, hang)
	b := breaker(formamail.Policy().Breaker)
	for range 8 {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-arrived; cancel() }()
		if err := through(ctx, b, client, url); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		ctx, cancel = context.WithTimeout(t.Context(), time.Millisecond)
		if err := through(ctx, b, client, url); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		cancel()
		select {
		case <-arrived: // the deadline may have passed before the request came
		default:
		}
	}
	if c := b.Counts(); b.State() != gobreaker.StateClosed || c.TotalFailures != 0 || c.TotalSuccesses != 0 {
		t.Errorf("it is %v with %+v", b.State(), c)
	}
	// A service that hangs is found out by the client's own timeout.
	client.Timeout = 10 * time.Millisecond
	for range 5 {
		if err := through(t.Context(), b, client, url); err == nil {
			t.Fatal("an answer came")
		}
		select {
		case <-arrived:
		default:
		}
	}
	if b.State() != gobreaker.StateOpen {
		t.Errorf("after five timeouts it is %v with %+v", b.State(), b.Counts())
	}
}

// TestBreakerMends: an inconclusive answer to the probe neither closes the
// breaker nor keeps it open; the next probe may.
func TestBreakerMends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failed := reply(503, `{}`)
		s := &script{answers: []http.Handler{failed, failed, failed, failed, failed, reply(429, `{}`), fine, fine}}
		client := &http.Client{Transport: direct{s}}
		b := breaker(formamail.Policy().Breaker)
		ctx := context.Background()
		for range 5 {
			_ = through(ctx, b, client, "http://127.0.0.1")
		}
		time.Sleep(59 * time.Second)
		if err := through(ctx, b, client, "http://127.0.0.1"); !errors.Is(err, gobreaker.ErrOpenState) {
			t.Errorf("before the minute is over: %v", err)
		}
		time.Sleep(2 * time.Second)
		if err := through(ctx, b, client, "http://127.0.0.1"); !errors.Is(err, apierr.Throttled) || b.State() != gobreaker.StateHalfOpen {
			t.Errorf("a probe that was throttled: %v, and it is %v", err, b.State())
		}
		if err := through(ctx, b, client, "http://127.0.0.1"); err != nil || b.State() != gobreaker.StateClosed {
			t.Errorf("a probe that was answered: %v, and it is %v", err, b.State())
		}
	})
}

// TestBreakerJudgesEveryExample: all that vendors document, by class.
func TestBreakerJudgesEveryExample(t *testing.T) {
	seen := map[string]int{}
	judge := func(err error) {
		unhealthy := errors.Is(err, apierr.Transient)
		inconclusive := errors.Is(err, apierr.Throttled) || errors.Is(err, apierr.Quota)
		if apierr.Unhealthy(err) != unhealthy || apierr.Inconclusive(err) != inconclusive {
			t.Errorf("%v: unhealthy %v, inconclusive %v", err, apierr.Unhealthy(err), apierr.Inconclusive(err))
		}
		seen[fmt.Sprint(unhealthy, inconclusive)]++
	}
	for _, example := range formamailtest.Examples() {
		judge(formamail.Check(example.Response()))
	}
	for _, example := range formfextest.Examples() {
		judge(formfex.Check(example.Response()))
	}
	for _, example := range forlenatest.Examples() {
		judge(forlena.Check(example.Response()))
	}
	if len(seen) != 3 {
		t.Errorf("the examples show only %v", seen)
	}
}
