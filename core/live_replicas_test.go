package stytchkit_test

import (
	"bytes"
	"net/http"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestLiveEndsAtOnceWithASignOutAtAnotherReplica(t *testing.T) {
	older, newer := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	byJWT := func(s *stytchtest.Session) *http.Request { return request(jwtCookie(s.JWT())) }
	byToken := func(s *stytchtest.Session) *http.Request { return request(tokenCookie(s.Token)) }
	for name, row := range map[string]struct {
		connected, signOut func(*stytchtest.Session) *http.Request
		here, there        [][]byte // keys of the replica that has the connection, and of the other
	}{
		"by JWT":                                {byJWT, byJWT, nil, nil},
		"by token":                              {byToken, byToken, nil, nil},
		"by token, while the keys are replaced": {byToken, byToken, [][]byte{newer, older}, [][]byte{older}},
	} {
		t.Run(name, func(t *testing.T) {
			c := &cluster{world: newWorld(t)}
			with := func(keys [][]byte) func(*stytchkit.Config) {
				return func(cfg *stytchkit.Config) { cfg.ReplicaKeys, cfg.Limits.Sessions = keys, -1 }
			}
			bus := stytchtest.NewBus()
			here, there := c.join(bus, with(row.here)), c.join(bus.Another(), with(row.there))
			alice := c.member("alice@example.com")
			d := check(here.Require(), row.connected(alice))
			check(there.Require(), row.connected(alice))
			c.srv.ResetCalls()
			live, stop := stytchkit.Live(d.Context(t.Context()))
			defer stop()
			if _, err := endSession(there, row.signOut(alice)); err != nil {
				t.Fatal(err)
			}
			ends(t, live, stytchkit.CodeSessionEnded, 4401)
			if c.asked() != 0 {
				t.Errorf("%d calls, want none", c.asked())
			}
		})
	}
}
