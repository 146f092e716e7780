package apierr

import (
	"math"
	"net/http"
	"slices"
	"time"
)

// MaxBody is how many bytes of an error response's body are read when the
// catalog sets no limit of its own: 1 MiB. Of a longer body the Error is
// Truncated, and only the status and the headers decide.
const MaxBody = 1 << 20

// MaxFailBody is how many bytes of a response below 400 are looked at when the
// catalog says which of them are errors: 64 KiB, or the catalog's MaxBody if
// that is less. A longer one is no error.
const MaxFailBody = 64 << 10

// maxBody is how much of an error's body is read.
func (c *Catalog) maxBody() int64 {
	if c.MaxBody <= 0 {
		return MaxBody
	}
	return min(int64(c.MaxBody), math.MaxUint32) // what a scan can count
}

// maxFailBody is how much of another response's body is looked at.
func (c *Catalog) maxFailBody() int64 { return min(MaxFailBody, c.maxBody()) }

// Check returns nil when the response is no error, and an [*Error] otherwise.
// A response is an error when its status is 400 or above, or when the catalog
// says so of its status, header and body. A nil response is no error. Of a
// response that came through a [Transport] of the same catalog, the Error is
// within the [*StopError] that tells why the request was not sent again, where
// there is something to tell.
//
// The body of an error is read up to the catalog's limit, [MaxBody] unless it
// sets another, and put back: the caller can read it from its start and closes
// it as ever. Memory is taken as the body comes, whatever Content-Length says:
// no more than the limit and 64 KiB for a body that is longer or in another
// format, and no more than twice the limit to read one that is decoded. The
// body of another response is not touched, unless the catalog calls some
// responses of that status and media type errors; then it is read up to
// [MaxFailBody] and put back. A 101 (Switching Protocols) is never an error.
//
// Safe for concurrent use with different responses.
func (c *Catalog) Check(resp *http.Response) error {
	if resp == nil {
		return nil
	}
	if err, ok := c.kept(resp); ok {
		return err
	}
	return c.check(resp)
}

func (c *Catalog) check(resp *http.Response) error {
	limit := c.maxBody()
	if resp.StatusCode < 400 {
		if !c.mayFail(resp.StatusCode, resp.Header) {
			return nil
		}
		limit = c.maxFailBody()
	}
	opened := open(resp, limit)
	body := opened.text(c.Format)
	if resp.StatusCode < 400 && !(opened.came == whole && c.IsError(resp.StatusCode, resp.Header, body)) {
		opened.putBack(resp, "")
		return nil
	}
	var e *Error
	if opened.came == long {
		e = c.truncated(resp.StatusCode, resp.Header, body, time.Time{})
	} else {
		e = c.Decode(resp.StatusCode, resp.Header, body, time.Time{})
		e.Truncated = opened.came == broken
	}
	opened.putBack(resp, e.Body)
	return e
}

// truncated returns the error that a response is whose body is too long to be
// looked into. A part of a document decodes to nothing, so none is scanned.
func (c *Catalog) truncated(status int, header http.Header, start []byte, now time.Time) *Error {
	e := c.Decode(status, header, nil, now)
	e.Body, e.Truncated = string(start[:min(len(start), rawLimit)]), true
	return e
}

// IsError reports whether a response is an error, see [Catalog.Check]. From
// status 400 on it looks at nothing else; below, a body longer than
// [MaxFailBody] makes no error.
func (c *Catalog) IsError(status int, header http.Header, body []byte) bool {
	if status >= 400 {
		return true
	}
	if !c.mayFail(status, header) || int64(len(body)) > c.maxFailBody() {
		return false
	}
	s := c.scan()
	defer putScan(s)
	c.read(s, status, header, body)
	return Captures{scan: s}.holds(c.FailWhen)
}

// mayFail reports whether a response below 400 may be an error by its status
// and header, so that its body is worth a look. What follows a 101 is no body
// but the connection itself (RFC 9110, section 15.2.2): reading it would wait
// for the other side, and take from the protocol that was switched to.
func (c *Catalog) mayFail(status int, header http.Header) bool {
	if len(c.FailWhen) == 0 || status == http.StatusSwitchingProtocols {
		return false
	}
	values := c.unread(status, header)
	defer putScan(values.scan)
	return slices.ContainsFunc(c.FailWhen, func(conds Match) bool {
		return !slices.ContainsFunc(conds, func(cond Cond) bool {
			return c.early(&cond) && !values.met(&cond)
		})
	})
}

// early reports whether a condition can be told before the body is read.
func (c *Catalog) early(cond *Cond) bool {
	if cond.Status != nil || cond.Media != nil {
		return true
	}
	return int(cond.At) < len(c.Places) && c.Places[cond.At].Header != "" && c.Places[cond.At].When == nil
}
