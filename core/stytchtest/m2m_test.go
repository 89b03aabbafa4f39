package stytchtest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/idp"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/m2m"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/m2m/clients"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/m2m/clients/secrets"
	"github.com/stytchauth/stytch-go/v16/stytch/stytcherror"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// wantOAuth2Refusal checks for a refusal in the shape of the OAuth 2 endpoints.
func wantOAuth2Refusal(t *testing.T, err error, want string) {
	t.Helper()
	var e stytcherror.OAuth2Error
	got := ""
	if errors.As(err, &e) {
		got = fmt.Sprintf("%d %s", e.StatusCode, e.ErrorType)
	}
	if got != want || (err == nil) != (want == "") {
		t.Fatalf("refused with %q (%v), want %q", got, err, want)
	}
}

func TestAMachineGetsATokenForItsScopes(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	machine := srv.AddM2MClient(stytchtest.M2MClient{Scopes: []string{"read:documents", "write:documents"}})
	idle := srv.AddM2MClient(stytchtest.M2MClient{Status: "inactive"})
	for _, row := range []struct {
		name   string
		params m2m.TokenParams
		scopes []string
		want   string
	}{
		{"for all it may ask for", m2m.TokenParams{ClientID: machine.ID, ClientSecret: machine.Secret}, machine.Scopes, ""},
		{"for less", m2m.TokenParams{ClientID: machine.ID, ClientSecret: machine.Secret, Scopes: []string{"read:documents"}}, []string{"read:documents"}, ""},
		{"not for more", m2m.TokenParams{ClientID: machine.ID, ClientSecret: machine.Secret, Scopes: []string{"read:users"}}, nil, "400 invalid_scope"},
		{"not by a wrong secret", m2m.TokenParams{ClientID: machine.ID, ClientSecret: "wrong"}, nil, "401 invalid_client"},
		{"not by none", m2m.TokenParams{ClientID: machine.ID}, nil, "401 invalid_client"},
		{"not by a client that is none", m2m.TokenParams{ClientID: "m2m-client-test-none", ClientSecret: "x"}, nil, "401 invalid_client"},
		{"not by an inactive one", m2m.TokenParams{ClientID: idle.ID, ClientSecret: idle.Secret}, nil, "401 invalid_client"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := client.M2M.Token(t.Context(), &row.params)
			wantOAuth2Refusal(t, err, row.want)
			if row.want != "" {
				return
			}
			if got.TokenType != "bearer" || got.ExpiresIn != 3600 {
				t.Errorf("answered %+v", got)
			}
			token, err := client.M2M.AuthenticateToken(t.Context(), &m2m.AuthenticateTokenParams{AccessToken: got.AccessToken})
			if err != nil || token.ClientID != machine.ID || !slices.Equal(token.Scopes, row.scopes) || len(token.CustomClaims) != 0 {
				t.Errorf("verified %+v (%v)", token, err)
			}
		})
	}
	if n := srv.Calls(stytchtest.IssueToken); n != 7 {
		t.Errorf("%d calls are counted", n)
	}
}

func TestAccessTokensAreMintedWithEverythingThatCanBeWrong(t *testing.T) {
	srv, _ := startAt(t, stytchtest.Options{})
	machine := srv.AddM2MClient(stytchtest.M2MClient{ID: "imported", Scopes: []string{"read:documents"}})
	member := srv.AddMember(stytchtest.Member{Organization: "acme"})
	at := float64(noon().Unix())

	_, plain := read(t, machine.Token())
	for name, want := range map[string]any{
		"iss": "stytch.com/" + srv.ProjectID(), "sub": "imported", "scope": "read:documents", "iat": at, "nbf": at, "exp": at + 3600,
		"client_id": nil, "jti": nil, "https://stytch.com/session": nil,
	} {
		if plain[name] != want {
			t.Errorf("a machine's %s is %v, want %v", name, plain[name], want)
		}
	}
	_, shaped := read(t, machine.Token(stytchtest.Scopes("a:b", "c:d"), stytchtest.Age(time.Minute), stytchtest.Lifetime(time.Hour/2),
		stytchtest.Claim("iss", "https://elsewhere.example"), stytchtest.WithoutClaim("nbf")))
	for name, want := range map[string]any{"iss": "https://elsewhere.example", "scope": "a:b c:d", "iat": at - 60, "exp": at - 60 + 1800, "nbf": nil} {
		if shaped[name] != want {
			t.Errorf("the shaped %s is %v, want %v", name, shaped[name], want)
		}
	}
	_, app := read(t, member.AccessToken(stytchtest.Scopes("openid", "read:documents")))
	organization, _ := app["https://stytch.com/organization"].(map[string]any)
	clientID, _ := app["client_id"].(string)
	if app["iss"] != stytchtest.ConnectedAppIssuer || app["sub"] != member.ID || !strings.HasPrefix(clientID, "connected-app-test-") || app["jti"] == nil ||
		app["scope"] != "openid read:documents" || app["exp"] != at+3600 || organization["organization_id"] != member.OrganizationID {
		t.Errorf("the app's claims are %v", app)
	}
	users, _, _ := startConsumer(t)
	_, app = read(t, users.AddUser(stytchtest.User{ID: "user-test-1"}).AccessToken(stytchtest.Claim("client_id", "connected-app-test-1")))
	if _, has := app["https://stytch.com/organization"]; has || app["sub"] != "user-test-1" || app["client_id"] != "connected-app-test-1" {
		t.Errorf("the app's claims are %v", app)
	}
	if said := panics(func() { (&stytchtest.M2MClient{}).Token() }); !strings.Contains(said, "want the *M2MClient that Server.AddM2MClient returned") {
		t.Errorf("said %q", said)
	}
}

func TestIntrospectionTellsOfGoodAccessTokensOnly(t *testing.T) {
	srv, clock, client := startConsumer(t)
	machine := srv.AddM2MClient(stytchtest.M2MClient{Scopes: []string{"read:documents"}})
	user := srv.AddUser(stytchtest.User{})
	for _, row := range []struct {
		name, token string
		active      bool
	}{
		{"a machine's", machine.Token(), true},
		{"an app's", user.AccessToken(), true},
		{"a session", user.SignIn().JWT(), false},
		{"one that has expired", machine.Token(stytchtest.Age(time.Hour)), false},
		{"one that never does", machine.Token(stytchtest.WithoutClaim("exp")), false},
		{"one of another issuer", machine.Token(stytchtest.Claim("iss", "https://elsewhere.example")), false},
		{"one for another project", machine.Token(stytchtest.Claim("aud", []string{"project-test-other"})), false},
		{"none", "nonsense", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := client.IDP.IntrospectTokenNetwork(t.Context(), &idp.IntrospectTokenNetworkParams{Token: row.token, ClientID: machine.ID, ClientSecret: &machine.Secret})
			if (err == nil) != row.active {
				t.Fatalf("answered %+v (%v)", got, err)
			}
			if row.active && (got.Subject == "" || got.Scope == "" || !got.Expiry.Equal(clock.Now().Add(time.Hour))) {
				t.Errorf("answered %+v", got)
			}
		})
	}
	_, err := client.IDP.IntrospectTokenNetwork(t.Context(), &idp.IntrospectTokenNetworkParams{Token: machine.Token(), ClientID: "connected-app-test-1"})
	wantOAuth2Refusal(t, err, "")
	_, err = client.IDP.IntrospectTokenNetwork(t.Context(), &idp.IntrospectTokenNetworkParams{Token: machine.Token(), ClientID: machine.ID})
	wantOAuth2Refusal(t, err, "401 invalid_client")
}

func TestMachinesAreManagedByTheSDK(t *testing.T) {
	srv := start(t)
	api := sdk(t, srv).M2M
	created, err := api.Clients.Create(t.Context(), &clients.CreateParams{ClientName: "Backup", Scopes: []string{"read:documents"}})
	wantRefusal(t, err, "")
	id, secret := created.M2MClient.ClientID, created.M2MClient.ClientSecret
	if !strings.HasPrefix(id, "m2m-client-test-") || secret == "" || !strings.HasSuffix(secret, created.M2MClient.ClientSecretLastFour) || created.M2MClient.Status != "active" {
		t.Errorf("created %+v", created.M2MClient)
	}
	works := func(secret string) bool {
		_, err := api.Token(t.Context(), &m2m.TokenParams{ClientID: id, ClientSecret: secret})
		return err == nil
	}
	started, err := api.Clients.Secrets.RotateStart(t.Context(), &secrets.RotateStartParams{ClientID: id})
	wantRefusal(t, err, "")
	next := started.M2MClient.NextClientSecret
	if !works(secret) || !works(next) {
		t.Error("while secrets are rotated, one of the two does not work")
	}
	_, err = api.Clients.Secrets.Rotate(t.Context(), &secrets.RotateParams{ClientID: id})
	wantRefusal(t, err, "")
	if works(secret) || !works(next) {
		t.Error("the secrets were not rotated")
	}
	_, err = api.Clients.Secrets.Rotate(t.Context(), &secrets.RotateParams{ClientID: id})
	wantRefusal(t, err, "400 m2m_client_secret_rotation_not_started")

	inactive := clients.UpdateRequestStatusInactive
	updated, err := api.Clients.Update(t.Context(), &clients.UpdateParams{ClientID: id, Status: &inactive})
	wantRefusal(t, err, "")
	if updated.M2MClient.Status != "inactive" || updated.M2MClient.ClientName != "Backup" || works(next) {
		t.Errorf("updated to %+v", updated.M2MClient)
	}
	found, err := api.Clients.Search(t.Context(), &clients.SearchParams{})
	wantRefusal(t, err, "")
	got, err := api.Clients.Get(t.Context(), &clients.GetParams{ClientID: id})
	wantRefusal(t, err, "")
	if len(found.M2MClients) != 1 || found.M2MClients[0].ClientID != id || got.M2MClient.ClientSecretLastFour == "" {
		t.Errorf("found %+v and %+v", found.M2MClients, got.M2MClient)
	}
	_, err = api.Clients.Delete(t.Context(), &clients.DeleteParams{ClientID: id})
	wantRefusal(t, err, "")
	_, err = api.Clients.Get(t.Context(), &clients.GetParams{ClientID: id})
	wantRefusal(t, err, "404 m2m_client_not_found")
}
