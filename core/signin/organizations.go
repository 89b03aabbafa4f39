package signin

import (
	"context"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// maxAsked is how many credentials of one request Stytch is asked about.
const maxAsked = 2

// Choice is an organization that a member may go on with.
type Choice struct {
	ID      string `json:"organization_id"`
	Slug    string `json:"organization_slug"`
	Name    string `json:"organization_name"`
	LogoURL string `json:"organization_logo_url,omitempty"`
	// Membership is Stytch's word: active_member, pending_member, invited_member,
	// eligible_to_join_by_email_domain and others.
	Membership string `json:"membership"`
	// Ready is false where another step follows, such as a second factor.
	Ready bool `json:"ready"`
}

// Joins reports whether going on makes the member one of the organization.
func (c Choice) Joins() bool { return c.Membership != "active_member" }

// choices is the list for a client.
type choices struct {
	Email         string   `json:"email_address"`
	Organizations []Choice `json:"organizations"`
	CanCreate     bool     `json:"can_create"`
	ReturnTo      string   `json:"return_to,omitempty"`
}

// listOrganizations shows what the one who signs in by discovery, or is signed in, can choose from.
func (v *visit) listOrganizations() {
	query := v.r.URL.Query()
	v.to = v.returnTo(query.Get("return_to"))
	ist := v.intermediate()
	found, err := v.organizations(ist)
	if err != nil {
		v.failStep(err)
		return
	}
	if found == nil {
		v.refuse(reasonMissing)
		return
	}
	if p, ok := v.pending(); ok {
		fill(&v.to, p.ReturnTo)
	}
	c := choices{Email: found.Email, Organizations: choicesOf(found), CanCreate: ist != "" && !v.cfg.NoCreate, ReturnTo: v.to}
	if v.json {
		v.writeJSON(http.StatusOK, "application/json", c)
		return
	}
	reason := query.Get("reason")
	if Message(reason) == "" {
		reason = "" // somebody else wrote it
	}
	v.show(Page{
		Name: PageOrganizations, Status: http.StatusOK, Title: "Choose an organization",
		Reason: reason, Detail: Message(reason), Action: v.path(pathOrganizations),
		Email: c.Email, Organizations: c.Organizations, CanCreate: c.CanCreate, ReturnTo: c.ReturnTo,
	})
}

// organizations asks for the list; nil when the request presents nothing to ask with.
func (v *visit) organizations(ist string) (*stytch.Discovered, error) {
	if ist != "" {
		return ask(v, func(ctx context.Context) (*stytch.Discovered, error) {
			return v.in.Stytch.Organizations(ctx, ist, stytch.Credential{})
		})
	}
	return askAbout(v, func(ctx context.Context, cred stytch.Credential) (*stytch.Discovered, error) {
		return v.in.Stytch.Organizations(ctx, "", cred)
	})
}

func choicesOf(found *stytch.Discovered) []Choice {
	list := []Choice{}
	for _, d := range found.Organizations {
		o := d.Organization
		list = append(list, Choice{
			ID: o.ID, Slug: o.Slug, Name: o.Name, LogoURL: o.LogoURL,
			Membership: d.Membership.Type, Ready: d.MemberAuthenticated,
		})
	}
	return list
}

// askAbout asks with each credential of the cookies until one's session lives; nil without any.
func askAbout[T any](v *visit, question func(context.Context, stytch.Credential) (*T, error)) (found *T, err error) {
	creds, _ := v.in.Presented(v.r)
	for _, cred := range creds[:min(len(creds), maxAsked)] {
		found, err = ask(v, func(ctx context.Context) (*T, error) { return question(ctx, cred) })
		if err == nil || stytch.FailureOf(err).Verdict != stytch.Over {
			return found, err
		}
	}
	return nil, err
}

// chooseOrganization signs in to an organization, joins it, or founds one.
func (v *visit) chooseOrganization() {
	f, ok := v.fields()
	if !ok {
		return
	}
	v.chooser = true
	organization, name, slug := f["organization_id"], strings.TrimSpace(f["organization_name"]), strings.TrimSpace(f["organization_slug"])
	v.to = v.returnTo(f["return_to"])
	if p, ok := v.pending(); ok {
		fill(&v.to, p.ReturnTo)
	}
	ist := v.intermediate()
	switch {
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
	case v.cfg.NoCreate:
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

// isOrganizationName follows Stytch's API reference: 1 to 128 characters.
func isOrganizationName(s string) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxName && !strings.ContainsFunc(s, unicode.IsControl)
}
