package response

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// The views of a Writer, by what is beneath. Each is one pointer, so that none costs an allocation.
type (
	plain    struct{ *Writer }
	flusher  struct{ *Writer }
	hijacker struct{ *Writer }
	notifier struct{ *Writer }

	flusherHijacker  struct{ flusher }
	flusherNotifier  struct{ flusher }
	hijackerNotifier struct{ hijacker }
	all              struct{ flusherHijacker }
)

var (
	_ http.Pusher     = plain{}
	_ io.ReaderFrom   = plain{}
	_ io.StringWriter = plain{}
	_ http.Flusher    = all{}
	_ http.Hijacker   = all{}
)

func (w flusher) Flush() { _ = w.FlushError() } // a client that is gone needs no answer

func (w hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error)        { return w.TakeOver() }
func (w flusherHijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.TakeOver() }

func (w notifier) CloseNotify() <-chan bool         { return w.closeNotify() }
func (w flusherNotifier) CloseNotify() <-chan bool  { return w.closeNotify() }
func (w hijackerNotifier) CloseNotify() <-chan bool { return w.closeNotify() }
func (w all) CloseNotify() <-chan bool              { return w.closeNotify() }

// closeNotifier is http.CloseNotifier, which is deprecated, and which Gin asks for.
type closeNotifier interface{ CloseNotify() <-chan bool }

// View is w as it is to be handed on: with Flush, Hijack and CloseNotify exactly where
// http.ResponseController finds them beneath.
func (w *Writer) View() http.ResponseWriter {
	flush, hijack, notify := abilities(w.beneath)
	switch {
	case flush && hijack && notify:
		return all{flusherHijacker{flusher{w}}}
	case flush && hijack:
		return flusherHijacker{flusher{w}}
	case flush && notify:
		return flusherNotifier{flusher{w}}
	case hijack && notify:
		return hijackerNotifier{hijacker{w}}
	case flush:
		return flusher{w}
	case hijack:
		return hijacker{w}
	case notify:
		return notifier{w}
	}
	return plain{w}
}

// abilities looks where http.ResponseController does.
func abilities(w http.ResponseWriter) (flush, hijack, notify bool) {
	for {
		flush = flush || flushes(w)
		if _, ok := w.(http.Hijacker); ok {
			hijack = true
		}
		if _, ok := w.(closeNotifier); ok {
			notify = true
		}
		inner, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok || flush && hijack && notify {
			return flush, hijack, notify
		}
		w = inner.Unwrap()
	}
}

// flushes reports whether w has a Flush of some kind. A Writer always has FlushError.
func flushes(w http.ResponseWriter) bool {
	if _, ok := w.(http.Flusher); ok {
		return true
	}
	if _, ours := w.(interface{ watched() *Writer }); ours {
		return false
	}
	_, ok := w.(interface{ FlushError() error })
	return ok
}

func (w *Writer) closeNotify() <-chan bool {
	for inner := w.beneath; ; {
		if n, ok := inner.(closeNotifier); ok {
			return n.CloseNotify()
		}
		next, ok := inner.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return nil // abilities has found one
		}
		inner = next.Unwrap()
	}
}
