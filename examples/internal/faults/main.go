// Command faults is the fault test: each demo as a process of its own, under load and attack, while
// the Stytch it talks to (examples/sandbox, another process) is killed, hung, slowed, broken and
// rotated at random.
//
//	make faults          # about a minute and a half for each demo
//	make faults-short    # the same in some seconds, as in make ci
//
// It fails when a live member is logged out or refused, when an identity crosses, when somebody gets
// in who must not, when a demo panics, and when goroutines or memory stay behind. All traffic is on
// loopback addresses, and everything that it starts ends with it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/demo"
	"github.com/stytchkit/stytchkit/examples/internal/process"
)

func main() {
	p := parseFlags()
	os.Exit(demo.Main(func(ctx context.Context) error { return run(ctx, p) }))
}

// plan is how much is done to each demo.
type plan struct {
	demos   []string
	seed    uint64
	verbose bool

	members int           // live members, each a client of its own
	fill    int           // JWTs of others, to fill the demo's memory of sessions before it is measured
	warmUp  time.Duration // load while all is well
	chaos   time.Duration // load while it is not
	flood   time.Duration // unknown tokens, while all is well again
	tokens  int           // unknown tokens a second
	refresh time.Duration // between two refreshes of a member during the flood
	fault   time.Duration // the longest fault
}

func parseFlags() plan {
	short := flag.Bool("short", false, "some seconds for each demo rather than a minute and a half")
	demos := flag.String("demos", "gin,echo,echo5,fiber,fiber3,nethttp", "the demos, `names` of directories in examples")
	seed := flag.Uint64("seed", rand.Uint64N(1_000_000), "repeats the random choices of an earlier run") //nolint:gosec // to be repeatable, not secret
	verbose := flag.Bool("v", false, "print each fault, and what the demos log")
	flag.Parse()
	// 17,000 JWTs are more than a demo remembers, so that its memory is full when it is measured.
	p := plan{
		members: 200, fill: 17_000, warmUp: 4 * time.Second, chaos: time.Minute, fault: 3 * time.Second,
		flood: 20 * time.Second, tokens: 5000, refresh: 2 * time.Second,
	}
	if *short {
		p.members, p.fill, p.warmUp, p.chaos, p.fault, p.flood = 100, 2500, 2*time.Second, 10*time.Second, time.Second, 4*time.Second
	}
	p.demos, p.seed, p.verbose = strings.Split(*demos, ","), *seed, *verbose
	return p
}

// expired is how many expired JWTs each member needs: one for each refresh, as an answer about one
// is remembered.
func (p plan) expired() int { return wakings + int(p.flood/p.refresh) }

func run(ctx context.Context, p plan) (err error) {
	dir, err := os.MkdirTemp("", "stytchkit-faults-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	fmt.Printf("seed %d: %d demos, each %v of faults and %v of flood\n", p.seed, len(p.demos), p.chaos, p.flood)
	if err := process.Build(ctx, dir, append([]string{"sandbox"}, p.demos...)...); err != nil {
		return err
	}
	var results []*result
	for i, name := range p.demos {
		t := &trial{plan: p, dir: dir, demo: name, random: rand.New(rand.NewPCG(p.seed, uint64(i)))} //nolint:gosec // to be repeatable, not secret
		r, err := t.run(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		results = append(results, r)
		fmt.Println(r.line())
	}
	fmt.Print(report(results))
	for _, r := range results {
		if len(r.failures) > 0 {
			return fmt.Errorf("the fault test failed; repeat it with -seed %d", p.seed)
		}
	}
	return nil
}
