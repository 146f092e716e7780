// Package clients runs the decisions of generated packages inside the retry
// libraries that people use already: each by the lines that README.md shows,
// against a server on the loopback interface, and again in virtual time, where
// waits of minutes can be measured to the nanosecond.
package clients

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// script answers requests with its handlers in turn, the last until enough came,
// and keeps what came and when.
type script struct {
	answers []http.Handler

	mu     sync.Mutex
	bodies []string
	came   []time.Time
}

// enough is more requests than any test is to make.
const enough = 250

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.came = append(s.came, time.Now())
	s.bodies = append(s.bodies, string(body))
	answer := s.answers[min(len(s.came), len(s.answers))-1]
	if len(s.came) > enough {
		answer = fine // or a client that never stops would never be found out
	}
	s.mu.Unlock()
	answer.ServeHTTP(w, r)
}

// requests returns how many requests came.
func (s *script) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.came)
}

// waits returns the times from each request to the next. A wait begins after
// its request was answered, so none of them can be shorter than it should be.
func (s *script) waits() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var waits []time.Duration
	for i := 1; i < len(s.came); i++ {
		waits = append(waits, s.came[i].Sub(s.came[i-1]))
	}
	return waits
}

// start starts a server on the loopback interface; whoever calls closes it.
func start(answers ...http.Handler) (*script, *httptest.Server) {
	s := &script{answers: answers}
	return s, httptest.NewServer(s)
}

// serve starts a server for a test, and returns its address and a client with
// connections of its own.
func serve(t *testing.T, answers ...http.Handler) (*script, string, *http.Client) {
	t.Helper()
	s, server := start(answers...)
	t.Cleanup(server.Close)
	return s, server.URL, server.Client()
}

// direct is a transport without a network: virtual time passes only while
// everybody sleeps, and a connection never does.
type direct struct{ http.Handler }

func (d direct) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	sent := req.Clone(req.Context())
	if sent.Body == nil {
		sent.Body = http.NoBody
	}
	d.ServeHTTP(w, sent)
	resp := w.Result()
	resp.Request = req
	return resp, nil
}

// reply is a handler that answers so.
func reply(status int, body string, header ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

var (
	fine = reply(http.StatusOK, `{}`)
	// cut ends the connection without an answer.
	cut = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
)

// limited is an answer of Formfex that asks for a wait in its body only, where
// no library looks.
func limited(kind string, wait time.Duration) http.Handler {
	return reply(http.StatusTooManyRequests, fmt.Sprintf(
		`{"message":"slow down","error":"TOO_MANY_REQUESTS","rate_limit":{"type":%q,"retry_after":%g}}`, kind, wait.Seconds()))
}
