package apierr

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
)

// A Failure is the kind of failure in which no response came, or broke off.
// The zero value is [FailureOther].
type Failure uint8

// The kinds of failure, by how far the request had come.
const (
	FailureOther          Failure = iota // none of the others
	FailureCanceled                      // the caller no longer wants the answer
	FailureScheme                        // the URL cannot work: no such scheme, no host, or https to a server that speaks http
	FailureDNSNotFound                   // there is no such host
	FailureDNS                           // the name could not be looked up: no answer in time, a failing server
	FailureRefused                       // nothing listens at the address
	FailureUnreachable                   // no connection for another reason: no route, a proxy that fails, one that the server had closed
	FailureConnectTimeout                // no connection, or no TLS handshake, in time
	FailureCertificate                   // the server's certificate is not trusted
	FailureTLS                           // the TLS handshake or the encryption failed otherwise
	FailureStreamRefused                 // an HTTP/2 server refused the request unprocessed (RFC 9113, section 8.7)
	FailureReset                         // the connection was cut
	FailureEOF                           // the connection ended before the response did
	FailureTimeout                       // connected, but no whole response in time
)

// failures is what is known about each kind.
var failures = [...]struct {
	name      string // in catalogs
	notSent   bool   // the server surely did not act on the request
	transient bool   // retried unless the catalog says otherwise
	final     bool   // never retried, whatever the catalog says
}{
	FailureOther:          {name: "other"},
	FailureCanceled:       {name: "canceled", final: true},
	FailureScheme:         {name: "bad_scheme", final: true}, // http.ErrSchemeMismatch may come after a request, too
	FailureDNSNotFound:    {name: "dns_not_found", notSent: true},
	FailureDNS:            {name: "dns_failed", notSent: true, transient: true},
	FailureRefused:        {name: "refused", notSent: true, transient: true},
	FailureUnreachable:    {name: "unreachable", notSent: true, transient: true},
	FailureConnectTimeout: {name: "connect_timeout", notSent: true, transient: true},
	FailureCertificate:    {name: "certificate", notSent: true, final: true},
	FailureTLS:            {name: "tls"},
	FailureStreamRefused:  {name: "stream_refused", notSent: true, transient: true},
	FailureReset:          {name: "reset", transient: true},
	FailureEOF:            {name: "eof", transient: true},
	FailureTimeout:        {name: "timeout", transient: true},
}

// Failures returns every kind of failure, [FailureOther] first.
func Failures() []Failure {
	all := make([]Failure, len(failures))
	for i := range all {
		all[i] = Failure(i)
	}
	return all
}

// ParseFailure returns the Failure of the given name. The second result is
// false for a name that is none.
func ParseFailure(name string) (Failure, bool) {
	for i := range failures {
		if failures[i].name == name {
			return Failure(i), true
		}
	}
	return FailureOther, false
}

// known returns f, or FailureOther for a number that is no kind of failure.
func (f Failure) known() Failure {
	if int(f) < len(failures) {
		return f
	}
	return FailureOther
}

// String returns the name used in catalogs, "dns_not_found" for example.
func (f Failure) String() string { return failures[f.known()].name }

// NotSent reports whether the server surely did not act on the request:
// nothing of it was sent, or the server says that it was not processed. Any
// request may then be sent again, an idempotent one or not.
func (f Failure) NotSent() bool { return failures[f.known()].notSent }

// Outcome returns what to do about a failure of this kind when a catalog does
// not say otherwise. What a second try may mend is [Transient]; a certificate,
// a URL and a host name that does not exist stay as they are.
func (f Failure) Outcome() Outcome {
	o := Outcome{Class: Unknown, Retry: Never, Repeat: RepeatIdempotent}
	if failures[f.known()].transient {
		o.Class, o.Retry = Transient, Backoff
	}
	if f.NotSent() {
		o.Repeat = RepeatAny
	}
	return o
}

// final reports whether a failure of this kind is never retried.
func (f Failure) final() bool { return failures[f.known()].final }

// FailureOf returns the kind of a failure that net/http reports, however
// deeply it is wrapped. It goes by types wherever there are any, and by the
// text of net/http's own errors where there are none; the text of an error
// that wraps another one is never looked at, as it may hold the URL.
//
// It is meant for errors of [http.Client.Do], of a RoundTripper, and of
// reading a response's body. A nil error is [FailureOther], and so is what a
// proxy answers to CONNECT: net/http gives no more of it than a text such as
// "Bad Gateway". It is [FailureUnreachable] where the OnProxyConnectResponse
// of the [http.Transport] returns a [net.OpError] whose Op is "proxyconnect".
func FailureOf(err error) Failure {
	if err == nil {
		return FailureOther
	}
	for i := range failureTests {
		if t := &failureTests[i]; t.holds(err) {
			return t.failure
		}
	}
	return FailureOther
}

// failureTests tells the kinds of failure apart; the first that holds wins.
// An error often has the marks of several: a lookup that timed out is a
// timeout in a failed dial as well.
var failureTests = []struct {
	failure Failure
	holds   func(error) bool
}{
	{FailureCanceled, isCanceled},
	{FailureScheme, isScheme},
	{FailureDNSNotFound, isNotFound},
	{FailureDNS, is[*net.DNSError]},
	{FailureCertificate, isCertificate},
	{FailureStreamRefused, isStreamRefused},
	{FailureRefused, func(err error) bool { return isAny(err, refusedErrors) }},
	{FailureConnectTimeout, isConnectTimeout},
	{FailureUnreachable, isUnreachable},
	{FailureTimeout, isTimeout},
	{FailureTLS, isTLS},
	{FailureReset, isReset},
	{FailureEOF, isEOF},
}

// isCanceled takes whole texts, since http.Client adds to them where it was its
// Timeout that canceled.
func isCanceled(err error) bool {
	return errors.Is(err, context.Canceled) || leaf(err, func(text string) bool {
		return text == "net/http: request canceled" || text == "net/http: request canceled while waiting for connection"
	})
}

// isScheme looks at the record header as well, since [http.ErrSchemeMismatch]
// is what only http.Client makes of it. In the middle of a connection, where
// the text is another one, a request may have been sent.
func isScheme(err error) bool {
	var record tls.RecordHeaderError
	if errors.As(err, &record) && string(record.RecordHeader[:]) == "HTTP/" {
		return record.Msg == "first record does not look like a TLS handshake" // and not one in mid-connection
	}
	return errors.Is(err, http.ErrSchemeMismatch) ||
		leafHas(err, "unsupported protocol scheme", "http: no Host in request URL", "http: nil Request.URL")
}

func isNotFound(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

func isCertificate(err error) bool {
	return is[*tls.CertificateVerificationError](err) ||
		is[x509.UnknownAuthorityError](err) ||
		is[x509.HostnameError](err) ||
		is[x509.CertificateInvalidError](err) ||
		is[x509.ConstraintViolationError](err) ||
		is[x509.UnhandledCriticalExtension](err) ||
		is[x509.InsecureAlgorithmError](err) ||
		is[x509.SystemRootsError](err)
}

// isStreamRefused holds for RST_STREAM with REFUSED_STREAM and for requests
// that a GOAWAY says were not processed (RFC 9113, sections 6.8 and 8.7).
func isStreamRefused(err error) bool {
	var reset streamError
	if errors.As(err, &reset) {
		return reset.Code == refusedStream
	}
	return leafHas(err, "http2: Transport received Server's graceful shutdown GOAWAY", "http2: Transport received GOAWAY") ||
		leaf(err, func(text string) bool {
			_, code, _ := strings.Cut(text, "; ")
			return strings.HasPrefix(text, streamErrorText) && strings.HasPrefix(code, "REFUSED_STREAM")
		})
}

func isConnectTimeout(err error) bool {
	return isConnecting(err) && isTimeout(err) || leafHas(err, "net/http: TLS handshake timeout")
}

// isUnreachable holds for a connection that was closed while it was idle as
// well: net/http says so only when that was before it began to write. That it
// cannot rewind a body, it says when an HTTP/2 connection was shut down between
// being picked and being written to, the body was closed then, and no other
// connection is there; after anything else it either can rewind or says why not.
func isUnreachable(err error) bool {
	return isConnecting(err) || leafHas(err,
		"http: server closed idle connection",
		"http2: client conn could not be established",
		"http2: client conn not usable",
		"net/http: cannot rewind body after connection loss")
}

// isConnecting holds for errors of making a connection, directly or through a
// proxy.
func isConnecting(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect" || op.Op == "socks connect")
}

func isTimeout(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, os.ErrDeadlineExceeded) ||
		isAny(err, timeoutErrors) ||
		anyNode(err, func(node error) bool {
			t, ok := node.(interface{ Timeout() bool })
			return ok && t.Timeout()
		})
}

// isTLS holds for alerts, sent or received, which have no type of their own
// over TCP, and for what the handshake complains of.
func isTLS(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error") {
		return true
	}
	return is[tls.AlertError](err) || is[tls.RecordHeaderError](err) ||
		is[*tls.ECHRejectionError](err) || leafHas(err, "tls: ")
}

func isReset(err error) bool {
	return isAny(err, resetErrors) || errors.Is(err, net.ErrClosed) || is[streamError](err) ||
		leafHas(err,
			streamErrorText,
			"http2: server sent GOAWAY and closed the connection",
			"http2: client connection lost",
			"http2: client connection force closed",
			"http2: client conn is closed")
}

func isEOF(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		leafHas(err, "http: unexpected EOF reading trailer")
}

// streamError is what net/http's own type for a reset HTTP/2 stream converts
// itself to when errors.As asks for a struct of these fields.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (e streamError) Error() string { return "HTTP/2 stream reset" }

// streamErrorText begins the text of a reset HTTP/2 stream: "stream error:
// stream ID 1; REFUSED_STREAM; received from peer". The type of
// golang.org/x/net/http2 has nothing else to be told by.
const streamErrorText = "stream error: stream ID "

// refusedStream is the error code REFUSED_STREAM (RFC 9113, section 7).
const refusedStream = 0x7

// is reports whether err is, or wraps, an error of type T.
func is[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

// isAny reports whether err is, or wraps, one of the targets.
func isAny(err error, targets []error) bool {
	return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
}

// leafHas reports whether an error that err wraps, and that itself wraps none,
// has a text that begins with one of the given.
func leafHas(err error, prefixes ...string) bool {
	return leaf(err, func(text string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(text, prefix) })
	})
}

// leaf reports whether the test holds for the text of an error that err wraps,
// and that itself wraps none.
func leaf(err error, holds func(text string) bool) bool {
	return anyNode(err, func(node error) bool {
		return !wraps(node) && holds(strings.TrimPrefix(node.Error(), cannotRetry))
	})
}

// cannotRetry is what net/http puts before the text of an error after which it
// would have sent the request again, had there been a GetBody.
const cannotRetry = "http2: Transport: cannot retry err ["

func wraps(err error) bool {
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return e.Unwrap() != nil
	case interface{ Unwrap() []error }:
		return len(e.Unwrap()) > 0
	}
	return false
}

// anyNode reports whether the test holds for err or an error that it wraps.
func anyNode(err error, holds func(error) bool) bool {
	for err != nil {
		if holds(err) {
			return true
		}
		switch e := err.(type) {
		case interface{ Unwrap() error }:
			err = e.Unwrap()
		case interface{ Unwrap() []error }:
			return slices.ContainsFunc(e.Unwrap(), func(node error) bool { return anyNode(node, holds) })
		default:
			return false
		}
	}
	return false
}
