package clients

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/avast/retry-go/v5"
	"github.com/errgen/errgen/out/apierr"
)

func retryGo(ctx context.Context, call *apierr.Call, do func() (*http.Response, error)) (*http.Response, error) {
	var next apierr.Decision
	resp, err := retry.NewWithData[*http.Response](
		retry.Context(ctx),
		retry.WrapContextErrorWithLastError(true),
		retry.UntilSucceeded(), // the call counts
		retry.RetryIf(func(err error) bool {
			next = call.Next(ctx, err)
			return next.Action == apierr.ActionRetry
		}),
		retry.DelayType(func(uint, error, retry.DelayContext) time.Duration { return next.Delay }),
	).Do(do)
	return resp, next.Err(err)
}

func TestRetryGo(t *testing.T) { conform(t, theFormfex(), function(retryGo).sender()) }

// TestRetryGoCounts is where the library's own counter begins, for those who
// give it to Policy.Delay.
func TestRetryGoCounts(t *testing.T) {
	var got []uint
	_ = retry.New(
		retry.Attempts(3),
		retry.DelayType(func(n uint, _ error, _ retry.DelayContext) time.Duration {
			got = append(got, n)
			return 0
		}),
	).Do(func() error { return http.ErrNotSupported })
	if len(got) != 2 || got[0] != 1 || got[1] != 2 {
		t.Errorf("the counter is %v: it no longer begins at 1, so say so in README.md", got)
	}
}
