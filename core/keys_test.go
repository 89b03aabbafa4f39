package stytchkit_test

import (
	"context"
	"sync"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// watched is a context that tells when somebody waits for its end.
type watched struct {
	context.Context
	once   sync.Once
	waited chan struct{}
}

func watch(ctx context.Context) *watched {
	return &watched{Context: ctx, waited: make(chan struct{})}
}

func (w *watched) Done() <-chan struct{} {
	w.once.Do(func() { close(w.waited) })
	return w.Context.Done()
}

func (w *watched) waitedFor(t *testing.T) {
	t.Helper()
	select {
	case <-w.waited:
	case <-w.Context.Done():
		t.Fatal("nobody waited")
	}
}

func TestARequestWaitsForTheFirstKeys(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	hold := w.srv.Hold(stytchtest.JWKS)
	auth := w.authenticator()
	decided, during := make(chan stytchkit.Decision, 1), watch(within(t, 10*time.Second))
	go func() { decided <- check(auth.Require(), bearer(alice.JWT()).WithContext(during)) }()
	during.waitedFor(t)
	hold.Release()
	if d := <-decided; d.Session.ID() != alice.ID {
		t.Errorf("got %v, want alice's session", d.Denial)
	}
}

func TestARequestWaitsForTheFirstKeysNoLongerThanTheTimeout(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	w.srv.Fail(stytchtest.JWKS, stytchtest.Fault{Hang: true})
	auth := w.authenticator(func(c *stytchkit.Config) { c.Timeout = 20 * time.Millisecond })
	if d := check(auth.Require(), bearer(alice.JWT())); code(d) != "stytch_unavailable" {
		t.Errorf("got %q, want stytch_unavailable", code(d))
	}
}

// What the keys do through an outage is their room's to test; this is what a request sees of it.
func TestAMemberIsLetInWhileTheKeysAreNotTooOld(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.KeysStaleFor = 2 * time.Hour })
	alice := w.srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.WithLifetime(24 * time.Hour))
	w.srv.Fail(stytchtest.JWKS, stytchtest.Fault{Status: 503})
	w.clock.Advance(2 * time.Hour)
	if d := check(w.auth.Require(), bearer(alice.JWT())); d.Session.ID() != alice.ID {
		t.Errorf("keys of the age of the bound: got %v, want alice's session", d.Denial)
	}
	w.clock.Advance(time.Second)
	if d := check(w.auth.Require(), bearer(alice.JWT())); code(d) != "stytch_unavailable" {
		t.Errorf("keys older than the bound: got %q, want stytch_unavailable", code(d))
	}
}
