// Package fair shares out what there is too little of: so many calls a second, and so many in flight.
// One client alone may have the whole rate, and three quarters of the places; of several each has its
// share, whatever the others do. There is no goroutine and no timer, and what is remembered is bounded.
package fair

import (
	"context"
	"sync"
	"time"
)

// Limits are what is shared out.
type Limits struct {
	PerSecond float64 // calls; 0: as many as there are places for, as no client can make itself up
	Burst     int     // calls saved up while few are made; at least a second's
	Places    int     // calls in flight at once
	Keys      int     // clients that are told apart; all others are one together
}

// Share shares calls out. It is safe for concurrent use.
type Share struct {
	now func() time.Time

	mu     sync.Mutex
	ration ration
	places places
}

// New makes a Share that nobody has used yet.
func New(limits Limits, now func() time.Time) *Share {
	return &Share{now: now, ration: newRation(limits, now()), places: newPlaces(limits.Places)}
}

// Admit spends one call of the rate; false when there is none left for this client.
func (s *Share) Admit(key Key) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ration.perSecond == 0 {
		return true
	}
	return s.ration.spend(s.ration.see(key, s.now()))
}

// Enter waits for a place among the calls in flight until ctx ends, whose error it then returns. Where
// too many of the same client wait, it returns one at once.
// leave gives the place back, and may be called more than once.
func (s *Share) Enter(ctx context.Context, key Key) (leave func(), err error) {
	s.mu.Lock()
	var who holder // everybody else
	if s.ration.perSecond == 0 || s.ration.see(key, s.now()) != &s.ration.others {
		who = holder{key: key, known: true}
	}
	w := s.places.ask(who)
	s.mu.Unlock()
	if w == nil {
		return nil, errCrowded
	}

	leave = sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.places.give(w)
	})
	select {
	case <-w.ready:
		return leave, nil
	default:
	}
	select {
	case <-w.ready:
		return leave, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
