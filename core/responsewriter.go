package stytchkit

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
)

// ResponseWriter is an http.ResponseWriter that knows whether its headers have been committed, and
// then keeps a response that sets session cookies out of caches, whatever a handler said. For
// adapters over net/http; it belongs to one request.
type ResponseWriter struct {
	http.ResponseWriter
	// Private makes the response [PrivateNoStore] when it is committed.
	Private bool
	// Committed reports whether the headers are out.
	Committed bool
}

var (
	_ http.Flusher  = (*ResponseWriter)(nil)
	_ http.Hijacker = (*ResponseWriter)(nil)
	_ http.Pusher   = (*ResponseWriter)(nil)
	_ io.ReaderFrom = (*ResponseWriter)(nil)
)

// Around is [Decision.Context], and w watched until its headers go out, in one allocation. It is
// for adapters that can hand another writer to the handler; an outer guard's goes on watching.
func (d Decision) Around(ctx context.Context, w http.ResponseWriter) (context.Context, *ResponseWriter) {
	if watched := Watched(w); watched != nil {
		return d.Context(ctx), watched
	}
	both := &struct {
		decided
		writer ResponseWriter
	}{d.in(ctx), ResponseWriter{ResponseWriter: w}}
	return &both.decided, &both.writer
}

// Watched is the ResponseWriter in w, however often other middleware has wrapped it; nil when no
// guard stands before.
func Watched(w http.ResponseWriter) *ResponseWriter {
	for {
		switch inner := w.(type) {
		case *ResponseWriter:
			return inner
		case interface{ Unwrap() http.ResponseWriter }:
			w = inner.Unwrap()
		default:
			return nil
		}
	}
}

// Commit does what is to be done before the headers go out. An adapter calls it when the handler
// has returned without writing.
func (w *ResponseWriter) Commit() {
	if w.Private && !w.Committed {
		w.Header().Set("Cache-Control", PrivateNoStore)
	}
}

// WriteHeader implements [http.ResponseWriter]. An informational status commits nothing.
func (w *ResponseWriter) WriteHeader(status int) {
	w.Commit()
	w.Committed = w.Committed || status >= http.StatusOK || status == http.StatusSwitchingProtocols
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (w *ResponseWriter) Write(body []byte) (int, error) {
	w.Commit()
	w.Committed = true
	return w.ResponseWriter.Write(body)
}

// ReadFrom implements [io.ReaderFrom], so that files are still sent by the kernel.
func (w *ResponseWriter) ReadFrom(body io.Reader) (int64, error) {
	w.Commit()
	w.Committed = true
	return io.Copy(w.ResponseWriter, body)
}

// Flush implements [http.Flusher].
func (w *ResponseWriter) Flush() { _ = w.FlushError() }

// FlushError is Flush for http.ResponseController.
func (w *ResponseWriter) FlushError() error {
	w.Commit()
	w.Committed = true
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack implements [http.Hijacker], for libraries that do not use http.ResponseController.
func (w *ResponseWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.Committed = true
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Push implements [http.Pusher].
func (w *ResponseWriter) Push(target string, opts *http.PushOptions) error {
	if pusher, ok := w.ResponseWriter.(http.Pusher); ok {
		return pusher.Push(target, opts)
	}
	return http.ErrNotSupported
}

// Unwrap is for http.ResponseController.
func (w *ResponseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
