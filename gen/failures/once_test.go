package failures

import (
	"context"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"

	"github.com/errgen/errgen/templates/apierr"
	"golang.org/x/net/http2"
)

// repetitions is how often a test is repeated whose outcome must not be chance.
const repetitions = 100

// TestSentOnce has a server reset the stream of every POST with PROTOCOL_ERROR,
// after which net/http and golang.org/x/net would go on.
func TestSentOnce(t *testing.T) {
	for _, xnet := range []bool{false, true} {
		for name, newRequest := range map[string]func(*world) *http.Request{"a body": post, "no body": bare} {
			w := newWorld(t, &row{url: "https:", client: speaksHTTP2, xnet: xnet, serve: frames(rst(http2.ErrCodeProtocol))}, always)
			for range repetitions {
				if _, attempts, err := w.attempts(newRequest(w)); attempts != 1 || apierr.FailureOf(err) != apierr.FailureReset {
					t.Fatalf("%s, x/net %v: %v in %d attempts", name, xnet, err, attempts)
				}
			}
			w.risky = false // there are many
			w.end()
			if got := w.received.Load(); got != repetitions {
				t.Errorf("%s, x/net %v: the server has read %d requests, want %d", name, xnet, got, repetitions)
			}
		}
	}
}

// TestSentOnceThenHTTP1 has the server speak HTTP/1 on the connection on which
// net/http would send the request again. There, it would not look at the
// context before it writes.
func TestSentOnceThenHTTP1(t *testing.T) {
	for range repetitions {
		w := newWorld(t, &row{
			url: "https:", client: speaksHTTP2,
			fail: frames(rst(http2.ErrCodeProtocol)), fine: overTLS(nil, well),
		}, 1)
		_, attempts, err := w.attempts(bare(w))
		w.end()
		if got := w.received.Load(); got != 1 || attempts != 1 || apierr.FailureOf(err) != apierr.FailureReset {
			t.Fatalf("%v: the server has read %d requests in %d attempts, want 1 in 1", err, got, attempts)
		}
	}
}

// TestShutDownBeforeWriting has an HTTP/2 connection shut down while a POST,
// which has picked it, waits for one of its streams. net/http has closed the
// body by then, and cannot rewind it. Nothing was sent.
func TestShutDownBeforeWriting(t *testing.T) {
	picked := make(chan struct{})
	held := make(chan struct{})
	first := true
	w := newWorld(t, &row{
		url: "https:",
		client: func(_ *world, t *http.Transport) {
			h2 := must(http2.ConfigureTransports(t))
			h2.StrictMaxConcurrentStreams = true
		},
		serve: frames(func(w *world, fr *http2.Framer, conn net.Conn, stream uint32) bool {
			if first {
				first = false
				fr.WriteSettings(http2.Setting{ID: http2.SettingMaxConcurrentStreams, Val: 1})
				return answerFine(w, fr, conn, stream)
			}
			close(held)
			<-picked
			fr.WriteGoAway(stream, http2.ErrCodeNo, nil)
			answerFine(w, fr, conn, stream)
			// The client's end is up to the server: golang.org/x/net never closes a
			// connection whose last stream ended while another request had picked it.
			w.finish(conn)
			return false
		}),
	}, 2)
	if _, err := do(w.next, get(w)); err != nil {
		t.Fatal(err)
	}
	var other sync.WaitGroup
	other.Go(func() {
		if _, err := do(w.next, get(w)); err != nil {
			t.Error(err)
		}
	})
	await(t, "the server to hold a stream", held)

	var once sync.Once
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { once.Do(func() { close(picked) }) }}
	var reports []apierr.Report
	p := policy().Transport(bodies{w})
	p.OnAttempt = func(_ context.Context, r apierr.Report) { reports = append(reports, r) }
	req := post(w)
	w.risky = false // there are two more
	status, err := do(p, req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	other.Wait()
	w.end()
	if got := w.received.Load(); status != http.StatusOK || got != 3 || len(reports) != 2 {
		t.Fatalf("status %d, %v: the server has read %d requests in %d attempts, want 3 in 2", status, err, got, len(reports))
	}
	if err := reports[0].Err; apierr.FailureOf(err) != apierr.FailureUnreachable || !strings.Contains(err.Error(), "cannot rewind body") {
		t.Errorf("%v is %v", err, apierr.FailureOf(err))
	}
}
