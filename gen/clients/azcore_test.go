package clients

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/streaming"
	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/formfex"
)

type azureRetries struct{ apierr.Policy } // one of policy.ClientOptions.PerCallPolicies

func (vendor azureRetries) Do(req *policy.Request) (*http.Response, error) {
	ctx, attempts := req.Raw().Context(), 0
	return req.WithContext(policy.WithRetryOptions(ctx, policy.RetryOptions{
		MaxRetries:    int32(cmp.Or(vendor.MaxRetries, -1)),
		MaxRetryDelay: -1,
		RetryDelay:    vendor.Backoff.Base,
		ShouldRetry: func(resp *http.Response, err error) bool {
			attempts++
			again, err := vendor.ShouldRetry(ctx, resp, err)
			if again && resp != nil {
				wait := vendor.Delay(attempts, resp, err) + time.Millisecond - 1
				resp.Header.Set("Retry-After-Ms", strconv.FormatInt(wait.Milliseconds(), 10))
			}
			return again
		},
	})).Next()
}

func sendAzure(ctx context.Context, vendor apierr.Policy, client *http.Client, r request) error {
	return doAzure(ctx, &policy.ClientOptions{
		Transport:       client,
		Telemetry:       policy.TelemetryOptions{Disabled: true},
		PerCallPolicies: []policy.Policy{azureRetries{vendor}},
	}, r)
}

func doAzure(ctx context.Context, options *policy.ClientOptions, r request) error {
	pipeline := runtime.NewPipeline("clients", "v0.0.0", runtime.PipelineOptions{}, options)
	req, err := runtime.NewRequest(ctx, r.method, r.url)
	if err != nil {
		return err
	}
	if r.method == http.MethodPost {
		if err := req.SetBody(streaming.NopCloser(bytes.NewReader([]byte(postBody))), "text/plain"); err != nil {
			return err
		}
	}
	if r.keyed {
		req.Raw().Header.Set(idempotencyHeader, "1")
	}
	resp, err := pipeline.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return formfex.Check(resp)
}

func TestAzure(t *testing.T) { conform(t, theFormfex(), sendAzure) }

// TestAzureWithoutRetries: to azcore, no retries are three.
func TestAzureWithoutRetries(t *testing.T) {
	s, url, client := serve(t, limited("BURST_LIMIT", time.Millisecond))
	policy := theFormfex().policy
	policy.MaxRetries = 0
	if err := sendAzure(t.Context(), policy, client, request{method: "GET", url: url}); s.requests() != 1 || !errors.Is(err, formfex.BurstLimit) {
		t.Errorf("%d requests; %v", s.requests(), err)
	}
}

// TestAzureByItself: azcore reads waits from headers only, goes by a list of
// statuses of its own, and posts again.
func TestAzureByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []http.Handler{limited("MONTHLY_QUOTA", 240*time.Hour), theFormfex().failed, fine}}
		err := doAzure(context.Background(), &policy.ClientOptions{Transport: &http.Client{Transport: direct{s}}}, request{method: "POST", url: "http://127.0.0.1"})
		waits := s.waits()
		if err != nil || len(waits) != 2 || waits[0] > 2*time.Second {
			t.Errorf("the waits are %v; %v; if that is better now, say so in README.md", waits, err)
		}
	})
}

// TestAzureStopsSilently: a wait above MaxRetryDelay is no error to azcore.
func TestAzureStopsSilently(t *testing.T) {
	s, url, client := serve(t, reply(http.StatusTooManyRequests, `{}`, "Retry-After", "61"))
	err := doAzure(t.Context(), &policy.ClientOptions{Transport: client}, request{method: "GET", url: url})
	if s.requests() != 1 || !errors.Is(err, apierr.Throttled) {
		t.Errorf("%d requests; %v; if it waits now, say so in README.md", s.requests(), err)
	}
}
