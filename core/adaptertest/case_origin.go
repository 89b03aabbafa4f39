package adaptertest

import (
	"errors"
	"net/http"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// originCases are about requests that another origin's page makes.
func originCases() []testCase {
	const otherOrigin, ownOrigin = "Origin: https://other.example", "Origin: https://" + host
	page := func(s *stage) App {
		return App{Routes: []Route{
			{Method: http.MethodPost, Path: "/do", Guards: []Guard{s.required()}, Handler: s.me},
			{Method: http.MethodGet, Path: "/do", Guards: []Guard{s.required()}, Handler: s.me},
			{Method: http.MethodPost, Path: "/public", Guards: []Guard{s.optional()}, Handler: s.me},
		}}
	}
	return []testCase{
		{"C43-C44 a cookie's POST from another origin is refused, one from the same origin is not", func(s *stage) {
			s.serve(page(s))
			alice := s.person("alice")
			s.send(post("/do", alice.stale(), otherOrigin)).denied("cross_origin").untouched()
			s.send(post("/do", alice.stale(), "Sec-Fetch-Site: cross-site")).denied("cross_origin").untouched()
			s.send(post("/do", alice.stale(), "Origin: null")).denied("cross_origin").untouched()
			s.asked(0)
			s.send(post("/do", alice.live(), ownOrigin)).of("alice")
			s.send(post("/do", alice.live(), "Sec-Fetch-Site: same-origin")).of("alice")
			s.send(post("/do", alice.live())).of("alice") // no browser sent it
			s.send(get("/do", alice.live(), otherOrigin)).of("alice")
			s.send(post("/public", alice.live(), otherOrigin)).ofNobody().untouched()
		}},
		{"C45 a forwarded host does not make it the same origin", func(s *stage) {
			s.serve(page(s))
			alice := s.person("alice")
			for _, name := range []string{"X-Forwarded-Host: other.example", "X-Original-Host: other.example", "Forwarded: host=other.example"} {
				s.send(post("/do", alice.live(), otherOrigin, name)).denied("cross_origin").untouched()
			}
		}},
		{"C46 a method-override header does not make it safe", func(s *stage) {
			s.serve(page(s))
			alice := s.person("alice")
			for _, name := range []string{"X-HTTP-Method-Override: GET", "X-HTTP-Method: GET", "X-Method-Override: GET"} {
				s.send(post("/do", alice.live(), otherOrigin, name)).denied("cross_origin").untouched()
			}
		}},
		{"C47 a WebSocket upgrade from another origin is refused", func(s *stage) {
			s.serve(page(s))
			alice := s.person("alice")
			upgrade := []string{"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", alice.live()}
			s.send(get("/do", append(upgrade, otherOrigin)...)).denied("cross_origin").untouched()
			s.send(get("/do", append(upgrade, ownOrigin)...)).of("alice")
		}},
		{"C43 another origin cannot sign a member out", func(s *stage) {
			s.serve(App{Routes: []Route{
				{Method: http.MethodPost, Path: "/logout", Handler: func(x Exchange) {
					if err := x.EndSession(s.auth); !errors.Is(err, stytchkit.ErrCrossOrigin) {
						s.t.Errorf("got %v, want ErrCrossOrigin", err)
					}
					x.Write(http.StatusForbidden, "")
				}},
				{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required()}, Handler: s.me},
			}})
			alice := s.person("alice")
			s.send(post("/logout", alice.live(), otherOrigin)).answers(http.StatusForbidden).untouched()
			s.send(get("/me", alice.live())).of("alice")
		}},
		{"C48 a bearer's POST from another origin is nobody's forgery", func(s *stage) {
			s.serve(page(s))
			s.send(post("/do", bearer(s.person("alice").jwt), otherOrigin)).of("alice").untouched()
		}},
	}
}
