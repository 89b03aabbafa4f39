package stytchtest

import (
	"net/http"
	"slices"
	"time"
)

func (s *Server) recoverMember(r *http.Request) (any, error) {
	body, l, err := s.secondStep(r, func(st *state, m memberRecord, p mfaFields, now time.Time) (memberRecord, factor, error) {
		return st.checkRecoveryCode(m, p.RecoveryCode, now)
	})
	if err != nil {
		return nil, err
	}
	return struct {
		mfaBody
		RecoveryCodesRemaining int `json:"recovery_codes_remaining"`
	}{body, len(l.Member.RecoveryCodes)}, nil
}

// RecoveryCodes are those that the member has not used yet; none for a member without MFA.
func (m *Member) RecoveryCodes() []string {
	return slices.Clone(m.record("RecoveryCodes").RecoveryCodes)
}

// checkRecoveryCode uses a recovery code up.
func (st *state) checkRecoveryCode(m memberRecord, code string, now time.Time) (memberRecord, factor, error) {
	if m.Authenticator == nil {
		return m, factor{}, errRecoveryCodesNotFound
	}
	i := slices.Index(m.RecoveryCodes, code)
	if i < 0 {
		return m, factor{}, errUnableToAuthRecoveryCode
	}
	m.RecoveryCodes = slices.Delete(slices.Clone(m.RecoveryCodes), i, i+1)
	f := recoveryFactor(now)
	return m, f, nil
}
