package stytchkit

import (
	"html"
	"net/http"

	"github.com/stytchkit/stytchkit/core/internal/look"
	"github.com/stytchkit/stytchkit/core/internal/navigation"
)

// leadOn makes a denial of a person's: one that sends them on, or a page.
func (a *Authenticator) leadOn(r Request, d *Denial, why *refusal, bearer bool) {
	if to := a.signsInAt(r, d, why); to != "" {
		d.Status, d.Body = http.StatusSeeOther, nil
		d.Header.Del("Content-Type")
		d.Header.Set("Location", navigation.LoginLocation(to, r, why.code, a.cfg.own))
		return
	}
	if why.code == CodeInvalidRequest && !bearer {
		d.LogoutURL = a.logoutURL()
	}
	if why.code == CodeOrganization {
		d.SwitchURL = a.switchURL(r)
	}
	d.Header.Set("Content-Type", "text/html; charset=utf-8")
	d.Body = a.page(d)
}

// signsInAt is the page where a person mends a denial by signing in, or by proving once more who they
// are; empty where there is none, or this is it.
func (a *Authenticator) signsInAt(r Request, d *Denial, why *refusal) string {
	switch {
	case d.Status != http.StatusUnauthorized || why.isOfToken():
	case d.StepUpURL != "" && !a.isStepUpPage(r):
		return d.StepUpURL
	case d.StepUpURL == "" && a.cfg.LoginURL != "" && !a.isLoginPage(r):
		return a.cfg.LoginURL
	}
	return ""
}

// switchURL is where core/signin lets a person choose another organization; empty where it is not.
func (a *Authenticator) switchURL(r Request) string {
	prefix := a.mounted.Load()
	if prefix == nil || a.cfg.Vertical == Consumer {
		return ""
	}
	return navigation.LoginLocation(a.cfg.own.Outside(*prefix+"/organizations"), r, CodeOrganization, a.cfg.own)
}

// defaultPage says what is wrong in a few lines, and leads on where something helps.
func defaultPage(d *Denial) []byte { return pageOf(d.Title(), d.Detail(), d.nextStep()) }

// pageOf is a page with HTML at its end.
func pageOf(title, detail, next string) []byte {
	title = html.EscapeString(title)
	return []byte(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>` + title + `</title>
<style>` + look.Style + `</style>
</head>
<body>
<main>
<h1>` + title + `</h1>
<p>` + html.EscapeString(detail) + `</p>
` + next + `</main>
</body>
</html>
`)
}

// nextStep is a link that helps; empty where none does.
func (d *Denial) nextStep() string {
	link := func(to, text string) string {
		return `<p><a class="button" href="` + html.EscapeString(to) + `">` + text + "</a></p>\n"
	}
	switch {
	case d.LogoutURL != "":
		return link(d.LogoutURL, "Sign out")
	case d.SwitchURL != "":
		return link(d.SwitchURL, "Switch organization")
	case d.Status == http.StatusServiceUnavailable:
		return link("", "Try again")
	}
	return ""
}
