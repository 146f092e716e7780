package apierr

import "sync"

// A Budget bounds how many retries the requests of a client make together, so
// that a service that is down does not get the load of all retries when it
// comes back. It is a bucket of tokens: a retry takes one, each success gives a
// part of one back, and without one there is no retry. First attempts, and the
// one that follows new credentials, need none. (The retry quota of the AWS SDKs'
// standard mode; retry throttling of gRPC, proposal A6.)
//
// A success is any answer of a service that works, a 404 as well: neither
// [Unhealthy] nor [Inconclusive]. Where only a 200 counts, a client that mostly
// asks for what does not exist makes no more retries after its first outage.
//
// The zero value is a full bucket of 100. Set the fields before the first use;
// the methods are safe for concurrent use. A nil Budget has no bound.
type Budget struct {
	Size       float64 // tokens when full; zero or less is 100
	PerSuccess float64 // tokens that each success gives back; zero or less is 0.1

	mu    sync.Mutex
	spent float64
}

// Spend takes the token for a retry, and reports whether there was one.
func (b *Budget) Spend() bool {
	if b == nil {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.spent+1 > positive(b.Size, 100)+rounding {
		return false
	}
	b.spent++
	return true
}

// Earn gives back what one success is worth. A [Transport] calls it after each.
func (b *Budget) Earn() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spent = max(b.spent-positive(b.PerSuccess, 0.1), 0)
}

// rounding is how far sums of parts of tokens may be off: ten times 0.1 is not
// quite 1.
const rounding = 1e-6

func positive(n, or float64) float64 {
	if n > 0 {
		return n
	}
	return or
}
