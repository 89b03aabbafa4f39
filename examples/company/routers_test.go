package company_test

import (
	"net/http"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	"github.com/julienschmidt/httprouter"
	"github.com/kataras/iris/v12"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// docs/adapters.md shows these functions.

func inOrg(auth *stytchkit.Authenticator) func(http.Handler) http.Handler {
	return stytchhttp.Require(auth, stytchkit.Organization(stytchkit.PathParam("org")))
}

func onMux(auth *stytchkit.Authenticator) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /me", stytchhttp.Require(auth)(http.HandlerFunc(me)))
	mux.Handle("GET /orgs/{org}", inOrg(auth)(http.HandlerFunc(me)))
	return mux
}

func onChi(auth *stytchkit.Authenticator) http.Handler {
	r := chi.NewRouter()
	r.With(stytchhttp.Require(auth)).Get("/me", me)
	r.With(inOrg(auth)).Get("/orgs/{org}", me)
	return r
}

func onGorilla(auth *stytchkit.Authenticator) http.Handler {
	r := mux.NewRouter()
	r.Use(stytchhttp.Require(auth))
	r.HandleFunc("/me", me)
	r.Handle("/orgs/{org}", inOrg(auth)(http.HandlerFunc(me))) // 500 route_misconfigured
	return r
}

func onHTTPRouter(auth *stytchkit.Authenticator) http.Handler {
	r := httprouter.New()
	r.Handler(http.MethodGet, "/me", stytchhttp.Require(auth)(http.HandlerFunc(me)))
	r.Handler(http.MethodGet, "/orgs/:org", inOrg(auth)(http.HandlerFunc(me))) // 500 route_misconfigured
	return r
}

func onIris(auth *stytchkit.Authenticator) *iris.Application {
	app := iris.New()
	optional := stytchhttp.Optional(auth)
	app.WrapRouter(func(w http.ResponseWriter, r *http.Request, router http.HandlerFunc) {
		optional(router).ServeHTTP(w, r)
	})
	app.Get("/me", irisGuard(stytchhttp.Require(auth)), func(c iris.Context) {
		me(c.ResponseWriter(), c.Request())
	})
	app.Get("/orgs/{org}", irisGuard(inOrg(auth)), iris.FromStd(me)) // 500 route_misconfigured
	return app
}

// irisGuard is a guard as middleware of Iris, inside the optional one.
func irisGuard(guard func(http.Handler) http.Handler) iris.Handler {
	return iris.FromStd(func(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
		guard(next).ServeHTTP(w, r)
	})
}

// Routers over net/http take the guards of adapters/nethttp.
func TestRoutersTakeTheGuardsOfNetHTTP(t *testing.T) {
	for name, row := range map[string]struct {
		router func(*stytchkit.Authenticator) http.Handler
		param  int // the status behind a rule that reads a path parameter: 500 where the router keeps them to itself
	}{
		"net/http":    {onMux, http.StatusOK},
		"chi":         {onChi, http.StatusOK},
		"gorilla/mux": {onGorilla, http.StatusInternalServerError},
		"httprouter":  {onHTTPRouter, http.StatusInternalServerError},
		"Iris": {func(auth *stytchkit.Authenticator) http.Handler {
			app := onIris(auth)
			app.Logger().SetLevel("disable")
			if err := app.Build(); err != nil {
				t.Fatal(err)
			}
			return app
		}, http.StatusInternalServerError},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.serve(row.router(w.auth))
			member := w.stytch.AddMember(stytchtest.Member{})
			alice := person{member.SignIn(), member.ID}
			w.get("/me", nil).has(http.StatusUnauthorized, `"code":"session_missing"`)
			w.get("/me", stale(alice)).has(http.StatusOK, alice.MemberID).sets(alice)
			w.get("/orgs/"+member.OrganizationID, live(alice)).has(row.param, "")
		})
	}
}
