package signin

import (
	"context"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// finish stores the session of a login that needs nothing more, and goes where it was to end.
func (v *visit) finish(l *stytch.Login, returnTo string) {
	if !l.Authenticated {
		v.pend(l, returnTo)
		return
	}
	there, ok := v.hostFor(l)
	if !ok {
		return
	}
	cookies, err := v.auth.SessionCookies(v.request(), l.Token, l.JWT, l.ExpiresAt)
	if err != nil {
		v.said.Error("signin: a session cannot be stored", "error", err)
		v.discard(l)
		v.refuse(reasonUnavailable)
		return
	}
	v.cookies = append(v.cookies, cookies...)
	v.drop(cookieToken, cookiePending)
	v.redirectOr(onHost(there, v.destination(returnTo)), answer{Authenticated: true, MemberID: l.MemberID, OrganizationID: l.Organization.ID, UserID: l.UserID})
}

// goOn sends a browser on whose link does not work any more and that is signed in already; false when
// nobody is.
func (v *visit) goOn(returnTo string) bool {
	d := v.guard.Check(v.r.Context(), v.request())
	if d.Session == nil {
		return false
	}
	v.cookies = append(v.cookies, d.Cookies...)
	v.drop(cookieToken)
	v.redirectOr(v.destination(returnTo), answer{Authenticated: true, MemberID: d.Session.MemberID(), OrganizationID: d.Session.OrganizationID(), UserID: d.Session.UserID()})
	return true
}

// refuseExpired answers where nothing waits for what was sent. Who has signed in goes on: they come by the
// back button, or have sent a form twice.
func (v *visit) refuseExpired() {
	if !v.goOn("") {
		v.refuse(reasonLoginExpired)
	}
}

// destination is where a login ends.
func (v *visit) destination(returnTo string) string {
	to := v.returnTo(returnTo)
	fill(&to, v.cfg.AfterLogin)
	return to
}

// discard ends a session that nobody is given.
func (v *visit) discard(l *stytch.Login) {
	if l.SessionID == "" {
		return
	}
	_, err := askToTheEnd(v, func(ctx context.Context) (any, error) {
		return nil, v.project.revoke(ctx, stytch.Credential{Kind: stytch.SessionID, Value: l.SessionID})
	})
	if err != nil {
		v.said.Warn("signin: a session that nobody was given could not be revoked", "error", err)
	}
}
