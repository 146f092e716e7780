package apierr

import "syscall"

// What the system says when a connection fails. Plan 9 has texts for errors,
// not numbers.
var (
	refusedErrors = []error{syscall.NewError("connection refused")}
	resetErrors   = []error{syscall.NewError("connection reset"), syscall.NewError("i/o on hungup channel")}
	timeoutErrors = []error{syscall.ETIMEDOUT}
)
