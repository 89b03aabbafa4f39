package signin

import (
	"context"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// callback is where Stytch sends the browser back to. A login that began in this browser ends here
// at once; a token of any other only moves into a cookie, and the page asks before it is used.
func (v *visit) callback() {
	query := v.r.URL.Query()
	kind, token := query.Get("stytch_token_type"), query.Get("token")
	switch {
	case kind == "" && token == "":
		v.askToConfirm()
	case v.isSpeculative():
		v.refuseSpeculation()
	case !isKind(kind) || !isToken(token):
		v.refuse(reasonLinkInvalid)
	case kind == stytch.PasswordReset:
		v.handOverReset(token)
	case v.endFlow(kind, token):
	default:
		v.keep(cookieToken, kind+"."+token, shortLife)
		v.redirect(v.path(pathCallback))
	}
}

// endFlow ends a login that began in this browser: the newest that the token belongs to. False: it
// belongs to none, and nothing has been used up.
func (v *visit) endFlow(kind, token string) bool {
	mismatched := false
	for _, f := range v.flows() {
		if f.Kind != kind {
			continue
		}
		err := v.open(kind, token, f)
		if err == nil {
			return true
		}
		switch stytch.FailureOf(err).ErrorType {
		case errorMismatch:
			mismatched = true
		case errorUnexpected: // it began elsewhere, without PKCE
			return false
		default:
			v.to = f.ReturnTo
			v.fail(err)
			return true
		}
	}
	if mismatched {
		v.refuse(reasonOtherBrowser)
	}
	return mismatched
}

// open authenticates a token, and goes on; f is empty for a login that did not begin in this
// browser. With an error, nothing is answered yet.
func (v *visit) open(kind, token string, f flow) error {
	proof := stytch.Proof{Token: token, Verifier: f.Verifier, Duration: v.cfg.SessionDuration}
	if kind == stytch.Discovery || kind == stytch.OAuthDiscovery {
		return v.discover(kind, proof, f)
	}
	proof.Intermediate = v.intermediate()
	open := func(ctx context.Context) (*stytch.Login, error) { return v.in.Stytch.Open(ctx, kind, proof) }
	l, err := ask(v, open)
	if err != nil && proof.Intermediate != "" && isIntermediateRefused(stytch.FailureOf(err).ErrorType) {
		// It is of an earlier login that was never finished; this one stands on its own.
		proof.Intermediate = ""
		l, err = ask(v, open)
	}
	if err != nil {
		return err
	}
	v.dropFlow(f)
	if f.Organization != "" && !l.Organization.Is(f.Organization) {
		// Stytch let a token through that this browser did not ask for.
		v.in.Log.Warn("signin: a login ended in another organization than it began for")
		v.discard(l)
		v.refuse(reasonLinkInvalid)
		return nil
	}
	v.finish(l, f.ReturnTo)
	return nil
}
