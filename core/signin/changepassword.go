package signin

import (
	"context"
	"net/http"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// changeForm is what the form of somebody who knows their password, and wants another one, holds, but for
// the passwords.
type changeForm struct{ email, organization, returnTo string }

// askChange shows the form. Whoever is signed in changes the password of their organization.
func (v *visit) askChange() {
	query := v.r.URL.Query()
	form := changeForm{organization: v.organization(query.Get("organization")), returnTo: v.returnTo(query.Get("return_to"))}
	if !v.project.changesIn(form.organization) {
		form.organization = v.guard.Check(v.r.Context(), v.request()).Session.OrganizationID()
	}
	if !v.project.changesIn(form.organization) {
		v.to = v.path(pathChange)
		v.refuse(reasonMissing)
		return
	}
	v.knowBrowser()
	v.showChange(form, "", nil)
}

func (v *visit) showChange(form changeForm, reason string, advice []string) {
	p := Page{
		Name: PageChange, Status: http.StatusOK, Title: "Change your password", Action: v.path(pathChange),
		Reason: reason, Detail: Message(reason), Advice: advice,
		Email: form.email, Organization: form.organization, ReturnTo: form.returnTo, ForgotURL: v.path(pathForgot),
	}
	if reason != "" {
		p.Status = meanings()[reason].status
	}
	v.show(p)
}

// changePassword sets the password of whoever knows the present one, and signs them in as a login does. All their
// other sessions end. A session that the browser has counts for nothing here: it would skip a second factor.
func (v *visit) changePassword() {
	f, ok := v.fields()
	if !ok {
		return
	}
	form := changeForm{strings.TrimSpace(f["email"]), v.organization(f["organization"]), v.returnTo(f["return_to"])}
	existing, wanted := f["password"], f["new_password"]
	switch {
	case !isEmail(form.email):
		v.againChange(form, reasonInvalidEmail, nil)
		return
	case !v.project.changesIn(form.organization):
		v.refuse(reasonInvalid)
		return
	case !isPassword(existing):
		v.againChange(form, reasonWrongPassword, nil)
		return
	case !isPassword(wanted):
		v.againChange(form, reasonWeakPassword, nil)
		return
	}
	won, err := v.tryAs(form.email) // as a login is: neither is a way around the other
	if err != nil {
		v.fail(err)
		return
	}
	known := stytch.Password{Email: form.email, Organization: form.organization, Password: existing, Duration: v.cfg.SessionDuration}
	out, err := v.onceHere(pathChange, known, wanted, func() (outcome, error) {
		l, err := askToTheEnd(v, func(ctx context.Context) (*stytch.Login, error) {
			return v.project.changePassword(ctx, stytch.Change{Password: known, Wanted: wanted})
		})
		return outcome{login: l}, err
	})
	if err != nil {
		v.failPasswordChange(form, wanted, err)
		return
	}
	won()
	v.drop(cookieBrowser)
	v.arrive(out, flow{Organization: form.organization, ReturnTo: form.returnTo})
}

// failPasswordChange answers a failure, beside the field that it is about.
func (v *visit) failPasswordChange(form changeForm, wanted string, err error) {
	f := stytch.FailureOf(err)
	reason := newPasswordReasonOf(f.ErrorType)
	if reason != "" {
		v.againChange(form, reason, v.adviceOn(form.email, wanted))
		return
	}
	if reason = passwordReasonOf(f); reason == "" {
		v.to = form.returnTo
		v.fail(err)
		return
	}
	v.in.Log.Debug("signin: Stytch refused a change of a password", "reason", reason, "error", err)
	v.againChange(form, reason, nil)
}

// againChange tells a client why, and shows the form to a person, with nothing lost but the passwords.
func (v *visit) againChange(form changeForm, reason string, advice []string) {
	if v.json {
		v.refuseWith(reason, advice)
		return
	}
	v.showChange(form, reason, advice)
}
