package asking_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/internal/asking"
	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// project answers as a test says, after a second.
type project struct {
	calls    atomic.Int64
	extended []time.Duration
	answer   func(extendBy time.Duration) error // nil: the session lives
}

var _ stytch.Project = (*project)(nil)

func (p *project) Authenticate(ctx context.Context, cred stytch.Credential, extendBy time.Duration) (*stytch.Answer, error) {
	p.calls.Add(1)
	p.extended = append(p.extended, extendBy)
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return nil, stytch.FailureOf(ctx.Err())
	}
	if p.answer != nil {
		if err := p.answer(extendBy); err != nil {
			return nil, err
		}
	}
	ends := time.Now().Add(time.Hour)
	return &stytch.Answer{
		MemberSession: &sessions.MemberSession{MemberSessionID: "session of " + cred.Value, MemberID: "alice", ExpiresAt: &ends},
		Token:         cred.Value, JWT: "a.b.c",
	}, nil
}

func (p *project) Revoke(context.Context, stytch.Credential) error { p.calls.Add(1); return nil }
func (p *project) Policy(context.Context) (*rbac.Policy, error)    { return &rbac.Policy{}, nil }

// asker is one in a bubble of time, and what it logs.
func asker(t *testing.T, p *project, change func(*asking.Config), test func(t *testing.T, a *asking.Asker, log *bytes.Buffer)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		group := tasks.New()
		defer group.Close()
		cfg := asking.Config{
			Client: p, Timeout: 3 * time.Second, Calls: 8, UnprovenCalls: 8, UnprovenPerSecond: 4, UnprovenBurst: 4,
			Clock: &clock.System{}, Log: slog.New(slog.NewTextHandler(&log, nil)), Tasks: group, HandedOut: func(string) {},
		}
		change(&cfg)
		test(t, asking.New(cfg), &log)
	})
}

func asUsual(*asking.Config) {}

func token(value string) stytch.Credential {
	return stytch.Credential{Kind: stytch.Token, Value: value}
}

// refusal is an answer of Stytch's.
func refusal(errorType string) *stytch.Failure {
	return &stytch.Failure{Verdict: stytch.Refused, Status: 400, ErrorType: errorType, Answered: true}
}

func TestACallUnderWayIsJoinedWhereItIsRecentEnough(t *testing.T) {
	for _, row := range []struct {
		name      string
		freshness time.Duration
		late      time.Duration // after the first
		calls     int64
	}{
		{"sent within the freshness", time.Second, 500 * time.Millisecond, 1},
		{"sent before it", 100 * time.Millisecond, 500 * time.Millisecond, 2},
		{"by nobody who wants Stytch's word of now", 0, 0, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := &project{}
			asker(t, p, asUsual, func(t *testing.T, a *asking.Asker, _ *bytes.Buffer) {
				first := make(chan *asking.Answer, 1)
				go func() {
					found, _ := a.Ask(t.Context(), fair.Key{}, token("t"), true, time.Minute)
					first <- found
				}()
				synctest.Wait()
				time.Sleep(row.late)
				arrived := time.Now()
				second, err := a.Ask(t.Context(), fair.Key{}, token("t"), true, row.freshness)
				if err != nil || second.Facts.ID != "session of t" || arrived.Sub(second.Facts.VouchedAt) > row.freshness {
					t.Errorf("got %+v, %v", second, err)
				}
				if found := <-first; found.Facts.ID != "session of t" || p.calls.Load() != row.calls {
					t.Errorf("%d calls, want %d; the first got %+v", p.calls.Load(), row.calls, found)
				}
			})
		})
	}
}

func TestAWaiterLeavesWithItsRequestAndTheCallGoesOn(t *testing.T) {
	p := &project{}
	asker(t, p, asUsual, func(t *testing.T, a *asking.Asker, _ *bytes.Buffer) {
		stays := make(chan error, 1)
		short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		go func() {
			_, err := a.Ask(t.Context(), fair.Key{}, token("t"), true, time.Minute)
			stays <- err
		}()
		_, err := a.Ask(short, fair.Key{}, token("t"), true, time.Minute)
		if stytch.FailureOf(err).Cause != stytch.Timeout || a.Waiting() != 1 {
			t.Errorf("who leaves: %v, and %d wait", err, a.Waiting())
		}
		if err := <-stays; err != nil || p.calls.Load() != 1 {
			t.Errorf("who stays: %v after %d calls, want the answer of the one call", err, p.calls.Load())
		}
	})
}

func TestASessionThatIsNotMutableIsAskedAboutOnceMoreAsItIs(t *testing.T) {
	unmutable := func(extendBy time.Duration) error {
		if extendBy != 0 {
			return refusal("session_not_mutable")
		}
		return nil
	}
	for _, row := range []struct {
		name     string
		extendBy time.Duration
		answer   func(time.Duration) error
		refused  bool
		asked    int
	}{
		{"it lives", time.Hour, unmutable, false, 2},
		{"it lives, and nothing extends it", 0, unmutable, false, 1},
		{"it is refused for another reason", time.Hour, func(time.Duration) error { return refusal("something_else") }, true, 1},
		{"it is refused again", time.Hour, func(time.Duration) error { return refusal("session_not_mutable") }, true, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := &project{answer: row.answer}
			asker(t, p, func(c *asking.Config) { c.ExtendBy = row.extendBy }, func(t *testing.T, a *asking.Asker, _ *bytes.Buffer) {
				_, err := a.Ask(t.Context(), fair.Key{}, token("t"), true, time.Minute)
				if (err != nil) != row.refused || len(p.extended) != row.asked || row.asked == 2 && p.extended[1] != 0 {
					t.Errorf("got %v, asked to extend by %v; want refused %v after %d calls", err, p.extended, row.refused, row.asked)
				}
			})
		})
	}
}

func TestWhatIsUnprovenIsRationedAndHeardOf(t *testing.T) {
	p := &project{}
	var refused []asking.Call
	asker(t, p, func(c *asking.Config) {
		c.Called = func(_ context.Context, made asking.Call) {
			if made.Err != nil {
				refused = append(refused, made)
			}
		}
	}, func(t *testing.T, a *asking.Asker, _ *bytes.Buffer) {
		for i := range 6 {
			_ = a.Revoke(t.Context(), fair.Key{}, token(strings.Repeat("t", i+1)), i%2 == 0)
		}
		for range 6 {
			_ = a.Login(t.Context(), fair.Key{}, false, func(context.Context) error { p.calls.Add(1); return nil })
		}
		if p.calls.Load() != 6+4 || len(refused) != 2 || refused[0].Lane != "logins" || refused[0].About != asking.AboutLogin || stytch.FailureOf(refused[0].Err).Cause != stytch.Rationed {
			t.Errorf("%d calls were made, and %+v refused", p.calls.Load(), refused)
		}
	})
}

func TestNothingIsAskedOnceItIsClosed(t *testing.T) {
	p := &project{}
	asker(t, p, asUsual, func(t *testing.T, a *asking.Asker, _ *bytes.Buffer) {
		under := make(chan error, 1)
		go func() {
			_, err := a.Ask(t.Context(), fair.Key{}, token("t"), true, time.Minute)
			under <- err
		}()
		login := make(chan error, 1)
		go func() {
			login <- a.Login(t.Context(), fair.Key{}, true, func(ctx context.Context) error {
				<-ctx.Done()
				return ctx.Err()
			})
		}()
		synctest.Wait()
		a.Tasks.Close()
		for _, err := range []error{<-under, <-login} {
			if stytch.FailureOf(err).Cause != stytch.Canceled {
				t.Errorf("a call under way: %v", err)
			}
		}
		if _, err := a.Ask(t.Context(), fair.Key{}, token("u"), true, 0); stytch.FailureOf(err).Cause != stytch.Canceled || p.calls.Load() != 1 {
			t.Errorf("a later one: %v after %d calls", err, p.calls.Load())
		}
	})
}

func TestTheLogSaysWhenStytchStopsAnsweringAndWhenItAnswersAgain(t *testing.T) {
	var now error
	p := &project{answer: func(time.Duration) error { return now }}
	asker(t, p, asUsual, func(t *testing.T, a *asking.Asker, log *bytes.Buffer) {
		for _, now = range []error{
			nil, stytch.Unanswered(stytch.Network, context.DeadlineExceeded), stytch.Unanswered(stytch.Network, context.DeadlineExceeded),
			refusal("session_not_found"), nil, stytch.OfOtherKind(errors.New("a session of the other kind")),
		} {
			_, _ = a.Ask(t.Context(), fair.Key{}, token("t"), true, 0)
		}
		var said []string
		for line := range strings.Lines(log.String()) {
			_, level, _ := strings.Cut(line, "level=")
			level, _, _ = strings.Cut(level, " ")
			said = append(said, level)
		}
		if got := strings.Join(said, " "); got != "WARN INFO ERROR" {
			t.Errorf("the log is of %s: %s", got, log)
		}
	})
}
