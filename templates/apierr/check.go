package apierr

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"
)

// MaxBody is how many bytes of an error response's body are read: 1 MiB. Of a
// longer one the Error is Truncated; unless what was read is a whole JSON text,
// the status and the headers decide.
const MaxBody = 1 << 20

// Check returns nil when the response is no error, that is when its status is
// below 400, and an [*Error] otherwise. A nil response is no error.
//
// The body of an error is read up to [MaxBody] and put back: the caller can
// read it from its start and closes it as ever. The body of a response that is
// no error is not touched.
//
// Safe for concurrent use with different responses.
func (c *Catalog) Check(resp *http.Response) error {
	if resp == nil || !c.IsError(resp.StatusCode) {
		return nil
	}
	body, whole := peek(resp)
	e := c.Decode(resp.StatusCode, resp.Header, body, time.Now())
	e.Truncated = !whole
	return e
}

// IsError reports whether a response of this status is an error: 400 and above.
func (c *Catalog) IsError(status int) bool { return status >= 400 }

// peek reads the body up to MaxBody and puts it back. The second result is
// false when the body is longer or broke off. What is then returned still
// shows how the body began, but is no whole document.
func peek(resp *http.Response) (body []byte, whole bool) {
	if resp.Body == nil || resp.Body == http.NoBody {
		return nil, true
	}
	size := int64(4 << 10)
	if n := resp.ContentLength; n >= 0 {
		size = min(n, MaxBody)
	}
	// One byte more than is expected, so that the end shows in the same read.
	body, err := readUpTo(resp.Body, make([]byte, 0, size+1), MaxBody+1)
	rest := resp.Body
	if errors.Is(err, io.EOF) {
		resp.Body = putBack{bytes.NewReader(body), rest}
	} else {
		resp.Body = putBack{io.MultiReader(bytes.NewReader(body), after{rest, err}), rest}
	}
	return body[:min(len(body), MaxBody)], errors.Is(err, io.EOF) && len(body) <= MaxBody
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
