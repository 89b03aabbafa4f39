package stytchredis

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
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

	last  entry // that was read
	known entry // by which the log is told from another: the last that had been read when it was looked at
	got   int
}

// entry is one of the stream. What it holds tells it from one of another log that has its ID: records are
// sealed, and no two are alike.
type entry struct {
	at    id
	holds map[string]string
	read  time.Time
}

// catchUp reads the whole stream. Where it holds nothing, or nothing that will stay, there is an entry more then.
func (f *following) catchUp(ctx context.Context) error {
	err := f.readAll(ctx)
	if err == nil && time.Since(f.last.at.time()) > age/2 {
		if err = f.say(ctx); err == nil {
			err = f.readAll(ctx)
		}
	}
	f.known = f.last
	return err
}

// readAll reads until there is nothing more at the moment.
func (f *following) readAll(ctx context.Context) error {
	for f.got = batch; f.got == batch; {
		if err := f.read(ctx, 0); err != nil {
			return err
		}
	}
	return nil
}

// say writes an entry that is no record: there is always one by which the log is known again.
func (f *following) say(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, result := range f.client.DoMulti(limited,
		f.client.B().Xadd().Key(f.stream).Id("*").FieldValue().FieldValue("log", rand.Text()).Build(),
		f.client.B().Pexpire().Key(f.stream).Milliseconds(idle.Milliseconds()).Build()) {
		if err := result.Error(); err != nil {
			return fmt.Errorf("stytchredis: cannot write to the stream: %w", err)
		}
	}
	return nil
}

// read hands over what comes next; it waits for that at most so long.
func (f *following) read(ctx context.Context, wait time.Duration) error {
	limited, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	command := f.client.B().Xread().Count(batch)
	var built rueidis.Completed
	if wait > 0 {
		built = command.Block(wait.Milliseconds()).Streams().Key(f.stream).Id(f.last.at.String()).Build()
	} else {
		built = command.Streams().Key(f.stream).Id(f.last.at.String()).Build()
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
	for _, next := range found[f.stream] {
		at, err := idOf(next.ID)
		if err != nil {
			return err
		}
		f.last, f.got = entry{at, next.FieldValues, time.Now()}, f.got+1
		if r, ours := next.FieldValues[field]; ours && len(r) > 0 && len(r) <= largest {
			f.record([]byte(r))
		}
	}
	return nil
}

// look sees whether the stream is still the one that was read: what was known of it is there. In a stream that
// has nothing to tell, that would be trimmed in time.
func (f *following) look(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	at := f.known.at.String()
	found, err := f.client.Do(limited, f.client.B().Xrange().Key(f.stream).Start(at).End(at).Build()).AsXRange()
	switch {
	case err != nil && !rueidis.IsRedisNil(err):
		return fmt.Errorf("stytchredis: cannot look at the stream: %w", err)
	case len(found) != 1, !maps.Equal(found[0].FieldValues, f.known.holds):
		return errOther
	}
	f.known = f.last
	if time.Since(f.last.read) > age/2 {
		return f.say(ctx)
	}
	return nil
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

func (i id) time() time.Time { return time.UnixMilli(int64(i.ms)) } //nolint:gosec // a time
