package signin_test

import (
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestLogoutRevokesEveryCredentialPresented(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(w.member("alice@acme.example"))
	tab := b.twin()
	b.asks("POST", "/auth/logout", "").says(t, 204, "")
	if n := w.stytch.Calls(stytchtest.Revoke); n != 2 {
		t.Errorf("%d revocations, want one of the JWT's session and one of the token", n)
	}
	if got := tab.whoami(); got != "" {
		t.Errorf("the session still stands for %s", got)
	}
}

func TestALinkToTheLogoutAsks(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	b := w.signedIn(alice)
	got := b.gets("/auth/logout")
	got.says(t, 405, `<form method="post" action="/auth/logout">`)
	if allow := got.Header.Get("Allow"); allow != "POST" {
		t.Errorf("Allow is %q", allow)
	}
	b.asks("GET", "/auth/logout", "").says(t, 405, `"code":"method_not_allowed"`)
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
}

func TestLogoutWhileStytchIsDown(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(w.member("alice@acme.example"))
	tab := b.twin()
	w.stytch.Fail(stytchtest.Revoke, stytchtest.Fault{Status: 500})
	b.posts("/auth/logout").goes(t, "/login")
	if got := b.cookies(); len(got) > 0 {
		t.Errorf("logout leaves %q", got)
	}
	if got := tab.whoami(); got != "" {
		t.Errorf("the session still stands for %s here", got)
	}
	w.stytch.Recover()
}
