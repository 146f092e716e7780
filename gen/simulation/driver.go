package simulation

import (
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// A sender sends a request, and again if it thinks fit. A response with an
// error's status and a nil error is a failure all the same.
type sender func(*http.Request) (*http.Response, error)

// A Driver is a way to retry.
type Driver struct {
	Name     string
	Ours     bool
	Baseline bool // no way to retry, but what all are measured against

	// client returns what one client sends its requests with. It is used by
	// several goroutines. The random numbers are the client's own.
	client func(v *Vendor, next http.RoundTripper, random func() float64) sender
}

// plainPolicy is the driver that does just what the vendor's policy says.
const plainPolicy = "errgen"

// Drivers returns the ways to retry that are compared.
func Drivers() []Driver {
	return []Driver{
		{Name: "no retries", Baseline: true, client: once},
		{Name: "exponential backoff", client: naive},
		{Name: "go-retryablehttp", client: retryable},
		{Name: "aws-sdk-go-v2", client: awsStandard},
		{Name: plainPolicy, Ours: true, client: transport},
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
