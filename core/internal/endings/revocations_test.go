package endings_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// The first pause is within a fifth below a second, and they double up to half a minute, for an hour.
func TestARevocationIsRetriedWithBackoffForAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		r := endings.NewRevocations(endings.RevocationsConfig{
			Call:   func(context.Context, stytch.Credential) error { calls.Add(1); return errors.New("nobody answers") },
			AtMost: 1, Clock: &clock.System{}, Log: slog.New(slog.DiscardHandler), Tasks: tasks.New(),
		})
		defer r.Tasks.Close()
		if err := r.Revoke(stytch.Credential{Kind: stytch.Token, Value: "a"}); err == nil || r.Pending() != 1 {
			t.Fatalf("got %v with %d pending", err, r.Pending())
		}
		if err := r.Revoke(stytch.Credential{Kind: stytch.Token, Value: "b"}); err == nil || r.Pending() != 1 {
			t.Errorf("beyond the bound: got %v with %d pending", err, r.Pending())
		}
		made := calls.Load()
		pass := func(d time.Duration, want int64) {
			t.Helper()
			<-r.Clock.After(d)
			synctest.Wait()
			if got := calls.Load() - made; got != want {
				t.Errorf("%d retries, want %d", got, want)
			}
		}
		synctest.Wait()
		pass(800*time.Millisecond-time.Nanosecond, 0)
		pass(200*time.Millisecond+time.Nanosecond, 1)
		<-r.Clock.After(time.Hour)
		synctest.Wait()
		if got := calls.Load() - made; got < 120 || got > 160 {
			t.Errorf("%d retries in an hour, want one every half a minute or a little less", got)
		}
		<-r.Clock.After(time.Minute)
		synctest.Wait()
		if r.Pending() != 0 {
			t.Errorf("after an hour %d are pending", r.Pending())
		}
	})
}
