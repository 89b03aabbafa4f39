package bench_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// client hands one and the same request to an application, in process.
type client struct {
	send func()             // one request
	set  func(value string) // presents another credential from now on
	// answers is how many answers had this status.
	answers func(status int) int
}

// credential is what a request presents.
type credential struct{ header, value string }

// newClient is a client of anything that serves net/http.
func newClient(h http.Handler, c credential) client {
	return newClientOf(h, httptest.NewRequest(http.MethodGet, "/me", http.NoBody), c)
}

// newClientOf is a client that sends this request.
func newClientOf(h http.Handler, r *http.Request, c credential) client {
	value := []string{c.value}
	r.Header[c.header] = value
	w := &sink{header: http.Header{}}
	return client{
		send:    func() { w.begun = false; h.ServeHTTP(w, r) },
		set:     func(to string) { value[0] = to },
		answers: func(status int) int { return w.answers[status] },
	}
}

// sink is a response that is thrown away. Headers stay, so that setting them again costs what it
// costs a server that has the map already.
type sink struct {
	header  http.Header
	begun   bool
	answers [600]int // by status
}

var _ http.ResponseWriter = (*sink)(nil)

func (w *sink) Header() http.Header { return w.header }

func (w *sink) Write(body []byte) (int, error) {
	w.begin()
	return len(body), nil
}

func (w *sink) WriteString(s string) (int, error) {
	w.begin()
	return len(s), nil
}

func (w *sink) WriteHeader(status int) {
	w.begun = true
	w.answers[status]++
}

func (w *sink) begin() {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
}

// newFiberClient is a client of a Fiber application. After each request it resets what fasthttp's
// server resets.
func newFiberClient(app *fiber.App, c credential) client {
	handler, answers := app.Handler(), [600]int{}
	var ctx fasthttp.RequestCtx
	ctx.Init(&fasthttp.Request{}, nil, nil)
	set := func(to string) { readRequest(&ctx.Request, c.header, to) }
	set(c.value)
	return client{
		send: func() {
			handler(&ctx)
			answers[ctx.Response.StatusCode()]++
			ctx.ResetUserValues()
			ctx.Response.Reset()
		},
		set:     set,
		answers: func(status int) int { return answers[status] },
	}
}

// readRequest reads a request as from the wire. Header.Set would take the Cookie header apart, which
// the server leaves to whoever asks for a cookie.
func readRequest(r *fasthttp.Request, header, value string) {
	raw := "GET /me HTTP/1.1\r\nHost: example.com\r\n" + header + ": " + value + "\r\n\r\n"
	if err := r.Read(bufio.NewReader(strings.NewReader(raw))); err != nil {
		panic("a request that does not parse: " + err.Error())
	}
}

// measure times requests, and fails unless each was answered 200 and its handler saw the member.
func measure(b *testing.B, c client, seen *int) {
	b.Helper()
	b.ReportAllocs()
	c.send() // what is made once is made now
	oks, before := c.answers(http.StatusOK), *seen
	for b.Loop() {
		c.send()
	}
	if oks, seen := c.answers(http.StatusOK)-oks, *seen-before; oks != b.N || seen != b.N {
		b.Fatalf("of %d requests %d were answered 200, and %d handlers saw the member", b.N, oks, seen)
	}
}
