package demotest

import (
	"net/http"
	"strings"
	"testing"
)

// users is what is different in a consumer project.
func (s suite) users(t *testing.T) {
	b := s.inSandbox(t)
	for _, c := range []struct {
		user                string
		admin, read, create int
	}{
		{s.reader, 403, 200, 403},
		{s.editor, 403, 200, 201},
		{s.admin, 200, 200, 201},
	} {
		b.signIn(c.user, "")
		for _, r := range []response{
			b.get("/api/admin").expect(t, c.admin),
			b.get("/api/documents").expect(t, c.read),
			b.addDocument(`{"title":"Plan of `+c.user+`"}`).expect(t, c.create),
		} {
			if r.StatusCode == http.StatusForbidden {
				r.expect(t, 403, `"code":"permission_denied"`)
			}
		}
	}
	editor, err := b.app.Sandbox.Find(s.editor)
	if err != nil {
		t.Fatal(err)
	}
	if r := b.get("/api/documents").expect(t, 200, `"created_by":"`+editor.ID+`"`); strings.Contains(r.body, "organization") {
		t.Errorf("%s: a document has an organization: %s", r.request, r.body)
	}
	for _, path := range []string{"/api/me", "/api/session"} {
		if r := b.get(path).expect(t, 200, `"user_id":"`); strings.Contains(r.body, "member") || strings.Contains(r.body, "organization") {
			t.Errorf("%s speaks of members or organizations: %s", r.request, r.body)
		}
	}
	b.get("/api/orgs/acme/documents").expect(t, 404)
	b.visit("/auth/organizations").expect(t, 404)
	for _, path := range []string{"/", "/login", "/profile"} {
		if r := b.visit(path).expect(t, 200); strings.Contains(r.body, "rganization") || strings.Contains(r.body, "ingle sign-on") {
			t.Errorf("%s speaks of organizations or single sign-on:\n%s", r.request, r.body)
		}
	}
}
