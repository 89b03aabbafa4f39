package adaptertest

import (
	"fmt"
	"net/http"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// cookieCases are about what a response sets.
func cookieCases() []testCase {
	return []testCase{
		{"C33 a saved session sets its cookies, byte for byte", savedSession},
		{"C33 a session saved behind a guard replaces the cookies that the guard refreshed", func(s *stage) {
			alice, carol := s.person("alice"), s.person("carol")
			s.serve(App{Routes: []Route{{Method: http.MethodPost, Path: "/login", Guards: []Guard{s.optional()}, Handler: func(x Exchange) {
				s.save(x, carol)
				x.Redirect(http.StatusSeeOther, "/home")
			}}}})
			s.send(post("/login", alice.stale())).answers(http.StatusSeeOther).refreshed(carol, intermediateDeleted).hasHeader("Location", "/home")
		}},
		{"C33 cookies are Secure wherever the application's origin is https", func(s *stage) {
			s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.Origin = "https://" + host })
			alice := s.person("alice")
			s.serve(App{Routes: []Route{
				{Method: http.MethodPost, Path: "/login", Handler: func(x Exchange) { s.save(x, alice); x.Write(http.StatusOK, "welcome") }},
			}})
			for _, behindProxy := range []string{"127.0.0.1", "localhost:8080"} {
				s.send(post("/login").to(behindProxy)).says("welcome").refreshed(alice, intermediateDeleted)
			}
		}},
		{"C34 an ended session's cookies are deleted, byte for byte, and what they hold is refused", endedSession},
		{"C35 refreshed cookies arrive whatever the handler answers", func(s *stage) {
			statuses := []int{http.StatusOK, http.StatusTeapot, http.StatusSeeOther, http.StatusInternalServerError, http.StatusNotFound}
			app := App{Guards: []Guard{s.required()}}
			for _, status := range statuses {
				app.Routes = append(app.Routes,
					Route{Method: http.MethodGet, Path: fmt.Sprintf("/write/%d", status), Handler: func(x Exchange) { x.Write(status, "text") }},
					Route{Method: http.MethodGet, Path: fmt.Sprintf("/fail/%d", status), Handler: func(x Exchange) { x.Fail(status) }},
				)
			}
			app.Routes = append(app.Routes,
				Route{Method: http.MethodGet, Path: "/redirect", Handler: func(x Exchange) { x.Redirect(http.StatusSeeOther, "/home") }},
				Route{Method: http.MethodGet, Path: "/empty", Handler: func(x Exchange) { x.Write(http.StatusNoContent, "") }},
				Route{Method: http.MethodGet, Path: "/cookie", Handler: func(x Exchange) {
					x.SetCookie(&http.Cookie{Name: "theme", Value: "dark", Path: "/", SameSite: http.SameSiteLaxMode})
					x.Write(http.StatusOK, "text")
				}},
			)
			s.serve(app)
			alice := s.person("alice")
			for _, status := range statuses {
				s.send(get(fmt.Sprintf("/write/%d", status), alice.stale())).answers(status).refreshed(alice)
				s.send(get(fmt.Sprintf("/fail/%d", status), alice.stale())).answers(status).refreshed(alice)
			}
			s.send(get("/redirect", alice.stale())).answers(http.StatusSeeOther).refreshed(alice).hasHeader("Location", "/home")
			s.send(get("/empty", alice.stale())).answers(http.StatusNoContent).refreshed(alice)
			s.send(get("/cookie", alice.stale())).answers(http.StatusOK).setsBeside("theme=dark", alice)
		}},
		{"C42 a stream begins with its cookies, and its member stays the same to the end", stream},
		{"C49 private, no-store wins over a handler that says public, where session cookies are set and only there", privateWins},
		{"C49 a session that is saved or ended makes its response private", privateAfterSave},
	}
}

const intermediateDeleted = "stytch_intermediate_session_token" + deleted

// save is what a login of the application's own does.
func (s *stage) save(x Exchange, p person) {
	if err := x.SaveSession(s.auth, p.Token, p.jwt, p.ExpiresAt()); err != nil {
		s.t.Errorf("saving a session: %v", err)
	}
}

func savedSession(s *stage) {
	alice := s.person("alice")
	s.serve(App{Routes: []Route{
		{Method: http.MethodPost, Path: "/login", Handler: func(x Exchange) { s.save(x, alice); x.Write(http.StatusOK, "welcome") }},
		{Method: http.MethodPost, Path: "/unfinished", Handler: func(x Exchange) {
			if err := x.SaveSession(s.auth, "", "", alice.ExpiresAt()); err == nil {
				s.t.Error("a login without tokens was saved")
			}
			x.Write(http.StatusBadGateway, "")
		}},
	}})
	const token = "stytch_session=opaque-token-of-alice-0000000000000000000000"
	const until = "; Path=/; Expires=Mon, 23 Nov 2026 13:00:00 GMT; HttpOnly"
	token2 := "stytch_session_jwt=" + alice.jwt
	s.send(post("/login")).says("welcome").isPrivate().sets(
		token+until+"; Secure; SameSite=Lax", token2+until+"; Secure; SameSite=Lax",
		"stytch_intermediate_session_token=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax",
	)
	// On this machine, and on this machine alone, a test project's cookies go without Secure.
	s.send(post("/login").to("localhost:3000")).says("welcome").isPrivate().sets(
		token+until+"; SameSite=Lax", token2+until+"; SameSite=Lax",
		"stytch_intermediate_session_token=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; SameSite=Lax",
	)
	s.send(post("/login", "X-Forwarded-Host: localhost", "X-Forwarded-Proto: http")).says("welcome").
		refreshed(alice, intermediateDeleted)
	s.send(post("/login").to("acme.localhost:3000")).says("welcome").isPrivate().sets(
		token+until+"; SameSite=Lax", token2+until+"; SameSite=Lax",
		"stytch_intermediate_session_token=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; SameSite=Lax",
	)
	s.send(post("/login").to("localhost.evil.example")).says("welcome").refreshed(alice, intermediateDeleted)
	for _, noHost := range []string{"[::1].evil.example", "localhost:80@evil.example"} { // some servers refuse them
		a := s.send(post("/login").to(noHost)).varies()
		if s.reachedSince() == 1 {
			a.refreshed(alice, intermediateDeleted)
		}
	}
	s.send(post("/unfinished")).answers(http.StatusBadGateway).untouched()
}

func endedSession(s *stage) {
	s.serve(App{Routes: []Route{
		{Method: http.MethodPost, Path: "/logout", Handler: func(x Exchange) {
			if err := x.EndSession(s.auth); err != nil {
				s.t.Errorf("ending a session: %v", err)
			}
			x.Redirect(http.StatusSeeOther, "/")
		}},
		{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required()}, Handler: s.me},
	}})
	alice := s.person("alice")
	both := cookies(tokenPair(alice.Token), jwtPair(alice.jwt))
	s.send(get("/me", both)).of("alice")
	s.send(post("/logout", both)).answers(http.StatusSeeOther).hasHeader("Location", "/").isPrivate().sets(signedOut()...)
	s.send(get("/me", both)).denied("session_ended").untouched() // the browser may hold a new one by now
	s.send(get("/me", bearer(alice.jwt))).denied("session_ended").untouched()
	s.asked(0)
}

func stream(s *stage) {
	events := make(chan struct{}, 1)
	s.serve(App{Guards: []Guard{s.required()}, Routes: []Route{
		{Method: http.MethodGet, Path: "/events", Handler: func(x Exchange) {
			native, ctx := x.Session(), x.Context()
			x.Stream(func(send func(string)) {
				for range events {
					send(describe(native) + " " + describe(stytchkit.SessionFrom(ctx)))
				}
			})
		}},
		{Method: http.MethodGet, Path: "/me", Handler: s.me},
	}})
	alice, carol := s.person("alice"), s.person("carol")
	want := s.kind.described("alice") + " " + s.kind.described("alice")
	events <- struct{}{} // the headers may come with the first event
	a := s.connect().open(get("/events", alice.stale())).answers(http.StatusOK).refreshed(alice)
	a.event(want)
	for range 20 {
		s.send(get("/me", carol.live())).of("carol")
	}
	events <- struct{}{}
	a.event(want)
	close(events)
	a.readAll()
}

const public = "public, max-age=60"

func privateWins(s *stage) {
	alice := s.person("alice")
	page := func(path string, then func(Exchange)) Route {
		return Route{Method: http.MethodGet, Path: path, Handler: func(x Exchange) {
			x.SetHeader("Cache-Control", public)
			then(x)
		}}
	}
	s.serve(App{Guards: []Guard{s.required()}, Routes: []Route{
		page("/write", func(x Exchange) { x.Write(http.StatusOK, "text") }),
		page("/fail", func(x Exchange) { x.Fail(http.StatusNotFound) }),
		page("/redirect", func(x Exchange) { x.Redirect(http.StatusSeeOther, "/home") }),
		page("/empty", func(x Exchange) { x.Write(http.StatusNoContent, "") }),
		page("/stream", func(x Exchange) { x.Stream(func(send func(string)) { send("event") }) }),
		page("/login", func(x Exchange) {
			s.save(x, alice)
			x.SetHeader("Cache-Control", public)
			x.Write(http.StatusOK, "text")
		}),
	}})
	for _, row := range []struct {
		path   string
		status int
	}{{"/write", 200}, {"/fail", 404}, {"/redirect", 303}, {"/empty", 204}, {"/stream", 200}} {
		s.send(get(row.path, alice.stale())).answers(row.status).refreshed(alice)
	}
	s.send(get("/login", alice.stale())).answers(http.StatusOK).refreshed(alice, intermediateDeleted)
	s.send(get("/write", alice.live())).answers(http.StatusOK).untouched().hasHeader("Cache-Control", public).hasHeader("Vary", "Cookie, Authorization")
}

func privateAfterSave(s *stage) {
	alice := s.person("alice")
	save := func(x Exchange) { s.save(x, alice) }
	end := func(x Exchange) {
		if err := x.EndSession(s.auth); err != nil {
			s.t.Errorf("ending a session: %v", err)
		}
	}
	before := func(do func(Exchange)) func(Exchange) {
		return func(x Exchange) { x.SetHeader("Cache-Control", public); do(x); x.Write(http.StatusOK, "text") }
	}
	silent := func(do func(Exchange)) func(Exchange) {
		return func(x Exchange) { do(x); x.SetHeader("Cache-Control", public) }
	}
	after := func(do func(Exchange)) func(Exchange) {
		return func(x Exchange) { silent(do)(x); x.Write(http.StatusOK, "text") }
	}
	optional := []Guard{s.optional()}
	s.serve(App{Routes: []Route{
		{Method: http.MethodPost, Path: "/login", Handler: before(save)},
		{Method: http.MethodPost, Path: "/logout", Handler: before(end)},
		{Method: http.MethodPost, Path: "/then-public/login", Handler: after(save)},
		{Method: http.MethodPost, Path: "/then-public/logout", Handler: after(end)},
		{Method: http.MethodPost, Path: "/guarded/login", Guards: optional, Handler: after(save)},
		{Method: http.MethodPost, Path: "/guarded/logout", Guards: optional, Handler: after(end)},
		{Method: http.MethodPost, Path: "/silent/login", Guards: optional, Handler: silent(save)},
		{Method: http.MethodPost, Path: "/silent/logout", Guards: optional, Handler: silent(end)},
	}})
	s.send(post("/login")).answers(http.StatusOK).isPrivate()
	s.send(post("/logout")).answers(http.StatusOK).isPrivate()
	for _, path := range []string{"/guarded", "/silent"} {
		s.send(post(path + "/login")).answers(http.StatusOK).isPrivate()
		s.send(post(path + "/logout")).answers(http.StatusOK).isPrivate()
	}
	s.send(post("/then-public/login")).answers(http.StatusOK).isPrivateUnguarded(public)
	s.send(post("/then-public/logout")).answers(http.StatusOK).isPrivateUnguarded(public)
}
