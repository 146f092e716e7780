package apierr

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"
)

// How much memory is taken for a body of which nothing has come yet. A header
// is quickly written: what Content-Length claims beyond the first of these is
// only believed as it arrives.
const (
	firstPiece = 64 << 10 // at most, when the length is claimed
	smallBody  = 4 << 10  // when it is not, or is less than this; lent
)

// smallBodies lends memory to read small bodies into, as most are: what is kept
// of one is the text that its [Error] has of it anyway.
var smallBodies = sync.Pool{New: func() any { return new([smallBody]byte) }}

// An extent says how much of a body was read.
type extent uint8

const (
	whole  extent = iota
	broken        // it broke off
	long          // it is longer than the limit
)

// An opened body is one whose start was read, and that must be put back.
type opened struct {
	body   io.ReadCloser // where it goes on
	err    error         // with which it ended, nil when it has not
	came   extent
	lent   *[smallBody]byte // what read is in, when it is lent
	read   []byte           // the first piece
	pieces [][]byte         // the others
	size   int64            // of all pieces
}

// open reads the body of a response up to a limit.
func open(resp *http.Response, limit int64) (o opened) {
	if resp.Body == nil || resp.Body == http.NoBody {
		return opened{}
	}
	o.body = resp.Body
	o.readUpTo(limit+1, resp.ContentLength) // one byte more, to see whether there is more
	switch {
	case o.size > limit:
		o.came = long
	case o.err != nil && !errors.Is(o.err, io.EOF):
		o.came = broken
	}
	return o
}

// readUpTo reads up to limit bytes, in pieces. Each is as long as all before it
// together, so that the memory they take is bounded by what has come, and
// nothing is copied while they are read. length is what the sender claims;
// below zero it claims nothing.
func (o *opened) readUpTo(limit, length int64) {
	if length < smallBody {
		o.lent = smallBodies.Get().(*[smallBody]byte)
		o.read = o.lent[:min(smallBody, limit)]
	} else {
		o.read = make([]byte, min(length, firstPiece, limit-1)+1) // the end shows in the same read
	}
	var n int
	n, o.err = fill(o.body, o.read)
	o.read, o.size = o.read[:n], int64(n)
	for o.err == nil && o.size < limit {
		size := min(o.size, limit-o.size)
		if length >= o.size {
			size = min(size, length-o.size+1)
		}
		piece := make([]byte, size)
		n, o.err = fill(o.body, piece)
		o.pieces = append(o.pieces, piece[:n])
		o.size += int64(n)
	}
}

// text returns what was read of the body; of one that will not be decoded, as
// it is too long or cannot be in the format, only the start, so that the rest
// need not be copied. It is valid until the body is put back.
func (o *opened) text(format Format) []byte {
	switch {
	case len(o.pieces) == 0:
		return o.read
	case o.came == long || format.foreign(o.read):
		return o.start()
	}
	all := bytes.Join(append([][]byte{o.read}, o.pieces...), nil)
	o.giveBack()
	o.read, o.pieces = all, nil
	return all
}

// start is what Error.Body needs, or more.
func (o *opened) start() []byte {
	start := o.read
	for _, piece := range o.pieces {
		if len(start) >= rawLimit {
			break
		}
		start = append(start[:len(start):len(start)], piece[:min(len(piece), rawLimit)]...)
	}
	return start
}

// putBack has the response's body start from its start again. same is a text
// that begins as the body does, in place of a copy when it is as long as what
// was read.
func (o *opened) putBack(resp *http.Response, same string) {
	if o.body == nil {
		return
	}
	b := restored{body: o.body, err: o.err}
	switch {
	case int64(len(same)) == o.size:
		b.text = same
		resp.Body = &b
	case len(o.pieces) == 0 && o.lent != nil:
		b.text = string(o.read)
		resp.Body = &b
	default:
		if o.lent != nil {
			o.read = bytes.Clone(o.read)
		}
		resp.Body = &restoredPieces{append([][]byte{o.read}, o.pieces...), b}
	}
	o.giveBack()
}

// giveBack ends the use of the memory that was lent.
func (o *opened) giveBack() {
	if o.lent != nil {
		smallBodies.Put(o.lent)
		o.lent, o.read = nil, nil
	}
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

// A restored body is read again from its start, which is the text, and goes on
// where it was left, or repeats the error with which it ended.
type restored struct {
	text string
	body io.ReadCloser
	err  error
}

func (b *restored) Read(p []byte) (int, error) {
	switch {
	case b.text != "":
		n := copy(p, b.text)
		b.text = b.text[n:]
		return n, nil
	case b.err != nil:
		return 0, b.err
	}
	return b.body.Read(p)
}

func (b *restored) Close() error { return b.body.Close() }

// restoredPieces is a restored body with pieces before its text.
type restoredPieces struct {
	pieces [][]byte
	restored
}

func (b *restoredPieces) Read(p []byte) (int, error) {
	for len(b.pieces) > 0 {
		n := copy(p, b.pieces[0])
		if b.pieces[0] = b.pieces[0][n:]; n > 0 || len(p) == 0 {
			return n, nil
		}
		b.pieces[0] = nil // nobody else holds it
		b.pieces = b.pieces[1:]
	}
	return b.restored.Read(p)
}
