package signin_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// signInFlow is one step of a way to sign in, as the table has it.
type signInFlow struct {
	name string
	kind stytchtest.Vertical
	at   stytchtest.Endpoint // that answers it
	// reach does everything before the step.
	reach func(w *flowWorld) step
}

// step is what a browser is about to send.
type step struct {
	by     *browser
	target string
	fields []string // name, value, name, value; nil: a GET
}

// flowWorld is a world in which what is asked of Stytch is noted.
type flowWorld struct {
	*world
	wire *wire
	ada  *stytchtest.Member // of a B2B project
	eva  *stytchtest.User   // who she is in a consumer project
	hers []*http.Cookie     // a session that her browser has already
}

func (f *signInFlow) world(t *testing.T) *flowWorld {
	t.Helper()
	w := &flowWorld{wire: &wire{}}
	w.world = newWorldOver(t, w.wire, func(o *stytchtest.Options) {
		o.Vertical, o.CrossOrganizationPasswords = f.kind, f.kind == stytchtest.B2B
	}, func(c *signin.Config) { c.MFAURL, c.PasswordResetURL = "", "" })
	return w
}

func (w *flowWorld) browser() *browser {
	b := w.world.browser()
	b.jar.SetCookies(must(http.NewRequest(http.MethodGet, w.app.URL, nil)).URL, w.hers)
	return b
}

// member is ada of acme, and user is ada of a consumer project.
func (w *flowWorld) member(m stytchtest.Member) {
	m.Email, m.Organization = "ada@example.com", "acme"
	w.ada = w.stytch.AddMember(m)
}

func (w *flowWorld) user(u stytchtest.User) {
	u.Email = "ada@example.com"
	w.eva = w.stytch.AddUser(u)
}

func (w *flowWorld) lastText() string {
	texts := w.stytch.Texts()
	return texts[len(texts)-1].Code
}

// knowing adds somebody with a password.
func (w *flowWorld) knowing(kind stytchtest.Vertical) {
	if kind == stytchtest.B2B {
		w.member(stytchtest.Member{Password: goodPassword})
	} else {
		w.user(stytchtest.User{Password: goodPassword})
	}
}

// byPassword signs in, or changes the password.
func byPassword(kind stytchtest.Vertical, target string, more ...string) func(*flowWorld) step {
	return func(w *flowWorld) step {
		w.knowing(kind)
		return step{w.browser(), target, append([]string{"email", "ada@example.com", "password", goodPassword, "return_to", "/documents"}, more...)}
	}
}

// asking asks for a mail.
func asking(kind stytchtest.Vertical, target string, more ...string) func(*flowWorld) step {
	return func(w *flowWorld) step {
		w.knowing(kind)
		return step{w.browser(), target, append([]string{"email", "ada@example.com", "return_to", "/documents"}, more...)}
	}
}

// byMailedCode enters the code of a mail.
func byMailedCode(kind stytchtest.Vertical, more ...string) func(*flowWorld) step {
	return func(w *flowWorld) step {
		sent := asking(kind, "/auth/email-code", more...)(w)
		sent.by.posts(sent.target, sent.fields...).goes(w.t, verifyMail)
		return step{sent.by, verifyMail, []string{"code", w.code()}}
	}
}

// byResetMail chooses a new password by a mail's link.
func byResetMail(kind stytchtest.Vertical, more ...string) func(*flowWorld) step {
	return func(w *flowWorld) step {
		sent := asking(kind, "/auth/password/forgot", more...)(w)
		sent.by.posts(sent.target, sent.fields...).goes(w.t, "/auth/magic-link")
		return w.choosing(sent.by, w.mailed()["/auth/reset"])
	}
}

// choosing is at the page that a reset's link leads to.
func (w *flowWorld) choosing(b *browser, link string) step {
	page := b.gets(b.gets(link).location())
	return step{b, page.formIn(w.t), []string{"password", otherPassword}}
}

// byFirstLink chooses the first password of a member by a link that has no PKCE.
func byFirstLink(w *flowWorld) step {
	w.member(stytchtest.Member{})
	link := w.ada.Invite(w.app.URL + "/auth/reset").Link
	return w.choosing(w.browser(), strings.TrimPrefix(link, w.app.URL))
}

// byFreshSession chooses a new password right after signing in.
func byFreshSession(kind stytchtest.Vertical, more ...string) func(*flowWorld) step {
	return func(w *flowWorld) step {
		in := byPassword(kind, "/auth/password", more...)(w)
		in.by.posts(in.target, in.fields...).goes(w.t, "/documents")
		return step{in.by, "/auth/password/new", []string{"password", otherPassword, "return_to", "/documents"}}
	}
}

// waiting is a browser whose login waits for a second factor.
func (w *flowWorld) waiting(m stytchtest.Member) *browser {
	w.stytch.AddOrganization(stytchtest.Organization{Slug: "acme", MFARequired: true})
	m.Password = goodPassword
	w.member(m)
	b := w.browser()
	b.posts("/auth/password", "email", "ada@example.com", "password", goodPassword, "organization", "acme", "return_to", "/documents").goes(w.t, "/auth/mfa")
	return b
}

// second shows a second factor; the code may be known only then.
func second(m stytchtest.Member, method string, code func(w *flowWorld) string) func(*flowWorld) step {
	return func(w *flowWorld) step {
		b := w.waiting(m)
		fields := []string{"method", method}
		if code != nil {
			fields = append(fields, "code", code(w))
		}
		return step{b, "/auth/mfa", fields}
	}
}

// enrolling sets a second factor up first.
func enrolling(first []string, method string, code func(w *flowWorld) string) func(*flowWorld) step {
	return func(w *flowWorld) step {
		b := w.waiting(stytchtest.Member{})
		b.posts("/auth/mfa", first...)
		return step{b, "/auth/mfa", []string{"method", method, "code", code(w)}}
	}
}

func appCode(w *flowWorld) string { return w.ada.TOTP() }

func flows() []signInFlow {
	return slices.Concat(loginFlows(), stepUpFlows(), passkeyFlows())
}

func loginFlows() []signInFlow {
	const b2b, consumer = stytchtest.B2B, stytchtest.Consumer
	withApp, withPhone := stytchtest.Member{MFA: true}, stytchtest.Member{MFA: true, NoAuthenticator: true, Phone: "+15550100"}
	text := (*flowWorld).lastText
	return []signInFlow{
		{"B2B: password to an organization", b2b, stytchtest.AuthenticatePassword, byPassword(b2b, "/auth/password", "organization", "acme")},
		{"B2B: password by discovery", b2b, stytchtest.AuthenticateDiscoveryPassword, byPassword(b2b, "/auth/password")},
		{"B2B: password changed by the present one", b2b, stytchtest.ResetPasswordByExisting, byPassword(b2b, "/auth/password/change", "new_password", otherPassword, "organization", "acme")},
		{"B2B: reset asked for", b2b, stytchtest.StartPasswordReset, asking(b2b, "/auth/password/forgot", "organization", "acme")},
		{"B2B: reset asked for, by discovery", b2b, stytchtest.StartDiscoveryPasswordReset, asking(b2b, "/auth/password/forgot")},
		{"B2B: new password by mail", b2b, stytchtest.ResetPassword, byResetMail(b2b, "organization", "acme")},
		{"B2B: new password by mail, by discovery", b2b, stytchtest.ResetDiscoveryPassword, byResetMail(b2b)},
		{"B2B: first password by a link", b2b, stytchtest.ResetPasswordBySession, byFirstLink},
		{"B2B: new password by session", b2b, stytchtest.ResetPasswordBySession, byFreshSession(b2b, "organization", "acme")},
		{"B2B: e-mail code asked for", b2b, stytchtest.SendEmailCode, asking(b2b, "/auth/email-code", "organization", "acme")},
		{"B2B: e-mail code asked for, by discovery", b2b, stytchtest.SendDiscoveryEmailCode, asking(b2b, "/auth/email-code")},
		{"B2B: e-mail code", b2b, stytchtest.AuthenticateEmailCode, byMailedCode(b2b, "organization", "acme")},
		{"B2B: e-mail code, by discovery", b2b, stytchtest.AuthenticateDiscoveryEmailCode, byMailedCode(b2b)},
		{"B2B: second factor, app", b2b, stytchtest.AuthenticateTOTP, second(withApp, "totp", appCode)},
		{"B2B: second factor, SMS asked for", b2b, stytchtest.SendSMS, second(withPhone, "sms", nil)},
		{"B2B: second factor, SMS", b2b, stytchtest.AuthenticateSMS, second(withPhone, "sms", text)},
		{"B2B: second factor, recovery code", b2b, stytchtest.UseRecoveryCode, second(withApp, "recovery", func(w *flowWorld) string { return w.ada.RecoveryCodes()[0] })},
		{"B2B: enrolment, app set up", b2b, stytchtest.CreateTOTP, second(stytchtest.Member{}, "totp", nil)},
		{"B2B: enrolment, app", b2b, stytchtest.AuthenticateTOTP, enrolling([]string{"method", "totp"}, "totp", appCode)},
		{"B2B: enrolment, SMS asked for", b2b, stytchtest.SendSMS, func(w *flowWorld) step {
			return step{w.waiting(stytchtest.Member{}), "/auth/mfa", []string{"method", "sms", "phone", "+15550100"}}
		}},
		{"B2B: enrolment, SMS", b2b, stytchtest.AuthenticateSMS, enrolling([]string{"method", "sms", "phone", "+15550100"}, "sms", text)},

		{"consumer: password", consumer, stytchtest.AuthenticatePassword, byPassword(consumer, "/auth/password")},
		{"consumer: password changed by the present one", consumer, stytchtest.ResetPasswordByExisting, byPassword(consumer, "/auth/password/change", "new_password", otherPassword)},
		{"consumer: reset asked for", consumer, stytchtest.StartPasswordReset, asking(consumer, "/auth/password/forgot")},
		{"consumer: new password by mail", consumer, stytchtest.ResetPassword, byResetMail(consumer)},
		{"consumer: new password by session", consumer, stytchtest.ResetPasswordBySession, byFreshSession(consumer)},
		{"consumer: e-mail code asked for", consumer, stytchtest.SendEmailCode, asking(consumer, "/auth/email-code")},
		{"consumer: e-mail code", consumer, stytchtest.AuthenticateCode, byMailedCode(consumer)},
		{"consumer: SMS code asked for", consumer, stytchtest.SendSMS, func(w *flowWorld) step {
			return step{w.browser(), "/auth/sms-code", []string{"phone", "+15550100", "return_to", "/documents"}}
		}},
		{"consumer: SMS code", consumer, stytchtest.AuthenticateCode, func(w *flowWorld) step {
			b := w.browser()
			b.posts("/auth/sms-code", "phone", "+15550100", "return_to", "/documents").goes(w.t, "/auth/sms-code/verify")
			return step{b, "/auth/sms-code/verify", []string{"code", w.lastText()}}
		}},
	}
}
