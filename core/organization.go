package stytchkit

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// OrganizationName says where a request names an organization: [PathParam] or [Subdomain].
type OrganizationName struct {
	name string // as it is written
	hint string // what to do when there is nothing
	read func(Request) string
	fold bool // names are compared without regard to case, as host names are
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

// Subdomain reads the label in front of a domain in the request's Host: acme of acme.example.com.
func Subdomain(domain string) OrganizationName {
	written := fmt.Sprintf("Subdomain(%q)", domain)
	suffix := "." + lowerASCII(strings.Trim(domain, "."))
	switch {
	case suffix == ".":
		refusing(written, "the domain is empty (write the one that the organizations' subdomains hang under, such as Subdomain(\"example.com\"))")
	case strings.Trim(suffix, ".-_abcdefghijklmnopqrstuvwxyz0123456789") != "" || strings.Contains(suffix, ".."):
		refusing(written, "no Host ends like that (write a domain without scheme, port, path or wildcard, in ASCII, such as Subdomain(\"example.com\"))")
	}
	return OrganizationName{
		name: written,
		hint: "the request's Host is not one label in front of " + suffix[1:] + ": route only such hosts here",
		fold: true,
		read: func(r Request) string { return subdomain(r.Host(), suffix) },
	}
}

// subdomain is the label in front of a suffix, which begins with a dot and is in lower case. A dot
// at the end of the host's name is part of how names are written (RFC 1034 §3.1); an address in
// brackets has no labels.
func subdomain(host, suffix string) string {
	name, port, _ := strings.Cut(host, ":")
	label, ok := strings.CutSuffix(lowerASCII(strings.TrimSuffix(name, ".")), suffix)
	if !ok || strings.Contains(label, ".") || strings.Trim(port, "0123456789") != "" {
		return ""
	}
	return label
}

// lowerASCII leaves alone what host names do not consist of: Unicode has letters, such as the Kelvin
// sign, whose lower case is one of ASCII's.
func lowerASCII(s string) string {
	isUpper := func(c rune) bool { return 'A' <= c && c <= 'Z' }
	if !strings.ContainsFunc(s, isUpper) {
		return s
	}
	lower := []byte(s)
	for i, c := range lower {
		if isUpper(rune(c)) {
			lower[i] += 'a' - 'A'
		}
	}
	return string(lower)
}

// Organization wants the session's organization, by ID or slug, to be the one that the request
// names. What has the form of an ID is no slug, so that nobody can take another organization's ID for
// theirs. A request that names none is answered 500 route_misconfigured and logged once, never let
// through.
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
	return requirement(name, rankOrganization, func(_ context.Context, a *Authenticator, r Request, s *Session) *refusal {
		wanted := in.read(r)
		switch {
		case wanted == "":
			once.Do(func() { a.log.Error("stytchkit: a rule cannot be checked; its route answers 500", "error", missing) })
			return refuse(CodeRouteMisconfigured, missing)
		case in.names(s, wanted):
			return nil
		}
		return refuse(CodeOrganization, mismatch)
	})
}

// names reports whether a request that names wanted means the session's organization.
func (in *OrganizationName) names(s *Session, wanted string) bool {
	id, slug := s.OrganizationID(), s.OrganizationSlug()
	if in.fold {
		wanted, id, slug = lowerASCII(wanted), lowerASCII(id), lowerASCII(slug)
	}
	return wanted == id || wanted == slug && !isOrganizationID(wanted)
}

// isOrganizationID knows the form of Stytch's IDs. Members choose slugs, and the characters of an ID
// are all allowed there.
func isOrganizationID(name string) bool {
	return strings.HasPrefix(name, "organization-test-") || strings.HasPrefix(name, "organization-live-")
}
