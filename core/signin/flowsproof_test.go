package signin_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// anothers stands where an error type does in the table: Stytch takes the proof, and answers with a session of
// somebody else.
const anothers = "another's proof"

// another is an answer by which Bob is signed in.
func (w *flowWorld) another(kind stytchtest.Vertical) string {
	path, fields := "/v1/passwords/authenticate", map[string]any{"email": "bob@example.com", "session_duration_minutes": 60}
	if kind == stytchtest.B2B {
		w.stytch.AddMember(stytchtest.Member{Email: "bob@example.com", Organization: "acme", Password: otherPassword})
		path, fields = "/v1/b2b/passwords/authenticate", map[string]any{"email_address": "bob@example.com", "organization_id": "acme"}
	} else {
		w.stytch.AddUser(stytchtest.User{Email: "bob@example.com", Password: otherPassword})
	}
	fields["password"] = otherPassword
	return w.raw(path, string(must(json.Marshal(fields))))
}

// signedIn is ada's browser: she has everything to prove it with, and has just shown it.
func (w *flowWorld) signedIn(kind stytchtest.Vertical) *browser {
	const phone = "+15550100"
	if kind == stytchtest.B2B {
		w.member(stytchtest.Member{Password: goodPassword, Phone: phone, MFA: true})
		w.hers = w.ada.SignIn(stytchtest.WithTOTP()).Cookies()
	} else {
		w.user(stytchtest.User{Password: goodPassword, Phone: phone, Authenticator: true})
		w.hers = w.eva.SignIn(stytchtest.WithTOTP()).Cookies()
	}
	return w.browser()
}

// actsOnSession reports whether the flow is of somebody who is signed in, in whose session it ends.
func (f *signInFlow) actsOnSession() bool {
	return slices.ContainsFunc(slices.Concat(stepUpFlows(), passkeyFlows()), func(g signInFlow) bool { return f.name == g.name }) &&
		!strings.HasPrefix(f.name, "consumer: passkey sign-in")
}

// provingBy is a step-up by what its person knows, or the request for what is sent to them.
func provingBy(kind stytchtest.Vertical, fields ...string) func(*flowWorld) step {
	return func(w *flowWorld) step {
		return step{w.signedIn(kind), "/auth/step-up", append([]string{"return_to", "/documents"}, fields...)}
	}
}

// provingByCode is a step-up by a code.
func provingByCode(kind stytchtest.Vertical, method string, code func(*flowWorld) string) func(*flowWorld) step {
	return func(w *flowWorld) step {
		s := provingBy(kind, "method", method)(w)
		if method != "totp" {
			s.by.posts(s.target, s.fields...).goes(w.t, "/auth/step-up?return_to=%2Fdocuments&sent="+method)
		}
		return step{s.by, s.target, append(s.fields, "code", code(w))}
	}
}

// provingByLink opens the link of a step-up.
func provingByLink(kind stytchtest.Vertical) func(*flowWorld) step {
	return func(w *flowWorld) step {
		s := provingBy(kind, "method", "link")(w)
		s.by.posts(s.target, s.fields...).goes(w.t, "/auth/magic-link")
		return step{s.by, w.link(), nil}
	}
}

// asked is a page for who is signed in.
func asked(kind stytchtest.Vertical, target string) func(*flowWorld) step {
	return func(w *flowWorld) step { return step{w.signedIn(kind), target, nil} }
}

func stepUpFlows() []signInFlow {
	const b2b, consumer = stytchtest.B2B, stytchtest.Consumer
	byPassword, link := []string{"method", "password", "password", goodPassword}, []string{"method", "link"}
	text, mailed := (*flowWorld).lastText, (*flowWorld).code
	usersApp := func(w *flowWorld) string { return w.eva.TOTP() }
	return []signInFlow{
		{"B2B: step-up, what there is", b2b, stytchtest.Authenticate, asked(b2b, "/auth/step-up?return_to=/documents")},
		{"B2B: step-up, password", b2b, stytchtest.AuthenticatePassword, provingBy(b2b, byPassword...)},
		{"B2B: step-up, app", b2b, stytchtest.AuthenticateTOTP, provingByCode(b2b, "totp", appCode)},
		{"B2B: step-up, SMS asked for", b2b, stytchtest.SendSMS, provingBy(b2b, "method", "sms")},
		{"B2B: step-up, SMS", b2b, stytchtest.AuthenticateSMS, provingByCode(b2b, "sms", text)},
		{"B2B: step-up, e-mail code asked for", b2b, stytchtest.SendEmailCode, provingBy(b2b, "method", "email")},
		{"B2B: step-up, e-mail code", b2b, stytchtest.AuthenticateEmailCode, provingByCode(b2b, "email", mailed)},
		{"B2B: step-up, link asked for", b2b, stytchtest.LoginOrSignup, provingBy(b2b, link...)},
		{"B2B: step-up, link", b2b, stytchtest.AuthenticateMagicLink, provingByLink(b2b)},

		{"consumer: step-up, what there is", consumer, stytchtest.Authenticate, asked(consumer, "/auth/step-up?return_to=/documents")},
		{"consumer: step-up, password", consumer, stytchtest.AuthenticatePassword, provingBy(consumer, byPassword...)},
		{"consumer: step-up, app", consumer, stytchtest.AuthenticateTOTP, provingByCode(consumer, "totp", usersApp)},
		{"consumer: step-up, SMS asked for", consumer, stytchtest.SendSMS, provingBy(consumer, "method", "sms")},
		{"consumer: step-up, SMS", consumer, stytchtest.AuthenticateCode, provingByCode(consumer, "sms", text)},
		{"consumer: step-up, e-mail code asked for", consumer, stytchtest.SendEmailCode, provingBy(consumer, "method", "email")},
		{"consumer: step-up, e-mail code", consumer, stytchtest.AuthenticateCode, provingByCode(consumer, "email", mailed)},
		{"consumer: step-up, link asked for", consumer, stytchtest.LoginOrCreate, provingBy(consumer, link...)},
		{"consumer: step-up, link", consumer, stytchtest.AuthenticateMagicLink, provingByLink(consumer)},
	}
}

// atLocalhost is the world of passkeys, which no IP address has.
func (w *flowWorld) atLocalhost() *passkeyWorld {
	w.app.URL = strings.Replace(w.app.URL, "127.0.0.1", "localhost", 1)
	ada := w.signedIn(stytchtest.Consumer)
	return &passkeyWorld{w.world, w.app.URL, w.eva, ada}
}

// provided is such a world in which she has a passkey.
func (w *flowWorld) provided() (*passkeyWorld, *passkeyDevice) {
	p, device := w.atLocalhost(), newPasskeyDevice(w.t)
	p.adds(p.ada, device, "Laptop")
	return p, device
}

// changingPasskey changes the one that she has.
func changingPasskey(target string, fields ...string) func(*flowWorld) step {
	return func(w *flowWorld) step {
		p, _ := w.provided()
		return step{p.ada, target, append([]string{"passkey", p.passkeyID()}, fields...)}
	}
}

func passkeyFlows() []signInFlow {
	const consumer = stytchtest.Consumer
	returning := []string{"return_to", "/documents"}
	proving := append([]string{"method", "passkey"}, returning...)
	return []signInFlow{
		{"consumer: passkey sign-in, asked for", consumer, stytchtest.StartWebAuthn, func(w *flowWorld) step {
			w.atLocalhost()
			w.hers = nil
			return step{w.browser(), "/auth/passkey/options", returning}
		}},
		{"consumer: passkey sign-in", consumer, stytchtest.AuthenticateWebAuthn, func(w *flowWorld) step {
			p, device := w.provided()
			w.hers = nil
			b := w.browser()
			o := b.asksFor("/auth/passkey/options")
			return step{b, "/auth/passkey", append(slices.Clone(returning), "ceremony", o.Ceremony, "credential", device.get(o, p.origin))}
		}},
		{"consumer: step-up, passkey asked for", consumer, stytchtest.StartWebAuthn, func(w *flowWorld) step {
			p, _ := w.provided()
			return step{p.ada, "/auth/step-up", proving}
		}},
		{"consumer: step-up, passkey", consumer, stytchtest.AuthenticateWebAuthn, func(w *flowWorld) step {
			p, device := w.provided()
			o := p.ada.asksFor("/auth/step-up", proving...)
			return step{p.ada, "/auth/step-up", append(slices.Clone(proving), "ceremony", o.Ceremony, "credential", device.get(o, p.origin))}
		}},
		{"consumer: passkeys shown", consumer, stytchtest.Authenticate, func(w *flowWorld) step {
			p, _ := w.provided()
			return step{p.ada, "/auth/passkeys", nil}
		}},
		{"consumer: new passkey, asked for", consumer, stytchtest.StartWebAuthnRegistration, func(w *flowWorld) step {
			return step{w.atLocalhost().ada, "/auth/passkeys/options", returning}
		}},
		{"consumer: new passkey", consumer, stytchtest.RegisterWebAuthn, func(w *flowWorld) step {
			p := w.atLocalhost()
			o := p.ada.asksFor("/auth/passkeys/options")
			return step{p.ada, "/auth/passkeys", []string{"ceremony", o.Ceremony, "credential", newPasskeyDevice(w.t).create(o, p.origin)}}
		}},
		{"consumer: passkey named", consumer, stytchtest.UpdateWebAuthn, changingPasskey("/auth/passkeys/name", "name", "Old laptop")},
		{"consumer: passkey removed", consumer, stytchtest.DeleteWebAuthn, changingPasskey("/auth/passkeys/remove")},
	}
}
