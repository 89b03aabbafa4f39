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
	w := newWorld(t)
	alice := w.member("alice@example.com", "editor")
	editing, _ := connect(t, w.auth.Require(stytchkit.Role("editor")), bearer(alice.JWT()))
	reading, _ := connect(t, w.auth.Require(), bearer(alice.JWT()))
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
