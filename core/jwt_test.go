package stytchkit_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"
	"unsafe"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// draft is a valid JWT of this world's project, issued a minute ago.
func (w *world) draft() *draft {
	return newDraft(w.clock.Now(), w.srv.KeyID(), w.srv.ProjectID(), signingKey())
}

// Each of these is the least or the most of its standing.
func TestTheStandingOfAJWT(t *testing.T) {
	w := newWorld(t)
	now := w.clock.Now()
	unix := func(d time.Duration) int64 { return now.Add(d).Unix() }
	for _, row := range []struct {
		name   string
		want   string
		change func(*draft)
	}{
		{"a fresh one is live", "live", func(*draft) {}},
		{"within the leeway after exp it is live", "live", func(d *draft) { d.claims["exp"] = unix(-4 * time.Second) }},
		{"at the end of the leeway it has expired", "expired", func(d *draft) { d.claims["exp"] = unix(-5 * time.Second) }},
		{"a year after exp it has expired", "expired", func(d *draft) { d.claims["exp"] = unix(-365 * 24 * time.Hour) }},
		{"when its session ends it has expired, without leeway", "expired", func(d *draft) {
			d.session["expires_at"] = now.Format(time.RFC3339)
		}},
		{"a second before its session ends it is live", "live", func(d *draft) {
			d.session["expires_at"] = now.Add(time.Second).Format(time.RFC3339)
		}},
		{"within the leeway before nbf it is live", "live", func(d *draft) { d.claims["nbf"] = unix(5 * time.Second) }},
		{"before that it is early, not forged", "early", func(d *draft) { d.claims["nbf"] = unix(6 * time.Second) }},
		{"within the leeway before iat it is live", "live", func(d *draft) { d.claims["iat"] = unix(5 * time.Second) }},
		{"before that it is early", "early", func(d *draft) { d.claims["iat"] = unix(6 * time.Second) }},
		{"an hour before nbf and iat it is early", "early", func(d *draft) {
			d.claims["nbf"], d.claims["iat"], d.claims["exp"] = unix(time.Hour), unix(time.Hour), unix(65*time.Minute)
		}},
		{"both early and expired, it has expired", "expired", func(d *draft) {
			d.claims["nbf"], d.claims["exp"] = unix(time.Hour), unix(-time.Hour)
		}},
		{"expired for another project it is forged", "forged", func(d *draft) {
			d.claims["exp"], d.claims["aud"] = unix(-time.Hour), "project-test-other"
		}},
		{"early for another project it is forged", "forged", func(d *draft) {
			d.claims["nbf"], d.claims["aud"] = unix(time.Hour), "project-test-other"
		}},
		{"without exp it is forged", "forged", func(d *draft) { d.claims["exp"] = absent{} }},
		{"without iat it is forged", "forged", func(d *draft) { d.claims["iat"] = absent{} }},
		{"an expired machine's token is forged, not asked about", "forged", func(d *draft) {
			d.claims["exp"], d.claims[sessionClaim] = unix(-time.Hour), absent{}
		}},
		{"without an organization it is forged", "forged", func(d *draft) { d.claims[organizationClaim] = absent{} }},
		{"without a member it is forged", "forged", func(d *draft) { d.claims["sub"] = "" }},
		{"without a session ID it is forged", "forged", func(d *draft) { d.session["id"] = "" }},
		{"a custom domain's issuer is this project's too", "live", func(d *draft) { d.claims["iss"] = w.srv.URL() }},
		{"another issuer is forged", "forged", func(d *draft) { d.claims["iss"] = "stytch.com/project-test-other" }},
		{"an expired one with critical extensions is forged", "forged", func(d *draft) {
			d.claims["exp"], d.header["crit"] = unix(-time.Hour), []string{"exp"}
		}},
		{"a time in the year 10000 is forged", "forged", func(d *draft) { d.claims["exp"] = 253402300800 }},
		{"claims that break off are forged", "forged", func(d *draft) { d.claimsJSON = func(c string) string { return c[:len(c)-1] } }},
		{"claims with more behind are forged", "forged", func(d *draft) { d.claimsJSON = func(c string) string { return c + "}" } }},
		{"a custom claim that is no JSON is forged", "forged", func(d *draft) { d.claimsJSON = appended(`"plan":pro`) }},
		{"16 KB are read", "live", func(d *draft) { d.claims["padding"] = strings.Repeat("x", 10<<10) }},
		{"more than 16 KB are forged", "forged", func(d *draft) { d.claims["padding"] = strings.Repeat("x", 12<<10) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := w.draft()
			row.change(d)
			token := d.token(t)
			standing, session, err := w.auth.Verify(t.Context(), token)
			signed := standing != "forged" && standing != "undecided"
			if standing != row.want || (session != nil) != signed || (err == nil) != (standing == "live") {
				t.Errorf("got %s, %v, %v; want %s\nJWT %.3000s", standing, session, err, row.want, token)
			}
			if err != nil && strings.Contains(err.Error(), token[len(token)-20:]) {
				t.Errorf("the error tells the JWT: %v", err)
			}
		})
	}
	if calls := w.srv.TotalCalls(); calls != 0 {
		t.Errorf("%d calls were made, want none", calls)
	}
}

// What does not even claim to be this project's is refused without a look at the key set.
func TestAForeignJWTFetchesNoKeys(t *testing.T) {
	w := newWorld(t)
	w.clock.Advance(time.Minute) // past the cooldown: a fetch would be made at once
	for name, change := range map[string]func(*draft){
		"another issuer":             func(d *draft) { d.claims["iss"] = "https://accounts.google.com" },
		"another audience":           func(d *draft) { d.claims["aud"] = []string{"another"} },
		"no audience":                func(d *draft) { d.claims["aud"] = absent{} },
		"claims that are no object":  func(d *draft) { d.claimsJSON = func(string) string { return `"claims"` } },
		"claims that are not base64": func(d *draft) { d.finish = func(p []string) string { return p[0] + ".?." + p[2] } },
		"another algorithm":          func(d *draft) { d.header["alg"] = "ES256" },
		"no key ID":                  func(d *draft) { d.header["kid"] = absent{} },
		"a key ID of 257 bytes":      func(d *draft) { d.header["kid"] = strings.Repeat("k", 257) },
		"critical extensions":        func(d *draft) { d.header["crit"] = []string{"b64"} },
		"a header that is a list":    func(d *draft) { d.headerJSON = func(h string) string { return "[" + h + "]" } },
		"a header with a number":     func(d *draft) { d.headerJSON = appended(`"alg":1`) },
		"a header beyond base64url": func(d *draft) {
			d.headerJSON = func(h string) string { return h + strings.Repeat(" ", 2-(len(h)+2)%3) } // whole groups before the end
			d.finish = func(p []string) string { return p[0] + "!." + p[1] + "." + p[2] }
		},
	} {
		d := w.draft()
		d.header["kid"] = "another-key"
		change(d)
		token := d.token(t)
		if standing, _, err := w.auth.Verify(t.Context(), token); standing != "forged" {
			t.Errorf("%s: got %s (%v), want forged\nJWT %s", name, standing, err, token)
		}
	}
	w.idle()
	if calls := w.srv.TotalCalls(); calls != 0 {
		t.Errorf("%d calls were made, want none", calls)
	}
}

// A framework that reuses its buffers overwrites the request's strings.
func TestASessionKeepsNothingOfTheRequestsBuffer(t *testing.T) {
	w := newWorld(t)
	alice := w.srv.AddMember(stytchtest.Member{Email: "alice@example.com", Roles: []string{"editor"}}).
		SignIn(stytchtest.WithClaims(map[string]any{"plan": "pro"}))
	bob := w.srv.AddMember(stytchtest.Member{Email: "bob@example.com"}).SignIn()
	for name, token := range map[string]string{"a live JWT": alice.JWT(), "an expired one": alice.JWT(stytchtest.Age(time.Hour))} {
		buffer := []byte(token)
		_, session, err := w.auth.Verify(t.Context(), unsafe.String(&buffer[0], len(buffer))) //nolint:gosec // as fasthttp does
		if session == nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i := range buffer {
			buffer[i] = 'X'
		}
		for range 8 { // nor of the verifier's own buffers
			_, _, _ = w.auth.Verify(t.Context(), bob.JWT())
		}
		claims, err := stytchkit.Claims[map[string]any](session)
		if err != nil || claims["plan"] != "pro" || session.ID() != alice.ID || !session.HasRole("editor") {
			t.Errorf("%s: after its buffer was reused the session is %v with roles %v and claims %v, %v", name, session, session.Roles(), claims, err)
		}
	}
}

func TestNoBytesMakeTheVerifierPanic(t *testing.T) {
	w := newWorld(t)
	token := w.draft().token(t)
	try := func(token string) {
		t.Helper()
		defer func() {
			if p := recover(); p != nil {
				t.Fatalf("panic: %v\nJWT %q", p, token)
			}
		}()
		if standing, _, _ := w.auth.Verify(context.Background(), token); standing == "live" {
			t.Errorf("live: %q", token)
		}
	}
	for i := range len(token) {
		try(token[:i])
		try(token[:i] + "\x00" + token[i+1:])
		try(token[:i] + "." + token[i:])
	}
	for i := range 1000 {
		data := make([]byte, i)
		_, _ = rand.Read(data)
		encoded := base64.RawURLEncoding.EncodeToString(data)
		try(string(data))
		try(fmt.Sprintf("%s.%s.%s", encoded, encoded, encoded))
	}
}
