package apierr

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
)

func TestHealthOfResponses(t *testing.T) {
	want := map[Class]health{Transient: unhealthy, Throttled: inconclusive, Quota: inconclusive, Unknown: inconclusive}
	for i := range classNames {
		e := &Error{Outcome: Outcome{Class: Class(i)}}
		for _, err := range []error{
			e,
			fmt.Errorf("calling: %w", e),
			// Why the retries ended says nothing of the service.
			&StopError{Decision: Decision{Reason: ReasonDeadline}, Cause: e},
			&StopError{Decision: Decision{Reason: ReasonCanceled}, Cause: e},
		} {
			expectHealth(t, fmt.Sprintf("%v as %T", e.Class, err), err, want[e.Class])
		}
	}
	expectHealth(t, "no error", nil, healthy)
	expectHealth(t, "a nil Error", (*Error)(nil), healthy)
	expectHealth(t, "a StopError without a cause", &StopError{}, inconclusive)
	expectHealth(t, "an error of the program itself", errors.New("strange"), inconclusive)
}

func expectHealth(t *testing.T, what string, err error, want health) {
	t.Helper()
	if got := Unhealthy(err); got != (want == unhealthy) {
		t.Errorf("%s: Unhealthy is %v", what, got)
	}
	if got := Inconclusive(err); got != (want == inconclusive) {
		t.Errorf("%s: Inconclusive is %v", what, got)
	}
}

// TestHealthOfFailures brings the failures about. errors.Is calls the caller's
// deadline and the client's own timeout both context.DeadlineExceeded, though
// only the client's says something of the service.
func TestHealthOfFailures(t *testing.T) {
	for _, test := range []struct {
		name string
		fail func(*testing.T) error
		want health
	}{
		{"refused", refusedConn, unhealthy},
		{"dial timeout", dialTimeout, unhealthy},
		{"no such host", func(t *testing.T) error { return lookUp(t, nameError) }, unhealthy},
		{"name server fails", func(t *testing.T) error { return lookUp(t, serverFailure) }, unhealthy},
		{"reset", func(t *testing.T) error { return rawAnswer(t, "", true) }, unhealthy},
		{"closed", func(t *testing.T) error { return rawAnswer(t, halfAnswer, false) }, unhealthy},
		{"unknown authority", unknownAuthority, unhealthy},
		{"alert", clientCertificate, unhealthy},
		{"header timeout", headerTimeout, unhealthy},
		{"client's timeout", clientTimeout, unhealthy},
		{"caller's deadline", contextTimeout, inconclusive},
		{"cancellation", cancellation, inconclusive},
		{"no such scheme", func(*testing.T) error { return get(http.DefaultClient, "gopher://localhost/") }, inconclusive},
		{"redirects without end", redirects, inconclusive},
		{"REFUSED_STREAM", func(t *testing.T) error { return http2Answer(t, rstStream(refusedStream)) }, inconclusive},
		{"RST_STREAM", func(t *testing.T) error { return http2Answer(t, rstStream(2)) }, unhealthy},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := test.fail(t)
			expectHealth(t, err.Error(), err, test.want)
			// What ended the retries does not change it.
			expectHealth(t, "stopped", &StopError{Decision: Decision{Reason: ReasonDeadline}, Cause: err}, test.want)
		})
	}
}
