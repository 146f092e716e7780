package apierr

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"testing"
)

func TestFailureNames(t *testing.T) {
	seen := map[string]bool{}
	for i, f := range Failures() {
		name := f.String()
		if parsed, ok := ParseFailure(name); int(f) != i || !ok || parsed != f || name == "" || seen[name] {
			t.Errorf("failure %d has the name %q, which parses to %d", i, name, parsed)
		}
		seen[name] = true
	}
	if f, ok := ParseFailure("flaky"); ok || f != FailureOther {
		t.Errorf("an unknown name parses to %v, %v", f, ok)
	}
	if f := Failure(200); f.String() != "other" || f.NotSent() || f.Outcome() != FailureOther.Outcome() {
		t.Errorf("an unknown number is %v, want other", f)
	}
	for _, name := range []string{"refused", "dns_not_found", "timeout", "reset", "eof", "certificate"} {
		if !seen[name] {
			t.Errorf("no failure has the name %s", name)
		}
	}
}

func TestFailureOutcome(t *testing.T) {
	again := Outcome{Transient, Backoff, RepeatIdempotent}
	notSent := Outcome{Transient, Backoff, RepeatAny}
	for f, want := range map[Failure]Outcome{
		FailureOther:          {Unknown, Never, RepeatIdempotent},
		FailureCanceled:       {Unknown, Never, RepeatIdempotent},
		FailureScheme:         {Unknown, Never, RepeatIdempotent},
		FailureDNSNotFound:    {Unknown, Never, RepeatAny},
		FailureCertificate:    {Unknown, Never, RepeatAny},
		FailureTLS:            {Unknown, Never, RepeatIdempotent},
		FailureDNS:            notSent,
		FailureRefused:        notSent,
		FailureUnreachable:    notSent,
		FailureConnectTimeout: notSent,
		FailureStreamRefused:  notSent,
		FailureReset:          again,
		FailureEOF:            again,
		FailureTimeout:        again,
	} {
		if got := f.Outcome(); got != want {
			t.Errorf("%v means %v, want %v", f, got, want)
		}
	}
}

// TestFailureOfValues holds the failures that are hard to bring about.
func TestFailureOfValues(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	read := func(err error) error { return &net.OpError{Op: "read", Net: "tcp", Err: err} }
	for _, test := range []struct {
		err  error
		want Failure
	}{
		{nil, FailureOther},
		{errors.New("boom"), FailureOther},
		{dial(&net.DNSError{IsNotFound: true}), FailureDNSNotFound},
		{dial(&net.DNSError{IsTimeout: true}), FailureDNS},
		{dial(&net.DNSError{IsTemporary: true}), FailureDNS},
		{dial(&net.DNSError{}), FailureDNS},
		{dial(os.NewSyscallError("connect", refusedErrors[0])), FailureRefused},
		{dial(os.NewSyscallError("connect", timeoutErrors[0])), FailureConnectTimeout},
		{dial(os.ErrDeadlineExceeded), FailureConnectTimeout},
		{dial(errors.New("network is unreachable")), FailureUnreachable},
		{dial(resetErrors[0]), FailureUnreachable},
		{&net.OpError{Op: "proxyconnect", Err: dial(refusedErrors[0])}, FailureRefused},
		{&net.OpError{Op: "proxyconnect", Err: x509.UnknownAuthorityError{}}, FailureCertificate},
		{&net.OpError{Op: "socks connect", Err: errors.New("general failure")}, FailureUnreachable},
		{read(os.NewSyscallError("read", timeoutErrors[0])), FailureTimeout},
		{read(os.ErrDeadlineExceeded), FailureTimeout},
		{read(os.NewSyscallError("read", resetErrors[0])), FailureReset},
		{&net.OpError{Op: "write", Err: resetErrors[1]}, FailureReset},
		{read(net.ErrClosed), FailureReset},
		{context.DeadlineExceeded, FailureTimeout},
		{context.Canceled, FailureCanceled},
		{errors.New("net/http: request canceled"), FailureCanceled},
		{errors.New("net/http: request canceled while waiting for connection"), FailureCanceled},
		{clientTimedOut("net/http: request canceled (Client.Timeout exceeded while awaiting headers)"), FailureTimeout},
		{errors.Join(context.Canceled, read(io.EOF)), FailureCanceled},
		{errors.Join(errors.New("boom"), read(io.ErrUnexpectedEOF)), FailureEOF},
		{io.EOF, FailureEOF},
		{errors.New("http: server closed idle connection"), FailureUnreachable},
		{errors.New("net/http: cannot rewind body after connection loss"), FailureUnreachable},
		{errors.New("http: unexpected EOF reading trailer"), FailureEOF},
		{errors.New("http2: client connection lost"), FailureReset},
		{errors.New("http2: client conn could not be established"), FailureUnreachable},
		{errors.New("http2: Transport received Server's graceful shutdown GOAWAY"), FailureStreamRefused},
		{streamError{StreamID: 1, Code: refusedStream}, FailureStreamRefused},
		{streamError{StreamID: 1, Code: 2}, FailureReset},
		{x509.HostnameError{Certificate: new(x509.Certificate)}, FailureCertificate},
		{x509.CertificateInvalidError{Cert: new(x509.Certificate), Reason: x509.Expired}, FailureCertificate},
		{tls.AlertError(40), FailureTLS},
		{tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, FailureTLS},
		{tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake", RecordHeader: [5]byte([]byte("HTTP/"))}, FailureScheme},
		{tls.RecordHeaderError{Msg: "oversized record received with length 20527", RecordHeader: [5]byte([]byte("HTTP/"))}, FailureTLS},
		{errors.New("stream error: stream ID 3; REFUSED_STREAM; received from peer"), FailureStreamRefused},
		{errors.New("stream error: stream ID 3; CANCEL; received from peer"), FailureReset},
		{errors.New("http2: Transport: cannot retry err [stream error: stream ID 3; REFUSED_STREAM; received from peer] after Request.Body was written"), FailureStreamRefused},
		{errors.New("http2: Transport: cannot retry err [stream error: stream ID 3; PROTOCOL_ERROR; received from peer] after Request.Body was written"), FailureReset},
		{errors.New("http2: Transport: cannot retry err [http2: Transport received Server's graceful shutdown GOAWAY] after Request.Body was written"), FailureStreamRefused},
		{errResend, FailureReset},
		{errors.New("shop: stream error: stream ID 3; REFUSED_STREAM"), FailureOther},
		{errors.New("tls: server selected unsupported protocol version 300"), FailureTLS},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}, FailureTLS},
		{http.ErrSchemeMismatch, FailureScheme},
	} {
		for _, err := range []error{test.err, wrapped(test.err), inURL(test.err)} {
			if got := FailureOf(err); got != test.want {
				t.Errorf("%v is %v, want %v", err, got, test.want)
			}
		}
	}
}

// clientTimedOut is what http.Client makes of an error once its Timeout is over.
type clientTimedOut string

func (e clientTimedOut) Error() string { return string(e) }
func (e clientTimedOut) Timeout() bool { return true }

// inURL wraps an error as http.Client does, with a URL that has the text of
// other errors in it.
func inURL(err error) error {
	if err == nil {
		return nil
	}
	return &url.Error{Op: "tls: Get", URL: "http2: Transport received GOAWAY", Err: err}
}

func ExampleFailureOf() {
	_, err := http.Get("gopher://localhost/")
	fmt.Println(FailureOf(err))
	// Output: bad_scheme
}
