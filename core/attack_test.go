package stytchkit_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// from is a request of a client with this address.
func from(address string, r *http.Request) *http.Request {
	r.RemoteAddr = address
	return r
}

// A session's ID is no credential: whoever knows one changes nothing for its member.
func TestASessionIDIsNoCredential(t *testing.T) {
	for name, present := range map[string]func(id string) *http.Request{
		"as a cookie":     func(id string) *http.Request { return request(tokenCookie(id)) },
		"as a bearer":     bearer,
		"as a JWT cookie": func(id string) *http.Request { return request(jwtCookie(id)) },
	} {
		w := newWorld(t)
		alice := w.member("alice@example.com")
		if _, err := endSession(w.auth, present(alice.ID)); err != nil {
			t.Errorf("%s: signing out gave %v", name, err)
		}
		mallory := w.member("mallory@example.com")
		if _, err := w.auth.SessionCookies(stytchkit.HTTPRequest{R: present(alice.ID)}, mallory.Token, mallory.JWT(), mallory.ExpiresAt()); err != nil {
			t.Errorf("%s: signing in gave %v", name, err)
		}
		if d := check(w.auth.Require(), request(jwtCookie(alice.JWT()))); d.Session.ID() != alice.ID {
			t.Errorf("%s: alice's JWT is answered %q", name, code(d))
		}
		if d := check(w.auth.Require(stytchkit.Fresh(0)), request(tokenCookie(alice.Token), jwtCookie(alice.JWT()))); d.Session.ID() != alice.ID || setCookies(d) != "set" {
			t.Errorf("%s: alice, asked about: %q, cookies %s; want her let in and refreshed", name, code(d), setCookies(d))
		}
	}
}

// Made-up tokens at the sign-out are rationed as questions about them are, and change nothing for others.
func TestAFloodOfMadeUpSignOutsChangesNothingForOthers(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) {
		c.Limits.UnprovenPerSecond, c.Limits.UnprovenBurst = 10, 20
		c.Limits.EndedSessions, c.Limits.PendingRevocations = 64, 4
	})
	alice := w.member("alice@example.com")
	w.clock.Advance(time.Second)
	for range 500 {
		_, _ = endSession(w.auth, from("192.0.2.1:1000", request(tokenCookie(randomToken()), tokenCookie(strings.Repeat("t", 400)+randomToken()))))
	}
	if n := w.srv.Calls(stytchtest.Revoke); n > 20 {
		t.Errorf("1,000 made-up tokens cost %d revocations, want the 20 of the burst", n)
	}
	w.srv.ResetCalls()
	if d := check(w.auth.Require(), request(jwtCookie(alice.JWT(stytchtest.Age(time.Second))))); d.Session.ID() != alice.ID || w.asked() != 0 {
		t.Errorf("alice's JWT of before: %q after %d calls, want her let in without any: nothing proven has ended", code(d), w.asked())
	}
	w.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: 500})
	if _, err := endSession(w.auth, request(jwtCookie(alice.JWT()))); err == nil || !strings.Contains(err.Error(), "retried") {
		t.Errorf("alice's sign-out in an outage: %v, want it to be retried", err)
	}
	if h := w.auth.Health(); h.PendingRevocations != 1 || h.EndedSessions > 64 {
		t.Errorf("got %d revocations pending and %d endings, want alice's alone", h.PendingRevocations, h.EndedSessions)
	}
}

// A token that was merely presented at a sign-out is refused to whoever presents the same bytes.
func TestAnUnprovenTokenThatWasSignedOutIsOver(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	w.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: 500})
	if _, err := endSession(w.auth, request(tokenCookie(alice.Token))); err == nil || strings.Contains(err.Error(), alice.Token) {
		t.Errorf("got %v, want an error that says so, without the token", err)
	}
	if d := check(w.auth.Require(), request(tokenCookie(alice.Token))); code(d) != "session_ended" || w.asked() != 0 {
		t.Errorf("the same token: got %q after %d calls", code(d), w.asked())
	}
}

// One address may use the whole rate, and no more than its share once others come.
func TestOneClientKeepsNobodyOut(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Limits.UnprovenPerSecond, c.Limits.UnprovenBurst = 100, 100 })
	alone := 0
	for range 300 {
		if d := check(w.auth.Require(), from("192.0.2.1:1000", bearer(randomToken()))); code(d) == "session_ended" {
			alone++
		}
	}
	if alone < 70 || alone > 100 {
		t.Errorf("one client alone had %d of 300 asked about, want most of the 100", alone)
	}
	asked, refused := 0, 0
	for second := range 20 {
		for tick := range 10 {
			w.clock.Advance(100 * time.Millisecond)
			for range 20 {
				check(w.auth.Require(), from("192.0.2.1:1000", bearer(randomToken())))
			}
			if second >= 4 { // once it has been seen before
				asked++
				if d := check(w.auth.Require(), from(fmt.Sprintf("192.0.2.2:%d", 1000+tick), bearer(randomToken()))); code(d) != "session_ended" {
					refused++
				}
			} else {
				check(w.auth.Require(), from("192.0.2.2:1000", bearer(randomToken())))
			}
		}
	}
	if refused*20 > asked {
		t.Errorf("%d of %d of a quiet client were refused beside one that sends 20 times as much, want less than 5 %%", refused, asked)
	}
}

// Whose X-Forwarded-For is believed decides whose ration a request spends.
func TestASpoofedAddressBuysNothing(t *testing.T) {
	spoofed := func(w *world) (answered int) {
		for i := range 60 {
			r := from("192.0.2.1:1000", bearer(randomToken()))
			r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i))
			if d := check(w.auth.Require(), r); code(d) == "session_ended" {
				answered++
			}
		}
		return answered
	}
	limits := func(c *stytchkit.Config) { c.Limits.UnprovenPerSecond, c.Limits.UnprovenBurst = 10, 20 }
	if n := spoofed(newWorld(t, limits)); n > 20 {
		t.Errorf("with made-up addresses one client had %d asked about, want the burst of 20", n)
	}
	behind := newWorld(t, limits, func(c *stytchkit.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
	if n := spoofed(behind); n > 20 {
		t.Errorf("many clients behind a proxy had %d asked about, want the burst of 20", n)
	}
}

// A guard that may do without Stytch is not bound by an outer one that could not.
func TestALooserGuardInsideDecidesForItself(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
	outer, inner := nested(w.auth.Optional(stytchkit.Fresh(0)), w.auth.Require(), request(jwtCookie(alice.JWT())))
	if outer.Initialized || inner.Session.ID() != alice.ID {
		t.Errorf("outside: initialized %v; inside: %q; want her let in, as alone", outer.Initialized, code(inner))
	}
	w.srv.ResetCalls()
	_, inner = nested(w.auth.Optional(), w.auth.Require(stytchkit.Fresh(0)), request(jwtCookie(alice.JWT(stytchtest.Age(6*time.Minute)))))
	if code(inner) != "stytch_unavailable" || w.asked() != 1 {
		t.Errorf("a stricter one: %q after %d calls, want the outer one's reason and one call", code(inner), w.asked())
	}
}

func TestSigningOutByBearerTouchesNoCookies(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	if cookies, err := endSession(w.auth, bearer(alice.JWT())); err != nil || len(cookies) != 0 {
		t.Errorf("by bearer: got %v, %v; want no cookies", cookies, err)
	}
	if cookies, err := endSession(w.auth, request()); err != nil || len(cookies) != 6 {
		t.Errorf("with nothing presented: got %v, %v; want all cleared", cookies, err)
	}
}

// Junk in front of a credential keeps a sign-out from nothing.
func TestSigningOutEndsWhatStandsBehindJunk(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	r := request()
	for i := range 15 {
		r.Header.Add("Cookie", tokenCookie(fmt.Sprint("made-up-token-", i))+"; "+jwtCookie(fmt.Sprintf("made.up.%d", i)))
	}
	r.Header.Add("Cookie", tokenCookie(alice.Token)+"; "+jwtCookie(alice.JWT()))
	if _, err := endSession(w.auth, r); err != nil {
		t.Fatal(err)
	}
	if d := check(w.authenticator().Require(), bearer(alice.Token)); code(d) != "session_ended" {
		t.Errorf("alice's token at Stytch: %q, want session_ended", code(d))
	}
	for i := range 2 {
		r.Header.Add("Cookie", tokenCookie(fmt.Sprint("one-too-many-", i)))
	}
	if _, err := endSession(w.auth, r); err == nil || !strings.Contains(err.Error(), "more credentials") {
		t.Errorf("seventeen: got %v, want an error that says so", err)
	}
}

// The 400 of contradicting sessions leads to where signing out resolves it.
func TestThePageOfContradictingSessionsLeadsToTheSignOut(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.LogoutURL = "/auth/logout?a=1&b=2" })
	r := request(jwtCookie(w.member("a@example.com").JWT()), jwtCookie(w.member("b@example.com").JWT()))
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	d := check(w.auth.Require(), r)
	if code(d) != "invalid_request" || !strings.Contains(string(d.Denial.Body), `<a class="button" href="/auth/logout?a=1&amp;b=2">Sign out</a>`) {
		t.Errorf("got %q and the page\n%s", code(d), d.Denial.Body)
	}
	r.Header.Del("Cookie")
	if d := check(w.auth.Require(), r); strings.Contains(string(d.Denial.Body), "Sign out") {
		t.Errorf("a page without a session leads to the sign-out:\n%s", d.Denial.Body)
	}
	cfg := w.srv.Config()
	cfg.LogoutURL = "//evil.example"
	if _, err := stytchkit.New(cfg); err == nil || !strings.Contains(err.Error(), "LogoutURL") {
		t.Errorf("got %v, want an error that names LogoutURL", err)
	}
}

func TestNothingPrintsTheSecret(t *testing.T) {
	w := newWorld(t)
	cfg := w.srv.Config()
	asJSON := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var logged strings.Builder
	log := slog.New(slog.NewTextHandler(&logged, nil))
	log.Info("config", "config", cfg, "pointer", &cfg, "auth", w.auth)
	holder := struct {
		Config stytchkit.Config
		Auth   *stytchkit.Authenticator
	}{cfg, w.auth}
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x %d", cfg, cfg, cfg, cfg, cfg, cfg, cfg), fmt.Sprintf("%v %+v %#v", &cfg, &cfg, &cfg),
		fmt.Sprintf("%v %+v %#v %s %q %x %d", w.auth, w.auth, w.auth, w.auth, w.auth, w.auth, w.auth),
		fmt.Sprintf("%v %+v %#v", holder, holder, holder), asJSON(cfg), asJSON(&cfg), asJSON(w.auth), asJSON(holder), logged.String(),
	} {
		if strings.Contains(text, cfg.Secret) || !strings.Contains(text, cfg.ProjectID) {
			t.Errorf("printed as %s, want the project and not its secret", strings.ReplaceAll(text, cfg.Secret, "(THE SECRET)"))
		}
	}
}

// A wrong secret is known before anybody signs in.
func TestAWrongSecretIsKnownAtTheStart(t *testing.T) {
	w := newWorld(t)
	wrong := w.authenticator(func(c *stytchkit.Config) { c.Secret = "secret-test-wrong" })
	if err := wrong.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "Secret") || strings.Contains(err.Error(), "secret-test-wrong") {
		t.Errorf("Ready gave %v, want an error that names Secret and does not tell it", err)
	}
	if n := strings.Count(w.log.String(), "level=ERROR"); n != 1 || !strings.Contains(w.log.String(), "check ProjectID, Secret and BaseURL") {
		t.Errorf("logged %d errors, want one that says what to check:\n%s", n, w.log.String())
	}
	if d := check(wrong.Require(stytchkit.Permission("documents", "read")), bearer(w.member("a@acme.example").JWT())); code(d) != "stytch_misconfigured" {
		t.Errorf("a permission is answered %q, want stytch_misconfigured", code(d))
	}
	w.srv.Fail(stytchtest.RBACPolicy, stytchtest.Fault{Status: 500})
	down := w.authenticator()
	if err := down.Ready(t.Context()); err != nil {
		t.Errorf("an outage is no refusal: %v", err)
	}
	w.srv.Recover()
	w.srv.Fail(stytchtest.RBACPolicy, stytchtest.Fault{Status: 401, ErrorType: "unauthorized_credentials"})
	_ = w.auth.RefreshPolicy(t.Context())
	if err := w.auth.Ready(t.Context()); err != nil {
		t.Errorf("a refusal later on: Ready gave %v, want an ERROR in the log alone", err)
	}
}

// A decision holds cookies to be set: it is in contexts, and ends up in logs.
func TestADecisionPrintsNoToken(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	d := check(w.auth.Require(), request(tokenCookie(alice.Token)))
	if setCookies(d) != "set" {
		t.Fatalf("cookies %s, want them set", setCookies(d))
	}
	asJSON, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	slog.New(slog.NewTextHandler(&logged, nil)).Info("decided", "decision", d, "pointer", &d)
	held := struct{ D stytchkit.Decision }{d}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", d, d, d), fmt.Sprintf("%+v %+v", &d, held), fmt.Sprintf("%+v", d.Context(t.Context())), string(asJSON), logged.String()} {
		if strings.Contains(text, alice.Token) || strings.Contains(text, "eyJ") {
			t.Errorf("printed a token")
		}
	}
}
