package stytchkit

import (
	"errors"
	"net/http"

	"github.com/stytchkit/stytchkit/core/internal/navigation"
)

// Made is a itself, for an adapter that is given one: it panics when there is none, while routes are built.
func (a *Authenticator) Made() *Authenticator {
	mustBe(a)
	return a
}

// SignOut answers a route that signs out, as [Authenticator.EndSession] does and for a POST alone. It
// stands outside of every Require, so that whoever presents sessions of several members gets out of them.
//
//   - 204, or 202 when Stytch does not know yet. A browser that shows the answer is sent to Config.LoginURL,
//     or told that it is done.
//   - 403 cross_origin to a page of another origin that is not trusted, as guards deny it.
//   - 405 to another method, with a button for a person who followed a link there.
func (x Exchange) SignOut(a *Authenticator) *RouteAnswer {
	if x.Request.Method() != http.MethodPost {
		return askSignOut(x.Request)
	}
	err := x.EndSession(a)
	if errors.Is(err, ErrCrossOrigin) {
		d := a.denial(x.Request, refuse(CodeCrossOrigin, nil), false)
		return &RouteAnswer{Status: d.Status, Header: d.Header, Body: d.Body}
	}
	status := http.StatusNoContent
	if err != nil { // it goes on in the background; the browser is signed out all the same
		a.said.Warn("stytchkit: a session was signed out here, and may not be revoked at Stytch yet", "error", err)
		status = http.StatusAccepted
	}
	return a.signedOut(x.Request, status)
}

// signedOut is the answer to who is signed out here: to a program this status.
func (a *Authenticator) signedOut(r Request, status int) *RouteAnswer {
	answer := &RouteAnswer{Status: status, Header: http.Header{"Cache-Control": {PrivateNoStore}}}
	switch {
	case !navigation.IsPage(r):
	case a.cfg.LoginURL != "":
		answer.Status = http.StatusSeeOther
		answer.Header.Set("Location", a.cfg.LoginURL)
	default:
		answer.Status = http.StatusOK
		answer.show("You are signed out", "Close this page, or go on where you came from.", "")
	}
	return answer
}

// askSignOut answers what is no POST: a link must change nothing.
func askSignOut(r Request) *RouteAnswer {
	answer := &RouteAnswer{Status: http.StatusMethodNotAllowed, Header: http.Header{"Allow": {http.MethodPost}, "Cache-Control": {"no-store"}}}
	if navigation.IsPage(r) {
		answer.Header.Set("X-Frame-Options", "DENY")
		answer.show("Sign out", "Do you want to sign out?", "<form method=\"post\"><button>Sign out</button></form>\n")
	}
	return answer
}

// logoutURL is where a person signs out: Config.LogoutURL, or core/signin's; empty where there is none.
func (a *Authenticator) logoutURL() string {
	if prefix := a.mounted.Load(); a.cfg.LogoutURL == "" && prefix != nil {
		return a.cfg.own.Path + *prefix + "/logout"
	}
	return a.cfg.LogoutURL
}

// resolves reports whether a request is for the sign-out, which is the way out of this refusal of its
// cookies.
func (a *Authenticator) resolves(r Request, why *refusal, bearer bool) bool {
	to := a.logoutURL()
	return !bearer && why.code == CodeInvalidRequest && to != "" && navigation.IsAt(r, to, a.cfg.own)
}
