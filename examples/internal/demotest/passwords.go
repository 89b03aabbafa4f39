package demotest

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

// password signs somebody in by their password, and has a new one chosen by a link of the mailbox.
func (s suite) password(t *testing.T) {
	b := s.inSandbox(t)
	b.visit("/login?return_to=/api/me").expect(t, 200, `href="/auth/password?return_to=%2fapi%2fme"`)
	b.visit("/auth/password?return_to=/api/me").expect(t, 200, `autocomplete="current-password"`, `value="/api/me"`)
	form := url.Values{"email": {s.editor}, "organization": {s.organization}, "password": {"wrong"}, "return_to": {"/api/me"}}
	b.submit("/auth/password", form).expect(t, 401, s.editor)
	form.Set("password", sandbox.Password)
	b.submit("/auth/password", form).leadsTo(t, "/api/me")
	editor, err := b.app.Sandbox.Find(s.editor)
	if err != nil {
		t.Fatal(err)
	}
	b.get("/api/me").expect(t, 200, editor.ID)

	b.submit("/auth/password/forgot", form).leadsTo(t, "/auth/magic-link")
	mail := b.app.Sandbox.Mail()
	page := b.visit(strings.TrimPrefix(mail[len(mail)-1].Link, b.base))
	page.leadsTo(t, "/auth/reset?for=*")
	b.visit(page.Header.Get("Location")).expect(t, 200, `autocomplete="new-password"`)
	b.submit(page.Header.Get("Location"), url.Values{"password": {"another sandbox password"}}).leadsTo(t, "/api/me")
}

// secondFactor signs somebody in who has to show a code beside their password.
func (s suite) secondFactor(t *testing.T) {
	const tia = "tia@acme.example"
	b := s.inSandbox(t)
	form := url.Values{"email": {tia}, "organization": {s.organization}, "password": {sandbox.Password}, "return_to": {"/api/me"}}
	b.submit("/auth/password", form).leadsTo(t, "/auth/mfa")
	b.get("/api/me").expect(t, 401, "session_missing")
	b.visit("/auth/mfa").expect(t, 200, `autocomplete="one-time-code"`)
	texts := b.app.Sandbox.Texts()
	if len(texts) != 1 {
		t.Fatalf("%d text messages, want one", len(texts))
	}
	b.visit("/sandbox").expect(t, 200, texts[0].Code)
	b.submit("/auth/mfa", url.Values{"method": {"sms"}, "code": {texts[0].Code}}).leadsTo(t, "/api/me")
	b.get("/api/me").expect(t, 200, "member_id")
}
