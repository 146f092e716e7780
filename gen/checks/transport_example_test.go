package checks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/hubspot"
	"github.com/errgen/errgen/out/hubspot/hubspottest"
)

// The usual set-up: a client that gives up on slow attempts, gets a new token
// when the old one has expired, does not add to an outage, and tells of each
// attempt.
func Example_transport() {
	api := fakeAPI(
		hubspottest.Handler(hubspot.InvalidAuthentication),
		http.NotFoundHandler(), // the request with the new token
		hubspottest.Handler(hubspot.RateLimitDaily),
	)
	defer api.Close()

	var token atomic.Value
	token.Store("expired")

	transport := hubspot.Policy().Transport(http.DefaultTransport)
	transport.Policy.MaxRetries = 3
	transport.AttemptTimeout = 10 * time.Second
	transport.Budget = new(apierr.Budget)
	transport.Authorize = func(req *http.Request) error {
		req.Header.Set("Authorization", "Bearer "+token.Load().(string))
		return nil
	}
	transport.Refresh = func(_ context.Context, _ *apierr.Error) error {
		token.Store("new") // in earnest, from the token endpoint
		return nil
	}
	transport.OnAttempt = func(_ context.Context, r apierr.Report) {
		fmt.Printf("attempt %d: %d, then %s\n", r.Attempt, r.Response.StatusCode, r.Decision.Action)
	}
	client := &http.Client{Transport: transport}

	for range 2 {
		resp, err := client.Get(api.URL)
		if err == nil {
			defer resp.Body.Close()
			err = hubspot.Check(resp)
		}
		var stop *apierr.StopError
		switch {
		case errors.As(err, &stop):
			fmt.Println("stopped:", stop.Decision.Reason)
		case err != nil:
			fmt.Println(err)
		}
	}
	// Output:
	// attempt 1: 401, then refresh_once
	// attempt 2: 404, then stop
	// hubspot: not_found (404): Not Found
	// attempt 1: 429, then stop
	// stopped: nothing helps before the limit is reset
}

// fakeAPI answers with the handlers in turn.
func fakeAPI(answers ...http.Handler) *httptest.Server {
	var n atomic.Int64
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answers[min(int(n.Add(1)), len(answers))-1].ServeHTTP(w, r)
	}))
}
