package clients

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avast/retry-go/v5"
	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/formfex"
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

// TestRetryGoCanceled: who leaves during a wait is told what it was for.
func TestRetryGoCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		time.AfterFunc(10*time.Second, cancel)
		s := &script{answers: []http.Handler{limited("BURST_LIMIT", 45*time.Second)}}
		policy := theFormfex().policy
		policy.MaxRetries = 1
		err := function(retryGo).sender()(ctx, policy, &http.Client{Transport: direct{s}}, request{method: "GET", url: "http://127.0.0.1"})
		if !errors.Is(err, context.Canceled) || !errors.Is(err, formfex.BurstLimit) {
			t.Errorf("the error is %v", err)
		}
	})
}

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

// TestRetryGoByItself: with a number of attempts the error is a list, and is
// also what earlier attempts came to. MaxDelay cuts any wait short.
func TestRetryGoByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errs, start := []error{formfex.BurstLimit, formfex.NotFound}, time.Now()
		err := retry.New(
			retry.Attempts(2),
			retry.MaxDelay(time.Second),
			retry.DelayType(func(uint, error, retry.DelayContext) time.Duration { return 45 * time.Second }),
		).Do(func() error {
			err := errs[0]
			errs = errs[1:]
			return err
		})
		if !errors.Is(err, formfex.BurstLimit) || time.Since(start) != time.Second {
			t.Errorf("%v after %v: if that is better now, say so in README.md", err, time.Since(start))
		}
	})
}
