package clients

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/dynamodb"
	"github.com/errgen/errgen/out/dynamodb/dynamodbtest"
)

type awsClient struct { // the HTTPClient of the SDK's options
	aws.HTTPClient
	apierr.Policy
}

func (c awsClient) Do(req *http.Request) (*http.Response, error) {
	resp, err := c.HTTPClient.Do(req)
	again, verdict := c.ShouldRetry(req.Context(), resp, err)
	if err != nil {
		err = awsFailure{verdict, again}
	}
	return resp, err
}

type awsFailure struct {
	error
	again bool
}

func (f awsFailure) Unwrap() error { return f.error }

func awsResponse(err error) *http.Response {
	var failed *awshttp.ResponseError
	if errors.As(err, &failed) && failed.Response != nil && failed.Response.Request != nil {
		return failed.Response.Response
	}
	return nil
}

func awsRetryer(vendor apierr.Policy) aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = vendor.MaxRetries + 1
		o.RateLimiter = ratelimit.None
		o.Retryables = []retry.IsErrorRetryable{retry.IsErrorRetryableFunc(func(err error) aws.Ternary {
			again := false
			if resp, sent := awsResponse(err), (awsFailure{}); resp != nil {
				again, _ = vendor.ShouldRetry(resp.Request.Context(), resp, nil)
			} else if errors.As(err, &sent) {
				again = sent.again
			}
			return aws.BoolTernary(again)
		})}
		o.Backoff = retry.BackoffDelayerFunc(func(attempts int, err error) (time.Duration, error) {
			return vendor.Delay(attempts, awsResponse(err), nil), nil
		})
	})
}

func theDynamoDB() api {
	return api{
		policy: dynamodb.Policy(),
		throttled: func(wait time.Duration) http.Handler {
			return reply(http.StatusBadRequest, `{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException"}`,
				"Retry-After", strconv.FormatFloat(wait.Seconds(), 'f', -1, 64))
		},
		failed:      dynamodbtest.Handler(dynamodb.InternalServerError),
		invalid:     dynamodbtest.Handler(dynamodb.ResourceNotFoundException),
		isThrottled: dynamodb.ThrottlingException,
		isFailed:    dynamodb.InternalServerError,
		isInvalid:   dynamodb.ResourceNotFoundException,
	}
}

func awsOptions(vendor apierr.Policy, client *http.Client, url string) sdk.Options {
	return sdk.Options{
		Region:       "local",
		BaseEndpoint: aws.String(url),
		Credentials:  credentials.NewStaticCredentialsProvider("id", "secret", ""),
		HTTPClient:   awsClient{client, vendor},
		Retryer:      awsRetryer(vendor),
	}
}

// sendAWS reads an item for a GET, as the caller's context says, and writes one
// for a POST. To HTTP both are a POST.
func sendAWS(ctx context.Context, vendor apierr.Policy, client *http.Client, r request) error {
	return doAWS(ctx, sdk.New(awsOptions(vendor, client, r.url)), r.method)
}

func doAWS(ctx context.Context, client *sdk.Client, method string) error {
	var err error
	item := map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "1"}}
	if method == http.MethodGet {
		_, err = client.GetItem(apierr.WithIdempotent(ctx), &sdk.GetItemInput{TableName: aws.String("things"), Key: item})
	} else {
		_, err = client.PutItem(ctx, &sdk.PutItemInput{TableName: aws.String("things"), Item: item})
	}
	if resp := awsResponse(err); resp != nil {
		return errors.Join(dynamodb.Check(resp), err)
	}
	return err
}

func TestAWS(t *testing.T) { conform(t, theDynamoDB(), sendAWS) }

// TestAWSKeepsItsErrors: the SDK's typed errors are there beside the vendor's.
func TestAWSKeepsItsErrors(t *testing.T) {
	_, url, client := serve(t, dynamodbtest.Handler(dynamodb.ResourceNotFoundException))
	err := sendAWS(t.Context(), dynamodb.Policy(), client, request{method: "GET", url: url})
	var typed *types.ResourceNotFoundException
	if !errors.As(err, &typed) || !errors.Is(err, dynamodb.ResourceNotFoundException) {
		t.Errorf("the error is %v", err)
	}
}

// TestAWSWaitsLong: the SDK's own backoff ends at 20 s and takes no notice of
// the server's wait.
func TestAWSWaitsLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vendor := theDynamoDB()
		vendor.policy.Rand, vendor.policy.MaxRetries = func() float64 { return 0 }, 1
		for _, test := range []struct {
			retryer aws.Retryer
			want    func(time.Duration) bool
		}{
			{awsRetryer(vendor.policy), func(d time.Duration) bool { return d == 50*time.Second }},
			{retry.NewStandard(), func(d time.Duration) bool { return d <= 20*time.Second }},
		} {
			s := &script{answers: []http.Handler{vendor.throttled(50 * time.Second), fine}}
			o := awsOptions(vendor.policy, &http.Client{Transport: direct{s}}, "http://127.0.0.1")
			o.Retryer = test.retryer
			err := doAWS(context.Background(), sdk.New(o), http.MethodGet)
			if waits := s.waits(); err != nil || len(waits) != 1 || !test.want(waits[0]) {
				t.Errorf("the waits are %v; %v", waits, err)
			}
		}
	})
}

// TestAWSHasNoQuota: the SDK's token bucket is shared by all calls of a client,
// and when it is empty there are no retries at all. Its tokens are for 100.
func TestAWSHasNoQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vendor := theDynamoDB()
		vendor.policy.MaxRetries, vendor.policy.Backoff = 2, apierr.Curve{Base: time.Millisecond}
		for _, test := range []struct {
			retryer  aws.Retryer
			requests int
		}{
			{awsRetryer(vendor.policy), 60 * 3},
			{retry.NewStandard(), 60 + 100},
		} {
			s := &script{answers: []http.Handler{vendor.throttled(time.Millisecond)}}
			o := awsOptions(vendor.policy, &http.Client{Transport: direct{s}}, "http://127.0.0.1")
			o.Retryer = test.retryer
			client := sdk.New(o)
			for range 60 {
				if err := doAWS(context.Background(), client, http.MethodGet); !errors.Is(err, dynamodb.ThrottlingException) {
					t.Fatal(err)
				}
			}
			if s.requests() != test.requests {
				t.Errorf("%d requests, not %d", s.requests(), test.requests)
			}
		}
	})
}

// TestAWSCounts: the retryer is told 1 after the first attempt, but 0 where
// AWS_NEW_RETRIES_2026 is set.
func TestAWSCounts(t *testing.T) {
	for env, want := range map[string][]int{"": {1, 2}, "true": {0, 1}} {
		t.Setenv("AWS_NEW_RETRIES_2026", env)
		var got []int
		vendor := theDynamoDB()
		vendor.policy.MaxRetries = 2
		_, url, client := serve(t, vendor.throttled(time.Millisecond))
		o := awsOptions(vendor.policy, client, url)
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(attempts int, _ error) (time.Duration, error) {
				got = append(got, attempts)
				return 0, nil
			})
		})
		_ = doAWS(t.Context(), sdk.New(o), http.MethodGet)
		if !slices.Equal(got, want) {
			t.Errorf("with %q the counter is %v, not %v", env, got, want)
		}
	}
}
