package signin_test

import (
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
)

func TestAPasswordResetIsHandedOver(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.gets("/auth/callback?stytch_token_type=multi_tenant_passwords&token=abcdefghijklmnop").goes(t, "/new-password")
	if _, ok := w.handler.PasswordResetToken(w.browser().at("/new-password")); ok {
		t.Error("a token without a cookie")
	}
	if token, ok := w.handler.PasswordResetToken(b.at("/new-password")); !ok || token != "abcdefghijklmnop" {
		t.Errorf("the token is %q, %v", token, ok)
	}
	b.gets("/auth/callback").goes(t, "/login?reason=link_invalid") // nothing to confirm
	b.posts("/auth/callback").goes(t, "/login?reason=link_invalid")
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls", n)
	}

	none := newWorld(t, func(c *signin.Config) { c.PasswordResetURL = "" })
	none.browser().gets("/auth/callback?stytch_token_type=multi_tenant_passwords&token=abcdefghijklmnop").goes(t, "/login?reason=link_invalid")
}
