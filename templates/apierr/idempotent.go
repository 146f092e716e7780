package apierr

import (
	"context"
	"crypto/rand"
	"encoding/hex"
)

type idempotentKey struct{}

// WithIdempotent returns a context that declares the requests made with it
// idempotent, whatever their method: to carry one out twice does no harm, since
// it is a search sent as a POST for example. [Policy.Transport] then sends them
// again like a GET.
func WithIdempotent(ctx context.Context) context.Context {
	return context.WithValue(ctx, idempotentKey{}, true)
}

func declaredIdempotent(ctx context.Context) bool {
	declared, _ := ctx.Value(idempotentKey{}).(bool)
	return declared
}

// RandomKey returns a random UUID (RFC 9562, version 4), the usual form of an
// idempotency key. It is safe for concurrent use.
func RandomKey() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails from Go 1.24 on, nor on a working system before
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	b := make([]byte, 36)
	hex.Encode(b[0:8], id[0:4])
	hex.Encode(b[9:13], id[4:6])
	hex.Encode(b[14:18], id[6:8])
	hex.Encode(b[19:23], id[8:10])
	hex.Encode(b[24:36], id[10:16])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b)
}
