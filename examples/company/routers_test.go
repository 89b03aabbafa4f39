package company_test

import (
	"net/http"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	"github.com/julienschmidt/httprouter"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Routers over net/http take the guards of adapters/nethttp as they are.
func TestRoutersTakeTheGuardsOfNetHTTP(t *testing.T) {
	inOrg := stytchkit.Organization(stytchkit.PathParam("org"))
	for name, row := range map[string]struct {
		router func(*world) http.Handler
		param  int // the status behind a rule that reads a path parameter: 500 where the router keeps them to itself
	}{
		"chi": {func(w *world) http.Handler {
			r := chi.NewRouter()
			r.With(stytchhttp.Require(w.auth)).Get("/me", me)
			r.With(stytchhttp.Require(w.auth, inOrg)).Get("/orgs/{org}", me)
			return r
		}, http.StatusOK},
		"gorilla/mux": {func(w *world) http.Handler {
			r := mux.NewRouter()
			r.Handle("/orgs/{org}", stytchhttp.Require(w.auth, inOrg)(http.HandlerFunc(me)))
			r.Use(stytchhttp.Require(w.auth))
			r.HandleFunc("/me", me)
			return r
		}, http.StatusInternalServerError},
		"httprouter": {func(w *world) http.Handler {
			r := httprouter.New()
			r.Handler(http.MethodGet, "/me", stytchhttp.Require(w.auth)(http.HandlerFunc(me)))
			r.Handler(http.MethodGet, "/orgs/:org", stytchhttp.Require(w.auth, inOrg)(http.HandlerFunc(me)))
			return r
		}, http.StatusInternalServerError},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.serve(row.router(w))
			member := w.stytch.AddMember(stytchtest.Member{})
			alice := person{member.SignIn(), member.ID}
			w.get("/me", nil).has(http.StatusUnauthorized, "session_missing")
			w.get("/me", stale(alice)).has(http.StatusOK, alice.MemberID).sets(alice)
			w.get("/orgs/"+member.OrganizationID, live(alice)).has(row.param, "")
		})
	}
}
