// Package stytchredis connects the replicas of an application by a stream of Redis or Valkey, for
// stytchkit.Config.Replicas. What it carries is sealed by the kit: whoever reads the stream learns nothing,
// and whoever writes to it signs nobody in or out.
//
// The stream is a wire, not a store: it needs no persistence, and what it loses the replicas put back.
package stytchredis

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/redis/rueidis"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

const (
	// defaultStream is the key of the stream.
	defaultStream = "stytchkit:replicas"
	// most records are kept, about.
	most = 1 << 16
	// age of the records that are kept, about, and of a stream that nobody writes to any more.
	age, idle = 10 * time.Minute, 20 * time.Minute
	// tidyEvery is how often who publishes lets go of the old.
	tidyEvery = time.Minute
	// field of an entry that holds the record.
	field = "r"
	// largest record; what is larger is somebody else's.
	largest = 512
)

// Options are what New needs beside the URL. The zero value will do.
type Options struct {
	// Stream is the key of the stream: one for each Stytch project that shares an engine. Default:
	// stytchkit:replicas.
	Stream string
}

// Bus is a [stytchkit.Bus]. It is safe for concurrent use.
type Bus struct {
	option rueidis.ClientOption
	stream string

	mu     sync.Mutex
	client rueidis.Client // nil until something is sent
	closed bool
	tidied time.Time
}

var _ stytchkit.Bus = (*Bus)(nil)

// errClosed is why nothing is sent any more.
var errClosed = errors.New("stytchredis: the Bus is closed")

// New reads the URL: redis://, rediss:// (TLS), valkey:// and valkeys://, with user and password; more of a
// cluster's addresses, or a Sentinel's, by ?addr=host:port and ?master_set=name. It does no I/O; an engine
// that is down is tried again by the kit, and keeps no application from starting.
func New(url string, options Options) (*Bus, error) {
	option, err := optionsOf(url)
	if err != nil {
		return nil, err
	}
	if options.Stream == "" {
		options.Stream = defaultStream
	}
	return &Bus{option: option, stream: options.Stream}, nil
}

// Close closes the connections. It may be called more than once.
func (b *Bus) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	if b.client != nil {
		b.client.Close()
		b.client = nil
	}
}

// connected is the client, which dials when it is made.
func (b *Bus) connected() (rueidis.Client, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, errClosed
	}
	if b.client == nil {
		client, err := rueidis.NewClient(b.option)
		if err != nil {
			return nil, fmt.Errorf("stytchredis: cannot connect: %w", err)
		}
		b.client = client
	}
	return b.client, nil
}

// Publish implements [stytchkit.Bus].
func (b *Bus) Publish(ctx context.Context, records ...[]byte) error {
	client, err := b.within(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	commands := make([]rueidis.Completed, 0, len(records)+2)
	for _, record := range records {
		commands = append(commands, client.B().Xadd().Key(b.stream).Maxlen().Almost().Threshold(strconv.Itoa(most)).Id("*").FieldValue().FieldValue(field, rueidis.BinaryString(record)).Build())
	}
	if now := time.Now(); b.tidies(now) {
		oldest := strconv.FormatInt(now.Add(-age).UnixMilli(), 10)
		commands = append(commands,
			client.B().Xtrim().Key(b.stream).Minid().Almost().Threshold(oldest).Build(),
			client.B().Pexpire().Key(b.stream).Milliseconds(idle.Milliseconds()).Build())
	}
	for _, result := range client.DoMulti(ctx, commands...) {
		if err := result.Error(); err != nil {
			return fmt.Errorf("stytchredis: cannot publish: %w", err)
		}
	}
	return nil
}

// within is connected, given up when ctx ends.
func (b *Bus) within(ctx context.Context) (rueidis.Client, error) {
	type made struct {
		client rueidis.Client
		err    error
	}
	done := make(chan made, 1)
	go func() {
		client, err := b.connected()
		done <- made{client, err}
	}()
	select {
	case m := <-done:
		return m.client, m.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// tidies reports whether it is time to let go of the old.
func (b *Bus) tidies(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Sub(b.tidied) < tidyEvery {
		return false
	}
	b.tidied = now
	return true
}
