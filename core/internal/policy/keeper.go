package policy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

const (
	refresh    = 5 * time.Minute
	retryFirst = time.Second
	retryMost  = time.Minute
)

// ErrNone is why nothing is known of a permission.
var ErrNone = errors.New("stytchkit: the project's RBAC policy has not been fetched yet")

var errClosed = errors.New("the Authenticator is closed")

// Config is what a [Keeper] works with.
type Config struct {
	Fetch    func(context.Context) (*rbac.Policy, error)
	Timeout  time.Duration // of one fetch
	StaleFor time.Duration // the last policy is trusted while none can be fetched
	Clock    clock.Clock
	Log      *slog.Logger
	Tasks    *tasks.Group
}

// fetching is a fetch under way; err is set when it is done.
type fetching struct {
	done chan struct{}
	err  error
}

// Keeper holds the project's RBAC policy: fetched when a rule or a page first needs it, one fetch
// at a time, refreshed in the background, served stale through an outage within a bound. It is safe
// for concurrent use.
type Keeper struct {
	Config

	now     atomic.Pointer[Policy]
	started atomic.Bool
	renewed atomic.Bool // a fetch is to begin once that under way has ended

	mu       sync.Mutex
	flight   *fetching
	last     *fetching // that ended
	failures int       // in a row
	failed   time.Time
}

// New holds no policy yet; see [Keeper.Start].
func New(cfg Config) *Keeper { return &Keeper{Config: cfg} }

// Get is the policy; it waits for the very first one, until ctx or the fetch ends.
func (p *Keeper) Get(ctx context.Context) (*Policy, error) {
	if policy := p.usable(); policy != nil {
		return policy, nil
	}
	p.Start()
	fetch := p.pending()
	select {
	case <-fetch.done:
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrNone, context.Cause(ctx))
	}
	if policy := p.usable(); policy != nil {
		return policy, nil
	}
	return nil, fmt.Errorf("%w: %w", ErrNone, fetch.err)
}

// AtHand is the policy without waiting for one; nil where none can be trusted.
func (p *Keeper) AtHand() *Policy { return p.usable() }

func (p *Keeper) usable() *Policy {
	policy := p.now.Load()
	if policy == nil || p.Clock.Now().Sub(policy.fetched) > p.StaleFor {
		return nil
	}
	return policy
}

// pending is the fetch to wait for: the one under way, or a new one; the last one when the policy
// came after the caller looked, or when that one has only just failed.
func (p *Keeper) pending() *fetching {
	p.mu.Lock()
	defer p.mu.Unlock()
	justFailed := p.failures > 0 && p.Clock.Now().Sub(p.failed) < retryFirst
	if p.flight == nil && (p.usable() != nil || justFailed) {
		return p.last
	}
	return p.beginLocked()
}

// Refresh fetches the policy now, or joins a fetch under way, and reports whether it came.
func (p *Keeper) Refresh(ctx context.Context) error {
	fetch := p.begin()
	select {
	case <-fetch.done:
		return fetch.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Renew fetches the policy in the background, as it has changed: by a fetch that begins from now on, as one
// under way may know nothing of it.
func (p *Keeper) Renew() {
	if p.renewed.Swap(true) {
		return
	}
	p.Tasks.Run(func(ctx context.Context) {
		if earlier := p.underWay(); earlier != nil {
			select {
			case <-earlier.done:
			case <-ctx.Done():
				return
			}
		}
		p.renewed.Store(false)
		p.begin()
	})
}

func (p *Keeper) underWay() *fetching {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.flight
}

// Refused is Stytch's refusal of the project's credentials, as long as no policy has ever come; it waits
// for the very first fetch until ctx ends.
func (p *Keeper) Refused(ctx context.Context) error {
	if fetch := p.underWay(); fetch != nil && p.now.Load() == nil {
		select {
		case <-fetch.done:
		case <-ctx.Done():
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now.Load() != nil || p.last == nil || p.last.err == nil {
		return nil
	}
	failure := stytch.FailureOf(p.last.err)
	if failure.Verdict != stytch.Misconfigured {
		return nil
	}
	return fmt.Errorf("stytchkit: %s: %w", failure.Remedy(), failure)
}

// FetchedAt is when the policy at hand was fetched; zero before the first fetch.
func (p *Keeper) FetchedAt() time.Time {
	if policy := p.now.Load(); policy != nil {
		return policy.fetched
	}
	return time.Time{}
}

// Start begins to keep the policy current, once.
func (p *Keeper) Start() {
	if p.started.Swap(true) {
		return
	}
	first := p.begin()
	p.Tasks.Run(func(ctx context.Context) { p.run(ctx, first) })
}

func (p *Keeper) begin() *fetching {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.beginLocked()
}

func (p *Keeper) beginLocked() *fetching {
	if p.flight != nil {
		return p.flight
	}
	fetch := &fetching{done: make(chan struct{})}
	if !p.Tasks.Run(func(ctx context.Context) { p.fetch(ctx, fetch) }) {
		fetch.err = errClosed
		close(fetch.done)
		return fetch
	}
	p.flight = fetch
	return fetch
}

func (p *Keeper) fetch(ctx context.Context, fetch *fetching) {
	ctx, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	policy, err := p.Fetch(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	defer close(fetch.done)
	p.flight, p.last, fetch.err = nil, fetch, err
	if err != nil {
		if p.failures == 0 && !p.Tasks.Closed() && stytch.FailureOf(err).Verdict != stytch.Misconfigured { // who hears of calls says that
			p.Log.Warn("stytchkit: the RBAC policy cannot be fetched; retrying", "error", err, "have_policy", p.usable() != nil)
		}
		p.failures, p.failed = p.failures+1, p.Clock.Now()
		return
	}
	if p.failures > 0 {
		p.Log.Info("stytchkit: the RBAC policy can be fetched again")
	}
	p.failures = 0
	p.now.Store(compile(policy, p.Clock.Now()))
}

// run refreshes the policy until ctx ends, after a fetch under way.
func (p *Keeper) run(ctx context.Context, fetch *fetching) {
	for {
		select {
		case <-fetch.done:
		case <-ctx.Done():
			return
		}
		select {
		case <-p.Clock.After(p.untilNextFetch()):
			fetch = p.begin()
		case <-ctx.Done():
			return
		}
	}
}

func (p *Keeper) untilNextFetch() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failures > 0 {
		return tasks.Backoff(p.failures, retryFirst, retryMost)
	}
	return refresh
}
