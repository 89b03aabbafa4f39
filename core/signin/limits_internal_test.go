package signin

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/fair"
)

// flood is bounds under a flood: as many tries a second as are counted, two of each request.
type flood struct {
	*bounds
	now   time.Time
	tried int
}

func newFlood() *flood {
	f := &flood{now: time.Unix(1_800_000_000, 0)}
	f.bounds = newBounds(func() time.Time { return f.now })
	return f
}

func (f *flood) from(address int, whose string) error {
	f.tried++
	f.now = f.now.Add(time.Second / maxCounted / 2)
	_, err := f.try(whose, fair.OfAddress(netip.AddrFrom4([4]byte{10, byte(address >> 16), byte(address >> 8), byte(address)})))
	return err
}

// Names that are tried again and again, until they are what a cache would rather keep, make nobody's tries
// forgotten, and neither do any number of new ones; nor do they take more memory than is said, or keep anybody out.
func TestNoFloodForgetsATry(t *testing.T) {
	f := newFlood()
	for range 4 {
		for i := range 1 << 15 {
			_ = f.from(i, fmt.Sprint("often ", i))
		}
	}
	most, taken, began := 0, 0, f.now
	for f.now.Sub(began) < 12*time.Minute {
		if f.from(1, "ada") == nil {
			taken++
		}
		for i := range 1000 {
			if err := f.from(i, fmt.Sprint("new ", f.tried)); err != nil {
				t.Fatalf("a try of somebody new: %v", err)
			}
		}
		most = max(most, len(f.byClient.latest), len(f.byAll.latest))
	}
	if want := triesAtOnce + 12; taken < want-1 || taken > want {
		t.Errorf("%d tries in twelve minutes, want %d at once and one more each minute", taken, triesAtOnce)
	}
	if most > maxLimits || most < 55_000 {
		t.Errorf("%d are remembered, want all of a flood and at most %d", most, maxLimits)
	}
}

// A limit is that of a bucket, however the maps take turns.
func TestALimitIsKeptThroughEveryTurn(t *testing.T) {
	for offset := range 10 {
		now := time.Unix(1_800_000_000, 0)
		l := newLimits(func() time.Time { return now }, 5, time.Minute)
		now = now.Add(time.Duration(offset) * 31 * time.Second)
		taken := 0
		for range 60 * 60 / 10 {
			if l.take(limitOf("ada")) == 0 {
				taken++
			}
			now = now.Add(10 * time.Second)
		}
		if taken != 5+59 {
			t.Errorf("begun %d s after a turn: %d tries in an hour, want 5 and 59", offset*31, taken)
		}
		now = now.Add(6 * time.Minute)
		for i := range 6 {
			if wait := l.take(limitOf("ada")); (wait > 0) != (i == 5) {
				t.Errorf("after a pause, try %d waits %v", i, wait)
			}
		}
		l.forget(limitOf("ada"))
		if l.take(limitOf("ada")) != 0 {
			t.Error("not forgotten")
		}
	}
}

// Should they be full all the same, who is known goes on as before, who is not waits until there is room.
func TestFullLimitsRefuseWhoIsNotKnown(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	l := newLimits(func() time.Time { return now }, 5, time.Minute)
	for i := range maxLimits {
		if l.take(limitOf(fmt.Sprint(i))) > 0 {
			t.Fatalf("full at %d", i)
		}
	}
	wait := l.take(limitOf("new"))
	if wait <= 0 || len(l.latest) != maxLimits || l.take(limitOf("7")) > 0 {
		t.Fatalf("waits %v, with %d", wait, len(l.latest))
	}
	now = now.Add(wait)
	if wait := l.take(limitOf("new")); wait > 0 {
		t.Errorf("waits %v more", wait)
	}
}
