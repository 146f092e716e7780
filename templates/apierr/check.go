package apierr

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"
)

// MaxBody is how many bytes of an error response's body are read: 1 MiB. Of a
// longer one the Error is Truncated; unless what was read is a whole JSON text,
// the status and the headers decide.
const MaxBody = 1 << 20

// MaxFailBody is how many bytes of a response below 400 are looked at when the
// catalog says which of them are errors: 64 KiB. A longer one is no error.
const MaxFailBody = 64 << 10

// Check returns nil when the response is no error, and an [*Error] otherwise.
// A response is an error when its status is 400 or above, or when the catalog
// says so of its status, header and body. A nil response is no error. Of a
// response that came through a [Transport] of the same catalog, the Error is
// within the [*StopError] that tells why the request was not sent again, where
// there is something to tell.
//
// The body of an error is read up to [MaxBody] and put back: the caller can
// read it from its start and closes it as ever. The body of another response
// is not touched, unless the catalog calls some responses of that status and
// media type errors; then it is read up to [MaxFailBody] and put back.
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
	limit := int64(MaxBody)
	if resp.StatusCode < 400 {
		if !c.mayFail(resp.StatusCode, resp.Header) {
			return nil
		}
		limit = MaxFailBody
	}
	body, whole := peek(resp, limit)
	if resp.StatusCode < 400 && !(whole && c.IsError(resp.StatusCode, resp.Header, body)) {
		return nil
	}
	e := c.Decode(resp.StatusCode, resp.Header, body, time.Now())
	e.Truncated = !whole
	return e
}

// IsError reports whether a response is an error, see [Catalog.Check].
func (c *Catalog) IsError(status int, header http.Header, body []byte) bool {
	if status >= 400 {
		return true
	}
	if !c.mayFail(status, header) || len(body) > MaxFailBody {
		return false
	}
	s := getScan()
	defer putScan(s)
	values, _ := c.capture(s, status, header, body)
	return values.holds(c.FailWhen)
}

// mayFail reports whether a response below 400 may be an error by its status
// and header, so that its body is worth a look.
func (c *Catalog) mayFail(status int, header http.Header) bool {
	if len(c.FailWhen) == 0 {
		return false
	}
	c.once.Do(c.compile)
	s := getScan()
	defer putScan(s)
	values := newCaptures(c.Places, s, nil, "", status, header)
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

// peek reads the body up to a limit and puts it back. The second result is
// false when the body is longer or broke off. What is then returned still
// shows how the body began, but is no whole document.
func peek(resp *http.Response, limit int64) (body []byte, whole bool) {
	if resp.Body == nil || resp.Body == http.NoBody {
		return nil, true
	}
	size := int64(4 << 10)
	if n := resp.ContentLength; n >= 0 {
		size = min(n, limit)
	}
	// One byte more than is expected, so that the end shows in the same read.
	body, err := readUpTo(resp.Body, make([]byte, 0, size+1), int(limit)+1)
	rest := resp.Body
	if errors.Is(err, io.EOF) {
		resp.Body = putBack{bytes.NewReader(body), rest}
	} else {
		resp.Body = putBack{io.MultiReader(bytes.NewReader(body), after{rest, err}), rest}
	}
	return body[:min(int64(len(body)), limit)], errors.Is(err, io.EOF) && int64(len(body)) <= limit
}

// readUpTo appends to buf what r has, up to limit bytes in all. Its error is
// io.EOF at the end, nil at the limit, and otherwise the reader's.
func readUpTo(r io.Reader, buf []byte, limit int) ([]byte, error) {
	for idle := 0; len(buf) < limit; {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):min(cap(buf), limit)])
		buf = buf[:len(buf)+n]
		if err != nil {
			return buf, err
		}
		if idle++; n > 0 {
			idle = 0
		} else if idle >= 100 {
			return buf, io.ErrNoProgress
		}
	}
	return buf, nil
}

// putBack is a body whose start has been read and is read again.
type putBack struct {
	io.Reader
	io.Closer
}

// after goes on with a reader, or repeats the error with which it ended.
type after struct {
	r   io.Reader
	err error
}

func (a after) Read(p []byte) (int, error) {
	if a.err != nil {
		return 0, a.err
	}
	return a.r.Read(p)
}
