package apierr

import (
	"context"
	"errors"
)

// Unhealthy reports whether an error shows that the service is in trouble, for
// circuit breakers: it answered that it failed ([Transient]), or no answer of
// it could be had. Errors that say nothing either way are [Inconclusive]; any other
// error is an answer of a service that works.
//
// A call that ends at a deadline of the caller's context is inconclusive, since
// the caller may have had no time left to begin with. For a service that hangs
// to count as unhealthy, bound each attempt by [net/http.Client].Timeout or by
// the transport's ResponseHeaderTimeout.
func Unhealthy(err error) bool { return healthOf(err) == unhealthy }

// Inconclusive reports whether an error says nothing about the health of the
// service: the caller canceled or ran out of time, the request was refused for
// a limit ([Throttled], [Quota], a refused HTTP/2 stream) or could not be sent
// for what it is, or nobody knows what happened ([Unknown]). A circuit breaker
// must count such a call neither as a failure, which would cut off a service
// that works, nor as a success, which would take a service that was never
// asked for mended.
func Inconclusive(err error) bool { return healthOf(err) == inconclusive }

// health is what an error says about the service. The zero value is that it
// works.
type health uint8

const (
	healthy health = iota
	unhealthy
	inconclusive
)

// healthOf judges the response where there is one, even if a deadline is what
// ended the retries.
func healthOf(err error) health {
	if e, answered := responseError(err); answered {
		return e.health()
	}
	if err == nil {
		return healthy
	}
	var stop *StopError
	if errors.As(err, &stop) && stop != nil && stop.Cause != nil {
		err = stop.Cause // a StopError itself unwraps to the context's error
	}
	// The plain value comes of a context; http.Client's own timeout and those
	// of connections are other errors that only claim to be it.
	if anyNode(err, func(node error) bool { return node == context.DeadlineExceeded }) {
		return inconclusive
	}
	switch FailureOf(err) {
	case FailureOther, FailureCanceled, FailureScheme, FailureStreamRefused:
		return inconclusive
	}
	return unhealthy
}

func (e *Error) health() health {
	if e == nil {
		return healthy
	}
	switch e.Class {
	case Transient:
		return unhealthy
	case Throttled, Quota, Unknown:
		return inconclusive
	}
	return healthy
}
