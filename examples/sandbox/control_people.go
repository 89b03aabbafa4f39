package main

import (
	"errors"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// member is a member as the control endpoint shows one.
type member struct {
	ID             string   `json:"member_id"`
	Organization   string   `json:"organization_slug"`
	OrganizationID string   `json:"organization_id"`
	Email          string   `json:"email"`
	Name           string   `json:"name"`
	Roles          []string `json:"roles"`
}

func memberOf(m *stytchtest.Member) member {
	return member{m.ID, m.Organization, m.OrganizationID, m.Email, m.Name, m.Roles}
}

func (c *control) members(*form) (any, error) {
	members := []member{}
	for _, m := range c.sandbox.Members() {
		members = append(members, memberOf(m))
	}
	return members, nil
}

func (c *control) addOrganization(f *form) (any, error) {
	if c.sandbox.Vertical() != stytchtest.B2B {
		return nil, errors.New("a consumer project has no organizations")
	}
	o := stytchtest.Organization{
		Slug: f.text("slug"), Name: f.text("name"),
		EmailDomains: f.request.Form["email_domain"], AuthMethods: f.request.Form["auth_method"],
		MFARequired: f.flag("mfa_required"),
	}
	if f.err != nil {
		return nil, f.err
	}
	o = c.sandbox.AddOrganization(o)
	return map[string]string{"organization_id": o.ID, "organization_slug": o.Slug, "organization_name": o.Name}, nil
}

// permit adds to the policy, roles and resources that it lacks included.
func (c *control) permit(f *form) (any, error) {
	role, resource, actions := f.text("role"), f.text("resource"), f.request.Form["action"]
	if role == "" || resource == "" || len(actions) == 0 {
		return nil, errors.New("a field is missing (want role, resource and at least one action)")
	}
	c.sandbox.Permit(role, resource, actions...)
	return map[string]any{"role_id": role, "resource_id": resource, "actions": actions}, nil
}

func (c *control) addMember(f *form) (any, error) {
	if c.sandbox.Vertical() != stytchtest.B2B {
		return nil, errors.New("a consumer project has no members (want POST /users)")
	}
	return memberOf(c.sandbox.AddMember(stytchtest.Member{
		Organization: f.text("organization"),
		Email:        f.text("email"),
		Name:         f.text("name"),
		Roles:        f.request.Form["role"],
		MFA:          f.flag("mfa"),

		NoAuthenticator: f.flag("no_authenticator"),
		Phone:           f.text("phone"),
		Password:        f.text("password"),
	})), nil
}

// user is a user as the control endpoint shows one.
type user struct {
	ID        string   `json:"user_id"`
	Email     string   `json:"email"`
	Phone     string   `json:"phone"`
	FirstName string   `json:"first_name"`
	LastName  string   `json:"last_name"`
	Roles     []string `json:"roles"`
}

func userOf(u *stytchtest.User) user {
	return user{u.ID, u.Email, u.Phone, u.FirstName, u.LastName, u.Roles}
}

func (c *control) users(*form) (any, error) {
	users := []user{}
	for _, u := range c.sandbox.Users() {
		users = append(users, userOf(u))
	}
	return users, nil
}

func (c *control) addUser(f *form) (any, error) {
	if c.sandbox.Vertical() != stytchtest.Consumer {
		return nil, errors.New("a B2B project has no users (want POST /members)")
	}
	return userOf(c.sandbox.AddUser(stytchtest.User{
		Email:         f.text("email"),
		Phone:         f.text("phone"),
		FirstName:     f.text("first_name"),
		LastName:      f.text("last_name"),
		Roles:         f.request.Form["role"],
		Authenticator: f.flag("authenticator"),
		Password:      f.text("password"),
	})), nil
}
