package stytchkit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// SessionCookies are the cookies that store the session a login of the application's own got from
// Stytch, until expires, the session's own expiry. Empty tokens are refused: a login that still
// needs a step, such as MFA, has none. What the request presented before is replaced: a request of
// the old session that finishes later touches no cookies.
func (a *Authenticator) SessionCookies(r Request, token, jwt string, expires time.Time) ([]*http.Cookie, error) {
	switch {
	case a.cfg.Cookies.Owner == StytchDomain:
		return nil, errStytchOwnsCookies
	case token == "" || jwt == "":
		return nil, errors.New("stytchkit: there is no session to save: session_token or session_jwt is empty (a login that is not member_authenticated still needs a step)")
	case !presented.IsCookieValue(token) || !presented.IsCookieValue(jwt):
		return nil, errors.New("stytchkit: session_token or session_jwt holds bytes that no cookie can carry")
	case !expires.After(a.clock.Now()):
		return nil, fmt.Errorf("stytchkit: the session to save expired at %s (want the session's expires_at)", expires.Format(time.RFC3339))
	}
	a.handedOut(jwt)
	a.markReplaced(r, token, jwt)
	cookies := a.jar.Store(r.Host(), token, jwt, expires)
	return append(cookies, a.jar.ClearIntermediate(r.Host())...), nil
}

// ClearCookies are the cookies that remove a session and an unfinished login from the browser.
// They end nothing at Stytch: see [Authenticator.EndSession].
func (a *Authenticator) ClearCookies(r Request) []*http.Cookie {
	return append(a.jar.Clear(r.Host()), a.jar.ClearIntermediate(r.Host())...)
}

// ErrCrossOrigin answers an attempt of another origin's page to sign the member out.
var ErrCrossOrigin = errors.New("stytchkit: another origin may not end the session; see Config.TrustedOrigins")

// EndSession signs out: it revokes every credential that the request presents, and the session that
// a guard put into ctx, refuses their JWTs in this process at once, and returns the cookies to
// clear. When Stytch cannot be asked, the revocation is retried in the background for an hour; the
// error then says so, and the cookies are to be cleared all the same. A request that another origin's
// page sent ends nothing and clears nothing: [ErrCrossOrigin].
func (a *Authenticator) EndSession(ctx context.Context, r Request) ([]*http.Cookie, error) {
	p := a.read(r)
	if !p.Bearer && a.CrossOrigin(r) { // SameSite=Lax keeps the cookies from showing here
		return nil, ErrCrossOrigin
	}
	var wrong []error
	for _, cred := range a.credentialsToEnd(ctx, p) {
		a.endings.Add(cred.Value, endings.Ending{Over: true, Here: true})
		if err := a.revokes.Revoke(cred); err != nil {
			wrong = append(wrong, err)
		}
	}
	return a.ClearCookies(r), errors.Join(wrong...)
}

// read is what a request presents.
func (a *Authenticator) read(r Request) *presented.Credentials {
	p := new(presented.Credentials)
	p.Read(r, &a.names)
	p.Settle()
	return p
}

// credentialsToEnd are the sessions of the signed JWTs, and the opaque tokens. What is forged is
// not asked about.
func (a *Authenticator) credentialsToEnd(ctx context.Context, p *presented.Credentials) []stytch.Credential {
	var creds []stytch.Credential
	add := func(kind stytch.Kind, value string) {
		for _, c := range creds {
			if c.Value == value {
				return
			}
		}
		creds = append(creds, stytch.Credential{Kind: kind, Value: value})
	}
	if s := a.SessionFrom(ctx); s.ID() != "" {
		add(stytch.SessionID, s.ID())
	}
	for _, token := range p.JWTs.All() {
		if verdict := a.verifier.verify(ctx, token); verdict.signed() {
			add(stytch.SessionID, verdict.session.ID())
		}
	}
	for _, token := range p.Tokens.All() {
		if presented.IsTokenShaped(token) {
			add(stytch.Token, strings.Clone(token))
		}
	}
	return creds
}

// markReplaced remembers the sessions that the request presented and that are not the new one.
func (a *Authenticator) markReplaced(r Request, token, jwt string) {
	p := a.read(r)
	if !p.ByCookie() {
		return
	}
	ctx := a.tasks.Context()
	saved := a.verifier.verify(ctx, jwt)
	for _, old := range p.JWTs.All() {
		verdict := a.verifier.verify(ctx, old)
		if saved.signed() && verdict.signed() && verdict.session.ID() != saved.session.ID() {
			a.endings.Add(verdict.session.ID(), endings.Ending{Here: true})
		}
	}
	for _, old := range p.Tokens.All() {
		if old != token {
			a.endings.Add(strings.Clone(old), endings.Ending{Here: true})
		}
	}
}
