package failures

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// An answer is what an HTTP/2 server does about a whole request. It returns
// false when the connection is used up.
type answer func(w *world, fr *http2.Framer, conn net.Conn, stream uint32) bool

// frames serves HTTP/2 over TLS, as far as these tests need it. The first
// requests, not connections, are those that fail.
func frames(fail answer) script {
	return overTLS(offersHTTP2, func(w *world, conn net.Conn) {
		preface := make([]byte, len(http2.ClientPreface))
		if _, err := io.ReadFull(conn, preface); err != nil {
			return
		}
		(&stream{Framer: http2.NewFramer(conn, conn), conn: conn, fail: fail}).serve(w)
	})
}

func offersHTTP2(c *tls.Config) { c.NextProtos = []string{"h2"} }

// A stream is a connection that handles one request at a time. It answers when
// the client has nothing more to write: after a reset, a write of the client
// would take the system's error, and leave an EOF for the read.
type stream struct {
	*http2.Framer
	conn  net.Conn
	fail  answer
	acked bool   // the client has acknowledged the settings
	asked uint32 // the request that waits for its answer
}

func (s *stream) serve(w *world) {
	s.WriteSettings()
	for {
		frame, err := s.ReadFrame()
		if err != nil {
			w.hold(s.conn)
			return
		}
		s.take(w, frame)
		if s.asked == 0 || !s.acked {
			continue
		}
		w.received.Add(1)
		reply := answerFine
		if n := int(w.asked.Add(1)); n <= w.fails {
			reply = s.fail
		}
		if !reply(w, s.Framer, s.conn, s.asked) {
			return
		}
		s.asked = 0
	}
}

// take handles one frame.
func (s *stream) take(w *world, frame http2.Frame) {
	switch f := frame.(type) {
	case *http2.SettingsFrame:
		if s.acked = s.acked || f.IsAck(); !f.IsAck() {
			s.WriteSettingsAck()
		}
	case *http2.PingFrame:
		if !f.IsAck() && !w.row.mute {
			s.WritePing(true, f.Data)
		}
	case *http2.HeadersFrame:
		if f.StreamEnded() {
			s.asked = f.StreamID
		}
	case *http2.DataFrame:
		if f.StreamEnded() {
			s.asked = f.StreamID
		}
	}
}

func answerFine(_ *world, fr *http2.Framer, _ net.Conn, stream uint32) bool {
	writeHeader(fr, stream, "200")
	fr.WriteData(stream, true, []byte("fine"))
	return true
}

// writeHeader begins a response.
func writeHeader(fr *http2.Framer, stream uint32, status string) {
	var block bytes.Buffer
	hpack.NewEncoder(&block).WriteField(hpack.HeaderField{Name: ":status", Value: status})
	fr.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block.Bytes(), EndHeaders: true})
}

// rst answers with RST_STREAM.
func rst(code http2.ErrCode) answer {
	return func(w *world, fr *http2.Framer, _ net.Conn, stream uint32) bool {
		if code == http2.ErrCodeRefusedStream {
			w.declined.Add(1)
		}
		fr.WriteRSTStream(stream, code)
		return true
	}
}

// rstAfterHints answers with an interim response and RST_STREAM.
func rstAfterHints(_ *world, fr *http2.Framer, _ net.Conn, stream uint32) bool {
	writeHeader(fr, stream, "103")
	fr.WriteRSTStream(stream, http2.ErrCodeProtocol)
	return true
}

// rstInBody answers with the beginning of a response and RST_STREAM.
func rstInBody(_ *world, fr *http2.Framer, _ net.Conn, stream uint32) bool {
	writeHeader(fr, stream, "200")
	fr.WriteData(stream, false, []byte("fi"))
	fr.WriteRSTStream(stream, http2.ErrCodeInternal)
	return true
}

// goAway answers with GOAWAY and no more. Streams above last were not
// processed; the request's own is the first.
func goAway(last uint32, code http2.ErrCode) answer {
	return func(w *world, fr *http2.Framer, conn net.Conn, stream uint32) bool {
		if stream > last {
			w.declined.Add(1)
		}
		fr.WriteGoAway(last, code, []byte("tls: no. net/http: request canceled"))
		w.finish(conn)
		return false
	}
}

// goAwayFine says that no more requests are taken, and answers this one.
func goAwayFine(w *world, fr *http2.Framer, conn net.Conn, stream uint32) bool {
	fr.WriteGoAway(stream, http2.ErrCodeNo, nil)
	answerFine(w, fr, conn, stream)
	w.hold(conn)
	return false
}

// cutStream ends the connection instead of an answer.
func cutStream(w *world, _ *http2.Framer, conn net.Conn, _ uint32) bool {
	w.finish(conn)
	return false
}

// resetConn cuts the connection instead of an answer.
func resetConn(w *world, _ *http2.Framer, conn net.Conn, _ uint32) bool {
	w.reset(conn)
	return false
}

// cutInBody ends the connection within an answer.
func cutInBody(w *world, fr *http2.Framer, conn net.Conn, stream uint32) bool {
	writeHeader(fr, stream, "200")
	fr.WriteData(stream, false, []byte("fi"))
	w.finish(conn)
	return false
}

// notFrames answers in the wrong protocol.
func notFrames(w *world, _ *http2.Framer, conn net.Conn, _ uint32) bool {
	io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
	w.hold(conn)
	return false
}

// silentStream never answers.
func silentStream(*world, *http2.Framer, net.Conn, uint32) bool { return true }

func speaksHTTP2(_ *world, t *http.Transport) { t.ForceAttemptHTTP2 = true }

// canceling cancels the call instead of an answer.
func canceling(cancel func()) answer {
	return func(*world, *http2.Framer, net.Conn, uint32) bool {
		cancel()
		return true
	}
}
