package apierr

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// realServer answers with the handlers in turn, the last for ever. The client has a
// Transport over a net/http one of its own; count tells how many requests came,
// and conns over how many connections.
func realServer(t *testing.T, handlers ...http.HandlerFunc) (client *http.Client, tr *Transport, url string, count, conns *atomic.Int64) {
	t.Helper()
	count, conns = new(atomic.Int64), new(atomic.Int64)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handlers[min(int(count.Add(1)), len(handlers))-1](w, r)
	}))
	s.EnableHTTP2 = strings.Contains(t.Name(), "HTTP2")
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	if s.EnableHTTP2 {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	p := shop.Policy()
	p.Rand, p.Backoff = noJitter, Curve{Base: time.Millisecond}
	tr = p.Transport(s.Client().Transport)
	return &http.Client{Transport: tr}, tr, s.URL, count, conns
}

func says(status int, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"code":%q}`, code)
	}
}

// echo answers with the request's body.
func echo(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }

// ask makes a request and returns the response, closed, and what it said.
func ask(t *testing.T, client *http.Client, method, url, text string) (*http.Response, string, error) {
	t.Helper()
	var body io.Reader
	if text != "" {
		body = strings.NewReader(text)
	}
	req, _ := http.NewRequestWithContext(t.Context(), method, url, body)
	resp, err := client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	err = shop.Check(resp)
	got, readErr := io.ReadAll(resp.Body)
	if readErr != nil {
		t.Logf("reading the body: %v", readErr)
	}
	return resp, string(got), err
}

func TestRealRetriesUseOneConnection(t *testing.T) {
	client, tr, url, count, conns := realServer(t, says(429, "RATE"), says(503, ""), says(429, "RATE"), echo)
	tr.AttemptTimeout = time.Minute
	_, got, err := ask(t, client, "PUT", url, "hello")
	if err != nil || got != "hello" || count.Load() != 4 || conns.Load() != 1 {
		t.Errorf("%q after %d requests over %d connections: %v", got, count.Load(), conns.Load(), err)
	}
}

func TestRealHTTP2(t *testing.T) {
	client, tr, url, count, _ := realServer(t, says(429, "RATE"), echo)
	tr.AttemptTimeout = time.Minute
	resp, got, err := ask(t, client, "POST", url, "hello")
	if err != nil || got != "hello" || count.Load() != 2 || resp.ProtoMajor != 2 {
		t.Errorf("%q after %d requests: %v", got, count.Load(), err)
	}
}

// A timeout counts as one in connecting, after which anything is sent again,
// only where nothing can have been sent.
func TestRealAttemptTimeout(t *testing.T) {
	for _, proto := range []string{"HTTP1", "HTTP2"} {
		t.Run(proto, func(t *testing.T) {
			over := make(chan struct{})
			hang := func(_ http.ResponseWriter, r *http.Request) { <-over }
			client, tr, url, count, _ := realServer(t, says(200, ""), hang, hang)
			t.Cleanup(func() { close(over) }) // before the server's own Cleanup
			// A connection of its own, then one that is there already.
			for range 2 {
				ask(t, client, "GET", url, "")
				tr.AttemptTimeout = 50 * time.Millisecond
				count.Store(1)
				_, _, err := ask(t, client, "POST", url, "x")
				if FailureOf(err) != FailureTimeout || count.Load() != 2 {
					t.Errorf("%d POSTs: %v", count.Load()-1, err)
				}
				tr.AttemptTimeout = 0
				client.CloseIdleConnections()
				count.Store(0)
			}
		})
	}
}

func TestRealConnectTimeout(t *testing.T) {
	var dials atomic.Int64
	next := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		dials.Add(1)
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	defer next.CloseIdleConnections()
	p := Policy{MaxRetries: 2, Backoff: Curve{Base: time.Millisecond}}
	tr := p.Transport(next)
	tr.AttemptTimeout = 10 * time.Millisecond
	_, _, err := ask(t, &http.Client{Transport: tr}, "POST", "http://shop.example", "x")
	var stop *StopError
	if FailureOf(err) != FailureConnectTimeout || !errors.As(err, &stop) || stop.Decision.Reason != ReasonUsedUp {
		t.Errorf("%d dials: %v", dials.Load(), err)
	}
}

func TestRealClientTimeout(t *testing.T) {
	client, _, url, count, _ := realServer(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "30")
		says(429, "RATE")(w, r)
	})
	client.Timeout = 20 * time.Second
	_, got, err := ask(t, client, "GET", url, "")
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, Throttled) || got != `{"code":"RATE"}` || count.Load() != 1 {
		t.Errorf("%q after %d requests: %v", got, count.Load(), err)
	}
}

func TestRealRedirectWithABody(t *testing.T) {
	client, tr, url, count, _ := realServer(t, says(429, "RATE"), func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/there", http.StatusTemporaryRedirect)
	}, says(429, "RATE"), func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s %s ", r.Method, r.URL.Path, r.Header.Get("Token"))
		echo(w, r)
	})
	tr.Authorize = func(req *http.Request) error { req.Header.Set("Token", "t"); return nil }
	_, got, err := ask(t, client, "POST", url, "hello")
	if err != nil || got != "POST /there t hello" || count.Load() != 4 {
		t.Errorf("%q after %d requests: %v", got, count.Load(), err)
	}
}

// The server answers and closes while the request is still being written. What
// is sent again must not be mixed up with what is still read.
func TestRealEarlyAnswer(t *testing.T) {
	early := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	for range 5 {
		client, _, url, _, _ := realServer(t, early, early, func(w http.ResponseWriter, r *http.Request) {
			n, err := io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, n, err)
		})
		text := strings.Repeat("0123456789abcdef", 1<<18)
		_, got, err := ask(t, client, "PUT", url, text)
		if err != nil || got != fmt.Sprint(len(text), nil) {
			t.Errorf("got %q of %d bytes: %v", got, len(text), err)
		}
	}
}

func TestRealExpectContinue(t *testing.T) {
	client, tr, url, count, _ := realServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTooManyRequests) // without a look at the body
	}, echo)
	tr.Authorize = func(req *http.Request) error { req.Header.Set("Expect", "100-continue"); return nil }
	_, got, err := ask(t, client, "POST", url, "hello")
	if err != nil || got != "hello" || count.Load() != 2 {
		t.Errorf("%q after %d requests: %v", got, count.Load(), err)
	}
}

func TestRealHead(t *testing.T) {
	client, tr, url, count, _ := realServer(t, says(503, ""), says(400, "BAD"))
	tr.AttemptTimeout = time.Minute
	resp, got, err := ask(t, client, "HEAD", url, "")
	if !errors.Is(err, Invalid) || resp.StatusCode != 400 || got != "" || count.Load() < 2 {
		t.Errorf("%q after %d requests: %v", got, count.Load(), err)
	}
}

func TestRealTrailer(t *testing.T) {
	client, tr, url, _, _ := realServer(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "Sum")
		echo(w, r)
		w.Header().Set("Sum", "5")
	})
	tr.AttemptTimeout = time.Minute
	resp, got, err := ask(t, client, "POST", url, "hello")
	if err != nil || got != "hello" || resp.Trailer.Get("Sum") != "5" {
		t.Errorf("%q with trailer %v: %v", got, resp.Trailer, err)
	}
}

func TestRealErrorBodies(t *testing.T) {
	const length = 3 << 20
	client, _, url, _, _ := realServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.Copy(w, io.LimitReader(zeros{}, length))
	})
	var e *Error
	if _, got, err := ask(t, client, "GET", url, ""); len(got) != length || !errors.As(err, &e) || !e.Truncated {
		t.Errorf("a large body: %d bytes: %v", len(got), err)
	}
}

func TestRealBrokenErrorBodies(t *testing.T) {
	client, _, url, count, _ := realServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"code":`)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	var e *Error
	if _, got, err := ask(t, client, "POST", url, "x"); got != `{"code":` || !errors.As(err, &e) || !e.Truncated || count.Load() != 1 {
		t.Errorf("a body that breaks off: %q after %d requests: %v", got, count.Load(), err)
	}
	count.Store(0)
	if _, _, err := ask(t, client, "GET", url, ""); !errors.Is(err, Transient) || count.Load() != 5 {
		t.Errorf("a body that breaks off: %d requests: %v", count.Load(), err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func TestRealSwitchingProtocols(t *testing.T) {
	client, tr, url, _, _ := realServer(t, says(503, ""), func(w http.ResponseWriter, _ *http.Request) {
		c, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		_ = rw.Flush()
		line, _ := rw.ReadString('\n')
		_, _ = io.WriteString(c, line)
	})
	tr.AttemptTimeout = time.Minute
	req, _ := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", "echo")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	rw, ok := resp.Body.(io.ReadWriter)
	if !ok {
		t.Fatalf("%d with a body that cannot be written, %T", resp.StatusCode, resp.Body)
	}
	_, _ = io.WriteString(rw, "hello\n")
	if line, err := bufio.NewReader(rw).ReadString('\n'); line != "hello\n" {
		t.Errorf("echoed %q, %v", line, err)
	}
}

// Many callers at once, with all that a Transport can do; for the race
// detector.
func TestRealManyCallers(t *testing.T) {
	var n atomic.Int64
	client, tr, url, _, _ := realServer(t, func(w http.ResponseWriter, r *http.Request) {
		switch i := n.Add(1); {
		case i%5 == 0:
			says(401, "STALE")(w, r)
		case i%3 == 0:
			says(429, "RATE")(w, r)
		default:
			echo(w, r)
		}
	})
	tr.Policy.MaxRetries = 50
	tr.AttemptTimeout, tr.Pause, tr.NewKey, tr.Budget = time.Minute, true, RandomKey, &Budget{Size: 1e6}
	tr.Authorize = func(req *http.Request) error { req.Header.Set("Token", "t"); return nil }
	tr.Refresh = func(context.Context, *Error) error { return nil }
	tr.OnAttempt = func(context.Context, Report) {}
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			text := fmt.Sprint("call ", i)
			if _, got, err := ask(t, client, "POST", url, text); err == nil && got != text {
				t.Errorf("%s was answered with %q", text, got)
			} else if err != nil && !errors.Is(err, Unauthenticated) { // refused twice
				t.Error(err)
			}
		}()
	}
	wg.Wait()
}
