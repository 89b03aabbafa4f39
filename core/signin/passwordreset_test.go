package signin_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
)

func TestAPasswordResetIsHandedOver(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	page := b.gets("/auth/callback?stytch_token_type=multi_tenant_passwords&token=abcdefghijklmnop").location()
	if !strings.HasPrefix(page, "/new-password?for=") {
		t.Errorf("sent to %q", page)
	}
	if _, ok := w.handler.PasswordResetToken(w.browser().at(page)); ok {
		t.Error("a token without a cookie")
	}
	if token, ok := w.handler.PasswordResetToken(b.at(page)); !ok || token != "abcdefghijklmnop" {
		t.Errorf("the token is %q, %v", token, ok)
	}
	b.gets("/auth/callback").goes(t, "/login?reason=link_invalid") // nothing to confirm
	b.posts("/auth/callback").goes(t, "/login?reason=link_invalid")
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls", n)
	}

	none := newWorld(t, func(c *signin.Config) { c.PasswordResetURL = "" })
	if page := none.browser().gets("/auth/callback?stytch_token_type=multi_tenant_passwords&token=abcdefghijklmnop").location(); !strings.HasPrefix(page, "/auth/reset?for=") {
		t.Errorf("without a page of the application's own sent to %q", page)
	}
}

// The page asks for the token that it was shown for: another tab's link does not slip its own in.
func TestAPasswordResetIsBoundToItsPage(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	mine := b.gets("/auth/callback?stytch_token_type=multi_tenant_passwords&token=abcdefghijklmnop").location()
	theirs := b.gets("/auth/callback?stytch_token_type=multi_tenant_passwords&token=evilevilevilevil", "Sec-Fetch-Site: cross-site").location()
	for target, want := range map[string]string{mine: "", theirs: "evilevilevilevil", "/new-password": "", "/new-password?for=": ""} {
		if token, ok := w.handler.PasswordResetToken(b.at(target)); token != want || ok != (want != "") {
			t.Errorf("%s: the token is %q, %v, want %q", target, token, ok, want)
		}
	}
	if strings.Contains(mine, "abcdefghijklmnop") {
		t.Errorf("the token is in the URL: %s", mine)
	}
}

// A page of the application's with a query of its own keeps it.
func TestThePageForANewPasswordKeepsItsQuery(t *testing.T) {
	w := newWorld(t, func(c *signin.Config) { c.PasswordResetURL = "/new-password?lang=de" })
	b := w.browser()
	page := b.gets("/auth/callback?stytch_token_type=multi_tenant_passwords&token=abcdefghijklmnop").location()
	if token, ok := w.handler.PasswordResetToken(b.at(page)); !ok || token != "abcdefghijklmnop" || !strings.HasPrefix(page, "/new-password?") || !strings.Contains(page, "lang=de") {
		t.Errorf("at %s the token is %q, %v", page, token, ok)
	}
}

// Tokens kept in cookies are short, or links from anywhere could fill a browser's header.
func TestLongTokensAreNotKept(t *testing.T) {
	w := newWorld(t)
	for _, kind := range []string{"multi_tenant_passwords", "multi_tenant_magic_links", "sso", "multi_tenant_impersonation"} {
		for size, kept := range map[int]bool{8: true, 256: true, 257: false, 1024: false} {
			got := w.browser().gets(fmt.Sprintf("/auth/callback?stytch_token_type=%s&token=%s", kind, strings.Repeat("a", size)))
			if set := got.Cookies(); (len(set) > 0) != kept {
				t.Errorf("%s of %d bytes: %d cookies", kind, size, len(set))
			}
			if !kept {
				got.goes(t, "/login?reason=link_invalid")
			}
		}
	}
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls", n)
	}
}
