package stytchkit_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// tracing hears of each call's beginning and end.
type tracing struct {
	told
	mu    sync.Mutex
	begun []string
	ended []any // what Calling had put into the context
	auth  *stytchkit.Authenticator
}

type wantedBy struct{}
type tracedAs struct{}

func (o *tracing) Started(a *stytchkit.Authenticator) { o.auth = a }

func (o *tracing) Calling(request, call context.Context, about string) context.Context {
	o.mu.Lock()
	defer o.mu.Unlock()
	who, _ := request.Value(wantedBy{}).(string)
	o.begun = append(o.begun, about+" for "+who)
	return context.WithValue(call, tracedAs{}, who)
}

func (o *tracing) Called(ctx context.Context, e stytchkit.CallMade) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if e.About != "policy" {
		o.ended = append(o.ended, ctx.Value(tracedAs{}))
	}
}

func TestATracerFollowsACallFromItsBeginning(t *testing.T) {
	o := &tracing{}
	w := newWorld(t, func(c *stytchkit.Config) { c.Observer = o; c.Limits.UnprovenPerSecond = 1; c.Limits.UnprovenBurst = 1 })
	if o.auth != w.auth {
		t.Error("the observer was not introduced to its Authenticator")
	}
	ctx := context.WithValue(t.Context(), wantedBy{}, "alice")
	alice := w.member("alice@example.com")
	w.auth.Require().Check(ctx, stytchkit.HTTPRequest{R: bearer(alice.Token)})
	w.auth.Require().Check(ctx, stytchkit.HTTPRequest{R: bearer(alice.JWT())})                       // verified here: no call
	w.auth.Require().Check(ctx, stytchkit.HTTPRequest{R: bearer(w.member("bob@example.com").Token)}) // rationed: none is sent
	o.mu.Lock()
	defer o.mu.Unlock()
	var begun []string
	for _, call := range o.begun {
		if call != "policy for " {
			begun = append(begun, call)
		}
	}
	if len(begun) != 1 || begun[0] != "session for alice" {
		t.Errorf("began %q, want one call about a session, for alice", begun)
	}
	if len(o.ended) != 2 || o.ended[0] != "alice" || o.ended[1] != nil {
		t.Errorf("ended with %v, want what the call began with, and nothing of the call that was not sent", o.ended)
	}
}

// The route of a call names nobody.
func TestCallsAreToldWithoutIDs(t *testing.T) {
	o := &told{}
	w := newWorld(t, func(c *stytchkit.Config) { c.Observer = o })
	alice := w.person(stytchtest.Member{Email: "alice@example.com"})
	if _, err := w.state(alice); err != nil {
		t.Fatal(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.lines) == 0 {
		t.Fatal("nothing was heard")
	}
	for _, line := range o.lines {
		for _, id := range []string{"organization-", "member-"} {
			if strings.Contains(line, id) {
				t.Errorf("%q holds an ID", line)
			}
		}
	}
}
