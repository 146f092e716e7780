package clients

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/errgen/errgen/out/apierr"
	"github.com/errgen/errgen/out/formfex"
	"github.com/errgen/errgen/out/formfex/formfextest"
)

// A sender makes one call through a library: its requests, and the error that
// the library's caller has in the end.
type sender func(ctx context.Context, vendor apierr.Policy, client *http.Client, request request) error

// request is what to send; a POST has a body.
type request struct {
	method, url string
	keyed       bool // with the header of idempotencyHeader
}

const (
	idempotencyHeader = "Idempotency-Key"
	postBody          = "hello"
)

// A safety is how it is said that a POST may be sent twice.
type safety int

const (
	unsaid   safety = iota
	keyed           // by a header that the vendor honours
	declared        // by the context
)

// An api is a vendor as the tests need one.
type api struct {
	policy    apierr.Policy
	throttled func(wait time.Duration) http.Handler
	failed    http.Handler // a 5xx
	invalid   http.Handler // never worth a retry
	spent     http.Handler // a quota; nil for none

	isThrottled, isFailed, isInvalid, isSpent error
}

// theFormfex is the vendor of all libraries but the AWS SDK.
func theFormfex() api {
	policy := formfex.Policy()
	policy.Idempotency = idempotencyHeader
	return api{
		policy:      policy,
		throttled:   func(wait time.Duration) http.Handler { return limited("BURST_LIMIT", wait) },
		failed:      formfextest.Handler(formfex.InternalServerError),
		invalid:     formfextest.Handler(formfex.NotFound),
		spent:       limited("MONTHLY_QUOTA", time.Second),
		isThrottled: formfex.BurstLimit,
		isFailed:    formfex.InternalServerError,
		isInvalid:   formfex.NotFound,
		isSpent:     formfex.MonthlyQuota,
	}
}

// conform holds a library to what the policy decides. Every case is one that
// some library gets wrong by its own rules.
func conform(t *testing.T, vendor api, send sender) {
	vendor.policy.Rand = func() float64 { return 0 }
	vendor.policy.MaxRetries = 2
	vendor.policy.Backoff = apierr.Curve{Base: time.Millisecond}
	t.Run("loopback", func(t *testing.T) { conformLoopback(t, vendor, send) })
	t.Run("virtual", func(t *testing.T) { conformVirtual(t, vendor, send) })
}

func conformLoopback(t *testing.T, vendor api, send sender) {
	const asked = 20 * time.Millisecond
	soon := vendor.throttled(asked)
	for _, test := range []struct {
		name     string
		method   string
		safe     safety
		answers  []http.Handler
		requests int
		wait     time.Duration // no shorter one between two requests
		want     error         // nil for a success
	}{
		{"a success", "POST", unsaid, []http.Handler{fine}, 1, 0, nil},
		{"throttled twice", "GET", unsaid, []http.Handler{soon, soon, fine}, 3, asked, nil},
		{"a POST is throttled", "POST", unsaid, []http.Handler{soon, fine}, 2, asked, nil},
		{"throttled for ever", "GET", unsaid, []http.Handler{soon}, 3, asked, vendor.isThrottled},
		{"a wait beyond MaxWait", "GET", unsaid, []http.Handler{vendor.throttled(20 * time.Minute)}, 1, 0, vendor.isThrottled},
		{"a quota", "GET", unsaid, []http.Handler{vendor.spent}, 1, 0, vendor.isSpent},
		{"never", "GET", unsaid, []http.Handler{vendor.invalid}, 1, 0, vendor.isInvalid},
		{"a GET fails", "GET", unsaid, []http.Handler{vendor.failed, fine}, 2, 0, nil},
		{"a POST fails", "POST", unsaid, []http.Handler{vendor.failed}, 1, 0, vendor.isFailed},
		{"a POST with a key fails", "POST", keyed, []http.Handler{vendor.failed, fine}, 2, 0, nil},
		{"a POST fails that may be repeated", "POST", declared, []http.Handler{vendor.failed, fine}, 2, 0, nil},
		{"a GET is cut off", "GET", unsaid, []http.Handler{cut, fine}, 2, 0, nil},
		{"a POST is cut off", "POST", unsaid, []http.Handler{cut, fine}, 1, 0, io.EOF},
		{"a POST is cut off that may be repeated", "POST", declared, []http.Handler{cut, fine}, 2, 0, nil},
	} {
		if slices.Contains(test.answers, nil) || test.safe == keyed && vendor.policy.Idempotency == "" {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			s, url, client := serve(t, test.answers...)
			ctx := t.Context()
			if test.safe == declared {
				ctx = apierr.WithIdempotent(ctx)
			}
			err := send(ctx, vendor.policy, client, request{test.method, url, test.safe == keyed})
			if test.want == nil && err != nil || !errors.Is(err, test.want) {
				t.Errorf("the error is %v", err)
			}
			if got := s.requests(); got != test.requests {
				t.Errorf("%d requests, not %d", got, test.requests)
			}
			for _, wait := range s.waits() {
				if wait < test.wait {
					t.Errorf("the server asked for %v, and the wait was %v", test.wait, wait)
				}
			}
			for _, body := range s.bodies {
				if test.method == http.MethodPost && (body == "" || body != s.bodies[0]) {
					t.Errorf("the bodies are %q", s.bodies)
				}
			}
		})
	}
}

func conformVirtual(t *testing.T, vendor api, send sender) {
	const ms, s = time.Millisecond, time.Second
	for _, test := range []struct {
		name    string
		answers []http.Handler
		left    time.Duration // until the caller's deadline; zero for none
		maxWait time.Duration // of the policy; zero for the default
		waits   []time.Duration
		want    []error
	}{
		{name: "the server's waits", answers: []http.Handler{vendor.throttled(45 * s), vendor.throttled(60 * s), fine}, waits: []time.Duration{45 * s, 60 * s}},
		{name: "a wait that the caller allows", answers: []http.Handler{vendor.throttled(20 * time.Minute), fine}, maxWait: time.Hour, waits: []time.Duration{20 * time.Minute}},
		{name: "waits that grow", answers: []http.Handler{vendor.failed, vendor.failed, vendor.failed, fine}, waits: []time.Duration{3 * s, 9 * s, 27 * s}},
		{name: "a wait past the deadline", answers: []http.Handler{vendor.throttled(45 * s)}, left: 40 * s, want: []error{vendor.isThrottled, context.DeadlineExceeded}},
		{name: "beyond MaxWait", answers: []http.Handler{vendor.throttled(61 * s)}, want: []error{vendor.isThrottled}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				policy := vendor.policy
				policy.MaxRetries, policy.MaxWait = 3, test.maxWait
				policy.Backoff = apierr.Curve{Steps: []time.Duration{3 * s, 9 * s, 27 * s}}
				ctx, cancel := context.WithCancel(context.Background())
				if test.left > 0 {
					ctx, cancel = context.WithTimeout(context.Background(), test.left)
				}
				defer cancel()
				server, start := &script{answers: test.answers}, time.Now()
				err := send(ctx, policy, &http.Client{Transport: direct{server}}, request{method: "GET", url: "http://127.0.0.1"})
				if got := server.waits(); !slices.Equal(got, test.waits) {
					t.Errorf("the waits are %v, not %v", got, test.waits)
				}
				if test.want == nil && err != nil {
					t.Errorf("the error is %v", err)
				}
				for _, want := range test.want {
					if !errors.Is(err, want) {
						t.Errorf("the error is %v, and not %v", err, want)
					}
				}
				if test.want != nil && time.Since(start) > 0 {
					t.Errorf("it stopped after %v, not at once", time.Since(start))
				}
			})
		})
	}
	t.Run("canceled while it waits", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			time.AfterFunc(10*s, cancel)
			server, start := &script{answers: []http.Handler{vendor.throttled(45 * s)}}, time.Now()
			err := send(ctx, vendor.policy, &http.Client{Transport: direct{server}}, request{method: "GET", url: "http://127.0.0.1"})
			if !errors.Is(err, context.Canceled) || server.requests() != 1 || time.Since(start) != 10*s {
				t.Errorf("%v after %d requests and %v", err, server.requests(), time.Since(start))
			}
		})
	})
	t.Run("canceled while it is sent", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				cancel()
				vendor.throttled(ms).ServeHTTP(w, r)
			})
			server := &script{answers: []http.Handler{answer}}
			err := send(ctx, vendor.policy, &http.Client{Transport: direct{server}}, request{method: "GET", url: "http://127.0.0.1"})
			if !errors.Is(err, context.Canceled) || server.requests() != 1 {
				t.Errorf("%v after %d requests", err, server.requests())
			}
		})
	})
}
