package main

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

// The groups that answers are counted by.
const (
	browsers     = "browsers"      // both cookies, following Set-Cookie
	jwtClients   = "JWT clients"   // a good JWT as bearer: never in need of Stytch
	tokenClients = "token clients" // the opaque token as bearer: in need of it once per freshness
	refreshers   = "refreshing members"
	everybody    = "everybody, after"
	otherMembers = "other members"
	attackers    = "attackers: "
	flooders     = attackers + "flood"
)

// load is the clients of one demo, members and attackers.
type load struct {
	site   *site
	crowd  *crowd
	judge  *judge
	outage bool // Stytch may be away
	pause  time.Duration
	seed   uint64
}

// run makes requests until ctx ends; those under way are finished.
func (l *load) run(ctx context.Context) {
	var clients sync.WaitGroup
	for i, m := range l.crowd.Members {
		random := rand.New(rand.NewPCG(l.seed, uint64(i))) //nolint:gosec // to be repeatable, not secret
		act := l.browser(m, random)
		switch i % 10 {
		case 0, 1, 2:
			act = l.jwtClient(m)
		case 3, 4:
			act = l.tokenClient(m)
		}
		clients.Go(func() {
			for visit.Wait(ctx, time.Duration(random.Int64N(int64(2*l.pause)))) == nil {
				act()
			}
		})
	}
	for _, a := range l.attacks() {
		clients.Go(func() { visit.Paced(ctx, a.perSecond, 32, a.act) })
	}
	clients.Wait()
}

func (l *load) jwtClient(m *member) func() {
	return func() {
		l.judge.live(jwtClients, m, "/api/me", l.site.Get("/api/me", visit.Bearer(m.JWT)), expectation{})
	}
}

func (l *load) tokenClient(m *member) func() {
	return func() {
		l.judge.live(tokenClients, m, "/api/me", l.site.Get("/api/me", visit.Bearer(m.Token)), expectation{outage: l.outage})
	}
}

// browser follows the cookies that it is given. Now and then it was away for so long that its JWT
// has expired, or somebody has planted another JWT beside its own.
func (l *load) browser(m *member, random *rand.Rand) func() {
	jwt, asleep := m.JWT, m.Expired[:wakings]
	return func() {
		if random.IntN(20) == 0 && len(asleep) > 0 && l.outage {
			jwt, asleep = asleep[0], asleep[1:]
		}
		jar := []string{"theme=dark", visit.TokenCookie + "=" + m.Token, visit.JWTCookie + "=" + jwt}
		if random.IntN(20) == 0 {
			jar = append(jar, visit.JWTCookie+"="+l.unknownKey(random.Int()))
		}
		path := []string{"/api/me", "/api/me", "/api/me", "/api/me", "/api/session", "/api/session", "/profile", "/api/fresh"}[random.IntN(8)]
		a := l.site.Get(path, visit.Cookies(jar...))
		l.judge.live(browsers, m, path, a, expectation{outage: l.outage})
		if given, cleared := a.Cookie(visit.JWTCookie); given != "" && !cleared {
			jwt = given
		}
	}
}

// attack is what somebody without a session tries, again and again.
type attack struct {
	perSecond int
	act       func(i int)
}

func (l *load) attacks() []attack {
	const invalid, ended, unavailable = "401 session_invalid", "401 session_ended", "503 stytch_unavailable"
	undecided, contradicting := []string{ended}, []string{"400 invalid_request"}
	if l.outage {
		undecided = append(undecided, unavailable, "500 stytch_misconfigured")
		contradicting = append(contradicting, "500 stytch_misconfigured")
	}
	trying := func(name string, perSecond int, present func(i int) visit.Header, sorts ...string) attack {
		return attack{perSecond, func(i int) {
			path := []string{"/api/me", "/api/fresh"}[i%2]
			l.judge.attack(attackers+name, l.site.Get(path, present(i)), sorts...)
		}}
	}
	members, gone := l.crowd.Members, l.crowd.Dead
	random := rand.New(&source{rand.NewPCG(l.seed, 1<<32), sync.Mutex{}}) //nolint:gosec // to be repeatable, not secret
	return []attack{
		trying("forged JWTs", 50, func(i int) visit.Header {
			victim, wanted := members[i%len(members)].JWT, members[(i+1)%len(members)].JWT
			return eitherWay(i, visit.JWTCookie, mixed(victim, wanted))
		}, invalid),
		trying("unknown keys", 200, func(i int) visit.Header {
			kid := i % 40 // one that is presented again and again
			if kid%2 == 0 {
				kid = random.Int()
			}
			return eitherWay(i, visit.JWTCookie, l.unknownKey(kid))
		}, invalid, unavailable),
		trying("random tokens", 50, func(i int) visit.Header {
			return eitherWay(i, visit.TokenCookie, randomToken(random))
		}, undecided...),
		trying("signed out", 10, func(i int) visit.Header {
			m := gone[i%len(gone)]
			return visit.Cookies(visit.TokenCookie+"="+m.Token, visit.JWTCookie+"="+m.Expired[0])
		}, undecided...),
		trying("two members at once", 10, func(i int) visit.Header {
			return visit.Cookies(visit.JWTCookie+"="+members[i%len(members)].JWT, visit.JWTCookie+"="+members[(i+1)%len(members)].JWT)
		}, contradicting...),
	}
}

// eitherWay presents a credential as bearer or as cookie, by turns.
func eitherWay(i int, cookie, credential string) visit.Header {
	if i/2%2 == 0 {
		return visit.Bearer(credential)
	}
	return visit.Cookies(cookie + "=" + credential)
}

// mixed is one JWT's claims under another's signature.
func mixed(signature, claims string) string {
	s, c := strings.Split(signature, "."), strings.Split(claims, ".")
	return c[0] + "." + c[1] + "." + s[2]
}

// unknownKey is a JWT that names this project, by a key that does not exist.
func (l *load) unknownKey(n int) string {
	parts := strings.Split(l.crowd.Members[0].JWT, ".")
	h := fmt.Sprintf(`{"alg":"RS256","kid":"jwk-test-unknown-%x","typ":"JWT"}`, n)
	return base64.RawURLEncoding.EncodeToString([]byte(h)) + "." + parts[1] + "." + parts[2]
}

// randomToken looks like one of Stytch's.
func randomToken(random *rand.Rand) string {
	raw := make([]byte, 0, 32)
	for range 4 {
		raw = binary.BigEndian.AppendUint64(raw, random.Uint64())
	}
	return base64.URLEncoding.EncodeToString(raw)
}

// source is safe for concurrent use.
type source struct {
	from rand.Source
	mu   sync.Mutex
}

func (s *source) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.from.Uint64()
}
