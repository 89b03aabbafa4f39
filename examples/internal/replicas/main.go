// Command replicas is the chaos test of many replicas: three processes of the Gin demo over a real
// redis-server and one stand-in for Stytch, under a load of sign-outs, replaced sessions and changes of
// members, while the engine is killed, emptied, frozen and flushed, and one replica talks into a black hole.
//
//	make replicas        # some two minutes
//	make replicas-short  # the same in half a minute, as in make ci
//
// It fails when a replica never hears of an event, or later than a second after the outage; when it asks
// Stytch about what it heard; when a replaced session sets cookies again; when anybody is signed out to whom
// nothing happened; and when a log holds a token. All traffic is on loopback addresses, and everything that
// it starts ends with it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/demo"
	"github.com/stytchkit/stytchkit/examples/internal/process"
)

func main() {
	p := parseFlags()
	os.Exit(demo.Main(func(ctx context.Context) error { return run(ctx, p) }))
}

// plan is how much is done. A whole run is shorter than a JWT's five minutes, so that each session that has
// ended is believed still where nobody has heard of it.
type plan struct {
	seed    uint64
	verbose bool

	rounds    int           // how often each fault happens
	shortest  time.Duration // fault, and the calm before it
	longest   time.Duration
	perSecond int // events
	members   int // that something may happen to
	onlookers int // sessions of each sort that nothing happens to
}

func parseFlags() plan {
	short := flag.Bool("short", false, "each fault once, and not for long")
	seed := flag.Uint64("seed", rand.Uint64N(1_000_000), "repeats the random choices of an earlier run") //nolint:gosec // to be repeatable, not secret
	verbose := flag.Bool("v", false, "print each fault, and what the demos log")
	flag.Parse()
	p := plan{rounds: 3, shortest: 1500 * time.Millisecond, longest: 5 * time.Second, perSecond: 25, members: 4000, onlookers: 8}
	if *short {
		p.rounds, p.longest, p.members, p.onlookers = 1, 2*time.Second, 1000, 4
	}
	p.seed, p.verbose = *seed, *verbose
	return p
}

func run(ctx context.Context, p plan) (err error) {
	dir, err := os.MkdirTemp("", "stytchkit-replicas-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	fmt.Printf("seed %d: %d replicas, %d events a second, each fault %d×\n", p.seed, replicas, p.perSecond, p.rounds)
	if err := process.Build(ctx, dir, "gin"); err != nil {
		return err
	}
	t, err := newTrial(ctx, p, dir)
	if err != nil {
		return err
	}
	defer t.close()
	if err := t.run(ctx); err != nil {
		return err
	}
	fmt.Print(t.report())
	if breaches := t.breaches(); len(breaches) > 0 {
		return fmt.Errorf("%d breaches; repeat it with -seed %d", len(breaches), p.seed)
	}
	return nil
}
