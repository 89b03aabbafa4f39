package rpctest

import (
	"context"
	"crypto/rsa"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// stage is what one case plays on.
type stage struct {
	t       *testing.T
	build   Build
	clock   *clock // both the stand-in's and the Authenticator's
	srv     *stytchtest.Server
	auth    *stytchkit.Authenticator
	client  Client
	reached atomic.Int32 // how many calls reached a handler
}

func newStage(t *testing.T, build Build, key *rsa.PrivateKey) *stage {
	t.Helper()
	s := &stage{t: t, build: build, clock: &clock{Clock: stytchtest.NewClock(time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC))}}
	s.srv = stytchtest.Start(t, stytchtest.Options{Clock: s.clock.Clock, Key: key})
	s.configure(func(*stytchkit.Config) {})
	return s
}

// configure makes the case's Authenticator anew.
func (s *stage) configure(change func(*stytchkit.Config)) {
	s.t.Helper()
	s.auth = s.srv.Authenticator(s.t, func(c *stytchkit.Config) { c.Clock = s.clock }, change)
	s.srv.ResetCalls()
}

// serve serves the service behind a guard.
func (s *stage) serve(app App) {
	s.t.Helper()
	if app.Unary == nil {
		app.Unary = who
	}
	if app.Talk == nil {
		app.Talk = untilDone
	}
	unary, talk := app.Unary, app.Talk
	app.Unary = func(ctx context.Context) (string, error) { s.reached.Add(1); return unary(ctx) }
	app.Talk = func(ctx context.Context, stream Stream) error { s.reached.Add(1); return talk(ctx, stream) }
	s.client = s.build(s.t, app)
}

// guarded serves the service behind a guard, and nothing beside.
func (s *stage) guarded(guard *stytchkit.Guard) { s.serve(App{Guard: guard}) }

// who answers with whose the call is.
func who(ctx context.Context) (string, error) { return describe(ctx), nil }

const anonymous = "anonymous"

func describe(ctx context.Context) string {
	if t := stytchkit.TokenFrom(ctx); t != nil {
		return t.ClientID()
	}
	if s := stytchkit.SessionFrom(ctx); s != nil {
		return s.MemberID()
	}
	return anonymous
}

// member is somebody with a session.
type member struct {
	*stytchtest.Session
	id string
}

func (s *stage) member(roles ...string) member {
	m := s.srv.AddMember(stytchtest.Member{Roles: roles})
	return member{m.SignIn(), m.ID}
}

// header of "Name: value" in turns; of one name there may be several.
func header(pairs ...string) http.Header {
	h := http.Header{}
	for pair := range slices.Chunk(pairs, 2) {
		h.Add(pair[0], pair[len(pair)-1])
	}
	return h
}

func bearer(token string) http.Header { return header("Authorization", "Bearer "+token) }
func jwtCookie(jwt string) string     { return "stytch_session_jwt=" + jwt }
func tokenCookie(token string) string { return "stytch_session=" + token }

// byCookies is what a browser sends for this member whose JWT is that old.
func (m member) byCookies(age time.Duration, more ...string) http.Header {
	cookies := tokenCookie(m.Token) + "; " + jwtCookie(m.JWT(stytchtest.Age(age)))
	return header(append([]string{"Cookie", cookies}, more...)...)
}

// patience is how long anything may take; nothing needs a thousandth of it.
const patience = 20 * time.Second

func (s *stage) context() context.Context {
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	s.t.Cleanup(cancel)
	return ctx
}

// call calls a procedure, and says what it got.
func (s *stage) call(procedure string, header http.Header) *reply {
	s.t.Helper()
	s.reached.Store(0)
	return &reply{s, s.client.Call(s.context(), procedure, header)}
}

// get calls Get.
func (s *stage) get(header http.Header) *reply {
	s.t.Helper()
	return s.call(Get, header)
}

// asked wants that many authenticate calls since it was last called.
func (s *stage) asked(want int) {
	s.t.Helper()
	if got := s.srv.Calls(stytchtest.Authenticate); got != want {
		s.t.Errorf("Stytch was asked %d times, want %d", got, want)
	}
	s.srv.ResetCalls()
}

// clock tells how often somebody has begun to wait for it.
type clock struct {
	*stytchtest.Clock
	waits atomic.Int32
}

func (c *clock) After(d time.Duration) <-chan time.Time {
	defer c.waits.Add(1)
	return c.Clock.After(d)
}
