package signin

import (
	"context"
	"net/http"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// discovered ends a login by discovery: what is left is to choose an organization.
func (v *visit) discovered(found *stytch.Discovered, returnTo string) {
	if !v.wait(found.Intermediate, pending{ReturnTo: returnTo}) {
		return
	}
	v.drop(cookieToken)
	v.redirectOr(v.path(pathOrganizations), answer{})
}

// discovering is the intermediate session that a login in this browser came to; empty where there is none.
// The cookie alone does not count, as a page of a sibling domain can set it: the sealed one beside it does.
func (v *visit) discovering() (ist string, err error) {
	ist, err = v.intermediate()
	if _, ours := v.pending(); !ours {
		return "", err
	}
	return ist, nil
}

// listOrganizations shows what the one who signs in by discovery, or is signed in, can choose from.
func (v *visit) listOrganizations() {
	query := v.r.URL.Query()
	v.to = v.returnTo(query.Get("return_to"))
	ist, err := v.discovering()
	if err != nil {
		v.refuse(reasonLoginExpired)
		return
	}
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
	c := choices{Email: found.Email, Organizations: choicesOf(found, v.current(ist)), CanCreate: ist != "" && v.cfg.CreateOrganizations, ReturnTo: v.to}
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
		SignedIn: ist == "", BackURL: v.backFromList(ist),
	})
}

// current is the organization of who is signed in; empty in a login, whatever was before.
func (v *visit) current(ist string) string {
	if ist != "" {
		return ""
	}
	return v.guard.Check(v.r.Context(), v.request()).Session.OrganizationID()
}

// backFromList is where the list of organizations leads back to: not to what another organization's
// page has just refused.
func (v *visit) backFromList(ist string) string {
	switch {
	case ist != "":
		return v.cfg.LoginURL
	case v.to == "" || v.r.URL.Query().Get("reason") == stytchkit.CodeOrganization:
		return v.cfg.AfterLogin
	}
	return v.to
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
	// Current is the organization that the present session is of.
	Current bool `json:"current,omitempty"`
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

func choicesOf(found *stytch.Discovered, current string) []Choice {
	list := []Choice{}
	for _, d := range found.Organizations {
		o := d.Organization
		list = append(list, Choice{
			ID: o.ID, Slug: o.Slug, Name: o.Name, LogoURL: o.LogoURL,
			Membership: d.Membership.Type, Ready: d.MemberAuthenticated, Current: o.ID == current,
		})
	}
	return list
}
