package stytchkit

import (
	"context"
	"net/http"
	"net/netip"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/client"
	"github.com/stytchkit/stytchkit/core/internal/inside"
	"github.com/stytchkit/stytchkit/core/internal/navigation"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// Inside is for this module's own packages, such as signin: nobody else can name what it takes or
// returns, and it may change with every release.
func (a *Authenticator) Inside(inside.Key) inside.Parts {
	return inside.Parts{
		Stytch: a.remote.client, Log: a.log, Now: a.clock.Now,
		BaseURL: a.cfg.BaseURL, LoginURL: a.cfg.LoginURL,
		Origin: a.cfg.own.Origin, OriginPath: a.cfg.own.Path,
		Live: a.cfg.live(), Backend: a.cfg.Cookies.Owner == Backend,
		Call:       a.remote.login,
		Secure:     a.jar.IsSecure,
		Presented:  func(r *http.Request) ([]stytch.Credential, bool) { return a.presentedBy(HTTPRequest{r}) },
		Client:     func(r inside.Request) netip.Addr { return client.Address(r, a.cfg.TrustedProxies) },
		Superseded: func(r *http.Request) bool { return a.superseded(HTTPRequest{r}) },

		IsPageURL: navigation.IsPageURL, AddQuery: navigation.AddQuery, PrefersHTML: navigation.PrefersHTML, RetrySeconds: retrySeconds,
	}
}

// Witness is a rule that every session meets, and that shows the suite of adapters what the core sees
// of a request.
func Witness(_ inside.Key, see func(inside.Request)) Rule {
	return requirement("Witness", rankCheck, func(_ context.Context, _ *Authenticator, r Request, _ *Session) *refusal {
		see(r)
		return nil
	})
}

// login makes a call of a sign-in, in a lane of its own: what it is about can be made up by anybody,
// and too many failures would make Stytch throttle the whole project.
func (r *remote) login(ctx context.Context, call func(context.Context) error) error {
	if err := r.logins.admit(); err != nil {
		return err
	}
	_, err := r.send(ctx, r.logins, aboutLogin, call)
	return err
}

// presentedBy are the credentials of a request's cookies: signed JWTs, then opaque tokens, none that
// is over as far as is known here. A bearer has no cookies to be replaced.
func (a *Authenticator) presentedBy(r Request) (creds []stytch.Credential, bearer bool) {
	p := a.read(r)
	if p.Bearer {
		return nil, true
	}
	for _, token := range p.JWTs.All() {
		if verdict := a.verifier.verify(a.tasks.ctx, token); verdict.signed() && !a.endings.of(verdict.session.ID()).over {
			creds = append(creds, stytch.Credential{Kind: stytch.JWT, Value: strings.Clone(token)})
		}
	}
	for _, token := range p.Tokens.All() {
		if presented.IsTokenShaped(token) && !a.endings.of(token).over {
			creds = append(creds, stytch.Credential{Kind: stytch.Token, Value: strings.Clone(token)})
		}
	}
	return creds, false
}

// superseded reports whether this process has replaced or ended a session that the request presents.
func (a *Authenticator) superseded(r Request) bool {
	p := a.read(r)
	for _, token := range p.JWTs.All() {
		if verdict := a.verifier.verify(a.tasks.ctx, token); verdict.signed() && a.endings.of(verdict.session.ID()).here {
			return true
		}
	}
	for _, token := range p.Tokens.All() {
		if a.endings.of(token).here {
			return true
		}
	}
	return false
}
