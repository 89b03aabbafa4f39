package stytchtest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const accessTokenLifetime = time.Hour // Stytch's

// machines is what projects of both kinds answer to machines.
func (s *Server) machines() map[Endpoint]handler {
	return map[Endpoint]handler{
		IssueToken:           s.issueToken, // whoever asks shows a client's credentials, not the project's
		IntrospectToken:      s.introspectToken,
		CreateM2MClient:      s.authorized(s.createM2MClient),
		GetM2MClient:         s.authorized(s.getM2MClient),
		SearchM2MClients:     s.authorized(s.searchM2MClients),
		UpdateM2MClient:      s.authorized(s.updateM2MClient),
		DeleteM2MClient:      s.authorized(s.deleteM2MClient),
		StartSecretRotation:  s.authorized(s.startSecretRotation),
		CancelSecretRotation: s.authorized(s.cancelSecretRotation),
		RotateSecret:         s.authorized(s.rotateSecret),
	}
}

// issueToken is the client credentials grant, RFC 6749 §4.4.
func (s *Server) issueToken(r *http.Request) (any, error) {
	client, err := s.oauth2Client(r)
	if err != nil {
		return nil, err
	}
	if r.PostFormValue("grant_type") != "client_credentials" {
		return nil, errUnsupportedGrant
	}
	scopes := client.Scopes
	if asked := strings.Fields(r.PostFormValue("scope")); len(asked) > 0 {
		scopes = asked
	}
	for _, scope := range scopes {
		if !slices.Contains(client.Scopes, scope) {
			return nil, errInvalidScope
		}
	}
	return struct {
		envelope
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
		ExpiresIn   int    `json:"expires_in"`
	}{ok(), s.m2mToken(client.ID, scopes), "bearer", int(accessTokenLifetime.Seconds())}, nil
}

// oauth2Client is the active client whose credentials a form shows.
func (s *Server) oauth2Client(r *http.Request) (clientRecord, error) {
	if r.PathValue("project_id") != s.options.ProjectID {
		return clientRecord{}, errInvalidClient
	}
	if err := r.ParseForm(); err != nil {
		return clientRecord{}, errInvalidForm
	}
	return locked(s, func(st *state) (clientRecord, error) {
		client, found := st.clients.get(r.PostFormValue("client_id"))
		if !found || client.Status != statusActive || !client.presents(r.PostFormValue("client_secret")) {
			return clientRecord{}, errInvalidClient
		}
		return client, nil
	})
}

// introspectToken tells of an access token by RFC 7662: of one that is no good, only that. A
// Connected App may be a public client, without a secret.
func (s *Server) introspectToken(r *http.Request) (any, error) {
	if err := r.ParseForm(); err != nil {
		return nil, errInvalidForm
	}
	if !strings.HasPrefix(r.PostFormValue("client_id"), "connected-app-") {
		if _, err := s.oauth2Client(r); err != nil {
			return nil, err
		}
	}
	claims, good := s.accessToken(r.PostFormValue("token"))
	if !good {
		return map[string]bool{"active": false}, nil
	}
	claims["active"], claims["token_type"] = true, "access_token"
	return claims, nil
}

// accessToken verifies one: no session's JWT is.
func (s *Server) accessToken(token string) (claims jwt.MapClaims, good bool) {
	_, err := jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
		jwt.WithAudience(s.options.ProjectID), jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.now),
	).ParseWithClaims(token, &claims, s.publicKey)
	if err != nil {
		return nil, false
	}
	issuer, _ := claims.GetIssuer()
	_, isSession := claims[sessionClaim]
	return claims, !isSession && slices.Contains(append(s.issuers(), ConnectedAppIssuer), issuer)
}
