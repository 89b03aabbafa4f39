package stytchkit_test

import (
	"net/http"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// A browser presents both cookies, and a JWT is enough until it signs out: nobody has vouched for the token.
func TestASignOutByBothCookiesIsBelievedWithoutACallAlsoInAnOutage(t *testing.T) {
	for _, outage := range []bool{false, true} {
		c := newCluster(t)
		alice := c.member("alice@example.com")
		r := request(jwtCookie(alice.JWT()), tokenCookie(alice.Token))
		if outage {
			c.srv.Fail(stytchtest.All, stytchtest.Fault{Status: 500})
		}
		if _, err := endSession(c.nodes[0], r); (err != nil) != outage {
			t.Fatal(err)
		}
		known := c.nodes[0].Health().Replicas.Known
		c.srv.ResetCalls()
		for i, node := range c.nodes {
			c.hears(i, known)
			if d := check(node.Require(), r); code(d) != "session_ended" {
				t.Errorf("outage %t, replica %d: got %q, want session_ended", outage, i, code(d))
			}
		}
		if c.asked() != 0 {
			t.Errorf("outage %t: %d calls, want none", outage, c.asked())
		}
	}
}

// A program may have been served by one replica, and sign out at another, which has never seen its token.
func TestASignOutOfATokenThatOnlyOthersKnowIsBelieved(t *testing.T) {
	c := newCluster(t)
	alice := c.member("alice@example.com")
	r := bearer(alice.Token)
	if d := check(c.nodes[1].Require(), r); d.Session.ID() != alice.ID {
		t.Fatal(d.Denial)
	}
	c.srv.ResetCalls()
	if _, err := endSession(c.nodes[0], r); err != nil {
		t.Fatal(err)
	}
	for i, node := range c.nodes {
		c.hears(i, 1)
		if d := check(node.Require(), r); code(d) != "session_ended" {
			t.Errorf("replica %d: got %q, want session_ended", i, code(d))
		}
	}
	if c.asked() != 0 {
		t.Errorf("%d calls, want none", c.asked())
	}
}

func TestATokenBesideAReplacedJWTSetsNoCookiesAnywhere(t *testing.T) {
	c := newCluster(t)
	alice, bob := c.member("alice@example.com"), c.member("bob@example.com")
	r := request(jwtCookie(alice.JWT()), tokenCookie(alice.Token))
	if _, err := c.nodes[0].SessionCookies(stytchkit.HTTPRequest{R: r}, bob.Token, bob.JWT(), bob.ExpiresAt()); err != nil {
		t.Fatal(err)
	}
	for i, node := range c.nodes {
		c.hears(i, 2)
		if d := check(node.Require(), request(tokenCookie(alice.Token))); d.Session.ID() != alice.ID || setCookies(d) != "untouched" {
			t.Errorf("replica %d: got %q and cookies %s, want alice and them untouched", i, code(d), setCookies(d))
		}
	}
}

// Whoever signs out ends what they hold, at every replica, and nothing of anybody else's.
func TestASignOutEndsNowhereWhatItDoesNotHold(t *testing.T) {
	for name, present := range map[string]func(alice, mallory *stytchtest.Session) *http.Request{
		"her JWT, forged, beside his token": func(alice, mallory *stytchtest.Session) *http.Request {
			return request(jwtCookie(forge(alice.JWT())), tokenCookie(mallory.Token))
		},
		"her session's ID as a token beside his JWT": func(alice, mallory *stytchtest.Session) *http.Request {
			return request(jwtCookie(mallory.JWT()), tokenCookie(alice.ID))
		},
		"a part of her token beside his JWT": func(alice, mallory *stytchtest.Session) *http.Request {
			return request(jwtCookie(mallory.JWT()), tokenCookie(alice.Token[:len(alice.Token)-1]+"x"))
		},
		"her JWT as a token beside his JWT": func(alice, mallory *stytchtest.Session) *http.Request {
			return request(jwtCookie(mallory.JWT()), tokenCookie(forge(alice.JWT())))
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t)
			alice, mallory := c.member("alice@example.com"), c.member("mallory@example.com")
			check(c.nodes[0].Require(), request(tokenCookie(alice.Token)))
			_, _ = endSession(c.nodes[0], present(alice, mallory)) // what is made up is refused by Stytch
			known := c.nodes[0].Health().Replicas.Known
			for i, node := range c.nodes {
				c.hears(i, known)
				for by, r := range presentedLive(alice) {
					if d := check(node.Require(), r); d.Session.ID() != alice.ID {
						t.Errorf("replica %d: alice, by %s, is answered %q", i, by, code(d))
					}
				}
				if d := check(node.Require(stytchkit.Fresh(0)), presentedBy(alice)["the JWT and the token"]); d.Session.ID() != alice.ID || setCookies(d) != "set" {
					t.Errorf("replica %d: alice, asked about: %q and cookies %s, want them set", i, code(d), setCookies(d))
				}
			}
		})
	}
}

// Made-up tokens at the sign-out reach the other replicas only beside a session that ends with them, one each.
func TestAFloodOfMadeUpSignOutsTellsTheOthersNothing(t *testing.T) {
	c := newCluster(t)
	mallory := c.member("mallory@example.com")
	c.clock.Advance(time.Second)
	for range 20 {
		_, _ = endSession(c.nodes[0], request(tokenCookie(randomToken())))
	}
	if n := c.nodes[0].Health().Replicas.Known; n != 0 {
		t.Errorf("made-up tokens alone: %d events, want none", n)
	}
	for range 20 {
		_, _ = endSession(c.nodes[0], request(jwtCookie(mallory.JWT()), tokenCookie(randomToken()), tokenCookie("a"+randomToken())))
	}
	if n := c.nodes[0].Health().Replicas.Known; n != 2 {
		t.Errorf("beside one JWT: %d events, want the session's and one token's", n)
	}
}
