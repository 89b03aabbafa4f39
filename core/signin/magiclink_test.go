package signin_test

import (
	"slices"
	"testing"
)

func TestDiscoveryByMagicLinkThenLogout(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	w.member("alice@acme.example", "globex")
	b := w.browser()

	b.posts("/auth/magic-link", "email", "alice@acme.example", "return_to", "/reports?year=2026").goes(t, "/auth/magic-link")
	b.gets("/auth/magic-link").says(t, 200, "Check your mail")
	b.gets(w.link()).goes(t, "/auth/organizations")
	if got := b.whoami(); got != "" {
		t.Fatalf("signed in as %s before an organization was chosen", got)
	}
	list := b.gets("/auth/organizations")
	list.says(t, 200, "globex")
	list.says(t, 200, alice.OrganizationID)
	b.posts("/auth/organizations", "organization_id", alice.OrganizationID).goes(t, "/reports?year=2026")
	if got := b.whoami(); got != alice.ID {
		t.Fatalf("signed in as %q, want %s", got, alice.ID)
	}
	want := []string{"stytch_session", "stytch_session_jwt"}
	if got := b.cookies(); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("cookies after login: %q, want %q", got, want)
	}

	b.posts("/auth/logout").goes(t, "/login")
	if got := b.cookies(); len(got) > 0 {
		t.Errorf("logout leaves %q", got)
	}
	if got := b.whoami(); got != "" {
		t.Errorf("still signed in as %s", got)
	}
}

func TestMagicLinkToOneOrganization(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	b := w.browser()
	b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme", "return_to", "/x").goes(t, "/auth/magic-link")
	b.gets(w.link()).goes(t, "/x")
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
}
