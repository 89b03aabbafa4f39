package signin

import (
	"context"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// ask asks Stytch within the Authenticator's bounds. Every error is a *stytch.Failure.
func ask[T any](v *visit, question func(context.Context) (T, error)) (T, error) {
	var found T
	err := v.in.Call(v.r.Context(), func(ctx context.Context) (err error) {
		found, err = question(ctx)
		return err
	})
	return found, err
}

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

// discover ends a login by discovery: what is left is to choose an organization.
func (v *visit) discover(kind string, proof stytch.Proof, f flow) error {
	found, err := ask(v, func(ctx context.Context) (*stytch.Discovered, error) {
		return v.in.Stytch.Discover(ctx, kind, proof)
	})
	if err != nil {
		return err
	}
	v.dropFlow(f)
	if !v.wait(found.Intermediate, pending{ReturnTo: f.ReturnTo}) {
		return nil
	}
	v.drop(cookieToken)
	v.redirectOr(v.path(pathOrganizations), answer{})
	return nil
}
