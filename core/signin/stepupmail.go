package signin

import (
	"context"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// mailCode mails a code to the address that Stytch knows.
func (v *stepping) mailCode() {
	if !v.try("message") {
		return
	}
	if _, err := v.tryAs("a code to " + v.p.Mailbox); err != nil { // as for a login
		v.fail(err)
		return
	}
	if _, err := ask(v.visit, func(ctx context.Context) (any, error) { return nil, v.project.mailCode(ctx, v.mailbox()) }); err != nil {
		v.fail(err)
		return
	}
	v.has.Mailed = true
	v.codeSent(methodMail)
}

// proveMailed adds a code to the session that was mailed to its person.
func (v *stepping) proveMailed(code string) {
	p := v.p
	won, err := v.tryAs("a code of " + p.Mailbox) // a session is no way around the bounds of logins
	if err != nil {
		v.fail(err)
		return
	}
	v.proveCode(methodMail, code, func(ctx context.Context, s stytch.Second, code string) (*stytch.Login, error) {
		out, err := v.project.code(ctx, stytch.Code{
			CodeTo: v.mailbox(), Method: p.MailID, Code: code, Session: s.Session, Duration: s.Duration,
		})
		if err == nil {
			won()
		}
		return out.login, err
	})
}

// mailbox is where codes are mailed.
func (v *stepping) mailbox() stytch.CodeTo {
	return stytch.CodeTo{Address: v.p.Mailbox, Organization: v.p.Organization}
}
