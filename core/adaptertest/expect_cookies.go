package adaptertest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// untouched wants no Set-Cookie at all.
func (a *answer) untouched() *answer {
	a.stage.t.Helper()
	return a.sets()
}

// Attributes of the cookies of a backend at app.example.com.
const (
	gone       = "; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0"
	attributes = "; HttpOnly; Secure; SameSite=Lax"
	deleted    = "=" + gone + attributes
)

// cleared wants the session's cookies to be deleted.
func (a *answer) cleared() {
	a.stage.t.Helper()
	a.sets("stytch_session"+deleted, "stytch_session_jwt"+deleted).isPrivate()
}

// signedOut are the lines that a sign-out sets: each cookie is deleted, also where a subdomain may have set
// it for a domain that the host is in.
func signedOut() (lines []string) {
	for _, domain := range []string{"", "; Domain=app.example.com", "; Domain=example.com"} {
		for _, name := range []string{"stytch_session", "stytch_session_jwt", "stytch_intermediate_session_token"} {
			lines = append(lines, strings.Replace(name+deleted, "; Path=/", "; Path=/"+domain, 1))
		}
	}
	return lines
}

// refreshed wants the person's session cookies, with a JWT of now, and these other lines.
func (a *answer) refreshed(p person, others ...string) *answer {
	a.stage.t.Helper()
	return a.sets(append(a.sessionLines(p), others...)...).isPrivate()
}

// sessionLines are the Set-Cookie lines of a session, byte for byte.
func (a *answer) sessionLines(p person) []string {
	until := "; Path=/; Expires=" + p.ExpiresAt().UTC().Format(http.TimeFormat) + attributes
	return []string{tokenPair(p.Token) + until, jwtPair(p.jwt) + until}
}

// sets wants these Set-Cookie lines, byte for byte and in this order.
func (a *answer) sets(lines ...string) *answer {
	a.stage.t.Helper()
	if got := a.header.Values("Set-Cookie"); !slices.Equal(got, lines) {
		a.fail(fmt.Sprintf("Set-Cookie %q", lines), "%q", got)
	}
	return a
}

// setsBeside wants the person's refreshed cookies beside a handler's own cookie, which each framework
// spells its own way.
func (a *answer) setsBeside(own string, p person) *answer {
	a.stage.t.Helper()
	lines := a.header.Values("Set-Cookie")
	others := slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return strings.HasPrefix(line, own+";") })
	if len(lines) != 3 || !slices.Equal(others, a.sessionLines(p)) {
		a.fail(fmt.Sprintf("Set-Cookie %q beside %q", a.sessionLines(p), own), "%q", lines)
	}
	return a.isPrivate()
}

// isPrivateUnguarded is isPrivate where no guard stands before, and the handler said otherwise after
// it had saved or ended a session.
func (a *answer) isPrivateUnguarded(handlers string) {
	a.stage.t.Helper()
	a.excepted = "Cache-Control"
	if a.stage.can(PrivateUnguarded) {
		a.isPrivate()
		return
	}
	a.hasHeader("Cache-Control", handlers).hasHeader("Vary", "Cookie, Authorization")
}

// isPrivate wants what a response that sets session cookies has to say to caches.
func (a *answer) isPrivate() *answer {
	a.stage.t.Helper()
	return a.hasHeader("Cache-Control", "private, no-store").hasHeader("Vary", "Cookie, Authorization")
}
