package failures

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
)

// patience ends a test that hangs. Nothing is measured against it.
const patience = 30 * time.Second

// fine is what a server answers that does not fail.
const fine = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"

// A script is what a server does with one connection. When it returns, the
// connection is closed.
type script func(w *world, conn net.Conn)

// A world is a server on loopback that fails for a while, and a client whose
// connections are counted.
type world struct {
	t     *testing.T
	row   *row
	fails int // connections, dials or requests that fail, the first ones

	address  string
	listener net.Listener
	next     transport
	cleanup  []func()

	dials, accepted, asked atomic.Int32

	risky    bool         // to carry out its request twice may do harm
	received atomic.Int32 // requests that the server has read to their end
	declined atomic.Int32 // of these: the server said that it did not process them

	serving  tally        // connections of the server, and its listener
	open     tally        // connections of the client, those being made too
	unclosed atomic.Int32 // bodies of responses

	seen    chan struct{}  // has one when the client has read something
	stage   chan struct{}  // is closed when a test has come to some stage
	closing sync.WaitGroup // what waits for that
}

// always is more failures than any policy's attempts. It ends all the same, for
// net/http's own resends may go on as long as the failures do.
const always = 1 << 10

func newWorld(t *testing.T, r *row, fails int) *world {
	w := &world{t: t, row: r, fails: fails, seen: make(chan struct{}, 1), address: "127.0.0.1:80"}
	if !r.piped {
		w.listen()
	}
	w.next = w.newTransport()
	return w
}

func (w *world) listen() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	w.listener, w.address = listener, listener.Addr().String()
	w.serving.add(1)
	go w.accept()
}

// A transport is what sends a world's requests.
type transport interface {
	http.RoundTripper
	CloseIdleConnections()
}

func (w *world) newTransport() transport {
	t := &http.Transport{DialContext: w.dial, TLSClientConfig: trusting()}
	if w.row.client != nil {
		w.row.client(w, t)
	}
	if !w.row.xnet {
		return t
	}
	return &http2.Transport{DialTLSContext: func(ctx context.Context, network, address string, _ *tls.Config) (net.Conn, error) {
		conn, err := w.dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		config := trusting()
		config.NextProtos = []string{"h2"}
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, err
		}
		return secure, nil
	}}
}

// closedPort is an address at which nothing listens, and nothing will: the port
// is in use by the client's end of a connection.
func (w *world) closedPort() string {
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		w.t.Error(err)
		return "127.0.0.1:1"
	}
	w.cleanup = append(w.cleanup, func() { conn.Close() })
	return conn.LocalAddr().String()
}

// end closes everything, and reports what the client has left open and what it
// must not have repeated.
func (w *world) end() {
	w.t.Helper()
	within(w.t, "the client's connections to be closed", func() {
		for w.next.CloseIdleConnections(); w.open.some(); w.next.CloseIdleConnections() {
			time.Sleep(time.Millisecond) // an HTTP/2 connection is idle a little after its last request
		}
	})
	if n := w.unclosed.Load(); n != 0 {
		w.t.Errorf("%d bodies were not closed", n)
	}
	if w.listener != nil {
		w.listener.Close()
	}
	for _, done := range w.cleanup {
		done()
	}
	within(w.t, "the server to be done with all connections", w.serving.none)
	if w.risky && w.acted() > 1 {
		w.t.Errorf("the server may have acted %d times on a request that must not be repeated", w.acted())
	}
}

// within waits until f returns.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	await(t, what, done)
}

// await waits until something has happened.
func await(t *testing.T, what string, happened <-chan struct{}) {
	t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-happened:
	case <-timer.C:
		t.Fatalf("waited in vain for %s", what)
	}
}

// A tally counts what is there. Unlike a sync.WaitGroup it may be waited for
// while more comes.
type tally struct {
	mu     sync.Mutex
	n      int
	waiter *sync.Cond
}

func (c *tally) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n += n; c.n == 0 && c.waiter != nil {
		c.waiter.Broadcast()
	}
}

// some reports whether there is anything.
func (c *tally) some() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n > 0
}

// none waits until there is nothing.
func (c *tally) none() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiter == nil {
		c.waiter = sync.NewCond(&c.mu)
	}
	for c.n > 0 {
		c.waiter.Wait()
	}
}

// acted is how many requests the server may have carried out.
func (w *world) acted() int { return int(w.received.Load() - w.declined.Load()) }

func (w *world) accept() {
	defer w.serving.add(-1)
	for {
		conn, err := w.listener.Accept()
		if err != nil {
			return
		}
		w.take(conn)
	}
}

// take lets the server have a connection.
func (w *world) take(conn net.Conn) {
	n := int(w.accepted.Add(1))
	conn.SetDeadline(time.Now().Add(patience))
	w.serving.add(1)
	go func() {
		defer w.serving.add(-1)
		defer conn.Close()
		w.row.script(n <= w.fails)(w, conn)
	}()
}

// dial connects to the server, or fails as the row says.
func (w *world) dial(ctx context.Context, network, address string) (net.Conn, error) {
	w.open.add(1)
	conn, err := w.connect(ctx, network, address)
	if err != nil {
		w.open.add(-1)
		return nil, err
	}
	return &counted{Conn: conn, world: w, closed: make(chan struct{})}, nil
}

func (w *world) connect(ctx context.Context, network, address string) (net.Conn, error) {
	if n := int(w.dials.Add(1)); w.row.dial != nil && n <= w.fails {
		return w.row.dial(w, ctx, network, address)
	}
	if w.row.piped {
		client, server := net.Pipe()
		w.take(server)
		return client, nil
	}
	return new(net.Dialer).DialContext(ctx, network, w.address)
}

// A counted connection is the client's end.
type counted struct {
	net.Conn
	world  *world
	once   sync.Once
	closed chan struct{}
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		select {
		case c.world.seen <- struct{}{}:
		default:
		}
	}
	return n, err
}

func (c *counted) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() {
		close(c.closed)
		c.world.open.add(-1)
	})
	return err
}

// receive reads a request to its end. It is nil when there is no whole one.
func (w *world) receive(r *bufio.Reader) *http.Request {
	req, err := http.ReadRequest(r)
	if err != nil {
		return nil
	}
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		return nil
	}
	w.received.Add(1)
	return req
}

// well answers every request.
func well(w *world, conn net.Conn) {
	for r := bufio.NewReader(conn); w.receive(r) != nil; {
		io.WriteString(conn, fine)
	}
	w.hold(conn)
}

// hold waits until the client closes the connection, which it must.
func (w *world) hold(conn net.Conn) {
	if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
		w.t.Error("the client has left a connection open")
	}
}

// finish ends the server's half of the connection in an orderly way. (To close
// it whole with bytes unread would be a reset.)
func (w *world) finish(conn net.Conn) {
	conn.(interface{ CloseWrite() error }).CloseWrite()
	w.hold(conn)
}

// reset cuts the connection.
func (w *world) reset(conn net.Conn) {
	for {
		under, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		conn = under.NetConn()
	}
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}
