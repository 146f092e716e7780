package failures

import (
	"context"
	"net"
	"net/http"

	"github.com/errgen/errgen/templates/apierr"
)

// A row is one failure: how it comes about, and what has to come of it.
type row struct {
	name string

	// How it comes about. What is nil goes well.
	url    string                            // in place of the server's; a scheme alone goes before the server's address
	client func(w *world, t *http.Transport) // sets what the failure takes
	dial   dialFunc                          // in place of connecting, while it fails
	fail   script                            // what the server does with a connection, while it fails
	fine   script                            // and afterwards
	serve  script                            // both, by the order of requests
	warm   bool                              // another request has used the connection before
	xnet   bool                              // the client is golang.org/x/net/http2's own
	piped  bool                              // connections are in memory, for tests whose time is not real
	mute   bool                              // the server answers no PING

	// What comes of it.
	status int            // of the response, when the failure is one
	want   apierr.Failure // otherwise
	atEnd  apierr.Failure // what http.Client makes of it; FailureOther: the same

	// What the server gets that fails once and recovers: by a GET, a POST, and
	// a POST that may be repeated.
	get, post, keyed fate

	// bare is that of a POST without a body. The zero fate is that of any POST;
	// another one is that net/http would resend it and not tell why, which makes
	// it a reset.
	bare fate
}

// A dialFunc is what happens in place of connecting.
type dialFunc func(w *world, ctx context.Context, network, address string) (net.Conn, error)

// A fate is what becomes of a request.
type fate struct {
	received int  // times that the server reads it to its end
	attempts int  // of Policy.Transport
	ok       bool // it ends well
}

// again is a request that is sent again, and ends well.
func again(received int) fate { return fate{received, 2, true} }

// once is a request that is not sent again, and fails.
func once(received int) fate { return fate{received, 1, false} }

// resent is a request that net/http itself sends again, unasked: no policy
// ever sees that it failed. None that must not be repeated is among them.
func resent(received int) fate { return fate{received, 1, true} }

// script returns what the server does with a connection.
func (r *row) script(failing bool) script {
	switch {
	case r.serve != nil:
		return r.serve
	case failing && r.fail != nil:
		return r.fail
	case r.fine != nil:
		return r.fine
	}
	return well
}

// address returns the URL to ask for.
func (r *row) address(w *world) string {
	switch r.url {
	case "":
		return "http://" + w.address
	case "https:":
		return "https://" + w.address
	}
	return r.url
}
