package demotest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const (
	mona = "mona@acme.example"  // stytch_member
	ada  = "ada@acme.example"   // stytch_admin
	ed   = "ed@acme.example"    // editor
	eve  = "eve@globex.example" // editor of another organization
	abe  = "abe@globex.example" // stytch_admin of another organization

	acmeDocuments = "/api/orgs/acme/documents"
)

func (s suite) authorization(t *testing.T) {
	b := s.inSandbox(t)
	for _, c := range []struct {
		member              string
		admin, read, create int
		code                string // of what is denied
	}{
		{mona, 403, 200, 403, "permission_denied"},
		{ed, 403, 200, 201, "permission_denied"},
		{ada, 200, 200, 201, ""},
		{eve, 403, 403, 403, "organization_mismatch"},
		{abe, 200, 403, 403, "organization_mismatch"},
	} {
		b.signIn(c.member, "")
		for _, r := range []response{
			b.get("/api/admin").expect(t, c.admin),
			b.get(acmeDocuments).expect(t, c.read),
			b.addDocument(`{"title":"Plan"}`).expect(t, c.create),
		} {
			if r.StatusCode == http.StatusForbidden && r.request != "GET /api/admin" {
				r.expect(t, 403, `"code":"`+c.code+`"`)
			}
		}
	}
	b.signIn(mona, "")
	b.visit("/api/admin").expect(t, 403, "<h1>Not allowed</h1>")
	b.visit("/").expect(t, 200, `href="/api/orgs/acme/documents"`)

	_, jwt := b.cookies()
	b.client.Jar = nil
	r := b.get("/api/admin", "Authorization", "Bearer "+jwt).expect(t, 403, "permission_denied")
	if got := r.Header.Get("WWW-Authenticate"); got != `Bearer error="insufficient_scope"` {
		t.Errorf("%s: WWW-Authenticate is %q, want insufficient_scope", r.request, got)
	}
}

func (s suite) documents(t *testing.T) {
	b := s.inSandbox(t)
	editor, err := b.app.Sandbox.Find(ed)
	if err != nil {
		t.Fatal(err)
	}
	b.signIn(ed, "")
	var added struct {
		ID             string `json:"document_id"`
		OrganizationID string `json:"organization_id"`
		Title          string `json:"title"`
		CreatedBy      string `json:"created_by"`
	}
	r := b.addDocument(`{"title":"Plan <b>"}`).expect(t, 201)
	if err := json.Unmarshal([]byte(r.body), &added); err != nil {
		t.Fatal(err)
	}
	if added.Title != "Plan <b>" || added.CreatedBy != editor.ID || added.OrganizationID != editor.OrganizationID {
		t.Errorf("%s adds %+v, want the title sent, by %s of %s", r.request, added, editor.ID, editor.OrganizationID)
	}
	for name, body := range map[string]string{
		"nothing":    "",
		"no JSON":    "title=Plan",
		"no title":   `{"titel":"Plan"}`,
		"too long":   `{"title":"` + strings.Repeat("a", 4<<10) + `"}`,
		"much of it": `{"title":"` + strings.Repeat("a", 100<<10) + `"}`,
	} {
		if r := b.addDocument(body); r.StatusCode != http.StatusBadRequest || !strings.HasPrefix(r.body, `{"error":"`) {
			t.Errorf("%s with %s: status %d, want 400 and what is wrong\n%s", r.request, name, r.StatusCode, r.body)
		}
	}
	b.addDocument(`{"title":"Forged"}`, "Origin", "https://evil.example").expect(t, 403, "cross_origin")

	b.signIn(mona, "")
	for _, path := range []string{acmeDocuments, "/api/orgs/" + editor.OrganizationID + "/documents"} {
		if r := b.get(path).expect(t, 200, added.ID); strings.Count(r.body, `"document_id"`) != 1 {
			t.Errorf("%s: want one document, got %s", r.request, r.body)
		}
	}
	b.signIn(eve, "")
	b.get("/api/orgs/globex/documents").expect(t, 200, `{"documents":[]}`)
	b.get("/api/orgs/ACME/documents").expect(t, 403, "organization_mismatch")
}

func (s suite) publicRoutes(t *testing.T) {
	b := s.inSandbox(t)
	do := func(r *http.Request) (*http.Response, error) {
		r.URL.Host = strings.TrimPrefix(b.base, "http://")
		return b.client.Do(r) //nolint:gosec // the host is the example's own
	}
	open, err := stytchtest.Unprotected(do, b.routes, stytchtest.WithUnsafeMethods())
	if err != nil {
		t.Error(err)
	}
	var got []string
	for _, route := range open {
		route.Method = cmp.Or(route.Method, http.MethodGet)          // Echo 5 lists one route for every method
		got = append(got, strings.TrimSuffix(route.String(), "{$}")) // http.ServeMux's end of the path
	}
	slices.Sort(got)
	want := []string{
		"GET /", "GET /api/session", "GET /auth/{path...}", "GET /healthz", "GET /login", "GET /readyz", "GET /sandbox", "GET /sandbox/calls", "GET /seed", "GET /static/demo.css", "GET /static/demo.js",
		"POST /sandbox/action", "POST /sandbox/sign-in",
	}
	if !slices.Equal(got, want) {
		t.Errorf("open to anybody are\n%q, want\n%q", got, want)
	}
	if all := len(b.routes); all < len(want)+7 {
		t.Errorf("%d routes are listed, want the %d public ones and those behind guards", all, len(want))
	}
}
