package apierr

import (
	"errors"
	"net/http"
)

// prepare returns the request of the next attempt: the caller's own where
// nothing of it changes, else a copy. The body comes before the credentials,
// which may be a signature over it.
//
// Whatever is beneath gets no GetBody with a request that must not be repeated
// blindly. Without it, net/http hands back the failures after which it would
// have sent the request again, some of which leave open whether the server has
// acted: an HTTP/2 stream reset with PROTOCOL_ERROR (golang/go issue 47635),
// and any used connection that ends where the request has a header
// Idempotency-Key, whether this vendor knows it or not.
func (c *call) prepare(b *bound) (*http.Request, error) {
	again, once := c.a.Attempts > 0, c.once()
	if !again && c.key == "" && c.t.Authorize == nil && b.cancel == nil && !(once && c.req.GetBody != nil) {
		return c.req, nil
	}
	out := c.req.Clone(b.ctx)
	if out.Header == nil {
		out.Header = http.Header{}
	}
	if c.key != "" {
		out.Header.Set(c.t.Policy.Idempotency, c.key)
	}
	if again && c.req.GetBody != nil && hasBody(c.req) {
		body, err := c.req.GetBody()
		if err != nil {
			return nil, err
		}
		out.Body, c.body = body, body
	}
	if c.t.Authorize != nil && !redirectedAway(c.req) {
		if err := c.t.Authorize(out); err != nil {
			return nil, err
		}
	}
	if once {
		out.GetBody = nil
	}
	return out, nil
}

// once reports whether a second request might do harm once the server has
// acted on a first.
func (c *call) once() bool { return !c.t.Policy.mayRepeat(&c.a) }

// redirectedAway reports whether a redirect has led the request to another
// host, or to one that anybody can listen to, which must not see the
// credentials of the first; [http.Client] drops the Authorization header on
// such a way as well, and does not put it back when the way returns.
func redirectedAway(req *http.Request) bool {
	for to := req; to.Response != nil; to = to.Response.Request {
		from := to.Response.Request
		if from == nil || from.URL == nil || to.URL == nil || from.URL.Host != to.URL.Host ||
			from.URL.Scheme == "https" && to.URL.Scheme != "https" {
			return true
		}
	}
	return false
}

// roundTrip sends a request and reads what came of it: the response, and the
// error that it is or that came in its place.
func (t *Transport) roundTrip(req *http.Request, b *bound) (*http.Response, error) {
	resp, err := t.next().RoundTrip(req)
	if err == nil && resp == nil {
		err = errNoResponse
	}
	if err != nil {
		b.release()
		return nil, b.failure(err)
	}
	if resp.Request == nil {
		resp.Request = req // where redirectedAway and Check look
	}
	var answer error
	if resp.StatusCode != http.StatusSwitchingProtocols { // whose body is the connection
		answer = t.Policy.vendor().check(resp)
	}
	if b.expired() && answer == nil {
		if resp.Body != nil {
			_ = resp.Body.Close() // it cannot be read to its end
		}
		b.release()
		return nil, errAttemptTimeout
	}
	b.follow(resp)
	return resp, answer
}

var errNoResponse = errors.New("apierr: the RoundTripper returned neither a response nor an error")
