package stytchkit

import (
	"time"

	"github.com/stytchkit/stytchkit/core/internal/asking"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/keys"
	"github.com/stytchkit/stytchkit/core/internal/policy"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/token"
)

func (a *Authenticator) keysConfig() keys.Config {
	return keys.Config{
		URL:       a.cfg.BaseURL + "/v1/b2b/sessions/jwks/" + a.cfg.ProjectID,
		Transport: a.cfg.Transport,
		Timeout:   a.cfg.Timeout,
		StaleFor:  a.cfg.KeysStaleFor,
		AtMost:    a.cfg.Limits.UnknownKeys,
		Clock:     a.clock, Log: a.log, Tasks: a.tasks,
		Fetched: a.keysFetched(),
		Changed: a.memory.Doubt,
	}
}

func (a *Authenticator) askingConfig(client *stytch.Client) asking.Config {
	return asking.Config{
		Client:            client,
		Timeout:           a.cfg.Timeout,
		ExtendBy:          a.cfg.ExtendBy,
		Calls:             a.cfg.Limits.Calls,
		UnprovenCalls:     a.cfg.Limits.UnprovenCalls,
		UnprovenPerSecond: a.cfg.Limits.UnprovenPerSecond,
		UnprovenBurst:     a.cfg.Limits.UnprovenBurst,
		Clock:             a.clock, Log: a.log, Tasks: a.tasks,
		HandedOut: a.handedOut,
		Called:    a.called(),
		Breaker:   a.breakerChanged(),
	}
}

func (a *Authenticator) revocationsConfig(client *stytch.Client) endings.RevocationsConfig {
	return endings.RevocationsConfig{
		Call:    client.Revoke,
		Timeout: a.cfg.Timeout,
		AtMost:  a.cfg.Limits.PendingRevocations,
		Clock:   a.clock, Log: a.log, Tasks: a.tasks,
		Called: a.calledAbout(asking.AboutRevocation),
	}
}

func (a *Authenticator) policyConfig(client *stytch.Client) policy.Config {
	return policy.Config{
		Fetch:    client.Policy,
		Timeout:  a.cfg.Timeout,
		StaleFor: a.cfg.PolicyStaleFor,
		Clock:    a.clock, Log: a.log, Tasks: a.tasks,
		Fetched: a.calledAbout(asking.AboutPolicy),
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

// stillHolds looks at a memory again after keys have left or sessions have ended.
func (a *Authenticator) stillHolds(known *remembered) bool {
	v := &known.Value
	return !a.endings.Of(v.session.ID()).Over && a.endings.Proves(v.session.facts.VouchedAt) && a.keys.Has(v.kid, v.key)
}

// calledAbout hears of calls beside the lanes; nil without an observer.
func (a *Authenticator) calledAbout(about string) func(error, time.Duration) {
	hear := a.called()
	if hear == nil {
		return nil
	}
	return func(err error, took time.Duration) {
		hear(a.tasks.Context(), asking.Call{About: about, Err: err, Duration: took})
	}
}
