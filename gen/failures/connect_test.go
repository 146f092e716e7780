package failures

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/errgen/errgen/templates/apierr"
	"golang.org/x/net/dns/dnsmessage"
)

// connectRows are what can go wrong before there is a connection to send a
// request on.
var connectRows = []row{
	{name: "no such scheme", url: "gopher://" + shop, want: apierr.FailureScheme, get: once(0), post: once(0), keyed: once(0)},
	{name: "no host", url: "http:///orders", want: apierr.FailureScheme, get: once(0), post: once(0), keyed: once(0)},

	{name: "name not found", dial: resolving(dnsmessage.RCodeNameError), want: apierr.FailureDNSNotFound, get: once(0), post: once(0), keyed: once(0)},
	{name: "name without address", dial: resolving(noData), want: apierr.FailureDNSNotFound, get: once(0), post: once(0), keyed: once(0)},
	{name: "name server fails", dial: resolving(dnsmessage.RCodeServerFailure), want: apierr.FailureDNS, get: again(1), post: again(1), keyed: again(1)},
	{name: "name server refuses", dial: resolving(dnsmessage.RCodeRefused), want: apierr.FailureDNS, get: again(1), post: again(1), keyed: again(1)},
	{name: "name server silent", dial: resolving(silence), want: apierr.FailureDNS, get: again(1), post: again(1), keyed: again(1)},

	{name: "refused", dial: dialClosed, want: apierr.FailureRefused, get: again(1), post: again(1), keyed: again(1)},
	{name: "no way to the address", dial: dialFromElsewhere, want: apierr.FailureUnreachable, get: again(1), post: again(1), keyed: again(1)},
	{name: "dial timeout", dial: dialBlackhole, want: apierr.FailureConnectTimeout, get: again(1), post: again(1), keyed: again(1)},

	{name: "proxy refuses the connection", url: "https://" + shop, client: proxied("http"), dial: dialClosed, fine: tunnel, want: apierr.FailureRefused, get: again(1), post: again(1), keyed: again(1)},
	{name: "proxy silent", url: "https://" + shop, client: proxied("http"), dial: dialBlackhole, fine: tunnel, want: apierr.FailureConnectTimeout, get: again(1), post: again(1), keyed: again(1)},
	{name: "proxy ends the connection", url: "https://" + shop, client: proxied("http"), fail: refuseTunnel(""), fine: tunnel, want: apierr.FailureEOF, get: again(1), post: once(0), keyed: again(1)},
	{name: "SOCKS proxy fails", url: "http://" + shop, client: proxied("socks5"), fail: socks(1), fine: socks(0), want: apierr.FailureUnreachable, get: again(1), post: again(1), keyed: again(1)},
	{name: "SOCKS proxy is refused", url: "http://" + shop, client: proxied("socks5"), fail: socks(5), fine: socks(0), want: apierr.FailureUnreachable, get: again(1), post: again(1), keyed: again(1)},

	// Of what a proxy answers to CONNECT net/http gives the bare text of the
	// status, which anyone might say. A hook can say who did.
	{name: "proxy answers 502", url: "https://" + shop, client: proxied("http"), fail: refuseTunnel("HTTP/1.1 502 Bad Gateway\r\n\r\n"), fine: tunnel, want: apierr.FailureOther, get: once(0), post: once(0), keyed: once(0)},
	{name: "proxy answers 407", url: "https://" + shop, client: proxied("http"), fail: refuseTunnel("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"), fine: tunnel, want: apierr.FailureOther, get: once(0), post: once(0), keyed: once(0)},
	{name: "proxy answers 502, told by the hook", url: "https://" + shop, client: hooked, fail: refuseTunnel("HTTP/1.1 502 Bad Gateway\r\n\r\n"), fine: tunnel, want: apierr.FailureUnreachable, get: again(1), post: again(1), keyed: again(1)},
}

func dialClosed(w *world, ctx context.Context, network, _ string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, network, w.closedPort())
}

// dialFromElsewhere binds to an address that is not this machine's (RFC 5737).
func dialFromElsewhere(w *world, ctx context.Context, network, _ string) (net.Conn, error) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1)}}
	return dialer.DialContext(ctx, network, w.address)
}

// dialBlackhole connects to where no answer comes from.
func dialBlackhole(w *world, ctx context.Context, network, _ string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: time.Millisecond, ControlContext: waitForEnd}
	return dialer.DialContext(ctx, network, w.address)
}

// proxied is a client that goes through the server as a proxy.
func proxied(scheme string) func(*world, *http.Transport) {
	return func(w *world, t *http.Transport) {
		t.Proxy = http.ProxyURL(&url.URL{Scheme: scheme, Host: w.address})
	}
}

// hooked is one that tells of a proxy's answer with a type.
func hooked(w *world, t *http.Transport) {
	proxied("http")(w, t)
	t.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
		if resp.StatusCode != http.StatusOK {
			return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: errors.New(resp.Status)}
		}
		return nil
	}
}

// refuseTunnel answers CONNECT with a text.
func refuseTunnel(text string) script {
	return func(w *world, conn net.Conn) {
		http.ReadRequest(bufio.NewReader(conn))
		io.WriteString(conn, text)
		w.finish(conn)
	}
}

// tunnel answers CONNECT, and is the server itself then.
func tunnel(w *world, conn net.Conn) {
	if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
		return
	}
	io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
	overTLS(nil, well)(w, conn)
}

// socks is a SOCKS proxy (RFC 1928) that answers CONNECT with a reply code; 0
// is success.
func socks(reply byte) script {
	return func(w *world, conn net.Conn) {
		head := make([]byte, 2)
		io.ReadFull(conn, head)
		io.CopyN(io.Discard, conn, int64(head[1])) // methods
		conn.Write([]byte{5, 0})
		request := make([]byte, 5)
		io.ReadFull(conn, request)
		io.CopyN(io.Discard, conn, int64(request[4])+2) // a name and a port
		conn.Write([]byte{5, reply, 0, 1, 0, 0, 0, 0, 0, 0})
		if reply != 0 {
			w.finish(conn)
			return
		}
		well(w, conn)
	}
}

// tlsRows are what can go wrong with TLS.
var tlsRows = []row{
	{name: "unknown authority", url: "https:", fail: overTLS(withCertificate(unknownAuthority), well), fine: overTLS(nil, well), want: apierr.FailureCertificate, get: once(0), post: once(0), keyed: once(0)},
	{name: "another host's certificate", url: "https:", fail: overTLS(withCertificate(anotherHost), well), fine: overTLS(nil, well), want: apierr.FailureCertificate, get: once(0), post: once(0), keyed: once(0)},
	{name: "expired certificate", url: "https:", fail: overTLS(withCertificate(expired), well), fine: overTLS(nil, well), want: apierr.FailureCertificate, get: once(0), post: once(0), keyed: once(0)},
	{name: "proxy's certificate", url: "https:", client: proxied("https"), fail: overTLS(withCertificate(unknownAuthority), well), fine: overTLS(nil, tunnel), want: apierr.FailureCertificate, get: once(0), post: once(0), keyed: once(0)},
	{name: "no common version", url: "https:", client: oldClient, fail: overTLS(newVersions, well), fine: overTLS(nil, well), want: apierr.FailureTLS, get: once(0), post: once(0), keyed: once(0)},
	{name: "server has only old versions", url: "https:", fail: overTLS(oldVersions, well), fine: overTLS(nil, well), want: apierr.FailureTLS, get: once(0), post: once(0), keyed: once(0)},
	{name: "no client certificate, TLS 1.2", url: "https:", client: oldClient, fail: overTLS(wantsCertificate, well), fine: overTLS(nil, well), want: apierr.FailureTLS, get: once(0), post: once(0), keyed: once(0)},
	{name: "ended in the handshake", url: "https:", fail: endUnread, fine: overTLS(nil, well), want: apierr.FailureEOF, get: again(1), post: once(0), keyed: again(1)},
	{name: "reset in the handshake", url: "https:", fail: resetUnread, fine: overTLS(nil, well), want: apierr.FailureReset, get: again(1), post: once(0), keyed: again(1)},
	{name: "ended before the headers, TLS", url: "https:", fail: overTLS(nil, end("")), fine: overTLS(nil, well), want: apierr.FailureEOF, get: again(2), post: once(1), keyed: again(2)},
	{name: "reset after the request was read, TLS", url: "https:", fail: overTLS(nil, resetRead), fine: overTLS(nil, well), want: apierr.FailureReset, get: again(2), post: once(1), keyed: again(2)},
	{name: "another protocol, https", url: "https:", fail: greet("220 mail.example ESMTP\r\n"), fine: overTLS(nil, well), want: apierr.FailureTLS, get: once(0), post: once(0), keyed: once(0)},
	{name: "https to a server that speaks http", url: "https:", fail: plain400, fine: overTLS(nil, well), want: apierr.FailureScheme, get: once(0), post: once(0), keyed: once(0)},
	{name: "http in the middle of TLS", url: "https:", fail: overTLS(nil, plainInTLS), fine: overTLS(nil, well), want: apierr.FailureTLS, atEnd: apierr.FailureScheme, get: once(1), post: once(1), keyed: once(1)},
	{name: "http to a server that speaks https", fail: plain400, status: http.StatusBadRequest, get: once(0), post: once(0), keyed: once(0)},
}

func unknownAuthority() tls.Certificate { return rogue().issue(shop, today().Add(day)) }
func anotherHost() tls.Certificate      { return trusted().issue("bank.test", today().Add(day)) }
func expired() tls.Certificate          { return trusted().issue(shop, today().Add(-time.Minute)) }

func oldClient(_ *world, t *http.Transport) { t.TLSClientConfig.MaxVersion = tls.VersionTLS12 }
func newVersions(c *tls.Config)             { c.MinVersion = tls.VersionTLS13 }
func oldVersions(c *tls.Config)             { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }
func wantsCertificate(c *tls.Config)        { c.ClientAuth = tls.RequireAnyClientCert }

// plain400 is what servers of both kinds answer when they are spoken to in the
// other's protocol: when the first byte is there, without TLS.
func plain400(w *world, conn net.Conn) {
	io.ReadFull(conn, make([]byte, 1))
	io.WriteString(conn, "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n")
	w.finish(conn)
}

// plainInTLS answers a request past the encryption.
func plainInTLS(w *world, conn net.Conn) {
	w.receive(bufio.NewReader(conn))
	raw := conn.(*tls.Conn).NetConn()
	io.WriteString(raw, "HTTP/1.1 500 Internal Server Error\r\n\r\n")
	w.hold(raw)
}
