package adaptertest

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// belowPath signs in and out under a path that a proxy strips: whatever leads a browser on leads there.
func belowPath(t *testing.T, build mounted) {
	const app = "http://127.0.0.1:%PORT%/app"
	f := newFront(t, build, app, "/app", false)
	alice := f.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example"})
	f.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "globex"})
	b := f.browser()

	b.at("the form for a password", b.opens(app+"/auth/password"), http.StatusOK, "", `action="/app/auth/password"`, `formaction="/app/auth/password/forgot"`, `href="/app/login"`, `!"/auth/`, `!"/login`)
	b.at("the form for a code", b.opens(app+"/auth/email-code"), http.StatusOK, "", `action="/app/auth/email-code"`, `href="/app/login"`)
	b.at("a link is asked for", b.submits(app+"/auth/magic-link", "email=alice%40acme.example&return_to=%2Fapp%2Freports%3Fyear%3D2026"), http.StatusSeeOther, "/app/auth/magic-link")
	b.at("the link is opened", b.opens(b.mailed(app+"/auth/callback?")), http.StatusSeeOther, "/app/auth/organizations")
	b.at("the list is shown", b.opens(app+"/auth/organizations"), http.StatusOK, "", `action="/app/auth/organizations"`, `value="/app/reports?year=2026"`, `href="/app/login"`)
	b.at("one is chosen", b.submits(app+"/auth/organizations", "organization_id="+alice.OrganizationID), http.StatusSeeOther, "/app/reports?year=2026")
	b.at("somebody is signed in", b.opens(app+"/auth/session"), http.StatusOK, "", `"member_id":"`+alice.ID)
	b.at("the browser's module is there", b.opens(app+"/auth/client.js"), http.StatusOK, "", "import.meta.url", `!"/auth`)
	b.at("the list of who is signed in leads back", b.opens(app+"/auth/organizations?return_to=/app/reports"), http.StatusOK, "", `href="/app/reports"`)
	b.at("what goes wrong is said at the login page", b.opens(app+"/auth/callback?stytch_token_type=nothing&token=nothing-at-all"), http.StatusSeeOther, "/app/login?reason=link_invalid")
	for i, elsewhere := range []string{"/reports", "/apple", "/app/../reports", "/app%2Freports", "/APP/reports", "/app/auth/logout", "/app/%61uth/logout", "/app//evil.example", "//evil.example/app/", "/app/..;/reports", "/auth/organizations"} {
		email := fmt.Sprint("member-", i, "@acme.example") // links to one address are rationed
		f.stytch.AddMember(stytchtest.Member{Email: email})
		b.at("a place of another application: "+elsewhere, b.submits(app+"/auth/magic-link", "email="+url.QueryEscape(email)+"&organization=acme&return_to="+url.QueryEscape(elsewhere)), http.StatusSeeOther, "/app/auth/magic-link")
		b.at("leads nowhere: "+elsewhere, b.opens(b.mailed(app+"/auth/callback?")), http.StatusSeeOther, "/app/")
	}
	b.at("a link to sign out asks", b.opens(app+"/auth/logout"), http.StatusMethodNotAllowed, "", `action="/app/auth/logout"`)
	b.at("it is over", b.submits(app+"/auth/logout", ""), http.StatusSeeOther, "/app/login")
	if left := b.holds(app + "/auth/callback"); len(left) > 0 {
		t.Errorf("signing out leaves the cookies %v", left)
	}
}
