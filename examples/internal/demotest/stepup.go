package demotest

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

// stepUp asks whoever signed in an hour ago to prove it once more, by what they have, and goes on from there.
func (s suite) stepUp(t *testing.T) {
	b := s.inSandbox(t)
	b.signIn(s.editor, "earlier")
	b.get("/api/me").expect(t, 200)
	r := b.get("/api/secure").expect(t, 401, `"code":"reauthentication_required"`, `"step_up_url":"/auth/step-up"`)
	if got := r.Header.Get("WWW-Authenticate"); got != `Bearer error="insufficient_user_authentication", max_age=600` {
		t.Errorf("%s: WWW-Authenticate is %q, want that of RFC 9470 with max_age=600", r.request, got)
	}
	const page = "/auth/step-up?reason=reauthentication_required&return_to=%2Fsettings%3Ftab%3D2"
	b.visit("/settings?tab=2").leadsTo(t, page)
	b.visit(page).expect(t, 200, `value="/settings?tab=2"`, `autocomplete="current-password"`)
	form := url.Values{"method": {"password"}, "password": {"wrong"}, "return_to": {"/settings?tab=2"}}
	b.submit("/auth/step-up", form).expect(t, 401, `value="/settings?tab=2"`)
	b.visit("/settings?tab=2").leadsTo(t, page)
	before := b.get("/api/me").body
	form.Set("password", sandbox.Password)
	b.submit("/auth/step-up", form).leadsTo(t, "/settings?tab=2")
	b.visit("/settings?tab=2").expect(t, 200, "<code>password</code>")
	b.get("/api/secure").expect(t, 200)
	if after := b.get("/api/me").body; identityIn(after) != identityIn(before) {
		t.Errorf("the step-up made of the session\n%s\nanother one:\n%s", before, after)
	}
}

// identityIn is who an answer of /api/me is about, in which session.
func identityIn(me string) string {
	identity, _, _ := strings.Cut(me, `"expires_at"`)
	return identity
}
