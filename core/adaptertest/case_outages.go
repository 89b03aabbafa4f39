package adaptertest

import (
	"errors"
	"net/http"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// outageCases are about what goes wrong on the way: at Stytch, and in the application.
func outageCases() []testCase {
	return []testCase{
		{"C36 an outage of Stytch signs nobody out", func(s *stage) {
			s.serve(App{Routes: []Route{
				{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required()}, Handler: s.me},
				{Method: http.MethodGet, Path: "/public", Guards: []Guard{s.optional()}, Handler: s.me},
			}})
			alice := s.person("alice")
			s.srv.Stop()
			s.send(get("/me", alice.stale())).denied("stytch_unavailable").untouched()
			s.send(get("/me", alice.byToken())).denied("stytch_unavailable").untouched()
			s.send(get("/me", bearer(alice.expired()))).denied("stytch_unavailable").untouched()
			s.send(get("/public", alice.stale())).ofNobody().untouched()
			s.send(get("/me", alice.live())).of("alice").untouched()
			s.send(get("/public", alice.live())).of("alice").untouched()
			if err := s.srv.Restart(); err != nil {
				s.t.Fatal(err)
			}
			s.send(get("/me", alice.stale())).of("alice").refreshed(alice)
		}},
		{"C37 an error handler that does nothing leaves the denial as it is", func(s *stage) {
			s.serve(s.onDenial(func(Exchange) {}))
			s.send(get("/me")).denied("session_missing").untouched()
			s.send(get("/me", s.endedPerson().byToken())).denied("session_ended").cleared()
		}},
		{"C37 an error handler that writes keeps cookies, challenge and Cache-Control", func(s *stage) {
			s.serve(s.onDenial(func(x Exchange) { x.Write(http.StatusTeapot, "mine") }))
			s.send(get("/me")).isOverridden(http.StatusTeapot, "Bearer", "no-store").hasText("mine").untouched()
			s.send(get("/me", s.endedPerson().byToken())).isOverridden(http.StatusTeapot, `Bearer error="invalid_token"`, "private, no-store").cleared()
		}},
		{"C37 an error handler that fails by the framework's own means keeps them too", func(s *stage) {
			s.serve(s.onDenial(func(x Exchange) { x.Fail(http.StatusUnauthorized) }))
			s.send(get("/me")).isOverridden(http.StatusUnauthorized, "Bearer", "no-store").untouched()
			s.send(get("/me", s.endedPerson().byToken())).isOverridden(http.StatusUnauthorized, `Bearer error="invalid_token"`, "private, no-store").cleared()
		}},
		{"C37 an error handler that panics is a 500, and the next request is fine", func(s *stage) {
			app := s.onDenial(func(Exchange) { panic(errors.New("the application's own fault")) })
			app.Recover = true
			s.serve(app)
			s.send(get("/me")).isOverridden(http.StatusInternalServerError, "Bearer", "no-store").untouched()
			s.send(get("/me", s.person("alice").live())).of("alice").untouched()
		}},
		{"C37 a handler that panics keeps the refreshed cookies, and the next request is fine", func(s *stage) {
			app := s.guarded(s.required())
			app.Recover = true
			app.Routes = append(app.Routes, Route{Method: http.MethodGet, Path: "/panic", Guards: []Guard{s.required()}, Handler: func(Exchange) {
				panic(errors.New("the application's own fault"))
			}})
			s.serve(app)
			alice := s.person("alice")
			s.send(get("/panic", alice.stale())).answers(http.StatusInternalServerError).refreshed(alice)
			s.send(get("/me", alice.live())).of("alice").untouched()
		}},
	}
}

// onDenial is an application whose error handler is f.
func (s *stage) onDenial(f func(Exchange)) App {
	return s.guarded(Guard{Auth: s.auth, OnDenial: f})
}

// endedPerson has a session that is over.
func (s *stage) endedPerson() person {
	p := s.person("ended")
	p.End()
	return p
}

// isOverridden wants an error handler's answer to a denied request, with what the guard had set.
func (a *answer) isOverridden(status int, challenge, store string) *answer {
	a.stage.t.Helper()
	if reached := a.stage.reachedSince(); reached != 0 || a.status != status {
		a.fail("the error handler's answer", "%d, and a handler was reached %d times", a.status, reached)
	}
	return a.hasHeader("WWW-Authenticate", challenge).hasHeader("Cache-Control", store).hasHeader("Vary", "Cookie, Authorization")
}

// misconfigured makes Stytch refuse the project.
func (s *stage) misconfigured() {
	s.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: http.StatusUnauthorized, ErrorType: "unauthorized_credentials"})
}
