package signin

import (
	"context"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// The second factors, as method names them.
const (
	methodTOTP     = "totp"
	methodText     = "sms"
	methodRecovery = "recovery"
)

// pendingSecond is the login that waits for a second factor; without one, the request is answered.
func (v *visit) pendingSecond() (pending, stytch.Second, bool) {
	p, ok := v.pending()
	if !ok || p.MFA == nil {
		v.refuseExpired()
		return pending{}, stytch.Second{}, false
	}
	ist, _ := v.intermediate() // pending has read it
	v.to = p.ReturnTo
	return p, stytch.Second{Organization: p.Organization, Member: p.Member, Intermediate: ist, Duration: v.cfg.SessionDuration}, true
}

// second takes a second factor, sends a code, or sets a new factor up.
func (v *visit) second() {
	f, ok := v.fields()
	if !ok {
		return
	}
	p, who, ok := v.pendingSecond()
	if !ok {
		return
	}
	code := plainCode(f["code"])
	switch method := f["method"]; {
	case method == methodTOTP && code == "" && p.MFA.Enrols:
		v.setUp(p, who)
	case method == methodText && code == "":
		v.sendText(p, who, plainPhone(f["phone"]))
	case method == methodTOTP && code != "":
		v.prove(p, who, method, code, v.in.Stytch.TOTP)
	case method == methodText:
		v.prove(p, who, method, code, v.in.Stytch.Text)
	case method == methodRecovery && code != "":
		v.prove(p, who, method, strings.TrimSpace(f["code"]), v.in.Stytch.Recover) // its hyphens count
	default:
		v.againSecond(p, reasonWrongCode)
	}
}

// plainCode is a code without what people write into it.
func plainCode(s string) string { return strings.NewReplacer(" ", "", "-", "").Replace(s) }

// plainPhone is a number likewise.
func plainPhone(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(s)
}

// trySecond counts what somebody does with a pending login, by whoever it is that has it, and what this
// client does for the member in whatever login: who knows the first factor begins as many as they like.
// False when the request is answered.
func (v *visit) trySecond(p pending, what string) (won func(), ok bool) {
	won, err := v.tryOf("second " + what + " of " + p.Member)
	if err == nil {
		_, err = v.bounds.try(what+" "+p.Binding, fair.Key{})
	}
	if err != nil {
		v.fail(err)
		return nil, false
	}
	return won, true
}

// prove ends the login with a code.
func (v *visit) prove(p pending, who stytch.Second, method, code string, with func(context.Context, stytch.Second, string) (*stytch.Login, error)) {
	won, ok := v.trySecond(p, "code")
	if !ok {
		return
	}
	l, err := v.onceWith(attemptOf("second "+method, code, who.Intermediate), func(ctx context.Context) (*stytch.Login, error) { return with(ctx, who, code) })
	if err != nil {
		v.failSecond(p, err)
		return
	}
	won()
	v.finish(l, p.ReturnTo)
}

// sendText sends a code, to a new number only where the member has none.
func (v *visit) sendText(p pending, who stytch.Second, phone string) {
	if !p.MFA.Enrols {
		phone = ""
	}
	if _, ok := v.trySecond(p, "text"); !ok {
		return
	}
	if _, err := ask(v, func(ctx context.Context) (any, error) { return nil, v.in.Stytch.SendText(ctx, who, phone) }); err != nil {
		v.failSecond(p, err)
		return
	}
	if phone != "" {
		p.MFA.PhoneNumber = phone
	}
	p.MFA.Initiated = "sms_otp"
	switch {
	case !v.wait(who.Intermediate, p):
	case v.json:
		v.showSecond(secondOf(p.MFA), "")
	default:
		v.redirect(v.cfg.MFAURL) // a page that can be loaded again without another code
	}
}

// setUp begins with an authenticator app, and shows what Stytch tells once.
func (v *visit) setUp(p pending, who stytch.Second) {
	if _, ok := v.trySecond(p, "set up"); !ok {
		return
	}
	app, err := ask(v, func(ctx context.Context) (*stytch.Authenticator, error) { return v.in.Stytch.SetUp(ctx, who) })
	if err != nil {
		v.failSecond(p, err)
		return
	}
	p.MFA.TOTPRegistrationID = app.RegistrationID
	if !v.wait(who.Intermediate, p) {
		return
	}
	s := secondOf(p.MFA)
	s.Secret, s.RecoveryCodes, s.QRCode = app.Secret, app.RecoveryCodes, imageOf(app)
	v.showSecond(s, "")
}
