//go:build !windows && !plan9

package apierr

import "syscall"

// What the system says when a connection fails.
var (
	refusedErrors = []error{syscall.ECONNREFUSED}
	resetErrors   = []error{syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE}
	timeoutErrors = []error{syscall.ETIMEDOUT}
)
