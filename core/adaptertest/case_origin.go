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
		{"C43-C44 a page of Config.Origin is the application's own, whatever Host a proxy sends", func(s *stage) {
			s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.Origin = "https://" + host })
			s.serve(page(s))
			alice := s.person("alice")
			s.send(post("/do", alice.live(), ownOrigin).to("10.0.0.7:8080")).of("alice")
			s.send(post("/do", alice.live(), ownOrigin, "Sec-Fetch-Site: cross-site").to("10.0.0.7:8080")).denied("cross_origin").untouched()
			s.send(post("/do", alice.live(), "Origin: http://"+host).to("10.0.0.7:8080")).denied("cross_origin").untouched()
			s.send(post("/do", alice.live(), otherOrigin).to("10.0.0.7:8080")).denied("cross_origin").untouched()
		}},
		{"C43-C44 where each organization has a host, the pages of one are another origin's to the others", func(s *stage) {
			s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.Origin = "https://*.example.com" })
			s.serve(page(s))
			alice := s.person("alice")
			const acme, globex = "Origin: https://acme.example.com", "Origin: https://globex.example.com"
			s.send(post("/do", alice.live(), acme).to("Acme.example.com.")).of("alice")
			s.send(post("/do", alice.live(), globex).to("acme.example.com")).denied("cross_origin").untouched()
			s.send(post("/do", alice.live(), acme, "X-Forwarded-Host: acme.example.com").to("globex.example.com")).denied("cross_origin").untouched()
			s.send(post("/do", alice.live(), acme).to("10.0.0.7:8080")).denied("cross_origin").untouched()
			s.send(post("/do", alice.live(), "Origin: http://acme.example.com").to("acme.example.com:443")).denied("cross_origin").untouched()
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
		{"C43-C48 AllowCrossOrigin, and where the protection stands", crossOrigins},
		{"C48 a bearer's POST from another origin is nobody's forgery", func(s *stage) {
			s.serve(page(s))
			s.send(post("/do", bearer(s.person("alice").jwt), otherOrigin)).of("alice").untouched()
		}},
	}
}

// crossOrigins is a table: whose page sends what to which route.
func crossOrigins(s *stage) {
	s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) {
		c.TrustedOrigins = []string{"https://app.Trusted.example", "https://*.Pages.example:8443"}
	})
	allowed := Guard{Auth: s.auth, Rules: rules(stytchkit.AllowCrossOrigin())}
	route := func(path string, guards ...Guard) Route { return Route{Path: path, Guards: guards, Handler: s.me} }
	s.serve(App{Routes: []Route{
		route("/guarded", s.required()),
		route("/open", allowed),
		route("/optional", s.optional()),
		route("/optional-open", Guard{Auth: s.auth, Optional: true, Rules: rules(stytchkit.AllowCrossOrigin())}),
		route("/optional-then-guarded", s.optional(), s.required()),
		route("/optional-then-open", s.optional(), allowed),
		route("/guarded-then-open", s.required(), allowed),
		route("/open-then-guarded", allowed, s.required()),
		route("/open-to-some", Guard{Auth: s.auth, Rules: rules(stytchkit.AllowCrossOrigin(), stytchkit.Role("nobody-has-it"))}),
	}})
	const (
		through = ""
		nobody  = "(nobody)"
		refused = "cross_origin"
		other   = "Origin: https://other.example"
		upgrade = "Upgrade: websocket"
	)
	alice := s.person("alice")
	for _, row := range []struct {
		says, method, path string
		lines              []string
		want               string
	}{
		{"another origin's POST is refused", "POST", "/guarded", []string{other}, refused},
		{"so is its PUT", "PUT", "/guarded", []string{other}, refused},
		{"so is its PATCH", "PATCH", "/guarded", []string{other}, refused},
		{"so is its DELETE", "DELETE", "/guarded", []string{other}, refused},
		{"its GET is not", "GET", "/guarded", []string{other}, through},
		{"its OPTIONS is not", "OPTIONS", "/guarded", []string{other}, through},
		{"another site's POST is refused without an Origin", "POST", "/guarded", []string{"Sec-Fetch-Site: cross-site"}, refused},
		{"a sibling's POST is refused", "POST", "/guarded", []string{"Sec-Fetch-Site: same-site", "Origin: https://www.example.com"}, refused},
		{"what no page caused is let through", "POST", "/guarded", []string{"Sec-Fetch-Site: none"}, through},
		{"an origin that a browser hides is another one", "POST", "/guarded", []string{"Origin: null"}, refused},
		{"unless the browser says that it is this one", "POST", "/guarded", []string{"Origin: null", "Sec-Fetch-Site: same-origin"}, through},
		{"a Sec-Fetch-Site in another case is none that browsers send", "POST", "/guarded", []string{"Sec-Fetch-Site: Same-Origin"}, refused},
		{"an empty one says nothing", "POST", "/guarded", []string{"Sec-Fetch-Site: ", other}, refused},
		{"this host by another port is another origin", "POST", "/guarded", []string{"Origin: https://" + host + ":8443"}, refused},
		{"an origin that begins like this host is another", "POST", "/guarded", []string{"Origin: https://" + host + ".other.example"}, refused},
		{"an origin with this host for its user is another", "POST", "/guarded", []string{"Origin: https://" + host + "@other.example"}, refused},
		{"no URL is another origin", "POST", "/guarded", []string{"Origin: " + host}, refused},
		{"a trusted origin's POST is let through", "POST", "/guarded", []string{"Origin: https://app.trusted.example", "Sec-Fetch-Site: cross-site"}, through},
		{"in any case, and with its port", "POST", "/guarded", []string{"Origin: HTTPS://APP.trusted.example:443", "Sec-Fetch-Site: cross-site"}, through},
		{"over plain HTTP it is another", "POST", "/guarded", []string{"Origin: http://app.trusted.example", "Sec-Fetch-Site: cross-site"}, refused},
		{"a subdomain of it is another", "POST", "/guarded", []string{"Origin: https://x.app.trusted.example", "Sec-Fetch-Site: cross-site"}, refused},
		{"every host of a trusted pattern is trusted", "POST", "/guarded", []string{"Origin: https://Acme.pages.example:8443", "Sec-Fetch-Site: cross-site"}, through},
		{"the pattern's own domain is not", "POST", "/guarded", []string{"Origin: https://pages.example:8443", "Sec-Fetch-Site: cross-site"}, refused},
		{"nor is a label more", "POST", "/guarded", []string{"Origin: https://a.b.pages.example:8443", "Sec-Fetch-Site: cross-site"}, refused},
		{"nor another port", "POST", "/guarded", []string{"Origin: https://acme.pages.example", "Sec-Fetch-Site: cross-site"}, refused},
		{"nor a name that looks like another", "POST", "/guarded", []string{"Origin: https://xn--cme-7cd.pages.example:8443", "Sec-Fetch-Site: cross-site"}, refused},
		{"nor plain HTTP", "POST", "/guarded", []string{"Origin: http://acme.pages.example:8443", "Sec-Fetch-Site: cross-site"}, refused},
		{"two origins are another", "POST", "/guarded", []string{"Origin: https://app.trusted.example https://other.example", "Sec-Fetch-Site: cross-site"}, refused},

		{"an upgrade to WebSocket counts as a POST", "GET", "/guarded", []string{upgrade, other}, refused},
		{"in any case", "GET", "/guarded", []string{"upgrade: WebSocket", other}, refused},
		{"with a version", "GET", "/guarded", []string{"Upgrade: websocket/13", other}, refused},
		{"among others", "GET", "/guarded", []string{"Upgrade: h2c,websocket", other}, refused},
		{"with spaces around", "GET", "/guarded", []string{"Upgrade:  \t websocket \t ", other}, refused},
		{"on a line of its own", "GET", "/guarded", []string{"Upgrade: h2c", upgrade, other}, refused},
		{"for a HEAD", "HEAD", "/guarded", []string{upgrade, other}, refused},
		{"by this origin it is let through", "GET", "/guarded", []string{upgrade, "Origin: https://" + host}, through},
		{"another upgrade does not count", "GET", "/guarded", []string{"Upgrade: h2c", other}, through},

		{"AllowCrossOrigin lets another origin's POST through", "POST", "/open", []string{other}, through},
		{"and its upgrade", "GET", "/open", []string{upgrade, other}, through},
		{"and leaves the other rules as they are", "POST", "/open-to-some", []string{other}, "permission_denied"},
		{"Optional gives another origin's POST no session", "POST", "/optional", []string{other}, nobody},
		{"nor its upgrade", "GET", "/optional", []string{upgrade, other}, nobody},
		{"unless it allows them", "POST", "/optional-open", []string{other}, through},
		{"a Require inside says why", "POST", "/optional-then-guarded", []string{other}, refused},
		{"or allows it", "POST", "/optional-then-open", []string{other}, through},
		{"but not behind one that does not", "POST", "/guarded-then-open", []string{other}, refused},
		{"and what it allows, one inside may refuse", "POST", "/open-then-guarded", []string{other}, refused},
	} {
		s.row(row.says, func() {
			a := s.send(post(row.path, append(row.lines, alice.live())...).by(row.method))
			switch row.want {
			case through:
				a.of("alice").untouched()
			case nobody:
				a.ofNobody().untouched()
			default:
				a.denied(row.want).untouched()
			}
		})
	}
	s.asked(0)
}
