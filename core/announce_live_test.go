package stytchkit_test

import (
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestConnectionsEndWithWhomIsSaidToHaveEnded(t *testing.T) {
	for name, row := range map[string]struct {
		event func(*stytchtest.Session) stytchkit.Event
		down  bool
		code  string
		close int
		calls int
	}{
		"the session":              {func(s *stytchtest.Session) stytchkit.Event { return stytchkit.SessionEnded(s.ID) }, true, "session_ended", 4401, 0},
		"the member":               {func(s *stytchtest.Session) stytchkit.Event { return stytchkit.MemberEnded(subjectOf(s)) }, false, "session_ended", 4401, 1},
		"the organization":         {func(s *stytchtest.Session) stytchkit.Event { return stytchkit.OrganizationEnded(organizationOf(s)) }, false, "session_ended", 4401, 1},
		"the member, in an outage": {func(s *stytchtest.Session) stytchkit.Event { return stytchkit.MemberEnded(subjectOf(s)) }, true, "stytch_unavailable", 4503, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newLiveWorld(t)
			alice := w.member("alice@example.com")
			live, _ := w.connect(w.auth.Require(), bearer(alice.JWT()))
			alice.End()
			if row.down {
				w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
			}
			w.auth.Announce(row.event(alice))
			ends(t, live, row.code, row.close)
			if w.asked() != row.calls {
				t.Errorf("%d calls, want %d", w.asked(), row.calls)
			}
		})
	}
}

func TestConnectionsOfWhomHasChangedAreAskedAboutAndStay(t *testing.T) {
	w := newLiveWorld(t)
	alice := w.member("alice@example.com")
	live, _ := w.connect(w.auth.Require(), bearer(alice.JWT()))
	w.clock.Advance(30 * time.Second)
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500})
	before := w.waits.count()
	w.auth.Announce(stytchkit.MemberChanged(subjectOf(alice)))
	w.until("Stytch is asked in vain, and the next time is waited for", func() bool { return w.asked() == 1 && w.waits.count() >= before+2 })
	w.srv.Recover()
	w.clock.Advance(10 * time.Second)
	w.until("Stytch is asked again", func() bool { return w.asked() == 2 })
	if err := live.Err(); err != nil {
		t.Errorf("the connection ended: %v", err)
	}
}
