package apierr

import "syscall"

// What the system says when a connection fails. Windows reports the codes of
// Winsock (10000 and up) and of files; package syscall names few of them, and
// its ECONNREFUSED and the like are numbers of Go's own.
var (
	refusedErrors = []error{syscall.Errno(10061), syscall.ECONNREFUSED}
	resetErrors   = []error{
		syscall.WSAECONNRESET, syscall.WSAECONNABORTED, syscall.Errno(10052), // WSAENETRESET
		syscall.Errno(64), // ERROR_NETNAME_DELETED
		syscall.ERROR_BROKEN_PIPE, syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE,
	}
	timeoutErrors = []error{syscall.Errno(10060), syscall.ETIMEDOUT}
)
