package stytchtest

import (
	"net/http"
	"time"
)

// TOTP is the code that the member's authenticator app shows now. Each works once and for about
// half a minute, by the server's clock; empty for a member without an app.
func (m *Member) TOTP() string { return m.record("TOTP").App.code(m.server.now()) }

// withAuthenticator gives a member with MFA an authenticator app, unless they have one.
func (m memberRecord) withAuthenticator() memberRecord {
	if m.MFA && !m.NoAuthenticator && !m.App.active() {
		m.App = newAuthenticator()
	}
	return m
}

func (m memberRecord) totpRegistration() string {
	if !m.App.active() {
		return ""
	}
	return totpRegistration(m.ID)
}

func (m memberRecord) defaultMFAMethod() string {
	switch {
	case m.DefaultMFA != "":
		return m.DefaultMFA
	case m.App.active():
		return "totp"
	case m.Phone != "":
		return "sms_otp"
	}
	return ""
}

// createTOTP registers an authenticator app, which counts from its first code on.
func (s *Server) createTOTP(r *http.Request) (any, error) {
	p, err := decode[struct {
		mfaFields
		ExpirationMinutes int32 `json:"expiration_minutes"`
	}](r)
	if err != nil {
		return nil, err
	}
	b, err := s.basis(p.basisFields)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		o, m, err := st.memberIn(p.OrganizationID, p.MemberID)
		if err != nil {
			return nil, err
		}
		e, err := st.resume(b, m.Email, o.ID, now)
		if err != nil {
			return nil, err
		}
		if err := m.mayAddFactor(e); err != nil {
			return nil, err
		}
		if m.App, err = m.App.replaced(p.ExpirationMinutes, now); err != nil {
			return nil, err
		}
		st.putMember(m)
		return struct {
			memberBody
			TOTPRegistrationID string   `json:"totp_registration_id"`
			Secret             string   `json:"secret"`
			QRCode             string   `json:"qr_code"`
			RecoveryCodes      []string `json:"recovery_codes"`
		}{memberResponse(o, m), totpRegistration(m.ID), m.App.secret(), m.App.qrCode(), m.App.RecoveryCodes}, nil
	})
}

func (s *Server) authenticateTOTP(r *http.Request) (any, error) {
	body, _, err := s.secondStep(r, func(_ *state, m memberRecord, p mfaFields, now time.Time) (memberRecord, factor, error) {
		app, err := m.App.check(p.Code, now)
		m.App = app
		return m, totpFactor(memberPerson(m.Member), now), err
	})
	return body, err
}
