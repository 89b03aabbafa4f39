package signin

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// What is remembered is bounded, the oldest going first, and ends with its time.
func TestRecentIsBounded(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	r := newRecent[int](time.Minute)
	key := func(i int) attempt { return attemptOf("sso", fmt.Sprint(i), "") }
	for i := range 3 * maxAttempts {
		r.add(key(i), i, now)
		now = now.Add(time.Millisecond)
	}
	if len(r.byKey) != maxAttempts || len(r.order) != maxAttempts {
		t.Errorf("%d values, %d in order, want %d", len(r.byKey), len(r.order), maxAttempts)
	}
	if _, ok := r.get(key(2*maxAttempts-1), now); ok {
		t.Error("the oldest is still there")
	}
	if got, ok := r.get(key(2*maxAttempts), now); !ok || got != 2*maxAttempts {
		t.Errorf("got %d, %v", got, ok)
	}
	now = now.Add(time.Minute)
	if _, ok := r.get(key(3*maxAttempts-1), now); ok || len(r.byKey) != 0 || len(r.order) != 0 {
		t.Errorf("a minute later %d values are left", len(r.byKey))
	}
}

// Each part of an attempt tells it apart.
func TestAttemptsAreToldApart(t *testing.T) {
	seen := map[attempt]bool{}
	for _, parts := range [][3]string{{"sso", "token", "a"}, {"sso", "token", "b"}, {"sso", "other", "a"}, {"oauth", "token", "a"}, {"sso", "token", ""}} {
		seen[attemptOf(parts[0], parts[1], parts[2])] = true
	}
	if len(seen) != 5 {
		t.Errorf("%d of 5 are told apart", len(seen))
	}
}

// Who waits leaves with its own context; an error is told to those who wait, and to nobody later; a panic
// leaves nobody waiting.
func TestWaitingForAnAttempt(t *testing.T) {
	a := newAttempts(time.Now)
	key := attemptOf("sso", "token", "")
	begun, end := make(chan struct{}), make(chan struct{})
	failed := stytch.FailureOf(errors.New("down"))
	first := make(chan error)
	go func() {
		_, err := a.do(t.Context(), key, func() (outcome, error) {
			close(begun)
			<-end
			return outcome{}, failed
		})
		first <- err
	}()
	<-begun
	gone, leave := context.WithCancel(t.Context())
	leave()
	never := func() (outcome, error) { t.Error("asked twice"); return outcome{}, nil }
	if _, err := a.do(gone, key, never); !errors.Is(err, context.Canceled) {
		t.Errorf("who is gone got %v", err)
	}
	close(end)
	if err := <-first; !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	asked := false
	func() {
		defer func() { _ = recover() }()
		_, _ = a.do(t.Context(), key, func() (outcome, error) { asked = true; panic("x") })
	}()
	if !asked || len(a.underWay) != 0 {
		t.Errorf("asked: %v, under way: %d", asked, len(a.underWay))
	}
}
