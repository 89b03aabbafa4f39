package signin

import (
	"context"
	"errors"

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
	case !v.project.isKind(kind) || !isToken(token):
		v.refuse(reasonLinkInvalid)
	case kind == v.project.reset:
		v.resetLink()
	case v.endFlow(kind, token):
	default:
		v.keepToken(kind, token)
	}
}

// endFlow ends a login that began in this browser: the newest that the token belongs to. False: it
// belongs to none, and nothing has been used up.
func (v *visit) endFlow(kind, token string) bool {
	mismatched, left := false, (*flow)(nil)
	for _, f := range v.flows() {
		if !v.project.ends(f.Kind, kind) {
			continue
		}
		err := v.open(kind, token, f.Verifier, f)
		switch {
		case err == nil:
			return true
		case errors.Is(err, errLeft):
			left = &f
			continue
		}
		switch stytch.FailureOf(err).ErrorType {
		case errorMismatch:
			mismatched = true
		case errorUnexpected: // it began elsewhere, without PKCE
			return false
		default:
			v.failFlow(err, f)
			return true
		}
	}
	switch {
	case left != nil: // whether the token is of it, only its session could have told
		v.to = left.ReturnTo
		v.refuse(reasonConflict)
	case mismatched:
		v.refuse(reasonOtherBrowser)
	}
	return mismatched || left != nil
}

// open uses a token, and goes on; holder is what only this browser holds for it, and f is empty for a
// login that did not begin here. With an error, nothing is answered yet.
func (v *visit) open(kind, token, holder string, f flow) error {
	proof := stytch.Proof{Token: token, Verifier: f.Verifier, Duration: v.cfg.SessionDuration}
	var p *stytch.Person
	if f.StepUp != "" {
		var err error
		if p, err = v.personOf(f); err != nil {
			return err
		}
		proof.Session, proof.Duration = p.Session, v.lasting(p)
	}
	out, err := v.tries.do(v.r.Context(), attemptOf(kind, token, holder), func() (outcome, error) {
		out, err := v.use(kind, proof)
		if err == nil && f.StepUp == "" && v.project.isMailed(f.Kind) {
			v.came()
		}
		return out, err
	})
	if err != nil {
		return err
	}
	v.dropFlow(f)
	if p != nil {
		v.page, v.to = pathStepUp, f.ReturnTo
		v.steppedUp(out.login, p, f.ReturnTo)
		return nil
	}
	v.arrive(out, f)
	return nil
}

// arrive goes on with what a login came to, of a flow or of a form.
func (v *visit) arrive(out outcome, f flow) {
	switch l := out.login; {
	case l == nil:
		v.discovered(out.found, f.ReturnTo)
	case f.Organization != "" && !l.Organization.Is(f.Organization):
		// Stytch let a token through that this browser did not ask for.
		v.said.Warn("signin: a login ended in another organization than it began for")
		v.discard(l)
		v.refuse(reasonLinkInvalid)
	default:
		v.finish(l, f.ReturnTo)
	}
}

// use asks Stytch what the token is good for.
func (v *visit) use(kind string, proof stytch.Proof) (outcome, error) {
	if kind == stytch.Discovery || kind == stytch.OAuthDiscovery {
		found, err := askToTheEnd(v, func(ctx context.Context) (*stytch.Discovered, error) {
			return v.in.Stytch.Discover(ctx, kind, proof)
		})
		return outcome{found: found}, err
	}
	ist := ""
	if proof.Session.Value == "" {
		ist, _ = v.intermediate() // of several nobody knows which is the person's; it is not needed
	}
	return v.onIntermediate(ist, func(ctx context.Context, ist string) (out outcome, err error) {
		proof.Intermediate = ist
		out.login, err = v.project.open(ctx, kind, proof)
		return out, err
	})
}

// onIntermediate takes a step on the intermediate session of an earlier one, if there is one. One that
// Stytch refuses is of a login that was never finished: then the step stands on its own.
func (v *visit) onIntermediate(ist string, step func(ctx context.Context, ist string) (outcome, error)) (outcome, error) {
	out, err := askToTheEnd(v, func(ctx context.Context) (outcome, error) { return step(ctx, ist) })
	if err != nil && ist != "" && isIntermediateRefused(stytch.FailureOf(err).ErrorType) {
		return askToTheEnd(v, func(ctx context.Context) (outcome, error) { return step(ctx, "") })
	}
	return out, err
}

// failFlow answers a failure to end what began in this browser. A step-up's link that does not work proves
// nothing, although somebody is signed in.
func (v *visit) failFlow(err error, f flow) {
	if f.StepUp == "" {
		v.failLink(err, f.ReturnTo)
		return
	}
	v.page, v.to = pathStepUp, f.ReturnTo
	v.fail(err)
}

// failLink answers a failure to open a link. Where somebody is signed in already, a used link leads on.
func (v *visit) failLink(err error, returnTo string) {
	if reasonOf(stytch.FailureOf(err)) == reasonLinkUsed && v.goOn(returnTo) {
		return
	}
	v.to = returnTo
	v.fail(err)
}
