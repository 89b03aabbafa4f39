package stytchtest

import (
	"net/http"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// mfaFields are what every second step takes: whose it is, what it continues, and the code.
type mfaFields struct {
	basisFields
	OrganizationID   string `json:"organization_id"`
	MemberID         string `json:"member_id"`
	Code             string `json:"code"`
	RecoveryCode     string `json:"recovery_code"`
	SetMFAEnrollment string `json:"set_mfa_enrollment"`
	SetDefaultMFA    bool   `json:"set_default_mfa"`
}

// mfaBody is what a second step answers with: it always ends in a session.
type mfaBody struct {
	memberBody
	SessionToken  string        `json:"session_token"`
	SessionJWT    string        `json:"session_jwt"`
	MemberSession sessionObject `json:"member_session"`
	MemberDevice  *struct{}     `json:"member_device"`
}

// secondStep checks a second factor and gives the session that the login ends in, or adds the
// factor to the session that there is.
func (s *Server) secondStep(r *http.Request, check func(*state, memberRecord, mfaFields, time.Time) (memberRecord, factor, error)) (mfaBody, login, error) {
	p, err := decode[mfaFields](r)
	if err != nil {
		return mfaBody{}, login{}, err
	}
	l, err := s.logIn(p.basisFields, func(st *state, b basis, now time.Time) (login, error) {
		o, m, err := st.memberIn(p.OrganizationID, p.MemberID)
		if err != nil {
			return login{}, err
		}
		e, err := st.underWay(o, m, b, now)
		if err != nil {
			return login{}, err
		}
		m, f, err := check(st, m, p, now)
		if err != nil {
			return login{}, err
		}
		m.enroll(p.SetMFAEnrollment, o)
		if p.SetDefaultMFA {
			m.DefaultMFA = mfaMethod(f)
		}
		st.putMember(m)
		return st.prove(m, f, e, b, now)
	})
	if err != nil {
		return mfaBody{}, login{}, err
	}
	return mfaBody{
		memberBody:   memberResponse(l.Organization, l.Member),
		SessionToken: l.Session.Token, SessionJWT: s.mint(l.grant), MemberSession: sessionOf(l.grant),
	}, l, nil
}

// underWay is the login or session that a second step continues. It must be the member's own, and
// a login must have all but the second factor.
func (st *state) underWay(o organizationRecord, m memberRecord, b basis, now time.Time) (earlier, error) {
	e, err := st.resume(b, m.Email, o.ID, now)
	switch {
	case err != nil:
		return earlier{}, err
	case b.intermediate == "" && b.session == credential{}:
		return earlier{}, errNoSessionArguments
	case b.intermediate == "" && e.session == nil:
		return earlier{}, errSessionNotFound
	case e.session == nil && o.requires(m, carried(e.factors, e.from, m)).Primary != nil:
		return earlier{}, errPrimaryNotMet
	}
	return e, nil
}

// mfaMethod is what default_mfa_method calls a factor.
func mfaMethod(f factor) string {
	if f.Type == sessions.AuthenticationFactorTypeOTP {
		return "sms_otp"
	}
	return "totp"
}

// enroll follows set_mfa_enrollment; where MFA is required of all, whoever completes it is enrolled.
func (m *memberRecord) enroll(wish string, o organizationRecord) {
	switch {
	case o.MFARequired || wish == "enroll":
		m.MFA = true
	case wish == "unenroll":
		m.MFA = false
	}
}
