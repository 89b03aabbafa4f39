package main

import (
	"bytes"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/stytchkit/stytchkit/examples/bench/internal/crowd"
)

// generator sends requests over a fixed number of connections, each with members of its own.
type generator struct {
	workers []*worker
}

// worker is one connection. It sends as its members in turn.
type worker struct {
	client   *fasthttp.HostClient
	requests []*fasthttp.Request
	ids      [][]byte // what each answer must hold
	response fasthttp.Response
	next     int

	latencies []time.Duration // of the phase under way
	wrong     int
	example   string // of a wrong answer
}

func newGenerator(connections int, address string, members []crowd.Member) *generator {
	g := &generator{}
	for range connections {
		g.workers = append(g.workers, &worker{client: &fasthttp.HostClient{Addr: address, MaxConns: 1}})
	}
	for i, m := range members {
		w := g.workers[i%connections]
		r := &fasthttp.Request{}
		r.SetRequestURI("http://" + address + "/me")
		r.Header.Set("Cookie", m.Cookie())
		r.Header.Set(believed, strconv.Itoa(i))
		w.requests = append(w.requests, r)
		w.ids = append(w.ids, []byte(m.ID))
	}
	return g
}

// once sends one request of each member.
func (g *generator) once(p *phase) {
	g.all(p, func(w *worker, _ int) {
		for range w.requests {
			w.send(time.Now())
		}
	})
}

// full sends each request when the one before is answered.
func (g *generator) full(p *phase, lasting time.Duration) {
	end := time.Now().Add(lasting)
	g.all(p, func(w *worker, _ int) {
		for now := time.Now(); now.Before(end); now = time.Now() {
			w.send(now)
		}
	})
}

// paced sends at a rate that the answers do not change. A request that has to wait for the one
// before it counts from the moment when it was due.
func (g *generator) paced(p *phase, lasting time.Duration, rate int) {
	every := time.Duration(len(g.workers)) * time.Second / time.Duration(rate)
	begin := time.Now()
	end := begin.Add(lasting)
	g.all(p, func(w *worker, i int) {
		due := begin.Add(every * time.Duration(i) / time.Duration(len(g.workers)))
		for ; due.Before(end); due = due.Add(every) {
			time.Sleep(time.Until(due))
			w.send(due)
		}
	})
}

// all has every worker do its part, and adds what they measured to the phase.
func (g *generator) all(p *phase, do func(w *worker, i int)) {
	begin := time.Now()
	var working sync.WaitGroup
	for i, w := range g.workers {
		working.Go(func() { do(w, i) })
	}
	working.Wait()
	p.took += time.Since(begin)
	for _, w := range g.workers {
		p.latencies = append(p.latencies, w.latencies...)
		w.latencies = w.latencies[:0]
	}
}

// send sends the next member's request, and notes how long it took since it was due.
func (w *worker) send(due time.Time) {
	i := w.next
	if w.next++; w.next == len(w.requests) {
		w.next = 0
	}
	err := w.client.Do(w.requests[i], &w.response)
	w.latencies = append(w.latencies, time.Since(due))
	if err != nil || w.response.StatusCode() != fasthttp.StatusOK || !bytes.Contains(w.response.Body(), w.ids[i]) {
		w.wrong++
		w.example = fmt.Sprintf("%v, status %d, body %.200q", err, w.response.StatusCode(), w.response.Body())
	}
}

// wrong is an error when an answer was not a 200 about the member who asked.
func (g *generator) wrong() error {
	count, example := 0, ""
	for _, w := range g.workers {
		if w.wrong > 0 {
			count, example = count+w.wrong, w.example
		}
	}
	if count > 0 {
		return fmt.Errorf("%d wrong answers, one of them: %s", count, example)
	}
	return nil
}
