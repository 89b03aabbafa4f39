package adaptertest

import (
	"fmt"
	"net/http"
	"slices"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// responseCases are about what is owed to a response, and about what a configured guard does.
func responseCases() []testCase {
	return []testCase{
		{"C60 where a session is attached no shared cache keeps the page, and anonymous pages stay as they are", membersPages},
		{"C61 a handler that says public and panics sets its cookies all the same, privately", func(s *stage) {
			s.serve(App{Recover: true, Routes: []Route{{Method: http.MethodGet, Path: "/panic", Guards: []Guard{s.required()}, Handler: func(x Exchange) {
				x.SetHeader("Cache-Control", public)
				panic("on purpose")
			}}}})
			alice := s.person("alice")
			s.send(get("/panic", alice.stale())).answers(http.StatusInternalServerError).refreshed(alice)
		}},
		{"C62 the error handler of a denied request sees no session, not even an outer guard's", func(s *stage) {
			answer := func(x Exchange) { x.Write(http.StatusTeapot, s.look(x)) }
			denied := s.required(stytchkit.Role("owner"))
			denied.OnDenial = answer
			s.serve(App{Guards: []Guard{s.optional()}, Routes: []Route{{Method: http.MethodGet, Path: "/me", Guards: []Guard{denied}, Handler: s.me}}})
			alice := s.person("alice")
			for range 2 { // the denial's own headers are set already; cookies follow
				s.send(get("/me", alice.live())).handledDenial(anonymous).untouched().hasHeader("Cache-Control", "no-store")
			}
			s.send(get("/me", alice.stale())).handledDenial(anonymous).refreshed(alice)
		}},
		{"C63 an error handler of an optional guard answers contradicting credentials, and nothing else", func(s *stage) {
			guard := s.optional()
			guard.OnDenial = func(x Exchange) { x.Write(http.StatusTeapot, s.look(x)) }
			s.serve(s.guarded(guard))
			alice, carol := s.person("alice"), s.person("carol")
			s.send(get("/me", cookies(jwtPair(alice.jwt), jwtPair(carol.jwt)))).handledDenial(anonymous).untouched()
			s.send(get("/me")).ofNobody()
			s.send(get("/me", alice.live())).of("alice")
			s.send(get("/me", jwtCookie(alice.forged(0)))).ofNobody()
		}},
		{"C64 a request that is skipped passes unlooked at", func(s *stage) {
			guard := s.required()
			guard.Skip = func(x Exchange) bool { return x.RequestHeader("X-Skip") != "" }
			s.serve(s.guarded(guard))
			alice := s.person("alice")
			s.send(get("/me")).denied("session_missing")
			s.send(get("/me", "X-Skip: 1")).ofNobody().untouched()
			s.send(get("/me", "X-Skip: 1", alice.stale())).ofNobody().untouched()
			s.send(get("/me", alice.stale())).of("alice").refreshed(alice)
			s.asked(1)
		}},
		{"C65 a denial that is forwarded is answered by the framework, with its headers and cookies", forwardedDenials},
		{"C66 a session that is saved when the response is written is an error, or saved: never lost", savedTooLate},
		{"a session that is saved when the response is written is that without a guard too", savedTooLateUnguarded},
		{"C67 signing out while Stytch cannot revoke clears the cookies all the same", func(s *stage) {
			s.serve(App{Guards: []Guard{s.optional()}, Routes: []Route{{Method: http.MethodPost, Path: "/logout", Handler: func(x Exchange) {
				if x.EndSession(s.auth) == nil {
					s.t.Error("ending a session succeeded while Stytch could not revoke it")
				}
				x.Write(http.StatusOK, "bye")
			}}}})
			alice := s.person("alice")
			s.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: http.StatusInternalServerError})
			s.send(post("/logout", alice.live())).says("bye").isPrivate().setsAmongOthers("stytch_session"+deleted, "stytch_session_jwt"+deleted, intermediateDeleted)
		}},
		{"C68 signing out ends the session that the guard found, whatever credential it was found by", func(s *stage) {
			s.serve(App{Guards: []Guard{s.optional()}, Routes: []Route{
				{Method: http.MethodPost, Path: "/logout", Handler: func(x Exchange) {
					if err := x.EndSession(s.auth); err != nil {
						s.t.Errorf("ending a session: %v", err)
					}
					x.Write(http.StatusOK, "bye")
				}},
				{Method: http.MethodGet, Path: "/me", Handler: s.me},
			}})
			alice := s.person("alice")
			s.send(post("/logout", alice.byToken())).says("bye")
			s.asked(1)
			s.send(get("/me", bearer(alice.jwt))).ofNobody()
			s.asked(0)
		}},
		{"C69 a handler's own cookie of that name goes before one that is refreshed, and a saved one before both", func(s *stage) {
			alice, carol := s.person("alice"), s.person("carol")
			own := func(x Exchange) {
				x.SetCookie(&http.Cookie{Name: "stytch_session", Value: "own", Path: "/", SameSite: http.SameSiteLaxMode})
			}
			s.serve(App{Guards: []Guard{s.required()}, Routes: []Route{
				{Method: http.MethodGet, Path: "/own", Handler: func(x Exchange) { own(x); x.Write(http.StatusOK, "text") }},
				{Method: http.MethodGet, Path: "/saved", Handler: func(x Exchange) { own(x); s.save(x, carol); x.Write(http.StatusOK, "text") }},
			}})
			s.send(get("/own", alice.stale())).says("text").isPrivate().setsTokens("own").varies()
			s.send(get("/saved", alice.stale())).says("text").isPrivate().setsTokens(carol.Token).varies()
		}},
	}
}

func membersPages(s *stage) {
	says := func(control string) Route {
		return Route{Method: http.MethodGet, Path: "/" + control, Handler: func(x Exchange) {
			if control != "page" {
				x.SetHeader("Cache-Control", control)
			}
			x.Write(http.StatusOK, "text")
		}}
	}
	s.serve(App{Guards: []Guard{s.optional()}, Routes: []Route{says("page"), says("public"), says("no-cache")}})
	alice := s.person("alice")
	for _, credential := range []string{alice.live(), bearer(alice.jwt)} {
		s.send(get("/page", credential)).says("text").untouched().hasHeader("Cache-Control", "private").hasHeader("Vary", "Cookie, Authorization")
		s.send(get("/public", credential)).says("text").untouched().hasHeader("Cache-Control", "public").hasHeader("Vary", "Cookie, Authorization")
		s.send(get("/no-cache", credential)).says("text").untouched().hasHeader("Cache-Control", "no-cache").hasHeader("Vary", "Cookie, Authorization")
	}
	s.send(get("/page")).says("text").untouched().hasHeader("Cache-Control", "").hasHeader("Vary", "")
	s.send(get("/page", jwtCookie(alice.forged(0)))).says("text").untouched().hasHeader("Cache-Control", "").hasHeader("Vary", "")
}

func forwardedDenials(s *stage) {
	s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.LoginURL = "/login" })
	guard := s.required()
	guard.Forward = s.can(Forwarding)
	s.serve(s.guarded(guard))
	s.send(get("/me")).forwarded("session_missing").untouched().hasHeader("Cache-Control", "no-store")
	s.send(get("/me", s.endedPerson().byToken())).forwarded("session_ended").cleared()
	s.send(get("/me", navigation)).sentToLogin("session_missing", "/login?reason=session_missing&return_to=%2Fme")
	s.send(get("/me", s.person("alice").live())).of("alice")
}

func savedTooLate(s *stage) {
	alice := s.person("alice")
	var saved error
	s.serve(App{Guards: []Guard{s.optional()}, Routes: []Route{{Method: http.MethodPost, Path: "/login", Handler: func(x Exchange) {
		x.Write(http.StatusOK, "text")
		saved = x.SaveSession(s.auth, alice.Token, alice.jwt, alice.ExpiresAt())
	}}}})
	a := s.send(post("/login")).says("text")
	a.varies()
	if saved != nil {
		a.untouched()
		return
	}
	a.refreshed(alice, intermediateDeleted)
}

// savedTooLateUnguarded has no guard that would know: the adapter's Exchange says what is written. Frameworks
// differ in when that is, and nothing is recorded.
func savedTooLateUnguarded(s *stage) {
	alice := s.person("alice")
	saved := make(chan error, 1)
	save := func(x Exchange) { saved <- x.SaveSession(s.auth, alice.Token, alice.jwt, alice.ExpiresAt()) }
	s.serve(App{Routes: []Route{
		{Method: http.MethodPost, Path: "/written", Handler: func(x Exchange) { x.Write(http.StatusOK, "text"); save(x) }},
		{Method: http.MethodPost, Path: "/streamed", Handler: func(x Exchange) {
			x.Stream(func(send func(string)) { send("event") })
			save(x)
		}},
	}})
	for _, path := range []string{"/written", "/streamed"} {
		s.row(path, func() {
			a := s.stranger().send(post(path)).answers(http.StatusOK)
			err, sent := <-saved, len(a.header.Values("Set-Cookie")) > 0
			if known := (err == nil) == sent; known != s.can(WrittenUnguarded) {
				a.fail("an error, or the cookies; without WrittenUnguarded neither", "the error %v, and the cookies %q", err, a.header.Values("Set-Cookie"))
			}
		})
	}
}

// handledDenial wants the error handler's own answer, and no handler reached.
func (a *answer) handledDenial(text string) *answer {
	a.stage.t.Helper()
	if reached := a.stage.reachedSince(); reached != 0 || a.status != http.StatusTeapot || a.text != text {
		a.fail(fmt.Sprintf("the error handler's answer %q, and no handler reached", text), "%d %q, and a handler was reached %d times", a.status, a.text, reached)
	}
	return a
}

// forwarded wants the framework's own answer to an error of this code, and no handler reached.
func (a *answer) forwarded(code string) *answer {
	a.stage.t.Helper()
	if !a.stage.can(Forwarding) {
		return a.denied(code).varies()
	}
	status, challenge := denialOf(code)
	if reached := a.stage.reachedSince(); reached != 0 || a.status != status {
		a.fail(fmt.Sprintf("the framework's %d, and no handler reached", status), "%d, and a handler was reached %d times", a.status, reached)
	}
	return a.hasHeader("WWW-Authenticate", challenge).hasHeader(stytchkit.DenialHeader, code).varies()
}

// setsAmongOthers wants these Set-Cookie lines, byte for byte.
func (a *answer) setsAmongOthers(lines ...string) {
	a.stage.t.Helper()
	for _, line := range lines {
		if got := a.header.Values("Set-Cookie"); !slices.Contains(got, line) {
			a.fail(fmt.Sprintf("Set-Cookie %q among others", line), "%q", got)
		}
	}
}

// setsTokens wants these values of the session cookie, in this order.
func (a *answer) setsTokens(want ...string) *answer {
	a.stage.t.Helper()
	var got []string
	for _, line := range a.header.Values("Set-Cookie") {
		if c, err := http.ParseSetCookie(line); err == nil && c.Name == "stytch_session" {
			got = append(got, c.Value)
		}
	}
	if !slices.Equal(got, want) {
		a.fail(fmt.Sprintf("the session cookie set to %q", want), "%q", got)
	}
	return a
}
