package stytchkit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// trusting takes the tokens of Connected Apps.
func trusting(issuer string) func(*stytchkit.Config) {
	return func(c *stytchkit.Config) { c.Issuers = []string{issuer} }
}

func TestAMachinesToken(t *testing.T) {
	w := newWorld(t)
	client := w.srv.AddM2MClient(stytchtest.M2MClient{Scopes: []string{"read:documents", "write:*"}})
	guard := w.auth.RequireToken(stytchkit.Scopes("read:documents", "write:users"), stytchkit.MaxAge(time.Minute))
	for i := range 2 {
		r := bearer(client.Token(stytchtest.Claim("tenant", json.Number("9007199254740993"))))
		d := check(guard, r)
		got := d.Token
		if d.Denial != nil || d.Session != nil || d.Source != stytchkit.FromToken || !d.FromCache || !d.Initialized {
			t.Fatalf("got %q, a session %v from %q", code(d), d.Session, d.Source)
		}
		if got.Kind() != stytchkit.M2M || got.ClientID() != client.ID || got.Subject() != client.ID || got.OrganizationID() != "" ||
			!got.IssuedAt().Equal(w.clock.Now()) || !got.ExpiresAt().Equal(w.clock.Now().Add(time.Hour)) {
			t.Errorf("%d: got %v, %v until %v", i, got, got.IssuedAt(), got.ExpiresAt())
		}
		if !got.HasScope("read:documents") || !got.HasScope("write:anything") || got.HasScope("read:users") || len(got.Scopes()) != 2 {
			t.Errorf("%d: got the scopes %v", i, got.Scopes())
		}
		if claims, err := stytchkit.TokenClaims[map[string]json.Number](got); err != nil || len(claims) != 1 || claims["tenant"] != "9007199254740993" {
			t.Errorf("%d: got the claims %v, %v", i, claims, err)
		}
		in := d.Context(r.Context())
		if stytchkit.TokenFrom(in) != got || stytchkit.SessionFrom(in) != nil {
			t.Errorf("%d: the context holds %v and %v", i, stytchkit.TokenFrom(in), stytchkit.SessionFrom(in))
		}
		if printed := fmt.Sprintf("%+v", got); printed != "access token of "+client.ID {
			t.Errorf("printed as %s", printed)
		}
		if body, err := json.Marshal(got); err != nil || !strings.HasPrefix(string(body), `{"kind":"m2m","client_id":"`+client.ID+`"`) {
			t.Errorf("got %s, %v", body, err)
		}
	}
	if n := w.srv.TotalCalls(); n != 0 {
		t.Errorf("%d calls to Stytch", n)
	}
	if got := w.auth.Health().Tokens; got != 2 && got != 1 {
		t.Errorf("%d tokens are remembered", got)
	}
}

func TestAConnectedAppsToken(t *testing.T) {
	for _, vertical := range []stytchtest.Vertical{stytchtest.B2B, stytchtest.Consumer} {
		w := newWorldOf(t, vertical)
		w.auth = w.authenticator(trusting(stytchtest.ConnectedAppIssuer))
		var token, subject, organization string
		if vertical == stytchtest.Consumer {
			uma := w.srv.AddUser(stytchtest.User{})
			token, subject = uma.AccessToken(), uma.ID
		} else {
			alice := w.srv.AddMember(stytchtest.Member{})
			token, subject, organization = alice.AccessToken(), alice.ID, alice.OrganizationID
		}
		if err := w.auth.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		d := check(w.auth.RequireToken(stytchkit.Scopes("openid")), bearer(token))
		if got := d.Token; got.Kind() != stytchkit.ConnectedApp || got.Subject() != subject || got.OrganizationID() != organization || !strings.HasPrefix(got.ClientID(), "connected-app-") {
			t.Errorf("%v: got %q, %v in %q", vertical, code(d), got, got.OrganizationID())
		}
	}
}

func TestEveryMethodOfAnAccessTokenIsSafeOnNil(t *testing.T) {
	var none *stytchkit.AccessToken
	if none.Kind() != "" || none.ClientID() != "" || none.Subject() != "" || none.OrganizationID() != "" || none.Scopes() != nil || none.HasScope("a") ||
		!none.IssuedAt().IsZero() || !none.ExpiresAt().IsZero() || fmt.Sprint(none) != "no access token" || none.LogValue().String() == "" {
		t.Error("nil is somebody")
	}
	if body, err := json.Marshal(none); err != nil || string(body) != "null" {
		t.Errorf("got %s, %v", body, err)
	}
	if claims, err := stytchkit.TokenClaims[map[string]any](none); claims != nil || err != nil {
		t.Errorf("got %v, %v", claims, err)
	}
}

// Each line of the check, by a token that only it refuses.
func TestWhatIsNoAccessToken(t *testing.T) {
	w := newWorld(t)
	w.auth = w.authenticator(trusting(stytchtest.ConnectedAppIssuer))
	if err := w.auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	client := w.srv.AddM2MClient(stytchtest.M2MClient{Scopes: []string{"read:documents"}})
	alice := w.srv.AddMember(stytchtest.Member{})
	foreign := stytchtest.Start(t, stytchtest.Options{Clock: w.clock, ProjectID: "project-test-other"})
	m2m := func(options ...stytchtest.JWTOption) string { return client.Token(options...) }
	app := func(options ...stytchtest.JWTOption) string { return alice.AccessToken(options...) }
	now := w.clock.Now()
	for _, row := range []struct {
		name  string
		token string
		want  string
	}{
		{"as it should be", m2m(), ""},
		{"an imported client's", m2m(stytchtest.Claim("sub", "my-own-client")), ""},
		{"without scopes", m2m(stytchtest.Scopes()), ""},
		{"just within the leeway", m2m(stytchtest.Age(time.Hour + 4*time.Second)), ""},
		{"expired", m2m(stytchtest.Age(time.Hour + 6*time.Second)), stytchkit.CodeTokenInvalid},
		{"of a time to come", m2m(stytchtest.Age(-time.Minute)), stytchkit.CodeTokenInvalid},
		{"not valid yet", m2m(stytchtest.Claim("nbf", now.Add(time.Minute).Unix())), stytchkit.CodeTokenInvalid},
		{"without exp", m2m(stytchtest.WithoutClaim("exp")), stytchkit.CodeTokenInvalid},
		{"without iat", m2m(stytchtest.WithoutClaim("iat")), stytchkit.CodeTokenInvalid},
		{"of another audience", m2m(stytchtest.Claim("aud", []string{"project-test-other"})), stytchkit.CodeTokenInvalid},
		{"without an audience", m2m(stytchtest.WithoutClaim("aud")), stytchkit.CodeTokenInvalid},
		{"of another issuer", m2m(stytchtest.Claim("iss", "https://evil.customers.stytch.com")), stytchkit.CodeTokenInvalid},
		{"without a subject", m2m(stytchtest.WithoutClaim("sub")), stytchkit.CodeTokenInvalid},
		{"scope is a list", m2m(stytchtest.Claim("scope", []string{"read:documents"})), stytchkit.CodeTokenInvalid},
		{"scope is missing", m2m(stytchtest.WithoutClaim("scope")), stytchkit.CodeTokenInvalid},
		{"with the claim of a session", m2m(stytchtest.Claim(sessionClaim, map[string]any{"id": "session-test-1"})), stytchkit.CodeTokenInvalid},
		{"with an empty claim of a session", m2m(stytchtest.Claim(sessionClaim, map[string]any{})), stytchkit.CodeTokenInvalid},
		{"with null for a session", m2m(stytchtest.Claim(sessionClaim, nil)), stytchkit.CodeTokenInvalid},
		{"client_id without jti", m2m(stytchtest.Claim("client_id", "connected-app-test-1")), stytchkit.CodeTokenInvalid},
		{"jti without client_id", m2m(stytchtest.Claim("jti", "1")), stytchkit.CodeTokenInvalid},
		{"a Connected App's", app(), ""},
		{"a Connected App's of nobody's organization", app(stytchtest.WithoutClaim(organizationClaim)), stytchkit.CodeTokenInvalid},
		{"a session's, expired or not", alice.SignIn().JWT(), stytchkit.CodeTokenInvalid},
		{"a session's with a scope", alice.SignIn().JWT(stytchtest.Claim("scope", "read:documents")), stytchkit.CodeTokenInvalid},
		{"another project's", foreign.AddM2MClient(stytchtest.M2MClient{}).Token(), stytchkit.CodeTokenInvalid},
		{"an opaque token", alice.SignIn().Token, stytchkit.CodeTokenInvalid},
		{"changed", m2m() + "A", stytchkit.CodeTokenInvalid},
		{"nothing", "", stytchkit.CodeTokenInvalid},
	} {
		for range 2 { // remembered or not
			if d := check(w.auth.RequireToken(), bearer(row.token)); code(d) != row.want || (d.Token != nil) != (row.want == "") {
				t.Errorf("%s: got %q (%v), want %q", row.name, code(d), d.Denial, row.want)
			}
		}
	}
	if d := check(w.auth.RequireToken(), request()); code(d) != stytchkit.CodeTokenMissing {
		t.Errorf("nothing presented: got %q", code(d))
	}
	if d := check(w.authenticator().RequireToken(), bearer(app())); d.Denial == nil {
		t.Error("a Connected App's issuer is taken without Config.Issuers")
	}
}

func TestATokenIsJudgedOnEveryHit(t *testing.T) {
	w := newWorld(t)
	token := w.srv.AddM2MClient(stytchtest.M2MClient{}).Token()
	guard, recent := w.auth.RequireToken(), w.auth.RequireToken(stytchkit.MaxAge(10*time.Minute))
	for _, row := range []struct {
		after       time.Duration
		want, aging string
	}{
		{0, "", ""},
		{10*time.Minute + 5*time.Second, "", ""},
		{10*time.Minute + 6*time.Second, "", stytchkit.CodeTokenInvalid},
		{time.Hour + 4*time.Second, "", stytchkit.CodeTokenInvalid},
		{time.Hour + 6*time.Second, stytchkit.CodeTokenInvalid, stytchkit.CodeTokenInvalid},
	} {
		w.clock.Set(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC).Add(row.after))
		if d := check(guard, bearer(token)); code(d) != row.want {
			t.Errorf("after %v: got %q, want %q", row.after, code(d), row.want)
		}
		if d := check(recent, bearer(token)); code(d) != row.aging {
			t.Errorf("after %v, no older than 10 minutes: got %q, want %q", row.after, code(d), row.aging)
		}
	}
}

func TestATokenOfAKeyThatIsGoneIsForgotten(t *testing.T) {
	w := newWorld(t)
	token := w.srv.AddM2MClient(stytchtest.M2MClient{}).Token()
	if d := check(w.auth.RequireToken(), bearer(token)); d.Denial != nil {
		t.Fatal(d.Denial)
	}
	w.srv.RotateKeys()
	w.srv.DropOldKeys()
	w.clock.Advance(time.Minute)
	fresh := w.srv.AddM2MClient(stytchtest.M2MClient{}).Token() // its unknown key makes the keys be fetched
	for deadline := within(t, 5*time.Second); ; {
		if d := check(w.auth.RequireToken(), bearer(fresh)); d.Denial == nil {
			break
		} else if code(d) != stytchkit.CodeStytchUnavailable || deadline.Err() != nil {
			t.Fatalf("got %q", code(d))
		}
	}
	for _, want := range []string{stytchkit.CodeStytchUnavailable, stytchkit.CodeTokenInvalid} { // until the keys have been fetched for it
		if d := check(w.auth.RequireToken(), bearer(token)); code(d) != want {
			t.Errorf("got %q, want %q", code(d), want)
		}
		w.clock.Advance(time.Minute)
	}
}

func TestScopes(t *testing.T) {
	w := newWorld(t)
	client := w.srv.AddM2MClient(stytchtest.M2MClient{})
	for _, row := range []struct {
		has, wants string
		granted    bool
	}{
		{"read:documents", "read:documents", true},
		{"read:documents write:documents", "write:documents", true},
		{"read:*", "read:documents", true},
		{"read:*", "read:documents:1", true},
		{"read:*", "read", false},
		{"read", "read", true},
		{"read", "read:documents", false},
		{"read:-", "read", false},
		{"*", "read:documents", false},
		{"*", "read", false},
		{"*:documents", "read:documents", false},
		{":*", ":documents", false},
		{"read:documents:*", "read:documents:1", false},
		{"READ:documents", "read:documents", false},
		{"read:documents2", "read:documents", false},
		{"", "read", false},
		{"  ", "read", false},
		{"a\tread", "read", false},
	} {
		d := check(w.auth.RequireToken(stytchkit.Scopes(row.wants)), bearer(client.Token(stytchtest.Scopes(row.has))))
		if (d.Denial == nil) != row.granted {
			t.Errorf("%q for %q: got %q, want granted %v", row.has, row.wants, code(d), row.granted)
		}
	}
	d := check(w.auth.RequireToken(stytchkit.Scopes("read:documents", "write:documents")), bearer(client.Token(stytchtest.Scopes("read:documents"))))
	if code(d) != stytchkit.CodeInsufficientScope || d.Denial.Status != 403 || d.Denial.Header.Get("WWW-Authenticate") != `Bearer error="insufficient_scope", scope="read:documents write:documents"` {
		t.Errorf("got %q %v", code(d), d.Denial.Header)
	}
}

func TestTheAnswersOfTokenGuards(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.LoginURL = "/login" })
	for _, row := range []struct {
		name      string
		r         *http.Request
		status    int
		code      string
		challenge string
	}{
		{"nothing", request(), 401, stytchkit.CodeTokenMissing, "Bearer"},
		{"a cookie", request(jwtCookie(w.srv.AddM2MClient(stytchtest.M2MClient{}).Token())), 401, stytchkit.CodeTokenMissing, "Bearer"},
		{"rubbish", bearer("x"), 401, stytchkit.CodeTokenInvalid, `Bearer error="invalid_token"`},
	} {
		row.r.Header.Set("Accept", "text/html") // signing in would not help
		d := check(w.auth.RequireToken(), row.r).Denial
		if d.Status != row.status || d.Code != row.code || d.Header.Get("WWW-Authenticate") != row.challenge || d.Header.Get("Location") != "" || d.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got %d %s %v", row.name, d.Status, d.Code, d.Header)
		}
	}
	twice := bearer("x")
	twice.Header.Add("Authorization", "Bearer y")
	if d := check(w.auth.RequireToken(), twice); code(d) != stytchkit.CodeInvalidRequest {
		t.Errorf("two headers: got %q", code(d))
	}
}

// Config.Issuers are for access tokens: a session of such an issuer is none.
func TestFurtherIssuersIssueNoSessions(t *testing.T) {
	w := newWorld(t)
	auth := w.authenticator(trusting(stytchtest.ConnectedAppIssuer))
	if err := auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := check(auth.Require(), bearer(w.member("alice@example.com").JWT(stytchtest.Claim("iss", stytchtest.ConnectedAppIssuer)))); code(d) != stytchkit.CodeSessionInvalid {
		t.Errorf("got %q", code(d))
	}
	for _, wrong := range []string{"", " https://a.example"} {
		cfg := w.srv.Config()
		cfg.Issuers = []string{wrong}
		if _, err := stytchkit.New(cfg); err == nil || !strings.Contains(err.Error(), "Config.Issuers") {
			t.Errorf("%q: got %v", wrong, err)
		}
	}
}

func TestEitherKeepsEachGuardsRules(t *testing.T) {
	w := newWorld(t)
	guard := w.auth.Either(w.auth.Require(stytchkit.Role("editor")), w.auth.RequireToken(stytchkit.Scopes("read")))
	client := w.srv.AddM2MClient(stytchtest.M2MClient{Scopes: []string{"read"}})
	for _, row := range []struct {
		name string
		r    *http.Request
		want string
	}{
		{"an editor", bearer(w.member("alice@example.com", "editor").JWT()), ""},
		{"somebody", bearer(w.member("bob@example.com").JWT()), stytchkit.CodePermissionDenied},
		{"a machine", bearer(client.Token()), ""},
		{"a machine without the scope", bearer(client.Token(stytchtest.Scopes())), stytchkit.CodeInsufficientScope},
		{"a machine beside an editor's cookies", func() *http.Request {
			r := bearer(client.Token(stytchtest.Scopes()))
			r.Header.Set("Cookie", jwtCookie(w.member("alice@example.com", "editor").JWT()))
			return r
		}(), stytchkit.CodeInsufficientScope},
	} {
		if d := check(guard, row.r); code(d) != row.want {
			t.Errorf("%s: got %q, want %q", row.name, code(d), row.want)
		}
	}
	forged := request(jwtCookie(w.member("alice@example.com", "editor").JWT()))
	forged.Method = http.MethodPost
	forged.Header.Set("Sec-Fetch-Site", "cross-site")
	if d := check(guard, forged); code(d) != stytchkit.CodeCrossOrigin {
		t.Errorf("from another origin: got %q", code(d))
	}
}

func TestWhatTokenGuardsAreNotMadeOf(t *testing.T) {
	w, other := newWorld(t), newWorld(t)
	for name, row := range map[string]struct {
		build func()
		says  string
	}{
		"a session's rule":       {func() { w.auth.RequireToken(stytchkit.Role("a")) }, `RequireToken does not take Role("a")`},
		"freshness":              {func() { w.auth.RequireToken(stytchkit.Fresh(0)) }, "RequireToken does not take Fresh(0s)"},
		"cross-origin":           {func() { w.auth.RequireToken(stytchkit.AllowCrossOrigin()) }, "RequireToken does not take AllowCrossOrigin()"},
		"a token's rule":         {func() { w.auth.Require(stytchkit.Scopes("a")) }, `Scopes("a") is about access tokens`},
		"a token's age":          {func() { w.auth.Optional(stytchkit.MaxAge(time.Minute)) }, "MaxAge(1m0s) is about access tokens"},
		"an empty rule":          {func() { w.auth.RequireToken(stytchkit.Rule{}) }, "Rule is empty"},
		"no scopes":              {func() { stytchkit.Scopes() }, "lets nobody in"},
		"two scopes in one":      {func() { stytchkit.Scopes("a b") }, "is no scope"},
		"a quoted scope":         {func() { stytchkit.Scopes(`a"`) }, "is no scope"},
		"no age":                 {func() { stytchkit.MaxAge(0) }, "positive duration"},
		"no guard":               {func() { (*stytchkit.Guard)(nil).Made() }, "the Guard is nil"},
		"nobody":                 {func() { (*stytchkit.Authenticator)(nil).RequireToken() }, "Authenticator is nil"},
		"either of nobody":       {func() { (*stytchkit.Authenticator)(nil).Either(nil, nil) }, "Authenticator is nil"},
		"either of one":          {func() { w.auth.Either(w.auth.Require(), nil) }, "second guard of Either"},
		"either of none":         {func() { w.auth.Either(nil, w.auth.RequireToken()) }, "first guard of Either"},
		"either turned round":    {func() { w.auth.Either(w.auth.RequireToken(), w.auth.Require()) }, "first guard of Either"},
		"either of two sessions": {func() { w.auth.Either(w.auth.Require(), w.auth.Require()) }, "second guard of Either"},
		"either optional":        {func() { w.auth.Either(w.auth.Optional(), w.auth.RequireToken()) }, "first guard of Either"},
		"either of either": {func() {
			w.auth.Either(w.auth.Either(w.auth.Require(), w.auth.RequireToken()), w.auth.RequireToken())
		}, "first guard of Either"},
		"either of strangers": {func() { w.auth.Either(w.auth.Require(), other.auth.RequireToken()) }, "second guard of Either"},
	} {
		func() {
			defer func() {
				if p := fmt.Sprint(recover()); !strings.Contains(p, row.says) || !strings.HasPrefix(p, "stytchkit: ") {
					t.Errorf("%s: panicked with %q, want %q", name, p, row.says)
				}
			}()
			row.build()
		}()
	}
}

// Guards of the two kinds inside each other decide each for itself.
func TestNestedGuardsOfBothKinds(t *testing.T) {
	w := newWorld(t)
	session, machine := bearer(w.member("alice@example.com").JWT()), bearer(w.srv.AddM2MClient(stytchtest.M2MClient{}).Token())
	for _, row := range []struct {
		name         string
		r            *http.Request
		outer, inner *stytchkit.Guard
		want         string
	}{
		{"a token behind a guard that may find a session", machine, w.auth.Optional(), w.auth.RequireToken(), ""},
		{"a token twice", machine, w.auth.RequireToken(), w.auth.RequireToken(), ""},
		{"a token, then a session", machine, w.auth.RequireToken(), w.auth.Require(), stytchkit.CodeSessionInvalid},
		{"a session, then a token", session, w.auth.Require(), w.auth.RequireToken(), stytchkit.CodeTokenInvalid},
	} {
		d := check(row.outer, row.r)
		if d.Denial != nil {
			t.Fatalf("%s: %v", row.name, d.Denial)
		}
		got := check(row.inner, row.r.WithContext(d.Context(row.r.Context())))
		if code(got) != row.want {
			t.Errorf("%s: got %q, want %q", row.name, code(got), row.want)
		}
	}
}

func TestARememberedTokenCostsNoAllocation(t *testing.T) {
	w := newWorld(t)
	r := bearer(w.srv.AddM2MClient(stytchtest.M2MClient{Scopes: []string{"read:documents"}}).Token())
	token := w.auth.RequireToken(stytchkit.Scopes("read:documents"), stytchkit.MaxAge(time.Hour))
	for name, guard := range map[string]*stytchkit.Guard{"token": token, "either": w.auth.Either(w.auth.Require(), token)} {
		check(guard, r)
		ctx := r.Context()
		if got := testing.AllocsPerRun(1000, func() {
			if d := guard.Check(ctx, stytchkit.HTTPRequest{R: r}); d.Token == nil {
				t.Fatal(d.Denial)
			}
		}); got != 0 {
			t.Errorf("%s: %v allocations, want 0", name, got)
		}
	}
}

// A key that is not known yet may come: nobody is told that their token is bad.
func TestATokenOfAnUnknownKeyIsUndecided(t *testing.T) {
	w := newWorld(t)
	w.srv.RotateKeysHidden()
	token := w.srv.AddM2MClient(stytchtest.M2MClient{}).Token()
	d := check(w.auth.RequireToken(), bearer(token))
	if code(d) != stytchkit.CodeStytchUnavailable || d.Initialized || d.Denial.Header.Get("Retry-After") == "" {
		t.Errorf("got %q, initialized %v", code(d), d.Initialized)
	}
	if err := d.Denial.Unwrap(); err == nil || errors.Unwrap(d.Denial) == nil {
		t.Errorf("got %v", err)
	}
}
