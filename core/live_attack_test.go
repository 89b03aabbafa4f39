package stytchkit_test

import (
	"context"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// A page that polls beside its connection keeps Stytch from being asked about the connection. What its
// requests find out counts for the connection all the same.
func TestLiveHearsOfARoleThatOtherRequestsFindGone(t *testing.T) {
	w := newLiveWorld(t)
	alice := w.member("alice@example.com", "editor")
	editing, _ := w.connect(w.auth.Require(stytchkit.Role("editor")), bearer(alice.JWT()))
	reading, _ := w.connect(w.auth.Require(), bearer(alice.JWT()))
	w.srv.AddMember(stytchtest.Member{Email: "alice@example.com"}) // an editor no longer
	for range 2 {
		w.clock.Advance(4 * time.Minute)
		if d := check(w.auth.Require(), bearer(alice.JWT())); d.Denial != nil {
			t.Fatal(d.Denial)
		}
	}
	ends(t, editing, stytchkit.CodePermissionDenied, 4403)
	if reading.Err() != nil {
		t.Errorf("no rule asks for the role, and it ended: %v", context.Cause(reading))
	}
	if w.asked() != 0 {
		t.Errorf("%d calls, want none: the JWTs are newer", w.asked())
	}
}

// Nothing but the token's own bytes says at a sign-out whose session it is where that is remembered no more.
func TestLiveEndsAtOnceWithASignOutByATokenThatIsForgotten(t *testing.T) {
	for name, limits := range map[string]stytchkit.Limits{
		"no sessions are remembered":       {Sessions: -1},
		"that it is proven is not, either": {Sessions: -1, ProvenTokens: 1},
	} {
		w := newLiveWorld(t, func(c *stytchkit.Config) { c.Limits = limits })
		alice := w.member("alice@example.com")
		guard := w.auth.Require()
		live, _ := w.connect(guard, request(tokenCookie(alice.Token)))
		for range 8 {
			check(guard, request(tokenCookie(w.member("bob@example.com").Token)))
		}
		if _, err := endSession(w.auth, request(tokenCookie(alice.Token))); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		ends(t, live, stytchkit.CodeSessionEnded, 4401)
	}
}
