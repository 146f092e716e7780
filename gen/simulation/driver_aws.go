package simulation

import (
	"context"
	"errors"
	"math"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// awsStandard is the retry loop of aws-sdk-go-v2 with its standard retryer, one
// for each client.
func awsStandard(_ *Vendor, next http.RoundTripper, random func() float64) sender {
	retryer := retry.NewStandard(func(o *retry.StandardOptions) {
		o.Backoff = awsBackoff(random)
	})
	loop := retry.NewAttemptMiddleware(retryer, func(req any) any { return req })
	client := &http.Client{Transport: next}
	return func(req *http.Request) (*http.Response, error) {
		out, _, err := loop.HandleFinalize(req.Context(), middleware.FinalizeInput{Request: req}, awsAttempt(client))
		resp, _ := out.Result.(*http.Response)
		return resp, err
	}
}

// awsBackoff computes what the SDK's own ExponentialJitterBackoff does, with
// random numbers from the run's seed: it takes them from crypto/rand, and
// offers no way to change that.
func awsBackoff(random func() float64) retry.BackoffDelayer {
	steps := int(math.Log2(retry.DefaultMaxBackoff.Seconds()))
	return retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
		if attempt > steps {
			return retry.DefaultMaxBackoff, nil
		}
		return time.Duration(random() * float64(int64(1)<<attempt) * float64(time.Second)), nil
	})
}

// awsAttempt sends one request, and reports failures with the types that the
// SDK's own clients report them with. A 429 gets the code that AWS's services
// send with theirs; without one, the retryer would never retry it.
func awsAttempt(client *http.Client) middleware.FinalizeHandler {
	return middleware.FinalizeHandlerFunc(func(ctx context.Context, in middleware.FinalizeInput) (out middleware.FinalizeOutput, md middleware.Metadata, err error) {
		req, ok := in.Request.(*http.Request)
		if !ok {
			return out, md, errors.New("the request is none of net/http's")
		}
		if err := rewind(req); err != nil {
			return out, md, err
		}
		resp, err := client.Do(req.WithContext(ctx))
		switch {
		case err != nil && ctx.Err() != nil:
			return out, md, &smithy.CanceledError{Err: err}
		case err != nil:
			return out, md, &smithyhttp.RequestSendError{Err: err}
		case resp.StatusCode >= 400:
			resp.Body.Close()
			return out, md, awsError(resp)
		}
		out.Result = resp
		return out, md, nil
	})
}

func awsError(resp *http.Response) error {
	e := &smithy.GenericAPIError{Code: "InvalidRequest"}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		e.Code = "TooManyRequestsException"
	case resp.StatusCode >= 500:
		e.Code = "InternalFailure"
	}
	return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: resp}, Err: e}
}
