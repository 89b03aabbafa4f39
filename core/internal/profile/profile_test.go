package profile_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"

	"github.com/stytchkit/stytchkit/core/internal/asking"
	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/profile"
	"github.com/stytchkit/stytchkit/core/internal/session"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// directory answers about members, after a second.
type directory struct {
	calls   atomic.Int64
	failure *stytch.Failure // in place of an answer
	roles   []organizations.MemberRole

	hard, soft time.Time // when it was heard of a change
}

func (d *directory) member(ctx context.Context, organizationID, memberID string) (*organizations.Member, error) {
	d.calls.Add(1)
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
	}
	if d.failure != nil {
		return nil, d.failure
	}
	return &organizations.Member{OrganizationID: organizationID, MemberID: memberID, Roles: d.roles}, nil
}

// members loads members that are fresh for a minute, and stale for an hour beyond that.
func members(t *testing.T, d *directory, test func(t *testing.T, p *profile.Profiles)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		group := tasks.New()
		defer group.Close()
		asker := asking.New(asking.Config{
			Timeout: 3 * time.Second, Calls: 8, UnprovenCalls: 8, UnprovenPerSecond: 8, UnprovenBurst: 8,
			Clock: &clock.System{}, Log: slog.New(slog.DiscardHandler), Tasks: group, HandedOut: func(string) {},
		})
		test(t, profile.New(profile.Config{
			Asker: asker, Fetch: profile.Fetch{Member: d.member}, FreshFor: time.Minute, StaleFor: time.Hour, AtMost: 16,
			Doubted: func(endings.Key) (hard, soft time.Time) { return d.hard, d.soft },
		}))
	})
}

func of(organization, member string) *session.Facts {
	return &session.Facts{OrganizationID: organization, Subject: member}
}

func TestAMemberIsLoadedOnceAndRenewedWhileWhatIsKnownIsServed(t *testing.T) {
	d := &directory{}
	members(t, d, func(t *testing.T, p *profile.Profiles) {
		for i, step := range []struct {
			later     time.Duration
			fromCache bool
			calls     int64
		}{
			{0, false, 1}, {50 * time.Second, true, 1},
			{10 * time.Second, true, 2}, {2 * time.Second, true, 2}, // stale, and renewed meanwhile
			{2 * time.Hour, false, 3}, // too old for any use
		} {
			time.Sleep(step.later)
			got, fromCache, err := p.Members.Of(t.Context(), of("acme", "alice"))
			synctest.Wait()
			if err != nil || got.MemberID != "alice" || fromCache != step.fromCache || d.calls.Load() != step.calls {
				t.Errorf("step %d: got %+v, from cache %v, %v after %d calls, want %+v", i+1, got, fromCache, err, d.calls.Load(), step)
			}
		}
	})
}

// However often a page asks, a renewal that fails is repeated when Stytch wants to be asked again.
func TestARenewalThatFailsIsRepeatedAfterAPause(t *testing.T) {
	for name, row := range map[string]struct{ retryAfter, pause time.Duration }{
		"of a second":          {0, time.Second},
		"as long as is wished": {30 * time.Second, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			d := &directory{}
			members(t, d, func(t *testing.T, p *profile.Profiles) {
				calls := func() int64 {
					if got, _, err := p.Members.Of(t.Context(), of("acme", "alice")); err != nil || got == nil {
						t.Errorf("got %v, %v, want what is known", got, err)
					}
					time.Sleep(2 * time.Second) // a call takes one
					return d.calls.Load()
				}
				_, _, _ = p.Members.Of(t.Context(), of("acme", "alice"))
				time.Sleep(2 * time.Minute)
				d.failure = stytch.Unanswered(stytch.Network, context.DeadlineExceeded)
				d.failure.RetryAfter = row.retryAfter
				if n := calls(); n != 2 {
					t.Errorf("a stale one: %d calls, want 2", n)
				}
				want := int64(3)
				if row.pause > 2*time.Second {
					want = 2
				}
				if n := calls(); n != want {
					t.Errorf("two seconds later: %d calls, want %d", n, want)
				}
				time.Sleep(row.pause)
				if n := calls(); n != want+1 {
					t.Errorf("after %v: %d calls, want %d", row.pause, n, want+1)
				}
			})
		})
	}
}

func TestThatThereIsNoSuchMemberIsRememberedForAMinute(t *testing.T) {
	d := &directory{failure: &stytch.Failure{Verdict: stytch.Refused}}
	members(t, d, func(t *testing.T, p *profile.Profiles) {
		for i, want := range []int64{1, 1, 2} {
			if _, _, err := p.Members.Of(t.Context(), of("acme", "alice")); err == nil || d.calls.Load() != want {
				t.Errorf("request %d: %v after %d calls, want a refusal after %d", i+1, err, d.calls.Load(), want)
			}
			time.Sleep(40 * time.Second)
		}
	})
}

func TestASessionThatSaysMoreIsNotShownWhatIsOlder(t *testing.T) {
	d := &directory{}
	members(t, d, func(t *testing.T, p *profile.Profiles) {
		_, _, _ = p.Members.Of(t.Context(), of("acme", "alice"))
		time.Sleep(10 * time.Second)
		promoted := of("acme", "alice")
		promoted.Roles, promoted.VouchedAt = []string{"owner"}, time.Now()
		d.roles = []organizations.MemberRole{{RoleID: "owner"}}
		got, fromCache, err := p.Members.Of(t.Context(), promoted)
		if err != nil || fromCache || len(got.Roles) != 1 || d.calls.Load() != 2 {
			t.Errorf("got %+v, from cache %v, %v after %d calls, want the owner", got, fromCache, err, d.calls.Load())
		}
	})
}

func TestWhatComesWithASessionIsKeptIfItIsItsOwn(t *testing.T) {
	d := &directory{}
	members(t, d, func(t *testing.T, p *profile.Profiles) {
		s := of("acme", "alice")
		s.VouchedAt = time.Now()
		another := &organizations.Member{OrganizationID: "globex", MemberID: "alice"}
		own := &organizations.Member{OrganizationID: "acme", MemberID: "alice"}
		if p.Members.Prime(s, nil) || p.Members.Prime(s, another) || !p.Members.Prime(s, own) {
			t.Error("want alice's at acme kept, and nothing else")
		}
		for _, row := range []struct {
			asks  *session.Facts
			calls int64
		}{{s, 0}, {of("globex", "alice"), 1}, {of("acmea", "lice"), 2}} {
			got, _, err := p.Members.Of(t.Context(), row.asks)
			if err != nil || got.OrganizationID != row.asks.OrganizationID || got.MemberID != row.asks.Subject || d.calls.Load() != row.calls {
				t.Errorf("%s at %s: got %+v, %v after %d calls, want %d", row.asks.Subject, row.asks.OrganizationID, got, err, d.calls.Load(), row.calls)
			}
		}
	})
}

// Whoever has all forgotten has changed something, which an answer under way does not say yet.
func TestNoCallUnderWayAnswersForWhatWasForgotten(t *testing.T) {
	d := &directory{}
	members(t, d, func(t *testing.T, p *profile.Profiles) {
		ask := func() bool {
			_, fromCache, err := p.Members.Of(t.Context(), of("acme", "alice"))
			if err != nil {
				t.Error(err)
			}
			return fromCache
		}
		go ask()
		time.Sleep(500 * time.Millisecond)
		p.Members.Forget()
		go ask()
		time.Sleep(700 * time.Millisecond) // the first call is back
		if fromCache := ask(); fromCache || d.calls.Load() != 2 {
			t.Errorf("from cache %v, %d calls; want the second call's answer", fromCache, d.calls.Load())
		}
		if fromCache := ask(); !fromCache || d.calls.Load() != 2 {
			t.Errorf("from cache %v, %d calls; want the second call's answer kept", fromCache, d.calls.Load())
		}
	})
}
