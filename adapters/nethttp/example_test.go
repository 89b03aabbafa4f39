package stytchhttp_test

import (
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"net/http"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func Example() {
	auth, err := stytchkit.New(stytchkit.Config{
		ProjectID: "project-test-11111111-1111-1111-1111-111111111111",
		Secret:    "secret-test-…",
		Cookies:   stytchkit.Cookies{Owner: stytchkit.Backend},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer auth.Close()

	me := func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(stytchhttp.Session(r))
	}
	require := stytchhttp.Require(auth) // 401 without a session
	mux := http.NewServeMux()
	mux.Handle("GET /api/me", require(http.HandlerFunc(me)))
	// http.ListenAndServe(":8080", stytchhttp.Optional(auth)(mux))
}

func ExampleRoutes() {
	auth, stop := standIn()
	defer stop()

	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	handlers := map[string]http.Handler{
		"GET /healthz":        ok,
		"GET /api/orgs/{org}": stytchhttp.Require(auth)(ok),
	}
	mux := http.NewServeMux()
	var routes []stytchkit.Route
	for pattern, handler := range handlers {
		mux.Handle(pattern, handler)
		routes = append(routes, stytchhttp.Routes(pattern)...)
	}

	public, err := stytchtest.Unprotected(stytchtest.InProcess(mux), routes)
	fmt.Println(public, err)
	// Output: [GET /healthz] <nil>
}

// standIn is an Authenticator of a stand-in for Stytch.
func standIn() (auth *stytchkit.Authenticator, stop func()) {
	srv, err := stytchtest.New(stytchtest.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		log.Fatal(err)
	}
	auth, err = stytchkit.New(srv.Config())
	if err != nil {
		log.Fatal(err)
	}
	return auth, func() { auth.Close(); srv.Close() }
}
