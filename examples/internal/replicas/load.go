package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

const (
	// seeking is how long a replica is asked again and again, from often to seldom.
	soonest, seldomest = 500 * time.Microsecond, 100 * time.Millisecond
	// giveUp is how long after the last moment it is looked for, to tell what is late from what is missing.
	giveUp = 5 * time.Second
)

// load makes events happen until ctx ends, and returns when every replica has heard of each, or never will.
func (t *trial) load(ctx context.Context) {
	var events sync.WaitGroup
	visit.Paced(ctx, t.perSecond, 4, func(i int) {
		random := rand.New(rand.NewPCG(t.seed, uint64(i))) //nolint:gosec // to be repeatable, not secret
		e := &event{kind: t.draw(random), where: random.IntN(len(t.replicas))}
		events.Go(func() { t.let(ctx, e, random) })
	})
	events.Wait()
}

// draw is a kind of event, by weight.
func (t *trial) draw(random *rand.Rand) *kind {
	all, dark := 0, t.dark.Load()
	for _, k := range kinds() {
		if k.dark || !dark {
			all += k.weight
		}
	}
	drawn := random.IntN(all)
	for _, k := range kinds() {
		if k.dark || !dark {
			if drawn -= k.weight; drawn < 0 {
				return k
			}
		}
	}
	return nil // weights are positive
}

// let lets an event happen, and sees how each replica hears of it.
func (t *trial) let(ctx context.Context, e *event, random *rand.Rand) {
	if err := e.begin(t, e, random); err != nil {
		if !t.dark.Load() { // else it began too late
			t.fail("%v", err)
		}
		return
	}
	e.at = time.Now()
	t.stytch.watch(e, e.session.Token, e.jwt)
	for i := range e.calls {
		e.calls[i].Store(0)
	}
	var watchers sync.WaitGroup
	for i := range t.replicas {
		if i != e.where {
			watchers.Go(func() { t.seek(e, i) })
		}
	}
	if err := e.happen(ctx, t, e); err != nil {
		t.fail("%s at replica %d: %v", e.name, e.where, err)
	}
	if e.where != nobody {
		t.seek(e, e.where)
	}
	watchers.Wait()
	t.note(e)
}

// seek presents the session at a replica until that is seen to have heard of the event.
func (t *trial) seek(e *event, replica int) {
	pause := soonest
	for {
		if t.look(e, replica) || time.Since(t.due(e, replica)) > giveUp {
			return
		}
		time.Sleep(pause)
		pause = min(max(soonest, time.Since(e.at)/4), seldomest)
	}
}

// look presents the session at a replica once.
func (t *trial) look(e *event, replica int) (heard bool) {
	a := t.replicas[replica].Get("/api/me", e.present)
	heard, wrong := e.told(e, a)
	switch {
	case a.Err != nil:
		t.fail("%s, replica %d: %v", e.name, replica, a.Err)
	case wrong != "":
		t.fail("%s, replica %d: %s: %s %.200q", e.name, replica, wrong, a.Sort(), a.Body)
	case heard && e.heard[replica].IsZero():
		e.heard[replica] = time.Now()
	}
	return heard
}

// due is when a replica has to have heard of an event, as far as is known now.
func (t *trial) due(e *event, replica int) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return due(e.hearing(replica), t.outages)
}

// hearing is what a replica did about the event.
func (e *event) hearing(replica int) hearing {
	return hearing{
		kind: e.name, at: e.at, where: e.where, replica: replica, heard: e.heard[replica],
		calls: int(e.calls[replica].Load()), mayAsk: e.mayAsk,
	}
}

// fail notes what must not be.
func (t *trial) fail(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failures = append(t.failures, fmt.Sprintf(format, args...))
}
