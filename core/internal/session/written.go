package session

import (
	"encoding/json"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
)

// JSON writes the session in the shape of Stytch's member_session, with the custom claims as they were
// written.
func (f *Facts) JSON() ([]byte, error) {
	claims, err := f.Claims()
	if err != nil {
		return nil, err
	}
	return write(f.plainMember(), claims)
}

func write(ms *sessions.MemberSession, claims []byte) ([]byte, error) {
	return json.Marshal(struct {
		*sessions.MemberSession
		CustomClaims json.RawMessage `json:"custom_claims,omitempty"` // in place of the SDK's
	}{ms, claims})
}
