package stytchkit

import (
	"net/http"

	"github.com/stytchkit/stytchkit/core/internal/response"
)

// Inside is a request and its response inside a guard, for adapters over net/http.
type Inside struct {
	Writer  http.ResponseWriter // for the handler, in the place of the one given
	Request *http.Request       // likewise

	given  *http.Request
	writer *response.Writer // what the handler's writes pass through
	mine   bool             // and no outer guard's
}

// Inside lets a request in. Call Leave when the handler has returned, panics included.
func (d Decision) Inside(w http.ResponseWriter, r *http.Request) Inside {
	in := Enter[response.Writer](r.Context(), d)
	inside := Inside{Writer: w, Request: r.WithContext(in), given: r, writer: response.Watched(w)}
	if inside.writer != nil && inside.writer.Meets(in.Response()) {
		inside.writer.Split()
		return inside
	}
	owed := in.Response()
	if inside.writer != nil || !in.IsOutermost() {
		owed = new(Response) // an outer guard's, or of other credentials: this is not the place to meet it
	}
	inside.writer, inside.mine = &in.Beside, true
	inside.Writer = inside.writer.Begin(owed, w)
	return inside
}

// Written reports whether the headers have gone out.
func (in *Inside) Written() bool { return in.writer.Sent() }

// Leave meets what is owed if the headers have not gone out, and hands back what was written on the
// request, as it is by now: where a framework lets it be replaced, another than Inside.Request.
func (in *Inside) Leave(now *http.Request) {
	response.HandBack(now, in.given)
	if in.mine {
		in.writer.End()
	}
}

// Watched is w with what is owed met when its headers go out, for [Exchange]'s Watch.
func Watched(w http.ResponseWriter, owed *Response) http.ResponseWriter {
	return new(response.Writer).Begin(owed, w)
}

// HandBack brings what was written on a request inside a guard to the one that the guard was given,
// as if they were one: its form, so that net/http removes the files of an upload, and the pattern and
// path values that routed it. [Inside.Leave] does.
func HandBack(inside, given *http.Request) { response.HandBack(inside, given) }
