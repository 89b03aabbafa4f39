package signin

import (
	"context"
	"html/template"
	"slices"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// owning is a change by who is signed in of what is theirs. What a form names is never whose it is.
type owning struct {
	*stepping
	account *Account
}

// changeAccount makes one change for who showed a moment ago who they are.
func (v *visit) changeAccount() {
	f, ok := v.fields()
	if !ok {
		return
	}
	p, ok := v.proven(pathAccount)
	if !ok {
		return
	}
	v.page, v.to = pathAccount, ""
	o := &owning{&stepping{v, p, nil}, v.accountOf(p)}
	change, code := f["change"], plainCode(f["code"])
	switch {
	case !o.account.Can(change):
		v.refuse(reasonInvalid)
	case change == changeSignOut:
		o.signOutEverywhere()
	case change == changeAddTOTP && code == "":
		o.setUp()
	case change == changeAddTOTP:
		o.prove(change, code, v.project.totp)
	case change == changeAddPhone && code == "":
		o.sendNew(plainPhone(f["phone"]))
	case change == changeAddPhone:
		o.proveNew(plainPhone(f["phone"]), code)
	case change == changeRemoveTOTP:
		o.remove(v.project.removeTOTP)
	case change == changeRemovePhone:
		o.remove(v.project.removePhone)
	case change == changeCodes:
		o.rotateCodes()
	}
}

// signOutEverywhere ends every session of the person's, here at once.
func (v *owning) signOutEverywhere() {
	ended, err := askStepToTheEnd(v.visit, func(ctx context.Context) ([]string, error) { return v.project.endAll(ctx, v.p) })
	v.in.EndHere(ended)
	if err != nil {
		v.fail(err)
		return
	}
	v.logout()
}

// setUp begins with an authenticator app, and shows what Stytch tells once.
func (v *owning) setUp() {
	if !v.try("set up") {
		return
	}
	app, err := ask(v.visit, func(ctx context.Context) (*stytch.Authenticator, error) { return v.project.setUpTOTP(ctx, v.added()) })
	if err != nil {
		v.failChange(err)
		return
	}
	v.account.Adding, v.account.Secret, v.account.RecoveryCodes = changeAddTOTP, app.Secret, app.RecoveryCodes
	v.account.QRCode = imageOf(app)
	v.showAccount(v.account, "")
}

// imageOf is the QR code of an app, where it is an image indeed.
func imageOf(app *stytch.Authenticator) template.URL {
	if !strings.HasPrefix(app.QRCode, "data:image/png;base64,") {
		return ""
	}
	return template.URL(app.QRCode) //nolint:gosec // an image in a data URL
}

// sendNew sends a code to a number that is to be theirs.
func (v *owning) sendNew(phone string) {
	if phone == "" {
		v.refuse(reasonWrongPhone)
		return
	}
	if !v.try("message") {
		return
	}
	if _, err := ask(v.visit, func(ctx context.Context) (any, error) { return nil, v.project.sendNew(ctx, v.added(), v.p, phone) }); err != nil {
		v.failChange(err)
		return
	}
	v.account.Adding, v.account.NewPhone = changeAddPhone, phone
	v.showAccount(v.account, "")
}

// proveNew makes a number theirs by the code that was sent there.
func (v *owning) proveNew(number, code string) {
	i := slices.IndexFunc(v.p.Unproved, func(phone stytch.Phone) bool { return phone.Number == number })
	if i < 0 {
		v.refuse(reasonWrongPhone)
		return
	}
	v.account.NewPhone = number
	v.prove(changeAddPhone, code, func(ctx context.Context, s stytch.Second, code string) (*stytch.Login, error) {
		return v.project.proveNew(ctx, s, v.p.Unproved[i], code)
	})
}

// prove ends an addition by its first code, which counts for the session too.
func (v *owning) prove(change, code string, with func(context.Context, stytch.Second, string) (*stytch.Login, error)) {
	v.account.Adding = change
	if !v.try("proof") {
		return
	}
	second := v.added()
	second.Enrols = true
	l, err := v.onceWith(attemptOf(change, code, v.p.SessionID), func(ctx context.Context) (*stytch.Login, error) { return with(ctx, second, code) })
	if err != nil {
		v.failChange(err)
		return
	}
	v.steppedUp(l, v.p, v.path(pathAccount))
}

// remove takes something away.
func (v *owning) remove(with func(context.Context, *stytch.Person) error) {
	if _, err := askStepToTheEnd(v.visit, func(ctx context.Context) (any, error) { return nil, with(ctx, v.p) }); err != nil {
		v.failChange(err)
		return
	}
	v.redirectOr(v.path(pathAccount), answer{Authenticated: true, MemberID: v.p.Member, OrganizationID: v.p.Organization, UserID: v.p.User})
}

// rotateCodes shows new recovery codes. Those before count no more.
func (v *owning) rotateCodes() {
	codes, err := askStepToTheEnd(v.visit, func(ctx context.Context) ([]string, error) { return v.project.rotateCodes(ctx, v.p) })
	if err != nil {
		v.failChange(err)
		return
	}
	v.account.RecoveryCodes = codes
	v.showAccount(v.account, "")
}

// failChange answers a failure, on the page where it is about what was entered.
func (v *owning) failChange(err error) {
	errorType := stytch.FailureOf(err).ErrorType
	reason := secondReasonOf(errorType)
	switch {
	case errorType == "insufficient_factors" || errorType == "stale_factors":
		v.to = v.path(pathAccount)
		v.wantProof()
		return
	case reason == "":
		v.fail(err)
		return
	}
	v.in.Log.Debug("signin: Stytch refused a change of an account", "reason", reason, "error", err)
	if v.json || v.account.Adding == "" {
		v.refuse(reason)
		return
	}
	v.showAccount(v.account, reason)
}
