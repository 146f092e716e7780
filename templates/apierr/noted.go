package apierr

import (
	"context"
	"net/http"
)

// A note is what was found out about a response by whoever saw it first, kept
// with the response so that Check need not, and often could not, find it out
// again: the Transport knows why the request was not sent again, and a library
// that drains a response before it asks for the wait has lost what the body
// said.
type note struct {
	resp    *http.Response
	catalog *Catalog
	err     error
}

type noteKey struct{}

// keep leaves err with the response. It stands in the context of the
// response's request, where it outlives wrappers of the body.
func (c *Catalog) keep(resp *http.Response, err error) {
	req := resp.Request
	if req == nil {
		req = &http.Request{Method: http.MethodPost} // unknown, and so not idempotent
	}
	n := &note{resp: resp, catalog: c, err: err}
	resp.Request = req.WithContext(context.WithValue(req.Context(), noteKey{}, n))
}

// kept returns what keep left with this very response. A context travels: to
// the request of a redirect, and to any that a caller makes of it.
func (c *Catalog) kept(resp *http.Response) (error, bool) {
	if resp.Request == nil {
		return nil, false
	}
	n, ok := resp.Request.Context().Value(noteKey{}).(*note)
	if !ok || n.resp != resp || n.catalog != c {
		return nil, false
	}
	return n.err, true
}

// statusOnly is the catalog of a [Policy] that was made without one: any
// status from 400 on is an error, and is what its number says.
var statusOnly = Catalog{Vendor: "http"}

// vendor returns the catalog that tells which responses are errors.
func (p *Policy) vendor() *Catalog {
	if p.catalog == nil {
		return &statusOnly
	}
	return p.catalog
}
