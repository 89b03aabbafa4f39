package main

import (
	"context"
	"net/http"

	"connectrpc.com/connect"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
)

// newConnect serves the service to Connect, gRPC and gRPC-Web clients, and to pages of one other origin.
func newConnect(auth *stytchkit.Authenticator, trusted string, signIn http.Handler) http.Handler {
	calls := http.NewServeMux()
	for _, procedure := range []string{owner, deleteAll, version} {
		calls.Handle(procedure, connect.NewUnaryHandler(procedure, func(ctx context.Context, _ *connect.Request[empty]) (*connect.Response[text], error) {
			return connect.NewResponse(whose(ctx)), nil
		}))
	}
	calls.Handle(watch, connect.NewServerStreamHandler(watch, func(ctx context.Context, _ *connect.Request[empty], stream *connect.ServerStream[text]) error {
		return follow(ctx, stream.Send)
	}, stytchconnect.Streams()))

	require := stytchconnect.RequireWithConfig(auth, stytchconnect.Config{
		Procedures: map[string][]stytchkit.Rule{deleteAll: {stytchkit.Role("editor")}},
		Public:     []string{version},
	})
	mux := http.NewServeMux()
	mux.Handle("POST /login", signIn)
	mux.Handle("POST /logout", stytchhttp.ServeSignOut(auth))
	mux.Handle("/", require(calls))
	return allow(trusted, mux)
}

// allow lets pages of one other origin call with cookies (CORS). It stands outside of the guard, as browsers
// ask before they call, and ask without credentials.
func allow(origin string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		if r.Header.Get("Origin") != origin {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		if r.Method == http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
			w.Header().Set("Access-Control-Allow-Headers", "Content-Type, Connect-Protocol-Version, Connect-Timeout-Ms")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}
