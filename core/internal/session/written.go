package session

import (
	"encoding/json"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	consumer "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// JSON writes the session in the shape of Stytch's member_session, or a user's in that of its session, with
// the custom claims as they were written.
func (f *Facts) JSON() ([]byte, error) {
	claims, err := f.Claims()
	if err != nil {
		return nil, err
	}
	if f.Kind == User {
		return json.Marshal(struct {
			*consumer.Session
			CustomClaims json.RawMessage `json:"custom_claims,omitempty"` // in place of the SDK's
		}{f.plainUser(), claims})
	}
	return json.Marshal(struct {
		*sessions.MemberSession
		CustomClaims json.RawMessage `json:"custom_claims,omitempty"` // likewise
	}{f.plainMember(), claims})
}
