package demotest

import (
	"net/url"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

// wayOf is what somebody enters, as the sandbox's page says it.
func (b *browser) wayOf(who, kind string) string {
	b.t.Helper()
	b.visit("/sandbox").expect(b.t, 200, who, kind)
	p, err := b.app.Sandbox.Find(who)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, way := range p.Ways() {
		if way.Kind == kind {
			return way.Value
		}
	}
	b.t.Fatalf("%s has no %s: %v", who, kind, p.Ways())
	return ""
}

// secondFactors signs everybody in who has to show something beside their password.
func (s suite) secondFactors(t *testing.T) {
	for _, c := range []struct {
		who, method string
		code        func(*browser) string
	}{
		{"tia@acme.example", "sms", func(b *browser) string { return b.app.Sandbox.Texts()[0].Code }},
		{"toni@acme.example", "totp", func(b *browser) string { return b.wayOf("toni@acme.example", "the app’s code now") }},
		{"toni@acme.example", "recovery", func(b *browser) string { return b.wayOf("toni@acme.example", "a recovery code") }},
		{"nils@acme.example", "totp", func(b *browser) string {
			b.submit("/auth/mfa", url.Values{"method": {"totp"}}).expect(t, 200, "recovery codes")
			return b.wayOf("nils@acme.example", "the app’s code now")
		}},
	} {
		b := s.inSandbox(t)
		b.submit("/auth/password", s.passwordOf(c.who, sandbox.Password)).leadsTo(t, "/auth/mfa")
		b.get("/api/me").expect(t, 401, "session_missing")
		b.visit("/auth/mfa").expect(t, 200)
		b.submit("/auth/mfa", url.Values{"method": {c.method}, "code": {c.code(b)}}).leadsTo(t, "/api/me")
		b.get("/api/me").expect(t, 200, "member_id")
	}
}

// noWayIn is who does not get in by their password: that is from a leak, or they are locked out.
func (s suite) noWayIn(t *testing.T) {
	b := s.inSandbox(t)
	b.submit("/auth/password", s.passwordOf("lea@"+s.domain, stytchtest.BreachedPassword)).expect(t, 403, "/auth/password/forgot")
	b.submit("/auth/password", s.passwordOf("lou@"+s.domain, sandbox.Password)).expect(t, 401, "it was tried too often")
}

func (s suite) passwordOf(who, password string) url.Values {
	return url.Values{"email": {who}, "organization": {s.organization}, "password": {password}, "return_to": {"/api/me"}}
}
