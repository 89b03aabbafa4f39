package stytchkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

const (
	policyRefresh    = 5 * time.Minute
	policyRetryFirst = time.Second
	policyRetryMost  = time.Minute
	anyAction        = "*"
)

var errNoPolicy = errors.New("stytchkit: the project's RBAC policy has not been fetched yet")

// Permission wants the member's roles to allow this action on this resource, by the project's RBAC
// policy. The policy is fetched once and refreshed in the background; a check makes no call. While
// no policy could be fetched the answer is 503, not 403.
func Permission(resource, action string) Rule {
	name := fmt.Sprintf("Permission(%q, %q)", resource, action)
	wantNames(name, "resource and an action, such as Permission(\"documents\", \"read\")", []string{resource, action})
	denied := fmt.Errorf("%s: no role of the member's allows it", name)
	rule := requirement(name, rankPermission, func(ctx context.Context, a *Authenticator, _ Request, s *Session) *refusal {
		policy, err := a.policies.get(ctx)
		switch {
		case err != nil:
			return refuse(CodeStytchUnavailable, err)
		case !policy.allows(s.view().Roles, resource, action):
			return refuse(CodePermissionDenied, denied)
		}
		return nil
	})
	rule.set = func(g *Guard) { g.auth.policies.start() }
	return rule
}

// Can reports whether the session's member may do this, as [Permission] would decide: for pages
// that show only what is allowed. It is false with an error while no policy could be fetched.
func (a *Authenticator) Can(ctx context.Context, s *Session, resource, action string) (bool, error) {
	if s == nil {
		return false, nil
	}
	policy, err := a.policies.get(ctx)
	if err != nil {
		return false, err
	}
	return policy.allows(s.view().Roles, resource, action), nil
}

// Permissions are the actions that the session's member may do, sorted, by resource; "*" is every
// action. The map is the caller's own.
func (a *Authenticator) Permissions(ctx context.Context, s *Session) (map[string][]string, error) {
	if s == nil {
		return map[string][]string{}, nil
	}
	policy, err := a.policies.get(ctx)
	if err != nil {
		return nil, err
	}
	return policy.of(s.view().Roles), nil
}

// RefreshPolicy fetches the RBAC policy now, or joins a fetch under way, and reports whether it
// came: for an application that has just changed it.
func (a *Authenticator) RefreshPolicy(ctx context.Context) error {
	fetch := a.policies.begin()
	select {
	case <-fetch.done:
		return fetch.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// policyFetch is a fetch under way; err is set when it is done.
type policyFetch struct {
	done chan struct{}
	err  error
}

// policies holds the project's RBAC policy: fetched when a rule or a page first needs it, one fetch
// at a time, refreshed in the background, served stale through an outage within a bound. It is safe
// for concurrent use.
type policies struct {
	client   *stytch.Client
	clock    Clock
	log      *slog.Logger
	tasks    *tasks
	timeout  time.Duration
	staleFor time.Duration

	now     atomic.Pointer[compiled]
	started atomic.Bool

	mu       sync.Mutex
	flight   *policyFetch
	last     *policyFetch // that ended
	failures int          // in a row
	failed   time.Time
}

func newPolicies(cfg *Config, client *stytch.Client, t *tasks) *policies {
	return &policies{
		client: client, clock: cfg.Clock, log: cfg.Logger, tasks: t,
		timeout: cfg.Timeout, staleFor: cfg.PolicyStaleFor,
	}
}

// get is the policy; it waits for the very first one, until ctx or the fetch ends.
func (p *policies) get(ctx context.Context) (*compiled, error) {
	if policy := p.usable(); policy != nil {
		return policy, nil
	}
	p.start()
	fetch := p.pending()
	select {
	case <-fetch.done:
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", errNoPolicy, context.Cause(ctx))
	}
	if policy := p.usable(); policy != nil {
		return policy, nil
	}
	return nil, fmt.Errorf("%w: %w", errNoPolicy, fetch.err)
}

func (p *policies) usable() *compiled {
	policy := p.now.Load()
	if policy == nil || p.clock.Now().Sub(policy.fetched) > p.staleFor {
		return nil
	}
	return policy
}

// pending is the fetch to wait for: the one under way, or a new one; the last one when the policy
// came after the caller looked, or when that one has only just failed.
func (p *policies) pending() *policyFetch {
	p.mu.Lock()
	defer p.mu.Unlock()
	justFailed := p.failures > 0 && p.clock.Now().Sub(p.failed) < policyRetryFirst
	if p.flight == nil && (p.usable() != nil || justFailed) {
		return p.last
	}
	return p.beginLocked()
}

// start begins to keep the policy current, once.
func (p *policies) start() {
	if p.started.Swap(true) {
		return
	}
	first := p.begin()
	p.tasks.run(func(ctx context.Context) { p.run(ctx, first) })
}

func (p *policies) begin() *policyFetch {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.beginLocked()
}

func (p *policies) beginLocked() *policyFetch {
	if p.flight != nil {
		return p.flight
	}
	fetch := &policyFetch{done: make(chan struct{})}
	if !p.tasks.run(func(ctx context.Context) { p.fetch(ctx, fetch) }) {
		fetch.err = errClosed
		close(fetch.done)
		return fetch
	}
	p.flight = fetch
	return fetch
}

func (p *policies) fetch(ctx context.Context, fetch *policyFetch) {
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	policy, err := p.client.Policy(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	defer close(fetch.done)
	p.flight, p.last, fetch.err = nil, fetch, err
	if err != nil {
		if p.failures == 0 && !p.tasks.closed() {
			p.log.Warn("stytchkit: the RBAC policy cannot be fetched; retrying", "error", err, "have_policy", p.usable() != nil)
		}
		p.failures, p.failed = p.failures+1, p.clock.Now()
		return
	}
	if p.failures > 0 {
		p.log.Info("stytchkit: the RBAC policy can be fetched again")
	}
	p.failures = 0
	p.now.Store(compile(policy, p.clock.Now()))
}

// run refreshes the policy until ctx ends, after a fetch under way.
func (p *policies) run(ctx context.Context, fetch *policyFetch) {
	for {
		select {
		case <-fetch.done:
		case <-ctx.Done():
			return
		}
		select {
		case <-p.clock.After(p.untilNextFetch()):
			fetch = p.begin()
		case <-ctx.Done():
			return
		}
	}
}

func (p *policies) untilNextFetch() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failures > 0 {
		return backoff(p.failures, policyRetryFirst, policyRetryMost)
	}
	return policyRefresh
}
