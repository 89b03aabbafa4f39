package demotest

import (
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

// machines are access tokens, of an M2M client and of a Connected App.
func (s suite) machines(t *testing.T) {
	b := s.inSandbox(t)
	b.signIn(s.admin, "")
	_, jwt := b.cookies()
	anonymous := newBrowser(t, b.app, b.auth, b.base)
	bearer := func(path, token string) response {
		return anonymous.get(path, "Authorization", "Bearer "+token)
	}
	machine := b.app.Sandbox.M2MClients()[0]
	ada, err := b.app.Sandbox.Find(s.admin)
	if err != nil {
		t.Fatal(err)
	}
	app := ada.AccessToken(stytchtest.Scopes("openid", "read:documents"))

	is := `"client_id":"` + sandbox.MachineID + `","kind":"m2m","subject":"` + sandbox.MachineID + `","scopes":["read:documents","create:documents"]}`
	bearer("/api/machine", machine.Token()).expect(t, 200, "{"+is)
	bearer("/api/either", machine.Token()).expect(t, 200, `{"by":"token",`+is)
	for _, path := range []string{"/api/machine", "/api/either"} {
		bearer(path, app).expect(t, 200, `"kind":"connected_app","subject":"`+ada.ID+`","scopes":["openid","read:documents"]`)
		r := bearer(path, machine.Token(stytchtest.Scopes("create:documents"))).expect(t, 403, `"code":"insufficient_scope"`)
		if got := r.Header.Get("WWW-Authenticate"); got != `Bearer error="insufficient_scope", scope="read:documents"` {
			t.Errorf("%s: WWW-Authenticate is %q, want that of RFC 6750 with the scope", r.request, got)
		}
		bearer(path, machine.Token(stytchtest.Age(2*time.Hour))).expect(t, 401, `"code":"token_invalid"`)
	}

	b.get("/api/machine").expect(t, 401, `"code":"token_missing"`)
	bearer("/api/machine", jwt).expect(t, 401, `"code":"token_invalid"`)
	anonymous.get("/api/machine", "Cookie", "stytch_session_jwt="+machine.Token()).expect(t, 401, `"code":"token_missing"`)
	bearer("/api/me", machine.Token()).expect(t, 401, `"code":"session_invalid"`)

	b.get("/api/either").expect(t, 200, `{"by":"session",`, ada.ID)
	bearer("/api/either", jwt).expect(t, 200, `{"by":"session",`, ada.ID)
	anonymous.get("/api/either").expect(t, 401, `"code":"session_missing"`)
}
