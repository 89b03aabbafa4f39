package stytchtest

import (
	"net/http"
	"slices"
	"time"
)

// RecoveryCodes are those that the member has not used yet; none for a member without an
// authenticator app.
func (m *Member) RecoveryCodes() []string {
	return slices.Clone(m.record("RecoveryCodes").App.RecoveryCodes)
}

func (s *Server) recoverMember(r *http.Request) (any, error) {
	body, l, err := s.secondStep(r, func(_ *state, m memberRecord, p mfaFields, now time.Time) (memberRecord, factor, error) {
		app, err := m.App.recover(p.RecoveryCode)
		m.App = app
		return m, recoveryFactor(now), err
	})
	if err != nil {
		return nil, err
	}
	return struct {
		mfaBody
		RecoveryCodesRemaining int `json:"recovery_codes_remaining"`
	}{body, len(l.Member.App.RecoveryCodes)}, nil
}

func (s *Server) getRecoveryCodes(r *http.Request) (any, error) {
	return s.recoveryCodesOf(r.PathValue("organization_id"), r.PathValue("member_id"), false)
}

func (s *Server) rotateRecoveryCodes(r *http.Request) (any, error) {
	p, err := decode[mfaFields](r)
	if err != nil {
		return nil, err
	}
	return s.recoveryCodesOf(p.OrganizationID, p.MemberID, true)
}

// recoveryCodesOf shows a member's codes in clear, or gives them new ones.
func (s *Server) recoveryCodesOf(organization, member string, rotate bool) (any, error) {
	return locked(s, func(st *state) (any, error) {
		o, m, err := st.memberIn(organization, member)
		if err != nil {
			return nil, err
		}
		if !m.App.active() {
			return nil, errRecoveryCodesNotFound
		}
		if rotate {
			m.App.RecoveryCodes = newRecoveryCodes()
			st.putMember(m)
		}
		return struct {
			memberBody
			RecoveryCodes []string `json:"recovery_codes"`
		}{memberResponse(o, m), m.App.RecoveryCodes}, nil
	})
}
