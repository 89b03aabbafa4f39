package navigation

import (
	"net/url"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/origin"
)

// LoginLocation is the login page's URL with the reason and, for a request that can be repeated,
// where to return to, as browsers see that.
func LoginLocation(login string, r Request, reason string, own origin.Own) string {
	query := url.Values{"reason": {reason}}
	if to := ReturnTo(own.Outside(ownPlace(r.Target()))); to != "" && IsRead(r.Method()) {
		query.Set("return_to", to)
	}
	return AddQuery(login, query)
}

// AddQuery adds parameters to a URL, before its fragment.
func AddQuery(raw string, query url.Values) string {
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

// IsAt reports whether the request is for the login page itself, which must not be sent to itself.
func IsAt(r Request, login string, own origin.Own) bool {
	u, err := url.Parse(login)
	if err != nil || u.Host != "" && !own.IsAt(u, r.Host()) {
		return false
	}
	page := u.EscapedPath()
	if page == "" {
		page = "/"
	}
	path, _, _ := strings.Cut(r.Target(), "?")
	inside, isOwn := own.Inside(page)
	return isOwn && path == inside
}

// IsPageURL accepts a path on the same origin, and an absolute http(s) URL.
func IsPageURL(raw string) bool {
	if isLocalPath(raw) {
		return true
	}
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

// ownPlace is a request's own path and query without the parameters of a Stytch redirect, empty
// when it is no place to return to.
func ownPlace(target string) string {
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
