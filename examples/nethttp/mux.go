package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// mux is an http.ServeMux that remembers its patterns, so that a test can ask which routes nothing
// guards: http.ServeMux does not tell them.
type mux struct {
	*http.ServeMux
	patterns []string
}

// handle registers a handler behind its middlewares, the first one outermost.
func (m *mux) handle(pattern string, handler http.HandlerFunc, middlewares ...func(http.Handler) http.Handler) {
	m.patterns = append(m.patterns, pattern)
	m.Handle(pattern, chi.Chain(middlewares...).Handler(handler))
}

// mount serves everything under prefix by routes.
func (m *mux) mount(prefix string, routes chi.Router) {
	root := chi.NewRouter()
	root.Mount(prefix, routes)
	m.Handle(prefix+"/", root)
	_ = chi.Walk(root, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		m.patterns = append(m.patterns, method+" "+route)
		return nil
	})
}
