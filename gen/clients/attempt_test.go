package clients

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/formfex"
)

// newRequest returns the request to send.
func newRequest(ctx context.Context, r request) (*http.Request, error) {
	var body io.Reader
	if r.method == http.MethodPost {
		body = strings.NewReader(postBody)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, body)
	if err == nil && r.keyed {
		req.Header.Set(idempotencyHeader, "1")
	}
	return req, err
}

func do(client *http.Client, req *http.Request) (*http.Response, error) {
	if req.GetBody != nil {
		req.Body, _ = req.GetBody() // the last attempt has read it
	}
	resp, err := client.Do(req)
	if err == nil {
		if err = formfex.Check(resp); err != nil {
			resp.Body.Close()
		}
	}
	return resp, err
}

// A function is a library's way to retry a function.
type function func(ctx context.Context, call *apierr.Call, do func() (*http.Response, error)) (*http.Response, error)

// sender makes requests in the function.
func (f function) sender() sender {
	return func(ctx context.Context, vendor apierr.Policy, client *http.Client, r request) error {
		req, err := newRequest(ctx, r)
		if err != nil {
			return err
		}
		call := vendor.Call(apierr.AttemptOf(req))
		resp, err := f(ctx, call, func() (*http.Response, error) { return do(client, req) })
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
}
