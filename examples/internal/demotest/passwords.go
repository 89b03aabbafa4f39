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
