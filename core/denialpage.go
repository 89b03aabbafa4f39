package stytchkit

import (
	"html"
	"net/http"

	"github.com/stytchkit/stytchkit/core/internal/look"
	"github.com/stytchkit/stytchkit/core/internal/navigation"
)

// switchURL is where core/signin lets a person choose another organization; empty where it is not.
func (a *Authenticator) switchURL(r Request) string {
	prefix := a.mounted.Load()
	if prefix == nil || a.cfg.Vertical == Consumer {
		return ""
	}
	return navigation.LoginLocation(a.cfg.own.Path+*prefix+"/organizations", r, CodeOrganization)
}

// defaultPage says what is wrong in a few lines, and leads on where something helps.
func defaultPage(d *Denial) []byte {
	title := html.EscapeString(d.Title())
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
<p>` + html.EscapeString(d.Detail()) + `</p>
` + d.nextStep() + `</main>
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
