package failures

import (
	"context"
	"net"
	"sync"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// What a name server does with every question, besides the answers of
// dnsmessage.RCode.
const (
	silence dnsmessage.RCode = 0xffff
	noData  dnsmessage.RCode = 0xfffe // the name exists, but has no address
)

// resolving dials a name that a name server of our own, which answers all
// questions alike, is asked for.
func resolving(code dnsmessage.RCode) dialFunc {
	return func(_ *world, ctx context.Context, network, _ string) (net.Conn, error) {
		server, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		var serving sync.WaitGroup
		serving.Go(func() { serveNames(server, code) })
		asking := questions{server: server.LocalAddr().String()}
		defer serving.Wait()
		defer server.Close()
		defer asking.end()
		dialer := net.Dialer{Resolver: &net.Resolver{PreferGo: true, Dial: asking.dial}}
		if code == silence {
			dialer.Timeout = 20 * time.Millisecond
		}
		return dialer.DialContext(ctx, network, shop+".:80")
	}
}

// questions are the connections of a resolver, which goes on asking when whom
// it asked for has given up.
type questions struct {
	server string

	mu    sync.Mutex
	conns []net.Conn
	over  bool
}

func (q *questions) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.over {
		return nil, net.ErrClosed
	}
	conn, err := new(net.Dialer).DialContext(ctx, "udp", q.server)
	if err == nil {
		q.conns = append(q.conns, conn)
	}
	return conn, err
}

func (q *questions) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.over = true
	for _, conn := range q.conns {
		conn.Close()
	}
}

// serveNames answers until the connection is closed.
func serveNames(conn net.PacketConn, code dnsmessage.RCode) {
	for query := make([]byte, 1<<10); ; {
		n, from, err := conn.ReadFrom(query)
		if err != nil {
			return
		}
		var msg dnsmessage.Message
		if code == silence || msg.Unpack(query[:n]) != nil {
			continue
		}
		msg.Response, msg.RecursionAvailable, msg.Additionals = true, true, nil
		if code != noData {
			msg.RCode = code
		}
		if reply, err := msg.Pack(); err == nil {
			conn.WriteTo(reply, from)
		}
	}
}
