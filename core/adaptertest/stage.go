package adaptertest

import (
	"context"
	"crypto/rsa"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// stage is what one case plays on: a stand-in for Stytch, an Authenticator, a clock that both share,
// and the application under test on a real listener.
type stage struct {
	t      *testing.T
	kind   *kind
	build  func(App) Server
	limits []Limit
	heard  *overheard
	key    *rsa.PrivateKey
	clock  *stytchtest.Clock
	srv    *stytchtest.Server
	auth   *stytchkit.Authenticator

	address string
	routes  func() []stytchkit.Route // of what is served, as the adapter lists them; nil where it has no Routes
	wires   []*wire                  // the first is the one that s.send uses
	names   map[string]string        // of JWTs, for the record

	crowded bool // several clients at a time: a failure of one does not end the case

	mu      sync.Mutex
	reached int // how many requests reached a handler
	visits  []visit
}

// start is when every case begins.
func start() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func newStage(t *testing.T, k *kind, build func(App) Server, key *rsa.PrivateKey, heard *overheard, limits []Limit) *stage {
	t.Helper()
	s := &stage{t: t, kind: k, build: build, limits: limits, heard: heard, key: key, names: map[string]string{}, clock: stytchtest.NewClock(start())}
	s.srv = s.standIn("")
	s.auth = s.authenticator(s.srv)
	return s
}

// standIn starts a stand-in for Stytch; an empty project is the default one.
func (s *stage) standIn(project string) *stytchtest.Server {
	s.t.Helper()
	return stytchtest.Start(s.t, stytchtest.Options{Clock: s.clock, Key: s.key, ProjectID: project, Vertical: s.kind.vertical})
}

// authenticator starts one that has its keys. Nothing has been asked of the stand-in when it returns.
func (s *stage) authenticator(srv *stytchtest.Server, configure ...func(*stytchkit.Config)) *stytchkit.Authenticator {
	s.t.Helper()
	heard := func(cfg *stytchkit.Config) { s.heard.join(s.t, cfg, s.said) }
	auth := srv.Authenticator(s.t, append(configure, heard)...)
	srv.ResetCalls()
	return auth
}

// said is what all clients have sent and got, but for bodies.
func (s *stage) said() string {
	var all strings.Builder
	for _, w := range s.wires {
		for _, e := range w.answered {
			all.WriteString(e.request.String())
			_ = e.answer.header.Write(&all) // a strings.Builder takes everything
		}
	}
	return all.String()
}

// can reports whether the framework has an ability.
func (s *stage) can(ability Ability) bool {
	return !slices.ContainsFunc(s.limits, func(l Limit) bool { return l.Of == ability })
}

// serve builds the application and serves it until the case ends, in the place of an earlier one.
func (s *stage) serve(app App) {
	s.t.Helper()
	app.Routes = s.watched(app.Routes)
	for i, group := range app.Groups {
		app.Groups[i].Routes = s.watched(group.Routes)
	}
	server := s.build(app)
	s.routes = nil
	if listing, ok := server.(Listing); ok {
		s.routes = listing.Routes
	}
	s.address = Serve(s.t, server)
	s.wires = append([]*wire{s.newWire()}, s.wires...)
	s.t.Cleanup(func() {
		for _, w := range s.wires {
			w.hangUp()
		}
	})
}

// watched counts the requests that reach a handler.
func (s *stage) watched(routes []Route) []Route {
	watched := make([]Route, len(routes))
	for i, route := range routes {
		if handler := route.Handler; handler != nil {
			route.Handler = func(x Exchange) {
				s.mu.Lock()
				s.reached++
				s.mu.Unlock()
				handler(x)
			}
		}
		watched[i] = route
	}
	return watched
}

// reachedSince is how many requests have reached a handler since it was last asked.
func (s *stage) reachedSince() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.reached
	s.reached = 0
	return n
}

// asked wants that many authenticate calls since it was last called.
func (s *stage) asked(want int) {
	s.t.Helper()
	if got := s.srv.Calls(stytchtest.Authenticate); got != want {
		s.t.Errorf("Stytch was asked %d times, want %d", got, want)
	}
	s.srv.ResetCalls()
}

// required and optional are the guards of most cases.
func (s *stage) required(rules ...stytchkit.Rule) Guard { return Guard{Auth: s.auth, Rules: rules} }
func (s *stage) optional() Guard                        { return Guard{Auth: s.auth, Optional: true} }

// guarded is an application with one page, /me, behind these guards.
func (s *stage) guarded(guards ...Guard) App {
	return App{Routes: []Route{{Method: http.MethodGet, Path: "/me", Guards: guards, Handler: s.me}}}
}

// visit is what one handler saw, and said at the time.
type visit struct {
	said   string
	native *stytchkit.Session
	ctx    context.Context //nolint:containedctx // to be read after its handler has returned, as a goroutine of the handler's does
}

// me answers with who the request is of, as the native context has it.
func (s *stage) me(x Exchange) { x.Write(http.StatusOK, s.look(x)) }

// look says who a request is of. The getter and the context must agree; both are looked at again
// when the case ends.
func (s *stage) look(x Exchange) string {
	native, inContext := x.Session(), stytchkit.SessionFrom(x.Context())
	if native != inContext {
		s.t.Errorf("the native getter says %q, the request's context %q", describe(native), describe(inContext))
	}
	said := describe(native)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.visits = append(s.visits, visit{said: said, native: native, ctx: x.Context()})
	return said
}

// finish looks at every session again, after the handlers have returned and the framework has
// reused what it reuses.
func (s *stage) finish() {
	s.t.Helper()
	for _, w := range s.wires {
		w.overwrite()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, v := range s.visits {
		if now := describe(v.native); now != v.said {
			s.t.Errorf("visit %d: the native getter's session said %q in the handler, and now says %q", i+1, v.said, now)
		}
		if now := describe(stytchkit.SessionFrom(v.ctx)); now != v.said {
			s.t.Errorf("visit %d: the context's session said %q in the handler, and now says %q", i+1, v.said, now)
		}
	}
}
