package signin

import (
	"context"
	"net/url"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// proofs are how whoever is signed in proves it once more: each is added to their session.
type proofs struct {
	person   func(context.Context, stytch.Credential) (*stytch.Person, error)
	totp     func(ctx context.Context, s stytch.Second, code string) (*stytch.Login, error)
	sendText func(ctx context.Context, s stytch.Second, p *stytch.Person) error
	text     func(ctx context.Context, s stytch.Second, p *stytch.Person, code string) (*stytch.Login, error)
	mailCode func(context.Context, stytch.CodeTo) error
}

func memberProofs(client *stytch.Client) proofs {
	return proofs{
		person:   client.Person,
		totp:     client.TOTP,
		sendText: func(ctx context.Context, s stytch.Second, _ *stytch.Person) error { return client.SendText(ctx, s, "") },
		text: func(ctx context.Context, s stytch.Second, _ *stytch.Person, code string) (*stytch.Login, error) {
			return client.Text(ctx, s, code)
		},
		mailCode: client.MailCode,
	}
}

func userProofs(client *stytch.ConsumerClient) proofs {
	return proofs{
		person: client.Person,
		totp:   client.TOTP,
		sendText: func(ctx context.Context, _ stytch.Second, p *stytch.Person) error {
			return client.SendText(ctx, p.Phone)
		},
		text: func(ctx context.Context, s stytch.Second, p *stytch.Person, code string) (*stytch.Login, error) {
			return client.Code(ctx, stytch.Code{Method: p.PhoneID, Code: code, Session: s.Session, Duration: s.Duration})
		},
		mailCode: func(ctx context.Context, to stytch.CodeTo) error {
			_, err := client.MailCode(ctx, to) // its method is the person's MailID
			return err
		},
	}
}

// stepping is a step-up of who is signed in.
type stepping struct {
	*visit
	p   *stytch.Person
	has *StepUp
}

// provePassword adds the password to the session.
func (v *stepping) provePassword(password string) {
	p := v.p
	if password == "" || len(password) > maxPassword {
		v.again(reasonWrongPassword)
		return
	}
	if !v.try("proof") {
		return
	}
	won, err := v.tryAs(p.Email) // a session is no way around the bounds of logins
	if err != nil {
		v.fail(err)
		return
	}
	l, err := askStepToTheEnd(v.visit, func(ctx context.Context) (*stytch.Login, error) {
		out, err := v.project.password(ctx, stytch.Password{
			Email: p.Email, Organization: p.Organization, Password: password, Session: p.Session, Duration: v.lasting(p),
		})
		return out.login, err
	})
	if err != nil {
		f := stytch.FailureOf(err)
		reason := passwordReasonOf(f)
		if f.ErrorType == errorLocked { // a login tells nobody
			reason = reasonLocked
		}
		v.failProof(reason, err)
		return
	}
	won()
	v.steppedUp(l, v.p, v.to)
}

// proveCode adds a code to the session.
func (v *stepping) proveCode(method, code string, with func(context.Context, stytch.Second, string) (*stytch.Login, error)) {
	if !v.try("proof") {
		return
	}
	key := attemptOf("step-up "+method, code, v.p.SessionID)
	l, err := v.onceWith(key, func(ctx context.Context) (*stytch.Login, error) { return with(ctx, v.added(), code) })
	if err != nil {
		v.failProof(secondReasonOf(stytch.FailureOf(err).ErrorType), err)
		return
	}
	v.steppedUp(l, v.p, v.to)
}

// added is what a second factor is added to.
func (v *stepping) added() stytch.Second {
	p := v.p
	return stytch.Second{Organization: p.Organization, Member: p.Member, User: p.User, Session: p.Session, Duration: v.lasting(p)}
}

// sendText sends a code to the phone that Stytch knows.
func (v *stepping) sendText() {
	if !v.try("message") {
		return
	}
	if _, err := ask(v.visit, func(ctx context.Context) (any, error) { return nil, v.project.sendText(ctx, v.added(), v.p) }); err != nil {
		v.failProof(secondReasonOf(stytch.FailureOf(err).ErrorType), err)
		return
	}
	v.has.Sent = true
	v.codeSent(methodText)
}

// codeSent goes to the page that asks for the code, which can be loaded again without another one.
func (v *stepping) codeSent(method string) {
	if v.json {
		v.showStepUp(v.has, "")
		return
	}
	query := url.Values{paramSent: {method}}
	if v.to != "" {
		query.Set("return_to", v.to)
	}
	v.redirect(v.path(pathStepUp) + "?" + query.Encode())
}

// mailLink mails a link that steps up this session, in this browser.
func (v *stepping) mailLink() {
	p := v.p
	redirect, ok := v.callbackURL()
	if !ok || !v.try("message") {
		return
	}
	kind, _ := v.project.magicLink(p.Organization) // an ID is a name
	begun := v.begin(flow{Kind: kind, Organization: p.Organization, ReturnTo: v.to, StepUp: p.SessionID})
	_, err := ask(v.visit, func(ctx context.Context) (any, error) {
		return nil, v.project.send(ctx, stytch.Link{
			Email: p.Mailbox, Organization: p.Organization, RedirectURL: redirect, Challenge: begun.challenge(),
		})
	})
	if err != nil {
		v.cookies = nil // nothing has begun
		v.fail(err)
		return
	}
	v.mailed(nil)
}

// try counts what is tried with any session of the person; false when the request is answered. Nothing that
// succeeds forgets it, nor does another session: whoever has one proof would guess at another for ever.
func (v *stepping) try(what string) bool {
	if _, err := v.tryOf("step-up " + what + " of " + v.p.Member + v.p.User); err != nil {
		v.fail(err)
		return false
	}
	return true
}

// failProof answers a failure, on the page where there is a reason that is about what was entered.
func (v *stepping) failProof(reason string, err error) {
	if reason == "" {
		v.fail(err)
		return
	}
	v.in.Log.Debug("signin: Stytch refused a step-up", "reason", reason, "error", err)
	v.again(reason)
}

func (v *stepping) again(reason string) {
	if v.json {
		v.refuse(reason)
		return
	}
	v.showStepUp(v.has, reason)
}
