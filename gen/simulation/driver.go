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
	"github.com/errgen/errgen/out/apierr"
	"github.com/hashicorp/go-retryablehttp"
)

// A sender sends a request, and again if it thinks fit. A response with an
// error's status and a nil error is a failure all the same.
type sender func(*http.Request) (*http.Response, error)

// A Driver is a way to retry.
type Driver struct {
	Name string
	Ours bool

	// client returns what one client sends its requests with. It is used by
	// several goroutines. The random numbers are the client's own.
	client func(v *Vendor, next http.RoundTripper, random func() float64) sender
}

// Drivers returns the ways to retry that are compared.
func Drivers() []Driver {
	return []Driver{
		{Name: "no retries", client: once},
		{Name: "exponential backoff", client: naive},
		{Name: "go-retryablehttp", client: retryable},
		{Name: "aws-sdk-go-v2", client: awsStandard},
		{Name: "errgen", Ours: true, client: transport},
		{Name: "errgen, budget and pause", Ours: true, client: careful},
	}
}

func once(_ *Vendor, next http.RoundTripper, _ func() float64) sender {
	return (&http.Client{Transport: next}).Do
}

// naive is the loop that people write: any error, any method, 1 s, 2 s, 4 s and
// so on, five times.
func naive(_ *Vendor, next http.RoundTripper, _ func() float64) sender {
	client := &http.Client{Transport: next}
	return func(req *http.Request) (*http.Response, error) {
		for wait := time.Second; ; wait *= 2 {
			resp, err := client.Do(req)
			if err == nil && resp.StatusCode < 400 || wait > 16*time.Second {
				return resp, err
			}
			if err == nil {
				resp.Body.Close()
			}
			if err := sleep(req.Context(), wait); err != nil {
				return nil, err
			}
			if err := rewind(req); err != nil {
				return nil, err
			}
		}
	}
}

// rewind gives the request its body anew.
func rewind(req *http.Request) (err error) {
	if req.GetBody != nil {
		req.Body, err = req.GetBody()
	}
	return err
}

// retryable is go-retryablehttp's client as NewClient makes it, silent.
func retryable(_ *Vendor, next http.RoundTripper, _ func() float64) sender {
	client := retryablehttp.NewClient()
	client.HTTPClient = &http.Client{Transport: next}
	client.Logger = nil
	return func(req *http.Request) (*http.Response, error) {
		r, err := retryablehttp.FromRequest(req)
		if err != nil {
			return nil, err
		}
		return client.Do(r)
	}
}

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

// transport is the vendor's policy as it is.
func transport(v *Vendor, next http.RoundTripper, random func() float64) sender {
	policy := v.Policy()
	policy.Rand = random
	return (&http.Client{Transport: policy.Transport(next)}).Do
}

// careful is the same with the two things that a client can do for all its
// requests together.
func careful(v *Vendor, next http.RoundTripper, random func() float64) sender {
	policy := v.Policy()
	policy.Rand = random
	t := policy.Transport(next)
	t.Budget, t.Pause = &apierr.Budget{Size: budgetSize}, true
	return (&http.Client{Transport: t}).Do
}

// budgetSize is small, as one client makes three calls a minute.
const budgetSize = 20

// policyLoop is the retry loop of the root README.
func policyLoop(v *Vendor, next http.RoundTripper, random func() float64) sender {
	client := &http.Client{Transport: next}
	policy := v.Policy()
	policy.Rand = random
	return func(req *http.Request) (*http.Response, error) {
		a := apierr.AttemptOf(req)
		for {
			resp, err := client.Do(req)
			if err == nil {
				if err = v.Check(resp); err == nil {
					return resp, nil
				}
				resp.Body.Close()
			}
			a.Attempts, a.Err = a.Attempts+1, err
			d := policy.Decide(req.Context(), a)
			if d.Action != apierr.ActionRetry {
				return nil, d.Err(err)
			}
			if e := sleep(req.Context(), d.Delay); e != nil {
				return nil, errors.Join(e, err)
			}
			if err := rewind(req); err != nil {
				return nil, err
			}
		}
	}
}
