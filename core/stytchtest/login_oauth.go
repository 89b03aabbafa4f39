package stytchtest

import (
	"net/http"
	"time"
)

// startOAuth is where a browser begins a login to an organization by a provider.
func (s *Server) startOAuth(r *http.Request) (any, error) {
	query := r.URL.Query()
	v, err := atOAuth(r, tokenTypeOAuth, providers(), "pkce_code_challenge")
	if err != nil {
		return nil, err
	}
	ref, err := one(errNoOAuthLocator, errTooManyOAuthLocators, query.Get("organization_id"), query.Get("slug"))
	if err != nil {
		return nil, err
	}
	o, err := locked(s, func(st *state) (organizationRecord, error) { return st.organizationOr404(ref) })
	if err != nil {
		return nil, err
	}
	v.organization, v.link.OrganizationID = &o, o.ID
	v.login, v.signup = query.Get("login_redirect_url"), query.Get("signup_redirect_url")
	return s.visited(r, v)
}

// startDiscoveryOAuth is where one begins without an organization.
func (s *Server) startDiscoveryOAuth(r *http.Request) (any, error) {
	v, err := atOAuth(r, tokenTypeDiscoveryOAuth, providers(), "pkce_code_challenge")
	if err != nil {
		return nil, err
	}
	v.login = r.URL.Query().Get("discovery_redirect_url")
	if v.login == "" {
		return nil, errNoDiscoveryRedirectURL
	}
	return s.visited(r, v)
}

func atOAuth(r *http.Request, tokenType string, offered map[string]string, challengeParam string) (visit, error) {
	provider := r.PathValue("provider")
	name, known := offered[provider]
	if !known {
		return visit{}, errInvalidOAuthProvider
	}
	challenge := r.URL.Query().Get(challengeParam)
	return visit{at: name, link: linkRecord{Type: tokenType, Source: provider, Challenge: challenge}}, nil
}

// providerValues are what the provider gave: made up, and secrets at a real one.
type providerValues struct {
	Scopes       []string  `json:"scopes"`
	AccessToken  string    `json:"access_token"`
	RefreshToken string    `json:"refresh_token"`
	ExpiresAt    time.Time `json:"expires_at"`
	IDToken      string    `json:"id_token"`
}

func (s *Server) providerValues() providerValues {
	return providerValues{[]string{"openid", "email", "profile"}, newToken(), newToken(), s.now().Add(time.Hour), newToken()}
}

func (s *Server) authenticateOAuth(r *http.Request) (any, error) {
	p, err := decode[struct {
		basisFields
		OAuthToken       string `json:"oauth_token"`
		PKCECodeVerifier string `json:"pkce_code_verifier"`
	}](r)
	if err != nil {
		return nil, err
	}
	l, link, err := s.openLink(p.basisFields, p.OAuthToken, tokenTypeOAuth, p.PKCECodeVerifier)
	if err != nil {
		return nil, err
	}
	return struct {
		loginBody
		ProviderSubject string         `json:"provider_subject"`
		ProviderType    string         `json:"provider_type"`
		ProviderValues  providerValues `json:"provider_values"`
		ResetSessions   bool           `json:"reset_sessions"`
	}{
		s.loginResponse(l), subjectOf(link.Source, link.Email), providers()[link.Source],
		s.providerValues(),
		false,
	}, nil
}

func (s *Server) authenticateDiscoveryOAuth(r *http.Request) (any, error) {
	p, err := decode[struct {
		DiscoveryOAuthToken string `json:"discovery_oauth_token"`
		PKCECodeVerifier    string `json:"pkce_code_verifier"`
	}](r)
	if err != nil {
		return nil, err
	}
	link, body, err := s.openDiscovery(p.DiscoveryOAuthToken, tokenTypeDiscoveryOAuth, p.PKCECodeVerifier)
	if err != nil {
		return nil, err
	}
	return struct {
		discoveryBody
		ProviderType      string   `json:"provider_type"`
		ProviderTenantID  string   `json:"provider_tenant_id"`
		ProviderTenantIDs []string `json:"provider_tenant_ids"`
		FullName          string   `json:"full_name"`
	}{body, providers()[link.Source], "", []string{}, ""}, nil
}
