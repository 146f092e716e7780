package clients

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/formfex"
	"github.com/hashicorp/go-retryablehttp"
)

func retryableClient(vendor apierr.Policy) *retryablehttp.Client {
	client := retryablehttp.NewClient()
	client.RetryMax = vendor.MaxRetries
	client.CheckRetry = vendor.ShouldRetry
	client.Backoff = func(_, _ time.Duration, retries int, resp *http.Response) time.Duration {
		return vendor.Delay(retries+1, resp, nil)
	}
	return client
}

func sendRetryable(ctx context.Context, vendor apierr.Policy, client *http.Client, r request) error {
	c := retryableClient(vendor)
	c.HTTPClient, c.Logger = client, nil
	return doRetryable(ctx, c, r)
}

func doRetryable(ctx context.Context, c *retryablehttp.Client, r request) error {
	var body any
	if r.method == http.MethodPost {
		body = strings.NewReader(postBody)
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, r.method, r.url, body)
	if err != nil {
		return err
	}
	if r.keyed {
		req.Header.Set(idempotencyHeader, "1")
	}
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return formfex.Check(resp)
}

func TestRetryableHTTP(t *testing.T) { conform(t, theFormfex(), sendRetryable) }

// TestRetryableHTTPDrainsBodies: Backoff is called with a body that is gone,
// which a Backoff that decodes it itself would find empty.
func TestRetryableHTTPDrainsBodies(t *testing.T) {
	_, url, client := serve(t, limited("BURST_LIMIT", time.Millisecond), fine)
	c := retryableClient(theFormfex().policy)
	c.RetryMax, c.HTTPClient, c.Logger = 1, client, nil
	told := 0
	next := c.Backoff
	c.Backoff = func(least, most time.Duration, retries int, resp *http.Response) time.Duration {
		told++
		if rest, _ := io.ReadAll(resp.Body); len(rest) != 0 || retries != 0 {
			t.Errorf("before retry %d the body has still %q", retries, rest)
		}
		if !errors.Is(formfex.Check(resp), formfex.BurstLimit) {
			t.Error("what the body said is lost")
		}
		return next(least, most, retries, resp)
	}
	if err := doRetryable(t.Context(), c, request{method: "GET", url: url}); err != nil || told != 1 {
		t.Errorf("%v after %d waits", err, told)
	}
}

// TestRetryableHTTPErrorHandler: a handler is given the vendor's error and a
// response that can still be read, whether the attempts are used up or there is
// no use in another one.
func TestRetryableHTTPErrorHandler(t *testing.T) {
	for want, answer := range map[formfex.Code]http.Handler{
		formfex.BurstLimit: limited("BURST_LIMIT", time.Millisecond),
		formfex.NotFound:   theFormfex().invalid,
	} {
		_, url, client := serve(t, answer)
		c := retryableClient(theFormfex().policy)
		c.RetryMax, c.HTTPClient, c.Logger = 1, client, nil
		handled := false
		c.ErrorHandler = func(resp *http.Response, err error, _ int) (*http.Response, error) {
			handled = true
			defer resp.Body.Close()
			if body, _ := io.ReadAll(resp.Body); !errors.Is(err, want) || len(body) == 0 {
				t.Errorf("%s: it is given %v and %q", want, err, body)
			}
			return resp, err
		}
		if err := doRetryable(t.Context(), c, request{method: "GET", url: url}); !errors.Is(err, want) || !handled {
			t.Errorf("%s: the error is %v", want, err)
		}
	}
}

// TestRetryableHTTPDefault is what the library does by itself, so that the
// cases above are known to be traps.
func TestRetryableHTTPDefault(t *testing.T) {
	s, url, client := serve(t, theFormfex().failed, fine)
	c := retryablehttp.NewClient()
	c.HTTPClient, c.Logger, c.RetryWaitMin, c.RetryWaitMax = client, nil, 0, 0
	if err := doRetryable(t.Context(), c, request{method: "POST", url: url}); err != nil || s.requests() != 2 {
		t.Errorf("%v after %d requests: the library no longer posts twice, so say so in README.md", err, s.requests())
	}
}
