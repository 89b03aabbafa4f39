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

// secure reports whether this browser's connection is taken for https.
func (v *visit) secure() bool {
	return strings.HasPrefix(v.cfg.Origin, "https:") || v.in.Secure(v.r.Host)
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
		c.Path = v.cfg.Prefix
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
		if _, err := v.r.Cookie(v.cookieName(name)); err == nil {
			v.cookies = append(v.cookies, v.deletion(name))
		}
	}
}

func (v *visit) deletion(name string) *http.Cookie {
	c := v.newCookie(name, "", 0)
	c.MaxAge = -1
	return c
}

// cookie is the value of one of the handler's own cookies; empty when there is none.
func (v *visit) cookie(name string) string {
	if c, err := v.r.Cookie(v.cookieName(name)); err == nil && len(c.Value) <= maxCookie {
		return c.Value
	}
	return ""
}

// ownCookies are the names, without prefixes, of those of the handler's own that the request presents.
func (v *visit) ownCookies() []string {
	var names []string
	for _, c := range v.r.Cookies() {
		if name, ok := strings.CutPrefix(c.Name, v.cookieName("")); ok {
			names = append(names, name)
		}
	}
	return names
}
