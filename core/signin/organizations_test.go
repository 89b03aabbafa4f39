package signin_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// discovered is a browser in which a discovery link was opened.
func (w *world) discovered(email, returnTo string) *browser {
	w.t.Helper()
	b := w.browser()
	b.posts("/auth/magic-link", "email", email, "return_to", returnTo).goes(w.t, "/auth/magic-link")
	b.gets(w.link()).goes(w.t, "/auth/organizations")
	return b
}

// signedIn is a browser in which somebody is signed in to acme.
func (w *world) signedIn(m *stytchtest.Member) *browser {
	w.t.Helper()
	b := w.browser()
	b.posts(b.opens(w.foreignLink(m))).goes(w.t, "/")
	if got := b.whoami(); got != m.ID {
		w.t.Fatalf("signed in as %q, want %s", got, m.ID)
	}
	return b
}

func TestFoundingAnOrganization(t *testing.T) {
	w := newWorld(t)
	w.member("alice@acme.example")
	b := w.discovered("founder@new.example", "/welcome")
	list := b.gets("/auth/organizations")
	list.says(t, 200, "No organization lists this address.")
	list.says(t, 200, "founder@new.example")
	b.posts("/auth/organizations", "organization_name", "New", "organization_slug", "acme").goes(t, "/auth/organizations?reason=slug_taken&return_to=%2Fwelcome")
	b.gets("/auth/organizations?reason=slug_taken").says(t, 200, "Another organization has this short name already.")
	b.posts("/auth/organizations", "organization_name", "New", "organization_slug", "a b").goes(t, "/auth/organizations?reason=invalid_slug&return_to=%2Fwelcome")
	b.posts("/auth/organizations", "organization_name", "New & Co", "organization_slug", "new").goes(t, "/welcome")
	if b.whoami() == "" {
		t.Error("nobody is signed in")
	}
}

func TestJoiningByDomain(t *testing.T) {
	w := newWorld(t)
	open := w.stytch.AddOrganization(stytchtest.Organization{Slug: "open", EmailDomains: []string{"new.example"}})
	closed := w.stytch.AddOrganization(stytchtest.Organization{Slug: "closed"})
	b := w.discovered("bob@new.example", "")
	b.gets("/auth/organizations").says(t, 200, "<small>Join</small>")
	b.posts("/auth/organizations", "organization_id", closed.ID).goes(t, "/auth/organizations?reason=not_allowed")
	b.posts("/auth/organizations", "organization_id", "organization-test-unknown").goes(t, "/auth/organizations?reason=not_allowed")
	b.posts("/auth/organizations", "organization_id", open.ID).goes(t, "/")
	if b.whoami() == "" {
		t.Error("nobody is signed in")
	}
}

func TestNobodyFoundsAnOrganizationUnlessTheyMayAnOrganization(t *testing.T) {
	w := newWorld(t, func(c *signin.Config) { c.CreateOrganizations = signin.Config{}.CreateOrganizations })
	b := w.discovered("founder@new.example", "")
	if got := b.gets("/auth/organizations"); strings.Contains(got.body, "organization_name") {
		t.Error("the page has a form to found one")
	}
	b.posts("/auth/organizations", "organization_name", "New").goes(t, "/auth/organizations?reason=not_allowed")
	if n := w.stytch.Calls(stytchtest.CreateOrganization); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func TestAnUnfinishedLoginThatTookTooLong(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	for _, next := range []func(*browser) reply{
		func(b *browser) reply { return b.gets("/auth/organizations") },
		func(b *browser) reply { return b.posts("/auth/organizations", "organization_id", alice.OrganizationID) },
		func(b *browser) reply { return b.posts("/auth/organizations", "organization_name", "New") },
	} {
		b := w.discovered("alice@acme.example", "/x")
		w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: 404, ErrorType: "intermediate_session_not_found", Times: 1})
		got := next(b)
		if !strings.HasPrefix(got.location(), "/login?reason=login_expired") {
			t.Fatalf("sent to %q\n%s", got.location(), got.body)
		}
		if left := b.cookies(); len(left) > 0 {
			t.Errorf("the browser keeps %q", left)
		}
	}
	w.browser().gets("/auth/organizations").goes(t, "/login?reason=session_missing")
	w.browser().posts("/auth/organizations", "organization_id", alice.OrganizationID).goes(t, "/login?reason=session_missing")
	w.browser().posts("/auth/organizations", "organization_name", "New").goes(t, "/login?reason=login_expired")
}

func TestAMemberChoosesAmongTheirOrganizations(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	there := w.member("alice@acme.example", "globex")
	b := w.signedIn(alice)
	list := b.gets("/auth/organizations?return_to=/reports")
	list.says(t, 200, there.OrganizationID)
	if strings.Contains(list.body, "organization_name") {
		t.Error("the page has a form to found one, which a session cannot")
	}
	list.says(t, 200, `name="return_to" value="/reports"`)
	b.posts("/auth/organizations", "organization_id", there.OrganizationID, "return_to", "/reports").goes(t, "/reports")
	if got := b.whoami(); got != there.ID {
		t.Errorf("signed in as %q, want %s", got, there.ID)
	}
	w.clock.Advance(10 * time.Minute) // the JWT has expired; Stytch takes it all the same
	b.posts("/auth/organizations", "organization_id", alice.OrganizationID).goes(t, "/")
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
}

func TestClientsGetTheListAsJSON(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	w.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "strict", MFA: true})
	b := w.discovered("alice@acme.example", "/x")
	got := b.asks("GET", "/auth/organizations", "")
	var list struct {
		Email         string          `json:"email_address"`
		Organizations []signin.Choice `json:"organizations"`
		CanCreate     bool            `json:"can_create"`
		ReturnTo      string          `json:"return_to"`
	}
	if err := json.Unmarshal([]byte(got.body), &list); err != nil || got.StatusCode != 200 {
		t.Fatalf("%d %v\n%s", got.StatusCode, err, got.body)
	}
	want := signin.Choice{ID: alice.OrganizationID, Slug: "acme", Name: "acme", Membership: "active_member", Ready: true}
	if list.Email != "alice@acme.example" || !list.CanCreate || list.ReturnTo != "/x" || len(list.Organizations) != 2 || list.Organizations[0] != want || list.Organizations[1].Ready {
		t.Errorf("got %+v", list)
	}
	if strings.Contains(got.body, "token") {
		t.Errorf("a token in the body: %s", got.body)
	}
	chosen := b.asks("POST", "/auth/organizations", `{"organization_id":"`+alice.OrganizationID+`"}`)
	chosen.says(t, 200, `{"member_authenticated":true,"member_id":"`+alice.ID+`","organization_id":"`+alice.OrganizationID+`","mfa_required":false,"primary_required":null,"next":"/x"}`)
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
}

func TestWhatIsNoOrganizationIsRefusedWithoutACall(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	b := w.discovered("alice@acme.example", "")
	w.stytch.ResetCalls()
	for _, fields := range [][]string{
		{},
		{"organization_id", "a/b"},
		{"organization_id", "../x"},
		{"organization_id", strings.Repeat("a", 129)},
		{"organization_id", alice.OrganizationID, "organization_name", "Both"},
		{"organization_name", strings.Repeat("a", 129)},
		{"organization_name", "a\x00b"},
		{"organization_name", "\xff"},
	} {
		b.posts("/auth/organizations", fields...).says(t, 400, "lacks a field")
	}
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// Of two intermediate sessions in one browser nobody can tell which is the person's.
func TestSeveralIntermediateSessionsAreRefused(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	w.member("attacker@acme.example", "evil")
	b, attacker := w.discovered("alice@acme.example", "/x"), w.discovered("attacker@acme.example", "")
	ist := func(b *browser) string {
		return "stytch_intermediate_session_token=" + must(w.auth.IntermediateSession(stytchkit.HTTPRequest{R: b.at("/auth/x")}))
	}
	w.stytch.ResetCalls()
	for _, cookies := range []string{ist(b) + "; " + ist(attacker), ist(attacker) + "; " + ist(b)} {
		for _, got := range []reply{
			w.browser().gets("/auth/organizations", "Cookie: "+cookies),
			w.browser().does("POST", "/auth/organizations", formOf("organization_id", alice.OrganizationID), "Cookie: "+cookies),
			w.browser().does("POST", "/auth/organizations", formOf("organization_name", "New"), "Cookie: "+cookies),
		} {
			if !strings.HasPrefix(got.location(), "/login?reason=login_expired") || len(got.Cookies()) > 0 {
				t.Errorf("%s: got %d to %q with cookies %v, want login_expired and none", got.Request.Method, got.StatusCode, got.location(), got.Cookies())
			}
		}
		r := b.at("/mfa")
		r.Header.Set("Cookie", cookies)
		if pending, ok := w.handler.Pending(r); ok {
			t.Errorf("pending is %+v", pending)
		}
	}
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls", n)
	}
	// Beside a session, too: it is not exchanged instead.
	b.posts(b.opens(w.foreignLink(alice)))
	got := b.does("POST", "/auth/organizations", formOf("organization_id", alice.OrganizationID), "Cookie: "+ist(attacker)+"; stytch_intermediate_session_token="+strings.Repeat("i", 44))
	if !strings.HasPrefix(got.location(), "/login?reason=login_expired") {
		t.Errorf("sent to %q", got.location())
	}
	// A login that begins anew needs none of them.
	again := w.browser()
	again.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	var flow string
	for _, c := range again.held("/auth/callback") {
		flow = c.Name + "=" + c.Value
	}
	again.gets(w.link(), "Cookie: "+flow+"; "+ist(attacker)+"; stytch_intermediate_session_token="+strings.Repeat("i", 44)).goes(t, "/")
}
