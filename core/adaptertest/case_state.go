package adaptertest

import (
	"fmt"
	"net/http"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// stateCases are about the state that a page needs: as JSON, and natively.
func stateCases() []testCase {
	return []testCase{
		{"C54 the state as JSON, of nobody and of a member", func(s *stage) {
			s.serve(s.stating())
			alice := s.person("alice")
			s.send(get("/state")).tellsNobody(true).untouched()
			s.send(get("/state", alice.live())).tells("alice", false).untouched()
			s.send(get("/state", alice.live())).tells("alice", true).untouched()
			s.send(get("/state", bearer(alice.jwt))).tells("alice", true).untouched()
			s.send(get("/state", bearer(alice.Token))).tells("alice", false).untouched()
			s.send(get("/state", alice.live()).by(http.MethodHead)).tells("alice", true).untouched()
			s.send(get("/state", jwtCookie(alice.forged(0)))).tellsNobody(true).untouched()
			s.send(post("/state", alice.live(), "Sec-Fetch-Site: cross-site")).tellsNobody(true).untouched()
		}},
		{"C55 whoever has the state is told that it has not changed", unchanged},
		{"C56 the state beside cookies is kept by nobody", func(s *stage) {
			s.serve(s.stating(s.optional()))
			alice := s.person("alice")
			s.send(get("/state", alice.stale())).tells("alice", false).refreshed(alice)
			s.send(get("/state", alice.byToken())).tells("alice", false).refreshed(alice)
			s.send(get("/state", s.endedPerson().byToken())).tellsNobody(true).cleared()
			s.send(get("/bare", s.endedPerson().byToken())).tellsNobody(true).cleared()
		}},
		{"C57 contradicting credentials have no state, and an outage has one that is not known yet", func(s *stage) {
			s.serve(s.stating())
			alice, carol := s.person("alice"), s.person("carol")
			s.send(get("/state", cookies(jwtPair(s.person("dave").jwt), jwtPair(s.person("eve").jwt)))).denied("invalid_request").untouched()
			s.send(get("/state", bearer(alice.jwt), bearer(carol.jwt))).denied("invalid_request").untouched()
			s.send(get("/state", alice.live())).tells("alice", false).untouched()
			s.clock.Advance(6 * time.Minute)
			later := jwtCookie(alice.JWT())
			s.srv.Stop()
			s.send(get("/state", later)).tells("alice", true).untouched()
			s.send(get("/state", alice.byToken())).tellsNobody(false).untouched()
			a := s.send(get("/state", jwtCookie(carol.JWT()))).isState(http.StatusOK).untouched()
			if !hasParts(a.text, append(s.kind.state("carol")[:2], `}`+s.kind.unknown()+`,"fromCache":false,"isInitialized":false}`)...) {
				a.fail("carol's session alone, and that no more is known yet", "%q", a.text)
			}
		}},
		{"C58 a handler has the state natively, and a goroutine that outlives it keeps its own", nativeState},
	}
}

// stating is an application that serves the state behind these guards, and without any at /bare.
func (s *stage) stating(guards ...Guard) App {
	return App{Routes: []Route{{Path: "/state", Guards: guards, State: s.auth}, {Path: "/bare", State: s.auth}}}
}

func unchanged(s *stage) {
	s.serve(s.stating())
	alice, carol := s.person("alice"), s.person("carol")
	tag := s.send(get("/state", alice.live())).tells("alice", false).header.Get("Etag")
	for _, tags := range []string{tag, "W/" + tag, `"another", ` + tag, "*"} {
		s.send(get("/state", alice.live(), "If-None-Match: "+tags)).isUnchanged(tag).untouched()
	}
	s.send(get("/state", alice.live(), `If-None-Match: "another"`, "If-None-Match: "+tag)).isUnchanged(tag).untouched()
	s.send(get("/state", alice.live(), "If-None-Match: "+tag).by(http.MethodHead)).isUnchanged(tag).untouched()
	s.send(get("/state", alice.live(), `If-None-Match: "another"`)).tells("alice", true).untouched()
	s.send(get("/state", carol.live(), "If-None-Match: "+tag)).tells("carol", false).untouched()
	s.send(get("/state", "If-None-Match: "+tag)).tellsNobody(true).untouched()
	s.send(post("/state", alice.live(), "If-None-Match: "+tag)).tells("alice", true).untouched()
}

// profiled is what a handler says of the state.
func profiled(state stytchkit.State, err error) string {
	if err != nil {
		return err.Error()
	}
	if state.Session == nil {
		return anonymous
	}
	cached := fmt.Sprintf(" (%v, %v)", state.FromCache, state.Initialized)
	if state.User != nil {
		return describe(state.Session) + " with " + state.User.Emails[0].Email + cached
	}
	return describe(state.Session) + " with " + state.Member.EmailAddress + " in " + state.Organization.OrganizationSlug + cached
}

func nativeState(s *stage) {
	release := make(chan struct{})
	late := make(chan string, 1)
	s.serve(App{Guards: []Guard{s.optional()}, Routes: []Route{
		{Method: http.MethodGet, Path: "/state", Handler: func(x Exchange) { x.Write(http.StatusOK, profiled(x.State(s.auth))) }},
		{Method: http.MethodGet, Path: "/background", Handler: func(x Exchange) {
			state, err := x.State(s.auth)
			ctx := x.Context()
			go func() {
				<-release
				late <- profiled(state, err) + " and " + profiled(s.auth.State(ctx))
			}()
			x.Write(http.StatusOK, profiled(state, err))
		}},
	}})
	alice, carol := s.person("alice"), s.person("carol")
	of := func(name string, fromCache bool) string {
		return fmt.Sprintf("%s (%v, true)", s.kind.profiled(name), fromCache)
	}
	s.send(get("/state")).says(anonymous).untouched()
	s.send(get("/state", alice.live())).says(of("alice", false)).untouched()
	s.send(get("/state", alice.byToken())).says(of("alice", false)).refreshed(alice)
	s.send(get("/state", alice.live())).says(of("alice", true)).untouched()
	s.send(get("/state", carol.live())).says(of("carol", false)).untouched()
	for _, credential := range []string{alice.live(), bearer(alice.jwt)} {
		s.send(get("/background", credential)).says(of("alice", true))
		for range 20 {
			s.send(get("/state", carol.live())).says(of("carol", true))
		}
		release <- struct{}{}
		if got := <-late; got != of("alice", true)+" and "+of("alice", true) {
			s.t.Errorf("after 20 other requests the goroutine of alice's request sees %s", got)
		}
	}
	for endpoint, want := range s.kind.loaded {
		if got := s.srv.Calls(endpoint); got != want {
			s.t.Errorf("%d calls of %s, want %d", got, endpoint, want)
		}
	}
}
