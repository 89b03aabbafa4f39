package stytchkit

import (
	"context"
	"log/slog"

	"github.com/stytchkit/stytchkit/core/internal/cookie"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// Authenticator holds what every guard of an application shares. Make one with [New], share it, and
// Close it at the end. It is safe for concurrent use.
type Authenticator struct {
	cfg      Config
	log      *slog.Logger
	clock    Clock
	names    presented.Names
	jar      cookie.Jar
	tasks    *tasks
	keys     *keys
	verifier *verifier
	remote   *remote
	endings  *endings
	memory   *memory
	policies *policies
	revokes  *revocations
	profiles *profiles
}

// New checks the configuration and starts to fetch the project's signing keys in the background.
// It does no network I/O itself, so an application starts while Stytch is down; see
// [Authenticator.Ready]. The error names the field, what was found and what is wanted.
func New(cfg Config) (*Authenticator, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	client, err := stytch.New(cfg.ProjectID, cfg.Secret, cfg.BaseURL, cfg.Transport)
	if err != nil {
		return nil, err
	}
	t := newTasks()
	k := newKeys(&cfg, t)
	r := newRemote(&cfg, client, t, k.handedOut)
	e := newEndings(cfg.Clock, cfg.Limits.EndedSessions)
	a := &Authenticator{
		cfg:      cfg,
		log:      cfg.Logger,
		clock:    cfg.Clock,
		names:    presented.Names{Token: cfg.Cookies.Session, JWT: cfg.Cookies.JWT},
		jar:      cfg.jar(),
		tasks:    t,
		keys:     k,
		verifier: newVerifier(&cfg, k),
		remote:   r,
		endings:  e,
		memory:   newMemory(&cfg, k, e),
		policies: newPolicies(&cfg, client, t),
		revokes:  newRevocations(&cfg, client, t),
		profiles: newProfiles(&cfg, client, r),
	}
	k.start()
	return a, nil
}

// Ready reports whether sessions can be verified here: nil once the signing keys have been fetched
// and while they are not too old. It waits for a fetch under way until ctx ends. For readiness
// probes, not for every request.
func (a *Authenticator) Ready(ctx context.Context) error { return a.keys.ready(ctx) }

// Close stops every goroutine and waits for them; calls to Stytch under way are cut short, and
// revocations still pending are given up and logged. Requests decided later are verified with the
// keys at hand, and Stytch is not asked any more. It may be called more than once.
func (a *Authenticator) Close() {
	a.tasks.close()
	if a.cfg.ownTransport != nil {
		a.cfg.ownTransport.CloseIdleConnections()
	}
}
