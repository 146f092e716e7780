package clients

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/formfex"
)

func backoffRetry(ctx context.Context, call *apierr.Call, do func() (*http.Response, error)) (*http.Response, error) {
	return backoff.Retry(ctx, func() (*http.Response, error) {
		resp, err := do()
		next := call.Next(ctx, err)
		switch {
		case err == nil:
			return resp, nil
		case next.Action == apierr.ActionRetry:
			return nil, errors.Join(err, &backoff.RetryAfterError{Duration: next.Delay})
		}
		return nil, backoff.Permanent(next.Err(err))
	}, backoff.WithMaxElapsedTime(0)) // the call stops, not the clock
}

func TestBackoff(t *testing.T) { conform(t, theFormfex(), function(backoffRetry).sender()) }

// TestBackoffWaitsLong: without WithMaxElapsedTime(0) the library gives up, and
// says nothing of it, when the waits come to more than 15 minutes.
func TestBackoffWaitsLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		policy := theFormfex().policy
		policy.MaxRetries, policy.MaxWait = 1, time.Hour
		policy.Rand = func() float64 { return 0 }
		s := &script{answers: []http.Handler{limited("HOURLY_LIMIT", 20*time.Minute), fine}}
		err := function(backoffRetry).sender()(context.Background(), policy, &http.Client{Transport: direct{s}}, request{method: "GET", url: "http://127.0.0.1"})
		if waits := s.waits(); err != nil || len(waits) != 1 || waits[0] != 20*time.Minute {
			t.Errorf("the waits are %v; %v", waits, err)
		}

		tries := 0
		_, err = backoff.Retry(context.Background(), func() (*http.Response, error) {
			tries++
			return nil, errors.Join(formfex.HourlyLimit, &backoff.RetryAfterError{Duration: 20 * time.Minute})
		}, backoff.WithMaxTries(2))
		if tries != 1 || !errors.Is(err, formfex.HourlyLimit) {
			t.Errorf("by itself it tried %d times: %v; if it waits now, say so in README.md", tries, err)
		}
	})
}
