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
	cookies, err := v.auth.SessionCookies(v.request(), l.Token, l.JWT, l.ExpiresAt)
	if err != nil {
		v.in.Log.Error("signin: a session cannot be stored", "error", err)
		v.discard(l)
		v.refuse(reasonUnavailable)
		return
	}
	v.cookies = append(v.cookies, cookies...)
	v.drop(cookieToken, cookiePending)
	to := v.returnTo(returnTo)
	fill(&to, v.cfg.AfterLogin)
	v.redirectOr(to, answer{Authenticated: true, MemberID: l.MemberID, OrganizationID: l.Organization.ID})
}

// discard ends a session that nobody is given.
func (v *visit) discard(l *stytch.Login) {
	if l.SessionID == "" {
		return
	}
	_, err := ask(v, func(ctx context.Context) (any, error) {
		return nil, v.in.Stytch.Revoke(ctx, stytch.Credential{Kind: stytch.SessionID, Value: l.SessionID})
	})
	if err != nil {
		v.in.Log.Warn("signin: a session that nobody was given could not be revoked", "error", err)
	}
}
