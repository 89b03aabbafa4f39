package stytchtest

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Fault is a way to answer badly. The zero value answers well.
//
// A request that is answered with Status, ErrorType, NotJSON or Body, hangs or is reset has no
// effect on the server's state. With Latency and Truncate alone it has its effect, and only the
// answer is late or cut off.
type Fault struct {
	// Status, ErrorType and Message answer in Stytch's error shape. Defaults, when one of them is
	// given: 500, and the type and message that go with the status.
	Status    int
	ErrorType string
	Message   string
	// RetryAfter adds that header to such an answer, in whole seconds, rounded up.
	RetryAfter time.Duration

	// NotJSON answers with a proxy's HTML page; Status defaults to 502.
	NotJSON bool
	// Body answers with exactly this body, as JSON; Status defaults to 200.
	Body string

	// Latency delays the answer, on the server's clock.
	Latency time.Duration
	// Hang sends nothing until the caller gives up, or Recover, Stop or Close cuts the connection.
	Hang bool
	// Reset answers with a TCP reset.
	Reset bool
	// Truncate cuts the connection after half of the body.
	Truncate bool

	// Times is how many requests the fault meets before it is over. 0: until Recover.
	Times int
}

// Fail makes an endpoint (or All) answer with a fault, in place of an earlier one. An endpoint's
// own fault goes before that of All. What is no endpoint of the project's kind fails the test that
// started the server: its fault would never be met.
func (s *Server) Fail(endpoint Endpoint, fault Fault) {
	s.wantEndpoint("Fail", endpoint)
	s.faults.set(endpoint, fault)
}

func (s *Server) wantEndpoint(caller string, endpoint Endpoint) {
	if _, known := s.speaks[endpoint]; known || s.tb == nil {
		return
	}
	s.tb.Helper()
	s.tb.Errorf("stytchtest: %s(%q): there is no such endpoint in this kind of project (want a constant of the package, such as stytchtest.Authenticate)", caller, endpoint)
}

// Recover ends all faults, and cuts the connections that hang by one. Holds stay.
func (s *Server) Recover() { s.faults.recover() }

func (f Fault) replaces() bool {
	return f.Status != 0 || f.ErrorType != "" || f.Message != "" || f.NotJSON || f.Body != "" || f.Hang || f.Reset
}

func (f Fault) answer() answer {
	var a answer
	switch {
	case f.NotJSON:
		a = f.page()
	case f.Body != "":
		a = answer{f.status(http.StatusOK), http.Header{"Content-Type": {"application/json; charset=utf-8"}}, []byte(f.Body)}
	default:
		a = f.refusal().answer()
	}
	if f.RetryAfter > 0 {
		a.header.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	return a
}

func (f Fault) page() answer {
	status := f.status(http.StatusBadGateway)
	body := "<html><body><h1>" + strconv.Itoa(status) + " " + http.StatusText(status) + "</h1></body></html>"
	return answer{status, http.Header{"Content-Type": {"text/html; charset=utf-8"}}, []byte(body)}
}

func (f Fault) refusal() apiError {
	refusal := errInternal
	switch f.Status {
	case http.StatusTooManyRequests:
		refusal = errTooManyRequests
	case http.StatusServiceUnavailable:
		refusal = errServerUnavailable
	}
	refusal.Status = f.status(refusal.Status)
	if f.ErrorType != "" {
		refusal.Type = f.ErrorType
	}
	if f.Message != "" {
		refusal.Message = f.Message
	}
	return refusal
}

func (f Fault) status(fallback int) int {
	if f.Status == 0 {
		return fallback
	}
	return f.Status
}

// faults are those in force. The zero value has none.
type faults struct {
	mu        sync.Mutex
	active    map[Endpoint]Fault
	recovered chan struct{} // closed by recover; nil while nothing ever failed
}

func (f *faults) set(endpoint Endpoint, fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.active == nil {
		f.active = map[Endpoint]Fault{}
	}
	if f.recovered == nil {
		f.recovered = make(chan struct{})
	}
	f.active[endpoint] = fault
}

func (f *faults) recover() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.active)
	if f.recovered != nil {
		close(f.recovered)
		f.recovered = nil
	}
}

// take returns the fault that one request of an endpoint meets, and when all faults are over.
func (f *faults) take(endpoint Endpoint) (Fault, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range []Endpoint{endpoint, All} {
		fault, ok := f.active[e]
		if !ok {
			continue
		}
		f.spend(e, fault)
		return fault, f.recovered
	}
	return Fault{}, nil
}

func (f *faults) spend(endpoint Endpoint, fault Fault) {
	switch fault.Times {
	case 0:
	case 1:
		delete(f.active, endpoint)
	default:
		fault.Times--
		f.active[endpoint] = fault
	}
}
