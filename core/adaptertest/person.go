package adaptertest

import (
	"bytes"
	"encoding/base64"
	"strings"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// person is a member or a user with a session.
type person struct {
	*stytchtest.Session
	jwt string // of now; the clock stands still
}

const (
	domain = "example.com"
	host   = "app." + domain // in every request that does not say otherwise
)

// person signs somebody in. Names of the same length get credentials of the same length.
func (s *stage) person(name string) person { return s.personAt(s.srv, name) }

func (s *stage) personAt(srv *stytchtest.Server, name string) person {
	return s.signIn(srv, name, "opaque-token-of-"+name+"-0000000000000000000000")
}

func (s *stage) signIn(srv *stytchtest.Server, name, token string) person {
	return signInAs(srv, name, roles("role-of-"+name), stytchtest.WithToken(token))
}

// signInAs signs somebody in who has these roles, in the way that the options say.
func signInAs(srv *stytchtest.Server, name string, roles []string, options ...stytchtest.SessionOption) person {
	if srv.Vertical() == stytchtest.Consumer {
		u := srv.AddUser(stytchtest.User{ID: "user-test-" + name, Email: addressOf(name), Roles: roles})
		return personOf(name, u.SignIn, options)
	}
	return memberOf(srv, name, stytchtest.Member{Roles: roles}, options...)
}

// memberOf signs somebody in who is what m says.
func memberOf(srv *stytchtest.Server, name string, m stytchtest.Member, options ...stytchtest.SessionOption) person {
	m.ID, m.Email = "member-test-"+name, addressOf(name)
	return personOf(name, srv.AddMember(m).SignIn, options)
}

func personOf(name string, signIn func(...stytchtest.SessionOption) *stytchtest.Session, options []stytchtest.SessionOption) person {
	named := stytchtest.WithClaims(map[string]any{"name": name})
	session := signIn(append([]stytchtest.SessionOption{named}, options...)...)
	return person{Session: session, jwt: session.JWT()}
}

const anonymous = "anonymous"

// describe reads a session to its depths: IDs, roles, and a custom claim.
func describe(s *stytchkit.Session) string {
	if s == nil {
		return anonymous
	}
	claims, err := stytchkit.Claims[struct{ Name string }](s)
	if err != nil {
		return err.Error()
	}
	text := s.Subject() + " ["
	for i, role := range s.Roles() {
		if i > 0 {
			text += " "
		}
		text += role
	}
	return text + "] " + claims.Name
}

// expired is a JWT for which Stytch must be asked.
func (p person) expired() string { return p.JWT(stytchtest.Age(10 * time.Minute)) }

// respelled are the person's JWT with each other last character that lenient base64url takes for the same.
func (p person) respelled() (others []string) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := len(p.jwt) - 1
	signature := p.jwt[strings.LastIndexByte(p.jwt, '.')+1:]
	want, _ := base64.RawURLEncoding.DecodeString(signature)
	for _, c := range alphabet {
		other := p.jwt[:last] + string(c)
		got, _ := base64.RawURLEncoding.DecodeString(other[len(other)-len(signature):])
		if other != p.jwt && bytes.Equal(got, want) {
			others = append(others, other)
		}
	}
	return others
}

// forged is the person's JWT with another signature in each of its bytes but the last, in which bits are spare.
func (p person) forged(at int) string {
	token := []byte(p.jwt)
	i := len(token) - 2 - at
	if token[i] == 'A' {
		token[i] = 'Q'
	} else {
		token[i] = 'A'
	}
	return string(token)
}
