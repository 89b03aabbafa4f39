// Command load asks a small application for a profile page as 10,000 members who are signed in,
// over loopback connections, with authentication and without, and prints how many requests a second
// it answers and how long they take. The application is a process of its own; it shares the machine
// with this one.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/stytchkit/stytchkit/examples/bench/internal/crowd"
)

// plan says how much is sent.
type plan struct {
	members     int
	connections int
	rounds      int
	lasting     time.Duration // of each phase of each round
	rate        int           // requests a second of the paced phase
}

func main() {
	var p plan
	flag.IntVar(&p.members, "members", 10_000, "how many members")
	flag.IntVar(&p.connections, "connections", 16, "how many connections")
	flag.IntVar(&p.rounds, "rounds", 3, "how often each application takes its turn")
	flag.DurationVar(&p.lasting, "for", 2*time.Second, "how long each phase of a turn lasts")
	flag.IntVar(&p.rate, "rate", 4_000, "requests a second of the paced phase")
	app := flag.String("serve", "", "internal: be this application")
	auth := flag.Bool("auth", false, "internal: with authentication")
	flag.Parse()
	run := p.run
	if *app != "" {
		run = func() error { return serve(*app, *auth) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// subject is an application under load, and what came of it.
type subject struct {
	framework string
	auth      bool
	first     phase // each member once: with auth, every JWT is verified
	full      phase // as fast as the connections allow
	paced     phase // at the plan's rate
}

func (p *plan) run() error {
	members, err := crowd.Gather(p.members)
	if err != nil {
		return err
	}
	defer members.Server.Close()
	var subjects []*subject
	for _, framework := range []string{"nethttp", "fiber"} {
		subjects = append(subjects, &subject{framework: framework}, &subject{framework: framework, auth: true})
	}
	for range p.rounds {
		for _, s := range subjects {
			if err := p.turn(s, members); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		slices.Reverse(subjects) // so that a drift of the machine hits all alike
	}
	if p.rounds%2 == 1 {
		slices.Reverse(subjects)
	}
	p.print(subjects)
	return nil
}

func (s *subject) String() string {
	if s.auth {
		return s.framework + " with auth"
	}
	return s.framework + " without"
}

// turn starts the application, sends each phase's requests, and ends it.
func (p *plan) turn(s *subject, members *crowd.Crowd) error {
	app, err := start(s, members.Server)
	if err != nil {
		return err
	}
	defer app.stop()
	g := newGenerator(p.connections, app.address, members.Members, s.auth)
	g.once(&s.first)
	g.full(&s.full, p.lasting)
	g.paced(&s.paced, p.lasting, p.rate)
	return g.wrong()
}

func (p *plan) print(subjects []*subject) {
	fmt.Printf("%d members, %d connections, %d turns of %v for each phase; the generator shares the machine.\n\n", p.members, p.connections, p.rounds, p.lasting)
	fmt.Println("| | each member's first request: requests/s | full speed: requests/s | p50 | p99 | p99.9 |", p.rate, "requests/s: p50 | p99 | p99.9 |")
	fmt.Println("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
	for _, s := range subjects {
		fmt.Printf("| %s | %.0f | %.0f |", s, s.first.perSecond(), s.full.perSecond())
		for _, phase := range []*phase{&s.full, &s.paced} {
			for _, q := range []float64{0.5, 0.99, 0.999} {
				fmt.Printf(" %v |", phase.quantile(q).Round(time.Microsecond))
			}
		}
		fmt.Println()
	}
}
