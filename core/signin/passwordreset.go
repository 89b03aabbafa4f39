package signin

import (
	"net/http"
)

// handOverReset sends the browser to the application's page for a new password.
func (v *visit) handOverReset(token string) {
	if v.cfg.PasswordResetURL == "" {
		v.in.Log.Error("signin: a password reset link was opened; set Config.PasswordResetURL to the application's page for a new password")
		v.refuse(reasonLinkInvalid)
		return
	}
	v.keep(cookieReset, token, shortLife)
	v.redirect(v.cfg.PasswordResetURL)
}

// PasswordResetToken is the token of the password reset link that was opened in this browser within
// the last ten minutes, for the application's page to send to Stytch with the new password; false
// when there is none. The page's form needs a check of its own that it was not sent by another
// origin: see Authenticator.CrossOrigin.
func (h *Handler) PasswordResetToken(r *http.Request) (string, bool) {
	v := &visit{Handler: h, r: r}
	token := v.cookie(cookieReset)
	return token, isToken(token)
}
