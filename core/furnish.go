package stytchkit

import (
	"context"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"

	"github.com/stytchkit/stytchkit/core/internal/asking"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/fair"
	"github.com/stytchkit/stytchkit/core/internal/keys"
	"github.com/stytchkit/stytchkit/core/internal/policy"
	"github.com/stytchkit/stytchkit/core/internal/profile"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/token"
)

// clients call the project's kind of API: one of them, and for what both kinds have either is the project.
type clients struct {
	b2b      *stytch.Client
	consumer *stytch.ConsumerClient
	project  stytch.Project
}

func newClients(cfg *Config) (c clients, err error) {
	if cfg.Vertical == Consumer {
		c.consumer, err = stytch.NewConsumer(cfg.ProjectID, cfg.Secret, cfg.BaseURL, cfg.Transport)
		c.project = c.consumer
		return c, err
	}
	c.b2b, err = stytch.New(cfg.ProjectID, cfg.Secret, cfg.BaseURL, cfg.Transport)
	c.project = c.b2b
	return c, err
}

func (a *Authenticator) profileConfig() profile.Config {
	cfg := profile.Config{
		Asker: a.asker, FreshFor: a.cfg.Freshness, StaleFor: a.cfg.ProfileStaleFor, AtMost: a.cfg.Limits.Profiles,
		RolesStaleFor: a.cfg.PolicyStaleFor,
		Doubted:       a.doubts.Since,
	}
	if a.cfg.Vertical == Consumer {
		cfg.Fetch.User = a.clients.consumer.User
		return cfg
	}
	cfg.Fetch.Member, cfg.Fetch.Organization = a.clients.b2b.Member, a.clients.b2b.Organization
	cfg.Fetch.Roles = a.clients.b2b.OrganizationRoles
	return cfg
}

func (a *Authenticator) keysConfig() keys.Config {
	return keys.Config{
		URL:       a.cfg.BaseURL + a.cfg.Vertical.keysPath() + a.cfg.ProjectID,
		Transport: a.cfg.Transport,
		Timeout:   a.cfg.Timeout,
		StaleFor:  a.cfg.KeysStaleFor,
		AtMost:    a.cfg.Limits.UnknownKeys,
		Clock:     a.clock, Log: a.log, Tasks: a.tasks,
		Fetched: a.keysFetched(),
		Changed: func() { a.memory.Doubt(); a.tokens.Doubt() },
	}
}

func (a *Authenticator) askingConfig(project stytch.Project) asking.Config {
	return asking.Config{
		Client:            project,
		Timeout:           a.cfg.Timeout,
		ExtendBy:          a.cfg.ExtendBy,
		Calls:             a.cfg.Limits.Calls,
		UnprovenCalls:     a.cfg.Limits.UnprovenCalls,
		UnprovenPerSecond: a.cfg.Limits.UnprovenPerSecond,
		UnprovenBurst:     a.cfg.Limits.UnprovenBurst,
		Clock:             a.clock, Log: a.log, Tasks: a.tasks,
		HandedOut: a.handedOut,
		Called:    a.called(),
		Calling:   a.calling(),
		Breaker:   a.breakerChanged(),
	}
}

func (a *Authenticator) revocationsConfig() endings.RevocationsConfig {
	return endings.RevocationsConfig{
		Call: func(ctx context.Context, cred stytch.Credential) error {
			return a.asker.Revoke(ctx, fair.OfID(cred.Value), cred, true)
		},
		AtMost: a.cfg.Limits.PendingRevocations,
		Clock:  a.clock, Log: a.log, Tasks: a.tasks,
	}
}

func (a *Authenticator) policyConfig(project stytch.Project) policy.Config {
	return policy.Config{
		Fetch: func(ctx context.Context) (found *rbac.Policy, err error) {
			err = a.asker.Alone(ctx, asking.AboutPolicy, func(ctx context.Context) error {
				found, err = project.Policy(ctx)
				return err
			})
			return found, err
		},
		Timeout:  a.cfg.Timeout,
		StaleFor: a.cfg.PolicyStaleFor,
		Clock:    a.clock, Log: a.log, Tasks: a.tasks,
	}
}

// handedOut hears of a JWT that Stytch has just handed out: an unknown key is the sign of a rotation.
func (a *Authenticator) handedOut(jwt string) {
	if parts, err := token.Split(jwt); err == nil {
		if kid, err := parts.KeyID(); err == nil {
			a.keys.HandedOut(kid)
		}
	}
}
