package apierr

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestNamesOfActionsAndReasons(t *testing.T) {
	for action, name := range map[Action]string{
		ActionStop: "stop", ActionRetry: "retry", ActionRefresh: "refresh_once", ActionReconcile: "reconcile", 99: "stop",
	} {
		if action.String() != name {
			t.Errorf("action %d is %q, want %q", action, action, name)
		}
	}
	seen := map[string]Reason{}
	for r := ReasonNone; int(r) < len(reasonTexts); r++ {
		if other, twice := seen[r.String()]; twice || r.String() == "" {
			t.Errorf("reason %d reads %q, as %d does", r, r, other)
		}
		seen[r.String()] = r
	}
}

func TestDecisionErr(t *testing.T) {
	cause := answer(429, "RATE", "7")
	for _, test := range []struct {
		ctx    func() context.Context
		err    *Error
		unwrap error // beside the cause
		text   string
	}{
		{deadline(time.Second), cause, context.DeadlineExceeded, "the wait would pass the caller's deadline; the server accepts it from 2026-04-01T12:00:07Z"},
		{expired, cause, context.DeadlineExceeded, "the caller's deadline has passed; the server accepts it from 2026-04-01T12:00:07Z"},
		{canceled, cause, context.Canceled, "the caller has canceled; the server accepts it from 2026-04-01T12:00:07Z"},
		{context.Background, answer(429, "RATE", "90"), nil, "the wait is longer than MaxWait; the server accepts it from 2026-04-01T12:01:30Z"},
		{context.Background, answer(409, "DUP", ""), nil, "look up what exists instead of sending again"},
	} {
		err := shop.Policy().Decide(test.ctx(), Attempt{Err: test.err, Now: noon}).Err(test.err)
		var stop *StopError
		var e *Error
		if !errors.As(err, &stop) || !errors.As(err, &e) || e != test.err || !errors.Is(err, test.err.Class) {
			t.Errorf("%v does not lead to its cause", err)
		}
		for _, end := range []error{context.DeadlineExceeded, context.Canceled} {
			if errors.Is(err, end) != (end == test.unwrap) {
				t.Errorf("errors.Is(%v, %v) is %v", err, end, end != test.unwrap)
			}
		}
		if want := test.err.Error() + "; not sent again: " + test.text; err.Error() != want {
			t.Errorf("the error reads\n%s\nwant\n%s", err, want)
		}
		if got := (&url.Error{Err: err}).Timeout(); got != (test.unwrap == context.DeadlineExceeded) {
			t.Errorf("as net/http wraps it, Timeout is %v: %v", got, err)
		}
	}
}

// TestStopErrorTimeout holds that a stop after a timeout is one to those who ask
// net/http's way, and that no other is.
func TestStopErrorTimeout(t *testing.T) {
	for _, test := range []struct {
		reason  Reason
		cause   error
		timeout bool
	}{
		{ReasonUsedUp, errAttemptTimeout, true},
		{ReasonMayHaveActed, fmt.Errorf("sending: %w", errAttemptTimeout), true},
		{ReasonOverBudget, &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, true},
		{ReasonExpired, nil, true},
		{ReasonUsedUp, syscall.ECONNRESET, false},
		{ReasonUsedUp, answer(504, "", ""), false},
		{ReasonCanceled, context.Canceled, false},
		{ReasonNone, nil, false},
	} {
		stop := &StopError{Decision: Decision{Reason: test.reason}, Cause: test.cause}
		var wrapped net.Error = &url.Error{Op: "Get", URL: "/", Err: stop}
		if stop.Timeout() != test.timeout || wrapped.Timeout() != test.timeout {
			t.Errorf("%v after %v: Timeout is %t, and %t as net/http wraps it", test.reason, test.cause, stop.Timeout(), wrapped.Timeout())
		}
	}
	if (*StopError)(nil).Timeout() {
		t.Error("nil is a timeout")
	}
}

func TestDecisionErrAddsNothing(t *testing.T) {
	for _, cause := range []error{answer(400, "BAD", ""), answer(429, "RATE", ""), answer(401, "STALE", ""), errCert} {
		if err := shop.Policy().Decide(context.Background(), Attempt{Err: cause, Now: noon}).Err(cause); err != cause {
			t.Errorf("%v became %v", cause, err)
		}
	}
	if err := (Decision{Reason: ReasonDeadline}).Err(nil); err != nil {
		t.Errorf("no cause became %v", err)
	}
}
