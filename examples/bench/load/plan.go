package main

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/stytchkit/stytchkit/examples/bench/internal/crowd"
	"github.com/stytchkit/stytchkit/examples/bench/internal/figures"
)

// plan says what is asked, and how much.
type plan struct {
	figures.Plan
	frameworks []string
	before     string // a program; empty for none
	profiles   string // a directory; empty for none
}

// subject is an application under load.
type subject struct {
	framework string
	side      figures.Side
	program   string
}

func (s *subject) String() string { return s.framework + " " + string(s.side) }

// subjects are the applications, those of a framework beside each other.
func (p *plan) subjects() ([]subject, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var all []subject
	for _, framework := range p.frameworks {
		all = append(all, subject{framework, figures.Without, self}, subject{framework, figures.WithAuth, self})
		if p.before != "" {
			all = append(all, subject{framework, figures.Before, p.before})
		}
	}
	return all, nil
}

func (p *plan) measure() (*figures.Load, error) {
	subjects, err := p.subjects()
	if err != nil {
		return nil, err
	}
	members, err := crowd.Gather(p.Members)
	if err != nil {
		return nil, err
	}
	defer members.Server.Close()
	result := &figures.Load{Plan: p.Plan}
	for round := range p.Rounds {
		for i := range subjects {
			turn, err := p.turn(&subjects[i], members)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", &subjects[i], err)
			}
			turn.Round = round
			result.Turns = append(result.Turns, *turn)
		}
		slices.Reverse(subjects) // so that a drift of the machine hits all alike
	}
	return result, nil
}

// turn starts the application, sends each phase's requests, and ends it.
func (p *plan) turn(s *subject, members *crowd.Crowd) (*figures.Turn, error) {
	app, err := start(s, members.Server, p.profiles)
	if err != nil {
		return nil, err
	}
	defer app.stop()
	g := newGenerator(p.Connections, app.address, members.Members, s.side != figures.Without)
	var first, full, paced phase
	g.once(&first) // with auth, every JWT is verified
	if err := app.profile(); err != nil {
		return nil, err
	}
	g.full(&full, p.Lasting)
	if err := app.profile(); err != nil {
		return nil, err
	}
	g.paced(&paced, p.Lasting, p.Rate)
	return &figures.Turn{
		Framework: s.framework, Side: s.side,
		First: first.figures(), Full: full.figures(), Paced: paced.figures(),
	}, g.wrong()
}

// figures are what came of the phase.
func (p *phase) figures() figures.Phase {
	return figures.Phase{
		PerSecond: float64(len(p.latencies)) / p.took.Seconds(),
		P50:       p.quantile(0.5).Round(time.Microsecond),
		P99:       p.quantile(0.99).Round(time.Microsecond),
		P999:      p.quantile(0.999).Round(time.Microsecond),
	}
}
