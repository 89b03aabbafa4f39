package signin

import (
	"errors"
	"maps"
	"net/http"
	"slices"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// logout ends every session that the request presents, and removes every cookie of a login.
func (v *visit) logout() {
	cookies, err := v.auth.EndSession(v.r.Context(), v.request())
	if errors.Is(err, stytchkit.ErrCrossOrigin) {
		v.refuse(reasonCrossOrigin)
		return
	}
	status := http.StatusNoContent
	if err != nil { // it goes on in the background; the browser is signed out all the same
		v.said.Warn("signin: a session was signed out here and is not revoked at Stytch yet", "error", err)
		status = http.StatusAccepted
	}
	v.cookies = append(v.cookies, cookies...)
	v.drop(slices.Sorted(maps.Keys(v.ownCookies()))...)
	if v.json {
		v.commit(status)
		return
	}
	v.redirect(v.cfg.AfterLogout)
}

// askLogout answers a link to the logout: a GET changes nothing, so there is a button.
func (v *visit) askLogout() {
	v.w.Header().Set("Allow", "POST")
	if v.json {
		v.refuse(reasonMethod)
		return
	}
	v.show(Page{
		Name: PageLogout, Status: http.StatusMethodNotAllowed, Action: v.path(pathLogout),
		Title: "Sign out", Detail: "Do you want to sign out?",
	})
}
