package signin

import (
	"net/http"
	"net/url"
)

// handOverReset sends the browser to the application's page for a new password.
func (v *visit) handOverReset(token string) {
	if len(token) > maxKeptToken {
		v.refuse(reasonLinkInvalid)
		return
	}
	if v.cfg.PasswordResetURL == "" {
		v.said.Error("signin: a password reset link was opened; set Config.PasswordResetURL to the application's page for a new password")
		v.refuse(reasonLinkInvalid)
		return
	}
	v.keep(cookieReset, token, shortLife)
	v.redirect(v.in.AddQuery(v.cfg.PasswordResetURL, url.Values{paramFor: {digestOf(token)}}))
}

// PasswordResetToken is the token of the password reset link that was opened in this browser within
// the last ten minutes, for the application's page to send to Stytch with the new password; false
// when there is none. Config.PasswordResetURL is opened with a parameter that names the token, and the
// form has to post to a URL that has it too, as one without an action does: otherwise another tab
// could slip in a token of somebody else's. The page's form needs a check of its own that it was not sent by another
// origin: see Authenticator.CrossOrigin.
func (h *Handler) PasswordResetToken(r *http.Request) (string, bool) {
	v := &visit{Handler: h, r: r}
	token := v.cookie(cookieReset)
	if !isToken(token) || len(token) > maxKeptToken || r.URL.Query().Get(paramFor) != digestOf(token) {
		return "", false
	}
	return token, true
}
