// Package sandbox is the stand-in for Stytch that the examples run against when no project is
// configured: two organizations, a few members, and switches for everything that can go wrong.
package sandbox

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Sandbox is a stand-in with the demo's organizations and members. It is safe for concurrent use.
type Sandbox struct {
	*stytchtest.Server

	mu      sync.Mutex
	trouble string // the name of the trouble in force; empty when all is well
}

// New starts a sandbox. Members are added only when options.State does not bring its own.
func New(options stytchtest.Options) (*Sandbox, error) {
	server, err := stytchtest.New(options)
	if err != nil {
		return nil, err
	}
	s := &Sandbox{Server: server}
	if options.State == nil {
		s.addMembers()
	}
	return s, nil
}

func (s *Sandbox) addMembers() {
	for _, organization := range []stytchtest.Organization{
		{Slug: "acme", Name: "Acme"},
		{Slug: "globex", Name: "Globex"},
	} {
		s.AddOrganization(organization)
	}
	for _, m := range []stytchtest.Member{
		{Organization: "acme", Email: "mona@acme.example", Name: "Mona Miller"},
		{Organization: "acme", Email: "ed@acme.example", Name: "Ed Evans", Roles: []string{"editor"}},
		{Organization: "acme", Email: "ada@acme.example", Name: "Ada Adams", Roles: []string{"stytch_admin"}},
		{Organization: "globex", Email: "max@globex.example", Name: "Max Moore"},
		{Organization: "globex", Email: "eve@globex.example", Name: "Eve Ellis", Roles: []string{"editor"}},
		{Organization: "acme", Email: "sam@both.example", Name: "Sam Shaw"},
		{Organization: "globex", Email: "sam@both.example", Name: "Sam Shaw", Roles: []string{"editor"}},
		{Organization: "globex", Email: "abe@globex.example", Name: "Abe Archer", Roles: []string{"stytch_admin"}},
	} {
		s.AddMember(m)
	}
	s.AddConnection(stytchtest.Connection{Organization: "acme", Name: "Acme's identity provider"})
}

// Find is the member with this ID or e-mail address.
func (s *Sandbox) Find(who string) (*stytchtest.Member, error) {
	for _, m := range s.Members() {
		if m.ID == who || m.Email == who {
			return m, nil
		}
	}
	return nil, fmt.Errorf("the sandbox has no member %q (want a member's ID or e-mail address)", who)
}

// Session is a new session with the two tokens that Stytch hands out at the end of a login.
type Session struct {
	ID             string    `json:"session_id"`
	MemberID       string    `json:"member_id"`
	OrganizationID string    `json:"organization_id"`
	Token          string    `json:"session_token"`
	JWT            string    `json:"session_jwt"`
	ExpiresAt      time.Time `json:"expires_at"`
}

// Cookies are the session's cookies under Stytch's own names, as a backend on a loopback address sets them.
func (s *Session) Cookies() []*http.Cookie {
	return []*http.Cookie{
		s.cookie("stytch_session", s.Token),
		s.cookie("stytch_session_jwt", s.JWT),
	}
}

func (s *Session) cookie(name, value string) *http.Cookie {
	// No Secure: the sandbox speaks plain http, on loopback addresses only.
	return &http.Cookie{
		Name: name, Value: value, Path: "/", Expires: s.ExpiresAt, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// Begin begins a session of a member, as the end of a login does. shape is its JWT's.
func Begin(m *stytchtest.Member, options []stytchtest.SessionOption, shape ...stytchtest.JWTOption) *Session {
	s := m.SignIn(options...)
	return &Session{
		ID: s.ID, MemberID: m.ID, OrganizationID: m.OrganizationID,
		Token: s.Token, JWT: s.JWT(shape...), ExpiresAt: s.ExpiresAt(),
	}
}

// SignIn begins a session of the member with this ID or address, with a JWT of one of the [Ages]; an
// empty name is the first of them.
func (s *Sandbox) SignIn(who, age string) (*Session, error) {
	m, err := s.Find(who)
	if err != nil {
		return nil, err
	}
	for i, known := range Ages() {
		if known.Name == age || age == "" && i == 0 {
			return Begin(m, []stytchtest.SessionOption{stytchtest.AuthenticatedAgo(known.signedIn)}, stytchtest.Age(known.Age)), nil
		}
	}
	return nil, fmt.Errorf("the sandbox has no JWT that is %q (want fresh, short, expired or earlier)", age)
}

// Age is how old the JWT of a new session is.
type Age struct {
	Name, Label string
	Age         time.Duration

	signedIn time.Duration // how long ago the member proved who they are
}

// Ages are those that the sandbox's page offers. A JWT lives five minutes.
func Ages() []Age {
	return []Age{
		{"fresh", "new: verified locally for 5 minutes", 0, 0},
		{"short", "about to expire: 15 seconds left", 4*time.Minute + 45*time.Second, 0},
		{"expired", "expired: Stytch is asked at once, and the cookies are refreshed", 10 * time.Minute, 0},
		{"earlier", "new, of a sign-in an hour ago: /api/secure wants a newer one", 0, time.Hour},
	}
}

// Organization is an organization's members, for a page.
type Organization struct {
	Slug    string
	Members []*stytchtest.Member
}

// Organizations groups the members, in the order in which they were added.
func (s *Sandbox) Organizations() []Organization {
	var groups []Organization
	at := map[string]int{}
	for _, m := range s.Members() {
		i, known := at[m.Organization]
		if !known {
			i = len(groups)
			at[m.Organization] = i
			groups = append(groups, Organization{Slug: m.Organization})
		}
		groups[i].Members = append(groups[i].Members, m)
	}
	return groups
}
