// Package stytchredis tells the replicas of an application what ends at one of them, over a stream of Redis
// or Valkey: the Bus of stytchkit.Config.Replicas.
package stytchredis

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/rueidis"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

const (
	atMost    = 65536            // records in the stream, about
	keptFor   = 10 * time.Minute // a record
	expiresIn = 20 * time.Minute // the stream, once nobody follows it
	field     = "r"              // of a record in its entry
)

// Bus is one replica's connection to a stream. Make one with [New], and Close it after the Authenticator. It
// is safe for concurrent use.
type Bus struct {
	option rueidis.ClientOption
	stream string

	mu     sync.Mutex
	dialed *dialing // nil: nobody has, or in vain
	closed bool
}

var _ stytchkit.Bus = (*Bus)(nil)

// dialing is an attempt to connect, or what came of it.
type dialing struct {
	done   chan struct{}
	client rueidis.Client
	err    error
}

var errClosed = errors.New("stytchredis: the bus is closed")

// New is a bus over a stream of its own for this project. It does no I/O: an application starts while the
// engine is down. The URL is redis://, rediss:// or unix:// with what rueidis.ParseURL reads: user and
// password, ?addr= for the other nodes of a cluster, ?master_set= for Sentinel; valkey:// and valkeys:// are
// the same. The error never holds the password.
func New(url, projectID string) (*Bus, error) {
	if projectID == "" {
		return nil, errors.New("stytchredis: the project ID is empty (want that of Config.ProjectID)")
	}
	option, err := parse(url)
	if err != nil {
		return nil, err
	}
	return &Bus{option: option, stream: "stytchkit:{" + projectID + "}:replicas"}, nil
}

// Close ends the connection, and with it Publish and Follow. It may be called more than once.
func (b *Bus) Close() {
	b.mu.Lock()
	b.closed = true
	d := b.dialed
	b.mu.Unlock()
	if d == nil {
		return
	}
	if <-d.done; d.client != nil {
		d.client.Close()
	}
}

// client is the connection, once it is there.
func (b *Bus) client(ctx context.Context) (rueidis.Client, error) {
	d, err := b.dial()
	if err != nil {
		return nil, err
	}
	select {
	case <-d.done:
		return d.client, d.err
	case <-ctx.Done():
		return nil, fmt.Errorf("stytchredis: the engine does not answer: %w", ctx.Err())
	}
}

// dial connects in the background, as rueidis waits for it.
func (b *Bus) dial() (*dialing, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, errClosed
	}
	if b.dialed == nil {
		d := &dialing{done: make(chan struct{})}
		b.dialed = d
		go b.connect(d)
	}
	return b.dialed, nil
}

func (b *Bus) connect(d *dialing) {
	defer close(d.done)
	if d.client, d.err = rueidis.NewClient(b.option); d.err == nil {
		return
	}
	d.client, d.err = nil, fmt.Errorf("stytchredis: the engine cannot be reached: %w", d.err)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dialed = nil // the next one tries again
}

// Publish implements stytchkit.Bus.
func (b *Bus) Publish(ctx context.Context, records ...[]byte) error {
	client, err := b.client(ctx)
	if err != nil {
		return err
	}
	adds := make(rueidis.Commands, len(records))
	for i, record := range records {
		adds[i] = client.B().Xadd().Key(b.stream).Maxlen().Almost().Threshold(fmt.Sprint(atMost)).Id("*").
			FieldValue().FieldValue(field, rueidis.BinaryString(record)).Build()
	}
	for _, added := range client.DoMulti(ctx, adds...) {
		if err := added.Error(); err != nil {
			return fmt.Errorf("stytchredis: a record may not be in the stream: %w", err)
		}
	}
	return nil
}
