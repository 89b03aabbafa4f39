package stytchtest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
)

// InProcess is a do for [Unprotected] and [Matrix] that calls a handler, such as a *gin.Engine, an
// *echo.Echo or an *http.ServeMux, without a listener. Of one that streams it takes what is flushed first,
// and leaves as a client does: the request's context ends. It is an error when the handler has not returned
// by the time that the context given ends.
func InProcess(h http.Handler) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		ctx, leave := context.WithCancel(r.Context())
		defer leave()
		sent := r.Clone(ctx)
		sent.RequestURI = r.URL.RequestURI()
		sent.RemoteAddr = "192.0.2.1:1234" // as httptest.NewRequest has it
		w := &flushed{httptest.NewRecorder(), leave}
		done := make(chan error, 1)
		go func() { done <- call(h, w, sent) }()
		select {
		case err := <-done:
			return w.Result(), err
		case <-r.Context().Done():
			return nil, fmt.Errorf("the handler does not return, also when its client leaves: %w", context.Cause(r.Context()))
		}
	}
}

func call(h http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the handler panicked: %v", v)
		}
	}()
	h.ServeHTTP(w, r)
	return nil
}

// flushed records an answer, and leaves once some of it is flushed.
type flushed struct {
	*httptest.ResponseRecorder
	leave func()
}

// Flush implements [http.Flusher].
func (f *flushed) Flush() {
	f.ResponseRecorder.Flush()
	f.leave()
}
