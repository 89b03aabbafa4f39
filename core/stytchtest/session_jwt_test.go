package stytchtest_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// read decodes a JWT without verifying it.
func read(t *testing.T, token string) (header, claims map[string]any) {
	t.Helper()
	body := jwt.MapClaims{}
	parsed, _, err := jwt.NewParser().ParseUnverified(token, body)
	if err != nil {
		t.Fatalf("not a JWT: %v", err)
	}
	return parsed.Header, body
}

func TestTheSDKVerifiesMintedJWTsByItself(t *testing.T) {
	srv := start(t)
	member := srv.AddMember(stytchtest.Member{Roles: []string{"editor"}})
	session := member.SignIn(stytchtest.WithClaims(map[string]any{"plan": "pro"}))
	client := sdk(t, srv)
	remote, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: session.Token})
	wantRefusal(t, err, "")
	calls := srv.TotalCalls()

	for _, row := range []struct {
		name  string
		token string
		want  bool
	}{
		{"a fresh one", session.JWT(), true},
		{"one that the server answered with", remote.SessionJWT, true},
		{"one with the custom domain's issuer", session.JWT(stytchtest.Claim("iss", srv.URL())), true},
		{"not an expired one", session.JWT(stytchtest.Age(6 * time.Minute)), false},
		{"not a short-lived one after its life", session.JWT(stytchtest.Age(time.Minute), stytchtest.Lifetime(30*time.Second)), false},
		{"not one from the future", session.JWT(stytchtest.Age(-time.Minute)), false},
		{"not another project's", session.JWT(stytchtest.Claim("aud", []string{"project-test-other"})), false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := client.Sessions.AuthenticateJWTLocal(t.Context(), row.token, 5*time.Minute, nil)
			if (err == nil) != row.want {
				t.Fatalf("verified %t (%v), want %t", err == nil, err, row.want)
			}
			if err != nil {
				return
			}
			if got.MemberSessionID != session.ID || got.MemberID != member.ID || got.OrganizationSlug != "acme" ||
				got.CustomClaims["plan"] != "pro" || !slices.Equal(got.Roles, []string{"stytch_member", "editor"}) ||
				!got.ExpiresAt.Equal(session.ExpiresAt()) || got.AuthenticationFactors[0].EmailFactor == nil {
				t.Errorf("read as %+v", got)
			}
		})
	}
	if made := srv.TotalCalls() - calls; made != 0 {
		t.Errorf("%d calls were made", made)
	}
}

func TestAJWTIsAsStytchWritesIt(t *testing.T) {
	for _, row := range []struct {
		name         string
		customDomain bool
		issuer       func(*stytchtest.Server) string
	}{
		{"without a custom domain", false, func(s *stytchtest.Server) string { return "stytch.com/" + s.ProjectID() }},
		{"with one, the issuer is the base URL", true, (*stytchtest.Server).URL},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv, clock := startAt(t, stytchtest.Options{CustomDomain: row.customDomain})
			member := srv.AddMember(stytchtest.Member{})
			session := member.SignIn()
			clock.Advance(time.Minute)
			header, claims := read(t, session.JWT(stytchtest.Age(10*time.Second), stytchtest.Claim("x", "y")))

			for _, field := range []struct {
				name      string
				got, want any
			}{
				{"alg", header["alg"], "RS256"},
				{"kid", header["kid"], srv.KeyID()},
				{"typ", header["typ"], "JWT"},
				{"iss", claims["iss"], row.issuer(srv)},
				{"sub", claims["sub"], member.ID},
				{"iat", claims["iat"], float64(noon().Add(50 * time.Second).Unix())},
				{"nbf", claims["nbf"], claims["iat"]},
				{"exp", claims["exp"], float64(noon().Add(350 * time.Second).Unix())},
				{"x", claims["x"], "y"},
			} {
				if field.got != field.want {
					t.Errorf("%s is %v, want %v", field.name, field.got, field.want)
				}
			}
		})
	}
}

func TestSignSignsAnything(t *testing.T) {
	srv := start(t)
	claims := srv.AddMember(stytchtest.Member{}).SignIn().Claims()
	claims["iat"] = "yesterday"
	delete(claims, "exp")
	header, body := read(t, srv.Sign(map[string]any{"alg": "none", "typ": nil, "crit": []string{"x"}}, claims))
	if _, ok := header["typ"]; ok || header["alg"] != "none" || header["kid"] != srv.KeyID() || header["crit"] == nil {
		t.Errorf("the header is %v", header)
	}
	if _, ok := body["exp"]; ok || body["iat"] != "yesterday" {
		t.Errorf("the claims are %v", body)
	}
}

func TestKeysRotate(t *testing.T) {
	srv := start(t)
	session := srv.AddMember(stytchtest.Member{}).SignIn()
	accepted := func(token string) (byServer, bySDK bool) {
		client := sdk(t, srv)
		_, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionJWT: token})
		_, local := client.Sessions.AuthenticateJWTLocal(t.Context(), token, 5*time.Minute, nil)
		return err == nil, local == nil
	}
	published := func() int {
		got, err := sdk(t, srv).Sessions.GetJWKS(t.Context(), &sessions.GetJWKSParams{ProjectID: srv.ProjectID()})
		wantRefusal(t, err, "")
		return len(got.Keys)
	}
	first := session.JWT()
	var second, third string
	for _, step := range []struct {
		name          string
		do            func()
		token         *string
		server, local bool
		keys          int
	}{
		{"one key at first", func() {}, &first, true, true, 1},
		{"after a rotation the new key signs", func() { srv.RotateKeys(); second = session.JWT() }, &second, true, true, 2},
		{"and the old one is still accepted", func() {}, &first, true, true, 2},
		{"a hidden key signs what nobody else can verify", func() { srv.RotateKeysHidden(); third = session.JWT() }, &third, true, false, 2},
		{"until it is published", srv.PublishKeys, &third, true, true, 3},
		{"dropped keys are not accepted any more", srv.DropOldKeys, &first, false, false, 1},
		{"while the current one is", func() {}, &third, true, true, 1},
		{"with malformed keys beside it, too", func() {
			srv.SetExtraKeys(json.RawMessage(`{"kty":"RSA","kid":"bad","n":"!","e":"AQAB"}`), json.RawMessage(`{"kty":"XYZ"}`))
		}, &third, true, true, 3},
		{"and without them again", func() { srv.SetExtraKeys() }, &third, true, true, 1},
	} {
		t.Run(step.name, func(t *testing.T) {
			step.do()
			if got := published(); got != step.keys {
				t.Errorf("%d keys are published, want %d", got, step.keys)
			}
			if server, local := accepted(*step.token); server != step.server || local != step.local {
				t.Errorf("accepted by the server %t, want %t; by the SDK itself %t, want %t", server, step.server, local, step.local)
			}
		})
	}
}

func TestKeysAreServedToAnybodyButOfThisProjectOnly(t *testing.T) {
	srv := start(t)
	wrong := sdkWith(t, srv, "secret-test-wrong")
	_, err := wrong.Sessions.GetJWKS(t.Context(), &sessions.GetJWKSParams{ProjectID: srv.ProjectID()})
	wantRefusal(t, err, "")
	_, err = wrong.Sessions.GetJWKS(t.Context(), &sessions.GetJWKSParams{ProjectID: "project-test-other"})
	wantRefusal(t, err, "404 project_not_found")
}
