package demotest

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func (s suite) outage(t *testing.T) {
	stytch := stytchtest.Start(t, stytchtest.Options{Vertical: s.vertical})
	session := somebody(stytch, "")
	app := s.newApp(t, stytch, "")
	b := s.open(t, app, app.Config())
	b.client.Jar = nil
	opaque, jwt := "stytch_session="+session.Token, "stytch_session_jwt="+session.JWT()
	unasked := "stytch_session=" + somebody(stytch, "later@acme.example").Token
	other := "stytch_session_jwt=" + somebody(stytch, "other@acme.example").JWT()
	b.get("/api/me", "Cookie", opaque).expect(t, 200, `"source":"stytch"`)
	b.get("/api/session", "Cookie", jwt).expect(t, 200, s.person, `"fromCache":true,"isInitialized":true}`) // what Stytch said with the token
	b.get("/sandbox").expect(t, 404)
	b.post("/sandbox/sign-in", url.Values{"member": {session.ID}}).expect(t, 404)
	b.visit("/login").expect(t, 200, "examples/sandbox")

	stytch.Stop()
	b.get("/api/me", "Cookie", jwt).expect(t, 200)
	b.get("/api/me", "Cookie", opaque).expect(t, 200, `"source":"cache"`)
	r := b.get("/api/me", "Cookie", unasked).expect(t, 503, "stytch_unavailable")
	if r.Header.Get("Retry-After") == "" || len(r.Cookies()) > 0 {
		t.Errorf("%s: want Retry-After and no cookie, got %v", r.request, r.Header)
	}
	b.get("/api/session", "Cookie", unasked).expect(t, 200, `"session":null`, `"isInitialized":false`)
	b.get("/api/session", "Cookie", jwt).expect(t, 200, s.person, `"fromCache":true,"isInitialized":true}`)
	b.get("/api/session", "Cookie", other).expect(t, 200, s.session, strings.TrimSuffix(s.person, "{")+"null,", `"fromCache":false,"isInitialized":false}`)
	b.get("/profile", "Cookie", other).expect(t, 200, "<h1>Your Profile</h1>", "You have not been signed out", strings.Trim(s.session, `"`))
	b.get("/", "Cookie", unasked).expect(t, 200, "You have not been signed out")
	b.get("/profile", "Cookie", unasked, "Accept", "text/html").expect(t, 503, "<h1>Try again shortly</h1>")
}

func (s suite) startedWhileDown(t *testing.T) {
	clock := stytchtest.NewClock(time.Now())
	stytch := stytchtest.Start(t, stytchtest.Options{Clock: clock, Vertical: s.vertical})
	jwt := somebody(stytch, "").JWT()
	stytch.Stop()
	app := s.newApp(t, stytch, "")
	config := app.Config()
	config.Clock = clock
	b := s.open(t, app, config)
	b.get("/healthz").expect(t, 200)
	b.get("/readyz").expect(t, 503)
	b.get("/api/me", "Authorization", "Bearer "+jwt).expect(t, 503)

	if err := stytch.Restart(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	back := clock.Now()
	for b.auth.Ready(ctx) != nil {
		if err := clock.BlockUntil(ctx, 2); err != nil { // the keys' next fetch, and the policy's
			t.Fatal(err)
		}
		clock.Advance(time.Second)
	}
	t.Logf("ready within %v", clock.Now().Sub(back))
	b.get("/readyz").expect(t, 200)
	b.get("/api/me", "Authorization", "Bearer "+jwt).expect(t, 200)
}
