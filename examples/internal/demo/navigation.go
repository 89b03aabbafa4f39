package demo

import (
	"net/url"
	"strings"
)

// afterSignIn is where a sign-in leads that does not say where to.
const afterSignIn = "/profile"

// ReturnTo is where a sign-in leads: the path it was asked to return to when that is one of this
// origin, and the profile otherwise. A link from elsewhere must not send a member to another site.
func ReturnTo(asked string) string {
	if isLocalPath(asked) {
		return asked
	}
	return afterSignIn
}

// isLocalPath reports whether a browser resolves target to a path on the same origin: browsers read
// a backslash as a slash, and drop tabs and line ends.
func isLocalPath(target string) bool {
	if len(target) > 2048 || !strings.HasPrefix(target, "/") || strings.HasPrefix(target, "//") {
		return false
	}
	if strings.ContainsFunc(target, func(r rune) bool { return r == '\\' || r <= ' ' || r == 0x7f }) {
		return false
	}
	u, err := url.Parse(target)
	return err == nil && u.Scheme == "" && u.Host == ""
}

// IsNavigation reports whether a browser shows the response to a person: what sends a form wants a
// page, what calls an API wants a status. header gives the first value of a request header.
func IsNavigation(header func(name string) string) bool {
	if mode := header("Sec-Fetch-Mode"); mode != "" {
		return mode == "navigate"
	}
	return strings.Contains(header("Accept"), "text/html")
}
