package adaptertest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// tenantsApart: each organization has a host of its own, and cookies that no other host sees. Who goes to
// another organization signs in there.
func tenantsApart(t *testing.T, build mounted) {
	const acme, globex = "http://acme.localhost:%PORT%", "http://globex.localhost:%PORT%"
	f := newFront(t, build, "http://*.localhost:%PORT%", "", true)
	alice := f.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example"})
	there := f.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "globex"})
	b := f.browser()

	b.at("a link is asked for", b.submits(acme+"/auth/magic-link", "email=alice%40acme.example&return_to=%2Freports"), http.StatusSeeOther, "/auth/magic-link")
	b.at("it leads to the host's organization", b.opens(b.mailed(acme+"/auth/callback?")), http.StatusSeeOther, "/reports")
	b.at("a member of it is signed in", b.opens(acme+"/auth/session"), http.StatusOK, "", `"member_id":"`+alice.ID)
	b.at("and nobody elsewhere", b.opens(globex+"/auth/session"), http.StatusOK, "", `"session":null`)
	if seen := b.holds(globex + "/auth/callback"); len(seen) > 0 {
		t.Errorf("another organization's host is sent %v", seen)
	}
	b.at("the form for a password is for it", b.opens(globex+"/auth/password"), http.StatusOK, "", `name="organization" value="globex"`)
	b.at("the list is shown", b.opens(acme+"/auth/organizations"), http.StatusOK, "", `value="`+there.OrganizationID+`"`)
	f.stytch.ResetCalls()
	for _, step := range []string{"/auth/switch?organization=", "/auth/organizations?organization_id="} {
		path, field, _ := strings.Cut(step, "?")
		b.at("who switches begins to sign in there", b.submits(acme+path, field+there.OrganizationID+"&return_to=%2Freports"), http.StatusSeeOther, globex+"/login?return_to=%2Freports")
	}
	if n := f.stytch.Calls(stytchtest.Exchange); n > 0 {
		t.Errorf("%d sessions were exchanged for ones that nobody may keep", n)
	}
	b.at("and stays signed in here", b.opens(acme+"/auth/session"), http.StatusOK, "", `"member_id":"`+alice.ID)
	b.at("an organization that is none of theirs", b.submits(acme+"/auth/switch", "organization=organization-test-nobodys"), http.StatusSeeOther, "/auth/organizations?reason=not_allowed")

	invitation := there.Invite(f.written(acme + "/auth/callback")).Link
	asking := b.at("a link of another organization", b.opens(invitation), http.StatusSeeOther, "/auth/callback?for=*").location
	b.at("signs nobody in here", b.submits(acme+asking, ""), http.StatusSeeOther, globex+"/login")
	b.at("a page of another organization's host signs nobody out", b.sends(http.MethodPost, acme+"/auth/logout", "", globex), http.StatusForbidden, "")
	b.at("it is over", b.submits(acme+"/auth/logout", ""), http.StatusSeeOther, "/login")
	hostileHosts(t, f)
}

// hostileHosts: what is no host of the application's is in no mail, in no Location and in no cookie.
func hostileHosts(t *testing.T, f *front) {
	refused := []int{http.StatusMisdirectedRequest, http.StatusBadRequest, http.StatusNotFound} // the last two: a server's own, of what is no Host
	for _, host := range []string{
		"evil.example", "acme.localhost:%PORT%.evil.example", "acme.localhost.evil.example:%PORT%", "a.b.localhost:%PORT%", "localhost:%PORT%",
		".localhost:%PORT%", "*.localhost:%PORT%", "-.localhost:%PORT%", "acme.localhost", "acme.localhost:1", "acme.localhost:0%PORT%", "evil.example@acme.localhost:%PORT%",
		"acme.localhost:%PORT%@evil.example", "xn--cme-7cd.localhost:%PORT%", "acme.localhost..:%PORT%", "127.0.0.1:%PORT%", "[::1]:%PORT%", "acme.localhost:%PORT%/evil.example",
	} {
		host = f.written(host)
		for _, request := range []string{"POST /auth/magic-link", "POST /auth/logout", "GET /auth/session", "GET /auth/organizations", "GET /auth/password"} {
			f.stytch.ResetCalls()
			mails := len(f.stytch.Mail())
			status, header := f.answers(request+" HTTP/1.1", host, `{"email":"alice@acme.example"}`,
				"Content-Type: application/json", "X-Forwarded-Host: acme.localhost", "Forwarded: host=acme.localhost", "Cookie: stytch_session="+strings.Repeat("a", 44))
			if !slices.Contains(refused, status) {
				t.Errorf("%s of %q: got %d, want 421", request, host, status)
			}
			if n := len(f.stytch.Mail()); n > mails {
				t.Errorf("%s of %q: mails %s", request, host, f.stytch.Mail()[n-1].Link)
			}
			if lines := fmt.Sprint(header["Location"], header["Set-Cookie"]); !strings.HasPrefix(lines, "[] ") || strings.Contains(lines, "Domain=") {
				t.Errorf("%s of %q: answers %s", request, host, lines)
			}
		}
	}
	for _, host := range []string{"ACME.localhost:%PORT%", "acme.localhost.:%PORT%"} { // as names are written
		mails := len(f.stytch.Mail())
		f.answers("POST /auth/magic-link HTTP/1.1", f.written(host), `{"email":"alice@acme.example"}`, "Content-Type: application/json")
		if mail := f.stytch.Mail(); len(mail) != mails+1 || !strings.HasPrefix(mail[mails].Link, f.written("http://acme.localhost:%PORT%/auth/callback?")) {
			t.Errorf("Host %q mails %v", host, mail[mails:])
		}
	}
}

// tenantsTogether: the hosts share their cookies, and who goes to another organization goes to its host.
func tenantsTogether(t *testing.T, build mounted) {
	const acme, globex = "http://acme.app.localhost:%PORT%/on", "http://globex.app.localhost:%PORT%/on"
	f := newFront(t, build, "http://*.app.localhost:%PORT%/on", "/on", true, func(c *stytchkit.Config) { c.Cookies.Domain = "app.localhost" })
	f.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example"})
	there := f.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "globex"})
	unreachable := f.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "No.Host"})
	b := f.browser()

	b.at("a link is asked for", b.submits(acme+"/auth/magic-link", "email=alice%40acme.example"), http.StatusSeeOther, "/on/auth/magic-link")
	b.at("it leads to the host's organization", b.opens(b.mailed(acme+"/auth/callback?")), http.StatusSeeOther, "/on/")
	b.at("who switches goes to that one's host", b.submits(acme+"/auth/switch", "organization="+there.OrganizationID+"&return_to=%2Fon%2Freports"), http.StatusSeeOther, globex+"/reports")
	b.at("and is signed in there", b.opens(globex+"/auth/session"), http.StatusOK, "", `"member_id":"`+there.ID)
	b.at("an organization without a host is switched to where one is", b.submits(globex+"/auth/switch", "organization="+unreachable.OrganizationID), http.StatusSeeOther, "/on/")
	b.at("a page of another organization's host signs nobody out", b.sends(http.MethodPost, globex+"/auth/logout", "", "http://acme.app.localhost:%PORT%"), http.StatusForbidden, "")
	b.at("it is over", b.submits(globex+"/auth/logout", ""), http.StatusSeeOther, "/on/login")
	for _, host := range []string{acme, globex} {
		if left := b.holds(host + "/auth/callback"); len(left) > 0 && !slices.Equal(left, []string{"stytchkit_flow_"}) {
			t.Errorf("signing out leaves the cookies %v at %s", left, host)
		}
	}
}
