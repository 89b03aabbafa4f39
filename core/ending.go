package stytchkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/replicas"
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
	a.hintSaved(r)
	a.handedOut(jwt)
	a.markReplaced(r, token, jwt)
	return append(a.store(r, token, jwt, expires), a.jar.ClearIntermediate(r.Host())...), nil
}

// store are the cookies of a session. That browsers would not keep one is said once.
func (a *Authenticator) store(r Request, token, jwt string, expires time.Time) []*http.Cookie {
	if !a.jar.Holds(jwt) {
		a.hints.say(slog.LevelWarn, "too long",
			"stytchkit: a session JWT is longer than browsers keep in a cookie (4096 bytes with its name), so only the opaque token is stored; make the custom claims or the roles fewer", "bytes", len(jwt))
	}
	return a.jar.Store(r.Host(), token, jwt, expires)
}

// ClearCookies are the cookies that remove a session and an unfinished login from the browser.
// They end nothing at Stytch: see [Authenticator.EndSession].
func (a *Authenticator) ClearCookies(r Request) []*http.Cookie {
	return append(a.jar.Clear(r.Host()), a.jar.ClearIntermediate(r.Host())...)
}

// ErrCrossOrigin answers an attempt of another origin's page to sign the member out.
var ErrCrossOrigin = errors.New("stytchkit: another origin may not end the session; see Config.TrustedOrigins")

// notedTokens is how many unproven opaque tokens are noted as replaced or signed out here.
const notedTokens = 1 << 10

// errManyPresented says that a sign-out may not have ended all that was presented.
var errManyPresented = errors.New("stytchkit: the request presents more credentials than one sign-out ends; those read were ended")

// EndSession signs out: it revokes every credential that the request presents, up to 16 of each kind,
// and the session that a guard put into ctx, and refuses their JWTs, in this process at once and in other
// replicas within moments (Config.Replicas). It returns the cookies to clear, also those of the host alone
// and those that a subdomain may have set for a domain above Config.Origin's host, or where that is not set
// above Host; none where a bearer was presented. When Stytch cannot be asked, the revocation of what Stytch
// has vouched for is retried in the background for an hour; the error then says so, and the cookies are to
// be cleared all the same. A request that another origin's page sent ends nothing and clears nothing:
// [ErrCrossOrigin].
func (a *Authenticator) EndSession(ctx context.Context, r Request) ([]*http.Cookie, error) {
	p := a.read(r)
	if !p.Bearer && a.CrossOrigin(r) { // SameSite=Lax keeps the cookies from showing here
		return nil, ErrCrossOrigin
	}
	a.hintSibling(ctx)
	var wrong []error
	if p.TooMany() {
		wrong = append(wrong, errManyPresented)
	}
	wrong = append(wrong, a.end(a.credentialsToEnd(ctx, p), a.client(r))...)
	if p.Bearer {
		return nil, errors.Join(wrong...)
	}
	return append(a.ClearCookies(r), a.jar.ClearOthers(a.cfg.own.HostOf(r.Host()))...), errors.Join(wrong...)
}

// end ends credentials here, and then at Stytch, all at once: however slow it is, none of them is good for
// anything meanwhile.
func (a *Authenticator) end(creds []stytch.Credential, by fair.Key) []error {
	a.tellBeside(replicas.Ended, creds)
	proven := make([]bool, len(creds))
	for i, cred := range creds {
		proven[i] = a.endHere(cred)
	}
	wrong := make([]error, len(creds))
	var all sync.WaitGroup
	for i, cred := range creds {
		all.Go(func() {
			if proven[i] {
				wrong[i] = a.revokes.Revoke(cred)
			} else {
				wrong[i] = a.endUnproven(cred, by)
			}
		})
	}
	all.Wait()
	return wrong
}

// endHere ends one credential here. Of an opaque token that nobody has vouched for, only those very bytes
// are refused from here on, and Stytch is asked once, in the lane of such tokens.
func (a *Authenticator) endHere(cred stytch.Credential) (proven bool) {
	switch {
	case cred.Kind == stytch.SessionID:
		a.overHere(replicas.Ended, cred.Value)
	case a.isProven(cred):
		s := a.sessionOf(cred)
		a.tokenOverHere(replicas.Ended, cred.Value)
		if s != nil {
			a.overHere(replicas.Ended, s.ID())
		}
	default:
		a.noted.Add(a.replicaKeys.Names(cred.Value)[0], replicas.Ended.Ending())
		return false
	}
	return true
}

// overHere notes that a session was ended or replaced by this process, and tells the other replicas.
func (a *Authenticator) overHere(how replicas.Kind, id string) {
	f := replicas.Fact{Kind: how, About: replicas.Session, ID: id}
	a.endings.Add(endings.Session(id), how.Ending())
	a.tell(f)
}

// tokenOverHere is to an opaque token that Stytch has vouched for what [Authenticator.overHere] is to a session.
func (a *Authenticator) tokenOverHere(how replicas.Kind, token string) {
	a.endings.Add(a.replicaKeys.Names(token)[0], how.Ending())
	a.tell(a.replicaKeys.OfToken(how, replicas.Token, token))
}

// endUnproven revokes a token that nobody has vouched for. That it could be revoked vouches for it.
func (a *Authenticator) endUnproven(cred stytch.Credential, by fair.Key) error {
	err := a.asker.Revoke(a.tasks.Context(), by, cred, false)
	switch {
	case err == nil:
		a.tokenOverHere(replicas.Ended, cred.Value)
		return nil
	case stytch.FailureOf(err).Verdict == stytch.Over:
		return nil
	}
	return fmt.Errorf("stytchkit: the session could not be revoked, and is not tried again, as nothing vouches for its token: %w", err)
}

// isProven reports whether Stytch has vouched for a credential.
func (a *Authenticator) isProven(cred stytch.Credential) bool {
	return a.proven.Has(cred) || a.sessionOf(cred) != nil
}

// sessionOf is the one that a credential stood for when Stytch vouched for it, as far as that is known still.
func (a *Authenticator) sessionOf(cred stytch.Credential) *Session {
	if known := a.memory.Past(cred.Value); known != nil {
		return known.Value.session
	}
	return a.watchedBy(cred)
}

// read is what a request presents.
func (a *Authenticator) read(r Request) *presented.Credentials {
	p := new(presented.Credentials)
	p.Read(r, &a.names)
	p.Settle()
	return p
}

// credentialsToEnd are the opaque tokens, and the sessions of the signed JWTs: in this order, as a replica that
// has heard of a session alone asks about the token beside. What is forged is not asked about.
func (a *Authenticator) credentialsToEnd(ctx context.Context, p *presented.Credentials) []stytch.Credential {
	var creds []stytch.Credential
	add := func(kind stytch.Kind, value string) {
		if cred := (stytch.Credential{Kind: kind, Value: value}); !slices.Contains(creds, cred) {
			creds = append(creds, cred)
		}
	}
	for _, token := range p.Tokens.All() {
		if presented.IsTokenShaped(token) {
			add(stytch.Token, strings.Clone(token))
		}
	}
	if s := a.SessionFrom(ctx); s.ID() != "" {
		add(stytch.SessionID, s.ID())
	}
	for _, token := range p.JWTs.All() {
		if verdict := a.verifier.verify(ctx, token); verdict.signed() {
			add(stytch.SessionID, verdict.session.ID())
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
	var old []stytch.Credential
	for _, before := range p.Tokens.All() {
		if before != token {
			old = append(old, stytch.Credential{Kind: stytch.Token, Value: before})
		}
	}
	for _, before := range p.JWTs.All() {
		verdict := a.verifier.verify(ctx, before)
		if saved.signed() && verdict.signed() && verdict.session.ID() != saved.session.ID() {
			old = append(old, stytch.Credential{Kind: stytch.SessionID, Value: verdict.session.ID()})
		}
	}
	a.tellBeside(replicas.Replaced, old)
	for _, cred := range old {
		a.replacedHere(cred)
	}
}

func (a *Authenticator) replacedHere(cred stytch.Credential) {
	switch {
	case cred.Kind == stytch.SessionID:
		a.overHere(replicas.Replaced, cred.Value)
	case a.isProven(cred):
		a.tokenOverHere(replicas.Replaced, cred.Value)
	default:
		a.noted.Add(a.replicaKeys.Names(cred.Value)[0], replicas.Replaced.Ending())
	}
}
