package stytchconnect_test

import (
	"net/http"
	"testing"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
	"github.com/stytchkit/stytchkit/core/adaptertest"
)

func TestARememberedSessionAddsOneAllocation(t *testing.T) {
	const limit = 1 // the context that carries the decision, with the request that carries the context in it
	m := adaptertest.Remember(t)
	bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	guarded := stytchconnect.Require(m.Auth)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(m.Status(stytchconnect.Session(r.Context())))
	}))
	m.AddsAtMost(t, limit, calls(bare), calls(guarded))
}

// calls calls a procedure.
func calls(h http.Handler) adaptertest.Asks {
	return func(tb testing.TB, r *http.Request) func() {
		r.Method, r.URL.Path = http.MethodPost, "/acme.v1.Documents/Get"
		r.Header.Set("Content-Type", "application/proto")
		return adaptertest.HTTP(h)(tb, r)
	}
}
