package stytchkit

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/stytchkit/stytchkit/core/internal/origin"
)

// OrganizationName says where a request names an organization: [PathParam] or [Subdomain].
type OrganizationName struct {
	name string // as it is written
	hint string // what to do when there is nothing
	read func(Request) string
}

// PathParam reads a path parameter of the route. On some frameworks path parameters are empty in
// group middleware: attach the rule to the route itself.
func PathParam(name string) OrganizationName {
	written := fmt.Sprintf("PathParam(%q)", name)
	switch {
	case name == "":
		refusing(written, "the parameter has no name (write the route's own, such as PathParam(\"org\"))")
	case strings.ContainsAny(name, ":{}/?") || strings.HasSuffix(name, "..."):
		refusing(written, "no parameter is called that (write its name without the route's punctuation, such as PathParam(\"org\"))")
	}
	return OrganizationName{
		name: written,
		hint: fmt.Sprintf("the route has no path parameter %q: declare it in the route's path, and attach the rule to that route rather than to its group", name),
		read: func(r Request) string { return r.Param(name) },
	}
}

// Subdomain reads the label in front of a domain in the request's Host: acme of acme.example.com, in
// lower case. An organization whose slug has capital letters is not named that way, only by its ID.
func Subdomain(domain string) OrganizationName {
	written := fmt.Sprintf("Subdomain(%q)", domain)
	suffix := "." + origin.LowerASCII(strings.Trim(domain, "."))
	switch {
	case suffix == ".":
		refusing(written, "the domain is empty (write the one that the organizations' subdomains hang under, such as Subdomain(\"example.com\"))")
	case strings.Trim(suffix, ".-_abcdefghijklmnopqrstuvwxyz0123456789") != "" || strings.Contains(suffix, ".."):
		refusing(written, "no Host ends like that (write a domain without scheme, port, path or wildcard, in ASCII, such as Subdomain(\"example.com\"))")
	}
	return OrganizationName{
		name: written,
		hint: "the request's Host is not one label in front of " + suffix[1:] + ": route only such hosts here",
		read: func(r Request) string { return origin.Label(r.Host(), suffix) },
	}
}

// Organization wants the session's organization, by ID or slug, to be the one that the request
// names. What has the form of an ID is no slug, so that nobody can take another organization's ID for
// theirs. A request that names none is answered 500 route_misconfigured and logged once, never let
// through. In a consumer project it panics.
//
// The rule vouches for the session's organization alone: a handler takes it from the session
// ([Session.OrganizationID]), and needs to read neither path nor Host again.
func Organization(in OrganizationName) Rule {
	name := "Organization(" + in.name + ")"
	if in.read == nil {
		refusing(name, "nothing says where the request names an organization (write Organization(PathParam(\"org\")) or Organization(Subdomain(\"example.com\")))")
	}
	mismatch := fmt.Errorf("%s: the request names another organization than the session's", name)
	missing := fmt.Errorf("%s: %s", name, in.hint)
	var once sync.Once
	rule := requirement(name, rankOrganization, func(_ context.Context, a *Authenticator, r Request, s *Session) *refusal {
		wanted := in.read(r)
		switch {
		case wanted == "":
			once.Do(func() { a.log.Error("stytchkit: a rule cannot be checked; its route answers 500", "error", missing) })
			return refuse(CodeRouteMisconfigured, missing)
		case isNamed(s, wanted):
			return nil
		}
		return refuse(CodeOrganization, mismatch)
	})
	rule.set = func(g *Guard) {
		if g.auth.cfg.Vertical == Consumer {
			refusing(name, "a consumer project has no organizations (write Role, Permission or Check, or set Config.Vertical to stytchkit.B2B)")
		}
	}
	return rule
}

// isNamed reports whether a request that names wanted means the session's organization.
func isNamed(s *Session, wanted string) bool {
	id, slug := s.OrganizationID(), s.OrganizationSlug()
	return wanted == id || wanted == slug && !isOrganizationID(wanted)
}

// isOrganizationID knows the form of Stytch's IDs. Members choose slugs, and the characters of an ID
// are all allowed there.
func isOrganizationID(name string) bool {
	return strings.HasPrefix(name, "organization-test-") || strings.HasPrefix(name, "organization-live-")
}
