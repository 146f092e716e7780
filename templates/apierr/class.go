package apierr

import "slices"

// A Class says what happened, in the same words for every vendor, so that one
// question can be asked of any vendor's error:
//
//	errors.Is(err, apierr.Throttled)
//
// The zero value is [Unknown]. String returns the word that catalogs and logs have
// for a class, "not_found". A Class is an error so that it can be the
// target of [errors.Is]; it is never returned as one.
type Class uint8

// The classes, each with the statuses that fall into it when a catalog does
// not say otherwise.
const (
	Unknown         Class = iota // nothing is known
	Invalid                      // the request must be mended: 400, 422 and other 4xx
	Unauthenticated              // the credentials are missing, wrong or expired: 401
	Forbidden                    // the credentials do not allow this: 403
	NotFound                     // there is no such thing: 404, 410
	Conflict                     // the state does not allow this: 409, 412
	Precondition                 // something outside the request must change first: 402
	Throttled                    // too fast, and not carried out: 429
	Quota                        // a budget is used up until an instant
	Transient                    // the server failed, for now: 408, 421, 425, 5xx
)

var classNames = [...]string{
	"unknown", "invalid", "unauthenticated", "forbidden", "not_found",
	"conflict", "precondition", "throttled", "quota", "transient",
}

// String returns the class's name in catalogs, "not_found" for example.
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return classNames[Unknown]
}

// Error returns the class's name with a short prefix. It makes a Class a
// possible target of [errors.Is].
func (c Class) Error() string { return "API error of class " + c.String() }

// ErrorClass returns the class's name. [Error.Is] compares classes through
// this method, so that classes of two generated copies of this package agree.
func (c Class) ErrorClass() string { return c.String() }

// Classes returns the names of all classes.
func Classes() []string { return slices.Clone(classNames[:]) }

// ParseClass returns the class of the given name. The second result is false
// for a name that is none.
func ParseClass(name string) (Class, bool) { return byName[Class](classNames[:], name) }

// A Retry says what to do about an error. The zero value is [Never].
type Retry uint8

// What to do about an error.
const (
	Never       Retry = iota // do not send it again as it is
	Backoff                  // send it again after the server's wait, else after a computed one
	WaitReset                // nothing helps before an instant that the error may name; never slept through unasked
	RefreshOnce              // get new credentials, then send the same request once
	Reconcile                // look up what exists; do not resend
)

var retryNames = [...]string{"never", "backoff", "wait_reset", "refresh_once", "reconcile"}

// String returns the name used in catalogs, "wait_reset" for example.
func (r Retry) String() string {
	if int(r) < len(retryNames) {
		return retryNames[r]
	}
	return retryNames[Never]
}

// Retries returns the names of all retry rules.
func Retries() []string { return slices.Clone(retryNames[:]) }

// ParseRetry returns the Retry of the given name. The second result is false
// for a name that is none.
func ParseRetry(name string) (Retry, bool) { return byName[Retry](retryNames[:], name) }

// A Repeat says which requests may be sent a second time when the first may
// have been carried out. The zero value is [RepeatIdempotent].
type Repeat uint8

// Which requests may be sent again.
const (
	RepeatIdempotent Repeat = iota // only idempotent ones (RFC 9110, section 9.2.2)
	RepeatAny                      // any: the server did not act on the first
)

var repeatNames = [...]string{"idempotent", "any"}

// String returns the name used in catalogs: "any" or "idempotent".
func (r Repeat) String() string {
	if int(r) < len(repeatNames) {
		return repeatNames[r]
	}
	return repeatNames[RepeatIdempotent]
}

// Repeats returns the names of all repeat rules.
func Repeats() []string { return slices.Clone(repeatNames[:]) }

// ParseRepeat returns the Repeat of the given name. The second result is
// false for a name that is none.
func ParseRepeat(name string) (Repeat, bool) { return byName[Repeat](repeatNames[:], name) }

func byName[T ~uint8](names []string, name string) (T, bool) {
	for i, n := range names {
		if n == name {
			return T(i), true
		}
	}
	return 0, false
}

// Defaults returns what to do about errors of this class when a catalog does
// not say otherwise.
func (c Class) Defaults() (Retry, Repeat) {
	switch c {
	case Conflict:
		return Reconcile, RepeatIdempotent
	case Throttled:
		return Backoff, RepeatAny
	case Quota:
		return WaitReset, RepeatAny
	case Transient:
		return Backoff, RepeatIdempotent
	case Unauthenticated:
		return Never, RepeatAny
	default:
		return Never, RepeatIdempotent
	}
}

// ClassOf returns the class of a status for which a catalog has no rule.
func ClassOf(status int) Class {
	switch {
	case status == 401:
		return Unauthenticated
	case status == 402:
		return Precondition
	case status == 403:
		return Forbidden
	case status == 404 || status == 410:
		return NotFound
	case status == 409 || status == 412:
		return Conflict
	case status == 429:
		return Throttled
	case status == 408 || status == 421 || status == 425 || status >= 500 && status <= 599:
		return Transient
	case status >= 400 && status <= 499:
		return Invalid
	default:
		return Unknown
	}
}
