package main

import (
	"context"
	"net"
	"sync"
)

// hole is one replica's way to the engine, which can become a black hole: connections stay and new ones are
// accepted, and all that is sent is lost, both ways.
type hole struct {
	address  string
	to       string
	listener net.Listener

	mu         sync.Mutex
	swallowing bool
	conns      map[net.Conn]struct{}
}

func newHole(ctx context.Context, to string) (*hole, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	h := &hole{address: l.Addr().String(), to: to, listener: l, conns: map[net.Conn]struct{}{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go h.serve(c)
		}
	}()
	return h, nil
}

// open begins to swallow.
func (h *hole) open() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.swallowing = true
}

// mend lets everything through again, on new connections: those of before have lost some of it.
func (h *hole) mend() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.swallowing = false
	for c := range h.conns {
		_ = c.Close() // whoever reads it hears of that
	}
}

func (h *hole) close() {
	_ = h.listener.Close() // nobody is to come any more
	h.mend()
}

func (h *hole) serve(c net.Conn) {
	defer h.hold(c)()
	if h.swallows() {
		h.carry(c, nil)
		return
	}
	s, err := new(net.Dialer).DialContext(context.Background(), "tcp", h.to)
	if err != nil {
		return
	}
	defer h.hold(s)()
	go func() { h.carry(s, c); _ = c.Close() }()
	h.carry(c, s)
}

// hold keeps a connection, to be closed by mend or by what it returns.
func (h *hole) hold(c net.Conn) (release func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.conns[c] = struct{}{}
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.conns, c)
		_ = c.Close() // it may be closed already
	}
}

func (h *hole) swallows() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.swallowing
}

// carry carries bytes until one of the two hangs up.
func (h *hole) carry(from, to net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 && to != nil && !h.swallows() {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
