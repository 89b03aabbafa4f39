package stytchhttp

import (
	"net/http"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Router is what http.ServeMux and chi's routers are.
type Router interface {
	Handle(pattern string, handler http.Handler)
}

var _ Router = (*http.ServeMux)(nil)

// Mount serves core/signin's handler under its prefix. Call it on the router of whole paths, not on
// one that a prefix was stripped for.
func Mount(r Router, h stytchkit.Mountable) {
	mux, ok := r.(*http.ServeMux)
	if !ok {
		r.Handle(h.Prefix()+"/*", h) // chi
		return
	}
	// One pattern for each method: one for all would contradict the application's "GET /".
	for _, method := range []string{
		http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions, http.MethodConnect, http.MethodTrace, // GET takes HEAD too
	} {
		mux.Handle(method+" "+h.Prefix()+"/", h)
	}
}
