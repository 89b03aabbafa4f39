package adaptertest

import (
	"net/http"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// signOutCases are about the adapter's ServeSignOut, which is a whole route.
func signOutCases() []testCase {
	return []testCase{
		{"C84 whose sessions contradict each other signs out of all of them, and is known again", func(s *stage) {
			s.serve(s.leaving(s.auth))
			alice, carol := s.person("alice"), s.person("carol")
			both := cookies(jwtPair(alice.jwt), jwtPair(carol.jwt))
			s.send(get("/me", both)).denied("invalid_request").untouched()
			s.send(post("/logout", both)).isSignedOut(http.StatusNoContent).sets(signedOut()...)
			s.send(get("/me", both)).denied("session_ended").untouched()
			s.send(get("/me", bearer(alice.jwt))).denied("session_ended")
			s.send(get("/me", bearer(carol.jwt))).denied("session_ended")
			s.send(get("/me", s.person("eve").live())).of("eve")
		}},
		{"C85 an optional guard in front of everything leaves that way open, and no other", func(s *stage) {
			s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.LogoutURL = "/logout" })
			s.serve(s.leaving(s.auth, s.optional()))
			alice, carol := s.person("alice"), s.person("carol")
			both := cookies(jwtPair(alice.jwt), jwtPair(carol.jwt))
			s.send(post("/other", both)).denied("invalid_request").untouched()
			s.send(post("/logout?page=1", bearer(alice.jwt), bearer(carol.jwt))).denied("invalid_request").untouched()
			s.send(get("/me", alice.live())).of("alice")
			s.send(post("/logout?page=1", both)).isSignedOut(http.StatusNoContent).sets(signedOut()...)
			s.send(get("/me", alice.live())).denied("session_ended").untouched()
			s.send(post("/logout", alice.stale())).isSignedOut(http.StatusNoContent).sets(signedOut()...)
		}},
		{"C85 a guard that wants a session leaves it open to nobody", func(s *stage) {
			s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.LogoutURL = "/logout" })
			s.serve(s.leaving(s.auth, s.required()))
			s.send(post("/logout", cookies(jwtPair(s.person("alice").jwt), jwtPair(s.person("carol").jwt)))).denied("invalid_request").untouched()
			s.send(post("/logout")).denied("session_missing").untouched()
		}},
		{"C86 another origin's page signs nobody out, and a bearer touches no cookies", func(s *stage) {
			s.serve(s.leaving(s.auth))
			alice := s.person("alice")
			for _, line := range []string{"Origin: https://other.example", "Sec-Fetch-Site: cross-site"} {
				s.send(post("/logout", alice.live(), line)).denied("cross_origin").untouched()
				s.send(post("/logout", line)).denied("cross_origin").untouched()
				s.send(post("/logout", alice.live(), line, navigation)).deniedAsPage("cross_origin", "Cross-origin request refused").untouched()
			}
			s.send(get("/me", alice.live())).of("alice")
			s.send(post("/logout", bearer(alice.jwt), "Origin: https://other.example")).isSignedOut(http.StatusNoContent).untouched()
			s.send(get("/me", alice.live())).denied("session_ended").untouched()
			s.send(post("/logout")).isSignedOut(http.StatusNoContent).sets(signedOut()...)
		}},
		{"C86 nothing but a POST signs out; whoever follows a link is asked", func(s *stage) {
			s.serve(s.leaving(s.auth))
			alice := s.person("alice")
			s.send(get("/logout", alice.live())).asksBeforeSigningOut(false)
			s.send(get("/logout", alice.live()).by(http.MethodPut)).asksBeforeSigningOut(false)
			s.send(get("/logout", alice.live(), navigation)).asksBeforeSigningOut(true)
			s.send(get("/me", alice.live())).of("alice")
		}},
		{"C87 a browser that shows the answer goes to the login page, or is told", func(s *stage) {
			s.serve(s.leaving(s.auth))
			page := s.send(post("/logout", s.person("alice").live(), navigation)).isSignedOut(http.StatusOK).sets(signedOut()...)
			page.hasHeader("Content-Type", "text/html; charset=utf-8")
			if !strings.Contains(page.text, "<h1>You are signed out</h1>") {
				page.fail("a page that says so", "%q", page.text)
			}
			s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.LoginURL = "/login?from=here" })
			s.serve(s.leaving(s.auth))
			s.send(post("/logout", s.person("carol").live(), navigation)).isSignedOut(http.StatusSeeOther).hasHeader("Location", "/login?from=here").sets(signedOut()...)
		}},
		{"C87 signing out while Stytch cannot revoke is accepted, and clears the cookies", func(s *stage) {
			s.serve(s.leaving(s.auth))
			alice := s.person("alice")
			s.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: http.StatusInternalServerError})
			s.send(post("/logout", alice.live())).isSignedOut(http.StatusAccepted).sets(signedOut()...)
			s.send(get("/me", bearer(alice.jwt))).denied("session_ended")
		}},
		{"C88 a sign-out deletes the cookies of the host alone, too, that others are beside", func(s *stage) {
			s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) {
				c.Cookies.Owner, c.Cookies.Domain = stytchkit.BrowserSDK, domain
			})
			s.serve(s.leaving(s.auth))
			var lines []string
			for _, of := range []string{"; Domain=" + domain, "", "; Domain=" + host} {
				for _, name := range []string{"stytch_session", "stytch_session_jwt", "stytch_intermediate_session_token"} {
					lines = append(lines, name+"=; Path=/"+of+strings.TrimPrefix(gone, "; Path=/")+"; Secure; SameSite=Lax")
				}
			}
			s.send(post("/logout", s.person("alice").live())).isSignedOut(http.StatusNoContent).sets(lines...)
		}},
	}
}

// leaving has a page for who is signed in, and this one's sign-out, behind these guards.
func (s *stage) leaving(auth *stytchkit.Authenticator, guards ...Guard) App {
	return App{Guards: guards, Routes: []Route{
		{Method: http.MethodGet, Path: "/me", Guards: []Guard{{Auth: auth}}, Handler: s.me},
		{Path: "/logout", SignOut: auth},
		{Path: "/other", Handler: s.me},
	}}
}

// isSignedOut wants an answer of ServeSignOut with this status, that no cache keeps.
func (a *answer) isSignedOut(status int) *answer {
	a.stage.t.Helper()
	a.isOfSignOut(status).hasHeader("Cache-Control", "private, no-store")
	if status != http.StatusOK {
		a.hasText("").hasHeader("Content-Type", "")
	}
	return a
}

// asksBeforeSigningOut wants the refusal of another method than POST, as a page with a button or not.
func (a *answer) asksBeforeSigningOut(page bool) {
	a.stage.t.Helper()
	a.isOfSignOut(http.StatusMethodNotAllowed).hasHeader("Allow", "POST").hasHeader("Cache-Control", "no-store").untouched()
	if !page {
		a.hasText("").hasHeader("Content-Type", "")
		return
	}
	a.hasHeader("Content-Type", "text/html; charset=utf-8").hasHeader("X-Frame-Options", "DENY")
	if !strings.Contains(a.text, `<form method="post"><button>Sign out</button></form>`) {
		a.fail("a page with a button", "%q", a.text)
	}
}

func (a *answer) isOfSignOut(status int) *answer {
	a.stage.t.Helper()
	a.ours = true
	if reached := a.stage.reachedSince(); reached != 0 || a.status != status {
		a.fail(http.StatusText(status)+" from ServeSignOut", "%d, and a handler was reached %d times", a.status, reached)
	}
	return a
}
