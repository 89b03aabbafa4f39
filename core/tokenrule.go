package stytchkit

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

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
