package signin_test

import (
	"context"
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestSwitchingAndBack(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	there := w.member("alice@acme.example", "globex")
	b := w.signedIn(alice)
	b.posts("/auth/switch", "organization", there.OrganizationID, "return_to", "/reports").goes(t, "/reports")
	if got := b.whoami(); got != there.ID {
		t.Fatalf("signed in as %q, want %s", got, there.ID)
	}
	b.asks("POST", "/auth/switch", `{"organization":"`+alice.OrganizationID+`"}`).says(t, 200, `"member_authenticated":true`)
	if got := b.whoami(); got != alice.ID {
		t.Fatalf("signed in as %q, want %s", got, alice.ID)
	}
}

// Who is of another organization than a page's is led to the list, which marks the present one and leads
// back, and to nobody else's sign-in.
func TestThePageOfAnotherOrganizationLeadsToSwitching(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	w.member("alice@acme.example", "globex")
	b := w.signedIn(alice)
	r := b.at("/orgs/globex?tab=2")
	r.Method = http.MethodGet
	r.RequestURI = r.URL.RequestURI()
	r.SetPathValue("org", "globex")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	d := w.auth.Require(stytchkit.Organization(stytchkit.PathParam("org"))).Check(t.Context(), stytchkit.HTTPRequest{R: r})
	const to = "/auth/organizations?reason=organization_mismatch&return_to=%2Forgs%2Fglobex%3Ftab%3D2"
	if d.Denial == nil || d.Denial.SwitchURL != to || !strings.Contains(string(d.Denial.Body), `href="`+html.EscapeString(to)+`">Switch organization</a>`) {
		t.Fatalf("denied with %q\n%s", d.Denial.SwitchURL, d.Denial.Body)
	}
	list := b.gets(to)
	for _, want := range []string{
		"belongs to another organization", `<div class="here" aria-current="true">acme<small>You are here.</small>`,
		`value="/orgs/globex?tab=2"`, `<a href="/">Go back</a>`, ">globex<small>globex</small></button>",
	} {
		list.says(t, 200, want)
	}
	if strings.Contains(list.body, "another address") {
		t.Errorf("who is signed in is asked for another address:\n%s", list.body)
	}
	b.gets("/auth/organizations?return_to=/reports").says(t, 200, `<a href="/reports">Go back</a>`)
	w.discovered("alice@acme.example", "").gets("/auth/organizations").says(t, 200, `<a href="/login">Use another address</a>`)
}

func TestSwitchRefusals(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	foreign := w.member("bob@globex.example", "globex")
	b := w.signedIn(alice)
	w.stytch.ResetCalls()
	b.posts("/auth/switch", "organization", foreign.OrganizationID).goes(t, "/auth/organizations?reason=not_allowed")
	b.asks("POST", "/auth/switch", `{"organization":"`+foreign.OrganizationID+`"}`).says(t, 403, `"code":"not_allowed"`)
	b.posts("/auth/switch", "organization", "").says(t, 400, "lacks a field")
	b.asks("POST", "/auth/switch", `{"organization":"acme"}`, "Authorization: Bearer abcdefghijklmnopqrstuvwxyz").says(t, 400, "invalid_input")
	w.browser().posts("/auth/switch", "organization", "acme").goes(t, "/login?reason=session_missing")
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
	alice.SignIn() // another session of hers stays
	w.stytch.Fail(stytchtest.Exchange, stytchtest.Fault{Status: 404, ErrorType: "session_not_found"})
	b.posts("/auth/switch", "organization", alice.OrganizationID).goes(t, "/login?reason=session_ended")
	if n := w.stytch.Calls(stytchtest.Exchange); n > 2+2 {
		t.Errorf("%d exchange calls: at most 2 for a request", n)
	}
}

// late sends a request and returns once Stytch has been asked; the answer comes after release.
func (b *browser) late(endpoint stytchtest.Endpoint, send func() reply) (release func() reply) {
	b.w.t.Helper()
	hold := b.w.stytch.Hold(endpoint)
	answered := make(chan reply, 1)
	go func() { answered <- send() }()
	ctx, cancel := context.WithTimeout(b.w.t.Context(), 10*time.Second)
	defer cancel()
	if err := hold.Waiting(ctx, 1); err != nil {
		b.w.t.Fatalf("%s is not asked: %v", endpoint, err)
	}
	return func() reply { hold.Release(); return <-answered }
}

// twin is another tab's request with the cookies that the browser has now; what comes back is not stored.
func (b *browser) twin() *browser {
	other := b.w.browser()
	u := must(http.NewRequest(http.MethodGet, b.w.app.URL+"/auth/x", nil)).URL
	cookies := b.jar.Cookies(u)
	for _, c := range cookies {
		c.Path = "/"
	}
	other.jar.SetCookies(u, cookies)
	return other
}

func TestASwitchThatFinishesAfterTheLogoutSignsNobodyIn(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	there := w.member("alice@acme.example", "globex")
	b := w.signedIn(alice)
	tab := b.twin()
	finish := b.late(stytchtest.Exchange, func() reply { return tab.posts("/auth/switch", "organization", there.OrganizationID) })
	b.posts("/auth/logout").goes(t, "/login")
	got := finish()
	got.goes(t, "/auth/organizations?reason=session_changed")
	if set := got.Header.Values("Set-Cookie"); len(set) > 0 {
		t.Errorf("the late answer sets %q", set)
	}
	if n := w.stytch.Calls(stytchtest.Revoke); n != 3 {
		t.Errorf("%d revocations, want the logout's two and one of the session that nobody got", n)
	}
}

func TestAClientsSwitchThatFinishesAfterTheLogout(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	there := w.member("alice@acme.example", "globex")
	b := w.signedIn(alice)
	tab := b.twin()
	finish := b.late(stytchtest.Exchange, func() reply {
		return tab.asks(http.MethodPost, "/auth/switch", `{"organization":"`+there.OrganizationID+`"}`)
	})
	b.posts("/auth/logout").goes(t, "/login")
	finish().says(t, http.StatusConflict, `"session_changed"`)
}

func TestASwitchThatFinishesAfterAnotherOneStoresNothing(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	second := w.member("alice@acme.example", "globex")
	third := w.member("alice@acme.example", "initech")
	b := w.signedIn(alice)
	tab := b.twin()
	finish := b.late(stytchtest.Exchange, func() reply { return tab.posts("/auth/switch", "organization", third.OrganizationID) })
	hold := w.stytch.Hold(stytchtest.Exchange) // a later hold takes over new requests
	hold.Release()
	b.posts("/auth/switch", "organization", second.OrganizationID).goes(t, "/")
	got := finish()
	got.goes(t, "/auth/organizations?reason=session_changed")
	if set := got.Header.Values("Set-Cookie"); len(set) > 0 {
		t.Errorf("the late answer sets %q", set)
	}
	if got := b.whoami(); got != second.ID {
		t.Errorf("signed in as %q, want %s", got, second.ID)
	}
}

// The answer of a switch was lost on the way: the browser still has the old session, and tries again.
func TestASwitchWhoseAnswerWasLostCanBeTriedAgain(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	there := w.member("alice@acme.example", "globex")
	b := w.signedIn(alice)
	b.twin().posts("/auth/switch", "organization", there.OrganizationID).goes(t, "/")
	b.posts("/auth/switch", "organization", there.OrganizationID).goes(t, "/")
	if got := b.whoami(); got != there.ID {
		t.Errorf("signed in as %q, want %s", got, there.ID)
	}
}

// A request of the old session that was being refreshed when the browser got a new one touches no
// cookies: neither after a login, nor a switch, nor a logout.
func TestALateRequestOfTheOldSessionTouchesNoCookies(t *testing.T) {
	for name, change := range map[string]func(w *world, b *browser, alice, there *stytchtest.Member){
		"a switch": func(w *world, b *browser, _, there *stytchtest.Member) {
			b.posts("/auth/switch", "organization", there.OrganizationID).goes(w.t, "/")
		},
		"a logout": func(w *world, b *browser, _, _ *stytchtest.Member) {
			b.posts("/auth/logout").goes(w.t, "/login")
		},
		"a login": func(w *world, b *browser, alice, _ *stytchtest.Member) {
			b.posts(b.opens(w.foreignLink(alice))).goes(w.t, "/")
		},
	} {
		for _, outcome := range []string{"alive", "over"} {
			t.Run("after "+name+", the old one "+outcome, func(t *testing.T) {
				w := newWorld(t)
				alice := w.member("alice@acme.example")
				there := w.member("alice@acme.example", "globex")
				b := w.signedIn(alice)
				w.clock.Advance(6 * time.Minute) // the JWT has expired: Stytch will be asked, and cookies refreshed
				if outcome == "over" {
					w.stytch.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 404, ErrorType: "session_not_found", Times: 2})
				}
				tab := b.twin()
				finish := b.late(stytchtest.Authenticate, func() reply { return tab.gets("/me") })
				change(w, b, alice, there)
				got := finish()
				if set := got.Header.Values("Set-Cookie"); len(set) > 0 {
					t.Errorf("the late request sets %q", set)
				}
			})
		}
	}
	// And it would have, had nothing changed.
	w := newWorld(t)
	b := w.signedIn(w.member("alice@acme.example"))
	w.clock.Advance(6 * time.Minute)
	if set := b.gets("/me").Header.Values("Set-Cookie"); len(set) != 2 || !strings.HasPrefix(set[0], "stytch_session=") {
		t.Errorf("a refresh sets %q", set)
	}
}
