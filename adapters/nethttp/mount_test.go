package stytchhttp_test

import (
	"net/http"
	"testing"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestMount(t *testing.T) {
	adaptertest.RunSignIn(t, func(auth *stytchkit.Authenticator, h stytchkit.Mountable) adaptertest.Server {
		mux := http.NewServeMux()
		mux.HandleFunc("GET /", http.NotFound) // the usual catch-all is not in the way
		stytchhttp.Mount(mux, h)
		return &http.Server{Handler: stytchhttp.Optional(auth)(mux)}
	})
}
