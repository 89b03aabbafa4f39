package stytchkit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/client"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/inside"
	"github.com/stytchkit/stytchkit/core/internal/navigation"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// door lets this module's own packages, such as signin, in: nobody else can name what it takes or returns.
type door = inside.Door

func (a *Authenticator) parts() inside.Parts {
	return inside.Parts{
		Stytch: a.clients.b2b, Consumer: a.clients.consumer, Log: a.log, Now: a.clock.Now,
		ProjectID: a.cfg.ProjectID, BaseURL: a.cfg.BaseURL, LoginURL: a.cfg.LoginURL,
		Own: a.cfg.own, CookieDomain: a.cfg.Cookies.Domain, TrustedOrigins: a.cfg.TrustedOrigins,
		Mounted: func(prefix string) { a.mounted.Store(&prefix) },
		Live:    a.cfg.live(), Backend: a.cfg.Cookies.Owner == Backend,
		Key: a.cfg.key,
		Call: func(ctx context.Context, r inside.Request, rests bool, call func(context.Context) error) error {
			return a.asker.Login(ctx, fair.OfAddress(client.Address(r, a.cfg.TrustedProxies)), rests, call)
		},
		Secure:    a.jar.IsSecure,
		Presented: func(r *http.Request) ([]stytch.Credential, bool) { return a.presentedBy(HTTPRequest{r}) },
		Client:    func(r inside.Request) netip.Addr { return client.Address(r, a.cfg.TrustedProxies) },
		EndHere: func(sessions []string) {
			for _, id := range sessions {
				a.endHere(stytch.Credential{Kind: stytch.SessionID, Value: id})
			}
		},
		Superseded: func(r *http.Request) bool { return a.superseded(HTTPRequest{r}) },

		Witness: func(see func(inside.Request)) any { return witness(see) },

		IsPageURL: navigation.IsPageURL, AddQuery: navigation.AddQuery, PrefersHTML: navigation.PrefersHTML, RetrySeconds: retrySeconds,
	}
}

// key derives a key from the project's secret (RFC 5869 §3.3: HMAC with the purpose as info).
func (c *Config) key(purpose string) []byte {
	mac := hmac.New(sha256.New, []byte(c.Secret))
	mac.Write([]byte("stytchkit " + purpose))
	return mac.Sum(nil)
}

// witness is a rule that every session meets, and that shows the suite of adapters what the core sees of
// a request.
func witness(see func(inside.Request)) Rule {
	return requirement("witness", rankCheck, func(_ context.Context, _ *Authenticator, r Request, _ *Session) *refusal {
		see(r)
		return nil
	})
}

// presentedBy are the credentials of a request's cookies: signed JWTs, then opaque tokens, none that
// is over as far as is known here. A bearer has no cookies to be replaced.
func (a *Authenticator) presentedBy(r Request) (creds []stytch.Credential, bearer bool) {
	p := a.read(r)
	if p.Bearer {
		return nil, true
	}
	for _, token := range p.JWTs.All() {
		if verdict := a.verifier.verify(a.tasks.Context(), token); verdict.signed() && !a.endings.Of(endings.Session(verdict.session.ID())).Over {
			creds = append(creds, stytch.Credential{Kind: stytch.JWT, Value: strings.Clone(token)})
		}
	}
	for _, token := range p.Tokens.All() {
		if presented.IsTokenShaped(token) && !a.endingOfToken(token).Over {
			creds = append(creds, stytch.Credential{Kind: stytch.Token, Value: strings.Clone(token)})
		}
	}
	return creds, false
}

// superseded reports whether this process has replaced or ended a session that the request presents.
func (a *Authenticator) superseded(r Request) bool {
	p := a.read(r)
	for _, token := range p.JWTs.All() {
		if verdict := a.verifier.verify(a.tasks.Context(), token); verdict.signed() && a.endings.Of(endings.Session(verdict.session.ID())).Here {
			return true
		}
	}
	for _, token := range p.Tokens.All() {
		if a.endingOfToken(token).Here {
			return true
		}
	}
	return false
}
