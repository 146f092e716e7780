package clients

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/formfex"
	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/failsafehttp"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

func failsafeRetries(ctx context.Context, vendor apierr.Policy) retrypolicy.Builder[*http.Response] {
	return retrypolicy.NewBuilder[*http.Response]().
		WithMaxRetries(vendor.MaxRetries).
		ReturnLastFailure().
		HandleIf(func(resp *http.Response, err error) bool {
			again, _ := vendor.ShouldRetry(ctx, resp, err)
			return again
		}).
		WithDelayFunc(func(e failsafe.ExecutionAttempt[*http.Response]) time.Duration {
			return vendor.Delay(e.Attempts(), e.LastResult(), e.LastError())
		})
}

func sendFailsafe(ctx context.Context, vendor apierr.Policy, client *http.Client, r request) error {
	return doFailsafe(ctx, client, r, failsafeRetries(ctx, vendor).Build())
}

func doFailsafe(ctx context.Context, client *http.Client, r request, retries retrypolicy.RetryPolicy[*http.Response]) error {
	req, err := newRequest(ctx, r)
	if err != nil {
		return err
	}
	resp, err := failsafehttp.NewRequest(req, client, retries).Do()
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return formfex.Check(resp)
}

func TestFailsafe(t *testing.T) { conform(t, theFormfex(), sendFailsafe) }

// TestFailsafeShortensWaits shows which of the library's settings make a wait
// shorter than the server asked for, and that others do not.
func TestFailsafeShortensWaits(t *testing.T) {
	policy := theFormfex().policy
	policy.Rand, policy.MaxRetries = func() float64 { return 0 }, 1
	for _, test := range []struct {
		name string
		set  func(retrypolicy.Builder[*http.Response])
		want func(time.Duration) bool
	}{
		{"none", func(retrypolicy.Builder[*http.Response]) {}, func(d time.Duration) bool { return d == 45*time.Second }},
		{"MaxDuration", func(b retrypolicy.Builder[*http.Response]) { b.WithMaxDuration(10 * time.Second) }, func(d time.Duration) bool { return d == 10*time.Second }},
		{"the MaxDelay of WithBackoff", func(b retrypolicy.Builder[*http.Response]) { b.WithBackoff(time.Second, 2*time.Second) }, func(d time.Duration) bool { return d == 45*time.Second }},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: []http.Handler{limited("BURST_LIMIT", 45*time.Second), fine}}
				b := failsafeRetries(context.Background(), policy)
				test.set(b)
				err := doFailsafe(context.Background(), &http.Client{Transport: direct{s}}, request{method: "GET", url: "http://127.0.0.1"}, b.Build())
				if got := s.waits(); err != nil || len(got) != 1 || !test.want(got[0]) {
					t.Errorf("the waits are %v; %v", got, err)
				}
			})
		})
	}
}

// TestFailsafeJitterShortensWaits: it goes both ways.
func TestFailsafeJitterShortensWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		policy := theFormfex().policy
		policy.Rand, policy.MaxRetries = func() float64 { return 0 }, 60
		limit := limited("BURST_LIMIT", 45*time.Second)
		s := &script{answers: append(slices.Repeat([]http.Handler{limit}, 60), fine)}
		retries := failsafeRetries(context.Background(), policy).WithJitter(5 * time.Second).Build()
		err := doFailsafe(context.Background(), &http.Client{Transport: direct{s}}, request{method: "GET", url: "http://127.0.0.1"}, retries)
		if waits := s.waits(); err != nil || len(waits) != 60 || slices.Min(waits) >= 45*time.Second {
			t.Errorf("the waits are %v; %v; if none is shorter now, say so in README.md", waits, err)
		}
	})
}

// TestFailsafeExceeded: without ReturnLastFailure nothing is left of the
// response.
func TestFailsafeExceeded(t *testing.T) {
	_, url, client := serve(t, limited("BURST_LIMIT", time.Millisecond))
	policy := theFormfex().policy
	retries := retrypolicy.NewBuilder[*http.Response]().WithMaxRetries(1).HandleIf(func(resp *http.Response, err error) bool {
		again, _ := policy.ShouldRetry(t.Context(), resp, err)
		return again
	}).Build()
	err := doFailsafe(t.Context(), client, request{method: "GET", url: url}, retries)
	if !errors.Is(err, retrypolicy.ErrExceeded) || errors.Is(err, formfex.BurstLimit) {
		t.Errorf("the error is %v; if it is the vendor's now, say so in README.md", err)
	}
}

// TestFailsafeRoundTripper: a RoundTripper's error does not say of which method.
func TestFailsafeRoundTripper(t *testing.T) {
	policy := theFormfex().policy
	policy.MaxRetries, policy.Backoff = 2, apierr.Curve{Base: time.Millisecond}
	for _, test := range []struct {
		ctx      context.Context
		requests int
	}{{t.Context(), 1}, {apierr.WithIdempotent(t.Context()), 2}} {
		s, url, client := serve(t, cut, fine)
		client.Transport = failsafehttp.NewRoundTripper(client.Transport, failsafeRetries(test.ctx, policy).Build())
		resp, err := client.Get(url)
		if err == nil {
			resp.Body.Close()
		}
		if s.requests() != test.requests || (err == nil) != (test.requests == 2) {
			t.Errorf("%d requests, not %d; %v", s.requests(), test.requests, err)
		}
	}
}

// TestFailsafeKeepsConnections: the library leaves the responses between
// unread and open. ShouldRetry reads them to their end, which frees the
// connection.
func TestFailsafeKeepsConnections(t *testing.T) {
	var from []string
	note := func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			from = append(from, r.RemoteAddr)
			h.ServeHTTP(w, r)
		})
	}
	soon := note(limited("BURST_LIMIT", time.Millisecond))
	_, url, client := serve(t, soon, soon, note(fine))
	policy := theFormfex().policy
	policy.MaxRetries = 2
	if err := sendFailsafe(t.Context(), policy, client, request{method: "GET", url: url}); err != nil {
		t.Error(err)
	}
	if len(from) != 3 || len(slices.Compact(from)) != 1 {
		t.Errorf("the requests came from %v", from)
	}
}
