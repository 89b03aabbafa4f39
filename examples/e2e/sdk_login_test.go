package e2e

import (
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// sdkMagicLink signs another member in by what Stytch mails them.
func sdkMagicLink(_ *testing.T, f *frontend) {
	f.evaluate("void await stytch.session.revoke()")
	f.shows("Nobody")
	f.subject = f.stytch.AddMember(stytchtest.Member{Email: "bob@acme.example"}).ID
	f.evaluate("void await stytch.magicLinks.email.loginOrSignup({ organization_id: '" + f.member.OrganizationID + "', email_address: 'bob@acme.example', login_redirect_url: location.href, signup_redirect_url: location.href })")
	f.openMail()
	f.evaluate("void await stytch.magicLinks.authenticate({ magic_links_token: query.get('token'), session_duration_minutes: 60 })")
	f.shows("bob@acme.example")
	f.isKnown()
}

// sdkDiscovery signs another member in by one of the organizations that they are found in.
func sdkDiscovery(t *testing.T, f *frontend) {
	f.evaluate("void await stytch.session.revoke()")
	f.shows("Nobody")
	f.subject = f.stytch.AddMember(stytchtest.Member{Email: "bob@acme.example"}).ID
	f.evaluate("void await stytch.magicLinks.email.discovery.send({ email_address: 'bob@acme.example', discovery_redirect_url: location.href })")
	f.openMail()
	found := f.evaluate("(await stytch.magicLinks.discovery.authenticate({ discovery_magic_links_token: query.get('token') })).discovered_organizations.map((d) => d.organization.organization_id).join()")
	if found != f.member.OrganizationID {
		t.Fatalf("discovered %q, want %s", found, f.member.OrganizationID)
	}
	f.evaluate("void await stytch.discovery.intermediateSessions.exchange({ organization_id: '" + found + "', session_duration_minutes: 60 })")
	f.shows("bob@acme.example")
	f.isKnown()
}

// openMail opens the link that was mailed last.
func (f *frontend) openMail() {
	f.t.Helper()
	mail := f.stytch.Mail()
	if len(mail) == 0 {
		f.t.Fatal("nothing was mailed")
	}
	f.open(strings.TrimPrefix(mail[len(mail)-1].Link, f.base))
}

// userMagicLink signs up by what Stytch mails.
func userMagicLink(_ *testing.T, f *frontend) {
	f.evaluate("void await stytch.session.revoke()")
	f.shows("Nobody")
	f.evaluate("void await stytch.magicLinks.email.loginOrCreate('bob@acme.example', { login_magic_link_url: location.href, signup_magic_link_url: location.href })")
	f.openMail()
	f.evaluate("void await stytch.magicLinks.authenticate(query.get('token'), { session_duration_minutes: 60 })")
	f.shows("bob@acme.example")
	f.subject = f.evaluate("stytch.user.getSync().user_id")
	f.isKnown()
}
