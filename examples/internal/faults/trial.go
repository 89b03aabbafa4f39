package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/process"
	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

const (
	// heapGrowth is how much more memory may be in use after the faults than after the warm-up.
	heapGrowth = 1.1
	// heapRemembered is what the answers that are remembered meanwhile, within their bound, add to that: each
	// JWT that a browser is refreshed with, and each answer of a route with Fresh(0).
	heapRemembered = 1 << 20
	// recovery is how long after the last fault everybody must be let in again: the breaker tries
	// after two seconds.
	recovery = 15 * time.Second
	// settling is how long goroutines may take to end: fasthttp's workers idle for up to 20 seconds.
	settling = 30 * time.Second
)

// trial is one demo's.
type trial struct {
	plan
	dir, demo string
	random    *rand.Rand

	crowd  *crowd
	stytch *process.Sandbox
	site   *site
	log    *process.Journal // the demo's
	judge  *judge
	result *result
}

// run returns an error when the trial could not be held, and a result with failures when the demo
// did not stand it.
func (t *trial) run(ctx context.Context) (r *result, err error) {
	t.judge, t.log, t.result = newJudge(), &process.Journal{}, &result{demo: t.demo}
	t.result.judge = t.judge
	if t.verbose {
		t.log.Echo = os.Stderr
	}
	if err := t.start(ctx); err != nil {
		return nil, err
	}
	defer t.stytch.Kill()
	defer t.site.process.Kill()
	began := time.Now()
	for _, step := range []func(context.Context) error{t.warm, t.flooded, t.harm, t.recover, t.settle} {
		if err := step(ctx); err != nil {
			if !t.site.process.Alive() {
				t.judge.fail(other, "the process ended: %.2000s", tail(t.log.String()))
				break
			}
			return nil, err
		}
	}
	t.result.took = time.Since(began)
	t.end()
	return t.result, nil
}

func (t *trial) start(ctx context.Context) (err error) {
	if t.crowd, err = gather(filepath.Join(t.dir, "crowd.json"), t.plan); err != nil {
		return err
	}
	state := filepath.Join(t.dir, t.demo+".state")
	if err := os.WriteFile(state, t.crowd.State, 0o600); err != nil {
		return err
	}
	if t.stytch, err = process.StartSandbox(ctx, t.dir, state, &process.Journal{}); err != nil {
		return err
	}
	if t.site, err = startSite(ctx, t.dir, t.demo, t.stytch, t.log); err != nil {
		t.stytch.Kill()
		return err
	}
	return nil
}

func (t *trial) load(outage bool) *load {
	return &load{site: t.site, crowd: t.crowd, judge: t.judge, outage: outage, pause: 400 * time.Millisecond, seed: t.random.Uint64()}
}

// warm fills the demo's memory.
func (t *trial) warm(ctx context.Context) error {
	if err := t.site.Ready(ctx); err != nil {
		return err
	}
	start, err := t.site.settled(ctx, 0, 0)
	if err != nil {
		return err
	}
	t.result.goroutinesAtStart = start.Goroutines
	others := t.crowd.Others
	visit.Each(32, len(others), func(i int) {
		a := t.site.Get("/api/me", visit.Bearer(others[i]))
		t.judge.count(otherMembers, a)
		if a.Status != http.StatusOK || !strings.Contains(string(a.Body), fmt.Sprintf(`"member-test-other-%d"`, i)) {
			t.judge.fail(other, "a JWT seen once: %s %.200q", a.Sort(), a.Body)
		}
	})
	calm, cancel := context.WithTimeout(ctx, t.warmUp)
	defer cancel()
	t.load(false).run(calm)
	return nil
}

// flooded is the flood of unknown tokens. What it leaves in memory is part of the warm-up.
func (t *trial) flooded(ctx context.Context) (err error) {
	if t.result.flood, err = t.load(false).flood(ctx, t.plan); err != nil {
		return err
	}
	t.result.heapBefore, err = t.measure(ctx)
	return err
}

// measure is the heap while nothing happens.
func (t *trial) measure(ctx context.Context) (uint64, error) {
	if err := t.stytch.Do(ctx, http.MethodPost, "/stop"); err != nil { // hangs up on the demo
		return 0, err
	}
	v, err := t.site.settled(ctx, t.result.goroutinesAtStart, 2*time.Second)
	if err != nil {
		return 0, err
	}
	return v.Heap, t.stytch.Do(ctx, http.MethodPost, "/restart")
}

// harm is the load while Stytch goes wrong.
func (t *trial) harm(ctx context.Context) error {
	loaded, stop := context.WithCancel(ctx)
	defer stop()
	var clients sync.WaitGroup
	clients.Go(func() { t.load(true).run(loaded) })
	script, err := play(ctx, t.stytch, t.random, t.chaos, t.fault, func(line string) {
		if t.verbose {
			fmt.Println(line)
		}
	})
	t.result.script = script
	stop()
	clients.Wait()
	return err
}

// recover lets every member in, each by asking Stytch.
func (t *trial) recover(ctx context.Context) error {
	began := time.Now()
	in := make([]bool, len(t.crowd.Members))
	for left := len(in); left > 0 && time.Since(began) < recovery; {
		visit.Each(32, len(in), func(i int) {
			if in[i] {
				return
			}
			m := t.crowd.Members[i]
			a := t.site.Get("/api/fresh", visit.Cookies(visit.TokenCookie+"="+m.Token, visit.JWTCookie+"="+m.JWT))
			t.judge.live(everybody, m, "/api/fresh", a, expectation{outage: true})
			in[i] = a.Status == http.StatusOK
		})
		left = 0
		for _, ok := range in {
			if !ok {
				left++
			}
		}
		t.result.locked = left
		if err := visit.Wait(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	t.result.recovered = time.Since(began)
	if t.result.locked > 0 {
		t.judge.fail(other, "%d members are not in %v after the last fault", t.result.locked, recovery)
	}
	return nil
}

// settle waits until everything has ended, and measures again.
func (t *trial) settle(ctx context.Context) error {
	if err := t.stytch.Do(ctx, http.MethodPost, "/stop"); err != nil {
		return err
	}
	v, err := t.site.settled(ctx, t.result.goroutinesAtStart, settling)
	t.result.goroutinesAtEnd, t.result.heapAfter = v.Goroutines, v.Heap
	return err
}

// end judges the process as a whole, and ends it.
func (t *trial) end() {
	r := t.result
	if t.site.process.Alive() {
		if err := t.site.process.Stop(); err != nil {
			t.judge.fail(other, "%v", err)
		}
	}
	if r.panics = t.log.Panics(); r.panics > 0 {
		t.judge.fail(other, "it logged %d lines of a panic: %.2000s", r.panics, tail(t.log.String()))
	}
	if r.goroutinesAtEnd > r.goroutinesAtStart {
		t.judge.fail(other, "%d goroutines at the start, and %d at the end", r.goroutinesAtStart, r.goroutinesAtEnd)
	}
	if most := heapGrowth*float64(r.heapBefore) + heapRemembered; float64(r.heapAfter) > most {
		t.judge.fail(other, "%.1f MB of memory after the warm-up, and %.1f MB after the faults", mb(r.heapBefore), mb(r.heapAfter))
	}
	if floor := 0.9 * float64(t.tokens); r.flood < floor {
		r.notes = append(r.notes, fmt.Sprintf("this machine presented %.0f unknown tokens a second, not %d", r.flood, t.tokens))
	}
	logged := t.log.String()
	for _, m := range t.crowd.Members {
		signature := m.JWT[strings.LastIndexByte(m.JWT, '.'):]
		if strings.Contains(logged, m.Token) || strings.Contains(logged, signature) {
			t.judge.fail(other, "a member's token is in the log")
		}
	}
	r.failures = t.judge.failures
}

// tail is the end of a log.
func tail(log string) string { return log[max(0, len(log)-2000):] }

func mb(bytes uint64) float64 { return float64(bytes) / (1 << 20) }
