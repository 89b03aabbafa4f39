package stytchtest

import (
	"context"
	"errors"
	"slices"
	"sync"

	stytchkit "github.com/stytchkit/stytchkit/core"
)

// Bus is a stytchkit.Bus within the process, one replica's connection to a log that it shares with the
// others. It is safe for concurrent use.
type Bus struct {
	log  *busLog
	cut  bool // by log.mu
	held bool
}

var _ stytchkit.Bus = (*Bus)(nil)

// busLog is what all connections share.
type busLog struct {
	mu      sync.Mutex
	records [][]byte
	trimmed int           // records that stood before these
	lost    int           // counts how often all of them were
	changed chan struct{} // closed and replaced with every change
}

var errBusCut = errors.New("stytchtest: the bus is cut")

// NewBus returns the first replica's connection to an empty log; see [Bus.Another].
func NewBus() *Bus { return &Bus{log: &busLog{changed: make(chan struct{})}} }

// Another is another replica's connection to the same log.
func (b *Bus) Another() *Bus { return &Bus{log: b.log} }

// Cut breaks this replica's connection: it hears nothing and cannot publish, until it is mended.
func (b *Bus) Cut() { b.change(func() { b.cut = true }) }

// Mend undoes Cut and Hold.
func (b *Bus) Mend() { b.change(func() { b.cut, b.held = false, false }) }

// Hold makes this replica's connection hang: it hears nothing, and publishing waits, until it is mended.
func (b *Bus) Hold() { b.change(func() { b.held = true }) }

// Lose empties the log, as an engine does that is restarted without persistence: whoever follows it is told
// that it is another.
func (b *Bus) Lose() {
	b.change(func() { b.log.records, b.log.trimmed, b.log.lost = nil, 0, b.log.lost+1 })
}

// Trim leaves the log its newest records, as an engine does that bounds it: whoever follows it goes on.
func (b *Bus) Trim(newest int) {
	b.change(func() {
		gone := max(len(b.log.records)-newest, 0)
		b.log.records, b.log.trimmed = b.log.records[gone:], b.log.trimmed+gone
	})
}

// Inject puts a record into the log, as whoever can write to the engine might.
func (b *Bus) Inject(record []byte) {
	b.change(func() { b.log.records = append(b.log.records, slices.Clone(record)) })
}

// Records are copies of all that the log holds.
func (b *Bus) Records() [][]byte {
	b.log.mu.Lock()
	defer b.log.mu.Unlock()
	var records [][]byte
	for _, r := range b.log.records {
		records = append(records, slices.Clone(r))
	}
	return records
}

func (b *Bus) change(how func()) {
	b.log.mu.Lock()
	defer b.log.mu.Unlock()
	how()
	close(b.log.changed)
	b.log.changed = make(chan struct{})
}

// Publish implements stytchkit.Bus.
func (b *Bus) Publish(ctx context.Context, records ...[]byte) error {
	for {
		s := b.look(0)
		switch {
		case s.cut:
			return errBusCut
		case !s.held:
			for _, record := range records {
				b.Inject(record)
			}
			return nil
		}
		if err := s.wait(ctx); err != nil {
			return err
		}
	}
}

// Follow implements stytchkit.Bus.
func (b *Bus) Follow(ctx context.Context, record func([]byte), caughtUp func()) error {
	begun, read := b.look(0).lost, 0
	for {
		s := b.look(read)
		switch {
		case s.cut:
			return errBusCut
		case s.lost != begun:
			return errors.New("stytchtest: the bus has lost its log")
		case !s.held:
			for _, r := range s.records {
				record(slices.Clone(r))
			}
			read = s.end
			if caughtUp != nil {
				caughtUp()
				caughtUp = nil
			}
		}
		if err := s.wait(ctx); err != nil {
			return err
		}
	}
}

// seen is how a connection is at a moment.
type seen struct {
	records   [][]byte
	end       int // how many there have been
	lost      int
	cut, held bool
	changed   chan struct{}
}

// look is how the connection is now, with the records beyond those read.
func (b *Bus) look(read int) seen {
	b.log.mu.Lock()
	defer b.log.mu.Unlock()
	end := b.log.trimmed + len(b.log.records)
	unread := b.log.records[min(max(read-b.log.trimmed, 0), len(b.log.records)):]
	return seen{records: slices.Clone(unread), end: end, lost: b.log.lost, cut: b.cut, held: b.held, changed: b.log.changed}
}

func (s seen) wait(ctx context.Context) error {
	select {
	case <-s.changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
