package signin

import (
	"crypto/sha256"
	"sync"
	"time"
)

// maxLimits is of how many somebody's limit is remembered at once, in each of two maps of some 50 bytes an
// entry. It is more than can be met in the time that a limit takes to refill: one request tries at two at
// most, and of all clients together only so many a second are counted.
const maxLimits = 1 << 16

// limited names who has a limit.
type limited [16]byte

func limitOf(parts ...string) (l limited) {
	h := sha256.New()
	for _, part := range parts {
		h.Write([]byte(part)) // a digest takes all
	}
	copy(l[:], h.Sum(nil))
	return l
}

// limits let everybody try so many times at once, and once more after each interval. Nobody's limit is forgotten
// before it has refilled, whatever others do: two maps take turns, each for as long as the longest limit takes to
// refill, so that what stands in the older one at its end was not tried at since. Where both were full
// all the same, who is not known is refused. It is safe for concurrent use.
type limits struct {
	now    func() time.Time
	again  time.Duration // until one more try
	refill time.Duration // until all of them

	mu     sync.Mutex
	turned time.Time
	latest map[limited]time.Time // when all that was tried is made up for
	older  map[limited]time.Time
}

func newLimits(now func() time.Time, atOnce int, again time.Duration) *limits {
	return &limits{now: now, again: again, refill: time.Duration(atOnce) * again, turned: now(), latest: map[limited]time.Time{}}
}

// take counts one try; otherwise it says how long to wait for it.
func (l *limits) take(whose limited) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.turn(now)
	spent, known := l.latest[whose]
	if !known {
		if len(l.latest) >= maxLimits {
			return max(l.again, l.turned.Add(l.refill).Sub(now))
		}
		spent = l.older[whose] // of nobody, it is long ago
	}
	if spent.Before(now) {
		spent = now
	}
	if spent = spent.Add(l.again); spent.Sub(now) > l.refill {
		return spent.Sub(now) - l.refill
	}
	l.latest[whose] = spent
	return 0
}

// turn begins a new map where the latest one is as old as a limit takes to refill.
func (l *limits) turn(now time.Time) {
	age := now.Sub(l.turned)
	if age < l.refill {
		return
	}
	l.older = l.latest
	if age >= 2*l.refill {
		l.older = nil
	}
	l.latest, l.turned = map[limited]time.Time{}, now
}

// forget lets somebody try as if they never had.
func (l *limits) forget(whose limited) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.latest, whose)
	delete(l.older, whose)
}
