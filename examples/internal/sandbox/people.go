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

	ways func() []Way
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
	return &Person{m.ID, m.Email, m.Name, m.Organization, m.OrganizationID, m.Roles, m.SignIn, m.AccessToken, func() []Way { return memberWays(m) }}
}

// UserPerson is a user as a Person.
func UserPerson(u *stytchtest.User) *Person {
	name := strings.TrimSpace(u.FirstName + " " + u.LastName)
	return &Person{u.ID, cmp.Or(u.Email, u.Phone), name, "", "", u.Roles, u.SignIn, u.AccessToken, func() []Way { return userWays(u) }}
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
