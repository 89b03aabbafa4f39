package adaptertest

import (
	"net/http"
	"strings"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// tokenCases are about access tokens.
func tokenCases() []testCase {
	return []testCase{
		{"an access token is wanted as a bearer, with its scopes, and is never asked about", func(s *stage) {
			client := s.machine("read:documents")
			s.serve(App{Routes: []Route{{Method: http.MethodGet, Path: "/machine", Guards: []Guard{s.tokenRequired(stytchkit.Scopes("read:documents"), stytchkit.MaxAge(time.Hour))}, Handler: s.machineOnly}}})
			for range 2 {
				s.send(get("/machine", bearer(client.Token()))).says(client.ID + " [read:documents]").isPrivateToken()
			}
			s.send(get("/machine")).denied("token_missing").untouched()
			s.send(get("/machine", jwtCookie(client.Token()))).denied("token_missing").untouched()
			s.send(get("/machine", bearer(client.Token(stytchtest.Age(2*time.Hour))))).denied("token_invalid").untouched()
			s.send(get("/machine", bearer(s.person("alice").jwt))).denied("token_invalid").untouched()
			s.send(get("/machine", bearer(client.Token(stytchtest.Scopes("write:documents"))))).
				deniedBy("insufficient_scope", `Bearer error="insufficient_scope", scope="read:documents"`).untouched()
			s.send(get("/machine", bearer(client.Token()), bearer(client.Token()))).denied("invalid_request").untouched()
			s.asked(0)
		}},
		{"an access token is no session, and each decides alone where either will do", func(s *stage) {
			client, alice := s.machine("read:documents"), s.person("alice")
			either := s.auth.Either(s.auth.Require(), s.auth.RequireToken(stytchkit.Scopes("read:documents")))
			s.serve(App{Routes: []Route{
				{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required()}, Handler: s.me},
				{Method: http.MethodGet, Path: "/either", Guards: []Guard{{Made: either}}, Handler: s.whoever},
			}})
			s.send(get("/me", bearer(client.Token()))).denied("session_invalid").untouched()
			s.send(get("/me", jwtCookie(client.Token()))).denied("session_invalid").untouched()
			s.send(get("/either", bearer(client.Token()))).says(client.ID + " [read:documents]")
			s.send(get("/either", alice.live())).of("alice")
			s.send(get("/either", bearer(alice.jwt))).of("alice")
			s.send(get("/either", bearer(client.Token(stytchtest.Scopes())), alice.live())).
				deniedBy("insufficient_scope", `Bearer error="insufficient_scope", scope="read:documents"`).untouched()
			s.send(get("/either")).denied("session_missing").untouched()
			s.asked(0)
		}},
	}
}

func (s *stage) machine(scopes ...string) *stytchtest.M2MClient {
	return s.srv.AddM2MClient(stytchtest.M2MClient{ID: "m2m-client-test-machine", Scopes: scopes})
}

func (s *stage) tokenRequired(rules ...stytchkit.Rule) Guard {
	return Guard{Auth: s.auth, Token: true, Rules: rules}
}

// machineOnly answers with whose access token it is. The getter and the context must agree.
func (s *stage) machineOnly(x Exchange) {
	token := x.Token()
	if inContext := stytchkit.TokenFrom(x.Context()); token != inContext || x.Session() != nil {
		s.t.Errorf("the native getter says %v beside the session %v, the request's context %v", token, x.Session(), inContext)
	}
	x.Write(http.StatusOK, token.ClientID()+" ["+strings.Join(token.Scopes(), " ")+"]")
}

func (s *stage) whoever(x Exchange) {
	if x.Token() != nil {
		s.machineOnly(x)
		return
	}
	s.me(x)
}

// isPrivateToken wants what depends on an access token kept out of shared caches.
func (a *answer) isPrivateToken() *answer {
	a.stage.t.Helper()
	return a.hasHeader("Cache-Control", "private").hasHeader("Vary", "Cookie, Authorization")
}
