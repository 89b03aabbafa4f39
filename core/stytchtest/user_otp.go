package stytchtest

import (
	"net/http"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
)

// codeFields are what every way to send a one-time passcode takes.
type codeFields struct {
	Email               string `json:"email"`
	PhoneNumber         string `json:"phone_number"`
	ExpirationMinutes   int32  `json:"expiration_minutes"`
	CreateUserAsPending bool   `json:"create_user_as_pending"`
}

func (s *Server) sendUserEmailCode(r *http.Request) (any, error) {
	p, lifetime, err := codeOf(r, mailedCodeLifetime)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(p.Email); err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		u, known := st.userWith(User{Email: p.Email}, p.CreateUserAsPending, now)
		st.putUser(u)
		st.mailCode(u.emailID(), u.Email, lifetime, now)
		return mailedTo{ok(), u.ID, u.emailID(), !known}, nil
	})
}

func (s *Server) sendUserSMS(r *http.Request) (any, error) {
	return s.textUser(r, sessions.AuthenticationFactorDeliveryMethodSms)
}

func (s *Server) sendUserWhatsApp(r *http.Request) (any, error) {
	return s.textUser(r, sessions.AuthenticationFactorDeliveryMethodWhatsapp)
}

func (s *Server) textUser(r *http.Request, delivery sessions.AuthenticationFactorDeliveryMethod) (any, error) {
	p, lifetime, err := codeOf(r, textedCodeLifetime)
	if err != nil {
		return nil, err
	}
	if !isPhone(p.PhoneNumber) {
		return nil, errInvalidUserPhone
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		u, known := st.userWith(User{Phone: p.PhoneNumber}, p.CreateUserAsPending, now)
		u.ReachedBy = delivery
		st.putUser(u)
		st.text(u.phoneID(), u.Phone, lifetime, now)
		return struct {
			envelope
			UserID      string `json:"user_id"`
			PhoneID     string `json:"phone_id"`
			UserCreated bool   `json:"user_created"`
		}{ok(), u.ID, u.phoneID(), !known}, nil
	})
}

func codeOf(r *http.Request, usual time.Duration) (codeFields, time.Duration, error) {
	p, err := decode[codeFields](r)
	if err != nil {
		return p, 0, err
	}
	lifetime, err := codeMinutes(usual, p.ExpirationMinutes)
	return p, lifetime, err
}

// authenticateUserCode takes the email_id or phone_id that a code was sent to.
func (s *Server) authenticateUserCode(r *http.Request) (any, error) {
	p, err := decode[struct {
		userLoginFields
		MethodID string `json:"method_id"`
		Code     string `json:"code"`
	}](r)
	if err != nil {
		return nil, err
	}
	g, err := s.logUserIn(p.userLoginFields, func(st *state, now time.Time) (userRecord, factor, error) {
		u, found := st.userByMethod(p.MethodID)
		if !found {
			return userRecord{}, factor{}, errOTPCodeNotFound
		}
		if err := st.useCode(p.MethodID, p.Code, now); err != nil {
			return userRecord{}, factor{}, err
		}
		u, f := u.reached(p.MethodID, now)
		return u, f, nil
	})
	if err != nil {
		return nil, err
	}
	return struct {
		userLoginBody
		MethodID      string `json:"method_id"`
		ResetSessions bool   `json:"reset_sessions"`
	}{s.userLoginResponse(g), p.MethodID, false}, nil
}

// reached is a user whom a code has reached. Its factor is called otp, whatever carried it.
func (u userRecord) reached(method string, now time.Time) (userRecord, factor) {
	if method == u.emailID() {
		f := emailFactor(userPerson(u.User), now)
		f.Type = sessions.AuthenticationFactorTypeOTP
		return u.proved(), f
	}
	f := smsFactor(userPerson(u.User), now)
	f.DeliveryMethod = u.ReachedBy
	u.PhoneUnverified = false
	return u, f
}
