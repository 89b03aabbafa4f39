package stytchkit

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/memory"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/token"
)

// RequireToken lets requests with an access token through that meets every rule, [Scopes] and [MaxAge]
// among them, and denies all others. The token is a bearer: in a cookie it is nothing, and a session's JWT
// is none. It is verified here, and never asked about at Stytch. It panics as [Authenticator.Require] does.
func (a *Authenticator) RequireToken(rules ...Rule) *Guard {
	mustBe(a)
	g := &Guard{auth: a, required: true, tokens: true, given: slices.Clone(rules)}
	for _, rule := range rules {
		switch {
		case rule.set == nil:
			panic("stytchkit: a Rule is empty (make rules with functions such as stytchkit.Scopes)")
		case rule.checkToken == nil:
			panic("stytchkit: RequireToken does not take " + rule.name + ": it is about sessions (write Require)")
		}
		g.rules = append(g.rules, rule)
	}
	g.order()
	return g
}

var (
	errNoToken      = errors.New("the request presents no bearer")
	errOpaqueBearer = errors.New("the bearer is no JWT")
)

// checkToken decides about a request that has to present an access token. What a guard further out has made
// of it saves nothing: a token is never asked about.
func (g *Guard) checkToken(ctx context.Context, r Request, d *Decision, p *presented.Credentials) {
	d.guard, d.about = g, p.Shape()
	known, why := g.auth.accessToken(ctx, p)
	for i := 0; why == nil && i < len(g.rules); i++ {
		why = g.rules[i].checkToken(g.auth, known.token)
	}
	d.Initialized = why == nil || !isUndecided(why.code)
	if why != nil {
		d.on = &grounds{presented: p.Copies(), refusal: why}
		d.Denial = g.auth.denial(r, why, p.Bearer)
		return
	}
	d.Token, d.Source, d.FromCache, d.on = known.token, FromToken, true, &known.on
}

// accessToken is what the bearer stands for, or why it is none.
func (a *Authenticator) accessToken(ctx context.Context, p *presented.Credentials) (*rememberedToken, *refusal) {
	jwt, isJWT := p.JWTs.Sole()
	switch {
	case p.Ambiguous:
		return nil, refuse(CodeInvalidRequest, errTwoAuthorizations)
	case !p.Bearer:
		return nil, refuse(CodeTokenMissing, errNoToken)
	case !isJWT:
		return nil, refuse(CodeTokenInvalid, errOpaqueBearer)
	}
	if known := a.tokens.Recall(jwt); known != nil && a.clock.Now().Before(known.Value.expires) {
		return &known.Value, nil
	}
	epoch := a.tokens.Epoch()
	verdict := a.verifier.tokens.VerifyAccess(ctx, jwt)
	switch {
	case verdict.Undecided:
		return nil, refuse(CodeStytchUnavailable, verdict.Err)
	case verdict.Err != nil:
		return nil, refuse(CodeTokenInvalid, verdict.Err)
	}
	known := memory.NewEntry(verdict.Raw, rememberedToken{
		on: grounds{proof: verdict.Raw}, token: &AccessToken{facts: verdict.Access},
		kid: verdict.KeyID, key: verdict.Key, expires: verdict.Expires,
	})
	a.tokens.Remember(known, epoch)
	return &known.Value, nil
}

// rememberedToken is what one access token stands for, in memory.
type rememberedToken struct {
	on      grounds // of decisions by this memory
	token   *AccessToken
	kid     string
	key     *rsa.PublicKey
	expires time.Time
}

// usualToken is about what an access token of 1 KB holds, in bytes: itself, once verified, and its claims.
const usualToken = 2 << 10

// weight is about how much is held, in usual tokens: a scope is a string of its own beside the token.
func (t *rememberedToken) weight() int {
	return 1 + (len(t.on.proof)+16*len(t.token.facts.Scopes))/usualToken
}

// tokenStillHolds looks at a memory again after keys have left.
func (a *Authenticator) tokenStillHolds(known *memory.Entry[rememberedToken]) memory.Finding {
	if a.keys.Has(known.Value.kid, known.Value.key) {
		return memory.Holding
	}
	return memory.Gone
}

// choices are two guards of which the kind of credential presented chooses one.
type choices struct{ session, token *Guard }

// Either lets requests through that one of two guards of this Authenticator lets through: the one made by
// [Authenticator.RequireToken] for a bearer that looks like an access token, else the one made by
// [Authenticator.Require]. That one alone decides: what it denies is denied. A request that presents
// nothing is answered session_missing. It panics when the guards are not of these kinds.
func (a *Authenticator) Either(session, token *Guard) *Guard {
	mustBe(a)
	switch {
	case session == nil || session.auth != a || session.tokens || session.either != nil || !session.required:
		panic("stytchkit: the first guard of Either is not one for sessions of this Authenticator (write auth.Either(auth.Require(…), auth.RequireToken(…)))")
	case token == nil || token.auth != a || !token.tokens:
		panic("stytchkit: the second guard of Either is not one for access tokens of this Authenticator (write auth.Either(auth.Require(…), auth.RequireToken(…)))")
	}
	return &Guard{auth: a, required: true, either: &choices{session, token}}
}

// splitRules tells rules about sessions from those about access tokens.
func splitRules(rules []Rule) (session, token []Rule) {
	for _, rule := range rules {
		if rule.checkToken != nil {
			token = append(token, rule)
		} else {
			session = append(session, rule)
		}
	}
	return session, token
}

// chosen is the guard that decides about these credentials: by a look at the bearer that proves nothing, and
// spends nothing on one that is known.
func (g *Guard) chosen(p *presented.Credentials) *Guard {
	if g.either == nil {
		return g
	}
	if jwt, ok := p.JWTs.Sole(); ok && p.Bearer && !p.Ambiguous && g.auth.looksLikeToken(jwt) {
		return g.either.token
	}
	return g.either.session
}

func (a *Authenticator) looksLikeToken(jwt string) bool {
	switch {
	case a.tokens.Recall(jwt) != nil:
		return true
	case a.memory.Recall(jwt) != nil:
		return false
	}
	return token.IsSessionless(jwt)
}

// Scopes wants an access token to have all of these scopes, for [Authenticator.RequireToken]. A scope is
// granted by its very name, or, as action:resource, by action:*. Without one the answer is 403
// insufficient_scope, which names them (RFC 6750 §3).
func Scopes(scopes ...string) Rule {
	name := "Scopes(" + quoted(scopes) + ")"
	wantNames(name, "scope, such as Scopes(\"read:documents\")", scopes)
	for _, scope := range scopes {
		if !isScope(scope) {
			refusing(name, fmt.Sprintf("%q is no scope: no token has it (write each by itself, in printable ASCII without spaces, quotes and backslashes)", scope))
		}
	}
	scopes = slices.Clone(scopes)
	err := fmt.Errorf("%s: the access token lacks one of these scopes", name)
	return tokenRule(name, rankPermission, func(_ *Authenticator, t *AccessToken) *refusal {
		for _, scope := range scopes {
			if !t.facts.Grants(scope) {
				return &refusal{code: CodeInsufficientScope, err: err, scope: strings.Join(scopes, " ")}
			}
		}
		return nil
	})
}

// isScope knows the characters of a scope-token (RFC 6749 §3.3).
func isScope(scope string) bool {
	return !strings.ContainsFunc(scope, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' })
}

// MaxAge wants Stytch to have issued an access token at most this long ago, for
// [Authenticator.RequireToken]: a client that is deactivated keeps its tokens, for an hour as a rule. An
// older one is answered 401 token_invalid, and the client gets a new one.
func MaxAge(d time.Duration) Rule {
	name := fmt.Sprintf("MaxAge(%v)", d)
	if d <= 0 {
		refusing(name, "no token is issued later than now (write a positive duration, such as MaxAge(5*time.Minute))")
	}
	err := fmt.Errorf("%s: the access token is older", name)
	return tokenRule(name, rankOrganization, func(a *Authenticator, t *AccessToken) *refusal {
		if a.clock.Now().Sub(t.facts.IssuedAt) <= d+leeway {
			return nil
		}
		return refuse(CodeTokenInvalid, err)
	})
}

func tokenRule(name string, r rank, check func(*Authenticator, *AccessToken) *refusal) Rule {
	return Rule{name: name, rank: r, checkToken: check, set: func(*Guard) {}}
}
