package keys

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Each retry is early by at most a fifth, and never late.
func TestTheKeysAreFetchedWithBackoffUntilTheEndpointIsBack(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.project.answers(status(500))
		w.Start()
		synctest.Wait()
		retry := 250 * time.Millisecond
		for failures := 1; failures <= 9; failures++ {
			w.fetches(failures)
			if err := w.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "500") {
				t.Errorf("after %d failures Ready says %v, want that the JWKS endpoint answered 500", failures, err)
			}
			w.retried(retry, failures)
			retry = min(2*retry, 8*time.Second)
		}
		w.project.answers(nil)
		w.retried(retry, 10)
		w.ready(true)
		w.find("first", "known")
		if warnings := strings.Count(w.log.String(), "level=WARN"); warnings != 1 {
			t.Errorf("%d warnings for one outage, want 1:\n%s", warnings, w.log)
		}
	})
}

// retried expects the next fetch after so many within the last fifth of a pause since the last.
func (w *world) retried(pause time.Duration, after int) {
	w.t.Helper()
	w.pass(pause*4/5 - time.Nanosecond - w.Clock.Now().Sub(w.lastBegun()))
	w.fetches(after)
	w.pass(pause/5 + time.Nanosecond)
	w.fetches(after + 1)
}

func TestKeysAreFetchedWhenTheServerWasDownAtTheStart(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.project.in.down.Store(true)
		w.Start()
		synctest.Wait()
		w.ready(false)
		w.project.in.down.Store(false)
		w.pass(250 * time.Millisecond)
		w.ready(true)
	})
}

func TestTheKeysAreRefreshedHourly(t *testing.T) {
	inReadyWorld(t, func(t *testing.T, w *world) {
		w.project.publish(jwk("second"))
		w.find("first", "known")
		w.pass(time.Hour - time.Nanosecond)
		w.fetches(0)
		w.pass(time.Nanosecond)
		w.fetches(1)
		w.find("second", "known")
		if got := w.found(over(), "first"); got == "known" {
			t.Error("the key that was taken away is still known")
		}
		if !strings.Contains(w.log.String(), "rotated") {
			t.Errorf("the rotation was not logged:\n%s", w.log)
		}
		if got := w.FetchedAt(); !got.Equal(w.Clock.Now()) {
			t.Errorf("they were fetched at %v, want %v", got, w.Clock.Now())
		}
	})
}

func TestKeysThatMayNotBeOldAreRefreshedMoreOften(t *testing.T) {
	inReadyWorld(t, func(t *testing.T, w *world) {
		w.pass(10 * time.Minute)
		w.fetches(1)
	}, func(c *Config) { c.StaleFor = 20 * time.Minute })
}

func TestKeysAreTrustedThroughAnOutageUpToABound(t *testing.T) {
	inReadyWorld(t, func(t *testing.T, w *world) {
		w.project.answers(status(503))
		w.pass(2 * time.Hour)
		w.find("first", "known")
		w.ready(true)
		w.pass(time.Nanosecond)
		if w.Get("first") != nil {
			t.Error("keys older than the bound are trusted")
		}
		w.find("first", "undecided")
		w.ready(false)
		w.project.answers(nil)
		w.pass(8 * time.Second)
		w.find("first", "known")
		w.ready(true)
	}, func(c *Config) { c.StaleFor = 2 * time.Hour })
}
