package signin

import (
	"context"
	"net/http"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// maxPassword bounds what is sent on as a password, in bytes.
const maxPassword = 1 << 10

// passwordForm is what the form for a password holds, but for the password.
type passwordForm struct{ email, organization, returnTo string }

// askPassword shows the form.
func (v *visit) askPassword() {
	query := v.r.URL.Query()
	form := passwordForm{organization: v.organization(query.Get("organization")), returnTo: v.returnTo(query.Get("return_to"))}
	if !v.project.takesOrganization(form.organization) {
		form.organization = ""
	}
	v.knowBrowser()
	v.showPassword(form, "")
}

// showPassword shows the form with what was entered, and why it is shown again.
func (v *visit) showPassword(form passwordForm, reason string) {
	p := Page{
		Name: PagePassword, Status: http.StatusOK, Title: "Sign in with a password", Action: v.path(pathPassword),
		Reason: reason, Detail: Message(reason),
		Email: form.email, Organization: form.organization, ReturnTo: form.returnTo, ForgotURL: v.path(pathForgot),
	}
	if reason != "" {
		p.Status = meanings()[reason].status
	}
	if v.in.Consumer != nil {
		p = v.withPasskeys(p, pathPasskeyOptions)
		p.PasskeyURL = v.path(pathPasskey)
	}
	v.show(p)
}

// password signs in by an address and its password: to one organization, or without one by discovery.
func (v *visit) password() {
	f, ok := v.fields()
	if !ok {
		return
	}
	form := passwordForm{strings.TrimSpace(f["email"]), v.organization(f["organization"]), v.returnTo(f["return_to"])}
	password := f["password"]
	switch {
	case !isEmail(form.email):
		v.againPassword(form, reasonInvalidEmail)
		return
	case !v.project.takesOrganization(form.organization):
		v.refuse(reasonInvalid)
		return
	case password == "", len(password) > maxPassword:
		v.againPassword(form, reasonWrongPassword)
		return
	}
	won, err := v.tryAs(form.email)
	if err != nil {
		v.fail(err)
		return
	}
	// It stands on its own, as a code does: an intermediate session that is refused would cost one more call.
	known := stytch.Password{Email: form.email, Organization: form.organization, Password: password, Duration: v.cfg.SessionDuration}
	out, err := v.onceHere(pathPassword, known, "", func() (outcome, error) {
		return askToTheEnd(v, func(ctx context.Context) (outcome, error) { return v.project.password(ctx, known) })
	})
	if err != nil {
		v.failPassword(form, err)
		return
	}
	won()
	v.drop(cookieBrowser) // the next form is another login's
	v.arrive(out, flow{Organization: form.organization, ReturnTo: form.returnTo})
}

// failPassword answers a failure. Whether there is such an address is never told.
func (v *visit) failPassword(form passwordForm, err error) {
	f := stytch.FailureOf(err)
	reason := passwordReasonOf(f)
	if reason == "" {
		v.to = form.returnTo
		v.fail(err)
		return
	}
	v.in.Log.Debug("signin: Stytch refused a password", "reason", reason, "error", err)
	v.againPassword(form, reason)
}

// passwordReasonOf is why Stytch refuses an address with a password; empty where that is not about them.
func passwordReasonOf(f *stytch.Failure) string {
	switch f.ErrorType {
	case "reset_password", "member_reset_password":
		return reasonResetNeeded
	}
	switch {
	case f.Verdict != stytch.Refused, strings.HasPrefix(f.ErrorType, "operation_restricted"), f.ErrorType == "organization_suspended",
		isOtherPasswords(f.ErrorType), isClaimsRefused(f.ErrorType), f.ErrorType == "session_not_mutable":
		return ""
	}
	return reasonWrongPassword
}

// againPassword tells a client why, and shows the form to a person, with nothing lost but the password.
func (v *visit) againPassword(form passwordForm, reason string) {
	if v.json {
		v.refuse(reason)
		return
	}
	v.showPassword(form, reason)
}

// forgot mails a link to choose a new password. The answer is the same whoever asks.
func (v *visit) forgot() {
	f, ok := v.fields()
	if !ok {
		return
	}
	email, organization := strings.TrimSpace(f["email"]), v.organization(f["organization"])
	v.to = v.returnTo(f["return_to"])
	switch {
	case !isEmail(email):
		v.againPassword(passwordForm{email, organization, v.to}, reasonInvalidEmail)
		return
	case !v.project.takesOrganization(organization):
		v.refuse(reasonInvalid)
		return
	}
	callback, ok := v.callbackURL()
	if !ok {
		return
	}
	if _, err := v.tryAs("a reset of " + email); err != nil {
		v.fail(err)
		return
	}
	begun := v.begin(flow{Kind: v.project.reset, Organization: organization, ReturnTo: v.to})
	_, err := askForAnybody(v, func(ctx context.Context) (any, error) {
		return nil, v.project.sendReset(ctx, stytch.ResetMail{
			Email: email, Organization: organization, Challenge: begun.challenge(),
			ResetURL: strings.TrimSuffix(callback, pathCallback) + pathReset, LoginURL: callback,
		})
	})
	v.mailed(err)
}

// newPasswordPage asks whoever is signed in for a new password. A magic link that leads here lets a
// user of a consumer project sign up with a password, and tells nobody who has an account.
func (v *visit) newPasswordPage() {
	to := v.returnTo(v.r.URL.Query().Get("return_to"))
	switch d := v.guard.Check(v.r.Context(), v.request()); {
	case d.Session == nil:
		v.to = v.path(pathNewPassword)
		v.refuse(reasonMissing)
	case isImpersonated(d.Session):
		v.refuse(reasonImpersonated)
	default:
		v.showReset(resetForm{action: v.path(pathNewPassword), returnTo: to}, "", nil)
	}
}

func isImpersonated(s *stytchkit.Session) bool {
	_, impersonated := s.Impersonator()
	return impersonated
}

// newPassword sets the password of whoever is signed in. All their other sessions end.
func (v *visit) newPassword() {
	f, ok := v.fields()
	if !ok {
		return
	}
	form := resetForm{action: v.path(pathNewPassword), returnTo: v.returnTo(f["return_to"])}
	password := f["password"]
	d := v.guard.Check(v.r.Context(), v.request())
	v.to = form.returnTo
	switch {
	case d.Session == nil:
		v.refuse(reasonMissing)
		return
	case isImpersonated(d.Session):
		v.refuse(reasonImpersonated)
		return
	case !isPassword(password):
		v.againReset(form, "", password, reasonWeakPassword)
		return
	}
	l, err := askAbout(v, func(ctx context.Context, cred stytch.Credential) (*stytch.Login, error) {
		return v.project.resetBySession(ctx, cred, d.Session.OrganizationID(), password, v.cfg.SessionDuration)
	})
	switch {
	case err != nil:
		v.failReset(form, "", password, err)
	case l == nil:
		v.refuse(reasonMissing)
	default:
		v.finish(l, form.returnTo)
	}
}
