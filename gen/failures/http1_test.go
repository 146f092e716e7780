package failures

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/errgen/errgen/templates/apierr"
)

// http1Rows are what can go wrong with a connection that speaks HTTP/1.1.
var http1Rows = []row{
	{name: "reset before the request is read", fail: resetUnread, want: apierr.FailureReset, get: again(1), post: once(0), keyed: again(1)},
	{name: "reset after the request was read", fail: resetRead, want: apierr.FailureReset, get: again(2), post: once(1), keyed: again(2)},
	{name: "reset in the body", fail: resetInBody, want: apierr.FailureReset, get: once(1), post: once(1), keyed: once(1)},
	{name: "ended before the request is read", fail: endUnread, want: apierr.FailureEOF, get: again(1), post: once(0), keyed: again(1)},
	{name: "ended before the headers", fail: end(""), want: apierr.FailureEOF, get: again(2), post: once(1), keyed: again(2)},
	{name: "ended in the status line", fail: end("HTTP/1.1 20"), want: apierr.FailureOther, get: once(1), post: once(1), keyed: once(1)}, // net/http takes it for the whole line
	{name: "ended in the headers", fail: end("HTTP/1.1 200 OK\r\nServer: sh"), want: apierr.FailureEOF, get: again(2), post: once(1), keyed: again(2)},
	{name: "ended in the body", fail: end(half), want: apierr.FailureEOF, get: once(1), post: once(1), keyed: once(1)},
	{name: "ended in a chunk", fail: end(chunked + "ff\r\nha"), want: apierr.FailureEOF, get: once(1), post: once(1), keyed: once(1)},
	{name: "ended between chunks", fail: end(chunked + "4\r\nhalf\r\n"), want: apierr.FailureEOF, get: once(1), post: once(1), keyed: once(1)},
	{name: "ended before the trailer", fail: end(chunked + "4\r\nhalf\r\n0\r\n"), want: apierr.FailureEOF, get: once(1), post: once(1), keyed: once(1)},
	{name: "ended in the trailer", fail: end(chunked + "4\r\nhalf\r\n0\r\nDigest: 1"), want: apierr.FailureOther, get: once(1), post: once(1), keyed: once(1)}, // to net/http it is "suspiciously long"

	// On a connection that was used before, net/http takes these for a
	// keep-alive that ran out, and itself resends what its method or the header
	// Idempotency-Key calls idempotent.
	{name: "used connection ended after the request was read", warm: true, fail: second(end("")), want: apierr.FailureEOF, get: resent(2), post: once(1), keyed: again(2)},
	{name: "used connection reset after the request was read", warm: true, fail: second(resetRead), want: apierr.FailureReset, get: resent(2), post: once(1), keyed: again(2)},
	{name: "used connection reset before the request is read", warm: true, fail: second(resetUnread), want: apierr.FailureReset, get: resent(1), post: once(0), keyed: again(1)},

	// What is no HTTP is no passing failure either.
	{name: "malformed status line", fail: end("HTTP/9 what\r\n\r\n"), want: apierr.FailureOther, get: once(1), post: once(1), keyed: once(1)},
	{name: "malformed header", fail: end("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"), want: apierr.FailureOther, get: once(1), post: once(1), keyed: once(1)},
	{name: "malformed chunk", fail: end(chunked + "many\r\n"), want: apierr.FailureOther, get: once(1), post: once(1), keyed: once(1)},
	{name: "another protocol", fail: greet("220 mail.example ESMTP\r\n"), want: apierr.FailureOther, get: once(0), post: once(0), keyed: once(0)},
	{name: "headers too large", client: smallHeaders, fail: end("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<16) + "\r\n\r\n"), want: apierr.FailureOther, get: once(1), post: once(1), keyed: once(1)},
}

const (
	half    = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
	chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
)

// resetUnread cuts the connection when the first byte of a request is there.
func resetUnread(w *world, conn net.Conn) {
	io.ReadFull(conn, make([]byte, 1))
	w.reset(conn)
}

// resetRead cuts the connection when it has a whole request.
func resetRead(w *world, conn net.Conn) {
	w.receive(bufio.NewReader(conn))
	w.reset(conn)
}

// resetInBody cuts the connection when the client has read half of the answer.
func resetInBody(w *world, conn net.Conn) {
	w.receive(bufio.NewReader(conn))
	io.WriteString(conn, half)
	<-w.seen
	w.reset(conn)
}

// endUnread ends the connection when the first byte of a request is there.
func endUnread(w *world, conn net.Conn) {
	io.ReadFull(conn, make([]byte, 1))
	w.finish(conn)
}

// end answers a request with a text, and ends the connection.
func end(text string) script {
	return func(w *world, conn net.Conn) {
		w.receive(bufio.NewReader(conn))
		io.WriteString(conn, text)
		w.finish(conn)
	}
}

// greet answers in another protocol, when the first byte of a request is there.
func greet(text string) script {
	return func(w *world, conn net.Conn) {
		io.ReadFull(conn, make([]byte, 1))
		io.WriteString(conn, text)
		w.finish(conn)
	}
}

// second answers one request, and does the rest with the next.
func second(rest script) script {
	return func(w *world, conn net.Conn) {
		if w.receive(bufio.NewReader(conn)) != nil {
			io.WriteString(conn, fine)
		}
		rest(w, conn)
	}
}

func smallHeaders(_ *world, t *http.Transport) { t.MaxResponseHeaderBytes = 1 << 10 }
