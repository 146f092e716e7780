package apierr

// blockSize is how many errors are allocated at a time, of those that come in a row
// with details of the same type. Most of what it costs to allocate something small
// does not depend on its size.
//
// An [Error] that is kept keeps the others of its block. So only errors with short
// bodies share one, up to rawLimit. A scan in the pool keeps those of blocks that
// it has given out in part.
const blockSize = 4

// A block is memory for some errors, part of which is given out.
type block[T any] struct {
	errors [blockSize]T
	used   int
}

// blocks are those that a scan has which are not given out whole.
type blocks struct {
	plain *block[Error] // errors without details; nil for none

	// detailed has the others, by the index of their entries, modulo 4: a *block[T]; a
	// nil *T, when the last error there was a T; or nil.
	detailed [4]any
	entry    int // index of the entry whose details are made
}

// Allocate returns zeroed memory for an Error together with the details of the entry
// that the response is about, once for each response. It may lie beside that of
// other errors. Generated packages call it where they build an error; it is of no
// use elsewhere. The zero Captures allocate each T by itself.
func Allocate[T any](c Captures) *T {
	if c.scan == nil || len(c.scan.body) > rawLimit {
		return new(T)
	}
	cell := &c.scan.blocks.detailed[c.scan.blocks.entry%len(blocks{}.detailed)]
	b, ok := (*cell).(*block[T])
	if !ok {
		if _, again := (*cell).(*T); !again {
			*cell = (*T)(nil)
			return new(T)
		}
		b = new(block[T])
		*cell = b
	}
	if b.used == blockSize-1 {
		*cell = (*T)(nil)
	}
	return b.take()
}

// take returns memory that nobody else has.
func (b *block[T]) take() *T {
	b.used++
	return &b.errors[b.used-1]
}

// newError is Allocate for an error without details.
func (s *scan) newError() *Error {
	if len(s.body) > rawLimit {
		return new(Error)
	}
	b := s.blocks.plain
	if b == nil {
		b = new(block[Error])
		s.blocks.plain = b
	} else if b.used == blockSize-1 {
		s.blocks.plain = nil
	}
	return b.take()
}
