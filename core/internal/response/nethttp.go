package response

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
)

// Writer meets what is owed when the headers of a net/http response go out. It belongs to one request.
type Writer struct {
	beneath http.ResponseWriter
	headers Headers
}

// Begin makes w the writer around another. View is how it is to be handed on.
func (w *Writer) Begin(r *Response, beneath http.ResponseWriter) {
	w.beneath = beneath
	w.headers.Begin(r, beneath.Header())
}

// Meets reports whether this is where a response is met.
func (w *Writer) Meets(r *Response) bool { return w.headers.response == r }

// Sent reports whether the headers have gone out.
func (w *Writer) Sent() bool { return w.headers.Sent() }

// Send is called when the headers go out now, past w.
func (w *Writer) Send() { w.headers.Send(w.beneath.Header()) }

// End is called when the guard returns. now is the map that the framework's writer shows by then.
func (w *Writer) End(now http.Header) { w.headers.End(w.beneath.Header(), now) }

// Watched is the Writer in w, however often other middleware has wrapped it; nil when there is none.
func Watched(w http.ResponseWriter) *Writer {
	for {
		switch inner := w.(type) {
		case interface{ watched() *Writer }:
			return inner.watched()
		case interface{ Unwrap() http.ResponseWriter }:
			w = inner.Unwrap()
		default:
			return nil
		}
	}
}

func (w *Writer) watched() *Writer { return w }

// Split gives the inside a header map of its own: a guard further in owes cookies.
func (w *Writer) Split() { w.headers.Split(w.beneath.Header()) }

// Header implements [http.ResponseWriter].
func (w *Writer) Header() http.Header { return w.headers.Inside(w.beneath.Header()) }

// WriteHeader implements [http.ResponseWriter]. An informational response owes nothing.
func (w *Writer) WriteHeader(status int) {
	if status >= http.StatusOK || status == http.StatusSwitchingProtocols {
		w.Send()
	} else {
		w.headers.Inform(w.beneath.Header())
	}
	w.beneath.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (w *Writer) Write(body []byte) (int, error) {
	w.Send()
	return w.beneath.Write(body)
}

// WriteString implements [io.StringWriter].
func (w *Writer) WriteString(body string) (int, error) {
	w.Send()
	return io.WriteString(w.beneath, body)
}

// ReadFrom implements [io.ReaderFrom], so that files are still sent by the kernel.
func (w *Writer) ReadFrom(body io.Reader) (int64, error) {
	w.Send()
	return io.Copy(w.beneath, body)
}

// FlushError is for [http.ResponseController], which would else flush past the headers.
func (w *Writer) FlushError() error {
	beneath := w.beneath.Header()
	w.headers.Prepare(beneath)
	err := http.NewResponseController(w.beneath).Flush()
	if !errors.Is(err, http.ErrNotSupported) {
		w.headers.Send(beneath)
	}
	return err
}

// Push implements [http.Pusher].
func (w *Writer) Push(target string, opts *http.PushOptions) error {
	if pusher, ok := w.beneath.(http.Pusher); ok {
		return pusher.Push(target, opts)
	}
	return http.ErrNotSupported
}

// Unwrap is for [http.ResponseController].
func (w *Writer) Unwrap() http.ResponseWriter { return w.beneath }

// TakeOver is Hijack, for who claims it.
func (w *Writer) TakeOver() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.beneath).Hijack()
	if err == nil {
		w.headers.Hijacked(w.beneath.Header())
	}
	return conn, buffered, err
}
