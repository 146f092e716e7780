package apierr

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// How much memory is taken for a body of which nothing has come yet. A header
// is quickly written: what Content-Length claims beyond the first of these is
// only believed as it arrives.
const (
	firstPiece   = 64 << 10 // at most, when the length is claimed
	unknownPiece = 4 << 10  // when it is not
)

// An extent says how much of a body was read.
type extent uint8

const (
	whole  extent = iota
	broken        // it broke off
	long          // it is longer than the limit
)

// peek reads the body up to a limit and puts it back. It returns what was read
// of it; of a body that will not be decoded, as it is too long or cannot be in
// the format, only the start, so that the rest need not be copied.
func peek(resp *http.Response, limit int64, format Format) ([]byte, extent) {
	if resp.Body == nil || resp.Body == http.NoBody {
		return nil, whole
	}
	rest := resp.Body
	// One byte more, to see whether there is more.
	read, err := readPieces(rest, resp.ContentLength, limit+1)
	came := broken
	switch {
	case read.size > limit:
		came = long
	case errors.Is(err, io.EOF):
		came = whole
	}
	start := read.start()
	if came != long && !format.foreign(start) {
		start = read.join()
	}
	resp.Body = putBack{io.MultiReader(append(read.readers(), after{rest, err})...), rest}
	return start, came
}

// foreign reports whether a text that begins so cannot be in the format.
func (f Format) foreign(start []byte) bool {
	if f == XML {
		start = bytes.TrimPrefix(bytes.TrimLeft(start, xmlBlanks), []byte("\ufeff"))
		start = bytes.TrimLeft(start, xmlBlanks)
		return len(start) > 0 && start[0] != '<'
	}
	i := skipSpace(start, 0)
	if i >= len(start) {
		return false
	}
	c := start[i]
	return kinds[c] == kindNone && c != '-' && (c < '0' || c > '9')
}

// pieces are the start of a body as it was read. Each is as long as all before
// it together, so that the memory they take is bounded by what has come, and
// nothing is copied while they are read.
type pieces struct {
	list [][]byte
	size int64
}

// readPieces reads up to limit bytes. length is what the sender claims; below
// zero it claims nothing. The error is io.EOF at the end, nil at the limit, and
// otherwise the reader's.
func readPieces(r io.Reader, length, limit int64) (p pieces, err error) {
	size := int64(unknownPiece)
	if length >= 0 {
		size = min(length, firstPiece) + 1 // the end shows in the same read
	}
	for p.size < limit && err == nil {
		piece := make([]byte, min(size, limit-p.size))
		var n int
		n, err = fill(r, piece)
		p.list = append(p.list, piece[:n])
		p.size += int64(n)
		if size = p.size; length >= p.size {
			size = min(size, length-p.size+1)
		}
	}
	return p, err
}

// start is what Error.Body needs, or more.
func (p *pieces) start() []byte {
	var start []byte
	for i, piece := range p.list {
		switch {
		case i == 0:
			start = piece
		case len(start) < rawLimit:
			start = append(start[:len(start):len(start)], piece[:min(len(piece), rawLimit)]...)
		}
	}
	return start
}

// join makes one piece of all.
func (p *pieces) join() []byte {
	if len(p.list) > 1 {
		p.list = [][]byte{bytes.Join(p.list, nil)}
	}
	return p.list[0]
}

func (p *pieces) readers() []io.Reader {
	readers := make([]io.Reader, len(p.list), len(p.list)+1)
	for i, piece := range p.list {
		readers[i] = bytes.NewReader(piece)
	}
	return readers
}

// maxIdle is how many reads in a row may bring nothing, as in package bufio.
const maxIdle = 100

// fill reads until buf is full or the reader has an error.
func fill(r io.Reader, buf []byte) (n int, err error) {
	for idle := 0; n < len(buf) && err == nil; {
		var got int
		got, err = r.Read(buf[n:])
		if got < 0 || got > len(buf)-n {
			return n, errors.New("the body's Read returned an impossible count")
		}
		n += got
		if idle++; got > 0 {
			idle = 0
		} else if idle == maxIdle && err == nil {
			err = io.ErrNoProgress
		}
	}
	return n, err
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
