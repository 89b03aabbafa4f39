package repotest

import (
	"net/http"
	"testing"

	"github.com/go-chi/chi/v5"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

// The adapter's own test mounts on http.ServeMux: it has no dependency on chi.
func TestSignInMountedOnChi(t *testing.T) {
	adaptertest.RunSignIn(t, func(auth *stytchkit.Authenticator, h stytchkit.Mountable) adaptertest.Server {
		r := chi.NewRouter()
		r.Use(stytchhttp.Optional(auth))
		r.Get("/", http.NotFound)
		stytchhttp.Mount(r, h)
		return &http.Server{Handler: r}
	})
}
