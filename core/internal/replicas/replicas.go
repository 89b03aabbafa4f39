package replicas

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/quiet"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

// Bus carries records. It is what the root's Bus is.
type Bus interface {
	Publish(ctx context.Context, records ...[]byte) error
	Follow(ctx context.Context, record func([]byte), caughtUp func()) error
}

// Config is what [Replicas] work with.
type Config struct {
	Bus    Bus
	Keys   *Keys
	AtMost int                   // facts are known at a time
	Heard  func(Fact, time.Time) // hears of what other replicas have told; never of a time to come
	// Late hears how long such news has taken, but for what stood in the log when it was first read. Nil: nobody.
	Late  func(Kind, time.Duration)
	Again func() []Fact // what is told again and again, so that it stays in the log
	Clock clock.Clock
	Log   *slog.Logger
	Tasks *tasks.Group
}

// Replicas tell what happens here to the other replicas, and hear of what happens there. No method waits for
// the bus but [Replicas.Flush]. A nil one is alone. It is safe for concurrent use.
type Replicas struct {
	Config
	said   *quiet.Logger
	ledger *ledger
	wake   chan struct{} // there is something to publish
	turn   chan struct{} // of publishing

	lostAt                   atomic.Int64 // Unix ms; 0 while connected
	followed                 atomic.Bool  // a log was read to its end
	sent, received, foreign  atomic.Uint64
	failedToSend, disconnect atomic.Bool // as far as the log says
}

const (
	retryFirst = 100 * time.Millisecond
	retryMost  = 250 * time.Millisecond
	// publishFor bounds one attempt to publish.
	publishFor = 2 * time.Second
	batch      = 256
	// againEvery keeps what is told again in a log that is trimmed to [keptFor].
	againEvery = 3 * time.Minute
	// The others' facts are said again after a while, so that not every replica says all of them.
	refillAfter  = 400 * time.Millisecond
	refillSpread = 400 * time.Millisecond
)

// Loops is how many goroutines run for a bus.
const Loops = 3

var errPanicked = errors.New("the bus panicked")

// New is connected to nobody yet.
func New(cfg Config) *Replicas {
	r := &Replicas{
		Config: cfg, said: quiet.New(cfg.Log, cfg.Clock.Now), ledger: newLedger(cfg.Clock, cfg.AtMost),
		wake: make(chan struct{}, 1), turn: make(chan struct{}, 1),
	}
	r.lostAt.Store(cfg.Clock.Now().UnixMilli())
	return r
}

// Start begins to follow the bus and to publish.
func (r *Replicas) Start() {
	if r != nil {
		r.Tasks.Run(r.followAll)
		r.Tasks.Run(r.publishAll)
		r.Tasks.Run(r.tellAgain)
	}
}

// Tell has facts published that take effect here already. It does not wait.
func (r *Replicas) Tell(at time.Time, facts ...Fact) {
	if r == nil {
		return
	}
	for _, f := range facts {
		if len(f.ID) > maxID {
			r.said.Error("stytchkit: an ID is longer than Stytch's, so that the other replicas are not told", "bytes", len(f.ID), "limit", maxID)
			continue
		}
		r.ledger.tell(f, at)
	}
	r.wakeUp()
}

// Knows reports whether a fact was told or heard of in the last minutes.
func (r *Replicas) Knows(f Fact) bool { return r != nil && r.ledger.knows(f) }

func (r *Replicas) wakeUp() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

func (r *Replicas) tellAgain(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.Clock.After(againEvery):
			r.Tell(Now(r.Clock), r.Again()...)
		}
	}
}

// Now is the time as records tell it.
func Now(c clock.Clock) time.Time { return time.UnixMilli(c.Now().UnixMilli()) }

// contained makes a bus's panic an error.
func contained(call func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", errPanicked, v)
		}
	}()
	return call()
}

// Health is how the connection to the other replicas is.
type Health struct {
	LostAt                  time.Time // zero while connected
	Outbox, Known           int
	Sent, Received, Foreign uint64
}

// Health tells how it is now. A nil one is well.
func (r *Replicas) Health() Health {
	if r == nil {
		return Health{}
	}
	return Health{
		LostAt: r.lost(), Outbox: r.ledger.waiting(), Known: r.ledger.size(),
		Sent: r.sent.Load(), Received: r.received.Load(), Foreign: r.foreign.Load(),
	}
}

// lost is since when there is no connection; zero while there is one.
func (r *Replicas) lost() time.Time {
	if at := r.lostAt.Load(); at != 0 {
		return time.UnixMilli(at)
	}
	return time.Time{}
}
