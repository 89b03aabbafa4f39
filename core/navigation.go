package stytchkit

import (
	"html"
	"net/url"
	"strconv"
	"strings"
)

// maxReturnTo bounds the path that travels to the login page and back.
const maxReturnTo = 2048

// isNavigation reports whether a browser shows the response to a person as a page:
// Sec-Fetch-Mode says so, or, where it is not sent, a GET or HEAD prefers HTML.
func isNavigation(r Request) bool {
	if mode := header(r, "Sec-Fetch-Mode"); mode != "" {
		return mode == "navigate"
	}
	return isRead(r.Method()) && prefersHTML(header(r, "Accept"))
}

func isRead(method string) bool { return method == "GET" || method == "HEAD" }

// prefersHTML reports whether an Accept header names HTML, and nothing of JSON with more weight.
func prefersHTML(accept string) bool {
	var page, data float64
	for part := range strings.SplitSeq(accept, ",") {
		kind, params, _ := strings.Cut(part, ";")
		q := quality(params)
		switch strings.ToLower(trimSpace(kind)) {
		case "text/html", "application/xhtml+xml":
			page = max(page, q)
		case "application/json", "application/problem+json":
			data = max(data, q)
		}
	}
	return page > 0 && page >= data
}

// quality reads the q parameter of a media range (RFC 9110 §12.4.2).
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(param, "=")
		if !strings.EqualFold(trimSpace(name), "q") {
			continue
		}
		if q, err := strconv.ParseFloat(trimSpace(value), 64); err == nil {
			return q
		}
		return 0
	}
	return 1
}

// loginLocation is the login page's URL with the reason and, for a request that can be repeated,
// where to return to.
func loginLocation(login string, r Request, code string) string {
	query := url.Values{"reason": {code}}
	if to := ReturnTo(returnTo(r.Target())); to != "" && isRead(r.Method()) {
		query.Set("return_to", to)
	}
	return addQuery(login, query)
}

// addQuery adds parameters to a URL, before its fragment.
func addQuery(raw string, query url.Values) string {
	if len(query) == 0 {
		return raw
	}
	base, fragment, hasFragment := strings.Cut(raw, "#")
	separator := "?"
	if strings.Contains(base, "?") {
		separator = "&"
	}
	location := base + separator + query.Encode()
	if hasFragment {
		location += "#" + fragment
	}
	return location
}

// isAt reports whether the request is for the login page itself, which must not be sent to itself.
func isAt(r Request, login string) bool {
	path, _, _ := strings.Cut(r.Target(), "?")
	loginPath, _, _ := strings.Cut(login, "?")
	loginPath, _, _ = strings.Cut(loginPath, "#")
	return path == loginPath
}

// returnTo is the request's own path and query without the parameters of a Stytch redirect, empty
// when it is no place to return to.
func returnTo(target string) string {
	if len(target) > maxReturnTo || !isLocalPath(target) {
		return ""
	}
	path, query, _ := strings.Cut(target, "?")
	var kept []string
	for param := range strings.SplitSeq(query, "&") {
		if param != "" && !isStytchParam(param) {
			kept = append(kept, param)
		}
	}
	if len(kept) == 0 {
		return path
	}
	return path + "?" + strings.Join(kept, "&")
}

// isStytchParam knows the parameters that carry a login's secret, in whatever encoding.
func isStytchParam(param string) bool {
	name, _, _ := strings.Cut(param, "=")
	decoded, err := url.QueryUnescape(name)
	return err != nil || decoded == "token" || decoded == "stytch_token_type"
}

// isLocalPath reports whether a browser resolves target to a path on the same origin: one leading
// slash, and nothing that the URL standard strips or reads as a slash.
func isLocalPath(target string) bool {
	if target == "" || target[0] != '/' || strings.HasPrefix(target, "//") {
		return false
	}
	return !strings.ContainsFunc(target, func(r rune) bool { return r == '\\' || r <= ' ' || r == 0x7f })
}

// defaultPage is a page of a few lines, light or dark as the browser is.
func defaultPage(d *Denial) []byte {
	title, detail := html.EscapeString(d.Title()), html.EscapeString(d.Detail())
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
</main>
</body>
</html>
`)
}
