package repotest

import (
	"net/http"
	"testing"

	"github.com/go-chi/chi/v5"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

// chi hands over a path's segments as they were sent, http.ServeMux decodes them.
func TestAPathParameterIsDecodedOnce(t *testing.T) {
	adaptertest.RunPathParam(t, func(auth *stytchkit.Authenticator, rule stytchkit.Rule) map[string]adaptertest.Server {
		guarded := stytchhttp.Require(auth, rule)(http.HandlerFunc(httpOK))
		router, mounting, mux := chi.NewRouter(), chi.NewRouter(), http.NewServeMux()
		router.Method(http.MethodGet, "/orgs/{org}/{page}", guarded)
		mounting.Mount("/orgs", chi.NewRouter().Group(func(r chi.Router) { r.Method(http.MethodGet, "/{org}/{page}", guarded) }))
		mux.Handle("GET /orgs/{org}/{page}", guarded)
		return map[string]adaptertest.Server{
			"chi": &http.Server{Handler: router}, "chi, mounted": &http.Server{Handler: mounting}, "http.ServeMux": &http.Server{Handler: mux},
		}
	})
}
