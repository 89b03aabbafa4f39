package signin

import (
	"context"
	"net/http"
	"strings"

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

// isKind knows the token types of Stytch.
func isKind(kind string) bool {
	return isFlowKind(kind) || kind == stytch.PasswordReset || kind == stytch.Impersonation
}

// isSpeculative reports whether nobody has decided yet to open this page: a browser fetches it
// ahead, or a scanner looks at it. What is answered then must not use up a token.
func (v *visit) isSpeculative() bool {
	if v.r.Method == http.MethodHead {
		return true
	}
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		value := strings.ToLower(v.r.Header.Get(name))
		if strings.Contains(value, "prefetch") || strings.Contains(value, "prerender") || strings.Contains(value, "preview") {
			return true
		}
	}
	return false
}

// refuseSpeculation says nothing that a browser would keep for when the page is really opened.
func (v *visit) refuseSpeculation() {
	if v.r.Method == http.MethodHead {
		v.commit(http.StatusNoContent)
		return
	}
	v.commit(http.StatusServiceUnavailable)
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

func (v *visit) dropFlow(f flow) {
	if f.id != "" {
		v.drop(cookieFlow + f.id)
	}
}

// askToConfirm shows the page that asks before a token is used, or that there is none.
func (v *visit) askToConfirm() {
	if kind, _, ok := v.keptToken(); !ok || kind == stytch.PasswordReset {
		v.refuse(reasonLinkInvalid)
		return
	}
	v.show(Page{
		Name: PageConfirm, Status: http.StatusOK, Action: v.path(pathCallback),
		Title: "Finish signing in", Detail: "Go on only if you opened a link of yours, or chose to sign in.",
	})
}

// confirmed uses the token in the cookie, after the form of the page that asks has been sent.
func (v *visit) confirmed() {
	kind, token, ok := v.keptToken()
	if !ok || kind == stytch.PasswordReset {
		v.refuse(reasonLinkInvalid)
		return
	}
	if err := v.open(kind, token, flow{}); err != nil {
		if !isOutage(err) {
			v.drop(cookieToken)
		}
		v.fail(err)
	}
}

// isOutage reports whether the same may work later.
func isOutage(err error) bool {
	reason := reasonOf(stytch.FailureOf(err))
	return reason == reasonUnavailable || reason == reasonRateLimited || reason == reasonMisconfigured
}

// keptToken is the token that a callback moved into the cookie.
func (v *visit) keptToken() (kind, token string, ok bool) {
	kind, token, _ = strings.Cut(v.cookie(cookieToken), ".")
	return kind, token, isKind(kind) && isToken(token)
}

// handOverReset sends the browser to the application's page for a new password.
func (v *visit) handOverReset(token string) {
	if v.cfg.PasswordResetURL == "" {
		v.in.Log.Error("signin: a password reset link was opened; set Config.PasswordResetURL to the application's page for a new password")
		v.refuse(reasonLinkInvalid)
		return
	}
	v.keep(cookieToken, stytch.PasswordReset+"."+token, shortLife)
	v.redirect(v.cfg.PasswordResetURL)
}

// PasswordResetToken is the token of the password reset link that was opened in this browser within
// the last ten minutes, for the application's page to send to Stytch with the new password; false
// when there is none. The page's form needs a check of its own that it was not sent by another
// origin: see Authenticator.CrossOrigin.
func (h *Handler) PasswordResetToken(r *http.Request) (string, bool) {
	v := &visit{Handler: h, r: r}
	kind, token, ok := v.keptToken()
	if !ok || kind != stytch.PasswordReset {
		return "", false
	}
	return token, true
}
