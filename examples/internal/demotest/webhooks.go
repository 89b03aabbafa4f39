package demotest

import (
	"net/http"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// webhooks: who is deleted at Stytch is out at once, though their session's JWT is fresh.
func (s suite) webhooks(t *testing.T) {
	t.Setenv("STYTCH_WEBHOOK_SECRET", stytchtest.WebhookSecret)
	b := s.inSandbox(t)
	b.post("/webhooks/stytch", nil).expect(t, http.StatusUnauthorized, "the signature is wrong or missing")
	b.get("/webhooks/stytch").expect(t, http.StatusMethodNotAllowed, "webhooks are posted")
	b.signIn(s.admin, "")
	stream := openStream(t.Context(), t, b.client, b.base)
	stream.hears("event: hello", `data: {"subject":*`, "")
	s.deleted(t, b)
	stream.hears("event: denied", `data: {"code":"session_ended"}`, "")
	stream.ends()
	b.get("/api/me").expect(t, http.StatusUnauthorized, `"code":"session_ended"`)
}

// deleted deletes the admin at Stytch, as the dashboard does.
func (s suite) deleted(t *testing.T, b *browser) {
	t.Helper()
	found, err := b.app.Sandbox.Find(s.admin)
	if err != nil {
		t.Fatal(err)
	}
	at := "/v1/users/" + found.ID
	if s.vertical == stytchkit.B2B {
		at = "/v1/b2b/organizations/" + found.OrganizationID + "/members/" + found.ID
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, b.app.Sandbox.URL()+at, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(b.app.Sandbox.ProjectID(), b.app.Sandbox.Secret())
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // only its status counts
	if res.StatusCode != http.StatusOK {
		t.Fatalf("deleting somebody: %s", res.Status)
	}
}
