package stytchtest

import (
	"net/http"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// sendNewSMS texts a code to a user who is known, and may so get the number; without one, to whoever has it.
func (s *Server) sendNewSMS(r *http.Request) (any, error) {
	p, err := decode[struct {
		codeFields
		sessionFields
		UserID string `json:"user_id"`
	}](r)
	if err != nil {
		return nil, err
	}
	lifetime, err := codeMinutes(textedCodeLifetime, p.ExpirationMinutes)
	switch {
	case err != nil:
		return nil, err
	case !isPhone(p.PhoneNumber):
		return nil, errInvalidUserPhone
	}
	now := s.now()
	owner, err := s.selected(p.UserID, p.sessionFields, now)
	if err != nil {
		return nil, err
	}
	return locked(s, func(st *state) (any, error) {
		u, err := st.withPhone(owner, p.PhoneNumber)
		if err != nil {
			return nil, err
		}
		u.ReachedBy = sessions.AuthenticationFactorDeliveryMethodSms
		st.putUser(u)
		st.text(u.phoneID(), u.Phone, lifetime, now)
		return struct {
			envelope
			UserID  string `json:"user_id"`
			PhoneID string `json:"phone_id"`
		}{ok(), u.ID, u.phoneID()}, nil
	})
}

// withPhone is to numbers what withEmail is to addresses; one that was never proved makes room for another.
func (st *state) withPhone(owner, phone string) (userRecord, error) {
	known, found := st.user(phone)
	if owner == "" {
		if !found {
			return userRecord{}, errUserNotFound
		}
		return known, nil
	}
	u, err := st.userOr404(owner)
	switch {
	case err != nil:
		return userRecord{}, err
	case found && known.ID != u.ID:
		return userRecord{}, errDuplicatePhone
	case u.Phone != phone && (u.Phone == "" || u.PhoneUnverified):
		delete(st.people, u.Phone)
		u.Phone, u.PhoneUnverified = phone, true
	}
	return u, nil
}

func (s *Server) deleteUserPhone(r *http.Request) (any, error) {
	return locked(s, func(st *state) (any, error) {
		u, found := st.userByMethod(r.PathValue("phone_id"))
		if !found || u.phoneID() != r.PathValue("phone_id") {
			return nil, errUserNotFound
		}
		delete(st.people, u.Phone)
		u.Phone, u.PhoneUnverified = "", false
		st.putUser(u)
		return userResponse(u), nil
	})
}

func (s *Server) deleteUserTOTP(r *http.Request) (any, error) {
	return locked(s, func(st *state) (any, error) {
		for u := range st.users.all() {
			if u.App.exists() && u.totpID() == r.PathValue("totp_id") {
				u.App, u.Authenticator = authenticator{}, false
				st.putUser(u)
				return userResponse(u), nil
			}
		}
		return nil, errTOTPNotFound
	})
}
