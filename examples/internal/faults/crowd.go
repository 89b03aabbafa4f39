package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

const (
	// goodFor is how long a crowd's fresh JWTs may be used for one more demo: a session is fresh for
	// five minutes.
	goodFor = 120 * time.Second
	// lifetime is longer than any run.
	lifetime = 2 * time.Hour
	// wakings is how often a member's browser comes back with an expired JWT while there are faults.
	wakings = 3
	// dead is how many members are signed out at Stytch before it all begins.
	dead = 20
)

// crowd is everybody with a JWT, and the state of the Stytch that signed it.
type crowd struct {
	Signed  time.Time
	State   json.RawMessage
	Members []*member
	Dead    []*member
	Others  []string // JWTs of members that are looked at once
}

// member is somebody with a session, and a client.
type member struct {
	ID, Session, Token string
	JWT                string   // good for the whole run
	Expired            []string // good for one refresh each
}

// gather is the crowd: from the file, or signed (a millisecond each) when that is too old.
func gather(path string, p plan) (*crowd, error) {
	c := new(crowd)
	if data, err := os.ReadFile(path); err == nil { //nolint:gosec // in our own directory
		if err := json.Unmarshal(data, c); err != nil {
			return nil, err
		}
	}
	if time.Since(c.Signed) < goodFor {
		return c, nil
	}
	c, err := sign(p)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return c, os.WriteFile(path, data, 0o600)
}

func sign(p plan) (*crowd, error) {
	server, err := stytchtest.New(stytchtest.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	defer server.Close()
	c := &crowd{
		Signed: time.Now(), Others: make([]string, p.fill),
		Members: make([]*member, p.members), Dead: make([]*member, dead),
	}
	visit.Each(runtime.GOMAXPROCS(0), p.members+dead, func(i int) {
		m, s := c.begin(server, i, p)
		if i < p.members {
			c.Members[i] = m
			return
		}
		s.End()
		c.Dead[i-p.members] = m
	})
	claims := server.AddMember(stytchtest.Member{Email: "other@example.com"}).SignIn().Claims(stytchtest.Lifetime(lifetime))
	base, err := json.Marshal(claims)
	if err != nil {
		return nil, err
	}
	visit.Each(runtime.GOMAXPROCS(0), p.fill, func(i int) { c.Others[i] = server.Sign(nil, otherClaims(base, i)) })
	var state bytes.Buffer
	if err := server.Save(&state); err != nil {
		return nil, err
	}
	c.State = state.Bytes()
	return c, nil
}

// begin signs a member in.
func (c *crowd) begin(server *stytchtest.Server, i int, p plan) (*member, *stytchtest.Session) {
	added := server.AddMember(stytchtest.Member{Email: fmt.Sprintf("member-%d@example.com", i), Organization: fmt.Sprintf("organization-%d", i%7)})
	s := added.SignIn(stytchtest.WithLifetime(lifetime))
	m := &member{ID: added.ID, Session: s.ID, Token: s.Token, JWT: s.JWT(stytchtest.Lifetime(lifetime))}
	for n := range p.expired() {
		m.Expired = append(m.Expired, s.JWT(stytchtest.Age(10*time.Minute+time.Duration(n)*time.Second)))
	}
	return m, s
}

// otherClaims are those of a member of whom Stytch never hears.
func otherClaims(base []byte, i int) map[string]any {
	var claims map[string]any
	_ = json.Unmarshal(base, &claims) // it was marshalled here
	claims["sub"] = fmt.Sprintf("member-test-other-%d", i)
	if session, ok := claims["https://stytch.com/session"].(map[string]any); ok {
		session["id"] = fmt.Sprintf("member-session-test-other-%d", i)
	}
	return claims
}
