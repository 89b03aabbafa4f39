package stytchkit

import "html"

// defaultPage is a page of a few lines, light or dark as the browser is.
func defaultPage(d *Denial) []byte {
	title, detail := html.EscapeString(d.Title()), html.EscapeString(d.Detail())
	var signOut string
	if d.LogoutURL != "" {
		signOut = `<p><a href="` + html.EscapeString(d.LogoutURL) + `">Sign out</a></p>
`
	}
	return []byte(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>` + title + `</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem}</style>
</head>
<body>
<main>
<h1>` + title + `</h1>
<p>` + detail + `</p>
` + signOut + `</main>
</body>
</html>
`)
}
