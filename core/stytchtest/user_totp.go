package stytchtest

import (
	"net/http"
	"time"
)

func (s *Server) createUserTOTP(r *http.Request) (any, error) {
	p, err := decode[struct {
		UserID            string `json:"user_id"`
		ExpirationMinutes int32  `json:"expiration_minutes"`
	}](r)
	if err != nil {
		return nil, err
	}
	now := s.now()
	return locked(s, func(st *state) (any, error) {
		u, err := st.userOr404(p.UserID)
		if err != nil {
			return nil, err
		}
		if u.App, err = u.App.replaced(p.ExpirationMinutes, now); err != nil {
			return nil, err
		}
		st.putUser(u)
		return struct {
			userBody
			TOTPID        string   `json:"totp_id"`
			Secret        string   `json:"secret"`
			QRCode        string   `json:"qr_code"`
			RecoveryCodes []string `json:"recovery_codes"`
		}{userResponse(u), u.totpID(), u.App.secret(), u.App.qrCode(), u.App.RecoveryCodes}, nil
	})
}

// userTOTPFields are what both ways to show an authenticator app take.
type userTOTPFields struct {
	userLoginFields
	UserID       string `json:"user_id"`
	TOTPCode     string `json:"totp_code"`
	RecoveryCode string `json:"recovery_code"`
}

func (s *Server) authenticateUserTOTP(r *http.Request) (any, error) {
	return s.userTOTP(r, func(u userRecord, p userTOTPFields, now time.Time) (authenticator, factor, error) {
		app, err := u.App.check(p.TOTPCode, now)
		return app, totpFactor(userPerson(u.User), now), err
	})
}

func (s *Server) recoverUser(r *http.Request) (any, error) {
	return s.userTOTP(r, func(u userRecord, p userTOTPFields, now time.Time) (authenticator, factor, error) {
		app, err := u.App.recover(p.RecoveryCode)
		return app, recoveryFactor(now), err
	})
}

func (s *Server) userTOTP(r *http.Request, check func(userRecord, userTOTPFields, time.Time) (authenticator, factor, error)) (any, error) {
	p, err := decode[userTOTPFields](r)
	if err != nil {
		return nil, err
	}
	g, err := s.logUserIn(p.userLoginFields, func(st *state, now time.Time) (userRecord, factor, error) {
		u, err := st.userOr404(p.UserID)
		if err != nil {
			return userRecord{}, factor{}, err
		}
		app, f, err := check(u, p, now)
		u.App = app
		return u, f, err
	})
	if err != nil {
		return nil, err
	}
	return struct {
		userLoginBody
		TOTPID string `json:"totp_id"`
	}{s.userLoginResponse(g), g.User.totpID()}, nil
}

func (s *Server) listUserRecoveryCodes(r *http.Request) (any, error) {
	p, err := decode[struct {
		UserID string `json:"user_id"`
	}](r)
	if err != nil {
		return nil, err
	}
	type app struct {
		userTOTP
		RecoveryCodes []string `json:"recovery_codes"`
	}
	return locked(s, func(st *state) (any, error) {
		u, err := st.userOr404(p.UserID)
		if err != nil {
			return nil, err
		}
		apps := []app{}
		if u.App.exists() {
			apps = append(apps, app{userTOTP{u.totpID(), u.App.active()}, orEmpty(u.App.RecoveryCodes)})
		}
		return struct {
			envelope
			UserID string `json:"user_id"`
			TOTPs  []app  `json:"totps"`
		}{ok(), u.ID, apps}, nil
	})
}
