package signin

import (
	"context"
	"net/http"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// resetLink is where the link of a password reset's mail lands. It has a path of its own: a discovery
// reset's token has the type of a discovery magic link's.
func (v *visit) resetLink() {
	query := v.r.URL.Query()
	kind, token := query.Get("stytch_token_type"), query.Get("token")
	switch {
	case kind == "" && token == "":
		v.resetPage()
	case v.isSpeculative():
		v.refuseSpeculation()
	case !v.project.isResetKind(kind) || !isToken(token) || len(token) > maxKeptToken:
		v.refuse(reasonLinkInvalid)
	default:
		v.keepReset(keptReset{kind, token})
	}
}

// keptReset is a reset's token that waits in its cookie for the new password.
type keptReset struct{ kind, token string }

// keepReset moves the token out of the URL, and goes to the page for a new password.
func (v *visit) keepReset(kept keptReset) {
	v.keep(cookieReset, v.seal(cookieReset, kept.kind+"."+kept.token), shortLife)
	page := v.cfg.PasswordResetURL
	fill(&page, v.path(pathReset))
	v.redirect(v.in.AddQuery(page, forToken(kept.token)))
}

// keptReset is the kept token if it is the one that this URL is for; another tab may have kept another.
func (v *visit) keptReset() (keptReset, bool) {
	value, _ := v.unseal(cookieReset, v.cookie(cookieReset))
	kind, token, _ := strings.Cut(value, ".")
	kept := keptReset{kind, token}
	return kept, v.project.isResetKind(kind) && isToken(token) && len(token) <= maxKeptToken &&
		v.r.URL.Query().Get(paramFor) == digestOf(token)
}

// PasswordResetToken is the token of the password reset link that was opened in this browser within
// the last ten minutes, for the application's page to send to Stytch with the new password; false
// when there is none. Config.PasswordResetURL is opened with a parameter that names the token, and the
// form has to post to a URL that has it too, as one without an action does: otherwise another tab
// could slip in a token of somebody else's. The page's form needs a check of its own that it was not sent by another
// origin: see Authenticator.CrossOrigin.
func (h *Handler) PasswordResetToken(r *http.Request) (string, bool) {
	v := &visit{Handler: h, r: r}
	kept, ok := v.keptReset()
	if !ok {
		return "", false
	}
	return kept.token, true
}

// resetForm is the form for a new password.
type resetForm struct{ action, returnTo string }

func (v *visit) resetForm(kept keptReset) resetForm {
	return resetForm{action: v.in.AddQuery(v.path(pathReset), forToken(kept.token))}
}

// resetPage asks for the new password.
func (v *visit) resetPage() {
	kept, ok := v.keptReset()
	if !ok {
		v.refuse(reasonLinkInvalid)
		return
	}
	v.showReset(v.resetForm(kept), "", nil)
}

func (v *visit) showReset(form resetForm, reason string, advice []string) {
	p := Page{
		Name: PageReset, Status: http.StatusOK, Title: "Choose a new password", Action: form.action,
		Reason: reason, Detail: Message(reason), Advice: advice, ReturnTo: form.returnTo,
	}
	if reason != "" {
		p.Status = meanings()[reason].status
	}
	v.show(p)
}

// reset sets the new password, and goes on as a login does.
func (v *visit) reset() {
	f, ok := v.fields()
	if !ok {
		return
	}
	kept, ok := v.keptReset()
	if !ok {
		v.refuse(reasonLinkInvalid)
		return
	}
	form, password := v.resetForm(kept), f["password"]
	if !isPassword(password) {
		v.againReset(form, "", password, reasonWeakPassword)
		return
	}
	out, of, err := v.setPassword(kept, password)
	switch {
	case err == nil:
		v.drop(cookieReset)
		v.dropFlow(of)
		if out.unset {
			of.ReturnTo = v.path(pathNewPassword)
		}
		v.arrive(out, of)
	case stytch.FailureOf(err).ErrorType == errorMismatch:
		v.refuse(reasonOtherBrowser)
	default:
		v.to = of.ReturnTo
		if reasonOf(stytch.FailureOf(err)) == reasonLinkUsed {
			v.drop(cookieReset)
		}
		v.failReset(form, "", password, err)
	}
}

// isPassword refuses what is none at all; how good it is, Stytch knows.
func isPassword(s string) bool { return s != "" && len(s) <= maxPassword }

// setPassword asks with the verifier of each reset that began in this browser, the newest first, until
// the token is of it; one that began elsewhere may have none.
func (v *visit) setPassword(kept keptReset, password string) (out outcome, of flow, err error) {
	for _, of = range append(v.resets(), flow{}) {
		out, err = v.tries.do(v.r.Context(), attemptOf(kept.kind, kept.token, of.Verifier+" "+password), func() (outcome, error) {
			out, err := askToTheEnd(v, func(ctx context.Context) (outcome, error) {
				return v.project.setPassword(ctx, kept.kind, stytch.NewPassword{
					Proof:    stytch.Proof{Token: kept.token, Verifier: of.Verifier, Duration: v.cfg.SessionDuration},
					Password: password,
				})
			})
			if err == nil && v.project.isMailed(of.Kind) {
				v.came()
			}
			return out, err
		})
		switch {
		case err == nil:
			return out, of, nil
		case !isOfAnotherVerifier(stytch.FailureOf(err).ErrorType):
			return outcome{}, of, err
		}
	}
	return outcome{}, flow{}, err
}

// resets are the password resets that began in this browser.
func (v *visit) resets() []flow {
	var found []flow
	for _, f := range v.flows() {
		if f.Kind == v.project.reset {
			found = append(found, f)
		}
	}
	return found
}

// isOfAnotherVerifier knows the error_types that say that a token wants another PKCE verifier, or none.
func isOfAnotherVerifier(errorType string) bool {
	return errorType == errorMismatch || errorType == errorUnexpected || strings.HasPrefix(errorType, "pkce_")
}

// failReset answers a failure to set a password: with what would be a better one, where it is about that.
func (v *visit) failReset(form resetForm, email, password string, err error) {
	f := stytch.FailureOf(err)
	switch reason := newPasswordReasonOf(f.ErrorType); {
	case reason != "":
		v.againReset(form, email, password, reason)
	case isTooOld(f.ErrorType):
		v.refuse(reasonTooOld)
	default:
		v.fail(err)
	}
}

// isTooOld knows the error_types that say that a session was not proved lately enough for a new password.
func isTooOld(errorType string) bool {
	return errorType == "session_too_old_to_reset_password" || errorType == "insufficient_factors" || errorType == "stale_factors"
}

// newPasswordReasonOf is why a new password is refused; empty for what is not about that.
func newPasswordReasonOf(errorType string) string {
	switch errorType {
	case "weak_password":
		return reasonWeakPassword
	case "breached_password":
		return reasonBreachedPassword
	}
	return ""
}

// againReset says what is wrong with a password, beside the field; a client is told in problem details.
func (v *visit) againReset(form resetForm, email, password, reason string) {
	advice := v.adviceOn(email, password)
	if v.json {
		v.refuseWith(reason, advice)
		return
	}
	v.showReset(form, reason, advice)
}

// adviceOn is what Stytch says of a password; nothing where it cannot be asked, as nobody needs it.
func (v *visit) adviceOn(email, password string) []string {
	if !isPassword(password) {
		return nil
	}
	found, err := askForAnybody(v, func(ctx context.Context) (*stytch.Strength, error) { return v.project.strength(ctx, email, password) })
	if err != nil {
		return nil
	}
	return found.Advice
}
