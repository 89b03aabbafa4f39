package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/visit"
)

// believed is how long after it was signed a JWT is believed by who knows nothing of its end.
const believed = 5*time.Minute - 10*time.Second

// lookers are how many look at once in the end.
const lookers = 16

// trial is the whole test.
type trial struct {
	plan
	dir       string
	engine    *engine
	stytch    *stytch
	replicas  []*replica
	onlookers []*onlooker
	began     time.Time
	dark      atomic.Bool // Stytch cannot be asked
	looked    atomic.Int64

	mu       sync.Mutex
	members  []*stytchtest.Member // in the first organization, with no session yet
	events   []*event
	outages  []outage
	secrets  []string
	failures []string
	cold     []hearing // of the replica that came last
}

func newTrial(ctx context.Context, p plan, dir string) (*trial, error) {
	t := &trial{plan: p, dir: dir}
	if err := t.start(ctx); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (t *trial) start(ctx context.Context) (err error) {
	if t.engine, err = startEngine(ctx, filepath.Join(t.dir, "engine")); err != nil {
		return fmt.Errorf("%w (make replicas installs Debian's redis-server)", err)
	}
	if t.stytch, err = startStytch(); err != nil {
		return err
	}
	t.gather(3*t.plan.onlookers + t.plan.members)
	t.addOnlookers(t.plan.onlookers)
	for range replicas {
		if err := t.startReplica(ctx); err != nil {
			return err
		}
	}
	at, err := t.stytch.balance(ctx, t.replicas)
	if err != nil {
		return err
	}
	return t.stytch.SendWebhooks(at+"/webhooks/stytch", stytchtest.WebhookSecret)
}

func (t *trial) close() {
	for _, r := range t.replicas {
		r.close()
	}
	if t.stytch != nil {
		t.stytch.close()
	}
	if t.engine != nil && t.engine.process != nil {
		t.engine.kill()
	}
}

// run returns an error when the trial could not be held; what must not be is noted.
func (t *trial) run(ctx context.Context) error {
	t.began = time.Now()
	loaded, stop := context.WithCancel(ctx)
	defer stop()
	var clients sync.WaitGroup
	clients.Go(func() { t.load(loaded) })
	clients.Go(func() { t.lookOn(loaded) })
	err := t.harm(ctx)
	if err == nil {
		err = t.darken(ctx)
	}
	stop()
	clients.Wait()
	if err != nil {
		return err
	}
	if err := t.recover(ctx); err != nil {
		return err
	}
	if err := t.empty(ctx); err != nil {
		return err
	}
	if err := t.join(ctx); err != nil {
		return err
	}
	return t.end()
}

// darken takes the engine and Stytch away at once: nobody's cookies may be cleared for that.
func (t *trial) darken(ctx context.Context) error {
	t.dark.Store(true)
	return t.happen(ctx, trouble{
		name: "engine and Stytch down", only: everybody,
		begin: func(context.Context) error { t.engine.kill(); t.stytch.Stop(); t.putOff(); return nil },
		end: func(ctx context.Context) error {
			if err := t.stytch.Restart(); err != nil {
				return err
			}
			return t.engine.start(ctx)
		},
	}, t.calmRandom())
}

// empty has the engine lose all while nothing else happens: only who looks at it notices, and puts back what it
// held for whoever comes next.
func (t *trial) empty(ctx context.Context) error {
	if err := t.engine.flush(ctx); err != nil {
		return err
	}
	return visit.Wait(ctx, lookEvery+within)
}

// join starts a replica that has heard nothing yet, and looks whether it knows whatever has ended and is
// believed still where nobody has heard, and whether those that were there remember it.
func (t *trial) join(ctx context.Context) error {
	if err := t.startReplica(ctx); err != nil {
		return err
	}
	ended := slices.DeleteFunc(slices.Clone(t.events), func(e *event) bool { return !e.ends || time.Since(e.at) > believed })
	t.cold = make([]hearing, len(ended))
	visit.Each(lookers, len(ended), func(i int) {
		e, asked := ended[i], time.Now()
		e.calls[replicas].Store(0)
		for !t.look(e, replicas) && time.Since(asked) < within+giveUp {
			time.Sleep(seldomest / 10)
		}
		h := e.hearing(replicas)
		h.event, h.where, h.at = i, nobody, asked
		h.mayAsk = true // about an expired JWT, and before it has heard
		t.cold[i] = h
	})
	visit.Each(lookers, len(ended), func(i int) {
		for replica := range replicas {
			if e := ended[i]; !e.heard[replica].IsZero() && !t.look(e, replica) {
				t.fail("%s at %.3fs: replica %d has heard of it, and forgotten it in the end", e.name, e.at.Sub(t.began).Seconds(), replica)
			}
		}
	})
	return nil
}

// end ends the replicas, and reads what they have logged.
func (t *trial) end() error {
	for i, r := range t.replicas {
		if err := r.process.Stop(); err != nil {
			t.fail("replica %d: %v", i, err)
		}
		logged := r.log.String()
		if n := r.log.Panics(); n > 0 {
			t.fail("replica %d logged %d lines of a panic: %.2000s", i, n, logged)
		}
		for _, secret := range t.secrets {
			if strings.Contains(logged, secret) {
				t.fail("replica %d: a token is in its log", i)
				break
			}
		}
	}
	return nil
}

// gather adds members, each in both organizations: before Stytch tells the replicas of members that are new.
func (t *trial) gather(many int) {
	for i := range many {
		address := fmt.Sprintf("member-%d@example.com", i)
		for _, slug := range organizations()[1:] {
			t.stytch.AddMember(stytchtest.Member{Email: address, Organization: slug})
		}
		t.members = append(t.members, t.stytch.AddMember(stytchtest.Member{Email: address, Organization: organizations()[0]}))
	}
}

// newcomer is a member with no session yet; nil when there is none left.
func (t *trial) newcomer() *stytchtest.Member {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.members) == 0 {
		return nil
	}
	m := t.members[0]
	t.members = t.members[1:]
	return m
}

// secret notes what no log may hold: opaque tokens, and of JWTs their signatures.
func (t *trial) secret(credentials ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range credentials {
		t.secrets = append(t.secrets, c[strings.LastIndexByte(c, '.')+1:])
	}
}

func (t *trial) note(e *event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events = append(t.events, e)
}
