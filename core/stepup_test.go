package stytchkit_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Only who is signed in by cookies is sent to the page for a step-up, and never from that page to itself.
func TestWhoIsSentToStepUp(t *testing.T) {
	for _, row := range []struct {
		name, login, stepUp, target string
		navigates, bearer           bool
		location, told              string
	}{
		{"a person", "/login", "/auth/step-up?a=b", "/x?y=z", true, false, "/auth/step-up?a=b&reason=reauthentication_required&return_to=%2Fx%3Fy%3Dz", ""},
		{"a person, to another origin", "/login", "https://id.example.com/", "/x", true, false, "https://id.example.com/?reason=reauthentication_required&return_to=%2Fx", ""},
		{"a person, without a login page", "", "/auth/step-up", "/x", true, false, "/auth/step-up?reason=reauthentication_required&return_to=%2Fx", ""},
		{"a person, without a page for that", "/login", "", "/x", true, false, "/login?reason=reauthentication_required&return_to=%2Fx", ""},
		{"a person who is there already", "/login", "/auth/step-up", "/auth/step-up?return_to=%2Fx", true, false, "", ""},
		{"a fetch is told", "/login", `/auth/step-up?a="b"&c=d`, "/x", false, false, "", `/auth/step-up?a="b"&c=d`},
		{"a bearer has no session in a cookie", "/login", "/auth/step-up", "/x", false, true, "", ""},
		{"nor where it navigates", "/login", "/auth/step-up", "/x", true, true, "/login?reason=reauthentication_required&return_to=%2Fx", ""},
	} {
		w := newWorld(t, func(c *stytchkit.Config) { c.LoginURL, c.StepUpURL = row.login, row.stepUp })
		alice := w.srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.AuthenticatedAgo(time.Hour))
		r := httptest.NewRequest(http.MethodGet, row.target, nil)
		if row.bearer {
			r.Header.Set("Authorization", "Bearer "+alice.JWT())
		} else {
			for _, c := range alice.Cookies() {
				r.AddCookie(c)
			}
		}
		if row.navigates {
			r.Header.Set("Sec-Fetch-Mode", "navigate")
		}
		d := check(w.auth.Require(stytchkit.AuthenticatedWithin(time.Minute)), r)
		if code(d) != "reauthentication_required" || d.Denial.Header.Get("Location") != row.location || (d.Denial.StepUpURL == "") != (row.bearer || row.stepUp == "") {
			t.Errorf("%s: got %q to %q, and %q for pages", row.name, code(d), d.Denial.Header.Get("Location"), d.Denial.StepUpURL)
		}
		if row.navigates {
			continue
		}
		var problem struct {
			StepUpURL string `json:"step_up_url"`
		}
		if err := json.Unmarshal(d.Denial.Body, &problem); err != nil || problem.StepUpURL != row.told {
			t.Errorf("%s: got %s (%v)", row.name, d.Denial.Body, err)
		}
	}
}
