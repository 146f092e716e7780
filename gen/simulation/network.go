package simulation

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// callHeader names the call that a request belongs to, so that the server can
// tell a request sent again from another one.
const callHeader = "X-Call"

// network carries requests to the server and answers back. It is the
// [http.RoundTripper] below every driver.
type network struct {
	world  *World
	vendor *Vendor
	calls  []Call

	mu     sync.Mutex
	server *server
}

// RoundTrip takes a request to the server and brings the answer, or fails as a
// connection does. What the server does, it does even if nobody waits for the
// answer any more.
func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	number, err := strconv.Atoi(req.Header.Get(callHeader))
	if err != nil || number < 0 || number >= len(n.calls) {
		return nil, errors.New("the request names no call")
	}
	c := &n.calls[number]
	if err := drain(req); err != nil {
		return nil, err
	}
	c.Sent++
	if time.Now().Before(c.notBefore) {
		c.Early++
	}
	if err := n.travel(req.Context(), c, 0); err != nil {
		return nil, err
	}
	v := n.reach(c)
	if v.treatment == refused {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	if err := n.travel(req.Context(), c, v.after); err != nil {
		return nil, err
	}
	if v.treatment == broken || v.treatment == brokenLate {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
	resp, wait := n.vendor.answer(v, time.Now())
	resp.Request = req
	c.notBefore = time.Now().Add(wait)
	return resp, nil
}

// reach has the server decide about the request.
func (n *network) reach(c *Call) verdict {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.server.take(c, time.Now())
}

// travel waits for the given time and that of one way through the network.
func (n *network) travel(ctx context.Context, c *Call, more time.Duration) error {
	least, most := n.world.Latency[0], n.world.Latency[1]
	way := least + time.Duration(n.world.draw(forLatency, c.number, c.Sent)*float64(most-least))
	return sleep(ctx, time.Until(align(time.Now().Add(more+way), c.slot)))
}

// align returns the first instant from t on that belongs to the call's slot,
// of which each lasts two nanoseconds: no two calls that are going on ever
// reach the server, or get an answer, at the same instant. Where two
// goroutines of a bubble are woken at once, it is chance which runs first.
// Deadlines have the odd nanoseconds, so that none coincides with an answer.
func align(t time.Time, slot int) time.Time {
	const cycle = 2 * slots
	behind := (t.UnixNano() - int64(2*slot)) % cycle
	if behind == 0 {
		return t
	}
	return t.Add(time.Duration(cycle - behind))
}

// sleep waits, or returns the context's error when that is done before.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drain reads the body, as sending does. One that has been read already is an
// error of the driver.
func drain(req *http.Request) error {
	if req.Body == nil {
		return nil
	}
	defer req.Body.Close()
	read, err := io.Copy(io.Discard, req.Body)
	if err != nil {
		return err
	}
	if read != req.ContentLength {
		return errors.New("the body was sent before")
	}
	return nil
}
