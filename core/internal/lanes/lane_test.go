package lanes_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/lanes"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// inLane is a lane in a bubble of time, and the states that its breaker came to.
func inLane(t *testing.T, inFlight int, rate int, test func(t *testing.T, l *lanes.Lane, states *[]string)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var states []string
		test(t, lanes.New(lanes.Config{
			Name: lanes.Proven, InFlight: inFlight, Rate: rate, Burst: 20, Clock: &clock.System{},
			Log: slog.New(slog.DiscardHandler), Changed: func(state string) { states = append(states, state) },
		}), &states)
	})
}

var errAway = errors.New("nobody answers")

func causeOf(err error) stytch.Cause {
	if err == nil {
		return ""
	}
	return stytch.FailureOf(err).Cause
}

// open makes the breaker open.
func open(t *testing.T, l *lanes.Lane) {
	t.Helper()
	for range 10 {
		_ = l.Do(t.Context(), fair.Key{}, func() error { return errAway })
	}
	if l.State() != "open" {
		t.Fatalf("after 10 failures the breaker is %s", l.State())
	}
}

func TestTenFailuresInARowOpenTheBreakerForTwoSeconds(t *testing.T) {
	inLane(t, 4, 0, func(t *testing.T, l *lanes.Lane, states *[]string) {
		for range 9 {
			_ = l.Do(t.Context(), fair.Key{}, func() error { return errAway })
		}
		_ = l.Do(t.Context(), fair.Key{}, func() error { return nil }) // they are counted anew
		for range 9 {
			_ = l.Do(t.Context(), fair.Key{}, func() error { return errAway })
		}
		if l.State() != "closed" {
			t.Fatalf("after 9 failures in a row the breaker is %s", l.State())
		}
		open(t, l)
		made := false
		if err := l.Do(t.Context(), fair.Key{}, func() error { made = true; return nil }); made || causeOf(err) != stytch.BreakerOpen {
			t.Errorf("through an open breaker: call made: %v, error %v", made, err)
		}
		<-time.After(2*time.Second - time.Nanosecond)
		if l.State() != "open" {
			t.Errorf("before two seconds the breaker is %s", l.State())
		}
		<-time.After(2 * time.Nanosecond)
		if l.State() != "half-open" {
			t.Errorf("after two seconds the breaker is %s", l.State())
		}
		_ = l.Do(t.Context(), fair.Key{}, func() error { return errAway })
		if got := fmt.Sprint(*states); l.State() != "open" || got != "[open half-open open]" {
			t.Errorf("after a try that failed the breaker is %s, and %s was heard", l.State(), got)
		}
	})
}

func TestThreeTriesAtOnceCloseTheBreaker(t *testing.T) {
	inLane(t, 8, 0, func(t *testing.T, l *lanes.Lane, _ *[]string) {
		open(t, l)
		<-time.After(2*time.Second + time.Nanosecond)
		var mu sync.Mutex
		tries, refused := 0, 0
		gate := make(chan struct{})
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				err := l.Do(t.Context(), fair.Key{}, func() error {
					mu.Lock()
					tries++
					mu.Unlock()
					<-gate
					return nil
				})
				if err != nil {
					mu.Lock()
					refused++
					mu.Unlock()
				}
			})
		}
		synctest.Wait()
		if tries != 3 || refused != 5 {
			t.Errorf("half open, %d of 8 calls were tried and %d refused, want 3 and 5", tries, refused)
		}
		close(gate)
		all.Wait()
		if l.State() != "closed" {
			t.Errorf("after three that went well the breaker is %s", l.State())
		}
	})
}

func TestWhatIsNoFaultOfStytchsOpensNoBreaker(t *testing.T) {
	for name, err := range map[string]error{
		"Stytch's own 4xx":            &stytch.Failure{Verdict: stytch.Over, Answered: true},
		"a request that was given up": stytch.FailureOf(context.Canceled),
	} {
		inLane(t, 4, 0, func(t *testing.T, l *lanes.Lane, _ *[]string) {
			for range 30 {
				_ = l.Do(t.Context(), fair.Key{}, func() error { return err })
			}
			if l.State() != "closed" {
				t.Errorf("%s: the breaker is %s", name, l.State())
			}
		})
	}
}

func TestACallWaitsASecondForRoom(t *testing.T) {
	inLane(t, 2, 0, func(t *testing.T, l *lanes.Lane, _ *[]string) {
		gate := make(chan struct{})
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() { _ = l.Do(t.Context(), fair.Key{}, func() error { <-gate; return nil }) })
		}
		synctest.Wait()
		began := time.Now()
		if err := l.Do(t.Context(), fair.Key{}, func() error { return nil }); causeOf(err) != stytch.Crowded || time.Since(began) != time.Second {
			t.Errorf("without room: %v after %v, want it crowded after a second", err, time.Since(began))
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		if err := l.Do(gone, fair.Key{}, func() error { return nil }); causeOf(err) != stytch.Canceled {
			t.Errorf("a request that has gone: %v", err)
		}
		waited := make(chan error, 1)
		go func() { waited <- l.Do(t.Context(), fair.Key{}, func() error { return nil }) }()
		synctest.Wait()
		close(gate)
		if err := <-waited; err != nil {
			t.Errorf("when there was room: %v", err)
		}
		all.Wait()
	})
}

func TestARateIsSpentAndComesBack(t *testing.T) {
	inLane(t, 2, 10, func(t *testing.T, l *lanes.Lane, _ *[]string) {
		admitted := func() (n int) {
			for range 100 {
				if err := l.Admit(fair.Key{}); err == nil {
					n++
				} else if causeOf(err) != stytch.Rationed {
					t.Fatalf("got %v, want it rationed", err)
				}
			}
			return n
		}
		if n := admitted(); n != 20 {
			t.Errorf("a burst of %d, want 20", n)
		}
		<-time.After(time.Second)
		if n := admitted(); n != 10 {
			t.Errorf("a second later %d, want 10", n)
		}
	})
}
