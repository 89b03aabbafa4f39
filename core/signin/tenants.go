package signin

import (
	"net/url"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// organization is which one a form or a link means: where it names none, the one whose host this is.
func (v *visit) organization(named string) string {
	named = strings.TrimSpace(named)
	if named == "" && v.in.Consumer == nil {
		return v.cfg.own.Tenant(v.r.Host)
	}
	return named
}

// keepsTenantsApart reports whether the session's cookies of one organization's host are seen by no other.
func (v *visit) keepsTenantsApart() bool { return v.cfg.own.HasTenants() && v.in.CookieDomain == "" }

// hostFor is the origin where a finished login belongs, empty where it is here. False: its session can be
// stored nowhere but there, so that it has been ended, and the request answered.
func (v *visit) hostFor(l *stytch.Login) (there string, ok bool) {
	if !v.cfg.own.HasTenants() || v.in.Consumer != nil {
		return "", true
	}
	there = v.cfg.own.At(l.Organization.Slug)
	if there == v.cfg.own.Of(v.r.Host) || l.Organization.Slug == "" { // Stytch does not say: nothing speaks against here
		return "", true
	}
	if v.keepsTenantsApart() {
		v.discard(l)
		v.cookies = append(v.cookies, v.auth.ClearIntermediateCookies(v.request())...)
		v.drop(cookieToken, cookiePending)
		v.beginAt(there, l.Organization.Slug)
		return "", false
	}
	return there, true
}

// leaveFor sends who is signed in here, and wants to be in another organization, to that one's host. False:
// this is its host.
func (v *visit) leaveFor(organization string) bool {
	found, err := v.organizations("")
	switch {
	case err != nil:
		v.failStep(err)
		return true
	case found == nil:
		v.refuse(reasonMissing)
		return true
	}
	for _, d := range found.Organizations {
		if !d.Organization.Is(organization) {
			continue
		}
		there := v.cfg.own.At(d.Organization.Slug)
		if there == v.cfg.own.Of(v.r.Host) {
			return false
		}
		v.beginAt(there, d.Organization.Slug)
		return true
	}
	v.refuse(reasonNotAllowed)
	return true
}

// beginAt sends a browser to the login page of an organization's own host.
func (v *visit) beginAt(there, slug string) {
	if there == "" {
		v.said.Warn("signin: nobody can sign in to an organization whose short name makes no host name; give it one in lower case, of letters, digits and hyphens", "organization_slug", slug)
		v.refuse(reasonNotAllowed)
		return
	}
	query := url.Values{}
	if v.to != "" {
		query.Set("return_to", v.to)
	}
	v.redirectOr(v.in.AddQuery(onHost(there, v.cfg.LoginURL), query), answer{})
}

// onHost is a path on another origin; an absolute URL is left as it is.
func onHost(origin, to string) string {
	if !strings.HasPrefix(to, "/") {
		return to
	}
	return origin + to
}
