// Package sandbox is the stand-in for Stytch that the examples run against when no project is
// configured: two organizations and a few members, or a few users, and switches for everything that can go wrong.
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

// New starts a sandbox. People are added only when options.State does not bring its own.
func New(options stytchtest.Options) (*Sandbox, error) {
	options.CrossOrganizationPasswords = options.Vertical == stytchtest.B2B
	server, err := stytchtest.New(options)
	if err != nil {
		return nil, err
	}
	s := &Sandbox{Server: server}
	switch {
	case options.State != nil:
	case options.Vertical == stytchtest.Consumer:
		s.addUsers()
		s.addMachine()
	default:
		s.addMembers()
		s.addMachine()
	}
	return s, nil
}

// Session is a new session with the two tokens that Stytch hands out at the end of a login.
type Session struct {
	ID             string    `json:"session_id"`
	MemberID       string    `json:"member_id,omitempty"`
	OrganizationID string    `json:"organization_id,omitempty"`
	UserID         string    `json:"user_id,omitempty"` // in the place of the two in a consumer project
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

// Begin begins a session of a person, as the end of a login does. shape is its JWT's.
func Begin(p *Person, options []stytchtest.SessionOption, shape ...stytchtest.JWTOption) *Session {
	begun := p.SignIn(options...)
	s := &Session{ID: begun.ID, Token: begun.Token, JWT: begun.JWT(shape...), ExpiresAt: begun.ExpiresAt()}
	if p.OrganizationID == "" {
		s.UserID = p.ID
	} else {
		s.MemberID, s.OrganizationID = p.ID, p.OrganizationID
	}
	return s
}

// SignIn begins a session of the person with this ID or address, with a JWT of one of the [Ages]; an
// empty name is the first of them.
func (s *Sandbox) SignIn(who, age string) (*Session, error) {
	p, err := s.Find(who)
	if err != nil {
		return nil, err
	}
	for i, known := range Ages() {
		if known.Name == age || age == "" && i == 0 {
			return Begin(p, []stytchtest.SessionOption{stytchtest.AuthenticatedAgo(known.signedIn)}, stytchtest.Age(known.Age)), nil
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
