package fair_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/fair"
)

// world is a Share and the time.
type world struct {
	*fair.Share
	time time.Time
}

func newWorld(limits fair.Limits) *world {
	w := &world{time: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	w.Share = fair.New(limits, func() time.Time { return w.time })
	return w
}

// usual are the limits of unproven tokens.
func usual() fair.Limits { return fair.Limits{PerSecond: 100, Burst: 500, Places: 16, Keys: 1024} }

// sender sends at a steady rate, each time as who it says.
type sender struct {
	perSecond int
	as        func(n int) fair.Key
	sent, got int
}

func always(key fair.Key) func(int) fair.Key { return func(int) fair.Key { return key } }

// run lets the senders send for so long, a millisecond at a time.
func (w *world) run(d time.Duration, senders ...*sender) {
	for ms := range int(d / time.Millisecond) {
		w.time = w.time.Add(time.Millisecond)
		for _, s := range senders {
			for due := s.perSecond*(ms+1)/1000 - s.perSecond*ms/1000; due > 0; due-- {
				if w.Admit(s.as(s.sent)) {
					s.got++
				}
				s.sent++
			}
		}
	}
}

func address(n int) fair.Key {
	return fair.OfAddress(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}))
}

func TestOneClientAloneHasTheWholeRate(t *testing.T) {
	w := newWorld(usual())
	alone := &sender{perSecond: 1000, as: always(address(1))}
	w.run(time.Minute, alone)
	if most := 500 + 60*100; alone.got > most || alone.got < most-60 {
		t.Errorf("%d calls in a minute, want %d, but for what is saved for somebody else", alone.got, most)
	}
	before := alone.got
	w.run(time.Minute, alone)
	if got := alone.got - before; got < 6000 || got > 6060 {
		t.Errorf("%d calls in the second minute, want 6,000", got)
	}
}

func TestTheBurstAndNoMore(t *testing.T) {
	w := newWorld(fair.Limits{PerSecond: 1, Burst: 3, Places: 1, Keys: 16})
	got := 0
	for range 10 {
		if w.Admit(address(1)) {
			got++
		}
	}
	if got != 3 {
		t.Errorf("%d calls at once, want 3", got)
	}
	w.time = w.time.Add(time.Hour)
	got = 0
	for range 10 {
		if w.Admit(address(2)) {
			got++
		}
	}
	if got != 3 {
		t.Errorf("%d calls after an hour, want 3", got)
	}
}

func TestWhoIsWithinItsShareIsNotRefused(t *testing.T) {
	for _, honest := range []int{1, 5, 20, 45} {
		for _, before := range []time.Duration{0, 20 * time.Second} {
			w := newWorld(usual())
			noisy := &sender{perSecond: max(20*honest, 200), as: always(address(1))}
			w.run(before, noisy)
			good := &sender{perSecond: honest, as: always(address(2))}
			w.run(time.Minute, noisy, good)
			if refused := good.sent - good.got; refused*20 >= good.sent && refused > 1 {
				t.Errorf("%d a second beside %d, which began %v earlier: %d of %d refused", honest, noisy.perSecond, before, refused, good.sent)
			}
			if w.run(10*time.Second, noisy); noisy.got < 70*(100-honest)*9/10 {
				t.Errorf("%d beside %d: the other got %d, and so much was left over", honest, noisy.perSecond, noisy.got)
			}
		}
	}
}

// Whoever comes rarely shares with all others who do, not with who is there all the time.
func TestManyWhoComeOnceHaveAShareBesideANoisyOne(t *testing.T) {
	w := newWorld(usual())
	noisy := &sender{perSecond: 1000, as: always(address(0))}
	once := &sender{perSecond: 10, as: func(n int) fair.Key { return address(n + 1) }}
	w.run(time.Minute, noisy, once)
	if refused := once.sent - once.got; refused*20 >= once.sent {
		t.Errorf("%d of %d refused", refused, once.sent)
	}
}

func TestAnyNumberOfAddressesIsNoWayPastAKnownClient(t *testing.T) {
	w := newWorld(usual())
	good := &sender{perSecond: 10, as: always(address(1 << 20))}
	w.run(2*time.Second, good)
	good.sent, good.got = 0, 0
	spoofed := &sender{perSecond: 4000, as: address}
	w.run(10*time.Second, good, spoofed)
	if refused := good.sent - good.got; refused*20 >= good.sent {
		t.Errorf("a known client: %d of %d refused beside %d addresses", refused, good.sent, spoofed.sent)
	}
	if known := w.Known(); known > 1024 {
		t.Errorf("%d clients are remembered", known)
	}
	if spoofed.got > 10*100+500 {
		t.Errorf("%d calls in ten seconds", spoofed.got)
	}
}

func TestSharesOfTheSameAddresses(t *testing.T) {
	w := newWorld(usual())
	good := &sender{perSecond: 1, as: always(address(1 << 20))}
	w.run(2*time.Second, good)
	good.got = 0
	again := &sender{perSecond: 4000, as: func(n int) fair.Key { return address(n % 4000) }}
	if w.run(time.Minute, good, again); good.got < 3 {
		t.Errorf("a client among 4,000 got %d calls in a minute of 6,000", good.got)
	}
	if total := good.got + again.got; total > 6500 {
		t.Errorf("%d calls in a minute", total)
	}
}

func TestKeys(t *testing.T) {
	key := func(s string) fair.Key { return fair.OfAddress(netip.MustParseAddr(s)) }
	for _, row := range []struct {
		name string
		a, b fair.Key
		same bool
	}{
		{"two addresses", key("203.0.113.7"), key("203.0.113.8"), false},
		{"an IPv4 address written as IPv6", key("203.0.113.7"), key("::ffff:203.0.113.7"), true},
		{"one /64", key("2001:db8::1"), key("2001:db8::ffff:1"), true},
		{"two /64s", key("2001:db8::1"), key("2001:db8:0:1::1"), false},
		{"no address", fair.OfAddress(netip.Addr{}), fair.Key{}, true},
		{"an ID", fair.OfID("member-test-1"), fair.OfID("member-test-1"), true},
		{"two IDs", fair.OfID("member-test-1"), fair.OfID("member-test-2"), false},
		{"an ID and no address", fair.OfID(""), fair.Key{}, false},
	} {
		if same := row.a == row.b; same != row.same {
			t.Errorf("%s: the same %v, want %v", row.name, same, row.same)
		}
	}
}

// enter holds a place, or fails at once.
func enter(w *world, key fair.Key) (func(), error) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return w.Enter(ctx, key)
}

func TestOneClientHoldsThreeQuartersOfThePlaces(t *testing.T) {
	for _, places := range []int{1, 2, 4, 16, 100} {
		w := newWorld(fair.Limits{Places: places, Keys: 16})
		noisy, good := fair.OfID("noisy"), fair.OfID("good")
		for range 3 { // both are known
			for _, key := range []fair.Key{noisy, good} {
				leave, err := enter(w, key)
				if err != nil {
					t.Fatal(err)
				}
				leave()
			}
			w.time = w.time.Add(time.Second)
		}
		held := func(key fair.Key) (leave []func()) {
			for {
				l, err := enter(w, key)
				if err != nil {
					return leave
				}
				leave = append(leave, l)
			}
		}
		most := max(1, places*3/4)
		first := held(noisy)
		if len(first) != most {
			t.Errorf("of %d places one client held %d, want %d", places, len(first), most)
		}
		rest := held(good)
		if len(rest) != places-most {
			t.Errorf("of %d places another then held %d, want %d", places, len(rest), places-most)
		}
		for _, leave := range append(first, rest...) {
			leave()
			leave()
		}
		if again := held(noisy); len(again) != most {
			t.Errorf("of %d places %d could be held afterwards, want %d", places, len(again), most)
		}
	}
}

// A place that is given back goes to whoever holds the fewest, not to who has asked most often.
func TestAFloodOfOneMemberKeepsNobodyWaiting(t *testing.T) {
	w := newWorld(fair.Limits{Places: 4, Keys: 16})
	members := []fair.Key{fair.OfID("noisy"), fair.OfID("noisy too"), fair.OfID("good")}
	for range 3 {
		for _, member := range members {
			if leave, err := enter(w, member); err == nil {
				leave()
			}
		}
		w.time = w.time.Add(time.Second)
	}
	var holding []func()
	for i := range 4 {
		leave, err := enter(w, members[i%2])
		if err != nil {
			t.Fatal(err)
		}
		holding = append(holding, leave)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var flood sync.WaitGroup
	for i := range 900 {
		flood.Go(func() {
			if leave, err := w.Enter(ctx, members[i%2]); err == nil {
				defer leave()
				<-ctx.Done()
			}
		})
	}
	for w.Waiting() < 900 {
		runtime.Gosched()
	}
	in := make(chan error, 1)
	go func() {
		leave, err := w.Enter(context.Background(), members[2])
		if err == nil {
			leave()
		}
		in <- err
	}()
	for w.Waiting() < 901 {
		runtime.Gosched()
	}
	holding[0]()
	if err := <-in; err != nil {
		t.Error(err)
	}
	cancel()
	flood.Wait()
	for _, leave := range holding {
		leave()
	}
	if n := w.Waiting(); n != 0 {
		t.Errorf("%d still wait", n)
	}
	for i := range 4 {
		if _, err := enter(w, members[i%2]); err != nil {
			t.Errorf("a place is lost: %v", err)
		}
	}
}

// A flood of one client costs the others neither memory nor time.
func TestSoManyOfOneClientWait(t *testing.T) {
	w := newWorld(fair.Limits{Places: 4, Keys: 16})
	ctx, cancel := context.WithCancel(t.Context())
	var flood sync.WaitGroup
	var turnedAway atomic.Int64
	for range 3000 {
		flood.Go(func() {
			switch leave, err := w.Enter(ctx, fair.OfID("noisy")); {
			case err == nil:
				defer leave()
				<-ctx.Done()
			case ctx.Err() == nil:
				turnedAway.Add(1)
			}
		})
	}
	for deadline := time.Now().Add(10 * time.Second); turnedAway.Load() < 3000-3-1024 && time.Now().Before(deadline); {
		runtime.Gosched()
	}
	if n := w.Waiting(); n != 1024 {
		t.Errorf("%d wait, want 1024", n)
	}
	if leave, err := enter(w, fair.OfID("good")); err != nil {
		t.Errorf("the place that is left for others: %v", err)
	} else {
		leave()
	}
	cancel()
	flood.Wait()
	if n := w.Waiting(); n != 0 {
		t.Errorf("%d still wait", n)
	}
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	w := newWorld(fair.Limits{Places: 1, Keys: 1})
	leave, err := enter(w, address(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := enter(w, address(2)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	leave()
	if _, err := enter(w, address(2)); err != nil {
		t.Error(err)
	}
}

func BenchmarkAdmit(b *testing.B) {
	for _, clients := range []int{1, 1000} {
		b.Run(fmt.Sprint(clients, " clients"), func(b *testing.B) {
			s := fair.New(usual(), time.Now)
			keys := make([]fair.Key, clients)
			for i := range keys {
				keys[i] = address(i)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s.Admit(keys[i%clients])
			}
		})
	}
}
