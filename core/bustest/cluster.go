package bustest

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// atOnce is how long it takes at the most until all replicas believe what one of them was told.
const atOnce = time.Second

// clusters runs the cases of several Authenticators, which share a stand-in for Stytch.
func (e Engine) clusters(t *testing.T) {
	srv := stytchtest.Start(t, stytchtest.Options{})
	for name, run := range map[string]func(*cluster){
		"a session that is signed out of at one is refused by all, without a call": (*cluster).signOut,
		"a session that was replaced at one gets cookies of none":                  (*cluster).replaced,
		"who has another key changes nothing":                                      (*cluster).wrongKey,
		"who joins late knows all once it is connected":                            (*cluster).late,
	} {
		t.Run(name, func(t *testing.T) { run(e.cluster(t, srv)) })
	}
	if e.Lose != nil {
		t.Run("what the engine has lost is said again by who knew it", func(t *testing.T) { e.cluster(t, srv).lost() })
	}
	if e.Cut != nil {
		t.Run("who was cut off hears of all, and is heard", func(t *testing.T) { e.cluster(t, srv).cutOff() })
	}
}

// cluster is three replicas of an application.
type cluster struct {
	*testing.T
	engine Engine
	topic  string
	srv    *stytchtest.Server
	buses  []stytchkit.Bus
	nodes  []*stytchkit.Authenticator
}

func (e Engine) cluster(t *testing.T, srv *stytchtest.Server) *cluster {
	t.Helper()
	c := &cluster{T: t, engine: e, topic: topic(t), srv: srv}
	for range 3 {
		c.join()
	}
	return c
}

// join is one more replica, which has heard all that the engine holds.
func (c *cluster) join(keys ...[]byte) *stytchkit.Authenticator {
	c.Helper()
	cfg, bus := c.srv.Config(), c.engine.New(c.T, c.topic)
	cfg.Replicas, cfg.ReplicaKeys, cfg.Logger = bus, keys, slog.New(slog.NewTextHandler(c.Output(), nil))
	auth, err := stytchkit.New(cfg)
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(auth.Close)
	if err := auth.Ready(c.Context()); err != nil {
		c.Fatal(err)
	}
	c.until("it is connected", soon, func() bool { return auth.Health().Replicas.Connected })
	c.buses, c.nodes = append(c.buses, bus), append(c.nodes, auth)
	return auth
}

func (c *cluster) until(what string, within time.Duration, is func() bool) {
	c.Helper()
	if !until(within, is) {
		c.Fatalf("after %v not yet: %s", within, what)
	}
}

// until looks again and again, for so long at the most.
func until(within time.Duration, is func() bool) bool {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(within); !is(); <-tick.C {
		if time.Now().After(deadline) {
			return false
		}
	}
	return true
}

// member is a member who has signed in.
func (c *cluster) member() *stytchtest.Session { return c.srv.AddMember(stytchtest.Member{}).SignIn() }

// check is what a replica decides about a session's cookies.
func check(node *stytchkit.Authenticator, cookies ...string) stytchkit.Decision {
	r := with(cookies...)
	return node.Require().Check(r.R.Context(), r)
}

func with(cookies ...string) stytchkit.HTTPRequest {
	r := httptest.NewRequest(http.MethodGet, "/page", nil)
	for _, cookie := range cookies {
		r.Header.Add("Cookie", cookie)
	}
	return stytchkit.HTTPRequest{R: r}
}

func jwtOf(s *stytchtest.Session) string   { return "stytch_session_jwt=" + s.JWT() }
func tokenOf(s *stytchtest.Session) string { return "stytch_session=" + s.Token }

func isEnded(d stytchkit.Decision) bool {
	return d.Denial != nil && d.Denial.Code == stytchkit.CodeSessionEnded
}

func (c *cluster) signOut() {
	alice := c.member()
	for i, node := range c.nodes {
		if d := check(node, jwtOf(alice)); d.Denial != nil {
			c.Fatalf("replica %d denies a member who has signed in: %v", i, d.Denial)
		}
	}
	c.srv.ResetCalls()
	r := with(jwtOf(alice), tokenOf(alice))
	if _, err := c.nodes[0].EndSession(r.R.Context(), r); err != nil {
		c.Fatal(err)
	}
	c.until("all of them refuse the session", atOnce, func() bool {
		return !slices.ContainsFunc(c.nodes, func(node *stytchkit.Authenticator) bool { return !isEnded(check(node, jwtOf(alice))) })
	})
	if n := c.srv.Calls(stytchtest.Authenticate); n != 0 {
		c.Errorf("%d calls ask about the session, want none", n)
	}
}

func (c *cluster) replaced() {
	alice, bob := c.member(), c.member()
	for i, node := range c.nodes {
		if d := check(node, tokenOf(alice)); len(d.Cookies) == 0 {
			c.Fatalf("replica %d: a token alone gets no cookies: %v", i, d.Denial)
		}
	}
	if _, err := c.nodes[0].SessionCookies(with(tokenOf(alice)), bob.Token, bob.JWT(), bob.ExpiresAt()); err != nil {
		c.Fatal(err)
	}
	for i, node := range c.nodes {
		c.until("they hear of it", atOnce, func() bool { return node.Health().Replicas.Known == 1 })
		if d := check(node, tokenOf(alice)); d.Denial != nil || len(d.Cookies) != 0 {
			c.Errorf("replica %d: %d cookies, %v; want the old session let in, and its cookies untouched", i, len(d.Cookies), d.Denial)
		}
	}
}

func (c *cluster) wrongKey() {
	alice := c.member()
	stranger := c.join(bytes.Repeat([]byte{7}, 32))
	stranger.Announce(stytchkit.SessionEnded(alice.ID))
	for i, node := range c.nodes[:3] {
		c.until("its record arrives", atOnce, func() bool { return node.Health().Replicas.Foreign > 0 })
		if d := check(node, jwtOf(alice)); d.Denial != nil || node.Health().Replicas.Known != 0 {
			c.Errorf("replica %d: %v, %+v; want nothing changed", i, d.Denial, node.Health().Replicas)
		}
	}
}

func (c *cluster) late() {
	alice, bob := c.member(), c.member()
	c.nodes[0].Announce(stytchkit.SessionEnded(alice.ID))
	c.nodes[1].Announce(stytchkit.SessionEnded(bob.ID))
	c.haveTold()
	late := c.join()
	if !isEnded(check(late, jwtOf(alice))) || !isEnded(check(late, jwtOf(bob))) {
		c.Error("it lets in a session that is over")
	}
}

// haveTold waits until all that was announced is in the log.
func (c *cluster) haveTold() {
	c.Helper()
	for _, node := range c.nodes {
		c.until("it has told what it knows", soon, func() bool { return node.Health().Replicas.Outbox == 0 })
	}
}

func (c *cluster) lost() {
	alice, bob := c.member(), c.member()
	c.nodes[0].Announce(stytchkit.SessionEnded(alice.ID), stytchkit.SessionEnded(bob.ID))
	for _, node := range c.nodes {
		c.until("all know of both", soon, func() bool { return node.Health().Replicas.Known == 2 })
	}
	c.haveTold()
	c.nodes[0].Close() // both are the others' to say again
	c.engine.Lose(c.T)
	late := c.join()
	c.until("a late one knows of both", soon, func() bool {
		return isEnded(check(late, jwtOf(alice))) && isEnded(check(late, jwtOf(bob)))
	})
}

func (c *cluster) cutOff() {
	alice, bob := c.member(), c.member()
	c.engine.Cut(c.T, c.buses[1])
	c.until("it notices", returnsIn, func() bool { return !c.nodes[1].Health().Replicas.Connected })
	c.nodes[0].Announce(stytchkit.SessionEnded(alice.ID))
	c.nodes[1].Announce(stytchkit.SessionEnded(bob.ID))
	if d := check(c.nodes[1], jwtOf(alice)); d.Denial != nil {
		c.Errorf("who is cut off denies what it has not heard of: %v", d.Denial)
	}
	c.engine.Mend(c.T, c.buses[1])
	for _, node := range c.nodes {
		c.until("all know of both", soon, func() bool { return isEnded(check(node, jwtOf(alice))) && isEnded(check(node, jwtOf(bob))) })
	}
}
