package stytchredis

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/rueidis"
)

const (
	// batch is how many entries are read at a time.
	batch = 1000
	// wait is how long a read waits for records, and readPatience how long we wait for that read.
	wait, readPatience = 500 * time.Millisecond, 1500 * time.Millisecond
	// lookEvery is how often it is checked that the log is the one that was read.
	lookEvery = time.Second
)

// errOther is why a log is read anew.
var errOther = errors.New("stytchredis: the stream is not the one that was read (it was emptied, or the engine started anew)")

// Follow implements [stytchkit.Bus].
func (b *Bus) Follow(ctx context.Context, record func([]byte), caughtUp func()) error {
	client, err := b.within(ctx)
	if err != nil {
		return err
	}
	f := &following{client: client, stream: b.stream, record: record}
	if err := f.catchUp(ctx); err != nil {
		return err
	}
	caughtUp()
	for looked := time.Now(); ; {
		if err := f.read(ctx, wait); err != nil {
			return err
		}
		if now := time.Now(); now.Sub(looked) >= lookEvery {
			if err := f.look(ctx); err != nil {
				return err
			}
			looked = now
		}
	}
}

// following is one reading of the stream, from its beginning.
type following struct {
	client rueidis.Client
	stream string
	record func([]byte)

	last  id // that was read
	floor id // the stream's first entry is not younger, as long as it is the one that was read
	got   int
}

// catchUp reads until there is nothing more at the moment.
func (f *following) catchUp(ctx context.Context) error {
	for {
		if err := f.read(ctx, 0); err != nil {
			return err
		}
		if f.got < batch {
			f.floor = f.last
			return nil
		}
	}
}

// read hands over what comes next; it waits for that at most so long.
func (f *following) read(ctx context.Context, wait time.Duration) error {
	limited, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	command := f.client.B().Xread().Count(batch)
	var built rueidis.Completed
	if wait > 0 {
		built = command.Block(wait.Milliseconds()).Streams().Key(f.stream).Id(f.last.String()).Build()
	} else {
		built = command.Streams().Key(f.stream).Id(f.last.String()).Build()
	}
	found, err := f.client.Do(limited, built).AsXRead()
	f.got = 0
	switch {
	case rueidis.IsRedisNil(err):
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return fmt.Errorf("stytchredis: cannot read: %w", err)
	}
	for _, entry := range found[f.stream] {
		at, err := idOf(entry.ID)
		if err != nil {
			return err
		}
		f.last, f.got = at, f.got+1
		if f.floor == (id{}) {
			f.floor = at
		}
		if r, ours := entry.FieldValues[field]; ours && len(r) > 0 && len(r) <= largest {
			f.record([]byte(r))
		}
	}
	return nil
}

// look reports whether the stream is still the one that was read: it begins with something that had been
// read at the last look, and ends with what was read since, or later. A stream of which all is too old is
// gone by itself.
func (f *following) look(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	ends := f.client.DoMulti(limited,
		f.client.B().Xrange().Key(f.stream).Start("-").End("+").Count(1).Build(),
		f.client.B().Xrevrange().Key(f.stream).End("+").Start("-").Count(1).Build())
	first, err := endOf(ends[0])
	if err != nil {
		return err
	}
	last, err := endOf(ends[1])
	if err != nil {
		return err
	}
	switch {
	case f.last == (id{}):
		return nil
	case first == (id{}) && time.Since(f.last.time()) > age:
		f.last, f.floor = id{}, id{}
		return nil
	case first == (id{}), f.floor.before(first), last.before(f.last):
		return errOther
	}
	f.floor = f.last
	return nil
}

// endOf is an end of the stream; zero where that is empty.
func endOf(result rueidis.RedisResult) (id, error) {
	entries, err := result.AsXRange()
	switch {
	case err != nil && !rueidis.IsRedisNil(err):
		return id{}, fmt.Errorf("stytchredis: cannot look at the stream: %w", err)
	case len(entries) == 0:
		return id{}, nil
	}
	return idOf(entries[0].ID)
}

// id is an entry's: milliseconds of the engine's clock, and a number among those of one.
type id struct{ ms, n uint64 }

func idOf(text string) (id, error) {
	ms, n, _ := strings.Cut(text, "-")
	var at id
	var wrong [2]error
	at.ms, wrong[0] = strconv.ParseUint(ms, 10, 64)
	at.n, wrong[1] = strconv.ParseUint(n, 10, 64)
	if err := errors.Join(wrong[:]...); err != nil {
		return id{}, errors.New("stytchredis: an entry has an ID that is none")
	}
	return at, nil
}

func (i id) String() string {
	return strconv.FormatUint(i.ms, 10) + "-" + strconv.FormatUint(i.n, 10)
}

func (i id) before(other id) bool { return i.ms < other.ms || i.ms == other.ms && i.n < other.n }

func (i id) time() time.Time { return time.UnixMilli(int64(i.ms)) } //nolint:gosec // a time
