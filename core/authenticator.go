package stytchkit

import (
	"context"
	"log/slog"
	"sync/atomic"

	"github.com/stytchkit/stytchkit/core/internal/asking"
	"github.com/stytchkit/stytchkit/core/internal/cookie"
	"github.com/stytchkit/stytchkit/core/internal/doubts"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/inside"
	"github.com/stytchkit/stytchkit/core/internal/keys"
	"github.com/stytchkit/stytchkit/core/internal/memory"
	"github.com/stytchkit/stytchkit/core/internal/policy"
	"github.com/stytchkit/stytchkit/core/internal/presented"
	"github.com/stytchkit/stytchkit/core/internal/profile"
	"github.com/stytchkit/stytchkit/core/internal/quiet"
	"github.com/stytchkit/stytchkit/core/internal/replicas"
	"github.com/stytchkit/stytchkit/core/internal/stytch"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
	"github.com/stytchkit/stytchkit/core/internal/watch"
)

// Authenticator holds what every guard of an application shares. Make one with [New], share it, and
// Close it at the end. It is safe for concurrent use.
type Authenticator struct {
	door
	cfg      Config
	log      *slog.Logger
	said     *quiet.Logger // what a request can bring about
	clock    Clock
	names    presented.Names
	jar      cookie.Jar
	tasks    *tasks.Group
	keys     *keys.Keys
	verifier *verifier
	clients  clients
	asker    *asking.Asker
	endings  *endings.Endings // of sessions, and of opaque tokens that Stytch has confirmed
	noted    *endings.Endings // of opaque tokens that anybody could have made up: for who presents the same bytes
	doubts   *doubts.Doubts
	revokes  *endings.Revocations
	memory   *memory.Memory[recollection]
	tokens   *memory.Memory[rememberedToken]
	refusals *memory.Refusals
	proven   *memory.Proven
	policy   *policy.Keeper
	profiles *profile.Profiles
	watches  *watch.Watches[*connection]

	replicaKeys *replicas.Keys     // nil: alone
	replicas    *replicas.Replicas // nil: alone

	hints   hints
	mounted atomic.Pointer[string] // the prefix of core/signin's handler
}

// New checks the configuration and starts to fetch the project's signing keys and its RBAC policy in the
// background: the policy is what shows early that a secret is wrong.
// It does no network I/O itself, so an application starts while Stytch is down; see
// [Authenticator.Ready]. The error names the field, what was found and what is wanted.
func New(cfg Config) (*Authenticator, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	clients, err := newClients(&cfg)
	if err != nil {
		return nil, err
	}
	a := &Authenticator{
		cfg:      cfg,
		log:      cfg.Logger,
		said:     quiet.New(cfg.Logger, cfg.Clock.Now),
		clock:    cfg.Clock,
		names:    presented.Names{Token: cfg.Cookies.Session, JWT: cfg.Cookies.JWT},
		jar:      cfg.jar(),
		clients:  clients,
		tasks:    tasks.New(),
		hints:    hints{log: cfg.Logger},
		refusals: memory.NewRefusals(cfg.Clock, cfg.Limits.Refusals),
		proven:   memory.NewProven(cfg.Limits.ProvenTokens),
	}
	a.memory = memory.New(cfg.Limits.Sessions, (*recollection).weight, a.lookAgain)
	a.tokens = memory.New(cfg.Limits.Tokens, (*rememberedToken).weight, a.tokenStillHolds)
	a.endings = endings.New(cfg.Clock, cfg.Limits.EndedSessions, a.ended)
	a.doubts = doubts.New(cfg.Clock, cfg.Limits.EndedSessions, leeway)
	a.watches = watch.New[*connection](cfg.Clock, a.tasks, cfg.Limits.Connections)
	a.noted = endings.New(cfg.Clock, notedTokens, func(endings.Key) {})
	a.keys = keys.New(a.keysConfig())
	a.verifier = newVerifier(&cfg, a.keys, func(err error) { a.asker.Misconfigured(stytch.OfOtherKind(err)) })
	a.asker = asking.New(a.askingConfig(clients.project))
	a.revokes = endings.NewRevocations(a.revocationsConfig())
	a.policy = policy.New(a.policyConfig(clients.project))
	a.profiles = profile.New(a.profileConfig())
	if err := a.joinReplicas(); err != nil {
		return nil, err
	}
	a.door = inside.NewDoor(a.parts)
	a.started()
	a.log.Info("stytchkit: started", "project_id", cfg.ProjectID, "vertical", cfg.Vertical.String())
	a.keys.Start()
	a.policy.Start()
	a.replicas.Start()
	return a, nil
}

// Ready reports whether sessions can be verified here: nil once the signing keys have been fetched
// and while they are not too old, unless Stytch has refused the project's credentials when it was first
// asked with them. It waits for fetches under way until ctx ends. An outage is no refusal. For readiness
// probes, not for every request.
func (a *Authenticator) Ready(ctx context.Context) error {
	if err := a.keys.Ready(ctx); err != nil {
		return err
	}
	return a.policy.Refused(ctx)
}

// Close stops every goroutine and waits for them; calls to Stytch under way are cut short, and
// revocations still pending are given up and logged. What the other replicas are still to be told is
// published, for a second at most. Requests decided later are verified with the
// keys at hand, and Stytch is not asked any more. It may be called more than once.
func (a *Authenticator) Close() {
	a.flushReplicas()
	a.tasks.Close()
	if a.cfg.ownTransport != nil {
		a.cfg.ownTransport.CloseIdleConnections()
	}
}
