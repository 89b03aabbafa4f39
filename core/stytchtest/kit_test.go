package stytchtest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	consumer "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestConfigIsAcceptedAsItIs(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	config := srv.Config()
	if config.BaseURL != srv.URL() || config.Clock != clock || config.Cookies.Owner != stytchkit.Backend {
		t.Errorf("the Config is %+v", config)
	}
	auth, err := stytchkit.New(config)
	if err != nil {
		t.Fatal(err)
	}
	auth.Close()
	if config := stytchtest.Start(t).Config(); config.Clock != nil {
		t.Errorf("without a Clock of its own the server's Config has %v", config.Clock)
	}
}

func TestASessionComesAsCookiesAndAsBearer(t *testing.T) {
	srv, _ := startAt(t, stytchtest.Options{})
	session := srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.WithToken("a-token-of-our-own"), stytchtest.WithLifetime(time.Minute))

	for _, cookie := range session.Cookies() {
		if cookie.Path != "/" || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || !cookie.Expires.Equal(noon().Add(time.Minute)) {
			t.Errorf("the cookie is %v", cookie)
		}
	}
	request := session.Request(http.MethodPost, "/documents", stytchtest.Age(time.Hour))
	token, err := request.Cookie("stytch_session")
	if err != nil || token.Value != "a-token-of-our-own" {
		t.Errorf("the token's cookie is %v (%v)", token, err)
	}
	jwt, err := request.Cookie("stytch_session_jwt")
	if err != nil {
		t.Fatal(err)
	}
	if _, claims := read(t, jwt.Value); claims["iat"] != float64(noon().Add(-time.Hour).Unix()) {
		t.Errorf("the JWT's claims are %v", claims)
	}
	bearer := session.BearerRequest(http.MethodGet, "/documents")
	if got, want := bearer.Header.Get("Authorization"), "Bearer "+session.JWT(); got != want || len(bearer.Cookies()) != 0 {
		t.Errorf("the bearer request has %q and %d cookies", got, len(bearer.Cookies()))
	}
}

func TestSigningInAgainByATokenTakesItOver(t *testing.T) {
	srv := start(t)
	member := srv.AddMember(stytchtest.Member{})
	before := member.SignIn(stytchtest.WithToken("a-token-of-our-own"))
	after := member.SignIn(stytchtest.WithToken("a-token-of-our-own"))
	before.End()
	if got := after.ExpiresAt(); before.ID == after.ID || got.IsZero() {
		t.Errorf("%s took over from %s until %v", after.ID, before.ID, got)
	}
}

func TestFactorsAreTheDefaultOnesOrChosen(t *testing.T) {
	srv := start(t)
	kinds := func(session *stytchtest.Session) []consumer.AuthenticationFactorType {
		claims, ok := session.Claims()["https://stytch.com/session"].(map[string]any)
		if !ok {
			t.Fatal("no session claim")
		}
		factors, ok := claims["authentication_factors"].([]consumer.AuthenticationFactor)
		if !ok {
			t.Fatal("no factors")
		}
		var kinds []consumer.AuthenticationFactorType
		for _, factor := range factors {
			kinds = append(kinds, factor.Type)
		}
		return kinds
	}
	for _, row := range []struct {
		name    string
		member  stytchtest.Member
		options []stytchtest.SessionOption
		want    []consumer.AuthenticationFactorType
	}{
		{"a magic link", stytchtest.Member{}, nil, []consumer.AuthenticationFactorType{"magic_link"}},
		{"and an authenticator app with MFA", stytchtest.Member{MFA: true}, nil, []consumer.AuthenticationFactorType{"magic_link", "totp"}},
		{"or what is chosen", stytchtest.Member{}, []stytchtest.SessionOption{stytchtest.WithFactors(consumer.AuthenticationFactor{Type: "sso"})}, []consumer.AuthenticationFactorType{"sso"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := kinds(srv.AddMember(row.member).SignIn(row.options...)); !slices.Equal(got, row.want) {
				t.Errorf("the factors are %v, want %v", got, row.want)
			}
		})
	}
}

func TestMisuseIsAPanicThatHelps(t *testing.T) {
	srv := stytchtest.Start(t, stytchtest.Options{Limits: stytchtest.Limits{Members: 1}})
	gone := srv.AddMember(stytchtest.Member{})
	srv.AddMember(stytchtest.Member{})
	for name, misuse := range map[string]func(){
		"a member that was never added signs in": func() { new(stytchtest.Member).SignIn() },
		"a member that is gone signs in":         func() { gone.SignIn() },
		"claims that are not JSON are signed":    func() { srv.Sign(nil, map[string]any{"f": func() {}}) },
		"an extra key that is not JSON":          func() { srv.SetExtraKeys([]byte("{")) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if message, ok := recover().(string); !ok || message == "" {
					t.Errorf("panicked with %q", message)
				}
			}()
			misuse()
		})
	}
}

func TestNewSessionDescribesAMemberWithoutAServer(t *testing.T) {
	session := stytchtest.NewSession(
		stytchtest.Member{ID: "member-test-1", Organization: "globex", Roles: []string{"editor"}},
		stytchtest.WithClaims(map[string]any{"plan": "pro"}), stytchtest.WithLifetime(time.Minute),
	)
	claims, err := stytchkit.Claims[struct{ Plan string }](session)
	if err != nil {
		t.Fatal(err)
	}
	if session.MemberID() != "member-test-1" || session.OrganizationSlug() != "globex" || session.OrganizationID() == "" ||
		!session.HasRole("editor") || !session.HasRole("stytch_member") || claims.Plan != "pro" ||
		session.ExpiresAt().Sub(session.StartedAt()) != time.Minute || session.VouchedAt().IsZero() {
		t.Errorf("made %v with roles %v", session, session.Roles())
	}
}

func TestWithSessionIsSeenByGetters(t *testing.T) {
	session := stytchtest.NewSession(stytchtest.Member{})
	ctx := stytchtest.WithSession(context.Background(), session)
	if got := stytchkit.SessionFrom(ctx); got != session {
		t.Errorf("got %v, want %v", got, session)
	}
}

func TestAnAccessTokenIsDescribedWithoutAServer(t *testing.T) {
	machine := stytchtest.NewAccessToken(stytchkit.AccessTokenFacts{Scopes: []string{"read:documents"}, Claims: json.RawMessage(`{"tenant":"acme","scope":"all"}`)})
	if machine.Kind() != stytchkit.M2M || !strings.HasPrefix(machine.ClientID(), "m2m-client-test-") || machine.Subject() != machine.ClientID() ||
		!machine.HasScope("read:documents") || machine.ExpiresAt().Sub(machine.IssuedAt()) != time.Hour {
		t.Errorf("got %v until %v", machine, machine.ExpiresAt())
	}
	if claims, err := stytchkit.TokenClaims[map[string]string](machine); err != nil || len(claims) != 1 || claims["tenant"] != "acme" {
		t.Errorf("got the claims %v, %v", claims, err)
	}
	app := stytchtest.NewAccessToken(stytchkit.AccessTokenFacts{Kind: stytchkit.ConnectedApp, Subject: "member-test-alice", OrganizationID: "organization-test-acme"})
	if app.Kind() != stytchkit.ConnectedApp || app.Subject() != "member-test-alice" || app.OrganizationID() != "organization-test-acme" || app.ClientID() == "" {
		t.Errorf("got %v", app)
	}
	if _, err := stytchkit.TokenClaims[map[string]string](stytchtest.NewAccessToken(stytchkit.AccessTokenFacts{Claims: json.RawMessage("tenant")})); err == nil {
		t.Error("claims that are no JSON can be read")
	}
	ctx := stytchtest.WithAccessToken(t.Context(), machine)
	if stytchkit.TokenFrom(ctx) != machine || stytchkit.SessionFrom(ctx) != nil {
		t.Errorf("the getters find %v and %v", stytchkit.TokenFrom(ctx), stytchkit.SessionFrom(ctx))
	}
}
