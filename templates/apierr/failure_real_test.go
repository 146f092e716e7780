package apierr

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestFailureOfReal brings about each failure on the loopback interface.
func TestFailureOfReal(t *testing.T) {
	for _, test := range []struct {
		name string
		fail func(*testing.T) error
		want Failure
	}{
		{"refused", refusedConn, FailureRefused},
		{"dial timeout", dialTimeout, FailureConnectTimeout},
		{"proxy refused", proxyRefused, FailureRefused},
		{"no such host", func(t *testing.T) error { return lookUp(t, nameError) }, FailureDNSNotFound},
		{"name server fails", func(t *testing.T) error { return lookUp(t, serverFailure) }, FailureDNS},
		{"name server silent", func(t *testing.T) error { return lookUp(t, silence) }, FailureDNS},
		{"reset before headers", func(t *testing.T) error { return rawAnswer(t, "", true) }, FailureReset},
		{"closed before headers", func(t *testing.T) error { return rawAnswer(t, "", false) }, FailureEOF},
		{"closed in the headers", func(t *testing.T) error { return rawAnswer(t, "HTTP/1.1 200 OK\r\nServer: shop\r\n", false) }, FailureEOF},
		{"closed in the body", func(t *testing.T) error { return rawAnswer(t, halfAnswer, false) }, FailureEOF},
		{"reset in the body", func(t *testing.T) error { return rawAnswer(t, halfAnswer, true) }, FailureReset},
		{"header timeout", headerTimeout, FailureTimeout},
		{"client timeout", clientTimeout, FailureTimeout},
		{"attempt's context", contextTimeout, FailureTimeout},
		{"cancellation", cancellation, FailureCanceled},
		{"unknown authority", unknownAuthority, FailureCertificate},
		{"another host's certificate", wrongHost, FailureCertificate},
		{"alert", clientCertificate, FailureTLS},
		{"no common version", noCommonVersion, FailureTLS},
		{"handshake timeout", handshakeTimeout, FailureConnectTimeout},
		{"not TLS", notTLS, FailureTLS},
		{"HTTP to HTTPS", httpToHTTPS, FailureScheme},
		{"no such scheme", func(t *testing.T) error { return get(http.DefaultClient, "gopher://localhost/") }, FailureScheme},
		{"no host", func(t *testing.T) error { return get(http.DefaultClient, "http:///orders") }, FailureScheme},
		{"redirects without end", redirects, FailureOther},
		{"REFUSED_STREAM", func(t *testing.T) error { return http2Answer(t, rstStream(refusedStream)) }, FailureStreamRefused},
		{"RST_STREAM", func(t *testing.T) error { return http2Answer(t, rstStream(2)) }, FailureReset},
		{"GOAWAY, not processed", func(t *testing.T) error { return http2Answer(t, goAway(0, 0)) }, FailureStreamRefused},
		{"GOAWAY with an error, not processed", func(t *testing.T) error { return http2Answer(t, goAway(0, 11)) }, FailureStreamRefused},
		{"GOAWAY, perhaps processed", func(t *testing.T) error { return http2Answer(t, goAway(1, 0)) }, FailureReset},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := test.fail(t)
			if err == nil {
				t.Fatal("nothing failed")
			}
			if got := FailureOf(err); got != test.want {
				t.Errorf("%v (%T) is %v, want %v", err, errors.Unwrap(err), got, test.want)
			}
		})
	}
}

// short is a time that always passes.
const short = 40 * time.Millisecond

// get fetches a URL, body and all.
func get(client *http.Client, address string) error {
	resp, err := client.Get(address)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// clientOf returns a client with its own connections.
func clientOf(t *testing.T, transport *http.Transport) *http.Client {
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 5 * time.Second}
}

// serve listens on loopback and handles every connection until the test ends.
func serve(t *testing.T, handle func(net.Conn)) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.SetDeadline(time.Now().Add(5 * time.Second))
			go func() {
				defer conn.Close()
				handle(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// hold keeps a connection open and silent until the client closes it.
func hold(conn net.Conn) { io.Copy(io.Discard, conn) }

func closedPort(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	return listener.Addr().String()
}

func refusedConn(t *testing.T) error {
	return get(clientOf(t, &http.Transport{}), "http://"+closedPort(t))
}

func proxyRefused(t *testing.T) error {
	proxy := http.ProxyURL(&url.URL{Scheme: "http", Host: closedPort(t)})
	return get(clientOf(t, &http.Transport{Proxy: proxy}), "https://shop.example")
}

func dialTimeout(t *testing.T) error {
	dialer := net.Dialer{Timeout: 1}
	return get(clientOf(t, &http.Transport{DialContext: dialer.DialContext}), "http://"+serve(t, hold))
}

// What a name server of a test answers: a response code (RFC 1035, section
// 4.1.1) or nothing.
const (
	serverFailure = 2
	nameError     = 3
	silence       = -1
)

func lookUp(t *testing.T, code int) error {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		for query := make([]byte, 512); ; {
			n, from, err := conn.ReadFrom(query)
			if err != nil {
				return
			}
			if n > 3 && code != silence {
				query[2], query[3] = query[2]|0x80, 0x80|byte(code)
				conn.WriteTo(query[:n], from)
			}
		}
	}()
	dialer := net.Dialer{Timeout: 5 * time.Second, Resolver: &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
		},
	}}
	if code == silence {
		dialer.Timeout = short
	}
	return get(clientOf(t, &http.Transport{DialContext: dialer.DialContext}), "http://shop.example.")
}

// halfAnswer is a response that breaks off.
const halfAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"

// rawAnswer reads a request, answers with a text and closes the connection,
// with a reset if asked for.
func rawAnswer(t *testing.T, answer string, reset bool) error {
	return get(clientOf(t, &http.Transport{}), "http://"+serve(t, func(conn net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
			return
		}
		io.WriteString(conn, answer)
		if reset {
			time.Sleep(short) // so that the client reads the answer first
			conn.(*net.TCPConn).SetLinger(0)
		}
	}))
}

func headerTimeout(t *testing.T) error {
	return get(clientOf(t, &http.Transport{ResponseHeaderTimeout: short}), "http://"+serve(t, hold))
}

func clientTimeout(t *testing.T) error {
	client := clientOf(t, &http.Transport{})
	client.Timeout = short
	return get(client, "http://"+serve(t, hold))
}

func getContext(t *testing.T, ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, "GET", "http://"+serve(t, hold), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := clientOf(t, &http.Transport{}).Do(req)
	if err == nil {
		resp.Body.Close()
	}
	return err
}

func contextTimeout(t *testing.T) error {
	ctx, cancel := context.WithTimeout(t.Context(), short)
	defer cancel()
	return getContext(t, ctx)
}

func cancellation(t *testing.T) error {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(short, cancel)
	return getContext(t, ctx)
}

func tlsServer(t *testing.T, config *tls.Config) *httptest.Server {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = config
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func unknownAuthority(t *testing.T) error {
	return get(clientOf(t, &http.Transport{}), tlsServer(t, nil).URL)
}

func wrongHost(t *testing.T) error {
	server := tlsServer(t, nil)
	transport := server.Client().Transport.(*http.Transport)
	transport.TLSClientConfig.ServerName = "shop.invalid"
	return get(clientOf(t, transport), server.URL)
}

func clientCertificate(t *testing.T) error {
	server := tlsServer(t, &tls.Config{ClientAuth: tls.RequireAnyClientCert})
	return get(clientOf(t, server.Client().Transport.(*http.Transport)), server.URL)
}

func noCommonVersion(t *testing.T) error {
	server := tlsServer(t, &tls.Config{MinVersion: tls.VersionTLS13})
	transport := server.Client().Transport.(*http.Transport)
	transport.TLSClientConfig.MaxVersion = tls.VersionTLS12
	return get(clientOf(t, transport), server.URL)
}

func handshakeTimeout(t *testing.T) error {
	return get(clientOf(t, &http.Transport{TLSHandshakeTimeout: short}), "https://"+serve(t, hold))
}

func notTLS(t *testing.T) error {
	return get(clientOf(t, &http.Transport{}), "https://"+serve(t, func(conn net.Conn) {
		io.WriteString(conn, "220 mail.example ESMTP\r\n")
		hold(conn)
	}))
}

func httpToHTTPS(t *testing.T) error {
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	return get(clientOf(t, &http.Transport{}), strings.Replace(server.URL, "http:", "https:", 1))
}

func redirects(t *testing.T) error {
	server := httptest.NewServer(http.RedirectHandler("/", http.StatusFound))
	t.Cleanup(server.Close)
	return get(clientOf(t, &http.Transport{}), server.URL)
}

// http2Answer posts a body that cannot be sent again to an HTTP/2 server that
// answers the request with the given frame and closes the connection. (A
// request that can be sent again, net/http itself would resend for a while.)
func http2Answer(t *testing.T, frame []byte) error {
	server := tlsServer(t, nil) // for its certificate
	config := server.TLS.Clone()
	config.NextProtos = []string{"h2"}
	address := serve(t, func(conn net.Conn) { serveFrame(tls.Server(conn, config), frame) })
	transport := server.Client().Transport.(*http.Transport)
	transport.ForceAttemptHTTP2 = true
	resp, err := clientOf(t, transport).Post("https://"+address, "text/plain", io.LimitReader(strings.NewReader("once"), 4))
	if err == nil {
		resp.Body.Close()
	}
	return err
}

// serveFrame speaks just enough HTTP/2 (RFC 9113) to answer a request with one
// frame.
func serveFrame(conn net.Conn, frame []byte) {
	defer conn.Close()
	if _, err := io.CopyN(io.Discard, conn, int64(len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return
	}
	conn.Write(frameOf(4, 0, nil)) // SETTINGS
	for header := make([]byte, 9); ; {
		if _, err := io.ReadFull(conn, header); err != nil {
			return
		}
		length := int64(binary.BigEndian.Uint32(header) >> 8)
		if _, err := io.CopyN(io.Discard, conn, length); err != nil {
			return
		}
		if header[3] == 0 { // DATA: the request is written
			conn.Write(frame)
			time.Sleep(short)
			return
		}
	}
}

func frameOf(kind byte, stream uint32, payload []byte) []byte {
	frame := []byte{0, 0, byte(len(payload)), kind, 0}
	return append(binary.BigEndian.AppendUint32(frame, stream), payload...)
}

func rstStream(code uint32) []byte {
	return frameOf(3, 1, binary.BigEndian.AppendUint32(nil, code))
}

func goAway(last, code uint32) []byte {
	return frameOf(7, 0, binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, last), code))
}
