package stytchtest

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// listener is the server's presence on the network, from one start to one stop.
type listener struct {
	server *http.Server
	cancel context.CancelFunc // ends the context of every request
	served chan struct{}
	gate   gate
}

func bind(address string) (net.Listener, error) {
	tcp, err := new(net.ListenConfig).Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("stytchtest: can't listen on %s: %w", address, err)
	}
	return tcp, nil
}

func serve(tcp net.Listener, handler http.Handler, logger *slog.Logger) *listener {
	ctx, cancel := context.WithCancel(context.Background())
	l := &listener{cancel: cancel, served: make(chan struct{})}
	l.server = &http.Server{
		Handler:           l.gate.guard(handler),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelError),
		ReadHeaderTimeout: 10 * time.Second,
	}
	go func() {
		defer close(l.served)
		_ = l.server.Serve(tcp) // ends by close, always with ErrServerClosed
	}()
	return l
}

// close cuts every connection and returns when no handler runs any more.
func (l *listener) close() {
	l.gate.shut()
	l.cancel()
	_ = l.server.Close() // what can fail to close is gone all the same
	<-l.served
	l.gate.running.Wait()
}

// gate counts the handlers that run, and lets none in once it is shut.
type gate struct {
	mu      sync.RWMutex
	closed  bool
	running sync.WaitGroup
}

func (g *gate) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !g.enter() {
			panic(http.ErrAbortHandler)
		}
		defer g.running.Done()
		next.ServeHTTP(w, r)
	})
}

func (g *gate) enter() bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.closed {
		return false
	}
	g.running.Add(1)
	return true
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}
