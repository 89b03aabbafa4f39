// Package crowd is members by the thousand, each with a session and a JWT of it. Signing takes most
// of a millisecond, so JWTs are signed once and kept in a file in the temporary directory for
// processes to come.
package crowd

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Lifetime is how long a crowd's JWTs are good: longer than any run, and at Stytch 5 minutes.
const Lifetime = 24 * time.Hour

// Crowd is members who are signed in.
type Crowd struct {
	// Server serves the key that the JWTs are signed with; nothing else is asked of it.
	Server  *stytchtest.Server
	Members []Member
}

// Member is one of a crowd.
type Member struct {
	ID    string // the member_id
	Token string // the opaque session token
	JWT   string
}

// Cookie is a Cookie header: both session cookies behind one of the application's own. It has about
// 1,800 bytes.
func (m Member) Cookie() string {
	return "theme=dark; stytch_session=" + m.Token + "; stytch_session_jwt=" + m.JWT
}

// Bearer is an Authorization header.
func (m Member) Bearer() string { return "Bearer " + m.JWT }

// Gather returns n members. The JWTs come from the file, and are signed when it has too few.
func Gather(n int) (*Crowd, error) {
	kept, err := load(n)
	if err != nil {
		if kept, err = sign(n); err != nil {
			return nil, err
		}
		if err := kept.save(); err != nil {
			return nil, err
		}
	}
	server, err := stytchtest.New(stytchtest.Options{
		State:  strings.NewReader(kept.state),
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, err
	}
	c := &Crowd{Server: server, Members: make([]Member, n)}
	for i := range c.Members {
		c.Members[i] = Member{ID: MemberID(i), Token: token(i), JWT: kept.jwts[i]}
	}
	return c, nil
}

// MemberID is the i-th member's.
func MemberID(i int) string { return fmt.Sprintf("member-test-%08x-0000-4000-8000-000000000000", i) }
func sessionID(i int) string {
	return fmt.Sprintf("member-session-test-%08x-0000-4000-8000-000000000000", i)
}

// token has the 44 characters of one of Stytch's.
func token(i int) string {
	sum := sha256.Sum256([]byte(MemberID(i)))
	return base64.URLEncoding.EncodeToString(sum[:])
}

// example is a usual session. Its JWT has about 1,700 bytes.
func example(server *stytchtest.Server) *stytchtest.Session {
	member := server.AddMember(stytchtest.Member{Roles: []string{"editor"}})
	return member.SignIn(stytchtest.WithLifetime(Lifetime))
}

// claims are those of the i-th member.
func claims(session *stytchtest.Session, i int) (map[string]any, error) {
	claims := session.Claims(stytchtest.Lifetime(Lifetime))
	claims["sub"] = MemberID(i)
	nested, ok := claims["https://stytch.com/session"].(map[string]any)
	if !ok {
		return nil, fmt.Errorf("crowd: the session claim is a %T, not an object", claims["https://stytch.com/session"])
	}
	nested["id"] = sessionID(i)
	return claims, nil
}
