package stytchkit_test

import (
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// credentialKind is a kind of credential that Stytch signs.
type credentialKind struct {
	name string
	mint func(*world, ...stytchtest.JWTOption) string
	// What Require and RequireToken answer, and Require where it has expired.
	require, requireToken, expired string

	session bool // it looks like one, so Either leaves it to Require
}

// Every kind of token, as it is, expired, another project's and imitating the others, at every guard, as
// a bearer and in the cookies.
func TestTokensAndSessionsDoNotStandInForEachOther(t *testing.T) {
	for _, vertical := range []stytchkit.Vertical{stytchkit.B2B, stytchkit.Consumer} {
		for _, kind := range credentialKinds() {
			t.Run(vertical.String()+"/"+kind.name, func(t *testing.T) { kind.stands(t, vertical) })
		}
	}
}

const (
	wrongKind = stytchkit.CodeStytchMisconfigured // the project is of another kind than Config.Vertical says
	noSession = stytchkit.CodeSessionInvalid
	noToken   = stytchkit.CodeTokenInvalid
)

func credentialKinds() []credentialKind {
	return []credentialKind{
		{"a session", func(w *world, o ...stytchtest.JWTOption) string { return w.somebody().JWT(o...) }, "", noToken, stytchkit.CodeSessionEnded, true},
		{"the other kind's session", otherKindsSession, wrongKind, noToken, wrongKind, true},
		{"a machine's", func(w *world, o ...stytchtest.JWTOption) string {
			return w.srv.AddM2MClient(stytchtest.M2MClient{}).Token(o...)
		}, noSession, "", noSession, false},
		{"a Connected App's", appToken, noSession, "", noSession, false},
		{"an ID token", idToken, noSession, noToken, noSession, false},
	}
}

// otherKindsSession has the organization that users' sessions have not, or lacks the one that members' have.
func otherKindsSession(w *world, options ...stytchtest.JWTOption) string {
	change := stytchtest.WithoutClaim(organizationClaim)
	if w.srv.Vertical() == stytchkit.Consumer {
		change = stytchtest.Claim(organizationClaim, map[string]any{"organization_id": "organization-test-1", "slug": "acme"})
	}
	return w.somebody().JWT(append(options, change)...)
}

func appToken(w *world, options ...stytchtest.JWTOption) string {
	if w.srv.Vertical() == stytchkit.Consumer {
		return w.srv.AddUser(stytchtest.User{}).AccessToken(options...)
	}
	return w.srv.AddMember(stytchtest.Member{}).AccessToken(options...)
}

// idToken is what a Connected App gets beside its access token: for itself, and without scopes.
func idToken(w *world, options ...stytchtest.JWTOption) string {
	return appToken(w, append([]stytchtest.JWTOption{stytchtest.Claim("aud", []string{"connected-app-test-1"}), stytchtest.WithoutClaim("scope")}, options...)...)
}

func (k credentialKind) stands(t *testing.T, vertical stytchkit.Vertical) {
	w := newWorldOf(t, vertical)
	issues := trusting(stytchtest.ConnectedAppIssuer)
	foreign := &world{t: t, clock: w.clock, srv: stytchtest.Start(t, stytchtest.Options{Clock: w.clock, ProjectID: "project-test-other", Vertical: vertical})}
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 404, ErrorType: "session_not_found"}) // a JWT that is not good is asked about
	imitating := []stytchtest.JWTOption{
		stytchtest.Claim("azp", "connected-app-test-1"), stytchtest.Claim("session", "session-test-1"), stytchtest.Claim("https://stytch.com/Session", map[string]any{"id": "session-test-1"}),
		stytchtest.Claim("https://stytch.com/sessions", map[string]any{"id": "session-test-1"}), stytchtest.Claim("member_id", "member-test-1"),
	}
	if k.requireToken != "" {
		imitating = append(imitating, stytchtest.Claim("scope", "read:documents"), stytchtest.Claim("client_id", "connected-app-test-1"), stytchtest.Claim("jti", "1"))
	}
	for _, row := range []struct {
		name                  string
		token                 string
		require, requireToken string
	}{
		{"as it is", k.mint(w), k.require, k.requireToken},
		{"expired", k.mint(w, stytchtest.Age(3*time.Hour)), k.expired, noToken},
		{"another project's", k.mint(foreign), noSession, noToken},
		{"another project's, expired", k.mint(foreign, stytchtest.Age(3*time.Hour)), noSession, noToken},
		{"imitating the others", k.mint(w, imitating...), k.require, k.requireToken},
	} {
		auth := w.authenticator(issues) // knows nothing of the last row
		if err := auth.Ready(t.Context()); err != nil && k.require != wrongKind {
			t.Fatal(err)
		}
		either := row.requireToken // by what it looks like
		if k.session {
			either = row.require
		}
		for _, at := range []struct {
			guard            string
			is               *stytchkit.Guard
			bearer, asCookie string
		}{
			{"Require", auth.Require(), row.require, row.require},
			{"RequireToken", auth.RequireToken(), row.requireToken, stytchkit.CodeTokenMissing},
			{"Either", auth.Either(auth.Require(), auth.RequireToken()), either, row.require},
		} {
			for range 2 { // remembered or not
				if d := check(at.is, bearer(row.token)); code(d) != at.bearer || d.Session != nil && d.Token != nil || (d.Session != nil || d.Token != nil) != (at.bearer == "") {
					t.Errorf("%s at %s, as a bearer: got %q (%v), want %q", row.name, at.guard, code(d), d.Denial, at.bearer)
				}
				if d := check(at.is, request(jwtCookie(row.token))); code(d) != at.asCookie || d.Token != nil {
					t.Errorf("%s at %s, in the cookie: got %q (%v), want %q", row.name, at.guard, code(d), d.Denial, at.asCookie)
				}
			}
		}
	}
}

// What is no credential at all, and nothing, at every guard.
func TestWhatIsNoCredentialOpensNoGuard(t *testing.T) {
	w := newWorld(t)
	client := w.srv.AddM2MClient(stytchtest.M2MClient{})
	session := map[string]any{"id": "session-test-1", "started_at": "2026-11-23T12:00:00Z", "last_accessed_at": "2026-11-23T12:00:00Z"}
	guards := []*stytchkit.Guard{w.auth.Require(), w.auth.RequireToken(), w.auth.Either(w.auth.Require(), w.auth.RequireToken())}
	for _, row := range []struct {
		name, token string
		want        [3]string // Require, RequireToken, Either
	}{
		{"rubbish", "a.b.c", [3]string{noSession, noToken, noSession}},
		{"a machine's with a session's very claim", client.Token(stytchtest.Claim(sessionClaim, session), stytchtest.WithoutClaim("exp")), [3]string{noSession, noToken, noSession}},
		{"a machine's without scopes", client.Token(stytchtest.WithoutClaim("scope")), [3]string{noSession, noToken, noToken}},
	} {
		for i, guard := range guards {
			if d := check(guard, bearer(row.token)); code(d) != row.want[i] {
				t.Errorf("%s, guard %d: got %q (%v), want %q", row.name, i, code(d), d.Denial, row.want[i])
			}
		}
	}
	for i, want := range []string{stytchkit.CodeSessionMissing, stytchkit.CodeTokenMissing, stytchkit.CodeSessionMissing} {
		if d := check(guards[i], request()); code(d) != want {
			t.Errorf("nothing, guard %d: got %q, want %q", i, code(d), want)
		}
	}
}
