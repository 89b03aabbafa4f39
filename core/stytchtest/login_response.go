package stytchtest

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
