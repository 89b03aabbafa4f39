package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/b2bstytchapi"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/totps"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// at is a request of the browser's, for what the application's own page asks.
func (b *browser) at(target string) *http.Request {
	u, _ := url.Parse(b.w.app.URL + target)
	r, _ := http.NewRequest(http.MethodPost, u.String(), nil)
	for _, c := range b.jar.Cookies(u) {
		r.AddCookie(c)
	}
	return r
}

func TestASecondFactorOnTheApplicationsOwnPage(t *testing.T) {
	w := newWorld(t)
	alice := w.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", MFA: true, Phone: "+15550100"})
	b := w.browser()
	b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme", "return_to", "/x").goes(t, "/auth/magic-link")
	b.gets(w.link()).goes(t, "/mfa")
	if got := b.whoami(); got != "" {
		t.Fatalf("signed in as %s without a second factor", got)
	}
	for _, name := range b.cookies() {
		if name == "stytch_session" || name == "stytch_session_jwt" {
			t.Fatalf("a session was stored: %s", name)
		}
	}
	page := b.at("/mfa")
	pending, ok := w.handler.Pending(page)
	if !ok || pending.MemberID != alice.ID || pending.OrganizationID != alice.OrganizationID || pending.ReturnTo != "/x" ||
		pending.Primary != nil || pending.MFA == nil || pending.MFA.PhoneNumber != "+15550100" || pending.MFA.Initiated != "sms_otp" || pending.MFA.TOTPRegistrationID == "" {
		t.Fatalf("pending is %+v (MFA %+v), %v", pending, pending.MFA, ok)
	}

	// What the page does: the code goes to Stytch with the intermediate session, and the session into the cookies.
	api, err := b2bstytchapi.NewClient(w.stytch.ProjectID(), w.stytch.Secret(), b2bstytchapi.WithBaseURI(w.stytch.URL()), b2bstytchapi.WithSkipJWKSInitialization())
	if err != nil {
		t.Fatal(err)
	}
	ist, err := w.auth.IntermediateSession(stytchkit.HTTPRequest{R: page})
	if err != nil {
		t.Fatal(err)
	}
	res, err := api.TOTPs.Authenticate(t.Context(), &totps.AuthenticateParams{
		OrganizationID: pending.OrganizationID, MemberID: pending.MemberID, Code: alice.TOTP(),
		IntermediateSessionToken: ist,
	})
	if err != nil {
		t.Fatal(err)
	}
	cookies, err := w.auth.SessionCookies(stytchkit.HTTPRequest{R: page}, res.SessionToken, res.SessionJWT, w.clock.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(w.app.URL + "/mfa")
	b.jar.SetCookies(u, cookies)
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
	if _, ok := w.handler.Pending(b.at("/mfa")); ok {
		t.Error("the login is still pending")
	}
}

// An organization that wants single sign-on gets it, and what was shown before is passed on.
func TestAnotherPrimaryFactor(t *testing.T) {
	w := newWorld(t)
	w.stytch.AddOrganization(stytchtest.Organization{Slug: "acme", AuthMethods: []string{"sso"}, MFARequired: true})
	connection := w.stytch.AddConnection(stytchtest.Connection{Organization: "acme"})
	alice := w.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example"})
	w.stytch.SetProviderUser("alice@acme.example")
	b := w.discovered("alice@acme.example", "/x")
	b.gets("/auth/organizations").says(t, 200, "one more step")
	b.posts("/auth/organizations", "organization_id", alice.OrganizationID).goes(t, "/login?reason=primary_required&return_to=%2Fx")
	pending, ok := w.handler.Pending(b.at("/login"))
	if !ok || len(pending.Primary) != 1 || pending.Primary[0] != "sso" || pending.OrganizationID != alice.OrganizationID {
		t.Errorf("pending is %+v, %v", pending, ok)
	}
	ist := must(w.auth.IntermediateSession(stytchkit.HTTPRequest{R: b.at("/auth/x")}))
	b.gets(b.followed("/auth/sso?connection_id="+connection.ID+"&return_to=/x")).goes(t, "/mfa")
	if got := must(w.auth.IntermediateSession(stytchkit.HTTPRequest{R: b.at("/auth/x")})); got != ist {
		t.Error("the intermediate session was not passed on")
	}
	if got := b.whoami(); got != "" {
		t.Errorf("signed in as %s", got)
	}
}

// An unfinished login of somebody else must not be in the way of this one.
func TestAStaleIntermediateSessionIsNotInTheWay(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	b := w.discovered("somebody@else.example", "/y")
	b.posts(b.opens(w.foreignLink(alice))).goes(t, "/")
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
	for _, name := range b.cookies() {
		if strings.Contains(name, "intermediate") || strings.Contains(name, "stytchkit") {
			t.Errorf("%s is left", name)
		}
	}
}

func TestSwitchingToAnOrganizationWithMFA(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	strict := w.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "strict", MFA: true})
	b := w.signedIn(alice)
	got := b.asks("POST", "/auth/switch", `{"organization":"`+strict.OrganizationID+`","return_to":"/x"}`)
	got.says(t, 200, `{"member_authenticated":false,"member_id":"`+strict.ID+`","organization_id":"`+strict.OrganizationID+`","mfa_required":true,"primary_required":null,"next":"/mfa"}`)
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q: until the second factor is shown it stays %s", got, alice.ID)
	}
	if p, ok := w.handler.Pending(b.at("/auth/x")); !ok || p.MemberID != strict.ID || p.ReturnTo != "/x" {
		t.Errorf("pending is %+v, %v", p, ok)
	}
}
