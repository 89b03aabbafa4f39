package keys

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheFirstFetchIsInTheBackgroundAndWaitedFor(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		release := w.project.hold()
		w.Start()
		synctest.Wait()
		if got := w.found(over(), "first"); got != "undecided" {
			t.Errorf("for a request that is over the key is %s, want undecided", got)
		}
		if err := w.Ready(over()); err == nil {
			t.Error("ready before the first fetch has ended")
		}
		ready := make(chan error, 1)
		go func() { ready <- w.Ready(t.Context()) }()
		known, unknown := w.finding("first"), w.finding("unknown")
		if len(ready)+len(known)+len(unknown) > 0 {
			t.Error("somebody did not wait for the first fetch")
		}
		release()
		if err := <-ready; err != nil {
			t.Errorf("Ready, waiting for the first fetch: %v", err)
		}
		if got := <-known; got != "known" {
			t.Errorf("a key that the first fetch brought is %s", got)
		}
		if got := <-unknown; got != "undecided" {
			t.Errorf("an unknown key that came after the first fetch began is %s, want undecided", got)
		}
		w.fetches(1)
	})
}

func TestUnknownKeysShareOneFetchPerCooldown(t *testing.T) {
	inReadyWorld(t, func(t *testing.T, w *world) {
		w.pass(cooldown)
		release := w.project.hold()
		first := w.finding("unknown-0")
		w.fetches(1)
		again := w.finding("unknown-0") // it is one that the fetch under way is for
		const others = 500
		for i := range others {
			w.find(fmt.Sprint("unknown-", i+1), "undecided") // it came after the fetch began, and is told so at once
		}
		release()
		for _, found := range []<-chan string{first, again} {
			if got := <-found; got != "absent" {
				t.Errorf("the key that the fetch was for is %s, want absent", got)
			}
		}
		for i := range others {
			w.find(fmt.Sprint("unknown-", i+1), "undecided") // the fetch began before it came
		}
		w.fetches(1)
		w.pass(cooldown - time.Nanosecond)
		w.fetches(1)
		w.pass(time.Nanosecond)
		w.fetches(2)
		for i := range others {
			w.find(fmt.Sprint("unknown-", i+1), "absent")
		}
		w.fetches(2)
	})
}

func TestAnUnknownKeyWithinTheCooldownIsUndecidedUntilItsFetch(t *testing.T) {
	inReadyWorld(t, func(t *testing.T, w *world) {
		w.project.publish(jwk("first"), jwk("second"))
		w.find("second", "undecided")
		w.fetches(0)
		w.pass(cooldown)
		w.fetches(1)
		w.find("second", "known")
	})
}

func TestAKeyThatAFetchUnderWayBringsIsKnown(t *testing.T) {
	inReadyWorld(t, func(t *testing.T, w *world) {
		w.pass(cooldown)
		w.project.publish(jwk("second"))
		release := w.project.hold()
		other := w.finding("unknown")
		w.find("second", "undecided")
		release()
		if got := <-other; got != "absent" {
			t.Errorf("the unknown key is %s, want absent", got)
		}
		w.find("second", "known")
		w.fetches(1)
	})
}

func TestAFailedFetchDecidesNothing(t *testing.T) {
	inReadyWorld(t, func(t *testing.T, w *world) {
		w.pass(cooldown)
		w.project.answers(status(500))
		w.find("unknown", "undecided")
		w.fetches(1)
		w.project.answers(nil)
		w.pass(retryFirst)
		w.find("unknown", "absent")
		w.fetches(2)
	})
}

func TestAnAbsentKeyIsLookedForAgainAfterAWhile(t *testing.T) {
	inReadyWorld(t, func(t *testing.T, w *world) {
		w.pass(cooldown)
		w.find("second", "absent")
		w.project.publish(jwk("first"), jwk("second"))
		w.pass(absentFor - time.Nanosecond)
		w.find("second", "absent")
		w.fetches(1)
		w.pass(time.Nanosecond)
		w.find("second", "known")
		w.fetches(2)
	})
}

func TestAKeyThatIsHandedOutIsFetchedAtOnce(t *testing.T) {
	inReadyWorld(t, func(t *testing.T, w *world) {
		for _, kid := range []string{"first", "", strings.Repeat("k", MaxIDLength+1)} {
			w.HandedOut(kid)
		}
		synctest.Wait()
		w.fetches(0)

		w.project.publish(jwk("second"))
		w.HandedOut("second")
		synctest.Wait()
		w.fetches(1)
		w.find("second", "known")

		w.HandedOut("third") // before it is published: once is enough until the cooldown
		synctest.Wait()
		w.HandedOut("third")
		synctest.Wait()
		w.fetches(2)
		w.project.publish(jwk("third"))
		w.pass(cooldown - time.Nanosecond)
		w.HandedOut("third")
		synctest.Wait()
		w.fetches(2)
		w.pass(time.Nanosecond)
		w.HandedOut("third")
		synctest.Wait()
		w.fetches(3)
		w.find("third", "known")
	})
}

func TestAKeyHandedOutWhileKeysAreFetchedIsFetchedNext(t *testing.T) {
	inReadyWorld(t, func(t *testing.T, w *world) {
		w.pass(cooldown)
		release := w.project.hold()
		other := w.finding("unknown") // the answer stands, without the next key
		w.project.publish(jwk("first"), jwk("second"))
		w.HandedOut("second")
		release()
		<-other
		w.fetches(2)
		w.find("second", "known")
	})
}

func TestRememberedKeyIDsAreBounded(t *testing.T) {
	const most = 8
	inReadyWorld(t, func(t *testing.T, w *world) {
		count := func(wantWaiting, wantAbsent int) {
			t.Helper()
			if waiting, absent := w.unknown(); waiting != wantWaiting || absent != wantAbsent {
				t.Errorf("%d key IDs wait and %d are absent, want %d and %d", waiting, absent, wantWaiting, wantAbsent)
			}
		}
		for i := range 1000 {
			w.find(fmt.Sprint("unknown-", i), "undecided")
		}
		count(most, 0)
		w.pass(cooldown)
		count(0, most)
		for i := range 1000 {
			w.found(over(), fmt.Sprint("another-", i))
		}
		count(most, most)
		w.project.answers(status(500))
		w.pass(cooldown) // those that waited wait on, and no more come in
		w.found(over(), "one-more")
		count(most, most)
	}, func(c *Config) { c.AtMost = most })
}

func TestCloseEndsAFetchThatHangs(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.project.answers(hang)
		w.Start()
		finding := w.finding("unknown")
		w.Tasks.Close()
		if got := <-finding; got != "undecided" {
			t.Errorf("after Close the key is %s, want undecided", got)
		}
		w.find("another", "undecided")
		w.ready(false)
		w.HandedOut("another")
		synctest.Wait()
		if strings.Contains(w.log.String(), "level=WARN") {
			t.Errorf("the fetch that Close cut short was logged:\n%s", w.log)
		}
	})
}

func TestAfterCloseKeysAreKnownOrUndecidedAtOnce(t *testing.T) {
	inReadyWorld(t, func(t *testing.T, w *world) {
		w.pass(cooldown) // a fetch would begin for the next unknown key
		w.Tasks.Close()
		began := w.Clock.Now()
		w.find("first", "known")
		w.find("unknown", "undecided")
		if took := w.Clock.Now().Sub(began); took != 0 {
			t.Errorf("the answer took %v, want none to be waited for", took)
		}
		w.fetches(0)
	})
}

func TestAKeyIsTheOneWithItsIDUntilAnotherIs(t *testing.T) {
	inReadyWorld(t, func(t *testing.T, w *world) {
		key := w.Get("first")
		if !w.Has("first", key) || w.Has("second", key) {
			t.Error("want the key to be the first and not the second")
		}
		w.project.publish(jwk("second"))
		w.pass(refresh)
		if w.Has("first", key) || !w.Has("second", key) || w.changes != 2 {
			t.Errorf("after %d changes want the key to be the second and not the first", w.changes)
		}
	})
}

func TestTheFetchesAreHeardOf(t *testing.T) {
	var heard []string
	inWorld(t, func(t *testing.T, w *world) {
		w.project.answers(status(500))
		w.Start()
		synctest.Wait()
		w.project.answers(nil)
		w.pass(time.Second)
		want := "[0 the JWKS endpoint answered 500 1 <nil>]"
		if got := fmt.Sprint(heard); got != want {
			t.Errorf("heard %s, want %s", got, want)
		}
	}, func(c *Config) {
		c.Fetched = func(keys int, err error, _ time.Duration) { heard = append(heard, fmt.Sprint(keys), fmt.Sprint(err)) }
	})
}
