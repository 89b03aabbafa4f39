package stytchkit_test

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// cluster is three replicas of an application over one bus; the world's own Authenticator is none of them.
type cluster struct {
	*world
	buses []*stytchtest.Bus
	nodes []*stytchkit.Authenticator
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{world: newWorld(t)}
	first := stytchtest.NewBus()
	for _, bus := range []*stytchtest.Bus{first, first.Another(), first.Another()} {
		c.join(bus)
	}
	c.srv.ResetCalls()
	return c
}

// join is one more replica, which has heard all that the bus holds.
func (c *cluster) join(bus *stytchtest.Bus, configure ...func(*stytchkit.Config)) *stytchkit.Authenticator {
	c.t.Helper()
	auth := c.authenticator(append(configure, func(cfg *stytchkit.Config) { cfg.Replicas = bus })...)
	if err := auth.Ready(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	c.until("it is connected", func() bool { return auth.Health().Replicas.Connected })
	c.buses, c.nodes = append(c.buses, bus), append(c.nodes, auth)
	return auth
}

// passUntil lets time pass by steps, slowly enough that none of what it waits for is too old by then.
func (c *cluster) passUntil(what string, step time.Duration, is func() bool) {
	c.t.Helper()
	c.until(what, func() bool {
		c.clock.Advance(step)
		<-time.After(time.Millisecond)
		return is()
	})
}

// hears waits until a replica knows of so many events at least, and has told all it knows.
func (c *cluster) hears(node, events int) {
	c.t.Helper()
	c.until("the replica hears of it", func() bool {
		h := c.nodes[node].Health().Replicas
		return h.Known >= events && h.Outbox == 0
	})
}

func TestASignOutIsBelievedByEveryReplicaWithoutACall(t *testing.T) {
	for _, by := range []string{"the JWT and the token", "the JWT alone", "the token alone"} {
		t.Run(by, func(t *testing.T) {
			c := newCluster(t)
			alice := c.member("alice@example.com")
			r := presentedLive(alice)[by]
			for _, node := range c.nodes {
				if d := check(node.Require(), r); d.Session.ID() != alice.ID {
					t.Fatal(d.Denial)
				}
			}
			check(c.nodes[0].Require(), request(tokenCookie(alice.Token))) // the one that signs out knows the token, too
			if _, err := endSession(c.nodes[0], r); err != nil {
				t.Fatal(err)
			}
			known := c.nodes[0].Health().Replicas.Known
			c.srv.ResetCalls()
			for i, node := range c.nodes {
				c.hears(i, known)
				if d := check(node.Require(), r); code(d) != "session_ended" {
					t.Errorf("replica %d: got %q, want session_ended", i, code(d))
				}
			}
			if c.asked() != 0 {
				t.Errorf("%d calls, want none", c.asked())
			}
		})
	}
}

func TestAReplacedSessionSetsNoCookiesAnywhere(t *testing.T) {
	for _, by := range []string{"the JWT and the token", "the JWT alone", "the token alone"} {
		t.Run(by, func(t *testing.T) {
			c := newCluster(t)
			alice, bob := c.member("alice@example.com"), c.member("bob@example.com")
			r := presentedBy(alice)[by]
			for _, node := range c.nodes {
				check(node.Require(), r)
			}
			if _, err := c.nodes[0].SessionCookies(stytchkit.HTTPRequest{R: r}, bob.Token, bob.JWT(), bob.ExpiresAt()); err != nil {
				t.Fatal(err)
			}
			for i, node := range c.nodes {
				c.hears(i, c.nodes[0].Health().Replicas.Known)
				if d := check(node.Require(), r); setCookies(d) != "untouched" {
					t.Errorf("replica %d: cookies %s, want them untouched", i, setCookies(d))
				}
			}
		})
	}
}

// A replica that is pointed at a wrong Stytch must not sign everybody out.
func TestAVerdictOfStytchMakesTheOthersAskOnce(t *testing.T) {
	c := newCluster(t)
	alice := c.member("alice@example.com")
	r := bearer(alice.JWT())
	for _, node := range c.nodes {
		check(node.Require(), r)
	}
	c.clock.Advance(time.Second)
	c.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 404, ErrorType: "session_not_found"})
	if d := check(c.nodes[0].Require(stytchkit.Fresh(0)), r); code(d) != "session_ended" {
		t.Fatalf("the one that asks the wrong Stytch: %q", code(d))
	}
	c.srv.Recover()
	c.srv.ResetCalls()
	for i, node := range c.nodes[1:] {
		c.hears(i+1, 1)
		for range 2 {
			if d := check(node.Require(), r); d.Session.ID() != alice.ID {
				t.Errorf("replica %d: %q, want alice", i+1, code(d))
			}
		}
	}
	if c.asked() != 2 {
		t.Errorf("%d calls, want one by each of the others", c.asked())
	}
}

func TestAMemberWhoEndedCostsEachReplicaOneCall(t *testing.T) {
	c := newCluster(t)
	alice := c.member("alice@example.com")
	r := bearer(alice.JWT())
	for _, node := range c.nodes {
		check(node.Require(), r)
	}
	alice.End()
	c.nodes[0].Announce(stytchkit.MemberEnded(subjectOf(alice)))
	for i, node := range c.nodes {
		c.hears(i, 1)
		c.srv.ResetCalls()
		for range 2 {
			if d := check(node.Require(), r); code(d) != "session_ended" {
				t.Errorf("replica %d: got %q, want session_ended", i, code(d))
			}
		}
		if c.asked() != 1 {
			t.Errorf("replica %d: %d calls, want 1", i, c.asked())
		}
		c.hears(i, 2) // the verdict of the first that asked
	}
	if n := len(c.buses[0].Records()); n != 2 {
		t.Errorf("%d records, want one about the member and one of the verdict", n)
	}
}

// The replicas are the store: what the engine has lost is there again, also for one that comes later.
func TestALogThatIsLostIsRefilledByWhoKnew(t *testing.T) {
	c := newCluster(t)
	alice, bob := c.member("alice@example.com"), c.member("bob@example.com")
	end := func(s *stytchtest.Session) { c.nodes[0].Announce(stytchkit.SessionEnded(s.ID)) }
	end(alice)
	c.hears(1, 1)
	c.hears(2, 1)
	c.nodes[0].Close() // its facts are the others' to say again
	c.buses[1].Lose()
	c.passUntil("the log has it again", 100*time.Millisecond, func() bool { return len(c.buses[1].Records()) > 0 })
	cold := c.join(c.buses[1].Another())
	if d := check(cold.Require(), bearer(alice.JWT())); code(d) != "session_ended" {
		t.Errorf("a cold replica: got %q, want session_ended", code(d))
	}
	c.nodes[1].Announce(stytchkit.SessionEnded(bob.ID))
	c.buses[1].Lose()
	c.passUntil("its own is said at once", 100*time.Millisecond, func() bool { return len(c.buses[1].Records()) >= 2 })
}

func TestAReplicaThatWasCutOffHearsOfAllAndIsHeard(t *testing.T) {
	c := newCluster(t)
	alice, bob := c.member("alice@example.com"), c.member("bob@example.com")
	c.buses[1].Cut()
	c.until("it is cut off", func() bool { return !c.nodes[1].Health().Replicas.Connected })
	c.nodes[0].Announce(stytchkit.SessionEnded(alice.ID))
	c.nodes[1].Announce(stytchkit.SessionEnded(bob.ID))
	if err := c.nodes[1].Ready(t.Context()); err != nil {
		t.Errorf("the bus fails Ready: %v", err)
	}
	c.buses[1].Mend()
	for i := range c.nodes {
		c.passUntil("all know of both", 100*time.Millisecond, func() bool { return c.nodes[i].Health().Replicas.Known == 2 })
	}
}

func TestAWrongKeyChangesNothing(t *testing.T) {
	c := newCluster(t)
	alice := c.member("alice@example.com")
	stranger := c.join(c.buses[0].Another(), func(cfg *stytchkit.Config) { cfg.ReplicaKeys = [][]byte{bytes.Repeat([]byte{7}, 32)} })
	stranger.Announce(stytchkit.SessionEnded(alice.ID))
	c.until("it is refused", func() bool { return c.nodes[0].Health().Replicas.Foreign == 1 })
	if d := check(c.nodes[0].Require(), bearer(alice.JWT())); d.Session.ID() != alice.ID || c.nodes[0].Health().Replicas.Known != 0 {
		t.Errorf("got %v, want alice as before", d.Denial)
	}
}

func TestWithoutBusAndStytchNobodysCookiesAreCleared(t *testing.T) {
	c := newCluster(t)
	alice := c.member("alice@example.com")
	for _, bus := range c.buses {
		bus.Cut()
	}
	c.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
	c.nodes[0].Announce(stytchkit.MemberEnded(subjectOf(alice)))
	for by, r := range presentedBy(alice) {
		for i, node := range c.nodes {
			if d := check(node.Require(), r); code(d) != "stytch_unavailable" || setCookies(d) != "untouched" {
				t.Errorf("replica %d, by %s: got %q and cookies %s, want them untouched", i, by, code(d), setCookies(d))
			}
		}
	}
}

// Whatever is ended, replaced or refused, what a bus is handed says nothing to whoever has no key.
func TestNothingThatABusIsHandedHoldsATokenOrAnID(t *testing.T) {
	c := newCluster(t)
	alice, bob := c.member("alice@example.com"), c.member("bob@example.com")
	r := request(jwtCookie(alice.JWT()), tokenCookie(alice.Token))
	check(c.nodes[0].Require(), r)
	check(c.nodes[0].Require(), request(tokenCookie(alice.Token)))
	if _, err := c.nodes[0].SessionCookies(stytchkit.HTTPRequest{R: r}, bob.Token, bob.JWT(), bob.ExpiresAt()); err != nil {
		t.Fatal(err)
	}
	_, _ = endSession(c.nodes[0], r)
	c.nodes[0].Announce(stytchkit.MemberEnded(subjectOf(alice)), stytchkit.PolicyChanged())
	c.hears(0, 6)
	size := len(c.buses[0].Records()[0])
	for _, record := range c.buses[0].Records() {
		for _, secret := range []string{alice.Token, alice.JWT(), bob.Token, alice.ID, subjectOf(alice)} {
			if strings.Contains(string(record), secret) {
				t.Error("a record holds a token or an ID in the clear")
			}
		}
		if len(record) != size || size > 512 {
			t.Errorf("a record has %d bytes, others %d", len(record), size)
		}
	}
}

func TestPendingRevocationsAreToldAgain(t *testing.T) {
	c := newCluster(t)
	alice := c.member("alice@example.com")
	c.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: 500})
	_, _ = endSession(c.nodes[0], bearer(alice.JWT()))
	c.hears(0, 1)
	c.passUntil("it is told again", time.Second, func() bool { return len(c.buses[0].Records()) >= 3 })
}

func TestCloseTellsWhatWaits(t *testing.T) {
	c := newCluster(t)
	c.buses[0].Hold()
	for range 100 {
		c.nodes[0].Announce(stytchkit.SessionEnded("session-" + rand.Text()))
	}
	c.buses[0].Mend()
	c.nodes[0].Close()
	c.hears(1, 100)
}
