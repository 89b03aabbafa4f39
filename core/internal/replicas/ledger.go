package replicas

import (
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
)

// keptFor is how long a fact matters to a replica that has not heard of it: well past the life of a JWT.
const keptFor = 10 * time.Minute

// ledger is what this replica knows, so that it can be said again to a log that has lost it, and what of it
// is still to be published. Bounded: the oldest goes first. Safe for concurrent use.
type ledger struct {
	clock  clock.Clock
	atMost int

	mu     sync.Mutex
	of     map[Fact]*entry
	order  []entryOf // oldest first, as they were learned
	outbox []Fact    // each once
	log    uint64    // counts the logs that were read
}

type entry struct {
	at     time.Time
	own    bool   // was told here first
	queued bool   // is in the outbox
	log    uint64 // the last one that it was seen in
}

type entryOf struct {
	fact Fact
	at   time.Time
}

func newLedger(clock clock.Clock, atMost int) *ledger {
	return &ledger{clock: clock, atMost: atMost, of: map[Fact]*entry{}}
}

// tell notes a fact of this replica's own, to be published.
func (l *ledger) tell(f Fact, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := l.of[f]
	if known != nil && !at.After(known.at) {
		return
	}
	l.enqueue(f, l.learn(f, known, entry{at: at, own: true}))
}

// hear notes a fact that stands in the log, and reports whether it is news.
func (l *ledger) hear(f Fact, at time.Time) (news bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.clock.Now().Sub(at) > keptFor {
		return false
	}
	known := l.of[f]
	if known != nil && !at.After(known.at) {
		if at.Equal(known.at) {
			known.log = l.log
		}
		return false
	}
	l.learn(f, known, entry{at: at, log: l.log})
	return true
}

// learn keeps the newest of a fact; the caller holds the lock.
func (l *ledger) learn(f Fact, known *entry, newest entry) *entry {
	if known != nil {
		newest.own, newest.queued = newest.own || known.own, known.queued
	}
	l.forget()
	l.of[f] = &newest
	l.order = append(l.order, entryOf{f, newest.at})
	return &newest
}

// forget drops what matters to nobody any more, and the oldest when there is no room; the caller holds the
// lock.
func (l *ledger) forget() {
	for len(l.order) > 0 {
		oldest := l.order[0]
		if len(l.order) < l.atMost && l.clock.Now().Sub(oldest.at) <= keptFor {
			return
		}
		l.order = l.order[1:]
		if known := l.of[oldest.fact]; known != nil && known.at.Equal(oldest.at) {
			delete(l.of, oldest.fact)
		}
	}
}

// enqueue has a fact published; the caller holds the lock.
func (l *ledger) enqueue(f Fact, known *entry) {
	if !known.queued {
		known.queued = true
		l.outbox = append(l.outbox, f)
	}
}

// begin says that a log is read from its beginning.
func (l *ledger) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log++
}

// refill has published what the log lacks, of this replica's own facts or of the others'.
func (l *ledger) refill(own bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget()
	for f, known := range l.of {
		if known.own == own && known.log != l.log && l.clock.Now().Sub(known.at) <= keptFor {
			l.enqueue(f, known)
		}
	}
}

// next is what is to be published first, with their times; what is known no more is not.
func (l *ledger) next(atMost int) (facts []Fact, at []time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	facts = append(facts, l.outbox[:min(atMost, len(l.outbox))]...)
	for _, f := range facts {
		known := l.of[f]
		if known == nil {
			known = &entry{at: l.clock.Now()} // forgotten for want of room while it waited
		}
		at = append(at, known.at)
	}
	return facts, at
}

// published says that the first so many are in the log, as they were at a time. One that was told anew
// meanwhile waits again.
func (l *ledger) published(at []time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	done := l.outbox[:len(at)]
	l.outbox = l.outbox[len(at):]
	for i, f := range done {
		known := l.of[f]
		if known == nil {
			continue
		}
		known.queued = false
		if known.at.After(at[i]) {
			l.enqueue(f, known)
		}
	}
}

// waiting is how many facts are to be published.
func (l *ledger) waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.outbox)
}

func (l *ledger) knows(f Fact) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.of[f] != nil
}

func (l *ledger) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.of)
}
