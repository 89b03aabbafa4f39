package signin

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/look"
)

// Pages replaces the pages that browsers are shown.
type Pages struct {
	// Render writes a page; with an error or a panic, the default page is shown. With html/template
	// and a template for each name it is
	//
	//	func(w io.Writer, _ *http.Request, p *signin.Page) error { return templates.ExecuteTemplate(w, p.Name, p) }
	//
	// [ErrDefaultPage] leaves a page to the default without a word. It is called concurrently.
	// Default: small pages.
	Render func(w io.Writer, r *http.Request, p *Page) error
	// Policy is the Content-Security-Policy of what Render writes. Forms that lead to another
	// origin need that origin in form-action. Default: base-uri 'none'; object-src 'none';
	// frame-ancestors 'none'.
	Policy string
}

// ErrDefaultPage is what [Pages].Render returns of a page that it leaves to the default.
var ErrDefaultPage = errors.New("signin: the default page is wanted")

// The names of the pages.
const (
	PageConfirm       = "confirm"       // asks before a login that did not begin in this browser
	PageContinue      = "continue"      // asks before a login that another site's page begins
	PageOrganizations = "organizations" // lists organizations, and has a form to found one
	PageMail          = "mail"          // says that a magic link may be on its way
	PageLogout        = "logout"        // asks before signing out
	PageNotice        = "notice"        // says what went wrong
	PagePassword      = "password"      // asks for an address and a password
	PageReset         = "reset"         // asks for a new password
	PageChange        = "change"        // asks for the present password and a new one
	PageSecond        = "second"        // asks for a second factor, or sets one up
	PageSendCode      = "sendcode"      // asks where to send a one-time code
	PageCode          = "code"          // asks for the code
	PagePasskey       = "passkey"       // signs in with a passkey
	PagePasskeys      = "passkeys"      // lists passkeys, and adds one
	PageAccount       = "account"       // shows what somebody signs in with, and changes it
	PageStepUp        = "step-up"       // asks whoever is signed in to prove it once more
)

// Page is what a page shows. Its text may come from anybody: escape it, as html/template does.
type Page struct {
	Name     string // one of the constants above
	Status   int    // of the response
	Title    string
	Detail   string
	Reason   string // why, for the notice and the organizations; empty: none
	Action   string // where the page's form posts to, bound to what the page is about; for "continue" where its link leads
	LoginURL string
	Retry    bool // the notice is about something that may work when the page is loaded again

	// Of the organizations. A form posts organization_id, or organization_name and, if wanted,
	// organization_slug, with return_to.
	Email         string
	Organizations []Choice
	CanCreate     bool
	ReturnTo      string
	SignedIn      bool   // who looks is signed in already, and switches
	BackURL       string // for who wants none of them: back to where they were, or to the login page

	// Of the password, whose form posts email, password, organization and return_to, and to ForgotURL
	// the same without the password; of the change, which posts new_password as well; and of the reset, which
	// posts password and return_to.
	Organization string
	ForgotURL    string
	Advice       []string // what would make a better password

	// Of a one-time code. The form that asks where to send it posts email or phone, as Field says, with
	// organization and return_to. The one that asks for the code posts code, and to SendURL, for a new
	// code, the same as the first.
	Field   string
	Phone   string
	SendURL string

	// Of the second factor. Its forms post method, which is totp, sms or recovery, with code; sms without a
	// code sends one, with phone where the member enrols, and totp without a code sets an app up.
	Second *Second

	// Of the step-up. Its forms post return_to and method, which is password with password, totp, sms or email
	// with code, or link; sms and email without a code send one.
	StepUp *StepUp

	// Of the account. Its forms post change, which is one of Account.Changes, with code, or with phone and code:
	// add_totp without a code sets an app up, and add_phone without one sends it.
	Account *Account

	// Of passkeys, whose forms are sent by the module at ScriptURL: it posts a form to OptionsURL, asks the
	// browser, and then posts the form with credential and ceremony to Action, beside return_to for a login and
	// name for a new one. The list posts passkey to RemoveURL, and with name to NameURL. The URLs are empty where
	// this origin cannot have passkeys, as at an IP address.
	// The page of the password has a second form for them, to PasskeyURL.
	ScriptURL  string
	OptionsURL string
	PasskeyURL string
	Passkeys   []Passkey
	NameURL    string
	RemoveURL  string
}

// pages are the pages, ready to be shown.
type pages struct {
	custom        Pages
	builtin       *template.Template
	builtinPolicy string
}

const customPolicy = "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// scriptPolicy is what a page with the module for passkeys needs beside.
const scriptPolicy = "; script-src 'self'; connect-src 'self'"

func newPages(cfg *Config) pages {
	sum := sha256.Sum256([]byte(look.Style + look.Forms))
	formAction := strings.Join(append([]string{"'self'"}, cfg.otherOrigins()...), " ")
	p := pages{
		custom:  cfg.Pages,
		builtin: template.Must(template.New("page").Parse(markup + passwordMarkup + secondMarkup + codeMarkup + stepUpMarkup + passkeyMarkup + accountMarkup)),
		builtinPolicy: fmt.Sprintf("default-src 'none'; img-src data:; style-src 'sha256-%s'; form-action %s; base-uri 'none'; frame-ancestors 'none'",
			base64.StdEncoding.EncodeToString(sum[:]), formAction),
	}
	fill(&p.custom.Policy, customPolicy)
	return p
}

// show answers with a page.
func (v *visit) show(p Page) {
	p.LoginURL = v.cfg.LoginURL
	policy := v.pages.custom.Policy
	body, ok := v.render(&p)
	if !ok {
		policy = v.pages.builtinPolicy
		if p.ScriptURL != "" {
			policy += scriptPolicy
		}
		body = v.builtin(&p)
	}
	v.w.Header().Set("Content-Security-Policy", policy)
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.commit(p.Status)
	if v.r.Method != http.MethodHead {
		_, _ = v.w.Write(body) // a client that is gone needs no answer
	}
}

// render is the application's own page, if it has one that works.
func (v *visit) render(p *Page) (body []byte, ok bool) {
	if v.pages.custom.Render == nil {
		return nil, false
	}
	defer func() {
		if caught := recover(); caught != nil {
			v.said.Log(slog.LevelError, "panicked at "+p.Name, "signin: Config.Pages.Render panicked", "page", p.Name, "panic", caught)
			body, ok = nil, false
		}
	}()
	var out bytes.Buffer
	err := v.pages.custom.Render(&out, v.r, p)
	if errors.Is(err, ErrDefaultPage) {
		return nil, false
	}
	if err != nil {
		v.said.Log(slog.LevelError, "failed at "+p.Name, "signin: Config.Pages.Render failed", "page", p.Name, "error", err)
		return nil, false
	}
	return out.Bytes(), true
}

func (v *visit) builtin(p *Page) []byte {
	var out bytes.Buffer
	if err := v.pages.builtin.Execute(&out, p); err != nil {
		v.said.Error("signin: a page cannot be rendered", "page", p.Name, "error", err)
	}
	return out.Bytes()
}
