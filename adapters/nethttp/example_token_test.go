package stytchhttp_test

import (
	"fmt"
	"net/http"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

func ExampleRequireToken() {
	documents := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintln(w, "documents for", stytchhttp.Token(r).ClientID())
	})
	routes := func(mux *http.ServeMux, auth *stytchkit.Authenticator) {
		mux.Handle("GET /api/machine", stytchhttp.RequireToken(auth,
			stytchkit.Scopes("read:documents"))(documents))
	}
	_ = routes
}

func ExampleGuard() {
	documents := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token := stytchhttp.Token(r); token != nil {
			_, _ = fmt.Fprintln(w, "documents for", token.ClientID())
			return
		}
		_, _ = fmt.Fprintln(w, "documents for", stytchhttp.Session(r).Subject())
	})
	routes := func(mux *http.ServeMux, auth *stytchkit.Authenticator) {
		mux.Handle("GET /api/either", stytchhttp.Guard(auth.Either(
			auth.Require(stytchkit.Role("editor")),
			auth.RequireToken(stytchkit.Scopes("read:documents")),
		), stytchhttp.Config{})(documents))
	}
	_ = routes
}
