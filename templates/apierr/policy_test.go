package apierr

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// shop is a vendor whose entries each need another rule.
var shop = Catalog{
	Vendor:      "shop",
	Places:      []Place{{}, {Path: "$.code"}, {Header: "Retry-After"}},
	Code:        []At{1},
	Delay:       Delay{Sources: []Source{{At: 2, Unit: RetryAfter}}, Max: 2 * time.Hour},
	MaxRetries:  4,
	Backoff:     Curve{Base: time.Second, Factor: 2, Max: 6 * time.Second, Jitter: Jitter{Add: 250 * time.Millisecond}},
	Idempotency: "Idempotency-Key",
	Rules: []Rule{
		{From: 404, To: 404, Outcome: Outcome{NotFound, Backoff, RepeatIdempotent}, Backoff: &Curve{Base: 3 * time.Second}},
		{From: 421, To: 421, Outcome: Outcome{Transient, Backoff, RepeatIdempotent}},
	},
	Transport: []Failing{
		{FailureDNSNotFound, Outcome{Transient, Backoff, RepeatIdempotent}},
		{FailureCertificate, Outcome{Transient, Backoff, RepeatAny}},
		{FailureCanceled, Outcome{Transient, Backoff, RepeatAny}},
		{FailureScheme, Outcome{Transient, Backoff, RepeatAny}},
		{FailureReset, Outcome{Transient, Never, RepeatIdempotent}},
	},
	Entries: []Entry{
		{Name: "Rate", Code: "RATE", Outcome: Outcome{Throttled, Backoff, RepeatAny}},
		{Name: "Careful", Code: "CAREFUL", Outcome: Outcome{Throttled, Backoff, RepeatIdempotent}},
		{Name: "Flaky", Code: "FLAKY", Outcome: Outcome{Transient, Backoff, RepeatIdempotent}},
		{
			Name: "Slow", Code: "SLOW", Outcome: Outcome{Throttled, Backoff, RepeatAny},
			Delay: &Delay{Sources: []Source{{At: 2, Unit: RetryAfter}}, Default: 5 * time.Second},
		},
		{
			Name: "Grow", Code: "GROW", Outcome: Outcome{Throttled, Backoff, RepeatAny},
			Delay: &Delay{Default: 5 * time.Second}, Backoff: &Curve{Base: 2 * time.Second, Factor: 4},
		},
		{
			Name: "Bounded", Code: "BOUNDED", Outcome: Outcome{Throttled, Backoff, RepeatAny},
			Delay: &Delay{Sources: []Source{{At: 2, Unit: RetryAfter}}, Min: 3 * time.Second, Max: 20 * time.Second},
		},
		{
			Name: "Full", Code: "FULL", Outcome: Outcome{Throttled, Backoff, RepeatAny},
			Delay: &Delay{Min: 2 * time.Second}, Backoff: &Curve{Base: 10 * time.Second, Jitter: Jitter{Full: true}},
		},
		{
			Name: "Steps", Code: "STEPS", Outcome: Outcome{Transient, Backoff, RepeatAny},
			Backoff: &Curve{Steps: []time.Duration{3 * time.Second, 9 * time.Second, 300 * time.Second}},
		},
		{
			Name: "Wild", Code: "WILD", Outcome: Outcome{Transient, Backoff, RepeatAny},
			Backoff: &Curve{Base: time.Hour, Factor: 1e9},
		},
		{Name: "Stale", Code: "STALE", Outcome: Outcome{Unauthenticated, RefreshOnce, RepeatAny}},
		{Name: "Dup", Code: "DUP", Outcome: Outcome{Conflict, Reconcile, RepeatIdempotent}},
		{Name: "Daily", Code: "DAILY", Outcome: Outcome{Quota, WaitReset, RepeatAny}},
		{Name: "Hourly", Code: "HOURLY", Outcome: Outcome{Quota, WaitReset, RepeatAny}, Delay: &Delay{Default: 30 * time.Second}},
		{Name: "Bad", Code: "BAD", Outcome: Outcome{Invalid, Never, RepeatIdempotent}, Delay: &Delay{Default: 5 * time.Second}},
		{
			Name: "Crossed", Code: "CROSSED", Outcome: Outcome{Throttled, Backoff, RepeatAny},
			Delay: &Delay{Min: 20 * time.Second, Max: 10 * time.Second},
		},
		{
			Name: "GrowFull", Code: "GROWFULL", Outcome: Outcome{Throttled, Backoff, RepeatAny},
			Delay: &Delay{Default: 5 * time.Second}, Backoff: &Curve{Base: 8 * time.Second, Jitter: Jitter{Full: true}},
		},
	},
}

// noon is the instant of every test here.
var noon = time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)

// answer returns the error of a response with the given code and Retry-After.
func answer(status int, code, retryAfter string) *Error {
	header := http.Header{}
	if retryAfter != "" {
		header.Set("Retry-After", retryAfter)
	}
	return shop.Decode(status, header, fmt.Appendf(nil, `{"code":%q}`, code), noon)
}

func noJitter() float64   { return 0 }
func fullJitter() float64 { return 1 }

func in(d time.Duration) time.Time { return noon.Add(d) }

var (
	errRefused = &url.Error{Op: "Post", URL: "http://shop", Err: &net.OpError{Op: "dial", Err: refusedErrors[0]}}
	errEOF     = &url.Error{Op: "Post", URL: "http://shop", Err: io.EOF}
	errReset   = &url.Error{Op: "Get", URL: "http://shop", Err: &net.OpError{Op: "read", Err: resetErrors[0]}}
	errStream  = &url.Error{Op: "Post", URL: "https://shop", Err: streamError{StreamID: 1, Code: refusedStream}}
	errNoHost  = &net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}
	errCert    = &url.Error{Op: "Get", URL: "https://shop", Err: &tls.CertificateVerificationError{Err: errors.New("expired")}}
)

func TestDecide(t *testing.T) {
	const s = time.Second
	rate, flaky := answer(429, "RATE", ""), answer(500, "FLAKY", "")
	retry := func(d time.Duration, why Reason) Decision {
		decision := Decision{Action: ActionRetry, Reason: why, Delay: d}
		if why != ReasonBackoff {
			decision.Until = in(d)
		}
		return decision
	}
	stop := func(why Reason) Decision { return Decision{Reason: why} }
	stopUntil := func(why Reason, d time.Duration) Decision { return Decision{Reason: why, Until: in(d)} }

	for _, test := range []struct {
		name string
		a    Attempt
		set  func(*Policy)
		ctx  func() context.Context
		want Decision
	}{
		{name: "nothing failed", a: Attempt{}, want: Decision{}},
		{name: "typed nil is no vendor's error", a: Attempt{Err: error((*Error)(nil))}, want: Decision{}},

		// The caller's context.
		{name: "canceled", a: Attempt{Err: rate}, ctx: canceled, want: stop(ReasonCanceled)},
		{name: "canceled, conflict", a: Attempt{Err: answer(409, "DUP", "")}, ctx: canceled, want: stop(ReasonCanceled)},
		{name: "expired by the real clock", a: Attempt{Err: rate}, ctx: expired, want: stop(ReasonExpired)},
		{name: "expired by the clock given", a: Attempt{Err: rate}, ctx: deadline(0), want: stop(ReasonExpired)},
		{name: "expired, and the server said when", a: Attempt{Err: answer(429, "RATE", "7")}, ctx: canceled, want: stopUntil(ReasonCanceled, 7*s)},
		{name: "an attempt's own timeout is a failure", a: Attempt{Err: context.DeadlineExceeded}, ctx: deadline(time.Hour), want: retry(1*s, ReasonBackoff)},
		{name: "no context", a: Attempt{Err: rate}, ctx: func() context.Context { return nil }, want: retry(1*s, ReasonBackoff)},

		// What the error means.
		{name: "never", a: Attempt{Err: answer(400, "BAD", "")}, want: stop(ReasonNever)},
		{name: "never, whatever the server asks", a: Attempt{Err: answer(400, "BAD", "9")}, want: stop(ReasonNever)},
		{name: "unknown status", a: Attempt{Err: answer(418, "", "")}, want: stop(ReasonNever)},
		{name: "status row", a: Attempt{Err: answer(404, "", "")}, want: retry(3*s, ReasonBackoff)},
		{name: "entry above status row", a: Attempt{Err: answer(404, "BAD", "")}, want: stop(ReasonNever)},
		{name: "reconcile", a: Attempt{Err: answer(409, "DUP", "")}, want: Decision{Action: ActionReconcile, Reason: ReasonReconcile}},
		{name: "reconcile needs no body", a: Attempt{Err: answer(409, "DUP", ""), Method: "POST", BodySpent: true}, want: Decision{Action: ActionReconcile, Reason: ReasonReconcile}},
		{name: "reset", a: Attempt{Err: answer(429, "DAILY", "30")}, want: stopUntil(ReasonReset, 30*s)},
		{name: "reset is not capped by the general rules", a: Attempt{Err: answer(429, "DAILY", "90000")}, want: stopUntil(ReasonReset, 90000*s)},
		{name: "reset at an unknown time", a: Attempt{Err: answer(429, "DAILY", "")}, want: stop(ReasonReset)},
		{name: "reset as documented", a: Attempt{Err: answer(429, "HOURLY", "")}, want: stopUntil(ReasonReset, 30*s)},
		{name: "reset slept through when asked to", a: Attempt{Err: answer(429, "DAILY", "30")}, set: func(p *Policy) { p.WaitForReset = true }, want: retry(30*s, ReasonServerWait)},
		{name: "reset further away than MaxWait", a: Attempt{Err: answer(429, "DAILY", "61")}, set: func(p *Policy) { p.WaitForReset = true }, want: stopUntil(ReasonTooLong, 61*s)},
		{name: "reset at an unknown time is not slept for", a: Attempt{Err: answer(429, "DAILY", "")}, set: func(p *Policy) { p.WaitForReset = true }, want: stop(ReasonReset)},

		// The body.
		{name: "body spent", a: Attempt{Err: rate, Method: "PUT", BodySpent: true}, want: stop(ReasonBodySpent)},
		{name: "body spent, but nothing to send again", a: Attempt{Err: answer(400, "BAD", ""), BodySpent: true}, want: stop(ReasonNever)},

		// Sending twice.
		{name: "POST, not carried out", a: Attempt{Err: rate, Method: "POST"}, want: retry(1*s, ReasonBackoff)},
		{name: "POST, 500", a: Attempt{Err: flaky, Method: "POST"}, want: stop(ReasonMayHaveActed)},
		{name: "PATCH, 500", a: Attempt{Err: flaky, Method: "PATCH"}, want: stop(ReasonMayHaveActed)},
		{name: "get is not GET", a: Attempt{Err: flaky, Method: "get"}, want: stop(ReasonMayHaveActed)},
		{name: "no method is GET", a: Attempt{Err: flaky}, want: retry(1*s, ReasonBackoff)},
		{name: "DELETE, 500", a: Attempt{Err: flaky, Method: "DELETE"}, want: retry(1*s, ReasonBackoff)},
		{name: "POST declared idempotent", a: Attempt{Err: flaky, Method: "POST", Idempotent: true}, want: retry(1*s, ReasonBackoff)},
		{name: "POST with the vendor's header", a: Attempt{Err: flaky, Method: "POST", Header: http.Header{"Idempotency-Key": {"k"}}}, want: retry(1*s, ReasonBackoff)},
		{name: "POST with an empty header", a: Attempt{Err: flaky, Method: "POST", Header: http.Header{"Idempotency-Key": {""}}}, want: stop(ReasonMayHaveActed)},
		{name: "POST with a header nobody documents", a: Attempt{Err: flaky, Method: "POST", Header: http.Header{"X-Idempotency-Key": {"k"}}}, want: stop(ReasonMayHaveActed)},
		{name: "POST with a header that this vendor has not", a: Attempt{Err: flaky, Method: "POST", Header: http.Header{"Idempotency-Key": {"k"}}}, set: func(p *Policy) { p.Idempotency = "" }, want: stop(ReasonMayHaveActed)},
		{name: "POST, 429 of no entry", a: Attempt{Err: answer(429, "", ""), Method: "POST"}, want: retry(1*s, ReasonBackoff)},
		{name: "POST, 408 of no entry", a: Attempt{Err: answer(408, "", ""), Method: "POST"}, want: retry(1*s, ReasonBackoff)},
		{name: "POST, 425 of no entry", a: Attempt{Err: answer(425, "", ""), Method: "POST"}, want: retry(1*s, ReasonBackoff)},
		{name: "POST, 421 of no entry", a: Attempt{Err: answer(421, "", ""), Method: "POST"}, want: retry(1*s, ReasonBackoff)},
		{name: "POST, 404 of no entry", a: Attempt{Err: answer(404, "", ""), Method: "POST"}, want: stop(ReasonMayHaveActed)},
		{name: "POST, 503 of no entry", a: Attempt{Err: answer(503, "", ""), Method: "POST"}, want: stop(ReasonMayHaveActed)},
		{name: "POST, 503 with Retry-After", a: Attempt{Err: answer(503, "", "2"), Method: "POST"}, want: retry(2*s, ReasonServerWait)},
		{name: "POST, 500 with Retry-After", a: Attempt{Err: answer(500, "", "2"), Method: "POST"}, want: stopUntil(ReasonMayHaveActed, 2*s)},
		{name: "POST, 429, but the entry says it may have acted", a: Attempt{Err: answer(429, "CAREFUL", ""), Method: "POST"}, want: stop(ReasonMayHaveActed)},
		{name: "POST, 503 with Retry-After, but an entry", a: Attempt{Err: answer(503, "FLAKY", "2"), Method: "POST"}, want: stopUntil(ReasonMayHaveActed, 2*s)},

		// No response.
		{name: "POST, not connected", a: Attempt{Err: errRefused, Method: "POST"}, want: retry(1*s, ReasonBackoff)},
		{name: "refused stream, at once", a: Attempt{Err: errStream, Method: "POST", Attempts: 1}, set: func(p *Policy) { p.Rand = fullJitter }, want: retry(0, ReasonBackoff)},
		{name: "refused stream, at once after new credentials", a: Attempt{Err: errStream, Method: "POST", Attempts: 2, Refreshed: true}, want: retry(0, ReasonBackoff)},
		{name: "refused stream, little time", a: Attempt{Err: errStream, Method: "POST"}, ctx: deadline(1), want: retry(0, ReasonBackoff)},
		{name: "refused stream again", a: Attempt{Err: errStream, Method: "POST", Attempts: 2}, want: retry(2*s, ReasonBackoff)},
		{name: "refused stream, no retries", a: Attempt{Err: errStream, Method: "POST"}, set: func(p *Policy) { p.MaxRetries = 0 }, want: stop(ReasonUsedUp)},
		{name: "refused stream, over budget", a: Attempt{Err: errStream, Method: "POST", OverBudget: true}, want: stop(ReasonOverBudget)},
		{name: "POST, cut off", a: Attempt{Err: errEOF, Method: "POST"}, want: stop(ReasonMayHaveActed)},
		{name: "GET, cut off", a: Attempt{Err: errEOF, Method: "GET"}, want: retry(1*s, ReasonBackoff)},
		{name: "the catalog says never", a: Attempt{Err: errReset}, want: stop(ReasonNever)},
		{name: "the same without a catalog", a: Attempt{Err: errReset}, set: func(p *Policy) { p.Failures = nil }, want: retry(1*s, ReasonBackoff)},
		{name: "POST, no such host, the catalog says again", a: Attempt{Err: errNoHost, Method: "POST"}, want: retry(1*s, ReasonBackoff)},
		{name: "no such host", a: Attempt{Err: errNoHost}, set: func(p *Policy) { p.Failures = nil }, want: stop(ReasonNever)},
		{name: "certificate, against the catalog", a: Attempt{Err: errCert}, want: stop(ReasonFinal)},
		{name: "canceled attempt, against the catalog", a: Attempt{Err: context.Canceled}, want: stop(ReasonFinal)},
		{name: "scheme, against the catalog", a: Attempt{Err: http.ErrSchemeMismatch}, want: stop(ReasonFinal)},
		{name: "some other error", a: Attempt{Err: errors.New("boom")}, want: stop(ReasonNever)},

		// New credentials.
		{name: "refresh", a: Attempt{Err: answer(401, "STALE", ""), Method: "POST"}, want: Decision{Action: ActionRefresh, Reason: ReasonRefresh}},
		{name: "refresh when the attempts are used up", a: Attempt{Err: answer(401, "STALE", ""), Attempts: 5}, want: Decision{Action: ActionRefresh, Reason: ReasonRefresh}},
		{name: "refresh once", a: Attempt{Err: answer(401, "STALE", ""), Refreshed: true}, want: stop(ReasonRefreshed)},
		{name: "refresh needs the body", a: Attempt{Err: answer(401, "STALE", ""), BodySpent: true}, want: stop(ReasonBodySpent)},

		// Attempts.
		{name: "last retry", a: Attempt{Err: rate, Attempts: 4}, want: retry(6*s, ReasonBackoff)},
		{name: "used up", a: Attempt{Err: rate, Attempts: 5}, want: stop(ReasonUsedUp)},
		{name: "used up, and the server said when", a: Attempt{Err: answer(429, "RATE", "7"), Attempts: 5}, want: stopUntil(ReasonUsedUp, 7*s)},
		{name: "over budget", a: Attempt{Err: rate, OverBudget: true}, want: stop(ReasonOverBudget)},
		{name: "new credentials do not count", a: Attempt{Err: rate, Attempts: 5, Refreshed: true}, want: retry(6*s, ReasonBackoff)},
		{name: "no retries", a: Attempt{Err: rate}, set: func(p *Policy) { p.MaxRetries = 0 }, want: stop(ReasonUsedUp)},

		// Waits.
		{name: "computed, second", a: Attempt{Err: rate, Attempts: 2}, want: retry(2*s, ReasonBackoff)},
		{name: "server's wait", a: Attempt{Err: answer(429, "RATE", "7"), Attempts: 3}, want: retry(7*s, ReasonServerWait)},
		{name: "server's wait, some of it gone", a: Attempt{Err: answer(429, "RATE", "7"), Now: in(3 * s)}, want: Decision{Action: ActionRetry, Reason: ReasonServerWait, Delay: 4 * s, Until: in(7 * s)}},
		{name: "server's wait, the clock set back", a: Attempt{Err: answer(429, "RATE", "7"), Now: in(-time.Hour)}, want: Decision{Action: ActionRetry, Reason: ReasonServerWait, Delay: 7 * s, Until: in(7*s - time.Hour)}},
		{name: "server says now", a: Attempt{Err: answer(429, "RATE", "0")}, want: Decision{Action: ActionRetry, Reason: ReasonBackoff, Delay: 1 * s, Until: noon}},
		{name: "server says now, entry has a default", a: Attempt{Err: answer(429, "SLOW", "0")}, want: Decision{Action: ActionRetry, Reason: ReasonBackoff, Delay: 1 * s, Until: noon}},
		{name: "default", a: Attempt{Err: answer(429, "SLOW", ""), Attempts: 4}, want: retry(5*s, ReasonDocumentedWait)},
		{name: "server above default", a: Attempt{Err: answer(429, "SLOW", "2")}, want: retry(2*s, ReasonServerWait)},
		{name: "default with a curve, first", a: Attempt{Err: answer(429, "GROW", "")}, want: retry(5*s, ReasonDocumentedWait)},
		{name: "default with a curve, second", a: Attempt{Err: answer(429, "GROW", ""), Attempts: 2}, want: Decision{Action: ActionRetry, Reason: ReasonBackoff, Delay: 8 * s, Until: in(5 * s)}},
		{name: "floor of a server's wait", a: Attempt{Err: answer(429, "BOUNDED", "1")}, want: retry(3*s, ReasonServerWait)},
		{name: "floor of a computed wait", a: Attempt{Err: answer(429, "BOUNDED", "")}, want: retry(3*s, ReasonBackoff)},
		{name: "cap of a server's wait", a: Attempt{Err: answer(429, "BOUNDED", "3600")}, want: retry(20*s, ReasonServerWait)},
		{name: "full jitter off", a: Attempt{Err: answer(429, "FULL", "")}, want: retry(10*s, ReasonBackoff)},
		{name: "full jitter keeps the floor", a: Attempt{Err: answer(429, "FULL", "")}, set: func(p *Policy) { p.Rand = fullJitter }, want: retry(2*s, ReasonBackoff)},
		{name: "cap below floor", a: Attempt{Err: answer(429, "CROSSED", "")}, want: retry(10*s, ReasonBackoff)},
		{name: "full jitter keeps the default", a: Attempt{Err: answer(429, "GROWFULL", "")}, set: func(p *Policy) { p.Rand = fullJitter }, want: Decision{Action: ActionRetry, Reason: ReasonBackoff, Delay: 5 * s, Until: in(5 * s)}},
		{name: "steps", a: Attempt{Err: answer(500, "STEPS", ""), Attempts: 2}, want: retry(9*s, ReasonBackoff)},
		{name: "a step longer than MaxWait", a: Attempt{Err: answer(500, "STEPS", ""), Attempts: 3}, want: retry(300*s, ReasonBackoff)},
		{name: "growth ends at MaxWait", a: Attempt{Err: answer(500, "WILD", ""), Attempts: 4}, want: retry(60*s, ReasonBackoff)},
		{name: "wait of MaxWait", a: Attempt{Err: answer(429, "RATE", "60")}, want: retry(60*s, ReasonServerWait)},
		{name: "wait longer than MaxWait", a: Attempt{Err: answer(429, "RATE", "61")}, want: stopUntil(ReasonTooLong, 61*s)},
		{name: "MaxWait raised", a: Attempt{Err: answer(429, "RATE", "61")}, set: func(p *Policy) { p.MaxWait = 2 * time.Minute }, want: retry(61*s, ReasonServerWait)},
		{name: "MaxWait lowered", a: Attempt{Err: answer(429, "RATE", "7")}, set: func(p *Policy) { p.MaxWait = 5 * s }, want: stopUntil(ReasonTooLong, 7*s)},
		{name: "Backoff set at run time", a: Attempt{Err: rate}, set: func(p *Policy) { p.Backoff = Curve{Base: 4 * s} }, want: retry(4*s, ReasonBackoff)},
		{name: "no Backoff", a: Attempt{Err: rate, Attempts: 3}, set: func(p *Policy) { p.Backoff = Curve{} }, want: retry(4*s, ReasonBackoff)},
		{name: "jitter of the curve", a: Attempt{Err: rate}, set: func(p *Policy) { p.Rand = fullJitter }, want: retry(1250*time.Millisecond, ReasonBackoff)},
		{name: "jitter of a curve without", a: Attempt{Err: answer(404, "", "")}, set: func(p *Policy) { p.Rand = fullJitter }, want: retry(3600*time.Millisecond, ReasonBackoff)},
		{name: "jitter of a server's wait", a: Attempt{Err: answer(429, "RATE", "60")}, set: func(p *Policy) { p.Rand = fullJitter }, want: Decision{Action: ActionRetry, Reason: ReasonServerWait, Delay: 66 * s, Until: in(60 * s)}},
		{name: "jitter of a server's wait is never full", a: Attempt{Err: answer(429, "RATE", "50")}, set: func(p *Policy) { p.Rand, p.Spread = fullJitter, Jitter{Full: true} }, want: retry(50*s, ReasonServerWait)},

		// The deadline.
		{name: "wait ends before the deadline", a: Attempt{Err: answer(429, "RATE", "7")}, ctx: deadline(8 * s), want: retry(7*s, ReasonServerWait)},
		{name: "wait ends at the deadline", a: Attempt{Err: answer(429, "RATE", "7")}, ctx: deadline(7 * s), want: stopUntil(ReasonDeadline, 7*s)},
		{name: "wait passes the deadline", a: Attempt{Err: rate, Attempts: 3}, ctx: deadline(3 * s), want: stop(ReasonDeadline)},
		{name: "jitter alone never stops", a: Attempt{Err: answer(429, "RATE", "10")}, ctx: deadline(10500 * time.Millisecond), set: func(p *Policy) { p.Rand = fullJitter }, want: retry(10*s, ReasonServerWait)},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := shop.Policy()
			p.Rand = noJitter
			if test.set != nil {
				test.set(&p)
			}
			ctx := context.Background()
			if test.ctx != nil {
				ctx = test.ctx()
			}
			if test.a.Now.IsZero() {
				test.a.Now = noon
			}
			for _, err := range []error{test.a.Err, wrapped(test.a.Err)} {
				test.a.Err = err
				got := p.Decide(ctx, test.a)
				if !got.Until.Equal(test.want.Until) {
					t.Errorf("Until is %v, want %v", got.Until, test.want.Until)
				}
				got.Until = test.want.Until
				if got != test.want {
					t.Errorf("%v\n got %v: %v, %v\nwant %v: %v, %v", err,
						got.Action, got.Reason, got.Delay, test.want.Action, test.want.Reason, test.want.Delay)
				}
			}
		})
	}
}

func wrapped(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := err.(*Error); ok && e == nil {
		return err
	}
	return fmt.Errorf("list orders: %w", err)
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func expired() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), -time.Second)
	cancel()
	return ctx
}

// atNoon is a context whose deadline is counted from noon, and which no real
// clock ends.
type atNoon struct {
	context.Context
	left time.Duration
}

func (c atNoon) Deadline() (time.Time, bool) { return in(c.left), true }

func deadline(left time.Duration) func() context.Context {
	return func() context.Context { return atNoon{context.Background(), left} }
}

func TestZeroPolicy(t *testing.T) {
	var p Policy
	if d := p.Decide(context.Background(), Attempt{Err: answer(429, "RATE", "")}); d.Reason != ReasonUsedUp {
		t.Errorf("the zero Policy: %v, want no retry", d.Reason)
	}
	p.MaxRetries = 1
	for range 100 {
		d := p.Decide(context.Background(), Attempt{Err: &Error{Outcome: Outcome{Throttled, Backoff, RepeatAny}}})
		if d.Action != ActionRetry || d.Delay < time.Second || d.Delay > 1200*time.Millisecond {
			t.Fatalf("a hand-made error: %v after %v, want a retry after 1s to 1.2s", d.Action, d.Delay)
		}
	}
}

func TestWithoutNow(t *testing.T) {
	p := shop.Policy()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	e := shop.Decode(429, http.Header{"Retry-After": {"30"}}, nil, time.Now())
	if d := p.Decide(ctx, Attempt{Err: e}); d.Reason != ReasonDeadline {
		t.Errorf("30 s with 10 s left: %v", d.Reason)
	}
}

func TestDecideAllocates(t *testing.T) {
	p := shop.Policy()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	for name, a := range map[string]Attempt{
		"server's wait": {Err: answer(429, "RATE", "7"), Method: "POST", Now: noon},
		"computed":      {Err: answer(429, "RATE", ""), Method: "POST", Now: noon},
		"idempotent":    {Err: answer(500, "FLAKY", ""), Method: "POST", Header: http.Header{"Idempotency-Key": {"k"}}, Now: noon},
		"wrapped":       {Err: fmt.Errorf("list: %w", answer(429, "GROW", "")), Attempts: 2, Now: noon},
		"refresh":       {Err: answer(401, "STALE", ""), Now: noon},
		"stop":          {Err: answer(400, "BAD", ""), Now: noon},
	} {
		if n := testing.AllocsPerRun(100, func() { p.Decide(ctx, a) }); n != 0 {
			t.Errorf("%s: %v allocations, want 0", name, n)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	p := shop.Policy()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	a := Attempt{Err: answer(429, "RATE", "7"), Method: "POST", Now: noon}
	b.ReportAllocs()
	for b.Loop() {
		p.Decide(ctx, a)
	}
}

func ExamplePolicy_Decide() {
	policy := shop.Policy()
	err := shop.Decode(429, http.Header{"Retry-After": {"90"}}, []byte(`{"code":"RATE"}`), noon)
	d := policy.Decide(context.Background(), Attempt{Attempts: 1, Method: "POST", Err: err, Now: noon})
	fmt.Println(d.Action, "because", d.Reason)
	fmt.Println(d.Err(err))
	// Output:
	// stop because the wait is longer than MaxWait
	// shop: Rate (429 RATE); not sent again: the wait is longer than MaxWait; the server accepts it from 2026-04-01T12:01:30Z
}
