package stytchkit

import (
	"bufio"
	"context"
	"net"
	"net/http"

	"github.com/stytchkit/stytchkit/core/internal/response"
)

// watching is the writer of net/http that Writer is.
type watching = response.Writer

// Writer is a response writer that meets what is owed when the headers go out, for a framework's own
// to embed: all of net/http's, Flush and Hijack included. It belongs to one request. Its Send is called
// when headers go out past it, and its End(now http.Header) when the guard returns, with the headers as
// the framework has them by then.
type Writer struct{ watching }

var (
	_ http.ResponseWriter = (*Writer)(nil)
	_ http.Flusher        = (*Writer)(nil)
	_ http.Hijacker       = (*Writer)(nil)
)

// Begin makes w the writer around another.
func (w *Writer) Begin(owed *Response, beneath http.ResponseWriter) {
	w.watching.Begin(&owed.response, beneath)
}

// Flush implements [http.Flusher].
func (w *Writer) Flush() { _ = w.FlushError() } // a client that is gone needs no answer

// Hijack implements [http.Hijacker].
func (w *Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.TakeOver() }

// Written reports whether the headers have gone out, as far as a guard's [Writer] in w has seen;
// otherwise is the answer where there is none.
func Written(w http.ResponseWriter, otherwise bool) bool {
	if found := response.Watched(w); found != nil {
		return found.Sent()
	}
	return otherwise
}

// Watched is w with what is owed met when its headers go out, for [Exchange]'s Watch.
func Watched(w http.ResponseWriter, owed *Response) http.ResponseWriter {
	own := new(Writer)
	own.Begin(owed, w)
	return own.View()
}

// Watch lets own meet what is owed in front of beneath, unless an outer guard's writer does: then
// false. lost: the framework has thrown that one away.
func (e *Entered[W]) Watch(own *Writer, beneath http.ResponseWriter, lost bool) bool {
	return e.watch(own, beneath, lost, response.Watched(beneath))
}

func (c *decided) watch(own *Writer, beneath http.ResponseWriter, lost bool, outer *response.Writer) bool {
	owed := c.decision.response
	switch {
	case outer != nil && outer.Meets(&owed.response):
		outer.Split()
		return false
	case outer != nil || !c.isOutermost() && !lost:
		owed = new(Response) // an outer guard's, or of other credentials: this is not the place to meet it
	}
	own.Begin(owed, beneath)
	return true
}

// Inside is a request and its response inside a guard, for adapters over net/http.
type Inside struct {
	Writer  http.ResponseWriter // for the handler, in the place of the one given
	Request *http.Request       // likewise

	given  *http.Request
	writer *response.Writer // what the handler's writes pass through
	mine   bool             // and no outer guard's
}

// room is what a request over net/http needs inside a guard.
type room struct {
	Writer
	request http.Request
}

// Inside lets a request in. Call Leave when the handler has returned, panics included.
func (d Decision) Inside(w http.ResponseWriter, r *http.Request) Inside {
	in := Enter[room](r.Context(), d)
	inside := Inside{Writer: w, Request: WithContext(in, r, &in.Beside.request), given: r, writer: response.Watched(w)}
	if in.watch(&in.Beside.Writer, w, false, inside.writer) {
		inside.writer, inside.mine = &in.Beside.watching, true
		inside.Writer = inside.writer.View()
	}
	return inside
}

// WithContext is r.WithContext(ctx), in room: for adapters over net/http that have it beside what is [Entered].
//
//go:noinline
func WithContext(ctx context.Context, r, room *http.Request) *http.Request {
	*room = *r.WithContext(ctx) // which is inlined here, and then allocates nothing
	return room
}

// Written reports whether the headers have gone out.
func (in *Inside) Written() bool { return in.writer.Sent() }

// Leave meets what is owed if the headers have not gone out, and hands back what was written on the
// request, as it is by now: where a framework lets it be replaced, another than Inside.Request.
func (in *Inside) Leave(now *http.Request) {
	HandBack(now, in.given)
	if in.mine {
		in.writer.End(in.writer.Header())
	}
}

// HandBack brings what was written on a request inside a guard to the one that the guard was given,
// as if they were one: its form, so that net/http removes the files of an upload, and the pattern and
// path values that routed it. [Inside.Leave] does.
func HandBack(inside, given *http.Request) { response.HandBack(inside, given) }
