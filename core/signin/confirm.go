package signin

import (
	"net/http"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// askToConfirm shows the page that asks before a token is used, or that there is none.
func (v *visit) askToConfirm() {
	if _, _, ok := v.keptToken(); !ok {
		v.refuse(reasonLinkInvalid)
		return
	}
	v.show(Page{
		Name: PageConfirm, Status: http.StatusOK, Action: v.path(pathCallback),
		Title: "Finish signing in", Detail: "Go on only if you opened a link of yours, or chose to sign in.",
	})
}

// confirmed uses the token in the cookie, after the form of the page that asks has been sent.
func (v *visit) confirmed() {
	kind, token, ok := v.keptToken()
	if !ok {
		v.refuse(reasonLinkInvalid)
		return
	}
	if err := v.open(kind, token, flow{}); err != nil {
		if !isOutage(err) {
			v.drop(cookieToken)
		}
		v.fail(err)
	}
}

// isOutage reports whether the same may work later.
func isOutage(err error) bool {
	reason := reasonOf(stytch.FailureOf(err))
	return reason == reasonUnavailable || reason == reasonRateLimited || reason == reasonMisconfigured
}

// keptToken is the token that a callback moved into the cookie.
func (v *visit) keptToken() (kind, token string, ok bool) {
	kind, token, _ = strings.Cut(v.cookie(cookieToken), ".")
	return kind, token, isKind(kind) && kind != stytch.PasswordReset && isToken(token)
}
