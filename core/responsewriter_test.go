package stytchkit_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// wrapped is what other middleware puts around a writer.
type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// opaque is a writer that hides what it wraps.
type opaque struct{ http.ResponseWriter }

func TestTheWatchedWriterIsFoundUnderOthers(t *testing.T) {
	recorder := httptest.NewRecorder()
	_, watched := stytchkit.Decision{}.Around(t.Context(), recorder)
	for name, w := range map[string]http.ResponseWriter{
		"itself": watched, "wrapped": wrapped{watched}, "wrapped twice": wrapped{wrapped{watched}},
	} {
		if stytchkit.Watched(w) != watched {
			t.Errorf("%s: not found", name)
		}
		if _, again := (stytchkit.Decision{}).Around(t.Context(), w); again != watched {
			t.Errorf("%s: an inner guard watches on its own", name)
		}
	}
	for name, w := range map[string]http.ResponseWriter{"none": recorder, "hidden": opaque{watched}} {
		if got := stytchkit.Watched(w); got != nil {
			t.Errorf("%s: found %v", name, got)
		}
	}
}

func TestEveryWayToCommitKeepsAResponsePrivate(t *testing.T) {
	for name, commit := range map[string]func(*stytchkit.ResponseWriter){
		"WriteHeader": func(w *stytchkit.ResponseWriter) { w.WriteHeader(http.StatusTeapot) },
		"Write":       func(w *stytchkit.ResponseWriter) { _, _ = w.Write([]byte("text")) },
		"ReadFrom":    func(w *stytchkit.ResponseWriter) { _, _ = w.ReadFrom(strings.NewReader("text")) },
		"io.Copy":     func(w *stytchkit.ResponseWriter) { _, _ = io.Copy(w, strings.NewReader("text")) },
		"Flush":       func(w *stytchkit.ResponseWriter) { w.Flush() },
	} {
		recorder := httptest.NewRecorder()
		_, w := stytchkit.Decision{}.Around(t.Context(), recorder)
		w.Private = true
		w.Header().Set("Cache-Control", "public")
		commit(w)
		if got := recorder.Result().Header.Get("Cache-Control"); got != stytchkit.PrivateNoStore || !w.Committed {
			t.Errorf("%s: Cache-Control %q, committed %t; want private, no-store and true", name, got, w.Committed)
		}
	}
}

func TestAPushNeedsAConnectionThatPushes(t *testing.T) {
	_, w := stytchkit.Decision{}.Around(t.Context(), httptest.NewRecorder())
	if err := w.Push("/style.css", nil); err != http.ErrNotSupported { //nolint:errorlint // as net/http's own writers return it
		t.Errorf("got %v, want http.ErrNotSupported", err)
	}
}
