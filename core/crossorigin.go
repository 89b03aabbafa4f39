package stytchkit

import (
	"net/url"
	"slices"
	"strings"
)

// CrossOrigin reports whether a page of another origin, and of none in Config.TrustedOrigins, made
// this unsafe request, by the rules that guards apply to session cookies. It is for what an
// application answers without a guard, such as its own sign-in form.
func (a *Authenticator) CrossOrigin(r Request) bool { return crossOrigin(r, a.cfg.TrustedOrigins) }

// crossOrigin reports whether another origin's page made this request, by the rules of
// net/http.CrossOriginProtection: Sec-Fetch-Site where the browser sends it, else Origin against
// Host, else no browser made it. Origins are compared without regard to case and default ports.
// A WebSocket upgrade is a GET, and counts as unsafe.
func crossOrigin(r Request, trusted []string) bool {
	if isSafeMethod(r.Method()) && !isWebSocket(r) {
		return false
	}
	origin := header(r, "Origin")
	switch header(r, "Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
		if origin == "" || sameHost(origin, r.Host()) {
			return false
		}
	}
	normal, ok := normalOrigin(origin)
	return !ok || !slices.Contains(trusted, normal)
}

// isSafeMethod knows the methods that change nothing, as net/http.CrossOriginProtection does.
func isSafeMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "OPTIONS"
}

func isWebSocket(r Request) bool {
	for i := 0; ; i++ {
		value, ok := r.Header("Upgrade", i)
		if !ok {
			return false
		}
		if containsFold(value, "websocket") {
			return true
		}
	}
}

func containsFold(s, sub string) bool {
	for i := 0; i+len(sub) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(sub)], sub) {
			return true
		}
	}
	return false
}

// sameHost compares the host of an origin with a Host header.
func sameHost(origin, host string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	return normalHost(u.Scheme, u.Host) == normalHost(u.Scheme, host)
}

// normalOrigin is an origin in the form that browsers send: scheme and host in lower case, no
// default port (RFC 6454 §6).
func normalOrigin(origin string) (string, bool) {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.Opaque != "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.ForceQuery || strings.Contains(origin, "#") {
		return "", false
	}
	scheme := strings.ToLower(u.Scheme)
	if scheme == "" {
		return "", false
	}
	return scheme + "://" + normalHost(scheme, u.Host), true
}

func normalHost(scheme, host string) string {
	host = strings.ToLower(host)
	switch strings.ToLower(scheme) {
	case "https":
		return strings.TrimSuffix(host, ":443")
	case "http":
		return strings.TrimSuffix(host, ":80")
	}
	return host
}
