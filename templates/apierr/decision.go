package apierr

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
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
	ReasonNotRenewed // stop: no new credentials could be had
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
	ReasonNotRenewed:     "no new credentials could be had",
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
// to be retried, or gives the same reason already. A nil cause gives nil.
func (d Decision) Err(cause error) error {
	switch {
	case cause == nil || d.Action == ActionRetry || d.Action == ActionRefresh:
		return cause
	case d.Reason == ReasonNone || d.Reason == ReasonNever || d.Reason == ReasonFinal:
		return cause
	}
	var stop *StopError
	if errors.As(cause, &stop) && stop != nil && stop.Decision.Reason == d.Reason {
		return cause
	}
	return &StopError{Decision: d, Cause: cause}
}

// A StopError is an error together with why the request is not sent again,
// and from when on it may be. It unwraps to the error itself, and to
// [context.DeadlineExceeded] or [context.Canceled] when the caller's context
// is the reason.
//
// Its text, its other printed forms and its JSON are safe to log. What
// net/http says of a failure names the URL with its query, where secrets are
// passed, and quotes what a server sent; of a cause that is no [*Error], only
// the kind of failure and the address are shown. An [http.Client] puts the URL
// before the text of every error of its transport, this one as well.
type StopError struct {
	Decision Decision
	Cause    error `json:"-"`

	// Also is what kept the next attempt from being made: the error of a
	// [Transport]'s Refresh or Authorize, or of the request's GetBody. It is
	// nil otherwise. Error does not print it.
	Also error `json:"-"`
}

// Error returns the cause's text, the reason and, when it is known, from when
// on the server accepts requests again.
func (e *StopError) Error() string {
	if e == nil {
		return "<nil>"
	}
	text := "not sent again: " + e.Decision.Reason.String()
	if e.Cause != nil {
		text = strings.TrimSuffix(causeText(e.Cause), ".") + "; " + text
	}
	if !e.Decision.Until.IsZero() {
		text += "; the server accepts it from " + e.Decision.Until.UTC().Format(time.RFC3339)
	}
	return text
}

// causeText returns what may be printed of an error. The text of an [*Error] is
// safe, and what callers have put around it is their own, unless there is a URL
// in it.
func causeText(cause error) string {
	if e, answered := responseError(cause); answered {
		if is[*url.Error](cause) {
			return e.Error()
		}
		return cause.Error()
	}
	text := "no response: " + FailureOf(cause).String()
	var op *net.OpError
	if !errors.As(cause, &op) {
		return text
	}
	text += " (" + op.Op + " " + op.Net
	if op.Addr != nil {
		text += " " + op.Addr.String()
	}
	return text + ")"
}

// Format writes the same as Error for every verb, see [Error.Format].
func (e StopError) Format(f fmt.State, verb rune) {
	formatText(f, verb, e.Error())
}

// MarshalJSON writes what is safe to log: the action and the reason, from when
// on the server accepts requests again, and the cause.
func (e *StopError) MarshalJSON() ([]byte, error) {
	if e == nil {
		return []byte("null"), nil
	}
	var until string
	if !e.Decision.Until.IsZero() {
		until = e.Decision.Until.UTC().Format(time.RFC3339Nano)
	}
	var cause any
	if answer, answered := responseError(e.Cause); answered {
		cause = answer
	} else if e.Cause != nil {
		cause = causeText(e.Cause)
	}
	return json.Marshal(struct {
		Action string `json:"action"`
		Reason string `json:"reason"`
		Until  string `json:"until,omitempty"`
		Cause  any    `json:"cause,omitempty"`
	}{e.Decision.Action.String(), e.Decision.Reason.String(), until, cause})
}

// LogValue returns what [Error.LogValue] does of the cause, or the kind of failure
// of one that is no [*Error], and the reason and until in the same group.
func (e *StopError) LogValue() slog.Value {
	if e == nil {
		return slog.Value{}
	}
	var attrs []slog.Attr
	if answer, _ := responseError(e.Cause); answer != nil {
		attrs = answer.LogValue().Group()
	} else if e.Cause != nil {
		attrs = []slog.Attr{slog.String("failure", FailureOf(e.Cause).String())}
	}
	attrs = append(attrs, slog.String("reason", e.Decision.Reason.String()))
	if !e.Decision.Until.IsZero() {
		attrs = append(attrs, slog.Time("until", e.Decision.Until.UTC()))
	}
	return slog.GroupValue(attrs...)
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

// Timeout reports whether the caller's deadline is the reason, or the cause is
// a timeout, such as that of the last attempt, so that [net/url.Error] and
// [net.Error] tell so as well.
func (e *StopError) Timeout() bool {
	return e != nil && (isTimeout(e.Decision.Reason.contextErr()) || isTimeout(e.Cause))
}
