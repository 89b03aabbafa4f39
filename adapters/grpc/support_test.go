package stytchgrpc_test

import (
	"log/slog"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// authenticator is one of a stand-in for Stytch.
func authenticator(t *testing.T) *stytchkit.Authenticator {
	t.Helper()
	auth, _ := signedIn(t)
	return auth
}

// signedIn is an Authenticator, and somebody who is signed in.
func signedIn(t *testing.T) (*stytchkit.Authenticator, *stytchtest.Session) {
	t.Helper()
	srv := stytchtest.Start(t)
	cfg := srv.Config()
	cfg.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	if err := auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	return auth, srv.AddMember(stytchtest.Member{}).SignIn()
}
