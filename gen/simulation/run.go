package simulation

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A Trace is what happened in a run.
type Trace struct {
	World  *World
	Vendor string
	Driver string
	Calls  []Call
	Load   []Second
	Figures
}

// Run lets all clients make their calls, each through a client of its own that
// retries as the driver does. It must be called in a synctest bubble, once.
func Run(w *World, v *Vendor, d *Driver) *Trace {
	time.Sleep(time.Until(epoch))
	n := &network{world: w, vendor: v, calls: w.calls(v), server: newServer(w)}
	each := len(n.calls) / w.Clients
	var all sync.WaitGroup
	for client := range w.Clients {
		own := n.calls[client*each : (client+1)*each]
		r := rand.New(rand.NewPCG(w.Seed, uint64(client)))
		send := d.client(v, n, guarded(r))
		all.Go(func() {
			var going sync.WaitGroup
			for i := range own {
				c := &own[i]
				time.Sleep(time.Until(align(epoch.Add(c.Start), c.slot)))
				going.Go(func() { c.make(send) })
			}
			going.Wait()
		})
	}
	all.Wait()
	t := &Trace{World: w, Vendor: v.Name, Driver: d.Name, Calls: n.calls, Load: n.server.load}
	t.Figures = t.measure()
	return t
}

// guarded returns a source of random numbers for the goroutines of one client.
func guarded(r *rand.Rand) func() float64 {
	var mu sync.Mutex
	return func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return r.Float64()
	}
}

// make makes the call, and writes down how it ended.
func (c *Call) make(send sender) {
	// The odd nanosecond is explained with align.
	deadline := align(time.Now().Add(c.Deadline), c.slot).Add(1)
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	c.OK = c.sent(ctx, send)
	c.End = time.Since(epoch)
}

// sent sends the call's request, and reports whether it succeeded.
func (c *Call) sent(ctx context.Context, send sender) bool {
	req, err := c.request(ctx)
	if err != nil {
		return false
	}
	resp, err := send(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode < 400
}

// request returns the call's request.
func (c *Call) request(ctx context.Context) (*http.Request, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if c.Post {
		method, body = http.MethodPost, strings.NewReader(`{"name":"Ada"}`)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://api.test/v1/things", body)
	if err != nil {
		return nil, err
	}
	req.Header.Set(callHeader, c.id())
	return req, nil
}
