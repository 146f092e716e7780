package apierr

import (
	"context"
	"errors"
	"sync"
)

// mayRefresh reports whether the call can get new credentials. A call that was
// made to get them cannot: it would wait for itself.
func (c *call) mayRefresh() bool {
	return c.t.Refresh != nil && c.req.Context().Value(refreshKey{c.t}) == nil
}

// refresh gets new credentials, unless another call just got some.
func (c *call) refresh() error {
	ctx := c.req.Context()
	refused, _ := responseError(c.a.Err)
	err := c.t.credentials.renew(ctx, c.fresh, func() error {
		ctx := context.WithValue(context.WithoutCancel(ctx), refreshKey{c.t}, true)
		ctx = context.WithValue(ctx, idempotentKey{}, false) // what was declared is not of this request
		return c.t.Refresh(ctx, refused)
	})
	c.a.Refreshed = err == nil
	return err
}

type refreshKey struct{ t *Transport }

// credentials lets many calls whose credentials were refused get new ones
// together.
type credentials struct {
	mu      sync.Mutex
	version uint64
	renewal *renewal
}

// A renewal is a Refresh that is under way. It belongs to no call: were it to
// end with the one that began it, callers with little time left would begin it
// over and over, and none would get new credentials.
type renewal struct {
	done     chan struct{}
	err      error // of the Refresh, once done is closed
	panicked any
}

// current returns the version of the credentials.
func (c *credentials) current() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

// renew makes sure that the credentials are newer than the version that was
// refused: they are already, or a renewal under way sees to it, or one is begun.
// A panic of refresh is that of the call that began it; the others begin anew.
func (c *credentials) renew(ctx context.Context, refused uint64, refresh func() error) error {
	for {
		r, begun := c.join(refused, refresh)
		if r == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.done:
		}
		switch {
		case r.panicked == nil:
			return r.err
		case begun:
			panic(r.panicked)
		}
	}
}

// join returns the renewal to wait for, and whether it was begun for this call.
// It is nil when the credentials are new already.
func (c *credentials) join(refused uint64, refresh func() error) (r *renewal, begun bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version != refused {
		return nil, false
	}
	if c.renewal == nil {
		c.renewal = &renewal{done: make(chan struct{}), err: errNoRefresh}
		go c.run(c.renewal, refresh)
		begun = true
	}
	return c.renewal, begun
}

// errNoRefresh is what comes of a Refresh that ends its goroutine.
var errNoRefresh = errors.New("apierr: Refresh did not return")

func (c *credentials) run(r *renewal, refresh func() error) {
	defer func() {
		r.panicked = recover()
		c.mu.Lock()
		defer c.mu.Unlock()
		if r.panicked == nil && r.err == nil {
			c.version++
		}
		c.renewal = nil
		close(r.done)
	}()
	r.err = refresh()
}
