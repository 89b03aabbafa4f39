package stytchtest

import "net/http"

func (s *Server) loginOrSignup(r *http.Request) (any, error) {
	p, err := decode[struct {
		OrganizationID    string `json:"organization_id"`
		EmailAddress      string `json:"email_address"`
		LoginRedirectURL  string `json:"login_redirect_url"`
		SignupRedirectURL string `json:"signup_redirect_url"`
		PKCECodeChallenge string `json:"pkce_code_challenge"`
	}](r)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(p.EmailAddress); err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		o, err := st.organizationOr404(p.OrganizationID)
		if err != nil {
			return nil, err
		}
		// The redirect is checked before anybody joins, so that a refusal changes nothing.
		known, _ := st.memberByEmail(o.ID, p.EmailAddress)
		redirect, err := redirectOf(known.Status == statusActive, p.LoginRedirectURL, p.SignupRedirectURL)
		if err != nil {
			return nil, err
		}
		m, created, err := st.join(o, p.EmailAddress, statusPending, now)
		if err != nil {
			return nil, err
		}
		st.send(linkTo(m, tokenTypeLogin, p.PKCECodeChallenge), redirect, magicLinkLifetime, now)
		return struct {
			memberBody
			MemberCreated bool `json:"member_created"`
		}{memberResponse(o, m), created}, nil
	})
}

func (s *Server) authenticateMagicLink(r *http.Request) (any, error) {
	p, err := decode[struct {
		basisFields
		MagicLinksToken  string `json:"magic_links_token"`
		PKCECodeVerifier string `json:"pkce_code_verifier"`
	}](r)
	if err != nil {
		return nil, err
	}
	l, _, err := s.openLink(p.basisFields, p.MagicLinksToken, tokenTypeLogin, p.PKCECodeVerifier)
	if err != nil {
		return nil, err
	}
	return struct {
		loginBody
		MethodID      string `json:"method_id"`
		ResetSessions bool   `json:"reset_sessions"`
	}{s.loginResponse(l), newID("member-email-test"), false}, nil
}

func (s *Server) sendDiscovery(r *http.Request) (any, error) {
	p, err := decode[struct {
		EmailAddress         string `json:"email_address"`
		DiscoveryRedirectURL string `json:"discovery_redirect_url"`
		PKCECodeChallenge    string `json:"pkce_code_challenge"`
	}](r)
	if err != nil {
		return nil, err
	}
	redirect, lifetime, err := mailing(p.EmailAddress, p.DiscoveryRedirectURL, errNoDiscoveryRedirectURL, magicLinkLifetime, 0)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		st.send(linkRecord{Type: tokenTypeDiscovery, Email: p.EmailAddress, Challenge: p.PKCECodeChallenge}, redirect, lifetime, now)
		return ok(), nil
	})
}
