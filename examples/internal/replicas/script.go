package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

// trouble is one way in which the bus goes wrong for a while.
type trouble struct {
	name       string
	only       int // the replica that it concerns, or everybody
	begin, end func(ctx context.Context) error
	lasts      time.Duration // 0: as long as the script says
}

// lookEvery is how often replicas look whether the log is still the one that they have read.
const lookEvery = time.Second

func (t *trial) troubles(random *rand.Rand) []trouble {
	do := func(f func()) func(context.Context) error { return func(context.Context) error { f(); return nil } }
	e, cut := t.engine, random.IntN(replicas)
	return []trouble{
		{name: "engine killed", only: everybody, begin: do(e.kill), end: e.start},
		{name: "restarted empty", only: everybody, begin: do(e.kill), end: func(ctx context.Context) error {
			return cmp.Or(e.forget(), e.start(ctx))
		}},
		{name: "frozen", only: everybody, begin: do(e.freeze), end: do(e.thaw)},
		{name: "FLUSHALL", only: everybody, begin: e.flush, end: do(func() {}), lasts: lookEvery},
		{name: "black hole", only: cut, begin: do(t.replicas[cut].hole.open), end: do(t.replicas[cut].hole.mend)},
	}
}

// harm lets the bus go wrong in every way, each so many times, with calm between.
func (t *trial) harm(ctx context.Context) error {
	random := rand.New(rand.NewPCG(t.seed, 1<<32)) //nolint:gosec // to be repeatable, not secret
	for range t.rounds {
		deck := t.troubles(random)
		random.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
		for _, next := range deck {
			if err := t.happen(ctx, next, random); err != nil {
				return fmt.Errorf("%s: %w", next.name, err)
			}
		}
	}
	return visit.Wait(ctx, t.shortest)
}

// happen lets one trouble happen after some calm, and notes it as an outage.
func (t *trial) happen(ctx context.Context, trouble trouble, random *rand.Rand) error {
	lasts := t.shortest + time.Duration(random.Int64N(int64(t.longest-t.shortest)))
	if err := visit.Wait(ctx, within+lasts/2); err != nil {
		return err
	}
	if trouble.lasts != 0 {
		lasts = trouble.lasts
	}
	if t.verbose {
		fmt.Printf("%6.3fs  %s for %v\n", time.Since(t.began).Seconds(), trouble.name, lasts)
	}
	t.outage(trouble.name, trouble.only)
	if err := trouble.begin(ctx); err != nil {
		return err
	}
	if err := visit.Wait(ctx, lasts); err != nil {
		return err
	}
	if err := trouble.end(ctx); err != nil {
		return err
	}
	t.outageEnds()
	return nil
}

// outage notes that one begins, whose end is not known.
func (t *trial) outage(name string, only int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	t.outages = append(t.outages, outage{name: name, only: only, from: now, to: now.Add(time.Hour)})
}

func (t *trial) outageEnds() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.outages[len(t.outages)-1].to = time.Now()
}
