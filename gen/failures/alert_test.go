package failures

import (
	"net/http"
	"testing"

	"github.com/errgen/errgen/templates/apierr"
)

// TestClientCertificate has a server miss the client's certificate. With TLS
// 1.3 its alert meets the request that is being written: what fails first, the
// write or the read, is chance, but never does the server read the request, and
// never does a POST go out again.
func TestClientCertificate(t *testing.T) {
	for _, client := range []func(*world, *http.Transport){nil, speaksHTTP2} {
		r := &row{url: "https:", client: client, serve: overTLS(wantsCertificate, well)}
		for _, newRequest := range []func(*world) *http.Request{get, post, keyed} {
			w := newWorld(t, r, always)
			req := newRequest(w)
			_, attempts, err := w.attempts(req)
			w.end()
			switch got := apierr.FailureOf(err); {
			case got != apierr.FailureTLS && got != apierr.FailureReset && got != apierr.FailureEOF || got.NotSent():
				t.Errorf("%v is %v", err, got)
			case w.received.Load() != 0 || attempts > 1 && req.Method == "POST" && req.Header.Get(keyHeader) == "":
				t.Errorf("the server has read %d requests in %d attempts", w.received.Load(), attempts)
			}
		}
	}
}
