package signin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// The fields that say where a code is sent.
const (
	fieldEmail = "email"
	fieldPhone = "phone"
)

// sender is one way to send one-time codes.
type sender struct {
	field  string // of its form
	path   string
	title  string
	wrong  string                      // the reason where codes cannot be sent to what was entered
	normal func(entered string) string // where to send to; empty: nowhere
	method string                      // what Stytch's IDs of that begin with; empty: it gives none
	send   func(context.Context, stytch.CodeTo) (method string, err error)
}

func mailSender(method string, send func(context.Context, stytch.CodeTo) (string, error)) *sender {
	return &sender{
		field: fieldEmail, path: pathEmailCode, title: "Sign in with a code by e-mail", wrong: reasonInvalidEmail,
		normal: func(entered string) string {
			if !isEmail(entered) {
				return ""
			}
			return entered
		},
		method: method, send: send,
	}
}

func textSender(send func(context.Context, stytch.CodeTo) (string, error)) *sender {
	return &sender{
		field: fieldPhone, path: pathTextCode, title: "Sign in with a code by SMS", wrong: reasonWrongPhone,
		normal: phoneOf, method: "phone-number", send: send,
	}
}

// phoneOf is a number in the form of E.164; empty for what is none.
func phoneOf(entered string) string {
	digits, ok := strings.CutPrefix(strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(entered), "+")
	if !ok || len(digits) < 2 || len(digits) > 15 || digits[0] == '0' || !isDigits(digits) {
		return ""
	}
	return "+" + digits
}

func isDigits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// routes are where somebody asks for a code, and where they enter it.
func (s *sender) routes() map[string]route {
	return map[string]route{
		s.path:         {get: func(v *visit) { v.askForCode(s) }, post: func(v *visit) { v.sendCode(s) }},
		s.verifyPath(): {get: func(v *visit) { v.askCode(s) }, post: func(v *visit) { v.useCode(s) }},
	}
}

func (s *sender) verifyPath() string { return s.path + "/verify" }

// codeForm is what the form for a code holds.
type codeForm struct{ entered, organization, returnTo string }

// askForCode shows the form.
func (v *visit) askForCode(s *sender) {
	query := v.r.URL.Query()
	form := codeForm{organization: v.organization(query.Get("organization")), returnTo: v.returnTo(query.Get("return_to"))}
	if !v.project.takesOrganization(form.organization) {
		form.organization = ""
	}
	v.showSender(s, form, "")
}

func (v *visit) showSender(s *sender, form codeForm, reason string) {
	p := Page{
		Name: PageSendCode, Status: http.StatusOK, Title: s.title, Action: v.path(s.path),
		Reason: reason, Detail: Message(reason), Field: s.field, Organization: form.organization, ReturnTo: form.returnTo,
	}
	p.reachable(s, form.entered)
	if reason != "" {
		p.Status = meanings()[reason].status
	}
	v.show(p)
}

// reachable puts an address or a number where the page has it.
func (p *Page) reachable(s *sender, at string) {
	if s.field == fieldPhone {
		p.Phone = at
	} else {
		p.Email = at
	}
}

// sendCode sends a code, in the place of an earlier one, and goes to the page that asks for it. The answer
// is the same whether or not there is anybody to get it.
func (v *visit) sendCode(s *sender) {
	f, ok := v.fields()
	if !ok {
		return
	}
	form := codeForm{strings.TrimSpace(f[s.field]), v.organization(f["organization"]), v.returnTo(f["return_to"])}
	to := s.normal(form.entered)
	switch {
	case to == "":
		v.againSender(s, form, s.wrong)
		return
	case !v.project.takesOrganization(form.organization):
		v.refuse(reasonInvalid)
		return
	}
	if _, err := v.tryAs("a code to " + to); err != nil {
		v.fail(err)
		return
	}
	method, err := askForAnybody(v, func(ctx context.Context) (string, error) {
		return s.send(ctx, stytch.CodeTo{Address: to, Organization: form.organization})
	})
	switch {
	case err != nil && isUnreachable(stytch.FailureOf(err).ErrorType):
		v.againSender(s, form, s.wrong)
		return
	case err != nil && !v.isSilent(err):
		v.to = form.returnTo
		v.fail(err)
		return
	case err != nil:
		method = v.inventMethod(s, to)
	}
	v.beginCode(s, codeFlow{To: to, Organization: form.organization, Method: method, ReturnTo: form.returnTo})
	if v.json {
		v.writeJSON(http.StatusOK, "application/json", codeSent{true, v.path(s.verifyPath())})
		return
	}
	v.redirect(v.path(s.verifyPath()))
}

// codeSent is what a client is told.
type codeSent struct {
	Sent bool   `json:"sent"`
	Next string `json:"next"` // where the code is taken
}

// againSender tells a client why, and shows the form to a person with what was entered.
func (v *visit) againSender(s *sender, form codeForm, reason string) {
	if v.json {
		v.refuse(reason)
		return
	}
	v.showSender(s, form, reason)
}

// isUnreachable knows the error_types that say that nothing can be sent there, whoever it belongs to. That
// a number wants nothing more of this application is none of them: it would tell that it had an account.
func isUnreachable(errorType string) bool {
	switch errorType {
	case "invalid_email", "invalid_email_address", "invalid_phone_number", "invalid_phone_number_country_code", "downstream_carrier_error":
		return true
	}
	return false
}

// inventMethod stands in for the ID of an address that no code was sent to: always the same one, and of the
// form of Stytch's, as its cookie would be of another size.
func (v *visit) inventMethod(s *sender, to string) string {
	if s.method == "" {
		return ""
	}
	mac := hmac.New(sha256.New, v.key)
	mac.Write([]byte("stytchkit method " + strings.ToLower(to)))
	id := mac.Sum(nil)[:16]
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // a random UUID, by RFC 9562 §5.4
	kind := "test"
	if v.in.Live {
		kind = "live"
	}
	return fmt.Sprintf("%s-%s-%x-%x-%x-%x-%x", s.method, kind, id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
