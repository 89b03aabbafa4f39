package sandbox

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Person is a member, or in a consumer project a user.
type Person struct {
	ID             string
	Email          string // or the phone number of a user without an address
	Name           string
	Organization   string // its slug; "" in a consumer project
	OrganizationID string
	Roles          []string

	// SignIn begins a session.
	SignIn func(...stytchtest.SessionOption) *stytchtest.Session
	// AccessToken is what a Connected App holds that acts for them.
	AccessToken func(...stytchtest.JWTOption) string
}

// People are all of the sandbox's, in the order in which they were added.
func (s *Sandbox) People() []*Person {
	people := []*Person{}
	for _, m := range s.Members() {
		people = append(people, MemberPerson(m))
	}
	for _, u := range s.Users() {
		people = append(people, UserPerson(u))
	}
	return people
}

// MemberPerson is a member as a Person.
func MemberPerson(m *stytchtest.Member) *Person {
	return &Person{m.ID, m.Email, m.Name, m.Organization, m.OrganizationID, m.Roles, m.SignIn, m.AccessToken}
}

// UserPerson is a user as a Person.
func UserPerson(u *stytchtest.User) *Person {
	name := strings.TrimSpace(u.FirstName + " " + u.LastName)
	return &Person{u.ID, cmp.Or(u.Email, u.Phone), name, "", "", u.Roles, u.SignIn, u.AccessToken}
}

// Find is the person with this ID or address.
func (s *Sandbox) Find(who string) (*Person, error) {
	for _, p := range s.People() {
		if p.ID == who || p.Email == who {
			return p, nil
		}
	}
	return nil, fmt.Errorf("the sandbox knows nobody called %q (want an ID or e-mail address)", who)
}

// Organization is an organization's members, or a consumer project's users, for a page.
type Organization struct {
	Slug    string
	Members []*Person
}

// Organizations groups the people, in the order in which they were added.
func (s *Sandbox) Organizations() []Organization {
	var groups []Organization
	at := map[string]int{}
	for _, p := range s.People() {
		slug := cmp.Or(p.Organization, "users")
		i, known := at[slug]
		if !known {
			i = len(groups)
			at[slug] = i
			groups = append(groups, Organization{Slug: slug})
		}
		groups[i].Members = append(groups[i].Members, p)
	}
	return groups
}

// Password is that of everybody who has one.
const Password = "sandbox password"

func (s *Sandbox) addMembers() {
	for _, organization := range []stytchtest.Organization{
		{Slug: "acme", Name: "Acme"},
		{Slug: "globex", Name: "Globex"},
	} {
		s.AddOrganization(organization)
	}
	for _, m := range []stytchtest.Member{
		{Organization: "acme", Email: "mona@acme.example", Name: "Mona Miller"},
		{Organization: "acme", Email: "ed@acme.example", Name: "Ed Evans", Roles: []string{"editor"}, Password: Password},
		{Organization: "acme", Email: "ada@acme.example", Name: "Ada Adams", Roles: []string{"stytch_admin"}},
		{Organization: "globex", Email: "max@globex.example", Name: "Max Moore"},
		{Organization: "globex", Email: "eve@globex.example", Name: "Eve Ellis", Roles: []string{"editor"}},
		{Organization: "acme", Email: "sam@both.example", Name: "Sam Shaw"},
		{Organization: "globex", Email: "sam@both.example", Name: "Sam Shaw", Roles: []string{"editor"}},
		{Organization: "globex", Email: "abe@globex.example", Name: "Abe Archer", Roles: []string{"stytch_admin"}},
		{Organization: "acme", Email: "tia@acme.example", Name: "Tia Tran", Password: Password, MFA: true, NoAuthenticator: true, Phone: "+15550111"},
	} {
		s.AddMember(m)
	}
	s.AddConnection(stytchtest.Connection{Organization: "acme", Name: "Acme's identity provider"})
}

func (s *Sandbox) addUsers() {
	s.Permit("stytch_admin", "documents", "*")
	for _, u := range []stytchtest.User{
		{Email: "una@users.example", FirstName: "Una", LastName: "Urban"},
		{Email: "ed@users.example", FirstName: "Ed", LastName: "Evans", Roles: []string{"editor"}, Password: Password},
		{Email: "ada@users.example", FirstName: "Ada", LastName: "Adams", Roles: []string{"stytch_admin"}, Authenticator: true},
		{Phone: "+15550100", FirstName: "Phil", LastName: "Phelps"},
	} {
		s.AddUser(u)
	}
}
