package adaptertest

import (
	"net/http"
	"strings"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// denialCases are about how a request is refused.
func denialCases() []testCase {
	return []testCase{
		{"C50 unrelated cookies present nothing", func(s *stage) {
			s.serve(s.guarded(s.required()))
			s.send(get("/me", cookies("theme=dark", "stytch_session_jwt_old=x.y.z", "xstytch_session=opaque-token"))).denied("session_missing").untouched()
		}},
		{"C51 no spelling of its path opens a guarded group", func(s *stage) {
			s.serve(App{Groups: []Group{{Prefix: "/api", Guards: []Guard{s.required()}, Routes: []Route{
				{Method: http.MethodGet, Path: "/me", Handler: s.me},
			}}}})
			for _, path := range []string{
				"//api/me", "/api//me", "/API/ME", "/api/me/", "/./api/me", "/x/../api/me", "/%61pi/me", "/api%2Fme", "/api/me;x=1",
			} {
				s.send(get(path)).refused()
			}
			s.send(get("/api/me?x=1")).denied("session_missing")
		}},
		{"C49 C52 every denial has its status, its challenge, its Vary and its Cache-Control", func(s *stage) {
			s.serve(s.guarded(s.required()))
			alice := s.person("alice")
			s.send(get("/me")).denied("session_missing")
			s.send(get("/me", bearer(""))).denied("session_invalid")
			s.send(get("/me", bearer("short"))).denied("session_invalid")
			s.send(get("/me", bearer("not.a.jwt"))).denied("session_invalid")
			s.send(get("/me", bearer(alice.jwt), bearer(alice.jwt))).denied("invalid_request")
			s.send(get("/me", alice.live(), "Origin: https://other.example", "Upgrade: websocket", "Connection: Upgrade")).denied("cross_origin")
			s.misconfigured()
			s.send(get("/me", alice.stale())).denied("stytch_misconfigured").untouched()
			s.srv.Stop()
			s.send(get("/me", alice.stale())).denied("stytch_unavailable").untouched()
		}},
		{"a person who waits for a page gets one", func(s *stage) {
			s.serve(s.guarded(s.required()))
			s.send(get("/me", navigation)).deniedAsPage("session_missing", "Sign in to continue")
			s.send(get("/me", "Accept: text/html,application/xhtml+xml,*/*;q=0.8")).deniedAsPage("session_missing", "Sign in to continue")
			s.send(get("/me", "Accept: */*")).denied("session_missing")
			s.send(get("/me", navigation, s.endedPerson().byToken())).deniedAsPage("session_ended", "Session ended").cleared()
			s.srv.Stop()
			s.send(get("/me", navigation, s.person("alice").byToken())).deniedAsPage("stytch_unavailable", "Try again shortly").untouched()
		}},
		{"a person without a session is sent to the login page, and from there back to where they were", func(s *stage) {
			s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.LoginURL = "/login" })
			app := s.guarded(s.required())
			app.Groups = []Group{{Prefix: "/api", Guards: []Guard{s.required()}, Routes: []Route{{Path: "/any", Handler: s.me}}}}
			s.serve(app)
			s.send(get("/me?q=a%20b+c&token=secret&page=2", navigation)).sentToLogin("session_missing", "/login?reason=session_missing&return_to=%2Fme%3Fq%3Da%2520b%2Bc%26page%3D2")
			s.send(get("http://"+host+"/me?q=1", navigation)).sentToLogin("session_missing", "/login?reason=session_missing&return_to=%2Fme%3Fq%3D1")
			s.send(get("/api/any?q=%C3%BC", navigation)).sentToLogin("session_missing", "/login?reason=session_missing&return_to=%2Fapi%2Fany%3Fq%3D%25C3%25BC")
			s.send(post("/api/any?q=1", navigation)).sentToLogin("session_missing", "/login?reason=session_missing")
			s.send(get("/me", navigation, s.endedPerson().byToken())).sentToLogin("session_ended", "/login?reason=session_ended&return_to=%2Fme").cleared()
			s.send(get("/me")).denied("session_missing")
		}},
		{"below a path that a proxy strips, a person is sent to that path, and back to it", func(s *stage) {
			s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) {
				c.Origin, c.LoginURL, c.LogoutURL, c.StepUpURL = "https://"+host+"/app", "/login?a=b#form", "/auth/logout", "/auth/step-up"
			})
			proven := s.required(stytchkit.Factors("imported"))
			s.serve(App{Routes: []Route{
				{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required()}, Handler: s.me},
				{Method: http.MethodGet, Path: "/proven", Guards: []Guard{proven}, Handler: s.me},
			}})
			alice, bob := s.person("alice"), s.person("bob")
			s.send(get("/me?page=2", navigation)).sentToLogin("session_missing", "/app/login?a=b&reason=session_missing&return_to=%2Fapp%2Fme%3Fpage%3D2#form")
			s.send(get("/me?page=2", navigation, "X-Forwarded-Prefix: /evil", "X-Forwarded-Host: evil.example")).sentToLogin("session_missing", "/app/login?a=b&reason=session_missing&return_to=%2Fapp%2Fme%3Fpage%3D2#form")
			s.send(get("/proven", navigation, alice.live())).sentToLogin("reauthentication_required", "/app/auth/step-up?reason=reauthentication_required&return_to=%2Fapp%2Fproven")
			page := s.send(get("/me", navigation, cookies(jwtPair(alice.jwt), jwtPair(bob.jwt)))).deniedAsPage("invalid_request", "Ambiguous credentials")
			if !strings.Contains(page.text, `href="/app/auth/logout"`) {
				page.fail("a link below the path", "the page leads elsewhere")
			}
		}},
		{"a login page that is itself guarded is not sent to itself, however its URL is written", func(s *stage) {
			const sameHost, behindProxy, strippedPath = host, "10.0.0.7:8080", "10.0.0.8:8080"
			for _, row := range []struct{ login, origin, host string }{
				{"/me", "", sameHost},
				{"https://" + host + "/me#form", "", sameHost},
				{"https://" + host + "/me?from=guard", "https://" + host, behindProxy},
				{"https://" + host + "/app/me", "https://" + host + "/app", strippedPath},
				{"/me", "https://" + host + "/app", strippedPath},
				{"/me", "https://*.example.com", "app.example.com"},
				{"https://app.example.com/me", "https://*.example.com", "App.example.com."},
			} {
				s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.LoginURL, c.Origin = row.login, row.origin })
				s.serve(App{Routes: []Route{
					{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required()}, Handler: s.me},
					{Method: http.MethodGet, Path: "/app/me", Guards: []Guard{s.required()}, Handler: s.me},
				}})
				s.send(get("/me", navigation).to(row.host)).deniedAsPage("session_missing", "Sign in to continue")
			}
			s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.LoginURL = "https://login.example.com/me" })
			s.serve(s.guarded(s.required()))
			s.send(get("/me", navigation)).sentToLogin("session_missing", "https://login.example.com/me?reason=session_missing&return_to=%2Fme")
		}},
	}
}

// navigation is how a browser asks for a page.
const navigation = "Sec-Fetch-Mode: navigate"
