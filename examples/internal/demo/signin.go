package demo

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
)

// SignIn is the configuration of core/signin, which serves everything under /auth. Its pages have the
// demo's look.
func (app *App) SignIn() signin.Config {
	return signin.Config{
		PublicToken:         app.publicToken(),
		Providers:           providerNames(),
		AfterLogin:          afterSignIn,
		CreateOrganizations: app.Vertical() == stytchkit.B2B, // it is a demo: whoever has an address may try it
		AfterLogout:         "/",
		AccountPage:         true,
		Pages:               signin.Pages{Render: app.renderStep, Policy: app.stepPolicy()},
	}
}

// stepPolicy lets the forms of core/signin's pages lead to the hosts of other organizations as well.
func (app *App) stepPolicy() string {
	if !app.env.hasTenants() {
		return contentPolicy
	}
	return strings.Replace(contentPolicy, "form-action 'self'", "form-action 'self' "+app.env.Origin, 1)
}

// SignsIn reports whether the demo signs people in itself, by core/signin. Otherwise a frontend of its own
// does, or Stytch's domain.
func (app *App) SignsIn() bool { return app.env.Cookies.Owner == stytchkit.Backend }

func (app *App) logoutURL() string {
	if app.SignsIn() {
		return "/auth/logout"
	}
	return "/api/logout"
}

func (app *App) publicToken() string {
	if app.Sandbox != nil {
		return app.Sandbox.PublicToken()
	}
	return app.env.PublicToken
}

// provider is an OAuth provider of the sign-in page.
type provider struct{ Name, Label string }

func providers() []provider {
	return []provider{{"google", "Google"}, {"microsoft", "Microsoft"}, {"github", "GitHub"}}
}

func providerNames() []string {
	var names []string
	for _, p := range providers() {
		names = append(names, p.Name)
	}
	return names
}

// renderStep writes a page of core/signin: see signin's Config.Pages. Forms for secrets are the default
// ones.
func (app *App) renderStep(w io.Writer, _ *http.Request, p *signin.Page) error {
	switch p.Name {
	case signin.PageConfirm, signin.PageContinue, signin.PageOrganizations, signin.PageMail, signin.PageLogout, signin.PageNotice:
	default:
		return signin.ErrDefaultPage
	}
	_, err := w.Write(app.pages.render("step", page{Title: p.Title, Content: struct {
		*signin.Page
		Mailbox bool // the mail is here, in the sandbox
	}{p, app.Sandbox != nil}}))
	return err
}

// LoginPage lets a member sign in. query gives a parameter of the page's query, which anybody may have
// written: return_to, reason (a code of the kit's denials or of core/signin), and organization, whose
// single sign-on is wanted.
func (app *App) LoginPage(query func(name string) string) []byte {
	if !app.SignsIn() {
		return app.pages.render("frontend", page{Title: "Sign in", Path: "/login", Content: app.env.Frontend})
	}
	returnTo := app.ReturnTo(query("return_to"))
	content := struct {
		Consumer  bool
		Notice    string
		ReturnTo  string
		Providers []Link
		Sandbox   bool
		Members   members
		SSO       *Link  // to the organization's identity provider, once it is known which
		Stytch    string // what the demo talks to
		Foreign   bool   // it is a stand-in in another process
	}{
		Consumer: app.Vertical() == stytchkit.Consumer,
		Notice:   noticeOf(query("reason")),
		ReturnTo: returnTo,
		Sandbox:  app.Sandbox != nil,
		Stytch:   app.stytch(),
		Foreign:  app.foreignSandbox(),
	}
	if app.publicToken() != "" {
		content.Providers = providerLinks(returnTo)
		content.SSO = ssoLink(query("organization"), returnTo)
	}
	if app.Sandbox != nil {
		content.Members = membersOf(app.Sandbox, "/sandbox", returnTo)
	}
	return app.pages.render("login", page{Title: "Sign in", Path: "/login", Content: content})
}

// providerLinks are links and no forms: a policy with form-action 'self' stops a form whose answer
// redirects to another origin, in Chromium at every redirect.
func providerLinks(returnTo string) []Link {
	var links []Link
	for _, p := range providers() {
		links = append(links, Link{"/auth/oauth/" + p.Name + "?" + url.Values{"return_to": {returnTo}}.Encode(), "Continue with " + p.Label})
	}
	return links
}

func ssoLink(organization, returnTo string) *Link {
	if organization == "" {
		return nil
	}
	return &Link{"/auth/sso?" + url.Values{"organization": {organization}, "return_to": {returnTo}}.Encode(), "Continue to " + organization}
}

// noticeOf says why a navigation was sent to the sign-in page; nothing for a reason that nobody gives.
func noticeOf(reason string) string {
	switch reason {
	case stytchkit.CodeSessionMissing:
		return "Sign in to see that page."
	case stytchkit.CodeSessionEnded:
		return "Your session has ended. Sign in again to go on."
	case stytchkit.CodeSessionInvalid:
		return "That session is not valid. Sign in again to go on."
	case stytchkit.CodeReauthentication:
		return "That page needs a recent sign-in. Confirm that it is you."
	}
	return signin.Message(reason)
}
