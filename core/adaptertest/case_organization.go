package adaptertest

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const (
	acmeID    = "organization-test-acme-0001"
	globexID  = "organization-test-globex-02"
	initechID = "organization-test-initech-3"
)

// organizationCases are the tables of the rule about the organization that a request names.
func organizationCases() []testCase {
	return []testCase{
		{"C52 Organization(PathParam)", organizationInPath},
		{"C52 Organization(PathParam) where the route has no such parameter", undeclaredParam},
		{"C52 Organization(Subdomain)", organizationInHost},
		{"C52 a rule reads a path parameter of its route in a group too", paramInGroup},
		{"C52 a rule at a group reads the parameter of the group's route where the framework has it by then, and never lets a request through without", paramAtGroup},
		{"C52 the organization is answered before roles, permissions, step-up and checks", organizationFirst},
		{"C52 MFA beside single sign-on", func(s *stage) {
			s.play(ruling{says: "a second factor counts", guard: rules(stytchkit.MFA()), by: signedIn(stytchtest.SignedInBy("sso", "totp"))})
		}},
	}
}

// named is one row: the organization as the request names it, and the answer.
type named struct{ says, as, code string }

func (n named) answers(a *answer) {
	a.stage.t.Helper()
	if n.code == "" {
		a.says(a.stage.kind.describedAs("alice", "role-of-alice")).untouched()
		return
	}
	a.denied(n.code).untouched()
}

func (s *stage) organizations() {
	s.srv.AddOrganization(stytchtest.Organization{ID: acmeID, Slug: "acme"})
	s.srv.AddOrganization(stytchtest.Organization{ID: globexID, Slug: "globex"})
}

func organizationInPath(s *stage) {
	s.organizations()
	guard := s.required(stytchkit.Organization(stytchkit.PathParam("org")))
	s.serve(App{Routes: []Route{{Method: http.MethodGet, Path: "/orgs/:org/me", Guards: []Guard{guard}, Handler: s.me}}})
	alice := s.person("alice")
	for _, row := range []named{
		{"by slug", "acme", ""},
		{"by ID", acmeID, ""},
		{"another's slug", "globex", "organization_mismatch"},
		{"another's ID", globexID, "organization_mismatch"},
		{"nobody's slug", "initech", "organization_mismatch"},
		{"the slug, a letter of it encoded", "%61cme", ""},
		{"the slug, all of it encoded", "%61%63%6D%65", ""},
		{"the ID, a letter of it encoded", "%6F" + acmeID[1:], ""},
		{"another's slug, encoded", "%67lobex", "organization_mismatch"},
		{"the slug, encoded twice", "%2561cme", "organization_mismatch"},
		{"the slug in another case", "ACME", "organization_mismatch"},
		{"the ID in another case", strings.ToUpper(acmeID), "organization_mismatch"},
		{"the slug and more", "acme-inc", "organization_mismatch"},
		{"the beginning of the slug", "acm", "organization_mismatch"},
		{"the slug and a dot", "acme.", "organization_mismatch"},
		{"the slug and a space", "acme%20", "organization_mismatch"},
		{"the slug and a plus", "acme+", "organization_mismatch"},
		{"the slug and a tab", "acme%09", "organization_mismatch"},
		{"the slug and a line feed", "acme%0A", "organization_mismatch"},
		{"the slug and NUL", "acme%00", "organization_mismatch"},
		{"the slug and a space without width", "acme%E2%80%8B", "organization_mismatch"},
		{"the slug with a letter that looks alike", "%D0%B0cme", "organization_mismatch"},
		{"the slug with a wide letter", "%EF%BD%81cme", "organization_mismatch"},
		{"bytes that are no text", "%FF%FE", "organization_mismatch"},
		{"two slugs", "acme,globex", "organization_mismatch"},
		{"a slug with a parameter", "acme;org=acme", "organization_mismatch"},
		{"a slug with an encoded query", "globex%3Forg=acme", "organization_mismatch"},
		{"a slug with an encoded fragment", "globex%23acme", "organization_mismatch"},
		{"an asterisk", "*", "organization_mismatch"},
		{"the parameter's name", ":org", "organization_mismatch"},
		{"a long one", strings.Repeat("acme", 200), "organization_mismatch"},
	} {
		s.row(row.says, func() {
			row.answers(s.send(get("/orgs/"+row.as+"/me", alice.live())))
			if row.code != "" { // nothing beside the path makes up for it
				row.answers(s.send(get("/orgs/"+row.as+"/me?org=acme", alice.live(), "X-Original-URL: /orgs/acme/me", "X-Rewrite-URL: /orgs/acme/me")))
			}
		})
	}
	for _, odd := range []string{"globex%2Facme", "acme%2Fglobex", "globex%2F..%2Facme", "globex%5Cacme", "", ".", "..", "%2e%2e", "globex%zz", "%"} {
		s.row("an odd one: "+odd, func() { s.send(get("/orgs/"+odd+"/me", alice.live())).turnedAway() })
	}
	s.row("an organization that took another's ID for its slug is not the other", func() {
		s.srv.AddOrganization(stytchtest.Organization{ID: initechID, Slug: acmeID})
		mallory := memberOf(s.srv, "mallory", stytchtest.Member{Organization: initechID})
		s.send(get("/orgs/"+acmeID+"/me", mallory.live())).denied("organization_mismatch").untouched()
		s.send(get("/orgs/"+initechID+"/me", mallory.live())).says(s.kind.describedAs("mallory")).untouched()
	})
	s.asked(0)
}

func undeclaredParam(s *stage) {
	logged := s.logging()
	guard := s.required(stytchkit.Organization(stytchkit.PathParam("org")))
	s.serve(App{Routes: []Route{
		{Method: http.MethodGet, Path: "/orgs/:organization/me", Guards: []Guard{guard}, Handler: s.me},
		{Method: http.MethodGet, Path: "/no-org", Guards: []Guard{guard}, Handler: s.me},
	}})
	alice := s.person("alice")
	for _, target := range []string{"/orgs/acme/me", "/orgs/acme/me?org=acme", "/no-org", "/no-org?org=acme"} {
		s.send(get(target, alice.live())).denied("route_misconfigured").untouched()
		s.send(get(target, bearer(alice.jwt))).denied("route_misconfigured").untouched()
		s.send(get(target)).denied("session_missing").untouched()
	}
	s.send(get("/no-org", navigation, alice.live())).deniedAsPage("route_misconfigured", "Route misconfigured").untouched()
	for _, want := range []string{`PathParam(\"org\")`, "declare it in the route's path", "attach the rule to that route"} {
		if strings.Count(logged.String(), want) == 0 {
			s.t.Errorf("the log does not say %s: %s", want, logged)
		}
	}
	if got := strings.Count(logged.String(), "level=ERROR"); got != 1 {
		s.t.Errorf("%d errors were logged, want one for all requests: %s", got, logged)
	}
}

func organizationInHost(s *stage) {
	s.organizations()
	logged := s.logging()
	s.serve(s.guarded(s.required(stytchkit.Organization(stytchkit.Subdomain("example.com")))))
	alice := s.person("alice")
	forwarded := []string{alice.live(), "X-Forwarded-Host: acme.example.com", "X-Original-Host: acme.example.com", "Forwarded: host=acme.example.com"}
	for _, row := range []named{
		{"by slug", "acme.example.com", ""},
		{"by ID", acmeID + ".example.com", ""},
		{"in another case", "AcMe.EXAMPLE.com", ""},
		{"with a port", "acme.example.com:8443", ""},
		{"with the dot that ends every name", "acme.example.com.", ""},
		{"with that dot and a port", "acme.example.com.:8443", ""},
		{"another's slug", "globex.example.com", "organization_mismatch"},
		{"another's ID", globexID + ".example.com", "organization_mismatch"},
		{"the slug and more", "acme-inc.example.com", "organization_mismatch"},
		{"the domain alone", "example.com", "route_misconfigured"},
		{"no label", ".example.com", "route_misconfigured"},
		{"two labels", "acme.evil.example.com", "route_misconfigured"},
		{"two labels, the nearer one its own", "evil.acme.example.com", "route_misconfigured"},
		{"a domain that ends alike", "acme.notexample.com", "route_misconfigured"},
		{"a domain that goes on", "acme.example.com.evil.test", "route_misconfigured"},
		{"two dots at the end", "acme.example.com..", "route_misconfigured"},
		{"an IPv4 address", "127.0.0.1:8443", "route_misconfigured"},
		{"an IPv6 address", "[::1]:8443", "route_misconfigured"},
		{"this machine", "localhost", "route_misconfigured"},
	} {
		s.row(row.says, func() {
			row.answers(s.send(get("/me", alice.live()).to(row.as)))
			if row.code != "" { // no other header makes up for it
				row.answers(s.send(get("/me", forwarded...).to(row.as)))
			}
		})
	}
	s.row("brackets around what is no IPv6 address, which a server may refuse before any guard", func() {
		for _, lines := range [][]string{{alice.live()}, forwarded} {
			a := s.send(get("/me", lines...).to("[acme.example.com]")).varies()
			if a.status == http.StatusBadRequest {
				a.turnedAway()
				continue
			}
			a.denied("route_misconfigured").untouched()
		}
	})
	s.row("the host of a target in absolute form goes before that of the Host header (RFC 9112 §3.2.2)", func() {
		s.send(get("http://globex.example.com/me", alice.live()).to("acme.example.com")).denied("organization_mismatch").untouched()
		s.send(get("http://acme.example.com/me", alice.live()).to("globex.example.com")).of("alice").untouched()
	})
	s.row("an organization whose slug has capitals is not the one that a host names", func() {
		s.srv.AddOrganization(stytchtest.Organization{ID: initechID, Slug: "ACME"})
		carol := memberOf(s.srv, "carol", stytchtest.Member{Organization: initechID})
		s.send(get("/me", carol.live()).to("acme.example.com")).denied("organization_mismatch").untouched()
		s.send(get("/me", carol.live()).to("ACME.example.com")).denied("organization_mismatch").untouched()
		s.send(get("/me", carol.live()).to(initechID + ".example.com")).says(s.kind.describedAs("carol")).untouched()
	})
	s.row("a host in the query is no host", func() {
		s.send(get("/me?to=http://acme.example.com/me", alice.live()).to("globex.example.com")).denied("organization_mismatch").untouched()
	})
	if got := strings.Count(logged.String(), "level=ERROR"); got != 1 || !strings.Contains(logged.String(), "route only such hosts here") {
		s.t.Errorf("%d errors were logged, want one for all requests that says what to do: %s", got, logged)
	}
	s.asked(0)
}

// logbook keeps what was logged.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// logging makes the case's Authenticator one whose log can be read.
func (s *stage) logging() *logbook {
	s.t.Helper()
	log := &logbook{}
	s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.Logger = slog.New(slog.NewTextHandler(log, nil)) })
	return log
}
