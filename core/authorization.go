package stytchkit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Role wants the member to have at least one of these roles, by role ID.
func Role(ids ...string) Rule {
	name := "Role(" + quoted(ids) + ")"
	wantNames(name, "role ID, such as Role(\"stytch_admin\")", ids)
	err := fmt.Errorf("%s: the member has none of these roles", name)
	return requirement(name, rankPermission, func(_ context.Context, _ *Authenticator, _ Request, s *Session) *refusal {
		if slices.ContainsFunc(ids, s.HasRole) {
			return nil
		}
		return refuse(CodePermissionDenied, err)
	})
}

// AllRoles wants the member to have every one of these roles, by role ID.
func AllRoles(ids ...string) Rule {
	name := "AllRoles(" + quoted(ids) + ")"
	wantNames(name, "role ID, such as AllRoles(\"editor\", \"billing\")", ids)
	err := fmt.Errorf("%s: the member lacks one of these roles", name)
	return requirement(name, rankPermission, func(_ context.Context, _ *Authenticator, _ Request, s *Session) *refusal {
		for _, id := range ids {
			if !s.HasRole(id) {
				return refuse(CodePermissionDenied, err)
			}
		}
		return nil
	})
}

// NoImpersonation refuses sessions in which somebody acts as the member; see [Session.Impersonator].
func NoImpersonation() Rule {
	const name = "NoImpersonation()"
	err := errors.New(name + ": the session is an impersonation")
	return requirement(name, rankPermission, func(_ context.Context, _ *Authenticator, _ Request, s *Session) *refusal {
		if _, impersonated := s.Impersonator(); impersonated {
			return refuse(CodePermissionDenied, err)
		}
		return nil
	})
}

// Check is the application's own rule. An error denies with 403; its text reaches only logs and the
// error handler. It is called concurrently, after all other rules are met.
func Check(name string, check func(ctx context.Context, s *Session) error) Rule {
	rule := fmt.Sprintf("Check(%q)", name)
	if name == "" {
		refusing(rule, "the check has no name (write what it checks, such as Check(\"owns the document\", …))")
	}
	if check == nil {
		refusing(rule, "the check function is nil (want func(context.Context, *stytchkit.Session) error)")
	}
	return requirement(rule, rankCheck, func(ctx context.Context, a *Authenticator, _ Request, s *Session) (why *refusal) {
		defer func() {
			if p := recover(); p != nil {
				a.log.Error("stytchkit: a check panicked; the request is denied", "rule", rule, "panic", p)
				why = refuse(CodePermissionDenied, fmt.Errorf("%s panicked: %v", rule, p))
			}
		}()
		if err := check(ctx, s); err != nil {
			return refuse(CodePermissionDenied, fmt.Errorf("%s: %w", rule, err))
		}
		return nil
	})
}

// OrganizationName says where a request names an organization: [PathParam] or [Subdomain].
type OrganizationName struct {
	name string // as it is written
	hint string // what to do when there is nothing
	read func(Request) string
	fold bool // names are compared without regard to case
}

// PathParam reads a path parameter of the route. On some frameworks path parameters are empty in
// group middleware: attach the rule to the route itself.
func PathParam(name string) OrganizationName {
	written := fmt.Sprintf("PathParam(%q)", name)
	if name == "" {
		refusing(written, "the parameter has no name (write the route's own, such as PathParam(\"org\"))")
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
	suffix := "." + strings.ToLower(strings.Trim(domain, "."))
	if suffix == "." {
		refusing(written, "the domain is empty (write the one that the organizations' subdomains hang under, such as Subdomain(\"example.com\"))")
	}
	return OrganizationName{
		name: written,
		hint: "the request's Host is not one label in front of " + suffix[1:] + ": route only such hosts here",
		fold: true,
		read: func(r Request) string {
			label, ok := strings.CutSuffix(strings.ToLower(hostname(r.Host())), suffix)
			if !ok || strings.Contains(label, ".") {
				return ""
			}
			return label
		},
	}
}

// Organization wants the session's organization, by ID or slug, to be the one that the request
// names. A request that names none is answered 500 route_misconfigured and logged once, never let
// through.
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
		case wanted == s.OrganizationID(), wanted == s.OrganizationSlug():
			return nil
		case in.fold && (strings.EqualFold(wanted, s.OrganizationID()) || strings.EqualFold(wanted, s.OrganizationSlug())):
			return nil
		}
		return refuse(CodeOrganization, mismatch)
	})
}

func requirement(name string, r rank, check func(context.Context, *Authenticator, Request, *Session) *refusal) Rule {
	return Rule{name: name, rank: r, check: check, set: func(*Guard) {}}
}

// wantNames panics about a rule that names nothing.
func wantNames(rule, want string, names []string) {
	if len(names) == 0 || slices.Contains(names, "") {
		refusing(rule, "an empty list or name lets nobody in (write a "+want+")")
	}
}

func quoted(names []string) string {
	var list []string
	for _, name := range names {
		list = append(list, fmt.Sprintf("%q", name))
	}
	return strings.Join(list, ", ")
}
