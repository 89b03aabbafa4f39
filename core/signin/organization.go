package signin

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// chooseOrganization signs in to an organization, joins it, or founds one.
func (v *visit) chooseOrganization() {
	f, ok := v.fields()
	if !ok {
		return
	}
	v.page = pathOrganizations
	organization, name, slug := f["organization_id"], strings.TrimSpace(f["organization_name"]), strings.TrimSpace(f["organization_slug"])
	v.to = v.returnTo(f["return_to"])
	if p, ok := v.pending(); ok {
		fill(&v.to, p.ReturnTo)
	}
	ist, err := v.discovering()
	switch {
	case err != nil: // two browsers' logins in one; the cookies stay, or the other's would be the only one
		v.refuse(reasonLoginExpired)
	case organization != "" && name == "" && isName(organization):
		v.choose(ist, organization)
	case organization == "" && isOrganizationName(name) && (slug == "" || isName(slug)):
		v.create(ist, name, slug)
	case organization == "" && isOrganizationName(name):
		v.refuse(reasonInvalidSlug)
	default:
		v.refuse(reasonInvalid)
	}
}

// choose signs in with the intermediate session of a discovery, or without one with the session.
func (v *visit) choose(ist, organization string) {
	if ist == "" {
		v.exchange(organization)
		return
	}
	l, err := ask(v, func(ctx context.Context) (*stytch.Login, error) {
		return v.in.Stytch.ExchangeIntermediate(ctx, ist, organization, v.cfg.SessionDuration)
	})
	v.end(l, err)
}

func (v *visit) create(ist, name, slug string) {
	switch {
	case !v.cfg.CreateOrganizations:
		v.refuse(reasonNotAllowed)
		return
	case ist == "":
		v.refuse(reasonLoginExpired)
		return
	}
	l, err := ask(v, func(ctx context.Context) (*stytch.Login, error) {
		return v.in.Stytch.CreateOrganization(ctx, ist, name, slug, v.cfg.SessionDuration)
	})
	v.end(l, err)
}

// isOrganizationName follows Stytch's API reference: 1 to 128 characters.
func isOrganizationName(s string) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxName && !strings.ContainsFunc(s, unicode.IsControl)
}

// end goes on with a login, or says why there is none.
func (v *visit) end(l *stytch.Login, err error) {
	if err != nil {
		v.failStep(err)
		return
	}
	v.finish(l, v.to)
}

// failStep answers a failure; an intermediate session that Stytch does not know is forgotten.
func (v *visit) failStep(err error) {
	if reasonOf(stytch.FailureOf(err)) == reasonLoginExpired {
		v.cookies = append(v.cookies, v.auth.ClearIntermediateCookies(v.request())...)
		v.drop(cookiePending)
	}
	v.fail(err)
}
