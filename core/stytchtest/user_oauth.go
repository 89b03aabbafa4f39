package stytchtest

import (
	"net/http"
	"slices"
	"time"
)

// startUserOAuth is where a browser begins a login by a provider.
func (s *Server) startUserOAuth(r *http.Request) (any, error) {
	query := r.URL.Query()
	v, err := atOAuth(r, tokenTypeOAuth, userProviders(), "code_challenge")
	if err != nil {
		return nil, err
	}
	v.users = true
	v.login, v.signup = query.Get("login_redirect_url"), query.Get("signup_redirect_url")
	return s.visited(r, v)
}

// userFrom is the user with the address that a provider vouches for, or a new one.
func (st *state) userFrom(provider, email string, now time.Time) userRecord {
	u, _ := st.userWith(User{Email: email}, false, now)
	if !slices.Contains(u.Providers, provider) {
		u.Providers = append(slices.Clone(u.Providers), provider)
	}
	return u.proved()
}

// authenticateUserOAuth calls the session user_session, other than every other login.
func (s *Server) authenticateUserOAuth(r *http.Request) (any, error) {
	p, err := decode[struct {
		userLoginFields
		Token        string `json:"token"`
		CodeVerifier string `json:"code_verifier"`
	}](r)
	if err != nil {
		return nil, err
	}
	g, link, err := s.openUserLink(p.userLoginFields, p.Token, p.CodeVerifier, tokenTypeOAuth)
	if err != nil {
		return nil, err
	}
	tokens, session := s.userTokens(g)
	provider := g.User.provider(link.Source)
	return struct {
		userTokens
		UserSession             *userSessionObject `json:"user_session"`
		ProviderSubject         string             `json:"provider_subject"`
		ProviderType            string             `json:"provider_type"`
		ProviderValues          providerValues     `json:"provider_values"`
		OAuthUserRegistrationID string             `json:"oauth_user_registration_id"`
		ResetSessions           bool               `json:"reset_sessions"`
	}{tokens, session, provider.ProviderSubject, provider.ProviderType, s.providerValues(), provider.OAuthUserRegistrationID, false}, nil
}
