package stytchtest

import "net/http"

// Impersonate is where the browser of somebody arrives who impersonates the member from Stytch's
// dashboard: the redirect URL with a token, which lives five minutes. by is their address.
func (m *Member) Impersonate(by, redirect string) string {
	record := m.record("Impersonate")
	link := linkTo(record, tokenTypeImpersonation, "")
	link.Source = by
	return m.server.mustIssue("Impersonate", redirect, impersonationLifetime, func(*state) (linkRecord, error) {
		return link, checkEmail(by)
	})
}

// authenticateImpersonation always ends in a session, which nothing prolongs or shapes.
func (s *Server) authenticateImpersonation(r *http.Request) (any, error) {
	p, err := decode[struct {
		ImpersonationToken string `json:"impersonation_token"`
	}](r)
	if err != nil {
		return nil, err
	}
	l, _, err := s.openLink(basisFields{}, p.ImpersonationToken, tokenTypeImpersonation, "")
	if err != nil {
		return nil, err
	}
	return s.loginResponse(l), nil
}
