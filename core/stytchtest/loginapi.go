package stytchtest

import (
	"net/http"
	"time"
)

// loginBody is what every login answers with.
type loginBody struct {
	memberBody
	OrganizationID           string           `json:"organization_id"`
	SessionToken             string           `json:"session_token"`
	SessionJWT               string           `json:"session_jwt"`
	MemberSession            *sessionObject   `json:"member_session"`
	MemberAuthenticated      bool             `json:"member_authenticated"`
	IntermediateSessionToken string           `json:"intermediate_session_token"`
	MFARequired              *mfaRequired     `json:"mfa_required"`
	PrimaryRequired          *primaryRequired `json:"primary_required"`
	MemberDevice             *struct{}        `json:"member_device"`
}

func (s *Server) loginResponse(l login) loginBody {
	body := loginBody{
		memberBody:               memberResponse(l.Organization, l.Member),
		OrganizationID:           l.Organization.ID,
		IntermediateSessionToken: l.Intermediate,
	}
	if !l.complete() {
		body.PrimaryRequired, body.MFARequired = l.missing.objects(l.Member, l.texted)
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
		o, err := st.organizationOr404(p.OrganizationID)
		if err != nil {
			return nil, err
		}
		// The redirect is checked before anybody joins, so that a refusal changes nothing.
		known, _ := st.memberByEmail(o.ID, p.EmailAddress)
		redirect, err := redirectOf(known, p.LoginRedirectURL, p.SignupRedirectURL)
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

// linkTo is a link for a member.
func linkTo(m memberRecord, tokenType, challenge string) linkRecord {
	return linkRecord{Type: tokenType, Email: m.Email, MemberID: m.ID, OrganizationID: m.OrganizationID, Challenge: challenge}
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

// logIn lets do log somebody in on what the fields name.
func (s *Server) logIn(f basisFields, do func(*state, basis, time.Time) (login, error)) (login, error) {
	b, err := s.basis(f)
	if err != nil {
		return login{}, err
	}
	now := s.now()
	return locked(s, func(st *state) (login, error) { return do(st, b, now) })
}

// openLink logs the person in who opened a link of that type.
func (s *Server) openLink(f basisFields, token, tokenType, verifier string) (login, linkRecord, error) {
	var link linkRecord
	l, err := s.logIn(f, func(st *state, b basis, now time.Time) (l login, err error) {
		if link, err = st.link(token, tokenType, verifier, now); err != nil {
			return login{}, err
		}
		f, err := st.factorOf(link, now)
		if err != nil {
			return login{}, err
		}
		return st.open(link, f, b, now)
	})
	return l, link, err
}

// factorOf is what whoever opens a link shows by it.
func (st *state) factorOf(link linkRecord, now time.Time) (factor, error) {
	switch link.Type {
	case tokenTypeOAuth, tokenTypeDiscoveryOAuth:
		return oauthFactor(link.Source, link.Email, now), nil
	case tokenTypeSSO:
		c, found := st.connection(link.Source)
		if !found {
			return factor{}, errSSOConnectionNotFound
		}
		return ssoFactor(c, link.Email, now), nil
	case tokenTypeImpersonation:
		return impersonatedFactor(link.Source, now), nil
	}
	return emailFactor(link.Email, now), nil
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
