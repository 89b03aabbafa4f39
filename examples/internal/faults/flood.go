package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

// flood presents unknown tokens, so many a second, while every member refreshes an expired JWT
// again and again. It returns how many tokens a second were answered.
func (l *load) flood(ctx context.Context, p plan) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, p.flood)
	defer cancel()
	began := time.Now()
	var clients sync.WaitGroup
	for i, m := range l.crowd.Members {
		clients.Go(func() { l.refresh(ctx, m, time.Duration(i)*p.refresh/time.Duration(len(l.crowd.Members)), p.refresh) })
	}
	lines := newLines(strings.TrimPrefix(l.site.URL, "http://"))
	random := rand.New(&source{rand.NewPCG(l.seed, 1<<33), sync.Mutex{}}) //nolint:gosec // to be repeatable, not secret
	visit.Paced(ctx, p.tokens, cap(lines.free), func(int) {
		l.judge.attack(flooders, lines.ask(visit.Bearer(randomToken(random))), "401 session_ended", "503 stytch_unavailable")
	})
	took := time.Since(began)
	clients.Wait()
	if err := lines.close(); err != nil {
		return 0, err
	}
	return float64(l.judge.answered(flooders, "")) / took.Seconds(), nil
}

// refresh comes with one expired JWT after the other, as a browser would.
func (l *load) refresh(ctx context.Context, m *member, first, every time.Duration) {
	next := first
	for _, expired := range m.Expired[wakings:] {
		if visit.Wait(ctx, next) != nil {
			return
		}
		began := time.Now()
		a := l.site.Get("/api/me", visit.Cookies(visit.TokenCookie+"="+m.Token, visit.JWTCookie+"="+expired))
		l.judge.live(refreshers, m, "/api/me", a, expectation{tokenJWT: true})
		next = every - time.Since(began)
	}
}

// lines are connections to a demo, spoken to without the client of net/http, which would take as
// much of the machine as the demo does.
type lines struct {
	addr string
	free chan *line
}

type line struct {
	conn net.Conn // nil: to be dialled
	from *bufio.Reader
}

func newLines(addr string) *lines {
	l := &lines{addr: addr, free: make(chan *line, 64)}
	for range cap(l.free) {
		l.free <- &line{}
	}
	return l
}

func (l *lines) ask(h visit.Header) visit.Answer {
	line := <-l.free
	defer func() { l.free <- line }()
	a := line.ask(l.addr, h)
	if a.Err != nil {
		_ = line.hangUp() // the answer's error says more
	}
	return a
}

func (l *line) ask(addr string, h visit.Header) visit.Answer {
	if l.conn == nil {
		conn, err := (&net.Dialer{Timeout: visit.Patience}).DialContext(context.Background(), "tcp", addr)
		if err != nil {
			return visit.Answer{Err: err}
		}
		l.conn, l.from = conn, bufio.NewReader(conn)
	}
	if err := l.conn.SetDeadline(time.Now().Add(visit.Patience)); err != nil {
		return visit.Answer{Err: err}
	}
	if _, err := fmt.Fprintf(l.conn, "GET /api/me HTTP/1.1\r\nHost: %s\r\n%s: %s\r\n\r\n", addr, h.Name, h.Value); err != nil {
		return visit.Answer{Err: err}
	}
	res, err := http.ReadResponse(l.from, nil)
	if err != nil {
		return visit.Answer{Err: err}
	}
	defer func() { _ = res.Body.Close() }()
	return visit.Read(res)
}

func (l *line) hangUp() error {
	if l.conn == nil {
		return nil
	}
	conn := l.conn
	l.conn = nil
	return conn.Close()
}

// close expects that nobody asks any more.
func (l *lines) close() error {
	var failed []error
	for range cap(l.free) {
		failed = append(failed, (<-l.free).hangUp())
	}
	return errors.Join(failed...)
}
