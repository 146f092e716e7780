package apierr

// blockSize is how many errors are allocated at a time. They tend to come in
// bursts, and most of what it costs to allocate something small does not depend on
// its size. An [Error] that is kept keeps at most the others of its block; a scan in
// the pool keeps those of the blocks that it is at, until the collector takes it.
const blockSize = 4

// A block is memory for some errors, part of which is given out.
type block[T any] struct {
	errors [blockSize]T
	used   int
}

// take returns memory that nobody else has. Of a block without any it is nil.
func (b *block[T]) take() *T {
	if b == nil || b.used == blockSize {
		return nil
	}
	b.used++
	return &b.errors[b.used-1]
}

// blocks are those that a scan has.
type blocks struct {
	plain    *block[Error]
	detailed [4]any // *block[T], T being the Error and the details of an entry; by its index, modulo 4
	entry    int    // index of the entry that the body is about
}

// Allocate returns memory for an Error together with the details of the entry that
// the response is about. Generated packages call it where they build an error; it is
// of no use elsewhere. The zero Captures allocate each T by itself.
func Allocate[T any](c Captures) *T {
	if c.scan == nil {
		return new(T)
	}
	held := &c.scan.detailed[c.scan.entry%len(c.scan.detailed)]
	b, _ := (*held).(*block[T])
	if x := b.take(); x != nil {
		return x
	}
	b = new(block[T])
	*held = b
	return b.take()
}

// newError is Allocate for an error without details.
func (b *blocks) newError() *Error {
	if e := b.plain.take(); e != nil {
		return e
	}
	b.plain = new(block[Error])
	return b.plain.take()
}
