package clients

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/sethvargo/go-retry"
)

func goRetry(ctx context.Context, call *apierr.Call, do func() (*http.Response, error)) (*http.Response, error) {
	var next apierr.Decision
	wait := retry.BackoffFunc(func() (time.Duration, bool) { return next.Delay, false })
	return retry.DoValue(ctx, wait, func(ctx context.Context) (*http.Response, error) {
		resp, err := do()
		if next = call.Next(ctx, err); next.Action == apierr.ActionRetry {
			return nil, retry.RetryableError(err)
		}
		return resp, next.Err(err)
	})
}

func TestGoRetry(t *testing.T) { conform(t, theFormfex(), function(goRetry).sender()) }

// TestGoRetryShortensWaits shows that the library's own wrappers do.
func TestGoRetryShortensWaits(t *testing.T) {
	const asked = 45 * time.Second
	wait := retry.BackoffFunc(func() (time.Duration, bool) { return asked, false })
	for name, wrapped := range map[string]retry.Backoff{
		"WithCappedDuration": retry.WithCappedDuration(time.Second, wait),
		"WithMaxDuration":    retry.WithMaxDuration(time.Second, wait),
		"WithJitter":         retry.WithJitter(10*time.Second, wait),
	} {
		shortest := asked
		for range 60 {
			if d, stop := wrapped.Next(); !stop {
				shortest = min(shortest, d)
			}
		}
		if shortest == asked {
			t.Errorf("%s no longer shortens waits, so say so in README.md", name)
		}
	}
}
