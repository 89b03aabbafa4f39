package adaptertest

import (
	"net/http"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// identityCases are about who a request is of, where servers reuse what a request was in.
// Every case of the suite looks at its sessions again when it ends; these provoke.
func identityCases() []testCase {
	return []testCase{
		{"C38 a goroutine that outlives its handler goes on seeing its own member", outlived},
		{"C39 two members who take turns on one connection, with forged tokens in between, are never mixed up", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice, carol := s.person("alice"), s.person("carol")
			for i := range 25 {
				s.send(get("/me", alice.live())).of("alice").untouched()
				s.send(get("/me", jwtCookie(carol.forged(i)))).denied("session_invalid").untouched()
				s.send(get("/me", carol.live())).of("carol").untouched()
				s.send(get("/me", bearer(alice.forged(i)))).denied("session_invalid").untouched()
				s.send(get("/me")).denied("session_missing").untouched()
			}
			s.asked(0)
			for range 5 {
				s.send(get("/me", alice.byToken())).of("alice")
				s.send(get("/me", tokenCookie("opaque-token-of-mally-0000000000000000000000"))).denied("session_ended").cleared()
				s.send(get("/me", carol.byToken())).of("carol")
			}
		}},
		{"C40 fifty forged tokens in the buffers of a good one are refused without a call", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice := s.person("alice")
			s.send(get("/me", alice.live())).of("alice")
			for i := range 50 {
				s.send(get("/me", jwtCookie(alice.forged(i)))).denied("session_invalid").untouched()
			}
			s.send(get("/me", alice.live())).of("alice")
			s.asked(0)
		}},
		{"C40 what is remembered of a token stays true when its buffer holds another", func(s *stage) {
			app := s.guarded(s.required())
			alice, carol, erin := s.person("alice"), s.person("carol"), s.person("erin0")
			app.Routes = append(app.Routes,
				Route{Method: http.MethodPost, Path: "/logout", Handler: func(x Exchange) {
					if x.EndSession(s.auth) == nil {
						s.t.Error("ending a session succeeded while Stytch could not revoke it")
					}
					x.Write(http.StatusOK, "")
				}},
				Route{Method: http.MethodPost, Path: "/login", Handler: func(x Exchange) { s.save(x, erin); x.Write(http.StatusOK, "") }},
			)
			s.serve(app)
			const dead = "opaque-token-of-mally-0000000000000000000000"
			s.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: http.StatusInternalServerError})
			elsewhere := s.connect() // whose buffers are its own, while the first connection's are overwritten
			overwritten := func() { s.send(get("/me", carol.byToken())).of("carol") }

			s.send(get("/me", tokenCookie(dead))).denied("session_ended").cleared()
			overwritten()
			s.asked(2)
			elsewhere.send(get("/me", tokenCookie(dead))).denied("session_ended").cleared()
			s.asked(0)

			replaced := s.person("frank")
			s.send(post("/login", replaced.byToken())).answers(http.StatusOK)
			overwritten()
			elsewhere.send(get("/me", replaced.byToken())).of("frank").untouched() // the browser has a new one

			s.send(post("/logout", alice.byToken())).answers(http.StatusOK)
			overwritten()
			elsewhere.send(get("/me", alice.byToken())).denied("session_ended").untouched()
		}},
	}
}

func outlived(s *stage) {
	release := make(chan struct{})
	late := make(chan string, 1)
	s.serve(App{Guards: []Guard{s.required()}, Routes: []Route{
		{Method: http.MethodGet, Path: "/background", Handler: func(x Exchange) {
			native, ctx := x.Session(), x.Context()
			go func() {
				<-release
				late <- describe(native) + " and " + describe(stytchkit.SessionFrom(ctx)) + " and " + describe(s.auth.SessionFrom(ctx))
			}()
			x.Write(http.StatusOK, s.look(x))
		}},
		{Method: http.MethodGet, Path: "/me", Handler: s.me},
	}})
	alice, carol := s.person("alice"), s.person("carol")
	for _, credential := range []string{alice.live(), bearer(alice.jwt), alice.byToken()} {
		s.send(get("/background", credential)).of("alice")
		for range 20 {
			s.send(get("/me", carol.live())).of("carol")
		}
		release <- struct{}{}
		own := s.kind.described("alice")
		if got := <-late; got != own+" and "+own+" and "+own {
			s.t.Errorf("after 20 other requests the goroutine of alice's request sees %s", got)
		}
	}
}
