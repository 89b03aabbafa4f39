package adaptertest

import (
	"net/http"
	"strings"
)

// credentialCases are about what a request presents.
func credentialCases() []testCase {
	return []testCase{
		{"C01-C02 an optional route serves the anonymous and the member", func(s *stage) {
			s.serve(s.guarded(s.optional()))
			s.person("alice")
			s.send(get("/me")).ofNobody().untouched()
			s.send(get("/me", s.person("alice").live())).of("alice").untouched()
			s.asked(0)
		}},
		{"C03-C06 a required route wants a session, by cookie or by bearer", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice := s.person("alice")
			s.send(get("/me")).denied("session_missing").untouched()
			s.send(get("/me", alice.live())).of("alice").untouched()
			s.send(get("/me", "Authorization: bEaReR "+alice.jwt)).of("alice").untouched()
			s.send(get("/me", jwtCookie(alice.forged(0)))).denied("session_invalid").untouched()
			s.send(get("/me", bearer(alice.forged(0)))).denied("session_invalid").untouched()
			s.asked(0)
			s.send(get("/me", alice.byToken())).of("alice").refreshed(alice)
			s.send(get("/me", bearer(alice.Token))).of("alice").untouched()
			s.asked(1) // the answer is remembered, whoever presents the token
		}},
		{"C07 a bearer decides alone, whatever the cookies say", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice, carol := s.person("alice"), s.person("carol")
			s.send(get("/me", bearer(carol.jwt), alice.live())).of("carol").untouched()
			s.send(get("/me", alice.live(), bearer(carol.forged(0)))).denied("session_invalid").untouched()
			s.asked(0)
			carol.End()
			s.send(get("/me", alice.live(), bearer(carol.Token))).denied("session_ended").untouched()
			s.asked(1)
		}},
		{"C08 of two cookies with one name the live one counts", func(s *stage) {
			s.serve(s.guarded(s.required()))
			dead, alice := s.signIn(s.srv, "alice", "opaque-token-that-is-dead-00000000000000"), s.person("alice")
			dead.End()
			s.send(get("/me", cookies(tokenPair(dead.Token), tokenPair(alice.Token)))).of("alice").refreshed(alice)
			s.asked(2)
			s.send(get("/me", tokenCookie(dead.Token), tokenCookie(alice.Token))).of("alice").refreshed(alice)
			s.send(get("/me", cookies(jwtPair(dead.expired()), jwtPair(alice.jwt)))).of("alice").untouched()
			s.send(get("/me", jwtCookie(dead.expired()), jwtCookie(alice.jwt))).of("alice").untouched()
			s.send(get("/me", jwtCookie(alice.forged(0)), jwtCookie(alice.jwt))).of("alice").untouched()
		}},
		{"C09 equal duplicates are one credential", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice := s.person("alice")
			s.send(get("/me", cookies(jwtPair(alice.jwt), jwtPair(alice.jwt)))).of("alice").untouched()
			s.send(get("/me", alice.live(), alice.live())).of("alice").untouched()
			s.asked(0)
			s.send(get("/me", alice.byToken(), alice.byToken())).of("alice").refreshed(alice)
			s.asked(1)
		}},
		{"C10 of two members' JWTs nobody is picked; of two opaque tokens the first that lives", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice, carol := s.person("alice"), s.person("carol")
			s.send(get("/me", cookies(jwtPair(alice.jwt), jwtPair(carol.jwt)))).denied("invalid_request").untouched()
			s.send(get("/me", alice.live(), carol.live())).denied("invalid_request").untouched()
			s.asked(2) // about each once
			s.send(get("/me", cookies(tokenPair(carol.Token), tokenPair(alice.Token)))).of("carol").refreshed(carol)
			s.asked(2)
		}},
		{"C11-C12 a quoted value counts without its quotes, and every character of a token verbatim", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice := s.signIn(s.srv, "alice", "opaque+token/of=alice+00000000000000000==")
			s.send(get("/me", cookies(jwtPair(`"`+alice.jwt+`"`)))).of("alice").untouched()
			s.asked(0)
			s.send(get("/me", alice.byToken())).of("alice").refreshed(alice)
			s.send(get("/me", cookies(tokenPair(`"`+alice.Token+`"`)))).of("alice").refreshed(alice)
			s.asked(1)
		}},
		{"C13-C15 a token is never decoded", func(s *stage) {
			s.serve(s.guarded(s.required()))
			for _, token := range []string{
				"opaque-token-with-%41-00000000000000000000",
				"opaque-token-with-%zz-00000000000000000000",
				"opaque-token-with-+-0000000000000000000000",
			} {
				alice := s.signIn(s.srv, "alice", token)
				s.send(get("/me", alice.byToken())).of("alice").refreshed(alice)
			}
			s.asked(3)
			s.send(get("/me", tokenCookie("opaque-token-with-A-00000000000000000000"))).denied("session_ended").cleared()
			s.send(get("/me", tokenCookie("opaque-token-with- -0000000000000000000000"))).denied("session_invalid").untouched()
			s.asked(1)
		}},
		{"C16-C19 what net/http does not read as a cookie is not presented", func(s *stage) {
			s.serve(s.guarded(s.required()))
			for _, value := range []string{
				"",
				"opaque-token-with-a-\t-tab-0000000000000000000",
				"opaque-token-with-an-ü-0000000000000000000000",
				"opaque-token-with-an-\xfc-000000000000000000000",
				`opaque-token-with-a-"-quote-0000000000000000`,
				`opaque-token-with-a-\-backslash-000000000000`,
			} {
				s.send(get("/me", tokenCookie(value))).denied("session_missing").untouched()
				s.send(get("/me", jwtCookie(value))).denied("session_missing").untouched()
			}
			s.send(get("/me", "Cookie: stytch_session_jwt")).denied("session_missing").untouched()
			s.send(get("/me", "Cookie: ")).denied("session_missing").untouched()
			s.asked(0)
		}},
		{"C20 a malformed cookie does not hide the good one after it", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice := s.person("alice")
			s.send(get("/me", cookies(`stytch_session_jwt=a"b`, jwtPair(alice.jwt)))).of("alice").untouched()
			s.send(get("/me", cookies("stytch_session_jwt", `other="`, "=", jwtPair(alice.jwt)))).of("alice").untouched()
			s.asked(0)
		}},
		{"C21-C22 3 KB and 9 KB of cookies do not lock a member out", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice := s.person("alice")
			for _, kilobytes := range []int{3, 9} {
				padding := "padding=" + strings.Repeat("p", kilobytes<<10)
				s.send(get("/me", cookies(padding, jwtPair(alice.jwt)))).of("alice").untouched()
				s.send(get("/me", cookies(jwtPair(alice.jwt), padding))).of("alice").untouched()
			}
		}},
		{"C23 the name of a cookie is matched in its own case", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice := s.person("alice")
			s.send(get("/me", cookies("STYTCH_SESSION_JWT="+alice.jwt, "Stytch_Session="+alice.Token))).denied("session_missing").untouched()
		}},
		{"C24 two Authorization headers contradict each other; another scheme leaves the cookies be", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice := s.person("alice")
			s.send(get("/me", bearer(alice.jwt), bearer(alice.jwt))).denied("invalid_request").untouched()
			s.send(get("/me", bearer(alice.jwt), "Authorization: Basic YTpi", alice.live())).denied("invalid_request").untouched()
			s.send(get("/me", "Authorization: Basic YTpi", alice.live())).of("alice").untouched()
			s.send(get("/me", "Authorization: Basic YTpi")).denied("session_missing").untouched()
			s.asked(0)
		}},
		{"C25 HEAD is answered as GET, without a body", func(s *stage) {
			app := s.guarded(s.required())
			app.Routes = append(app.Routes, Route{Method: http.MethodHead, Path: "/me", Guards: []Guard{s.required()}, Handler: s.me})
			s.serve(app)
			alice := s.person("alice")
			s.send(get("/me").by(http.MethodHead)).denied("session_missing").untouched()
			s.send(get("/me", alice.live()).by(http.MethodHead)).of("alice").untouched()
			s.send(get("/me", alice.stale()).by(http.MethodHead)).of("alice").refreshed(alice)
		}},
		{"C60 a JWT has one spelling: the bits that encode nothing are zero", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice := s.person("alice")
			for _, other := range alice.respelled() {
				s.send(get("/me", jwtCookie(other))).denied("session_invalid").untouched()
				s.send(get("/me", bearer(other))).denied("session_invalid").untouched()
			}
			s.send(get("/me", cookies(jwtPair(alice.respelled()[0]), jwtPair(alice.jwt)))).of("alice").untouched()
			s.asked(0)
		}},
	}
}
