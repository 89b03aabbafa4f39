package stytchtest

import (
	"net"
	"net/http"
)

// route is what happens to every request of an endpoint: it is counted, answered or failed,
// delayed, held, and sent.
func (s *Server) route(endpoint Endpoint, h handler) http.Handler {
	s.speaks[endpoint] = struct{}{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.calls.add(endpoint)
		fault, recovered := s.faults.take(endpoint)
		var a answer
		switch err := buffer(w, r); {
		case err != nil:
			a = errTooLarge.answer()
		case fault.replaces():
			a = fault.answer()
		default:
			a = h.answer(r)
		}
		s.delay(r, fault)
		s.holds.wait(r.Context(), endpoint)
		if r.Context().Err() != nil {
			panic(http.ErrAbortHandler) // the caller is gone, or the server stops
		}
		fault.send(w, r, a, recovered)
	})
}

// delay is on the server's clock: with a Clock, the answer comes when that is advanced.
func (s *Server) delay(r *http.Request, fault Fault) {
	if fault.Latency <= 0 {
		return
	}
	select {
	case <-s.clock.After(fault.Latency):
	case <-r.Context().Done():
	}
}

// send delivers the answer the way the fault says; without a fault, as it is.
func (f Fault) send(w http.ResponseWriter, r *http.Request, a answer, recovered <-chan struct{}) {
	switch {
	case f.Hang:
		select {
		case <-recovered:
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	case f.Reset:
		reset(w)
	case f.Truncate:
		truncate(w, a)
	default:
		a.write(w, len(a.body))
	}
}

// truncate sends half of the body and cuts the connection.
func truncate(w http.ResponseWriter, a answer) {
	a.write(w, len(a.body)/2)
	_ = http.NewResponseController(w).Flush() // the caller may be gone
	panic(http.ErrAbortHandler)
}

// reset closes the connection so that the peer sees ECONNRESET rather than an end.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
