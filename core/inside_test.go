package stytchkit_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/inside"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// The calls of sign-ins have a ration, a breaker and room of their own: neither takes Stytch away
// from the other.
func TestCallsOfSignInsAreBounded(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Limits.UnprovenPerSecond, c.Limits.UnprovenBurst = 1, 3 })
	alice := w.member("alice@acme.example")
	in := w.auth.Inside(inside.Key{})
	open := func(ctx context.Context) error {
		_, err := in.Stytch.Open(ctx, stytch.MagicLink, stytch.Proof{Token: "made-up-by-anybody"})
		return err
	}
	for range 10 {
		if err := in.Call(t.Context(), stytchkit.HTTPRequest{R: request()}, false, open); err == nil {
			t.Fatal("a made-up token was taken")
		}
	}
	if n := w.srv.Calls(stytchtest.AuthenticateMagicLink); n != 3 {
		t.Errorf("%d calls, want the 3 of the burst", n)
	}
	if d := w.auth.Require().Check(t.Context(), stytchkit.HTTPRequest{R: request(tokenCookie(alice.Token))}); d.Denial != nil {
		t.Errorf("a member's opaque token is denied: %v", d.Denial)
	}
	w.auth.Close()
	if err := in.Call(t.Context(), stytchkit.HTTPRequest{R: request()}, false, open); err == nil || stytch.FailureOf(err).Verdict != stytch.Unavailable {
		t.Errorf("after Close: %v", err)
	}
}

func TestACallOfASignInEndsWithItsRequest(t *testing.T) {
	w := newWorld(t)
	in := w.auth.Inside(inside.Key{})
	w.srv.Fail(stytchtest.AuthenticateMagicLink, stytchtest.Fault{Hang: true})
	ctx, cancel := context.WithCancel(t.Context())
	err := in.Call(ctx, stytchkit.HTTPRequest{R: request()}, false, func(ctx context.Context) error {
		cancel()
		_, err := in.Stytch.Open(ctx, stytch.MagicLink, stytch.Proof{Token: "secret-in-the-request"})
		return err
	})
	if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "secret-in-the-request") {
		t.Errorf("got %v", err)
	}
}

// The SDK's types are read whatever Stytch sends.
func TestALoginThatHoldsNoSessionIsNone(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":                       `{}`,
		"a session that is not there":   `{"member_authenticated":true,"session_token":"a","session_jwt":"b","member_session":null}`,
		"empty tokens":                  `{"member_authenticated":true,"session_token":"","session_jwt":"","member_session":{"member_session_id":"x","expires_at":"2026-11-23T13:00:00Z"}}`,
		"a session that never ends":     `{"member_authenticated":true,"session_token":"a","session_jwt":"b","member_session":{"member_session_id":"x"}}`,
		"not authenticated, and no IST": `{"member_authenticated":false,"session_token":"a","session_jwt":"b"}`,
	} {
		w := newWorld(t)
		in := w.auth.Inside(inside.Key{})
		w.srv.Fail(stytchtest.All, stytchtest.Fault{Body: body})
		for _, kind := range []string{stytch.MagicLink, stytch.OAuth, stytch.SSO, stytch.Impersonation} {
			if l, err := in.Stytch.Open(t.Context(), kind, stytch.Proof{Token: "x"}); err == nil || stytch.FailureOf(err).Verdict != stytch.Unavailable {
				t.Errorf("%s, %s: got %+v, %v", name, kind, l, err)
			}
		}
		if d, err := in.Stytch.Discover(t.Context(), stytch.Discovery, stytch.Proof{Token: "x"}); err == nil {
			t.Errorf("%s: discovered %+v", name, d)
		}
	}
}
