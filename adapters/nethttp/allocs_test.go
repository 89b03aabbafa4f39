package stytchhttp_test

import (
	"net/http"
	"testing"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestARememberedSessionAddsOneAllocation(t *testing.T) {
	const limit = 1 // the context that carries the decision, with the request that carries the context in it
	m := adaptertest.Remember(t)
	bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	guarded := stytchhttp.Require(m.Auth)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(m.Status(stytchhttp.Session(r)))
	}))
	m.AddsAtMost(t, limit, adaptertest.HTTP(bare), adaptertest.HTTP(guarded))
}
