package signin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// More ways to prove who one is, as method names them.
const (
	methodPassword = "password"
	methodMail     = "email"
	methodLink     = "link"
	methodPasskey  = "passkey"
)

// paramSent is the page's parameter that says which method a code was sent by.
const paramSent = "sent"

// StepUp is what whoever is signed in can prove it with once more.
type StepUp struct {
	Password bool
	Passkey  bool
	TOTP     bool   // codes of an authenticator app
	Phone    string // where codes are sent, but for its last digits; empty: nowhere
	Sent     bool   // one is on its way
	Email    string // where a code or a link is mailed; empty: nowhere
	Mailed   bool   // a code is on its way
}

func (v *visit) stepUpOf(p *stytch.Person) *StepUp {
	domain := v.passkeyDomain()
	has := &StepUp{
		Passkey:  slices.ContainsFunc(p.Passkeys, func(key stytch.Passkey) bool { return domain != "" && key.Domain == domain }),
		Password: p.Password && p.Email != "", TOTP: p.TOTP, Phone: masked(p.Phone), Email: p.Mailbox,
	}
	if v.leadsToFactors() && hasSecond(p) { // nothing else will do there
		has.Password, has.Email = false, ""
	}
	return has
}

// leadsToFactors reports whether the proof is for a page that changes what people sign in with.
func (v *visit) leadsToFactors() bool {
	return v.to == v.path(pathAccount) || v.to == v.path(pathPasskeys)
}

// methods are the names of what there is.
func (s *StepUp) methods() []string {
	found := []string{}
	for _, m := range []struct {
		name string
		has  bool
	}{{methodPasskey, s.Passkey}, {methodPassword, s.Password}, {methodTOTP, s.TOTP}, {methodText, s.Phone != ""}, {methodMail, s.Email != ""}, {methodLink, s.Email != ""}} {
		if m.has {
			found = append(found, m.name)
		}
	}
	return found
}

// person is who is signed in by cookies, as Stytch knows them now; nil when nobody is.
func (v *visit) person() (*stytch.Person, error) {
	d := v.guard.Check(v.r.Context(), v.request())
	v.cookies = append(v.cookies, d.Cookies...)
	switch {
	case d.Session == nil && !d.Initialized:
		return nil, stytch.Unanswered(stytch.Network, errUndecided)
	case d.Session == nil:
		return nil, nil //nolint:nilnil // see above
	}
	p, err := askAbout(v, v.project.person)
	switch {
	case err != nil && stytch.FailureOf(err).Verdict == stytch.Over:
		return nil, nil //nolint:nilnil // see above
	case err != nil:
		return nil, err
	case p != nil && p.SessionID != d.Session.ID():
		return nil, nil //nolint:nilnil // several sessions are presented, and nobody knows whose page this is
	}
	return p, nil
}

// errLeft is why a step-up cannot end.
var errLeft = errors.New("the session that was to be stepped up is not the present one any more")

// personOf is whose session a step-up began for, if it is still the present one.
func (v *visit) personOf(f flow) (*stytch.Person, error) {
	p, err := v.person()
	if err == nil && (p == nil || p.SessionID != f.StepUp) {
		err = errLeft
	}
	return p, err
}

var errUndecided = errors.New("whether there is a session is not known")

// present is who is signed in; without anybody, the request is answered.
func (v *visit) present() (*stytch.Person, bool) {
	p, err := v.person()
	switch {
	case err != nil:
		v.fail(err)
	case p == nil:
		v.refuse(reasonMissing)
	default:
		v.page = pathStepUp
	}
	return p, p != nil
}

// askStepUp shows what whoever is signed in can prove it with.
func (v *visit) askStepUp() {
	query := v.r.URL.Query()
	v.to = v.returnTo(query.Get("return_to"))
	p, ok := v.present()
	if !ok {
		return
	}
	reason := query.Get("reason")
	if reason == stytchkit.CodeReauthentication || Message(reason) == "" {
		reason = "" // what the page is about, or what somebody else wrote
	}
	has, sent := v.stepUpOf(p), query.Get(paramSent)
	has.Sent, has.Mailed = sent == methodText, sent == methodMail
	v.showStepUp(has, reason)
}

func (v *visit) showStepUp(s *StepUp, reason string) {
	if v.json {
		v.writeJSON(http.StatusOK, "application/json", struct {
			Methods []string `json:"methods"`
			Phone   string   `json:"phone,omitempty"`
			Sent    bool     `json:"sent"`
			Email   string   `json:"email_address,omitempty"`
			Mailed  bool     `json:"mailed"`
		}{s.methods(), s.Phone, s.Sent, s.Email, s.Mailed})
		return
	}
	p := Page{
		Name: PageStepUp, Status: http.StatusOK, Title: "Confirm that it is you", Action: v.path(pathStepUp),
		Reason: reason, Detail: Message(reason), ReturnTo: v.to, StepUp: s,
	}
	if reason != "" && v.r.Method == http.MethodPost {
		p.Status = meanings()[reason].status
	}
	if s.Passkey {
		p = v.withPasskeys(p, pathStepUp)
	}
	v.show(p)
}

// stepUp takes a proof, or sends one.
func (v *visit) stepUp() {
	f, ok := v.fields()
	if !ok {
		return
	}
	v.to = v.returnTo(f["return_to"])
	p, ok := v.present()
	if !ok {
		return
	}
	step := &stepping{v, p, v.stepUpOf(p)}
	code, has := plainCode(f["code"]), step.has
	switch method := f["method"]; {
	case method == methodPassword && has.Password:
		step.provePassword(f["password"])
	case method == methodPasskey && has.Passkey && f[fieldCredential] == "":
		step.askPasskey()
	case method == methodPasskey && has.Passkey:
		step.provePasskey(f)
	case method == methodTOTP && has.TOTP && code != "":
		step.proveCode(method, code, v.project.totp)
	case method == methodTOTP && has.TOTP:
		step.again(reasonWrongCode)
	case method == methodText && has.Phone != "" && code != "":
		has.Sent = true // it is entered because it was
		step.proveCode(method, code, func(ctx context.Context, s stytch.Second, code string) (*stytch.Login, error) {
			return v.project.text(ctx, s, p, code)
		})
	case method == methodText && has.Phone != "":
		step.sendText()
	case method == methodMail && has.Email != "" && code != "":
		has.Mailed = true
		step.proveMailed(code)
	case method == methodMail && has.Email != "":
		step.mailCode()
	case method == methodLink && has.Email != "":
		step.mailLink()
	default:
		v.refuse(reasonInvalid)
	}
}

// lasting is how long a session lives from its step-up on: as after a login, and never less than before.
func (v *visit) lasting(p *stytch.Person) time.Duration {
	left := p.ExpiresAt.Sub(v.in.Now()) + time.Minute - 1
	return max(v.cfg.SessionDuration, min(left.Truncate(time.Minute), maxSessionDuration))
}

// steppedUp goes on with the person's own session. Whatever else a proof came to is nobody's.
func (v *visit) steppedUp(l *stytch.Login, p *stytch.Person, returnTo string) {
	if !p.Has(l) {
		v.said.Warn("signin: a step-up ended in another session than the one that it was for")
		v.discard(l)
		v.refuse(reasonNotYours)
		return
	}
	v.finish(l, returnTo)
}
