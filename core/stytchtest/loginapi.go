package stytchtest

import "net/http"

// loginBody is what every login answers with.
type loginBody struct {
	envelope
	MemberID                 string             `json:"member_id"`
	OrganizationID           string             `json:"organization_id"`
	Member                   memberObject       `json:"member"`
	Organization             organizationObject `json:"organization"`
	SessionToken             string             `json:"session_token"`
	SessionJWT               string             `json:"session_jwt"`
	MemberSession            *sessionObject     `json:"member_session"`
	MemberAuthenticated      bool               `json:"member_authenticated"`
	IntermediateSessionToken string             `json:"intermediate_session_token"`
	MFARequired              *mfaRequired       `json:"mfa_required"`
	PrimaryRequired          *struct{}          `json:"primary_required"`
	MemberDevice             *struct{}          `json:"member_device"`
}

func (s *Server) loginResponse(l login) loginBody {
	body := loginBody{
		envelope: ok(),
		MemberID: l.Member.ID, OrganizationID: l.Organization.ID,
		Member: memberOf(l.Member), Organization: organizationOf(l.Organization),
		IntermediateSessionToken: l.Intermediate,
	}
	if !l.complete() {
		body.MFARequired = mfaRequiredOf(l.Member)
		return body
	}
	session := sessionOf(l.grant)
	body.MemberAuthenticated, body.MemberSession = true, &session
	body.SessionToken, body.SessionJWT = l.Session.Token, s.mint(l.grant)
	return body
}

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
		o, found := st.organization(p.OrganizationID)
		if !found {
			return nil, errOrganizationNotFound
		}
		// The redirect is checked before anybody joins, so that a refusal changes nothing.
		known, _ := st.memberByEmail(o.ID, p.EmailAddress)
		candidates := []string{p.SignupRedirectURL, p.LoginRedirectURL}
		if known.Status == statusActive {
			candidates = []string{p.LoginRedirectURL}
		}
		redirect, err := redirectURL(errNoLoginRedirectURL, candidates...)
		if err != nil {
			return nil, err
		}
		m, created, err := st.join(o, p.EmailAddress, statusPending, now)
		if err != nil {
			return nil, err
		}
		st.send(linkRecord{Type: tokenTypeLogin, Email: m.Email, MemberID: m.ID, Challenge: p.PKCECodeChallenge}, redirect, now)
		return struct {
			envelope
			MemberID      string             `json:"member_id"`
			MemberCreated bool               `json:"member_created"`
			Member        memberObject       `json:"member"`
			Organization  organizationObject `json:"organization"`
		}{ok(), m.ID, created, memberOf(m), organizationOf(o)}, nil
	})
}

func (s *Server) authenticateMagicLink(r *http.Request) (any, error) {
	p, err := decode[struct {
		termsFields
		MagicLinksToken          string `json:"magic_links_token"`
		PKCECodeVerifier         string `json:"pkce_code_verifier"`
		IntermediateSessionToken string `json:"intermediate_session_token"`
	}](r)
	if err != nil {
		return nil, err
	}
	terms, err := p.terms()
	if err != nil {
		return nil, err
	}
	now := s.now()
	l, err := locked(s, func(st *state) (login, error) {
		return st.openLogin(p.MagicLinksToken, p.PKCECodeVerifier, p.IntermediateSessionToken, terms, now)
	})
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
	if err := checkEmail(p.EmailAddress); err != nil {
		return nil, err
	}
	redirect, err := redirectURL(errNoDiscoveryRedirectURL, p.DiscoveryRedirectURL)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		st.send(linkRecord{Type: tokenTypeDiscovery, Email: p.EmailAddress, Challenge: p.PKCECodeChallenge}, redirect, now)
		return ok(), nil
	})
}
