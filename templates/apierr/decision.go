package apierr

import (
	"context"
	"errors"
	"strings"
	"time"
)

// An Action is what to do next. The zero value is [ActionStop].
type Action uint8

// What to do next.
const (
	ActionStop      Action = iota // hand the error to the caller
	ActionRetry                   // wait for Delay, then send the request again
	ActionRefresh                 // get new credentials, then send the request again at once
	ActionReconcile               // look up what exists; do not resend
)

var actionNames = [...]string{"stop", "retry", "refresh_once", "reconcile"}

// String returns "stop", "retry", "refresh_once" or "reconcile".
func (a Action) String() string {
	if int(a) < len(actionNames) {
		return actionNames[a]
	}
	return actionNames[ActionStop]
}

// A Reason is why a [Decision] is what it is. The zero value is [ReasonNone].
type Reason uint8

// Why a decision is what it is.
const (
	ReasonNone           Reason = iota
	ReasonCanceled              // stop: the caller's context is canceled
	ReasonExpired               // stop: the caller's deadline has passed
	ReasonNever                 // stop: the catalog, else the class, says never
	ReasonFinal                 // stop: a certificate, a URL: no later try differs
	ReasonReset                 // stop: nothing helps before Until
	ReasonBodySpent             // stop: the body cannot be sent again
	ReasonMayHaveActed          // stop: a second request might act twice
	ReasonRefreshed             // stop: new credentials did not help
	ReasonUsedUp                // stop: MaxRetries are made
	ReasonOverBudget            // stop: the client makes too many retries already
	ReasonTooLong               // stop: the wait is longer than MaxWait
	ReasonDeadline              // stop: the wait would pass the caller's deadline
	ReasonReconcile             // reconcile
	ReasonRefresh               // refresh_once
	ReasonServerWait            // retry: after the server's wait
	ReasonDocumentedWait        // retry: after the catalog's default wait
	ReasonBackoff               // retry: after a computed wait

	// Of a [Transport]:
	ReasonPaused     // stop: all requests wait, and longer than this one can
	ReasonUnprepared // stop: the next request could not be made
)

var reasonTexts = [...]string{
	ReasonNone:           "nothing failed",
	ReasonCanceled:       "the caller has canceled",
	ReasonExpired:        "the caller's deadline has passed",
	ReasonNever:          "the same request would fail again",
	ReasonFinal:          "a failure of this kind is never retried",
	ReasonReset:          "nothing helps before the limit is reset",
	ReasonBodySpent:      "the request's body cannot be sent again",
	ReasonMayHaveActed:   "the request may have been carried out and is not idempotent",
	ReasonRefreshed:      "the credentials have been refreshed already",
	ReasonUsedUp:         "the attempts are used up",
	ReasonOverBudget:     "the client's retries are over budget",
	ReasonTooLong:        "the wait is longer than MaxWait",
	ReasonDeadline:       "the wait would pass the caller's deadline",
	ReasonReconcile:      "look up what exists instead of sending again",
	ReasonRefresh:        "new credentials are needed",
	ReasonServerWait:     "the server asks for this wait",
	ReasonDocumentedWait: "the vendor documents this wait",
	ReasonBackoff:        "the wait is computed",
	ReasonPaused:         "all requests wait for longer than this one can",
	ReasonUnprepared:     "the next request could not be made",
}

// String returns the reason in a few words for people.
func (r Reason) String() string {
	if int(r) < len(reasonTexts) {
		return reasonTexts[r]
	}
	return reasonTexts[ReasonNone]
}

// contextErr returns the context's error that a stop for this reason stands
// for, or nil.
func (r Reason) contextErr() error {
	switch r {
	case ReasonCanceled:
		return context.Canceled
	case ReasonExpired, ReasonDeadline:
		return context.DeadlineExceeded
	}
	return nil
}

// A Decision is what to do after an attempt, and why. The zero value is to
// stop because nothing failed.
type Decision struct {
	Action Action
	Reason Reason

	// Delay is how long to wait before the next attempt; zero unless Action
	// is ActionRetry.
	Delay time.Duration

	// Until is from when on the server accepts requests again, by its own
	// word or by the catalog's: zero when neither says, whatever the Action.
	Until time.Time
}

// Err returns the error to hand to the caller when the decision is to stop or
// to reconcile. It is a [*StopError] around cause where there is something to
// add to it, and cause itself otherwise, as when the error is simply not one
// to be retried. A nil cause gives nil.
func (d Decision) Err(cause error) error {
	switch {
	case cause == nil || d.Action == ActionRetry || d.Action == ActionRefresh:
		return cause
	case d.Reason == ReasonNone || d.Reason == ReasonNever || d.Reason == ReasonFinal:
		return cause
	}
	return &StopError{Decision: d, Cause: cause}
}

// A StopError is an error together with why the request is not sent again,
// and from when on it may be. It unwraps to the error itself, and to
// [context.DeadlineExceeded] or [context.Canceled] when the caller's context
// is the reason.
type StopError struct {
	Decision Decision
	Cause    error

	// Also is what kept the next attempt from being made: the error of a
	// [Transport]'s Refresh or Authorize, or of the request's GetBody. It is
	// nil otherwise. Error does not print it.
	Also error
}

// Error returns the cause's text, the reason and, when it is known, from when
// on the server accepts requests again. It is as safe to log as the cause.
func (e *StopError) Error() string {
	if e == nil {
		return "<nil>"
	}
	text := "not sent again: " + e.Decision.Reason.String()
	if e.Cause != nil {
		text = strings.TrimSuffix(e.Cause.Error(), ".") + "; " + text
	}
	if !e.Decision.Until.IsZero() {
		text += "; the server accepts it from " + e.Decision.Until.UTC().Format(time.RFC3339)
	}
	return text
}

// Unwrap returns the cause, the context's error and Also.
func (e *StopError) Unwrap() []error {
	if e == nil {
		return nil
	}
	errs := make([]error, 0, 3)
	for _, err := range [...]error{e.Cause, e.Decision.Reason.contextErr(), e.Also} {
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// Timeout reports whether the caller's deadline is the reason, so that
// [net/url.Error] and [net.Error] tell so as well.
func (e *StopError) Timeout() bool {
	return e != nil && errors.Is(e.Decision.Reason.contextErr(), context.DeadlineExceeded)
}
