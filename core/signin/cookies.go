package signin

import (
	"net/http"
	"strings"
	"time"
)

// The handler's own cookies, each with the prefix below. The session's are the core's.
const (
	cookieFlow    = "flow_"   // and an ID: a login that began here
	cookieToken   = "token"   // a login's token, out of the URL
	cookiePending = "pending" // what a login still needs; the application's pages read it
	cookieReset   = "reset"   // a password reset's token; likewise
	cookieCode    = "code"    // a login that waits for a code
	cookieBrowser = "browser" // which one it is that a passkey or a password was asked for in

	cookiePrefix = "stytchkit_"
	hostPrefix   = "__Host-"
)

// How long they live: a magic link's hour, and Stytch's ten minutes for an intermediate session.
const (
	flowLife  = time.Hour
	shortLife = 10 * time.Minute
)

// maxCookie bounds a value: browsers drop a cookie of more than 4096 bytes with its attributes.
const maxCookie = 3 << 10

// maxFlowsRead bounds what is looked at, and so what is deleted: with the five other cookies, and
// the session's own three, at most 16.
const maxFlowsRead = 8

// secure reports whether this browser's connection is taken for https.
func (v *visit) secure() bool {
	return v.cfg.own.IsHTTPS() || v.in.Secure(v.r.Host)
}

// cookieName is the full name: with Secure, one that no other host of the domain can set, so that
// nobody can plant a login begun elsewhere (RFC 6265bis §4.1.3.2).
func (v *visit) cookieName(name string) string {
	if v.secure() {
		return hostPrefix + cookiePrefix + name
	}
	return cookiePrefix + name
}

func (v *visit) newCookie(name, value string, life time.Duration) *http.Cookie {
	c := &http.Cookie{
		Name: v.cookieName(name), Value: value, MaxAge: int(life / time.Second),
		Path: "/", HttpOnly: true, Secure: v.secure(), SameSite: http.SameSiteLaxMode,
	}
	if !c.Secure && name != cookiePending && name != cookieReset {
		c.Path = v.cfg.own.Outside(v.cfg.Prefix)
	}
	return c
}

// keep sets one of the handler's own cookies.
func (v *visit) keep(name, value string, life time.Duration) {
	v.cookies = append(v.cookies, v.newCookie(name, value, life))
}

// drop removes those of these cookies that the request presents.
func (v *visit) drop(names ...string) {
	for _, name := range names {
		if _, ok := v.ownCookies()[name]; ok {
			v.cookies = append(v.cookies, v.deletion(name))
		}
	}
}

// deletion has an Expires as well: some middleware loses a Max-Age of 0.
func (v *visit) deletion(name string) *http.Cookie {
	c := v.newCookie(name, "", 0)
	c.MaxAge, c.Expires = -1, time.Unix(0, 0)
	return c
}

// cookie is the value of one of the handler's own cookies; empty when there is none.
func (v *visit) cookie(name string) string { return v.ownCookies()[name] }

// ownCookies are the handler's own cookies that the request presents, by their names without
// prefixes. They are read once, and no more of them than a browser can have come by.
func (v *visit) ownCookies() map[string]string {
	if v.own == nil {
		v.own = readOwn(v.r.Header["Cookie"], v.cookieName(""))
	}
	return v.own
}

// readOwn reads Cookie lines as net/http does: of a name that occurs twice the first counts.
func readOwn(lines []string, prefix string) map[string]string {
	own := map[string]string{}
	flows := 0
	for _, line := range lines {
		for pair := range strings.SplitSeq(line, ";") {
			name, value, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
			name, ok := strings.CutPrefix(name, prefix)
			isFlow := strings.HasPrefix(name, cookieFlow)
			if !ok || !isFlow && !isOwn(name) {
				continue
			}
			if _, seen := own[name]; seen || isFlow && flows == maxFlowsRead || len(value) > maxCookie {
				continue
			}
			if isFlow {
				flows++
			}
			own[strings.Clone(name)] = strings.Clone(value)
		}
	}
	return own
}

func isOwn(name string) bool {
	switch name {
	case cookieToken, cookiePending, cookieReset, cookieCode, cookieBrowser:
		return true
	}
	return false
}
