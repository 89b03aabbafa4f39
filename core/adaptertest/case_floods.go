package adaptertest

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/internal/inside"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// floodCases are about what one client, or one member, leaves to the others.
func floodCases() []testCase {
	return []testCase{
		{"C77 the made-up tokens of one address keep nobody else's from being asked about", noisyAddress},
		{"C78 the questions of one member keep no other member waiting", noisyMember},
		{"C79 made-up sign-outs are rationed, and take nothing from a member's", noisySignOuts},
	}
}

// ration is a second's calls for what nobody has vouched for.
const ration = 20

// rationed makes the case's Authenticator one that tells clients apart by what they say they are.
func (s *stage) rationed() {
	s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) {
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		c.Limits.UnprovenPerSecond, c.Limits.UnprovenBurst, c.Limits.Calls = ration, ration, 8
	})
}

func from(address string) string { return "X-Forwarded-For: " + address }

func madeUp() string { return "made-up-" + rand.Text() }

func noisyAddress(s *stage) {
	s.rationed()
	s.serve(s.guarded(s.required()))
	client := s.stranger()
	ask := func(address string) int { return client.send(get("/me", from(address), bearer(madeUp()))).status }
	alone := 0
	for range 3 * ration {
		if ask("192.0.2.1") == http.StatusUnauthorized {
			alone++
		}
	}
	if alone < ration*3/4 || alone > ration {
		s.t.Errorf("one address alone had %d of %d answered, want most of %d", alone, 3*ration, ration)
	}
	asked, refused := 0, 0
	for quarter := range 40 { // of a second
		s.clock.Advance(time.Second / 4)
		for range ration { // four times the rate, and twenty times as many as the other's
			ask("192.0.2.1")
		}
		answered := ask("192.0.2.2") == http.StatusUnauthorized
		if quarter < 8 {
			continue // it has not been seen before
		}
		if asked++; !answered {
			refused++
		}
	}
	if refused*20 > asked {
		s.t.Errorf("%d of %d of an address within its share were refused, want less than 5 %%", refused, asked)
	}
	s.srv.ResetCalls()
	for i := range 3 * ration { // the proxy's own entry is the last
		client.send(get("/me", from("198.51.100."+string(rune('1'+i%9))+", 192.0.2.1"), bearer(madeUp())))
	}
	if n := s.srv.Calls(stytchtest.Authenticate); n > ration {
		s.t.Errorf("made-up addresses bought %d calls at once, want at most %d", n, ration)
	}
}

func noisyMember(s *stage) {
	s.rationed()
	arrived := make(chan struct{}, 100)
	witness, _ := s.auth.Inside(inside.Key{}).Witness(func(inside.Request) { arrived <- struct{}{} }).(stytchkit.Rule)
	s.serve(s.guarded(s.required(witness), s.required(stytchkit.Fresh(0))))
	mallory, alice := s.person("mallory"), s.person("alice")
	hold := s.srv.Hold(stytchtest.Authenticate)
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	var flood sync.WaitGroup
	clients := make([]*wire, 30)
	for i := range clients {
		clients[i] = s.stranger()
		flood.Go(func() { clients[i].send(get("/me", mallory.live())) })
	}
	var wrong []error
	for range clients {
		select {
		case <-arrived:
		case <-ctx.Done():
			wrong = append(wrong, ctx.Err())
		}
	}
	const most = 8 * 3 / 4
	wrong = append(wrong, hold.Waiting(ctx, most))
	hers := make(chan *answer, 1)
	client := s.stranger()
	go func() { hers <- client.send(get("/me", alice.live())) }()
	wrong = append(wrong, hold.Waiting(ctx, most+1))
	if n := s.srv.Calls(stytchtest.Authenticate); n != most+1 {
		s.t.Errorf("%d calls are in flight, want %d of one member and the other's", n, most)
	}
	hold.Release()
	if a := <-hers; a.status != http.StatusOK || a.text != s.kind.described("alice") {
		s.t.Errorf("the other member got\n%s", a)
	}
	flood.Wait()
	if err := errors.Join(wrong...); err != nil {
		s.t.Error(err)
	}
}

func noisySignOuts(s *stage) {
	s.rationed()
	s.serve(App{Routes: []Route{
		{Method: http.MethodGet, Path: "/me", Guards: []Guard{s.required()}, Handler: s.me},
		{Method: http.MethodPost, Path: "/logout", Handler: func(x Exchange) {
			if err := x.EndSession(s.auth); err != nil {
				x.Write(http.StatusAccepted, err.Error())
				return
			}
			x.Write(http.StatusOK, "bye")
		}},
	}})
	alice, carol := s.person("alice"), s.person("carol")
	s.clock.Advance(time.Second)
	client := s.stranger()
	for range 40 {
		client.send(post("/logout", from("192.0.2.1"), cookies(tokenPair(madeUp()), tokenPair(madeUp()), tokenPair(carol.ID))))
	}
	if n := s.srv.Calls(stytchtest.Revoke); n > ration {
		s.t.Errorf("made-up sign-outs cost %d calls, want at most %d", n, ration)
	}
	s.srv.ResetCalls()
	s.reachedSince()
	s.send(get("/me", carol.live())).of("carol").untouched()
	s.asked(0) // JWTs from before the flood are proof as ever
	s.send(post("/logout", from("192.0.2.1"), alice.live())).says("bye").sets(signedOut()...)
	s.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: http.StatusInternalServerError})
	for range 40 {
		client.send(post("/logout", from("192.0.2.1"), tokenCookie(madeUp())))
	}
	s.reachedSince()
	late := client.send(post("/logout", carol.live()))
	if late.status != http.StatusAccepted || !strings.Contains(late.text, "retried in the background") || s.auth.Health().PendingRevocations != 1 {
		late.fail("her sign-out alone to be retried", "%d pending", s.auth.Health().PendingRevocations)
	}
}
