package main

import (
	"fmt"
	"os"
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

// subjects are one framework's applications.
func (p *plan) subjects(framework string) ([]subject, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	all := []subject{{framework, figures.Without, self}, {framework, figures.WithAuth, self}}
	if p.before != "" {
		all = append(all, subject{framework, figures.Before, p.before})
	}
	return all, nil
}

func (p *plan) measure() (*figures.Load, error) {
	members, err := crowd.Gather(p.Members)
	if err != nil {
		return nil, err
	}
	defer members.Server.Close()
	result := &figures.Load{Plan: p.Plan}
	for round := range p.Rounds {
		for _, framework := range p.frameworks {
			subjects, err := p.subjects(framework)
			if err != nil {
				return nil, err
			}
			turns, err := p.match(subjects, members)
			if err != nil {
				return nil, err
			}
			for _, turn := range turns {
				turn.Round = round
				result.Turns = append(result.Turns, turn)
			}
		}
	}
	return result, nil
}

// exchanges is how often applications that are compared take turns in each phase, so that a drift of
// the machine hits all alike.
const exchanges = 10

// match starts applications, sends each phase's requests in turns, and ends them.
func (p *plan) match(subjects []subject, members *crowd.Crowd) (turns []figures.Turn, err error) {
	var players []*player
	defer func() {
		for _, one := range players {
			one.app.stop()
		}
	}()
	for i := range subjects {
		app, err := start(&subjects[i], members, p.profiles)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", &subjects[i], err)
		}
		players = append(players, &player{subject: &subjects[i], app: app, generator: newGenerator(p.Connections, app.address, members.Members)})
	}
	for _, one := range players {
		one.generator.once(&one.first)
		if one.before, err = one.app.mark(); err != nil {
			return nil, err
		}
	}
	for i := range exchanges {
		each(players, i, func(one *player) { one.generator.full(&one.full, p.Lasting/exchanges) })
	}
	for _, one := range players {
		if one.after, err = one.app.mark(); err != nil {
			return nil, err
		}
	}
	for i := range exchanges {
		each(players, i, func(one *player) { one.generator.paced(&one.paced, p.Lasting/exchanges, p.Rate) })
	}
	for _, one := range players {
		if err := one.generator.wrong(); err != nil {
			return nil, fmt.Errorf("%s: %w", one.subject, err)
		}
		turns = append(turns, one.turn())
	}
	return turns, nil
}

// each has all do their part, the first one last in every other turn.
func each(players []*player, turn int, do func(*player)) {
	for i := range players {
		if turn%2 == 1 {
			i = len(players) - 1 - i
		}
		do(players[i])
	}
}

// player is an application in a match.
type player struct {
	subject   *subject
	app       *application
	generator *generator

	first phase // each member once: with auth, every JWT is verified
	full  phase // as fast as the connections allow
	paced phase // at the plan's rate

	before, after time.Duration // CPU time used, around the full phase
}

func (one *player) turn() figures.Turn {
	return figures.Turn{
		Framework: one.subject.framework, Side: one.subject.side,
		First: one.first.figures(), Full: one.full.figures(), Paced: one.paced.figures(),
		CPU: (one.after - one.before) / time.Duration(max(1, len(one.full.latencies))),
	}
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
