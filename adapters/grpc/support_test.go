package stytchgrpc_test

import (
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// authenticator is one of a stand-in for Stytch.
func authenticator(t *testing.T) *stytchkit.Authenticator {
	t.Helper()
	auth, err := stytchkit.New(stytchtest.Start(t).Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	return auth
}
