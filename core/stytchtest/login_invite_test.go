package stytchtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/magiclinks/email"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAnInvitationIsMailed(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	srv.AddMember(stytchtest.Member{Email: "ada@example.com"})
	for _, row := range []struct {
		name   string
		params email.InviteParams
		want   string
	}{
		{"to somebody new", email.InviteParams{OrganizationID: "acme", EmailAddress: "new@example.com", InviteRedirectURL: callback, Name: "New", Roles: []string{"editor"}}, ""},
		{"once more", email.InviteParams{OrganizationID: "acme", EmailAddress: "new@example.com", InviteRedirectURL: callback}, ""},
		{"not to a member", email.InviteParams{OrganizationID: "acme", EmailAddress: "ada@example.com", InviteRedirectURL: callback}, "400 duplicate_member_email"},
		{"not to an organization that is none", email.InviteParams{OrganizationID: "nowhere", EmailAddress: "new@example.com", InviteRedirectURL: callback}, "404 organization_not_found"},
		{"not to an address that is none", email.InviteParams{OrganizationID: "acme", EmailAddress: "new", InviteRedirectURL: callback}, "400 invalid_email"},
		{"not without a redirect", email.InviteParams{OrganizationID: "acme", EmailAddress: "new@example.com"}, "400 no_invite_redirect_url"},
		{"not for a minute", email.InviteParams{OrganizationID: "acme", EmailAddress: "new@example.com", InviteRedirectURL: callback, InviteExpirationMinutes: 1}, "400 invalid_expiration"},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := len(srv.Mail())
			got, err := client.MagicLinks.Email.Invite(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
			sent := len(srv.Mail()) - before
			if row.want != "" {
				if sent != 0 {
					t.Errorf("%d messages were sent all the same", sent)
				}
				return
			}
			message := lastMail(t, srv)
			if got.Member.Status != "invited" || got.Member.Name != "New" || len(got.Member.Roles) != 2 || sent != 1 || arrivedAt(t, message.Link, "multi_tenant_magic_links") != message.Token {
				t.Errorf("sent %d, the last %+v", sent, message)
			}
		})
	}
}

func TestAnInvitationHasNoPKCEAndLastsAWeek(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{Status: "invited"})
	open := func(token, verifier string) (*magiclinks.AuthenticateResponse, error) {
		return client.MagicLinks.Authenticate(t.Context(), &magiclinks.AuthenticateParams{MagicLinksToken: token, PkceCodeVerifier: verifier})
	}
	message := member.Invite(callback)
	clock.Advance(7*24*time.Hour - time.Second)
	_, err := open(message.Token, "secret")
	wantRefusal(t, err, "400 pkce_did_not_expect_code_verifier")
	got, err := open(message.Token, "")
	wantRefusal(t, err, "")
	if !got.MemberAuthenticated || got.Member.Status != "active" {
		t.Errorf("answered %+v", got)
	}
	message = member.Invite(callback)
	clock.Advance(7 * 24 * time.Hour)
	_, err = open(message.Token, "")
	wantRefusal(t, err, "401 unable_to_auth_magic_link")
	if said := panics(func() { member.Invite("/callback") }); !strings.Contains(said, "Invite: 400 invalid_url") {
		t.Errorf("said %q", said)
	}
}
