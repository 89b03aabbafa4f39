package signin_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// What waits in a browser is nobody's to read there, nor in the log of a proxy: whose address and number it
// is, and what Stytch would take from whoever has it.
func TestCookiesAreReadableByNobody(t *testing.T) {
	w, alice, b := atSecond(t, stytchtest.Member{MFA: true, Phone: "+15550100"})
	b.posts("/auth/email-code", "email", "ada@example.com", "organization", "acme").goes(t, verifyMail)
	b.posts("/auth/magic-link", "email", "ada@example.com", "organization", "acme", "return_to", "/secret-place")
	b.gets(w.foreignLink(w.member("bob@acme.example"))).asksFirst(t)
	b.gets("/auth/callback?stytch_token_type=multi_tenant_passwords&token=abcdefghijklmnop")
	var names []string
	for _, c := range b.held("/auth/callback") {
		kind, ours := strings.CutPrefix(c.Name, "stytchkit_")
		if !ours {
			continue
		}
		kind, _, _ = strings.Cut(kind, "_")
		names = append(names, kind)
		for _, text := range readings(c.Value) {
			for _, secret := range []string{"5550100", alice.ID, "ada@example.com", "/secret-place", "multi_tenant", "abcdefghijklmnop", `"v":`, `"k":`} {
				if strings.Contains(text, secret) {
					t.Errorf("%s has %s: %q", c.Name, secret, text)
				}
			}
		}
	}
	slices.Sort(names)
	if got := strings.Join(slices.Compact(names), " "); got != "code flow pending reset token" {
		t.Errorf("cookies of %s", got)
	}
}

// readings are a value as it is, and what it says as base64.
func readings(value string) []string {
	all := []string{value}
	for end := len(value); end > 0 && end > len(value)-32; end-- {
		if data, err := base64.RawURLEncoding.DecodeString(value[:end]); err == nil {
			all = append(all, string(data))
		}
	}
	return all
}

// One cookie's value is none for another one, and a value that was changed is none at all.
func TestASealedValueIsOfItsCookieAlone(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.B2B)
	b := w.asksForCode("ada@example.com", "acme")
	b.posts("/auth/magic-link", "email", "ada@example.com", "organization", "acme")
	calls := w.stytch.TotalCalls()
	for _, c := range b.held("/auth/callback") {
		for _, name := range []string{"stytchkit_code", "stytchkit_flow_ABCDEFGHIJ"} {
			if strings.HasPrefix(c.Name, name[:14]) {
				continue
			}
			thief := w.browser()
			thief.gets(w.link(), "Cookie: "+name+"="+c.Value).asksFirst(t)
			thief.gets(verifyMail, "Cookie: "+name+"="+c.Value).goes(t, "/login?reason=login_expired")
		}
	}
	if n := w.stytch.TotalCalls() - calls; n != 0 {
		t.Errorf("%d calls", n)
	}
}
