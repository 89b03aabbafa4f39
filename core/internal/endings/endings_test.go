package endings_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/endings"
)

// inWorld is endings in a bubble of time, and how often something was said to be over.
func inWorld(t *testing.T, atMost int, test func(t *testing.T, e *endings.Endings, changes *int)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		changes := 0
		test(t, endings.New(&clock.System{}, atMost, func(endings.Key) { changes++ }), &changes)
	})
}

func TestWhatIsKnownOfAnEndingIsKept(t *testing.T) {
	both, over, here := endings.Ending{Over: true, Here: true}, endings.Ending{Over: true}, endings.Ending{Here: true}
	for name, row := range map[string][2]endings.Ending{"over, then here": {over, here}, "here, then over": {here, over}, "both, then less": {both, over}} {
		inWorld(t, 10, func(t *testing.T, e *endings.Endings, changes *int) {
			e.Add(endings.Session("a"), row[0])
			e.Add(endings.Session("a"), row[1])
			e.Add(endings.Session("a"), row[1])
			if got := e.Of(endings.Session("a")); got != both || e.Size() != 1 || *changes == 0 {
				t.Errorf("%s: got %+v of %d after %d changes", name, got, e.Size(), *changes)
			}
		})
	}
}

func TestASessionAndATokenAreNeverEachOthers(t *testing.T) {
	inWorld(t, 10, func(t *testing.T, e *endings.Endings, changes *int) {
		e.Add(endings.Token("a"), endings.Ending{Here: true})
		e.Add(endings.Session(""), endings.Ending{Over: true})
		if got := e.Of(endings.Session("a")); got != (endings.Ending{}) || e.Size() != 1 || *changes != 0 {
			t.Errorf("got %+v of %d after %d changes, want the token alone", got, e.Size(), *changes)
		}
	})
}

// An ending that has expired says nothing about JWTs any more; one that had no room may have been
// any older JWT's.
func TestOnlyAnEndingWithoutRoomMakesOlderJWTsNoProof(t *testing.T) {
	inWorld(t, 2, func(t *testing.T, e *endings.Endings, _ *int) {
		proves := func(vouched time.Time, want bool) {
			t.Helper()
			if got := e.Proves(vouched, 0); got != want {
				t.Errorf("vouched for %v ago it proves: %v, want %v", time.Since(vouched), got, want)
			}
		}
		end := func(id int) time.Time {
			e.Add(endings.Session(fmt.Sprint(id)), endings.Ending{Over: true})
			return time.Now()
		}
		pass := func(d time.Duration) { <-time.After(d) }
		first := end(1)
		pass(time.Hour)
		end(2)
		if got := e.Of(endings.Session("1")); !got.Over {
			t.Error("after an hour it is forgotten")
		}
		pass(time.Nanosecond)
		third := end(3) // the first has expired
		if got := e.Of(endings.Session("1")); got.Over || e.Size() != 2 {
			t.Errorf("after more than an hour it is known as %+v, of %d", got, e.Size())
		}
		proves(first.Add(-time.Hour), true)
		pass(time.Second)
		end(4) // there is no room for the second
		proves(third.Add(-time.Nanosecond), false)
		proves(third, true)
		if e.Proves(third.Add(time.Second), 2*time.Second) {
			t.Error("within what the clocks may be apart it proves")
		}
	})
}
