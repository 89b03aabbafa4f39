package origin

import (
	"slices"
	"strings"
)

// Request is what must be known of one to tell who made it.
type Request interface {
	Method() string
	Host() string
	Header(name string, i int) (value string, ok bool)
}

// IsCross reports whether another origin's page made this request, by the rules of
// net/http.CrossOriginProtection: Sec-Fetch-Site where the browser sends it, else Origin against
// Host and the application's own, else no browser made it. Origins are compared without regard to
// case and default ports; those trusted are as [ParseTrusted] writes them. A WebSocket upgrade is a GET,
// and counts as unsafe.
func IsCross(r Request, own Own, trusted []string) bool {
	if isSafeMethod(r.Method()) && !isWebSocket(r) {
		return false
	}
	origin, _ := r.Header("Origin", 0)
	site, _ := r.Header("Sec-Fetch-Site", 0)
	switch site {
	case "same-origin", "none":
		return false
	case "":
		if origin == "" || sameHost(origin, r.Host()) {
			return false
		}
	}
	normal, ok := Normal(origin)
	isOwn := site == "" && normal == own.Of(r.Host())
	return !ok || !isOwn && !IsTrusted(normal, trusted)
}

// IsTrusted reports whether an origin, as [Normal] writes it, is one of those trusted.
func IsTrusted(origin string, trusted []string) bool {
	return slices.ContainsFunc(trusted, func(pattern string) bool { return Matches(pattern, origin) })
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
