package signin

import (
	"context"
	"html/template"
	"net/http"
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

// Second is what the page for a second factor is about.
type Second struct {
	TOTP   bool   // codes of an authenticator app are taken
	Phone  string // where codes are sent, but for its last digits; empty: nowhere
	Sent   bool   // one is on its way
	Enrols bool   // the member has no second factor yet, and chooses one

	// Of an authenticator app that is being set up; Stytch tells them once.
	QRCode        template.URL // a data URL of an image
	Secret        string
	RecoveryCodes []string
}

// secondOf is what a login still needs, for its page.
func secondOf(m *MFA) *Second {
	return &Second{TOTP: m.TOTPRegistrationID != "", Phone: masked(m.PhoneNumber), Sent: m.Initiated != "", Enrols: m.Enrols}
}

// masked leaves the last two digits of a phone number.
func masked(phone string) string {
	if len(phone) < 4 {
		return ""
	}
	return "•••" + phone[len(phone)-2:]
}

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

// askSecond shows what a login still needs.
func (v *visit) askSecond() {
	if p, _, ok := v.pendingSecond(); ok {
		v.showSecond(secondOf(p.MFA), "")
	}
}

func (v *visit) showSecond(s *Second, reason string) {
	if v.json {
		v.writeJSON(http.StatusOK, "application/json", factorsOf(s))
		return
	}
	p := Page{
		Name: PageSecond, Status: http.StatusOK, Title: "Confirm that it is you", Action: v.path(pathMFA),
		Reason: reason, Detail: Message(reason), Second: s,
	}
	switch {
	case reason != "":
		p.Status = meanings()[reason].status
	case s.Secret != "":
		p.Title = "Set up an authenticator app"
	case s.Enrols && !s.Sent:
		p.Title = "Set up a second step"
	}
	v.show(p)
}

// factors is what a client is told.
type factors struct {
	Methods       []string `json:"methods"`
	Phone         string   `json:"phone,omitempty"`
	Sent          bool     `json:"sent"`
	Enrols        bool     `json:"enrols"`
	QRCode        string   `json:"qr_code,omitempty"`
	Secret        string   `json:"secret,omitempty"`
	RecoveryCodes []string `json:"recovery_codes,omitempty"`
}

func factorsOf(s *Second) factors {
	f := factors{Phone: s.Phone, Sent: s.Sent, Enrols: s.Enrols, QRCode: string(s.QRCode), Secret: s.Secret, RecoveryCodes: s.RecoveryCodes, Methods: []string{}}
	if s.TOTP || s.Enrols {
		f.Methods = append(f.Methods, methodTOTP)
	}
	if s.Phone != "" || s.Enrols {
		f.Methods = append(f.Methods, methodText)
	}
	if s.TOTP && !s.Enrols {
		f.Methods = append(f.Methods, methodRecovery)
	}
	return f
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

// failSecond answers a failure, on the page where it is about what was entered.
func (v *visit) failSecond(p pending, err error) {
	errorType := stytch.FailureOf(err).ErrorType
	reason := secondReasonOf(errorType)
	switch {
	case reason == "":
		v.failStep(err)
		return
	case p.MFA.Enrols && (errorType == "expired_totp" || errorType == "totp_not_found"): // it waits for no code any more
		reason, p.MFA.TOTPRegistrationID = reasonSetUpAgain, ""
	}
	v.in.Log.Debug("signin: Stytch refused a second factor", "reason", reason, "error", err)
	v.againSecond(p, reason)
}

func (v *visit) againSecond(p pending, reason string) {
	if v.json {
		v.refuse(reason)
		return
	}
	v.showSecond(secondOf(p.MFA), reason)
}

// secondReasonOf is why what was entered is refused; empty for what is not about that.
func secondReasonOf(errorType string) string {
	if isPasskeyRefused(errorType) {
		return reasonPasskey
	}
	switch errorType {
	case "unable_to_auth_otp_code", "otp_code_not_found", "invalid_code",
		"unable_to_authenticate_totp", "invalid_totp_code", "totp_code_already_authenticated", "expired_totp", "totp_not_found",
		"unable_to_authenticate_recovery_code", "invalid_recovery_code", "recovery_codes_not_found":
		return reasonWrongCode
	case "invalid_phone_number", "invalid_phone_number_country_code", "unsubscribed_phone_number", "downstream_carrier_error", "no_phone_number",
		"duplicate_phone_number", "duplicate_member_phone_number_for_member":
		return reasonWrongPhone
	case "active_totp_exists", "pending_totp_exists", "insufficient_factors", "stale_factors":
		return reasonSecondExists
	case "operation_restricted_by_organization_mfa_methods":
		return reasonOtherSecond
	case errorLocked:
		return reasonLocked
	}
	return ""
}
