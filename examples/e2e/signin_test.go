package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// ask asks for a magic link by the form of the sign-in page, as the visitor has it before them.
func (v *visitor) askForLink(email, organization string) {
	v.t.Helper()
	v.fill("E-mail address", email)
	if organization != "" {
		v.fill("Organization (optional)", organization)
	}
	v.press("Send me a link")
	v.at("/auth/magic-link", "Check your mail")
}

// openLink opens the newest link to an address, in the sandbox's mailbox.
func (v *visitor) openLink(email string) {
	v.t.Helper()
	v.open("/sandbox")
	v.press("Open the link sent to " + email)
}

func (s *suite) magicLink(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	v.open("/profile?tab=2")
	v.at("/login?reason=session_missing&return_to=%2Fprofile%3Ftab%3D2", "Sign in to see that page")
	v.askForLink("mona@acme.example", "acme")
	v.press("Open the sandbox’s mailbox")
	v.press("Open the link sent to mona@acme.example")
	v.at("/profile?tab=2", "Your Profile", "mona@acme.example")
	left := v.cookies("/")
	if len(left) != 2 || left["stytch_session"] == "" || left["stytch_session_jwt"] == "" {
		t.Errorf("after the sign-in the cookies are %v, want those of the session", left)
	}

	v.press("Sign out")
	v.openLink("mona@acme.example")
	v.atConfirmation()
	v.press("Sign in")
	v.at("/login?reason=link_used", "The link has been used already")
}

func (s *suite) twoOrganizations(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	v.open("/login")
	v.askForLink("sam@both.example", "")
	v.openLink("sam@both.example")
	v.at("/auth/organizations", "Choose an organization", "Acme", "Globex")
	v.press("Go on to Acme")
	v.at("/profile", "sam@both.example")
	v.open("/api/orgs/acme/documents")

	v.open("/profile")
	v.press("Switch organization")
	v.at("/auth/organizations?return_to=%2fprofile", "Acme", "Globex")
	v.press("Go on to Globex")
	v.at("/profile", "globex")
	v.open("/api/orgs/globex/documents")
	v.openFor(403, "/api/orgs/acme/documents")
	v.sees("organization_mismatch")
}

func (s *suite) newOrganization(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	v.open("/login")
	v.askForLink("nora@startup.example", "")
	v.openLink("nora@startup.example")
	v.at("/auth/organizations", "No organization lists this address")
	v.fill("Name", "Acme too")
	v.fill("Short name (optional)", "acme")
	v.press("Create")
	v.at("/auth/organizations?reason=slug_taken&return_to=%2Fprofile", "has this short name already")
	v.fill("Name", "Startup")
	v.fill("Short name (optional)", "startup")
	v.press("Create")
	v.at("/profile", "nora@startup.example", "stytch_admin")
}

// otherBrowser opens a link elsewhere than where it was asked for: nobody is signed in by that, and
// the link still works where it belongs.
func (s *suite) otherBrowser(t *testing.T) {
	here, elsewhere := s.visit(t, s.embedded.URL), s.visit(t, s.embedded.URL)
	here.open("/login")
	here.askForLink("ed@acme.example", "acme")
	elsewhere.openLink("ed@acme.example")
	elsewhere.atConfirmation("Go on only if you opened a link of yours")
	elsewhere.press("Sign in")
	elsewhere.at("/login?reason=other_browser", "works only in the browser where it was asked for")
	elsewhere.open("/")
	elsewhere.sees("You are not signed in")
	here.openLink("ed@acme.example")
	here.at("/profile", "ed@acme.example")
}

// fromElsewhere opens a link in another site's page, as one in a web mail is: the sandbox's mailbox
// under another name of this machine.
func (s *suite) fromElsewhere(t *testing.T) {
	stytch := s.startSandbox(t)
	v := s.visit(t, s.start(t, stytch).URL)
	v.open("/login?return_to=/profile?tab=2")
	v.askForLink("mona@acme.example", "acme")
	v.follow(named(t, stytch.Control, "localhost"))
	v.press("Open the link sent to mona@acme.example")
	v.at("/profile?tab=2", "mona@acme.example")
}

// invitation opens a link that nobody asked for here: it signs in only when that is confirmed.
func (s *suite) invitation(t *testing.T) {
	stytch := s.startSandbox(t)
	v := s.visit(t, s.start(t, stytch).URL)
	invite(t, stytch, "ivy@acme.example", v.base+"/auth/callback")
	v.follow(named(t, stytch.Control, "localhost"))
	v.press("Open the link sent to ivy@acme.example")
	v.atConfirmation()
	v.press("Profile")
	v.at("/login?reason=session_missing&return_to=%2Fprofile")
	v.open("/auth/callback")
	v.press("Sign in")
	v.at("/profile", "ivy@acme.example")
}

func (s *suite) oauth(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	v.open("/login?return_to=/profile?tab=2")
	v.press("Continue with Google")
	v.sees("This page stands in for")
	v.press("Mona Miller, mona@acme.example")
	v.at("/auth/organizations", "Acme")
	v.press("Go on to Acme")
	v.at("/profile?tab=2", "mona@acme.example")
}

func (s *suite) singleSignOn(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	v.open("/login?return_to=/profile?tab=2")
	v.fill("Your organization’s short name", "acme")
	v.press("Use single sign-on")
	v.press("Continue to acme")
	v.sees("This page stands in for")
	v.press("Ed Evans, ed@acme.example")
	v.at("/profile?tab=2", "ed@acme.example")
}

// anotherSite sends the browser to a start URL: it could sign it in as somebody else.
func (s *suite) anotherSite(t *testing.T) {
	stytch := s.startSandbox(t)
	v := s.visit(t, s.start(t, stytch).URL)
	v.follow(named(t, stytch.Control, "localhost"))
	v.land(200, "another site's link", responseOf(chromedp.Evaluate[chromedp.Void]("location.href = '"+v.base+"/auth/oauth/google'")))
	v.at("/auth/oauth/google", "Go on only if you chose to sign in")
	v.glance("continue") // loaded again, it would be the browser's own wish
	v.press("Continue")
	v.sees("This page stands in for")
	v.look("provider")
}
