package stytchkit_test

import (
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Organizations of the tests, and what a person may have chosen for the slug.
const (
	ownID    = "organization-test-11111111-1111-4111-8111-111111111111"
	victimID = "organization-test-22222222-2222-4222-8222-222222222222"
)

// sessionIn is the session of a member of an organization with this slug.
func sessionIn(w *world, slug string) *stytchtest.Session {
	w.srv.AddOrganization(stytchtest.Organization{ID: ownID, Slug: slug})
	return w.srv.AddMember(stytchtest.Member{Organization: ownID}).SignIn()
}

func TestOrganizationInPath(t *testing.T) {
	const through, another, misconfigured = "", "organization_mismatch", "route_misconfigured"
	for _, row := range []struct{ name, slug, named, code string }{
		{"by slug", "acme", "acme", through},
		{"by ID", "acme", ownID, through},
		{"another's", "acme", "globex", another},
		{"a slug in other case", "acme", "ACME", another},
		{"an ID in other case", "acme", strings.ToUpper(ownID), another},
		{"nothing", "acme", "", misconfigured},
		{"a slug that is another's ID", victimID, victimID, another},
		{"a slug that is an ID of nobody's", "organization-live-1", "organization-live-1", another},
		{"the ID of who has taken another's for a slug", victimID, ownID, through},
		{"a slug that only begins like an ID", "organization-testing", "organization-testing", through},
		{"a slug with everything that a slug may have", "A.c_m~e-1", "A.c_m~e-1", through},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			r := routed{stytchkit.HTTPRequest{R: bearer(sessionIn(w, row.slug).JWT())}, map[string]string{"org": row.named}}
			if d := w.auth.Require(stytchkit.Organization(stytchkit.PathParam("org"))).Check(t.Context(), r); code(d) != row.code {
				t.Errorf("got %q, want %q", code(d), row.code)
			}
		})
	}
}

func TestASessionWithoutASlugIsOfNoOrganizationThatIsNamedByNothing(t *testing.T) {
	w := newWorld(t)
	session := sessionIn(w, "acme")
	jwt := session.JWT(stytchtest.Claim(organizationClaim, map[string]any{"organization_id": ownID, "slug": ""}))
	for _, in := range []stytchkit.OrganizationName{stytchkit.PathParam("org"), stytchkit.Subdomain("example.com")} {
		r := bearer(jwt)
		r.Host = ".example.com"
		if d := w.auth.Require(stytchkit.Organization(in)).Check(t.Context(), routed{stytchkit.HTTPRequest{R: r}, nil}); code(d) != "route_misconfigured" {
			t.Errorf("got %q, want route_misconfigured", code(d))
		}
	}
}

func TestOrganizationInHost(t *testing.T) {
	const through, another, misconfigured = "", "organization_mismatch", "route_misconfigured"
	for _, row := range []struct{ name, domain, slug, host, code string }{
		{"by slug", "example.com", "acme", "acme.example.com", through},
		{"by ID", "example.com", "acme", ownID + ".example.com", through},
		{"the host in any case", "Example.COM", "acme", "aCME.Example.com", through},
		{"a slug with capitals, which no host name has", "example.com", "ACME", "acme.example.com", another},
		{"that in its own case", "example.com", "ACME", "ACME.example.com", another},
		{"its organization by ID", "example.com", "ACME", ownID + ".example.com", through},
		{"with a port", "example.com", "acme", "acme.example.com:8443", through},
		{"with an empty port", "example.com", "acme", "acme.example.com:", through},
		{"with a dot at the end", "example.com", "acme", "acme.example.com.", through},
		{"with a dot at the end of the rule's domain", "example.com.", "acme", "acme.example.com", through},
		{"with a dot in front of the rule's domain", ".example.com", "acme", "acme.example.com", through},
		{"under a domain of one label", "localhost", "acme", "acme.localhost:8080", through},
		{"another's slug", "example.com", "acme", "globex.example.com", another},
		{"a slug that is another's ID", "example.com", victimID, victimID + ".example.com", another},
		{"that in another case", "example.com", strings.ToUpper(victimID), victimID + ".example.com", another},
		{"a Kelvin sign, whose lower case is a k", "example.com", "kelvin", "\u212Aelvin.example.com", another},
		{"a long s, whose upper case is an S", "example.com", "stark", "\u017Ftark.example.com", another},
		{"a Kelvin sign in the domain", "kelvin.com", "acme", "acme.\u212Aelvin.com", misconfigured},
		{"a dotless i", "example.com", "initech", "\u0131nitech.example.com", another},
		{"an ideographic full stop", "example.com", "acme", "acme\u3002example.com", misconfigured},
		{"no host", "example.com", "acme", "", misconfigured},
		{"the domain alone", "example.com", "acme", "example.com", misconfigured},
		{"an empty label", "example.com", "acme", ".example.com", misconfigured},
		{"two dots at the end", "example.com", "acme", "acme.example.com..", misconfigured},
		{"two dots between", "example.com", "acme", "acme..example.com", misconfigured},
		{"two labels", "example.com", "acme", "acme.evil.example.com", misconfigured},
		{"a domain that ends alike", "example.com", "acme", "acme.notexample.com", misconfigured},
		{"a domain that goes on", "example.com", "acme", "acme.example.com.evil.test", misconfigured},
		{"another host after the port", "example.com", "acme", "acme.example.com:80@globex.example.com", misconfigured},
		{"another host in front", "example.com", "acme", "globex.example.com@acme.example.com", misconfigured},
		{"a port that is none", "example.com", "acme", "acme.example.com:x", misconfigured},
		{"two ports", "example.com", "acme", "acme.example.com:80:80", misconfigured},
		{"a path", "example.com", "acme", "acme.example.com/globex", misconfigured},
		{"brackets", "example.com", "acme", "[acme.example.com]", misconfigured},
		{"an IPv6 address", "example.com", "acme", "[::1]:443", misconfigured},
		{"an IPv6 address without brackets", "example.com", "acme", "::1", misconfigured},
		{"an IPv4 address", "example.com", "acme", "192.0.2.1", misconfigured},
		{"a space", "example.com", "acme", "acme .example.com", another},
		{"a comma", "example.com", "acme", "acme.example.com, globex.example.com", misconfigured},
		{"NUL", "example.com", "acme", "acme\x00.example.com", another},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			r := bearer(sessionIn(w, row.slug).JWT())
			r.Host = row.host
			if d := check(w.auth.Require(stytchkit.Organization(stytchkit.Subdomain(row.domain))), r); code(d) != row.code {
				t.Errorf("Host %q: got %q, want %q", row.host, code(d), row.code)
			}
		})
	}
}

// A host names an organization only if, by the rules of DNS, it is the very label in front of the domain.
func FuzzSubdomain(f *testing.F) {
	srv := stytchtest.Start(f, stytchtest.Options{Key: signingKey()})
	auth, err := stytchkit.New(srv.Config())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(auth.Close)
	const slug = "acme"
	srv.AddOrganization(stytchtest.Organization{ID: ownID, Slug: slug})
	token := srv.AddMember(stytchtest.Member{Organization: ownID}).SignIn().JWT(stytchtest.Lifetime(time.Hour))
	guard := auth.Require(stytchkit.Fresh(time.Hour), stytchkit.Organization(stytchkit.Subdomain("example.com")))
	for _, seed := range []string{"acme.example.com", "ACME.example.com.:443", "acme.example.com:", "\u212A.example.com", "[acme.example.com]", "a.acme.example.com"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		r := bearer(token)
		r.Host = host
		d := check(guard, r)
		name, port, _ := strings.Cut(host, ":")
		labels := strings.Split(strings.TrimSuffix(name, "."), ".")
		names := len(labels) == 3 && isFold(labels[0], slug, ownID) && isFold(labels[1], "example") && isFold(labels[2], "com") && strings.Trim(port, "0123456789") == ""
		if through := d.Denial == nil; through != names {
			t.Errorf("Host %q: let through %v, want %v (%v)", host, through, names, d.Denial)
		}
	})
}

// isFold compares ASCII without regard to case, and nothing else.
func isFold(label string, names ...string) bool {
	for _, name := range names {
		if len(label) == len(name) && strings.EqualFold(label, name) {
			return true
		}
	}
	return false
}
