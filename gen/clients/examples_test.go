package clients

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/apierr/apierrtest"
	"github.com/errgen/errgen/out/dynamodb"
	"github.com/errgen/errgen/out/dynamodb/dynamodbtest"
	"github.com/errgen/errgen/out/formfex"
	"github.com/errgen/errgen/out/formfex/formfextest"
	"github.com/failsafe-go/failsafe-go/failsafehttp"
	"github.com/sony/gobreaker/v2"
)

// asked is the wait that burst asks for, in its body only.
const asked = 20 * time.Millisecond

// burst is Formfex's documented answer to too many requests, with a shorter wait.
var burst = func() *apierrtest.Example {
	e := *apierrtest.Find(formfextest.Examples(), string(formfex.BurstLimit))
	e.Body = strings.Replace(e.Body, `"retry_after": 45`, fmt.Sprintf(`"retry_after": %g`, asked.Seconds()), 1)
	return &e
}()

// TestBurst: or else the examples would wait for 45 s.
func TestBurst(t *testing.T) {
	var e *apierr.Error
	if err := formfex.Check(burst.Response()); !errors.Is(err, formfex.BurstLimit) || !errors.As(err, &e) || e.RetryAfter != asked {
		t.Errorf("%v; it is to ask for %v", err, asked)
	}
}

// A burst is waited out; a quota that is used up is not asked for twice.
func Example_retryablehttp() {
	s, server := start(burst, fine, formfextest.Handler(formfex.MonthlyQuota))
	defer server.Close()
	client := retryableClient(formfex.Policy())
	client.HTTPClient, client.Logger = server.Client(), nil

	resp, err := client.Get(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()
	fmt.Println(resp.Status, "after", s.requests(), "requests")
	fmt.Println("waited as the body asked:", s.waits()[0] >= asked)

	_, err = client.Get(server.URL)
	var quota *formfex.MonthlyQuotaDetails
	if errors.As(err, &quota) {
		fmt.Println("the quota of", quota.Limit, "is renewed on", quota.Reset.UTC().Format(time.DateOnly))
	}
	fmt.Println(s.requests(), "requests in all")
	// Output:
	// 200 OK after 2 requests
	// waited as the body asked: true
	// the quota of 2000 is renewed on 2024-03-19
	// 3 requests in all
}

// A wait longer than the policy's MaxWait stops at once; the error tells it.
func Example_failsafe() {
	s, server := start(burst, fine, formfextest.Handler(formfex.HourlyLimit))
	defer server.Close()
	ctx, vendor := context.Background(), formfex.Policy()
	get := func() (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
		if err != nil {
			return nil, err
		}
		resp, err := failsafehttp.NewRequest(req, server.Client(), failsafeRetries(ctx, vendor).Build()).Do()
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		return resp, formfex.Check(resp)
	}

	resp, err := get()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Status, "after", s.requests(), "requests")
	fmt.Println("waited as the body asked:", s.waits()[0] >= asked)

	_, err = get()
	var hourly *formfex.HourlyLimitDetails
	if errors.As(err, &hourly) {
		fmt.Println("the limit of", hourly.Limit, "an hour holds for another", hourly.RetryAfter)
	}
	fmt.Println(s.requests(), "requests in all")
	// Output:
	// 200 OK after 2 requests
	// waited as the body asked: true
	// the limit of 1000 an hour holds for another 20m0s
	// 3 requests in all
}

// To azcore a POST is as good as a GET; to the policy it is not.
func Example_azcore() {
	s, server := start(burst, fine, formfextest.Handler(formfex.InternalServerError))
	defer server.Close()
	pipeline := runtime.NewPipeline("example", "v1.0.0", runtime.PipelineOptions{}, &policy.ClientOptions{
		Transport:       server.Client(),
		PerCallPolicies: []policy.Policy{azureRetries{formfex.Policy()}},
	})
	post := func() (*http.Response, error) {
		req, err := runtime.NewRequest(context.Background(), http.MethodPost, server.URL)
		if err != nil {
			return nil, err
		}
		resp, err := pipeline.Do(req)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		return resp, formfex.Check(resp)
	}

	resp, err := post()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Status, "after", s.requests(), "requests")
	fmt.Println("waited as the body asked:", s.waits()[0] >= asked)

	_, err = post()
	fmt.Println("the server failed:", errors.Is(err, formfex.InternalServerError))
	fmt.Println(err)
	fmt.Println(s.requests(), "requests in all")
	// Output:
	// 200 OK after 2 requests
	// waited as the body asked: true
	// the server failed: true
	// formfex: InternalServerError (500 INTERNAL_SERVER_ERROR): The server failed unexpectedly; not sent again: the request may have been carried out and is not idempotent
	// 3 requests in all
}

// The SDK's typed errors come beside the vendor's.
func Example_aws() {
	s, server := start(dynamodbtest.Handler(dynamodb.ThrottlingException), fine, dynamodbtest.Handler(dynamodb.ResourceNotFoundException))
	defer server.Close()
	vendor := dynamodb.Policy()
	vendor.Backoff = apierr.Curve{Base: time.Millisecond} // DynamoDB asks for no wait of its own
	client := sdk.New(awsOptions(vendor, server.Client(), server.URL))
	things := &sdk.DescribeTableInput{TableName: aws.String("things")}

	if _, err := client.DescribeTable(context.Background(), things); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("described after", s.requests(), "requests")

	_, err := client.DescribeTable(context.Background(), things)
	var missing *types.ResourceNotFoundException
	fmt.Println("the SDK's error:", errors.As(err, &missing))
	err = dynamodb.Check(awsResponse(err))
	fmt.Println("the vendor's error:", errors.Is(err, dynamodb.ResourceNotFoundException))
	fmt.Println(err)
	fmt.Println(s.requests(), "requests in all")
	// Output:
	// described after 2 requests
	// the SDK's error: true
	// the vendor's error: true
	// dynamodb: ResourceNotFoundException (400 ResourceNotFoundException): There is no such table or index.
	// 3 requests in all
}

// When the attempts are used up, the error is that of the last one.
func Example_retryGo() {
	s, server := start(burst, fine, burst)
	defer server.Close()
	vendor := formfex.Policy()
	vendor.MaxRetries = 2
	get := func() (*http.Response, error) {
		ctx := context.Background()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
		if err != nil {
			return nil, err
		}
		return retryGo(ctx, vendor.Call(apierr.AttemptOf(req)), func() (*http.Response, error) {
			return do(server.Client(), req)
		})
	}

	resp, err := get()
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()
	fmt.Println(resp.Status, "after", s.requests(), "requests")
	fmt.Println("waited as the body asked:", s.waits()[0] >= asked)

	_, err = get()
	var limit *formfex.BurstLimitDetails
	if errors.As(err, &limit) {
		fmt.Println("a minute's", limit.Limit, "requests are used up")
	}
	fmt.Println(s.requests(), "requests in all")
	// Output:
	// 200 OK after 2 requests
	// waited as the body asked: true
	// a minute's 200 requests are used up
	// 5 requests in all
}

// A deadline that would pass during the wait stops at once, and both reasons
// are in the error.
func Example_backoff() {
	s, server := start(burst, fine, formfextest.Handler(formfex.BurstLimit))
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	get := func() (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
		if err != nil {
			return nil, err
		}
		return backoffRetry(ctx, formfex.Policy().Call(apierr.AttemptOf(req)), func() (*http.Response, error) {
			return do(server.Client(), req)
		})
	}

	resp, err := get()
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()
	fmt.Println(resp.Status, "after", s.requests(), "requests")
	fmt.Println("waited as the body asked:", s.waits()[0] >= asked)

	_, err = get() // asks for 45 s
	fmt.Println("a burst:", errors.Is(err, formfex.BurstLimit))
	fmt.Println("too late:", errors.Is(err, context.DeadlineExceeded))
	fmt.Println(s.requests(), "requests in all")
	// Output:
	// 200 OK after 2 requests
	// waited as the body asked: true
	// a burst: true
	// too late: true
	// 3 requests in all
}

// What is wrong with a request stays wrong.
func Example_goRetry() {
	s, server := start(burst, fine, formfextest.Handler(formfex.NotFound))
	defer server.Close()
	post := func() (*http.Response, error) {
		ctx := context.Background()
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, strings.NewReader(`{"name":"survey"}`))
		if err != nil {
			return nil, err
		}
		return goRetry(ctx, formfex.Policy().Call(apierr.AttemptOf(req)), func() (*http.Response, error) {
			return do(server.Client(), req)
		})
	}

	resp, err := post()
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()
	fmt.Println(resp.Status, "after", s.requests(), "requests")
	fmt.Println("waited as the body asked:", s.waits()[0] >= asked)

	_, err = post()
	fmt.Println("no such form:", errors.Is(err, formfex.NotFound))
	fmt.Println(err)
	fmt.Println(s.requests(), "requests in all")
	// Output:
	// 200 OK after 2 requests
	// waited as the body asked: true
	// no such form: true
	// formfex: NotFound (404 NOT_FOUND): There is no such resource.
	// 3 requests in all
}

// Throttling, however often, leaves the breaker closed; five failures open it,
// and then no more requests are sent.
func Example_gobreaker() {
	s, server := start(burst, burst, burst, burst, burst, burst, formfextest.Handler(formfex.InternalServerError))
	defer server.Close()
	b := breaker(formfex.Policy().Breaker)
	get := func() error {
		req, err := http.NewRequest(http.MethodGet, server.URL, nil)
		if err != nil {
			return err
		}
		resp, err := b.Execute(func() (*http.Response, error) { return do(server.Client(), req) })
		if resp != nil {
			resp.Body.Close()
		}
		return err
	}

	var err error
	for range 6 {
		err = get()
	}
	fmt.Println("throttled:", errors.Is(err, formfex.BurstLimit), b.State(), s.requests(), "requests")
	for range 5 {
		err = get()
	}
	fmt.Println("failed:", errors.Is(err, formfex.InternalServerError), b.State(), s.requests(), "requests")
	err = get()
	fmt.Println("cut off:", errors.Is(err, gobreaker.ErrOpenState), b.State(), s.requests(), "requests")
	// Output:
	// throttled: true closed 6 requests
	// failed: true open 11 requests
	// cut off: true open 11 requests
}
