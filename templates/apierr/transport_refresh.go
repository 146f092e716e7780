package apierr

import (
	"context"
	"sync"
)

// credentials lets many calls whose credentials were refused get new ones
// together.
type credentials struct {
	mu      sync.Mutex
	version uint64
	renewal *renewal
}

// A renewal is a Refresh that is under way.
type renewal struct {
	done chan struct{}
	err  error // of the Refresh, once done is closed
	left bool  // whoever called Refresh has given up: another one may try
}

// current returns the version of the credentials.
func (c *credentials) current() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

// renew makes sure that the credentials are newer than the version that was
// refused: they are already, or another call sees to it, or refresh is called.
func (c *credentials) renew(ctx context.Context, refused uint64, refresh func() error) error {
	for {
		c.mu.Lock()
		if c.version != refused {
			c.mu.Unlock()
			return nil
		}
		r := c.renewal
		if r == nil {
			r = &renewal{done: make(chan struct{}), left: true}
			c.renewal = r
			c.mu.Unlock()
			return c.lead(ctx, r, refresh)
		}
		c.mu.Unlock()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.done:
			if r.err != nil && !r.left {
				return r.err
			}
		}
	}
}

// lead calls refresh for all. Should it panic, the others go on without it.
func (c *credentials) lead(ctx context.Context, r *renewal, refresh func() error) (err error) {
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.renewal = nil
		close(r.done)
	}()
	err = refresh()
	r.err, r.left = err, err != nil && ctx.Err() != nil
	if err == nil {
		c.mu.Lock()
		c.version++
		c.mu.Unlock()
	}
	return err
}
