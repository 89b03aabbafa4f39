package stytchtest

import (
	"maps"
	"strings"
)

// connectedAppID is the Connected App that access tokens are for, unless an option says otherwise.
const connectedAppID = "connected-app-test-00000000-0000-4000-8000-000000000000"

// ConnectedAppIssuer is the issuer of Connected Apps' access tokens, for an application's
// Config.Issuers: at Stytch a domain of the project, neither stytch.com/<project_id> nor the API's URL.
const ConnectedAppIssuer = "https://stand-in-0000.customers.stytch.dev"

// AccessToken is what a Connected App holds that acts for the member, as its scope says. It lives an
// hour. Default: the scope openid, for an app with a fixed connected-app-test-… as its client_id;
// the options shape it: [Scopes] and Claim("client_id", …) among them.
func (m *Member) AccessToken(options ...JWTOption) string {
	record := m.record("AccessToken")
	return m.server.appToken(record.ID, map[string]any{organizationClaim: map[string]any{
		"organization_id": record.OrganizationID,
		"slug":            record.Organization,
	}}, options)
}

// AccessToken is what a Connected App holds that acts for the user, as a member's.
func (u *User) AccessToken(options ...JWTOption) string {
	return u.server.appToken(u.record("AccessToken").ID, nil, options)
}

func (s *Server) appToken(subject string, more map[string]any, options []JWTOption) string {
	claims := map[string]any{
		"iss": ConnectedAppIssuer, "aud": []string{s.options.ProjectID}, "sub": subject,
		"client_id": connectedAppID, "jti": newID("access-token-test"), "scope": "openid",
	}
	maps.Copy(claims, more)
	return s.Sign(nil, shapeOf(accessTokenLifetime, options).claims(s.now(), claims))
}

// Scopes are what an access token is good for.
func Scopes(scopes ...string) JWTOption { return Claim("scope", strings.Join(scopes, " ")) }
