package sandbox

import "github.com/stytchkit/stytchkit/core/stytchtest"

// Password is that of everybody who has one, but for whoever has to choose another.
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
		{Organization: "acme", Email: "toni@acme.example", Name: "Toni Thorn", Password: Password, MFA: true},
		{Organization: "acme", Email: "nils@acme.example", Name: "Nils Nolan", Password: Password, MFA: true, NoAuthenticator: true},
		{Organization: "acme", Email: "lea@acme.example", Name: "Lea Lund", Password: stytchtest.BreachedPassword},
		{Organization: "acme", Email: "lou@acme.example", Name: "Lou Lange", Password: Password, Locked: true},
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
		{Email: "tia@users.example", FirstName: "Tia", LastName: "Tran", Password: Password, Phone: "+15550111"},
		{Email: "toni@users.example", FirstName: "Toni", LastName: "Thorn", Password: Password, Authenticator: true},
		{Email: "lea@users.example", FirstName: "Lea", LastName: "Lund", Password: stytchtest.BreachedPassword},
		{Email: "lou@users.example", FirstName: "Lou", LastName: "Lange", Password: Password, Locked: true},
	} {
		s.AddUser(u)
	}
}
