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
	pageSize   = 1024
	blockFor   = 500 * time.Millisecond
	answerFor  = 1500 * time.Millisecond // one command, blocking included
	checkEvery = time.Second
	trimEvery  = time.Minute
)

var errOtherLog = errors.New("stytchredis: the stream is not the one that was read")

// Follow implements stytchkit.Bus.
func (b *Bus) Follow(ctx context.Context, record func([]byte), caughtUp func()) error {
	dialing, cancel := context.WithTimeout(ctx, answerFor)
	defer cancel()
	client, err := b.client(dialing)
	if err != nil {
		return err
	}
	f := follower{client: client, stream: b.stream, record: record}
	return f.run(ctx, caughtUp)
}

// follower reads a stream from its beginning.
type follower struct {
	client rueidis.Client
	stream string
	record func([]byte)

	last    entryID // that was read
	checked entryID // that had been read at the last check, or the first of all
	head    entry   // the stream's first when it was last looked at
}

type entry struct {
	id     entryID
	record string
}

func (f *follower) run(ctx context.Context, caughtUp func()) error {
	for {
		read, err := f.read(ctx, 0)
		if err != nil {
			return err
		}
		if read < pageSize {
			break
		}
	}
	caughtUp()
	f.checked = f.last
	var checked, trimmed time.Time
	for {
		if _, err := f.read(ctx, blockFor); err != nil {
			return err
		}
		now := time.Now()
		if now.Sub(checked) >= checkEvery {
			checked = now
			if err := f.check(ctx); err != nil {
				return err
			}
		}
		if now.Sub(trimmed) >= trimEvery {
			trimmed = now
			if err := f.trim(ctx, now); err != nil {
				return err
			}
		}
	}
}

// do makes one command, which the engine must answer soon.
func (f *follower) do(ctx context.Context, command rueidis.Completed) (rueidis.RedisResult, error) {
	ctx, cancel := context.WithTimeout(ctx, answerFor)
	defer cancel()
	answer := f.client.Do(ctx, command)
	if err := answer.Error(); err != nil && !rueidis.IsRedisNil(err) {
		return answer, fmt.Errorf("stytchredis: the stream cannot be read: %w", err)
	}
	return answer, nil
}

// read hands over what comes after the last one read, and waits for it where there is none.
func (f *follower) read(ctx context.Context, wait time.Duration) (read int, err error) {
	command := f.client.B().Xread().Count(pageSize).Streams().Key(f.stream).Id(f.last.String()).Build()
	if wait > 0 {
		command = f.client.B().Xread().Count(pageSize).Block(wait.Milliseconds()).Streams().Key(f.stream).Id(f.last.String()).Build()
	}
	answer, err := f.do(ctx, command)
	if err != nil {
		return 0, err
	}
	streams, err := answer.AsXRead()
	if err != nil {
		return 0, nil //nolint:nilerr // nil: nothing has come
	}
	for _, came := range streams[f.stream] {
		e, err := entryOf(came)
		if err != nil {
			return 0, err
		}
		f.record([]byte(e.record))
		f.last = e.id
		if f.head == (entry{}) {
			f.head, f.checked = e, e.id
		}
	}
	return len(streams[f.stream]), nil
}

// check reports that the stream is another than the one that was read: an engine that was restarted, flushed,
// or took over without it. Its last entry would be older than what was read, or its first one newer than what
// had been read when it was last looked at.
func (f *follower) check(ctx context.Context) error {
	if f.last == (entryID{}) {
		return nil
	}
	first, err := f.end(ctx, f.client.B().Xrange().Key(f.stream).Start("-").End("+").Count(1).Build())
	if err != nil {
		return err
	}
	last, err := f.end(ctx, f.client.B().Xrevrange().Key(f.stream).End("+").Start("-").Count(1).Build())
	if err != nil {
		return err
	}
	switch {
	case last.id.isBefore(f.last), f.checked.isBefore(first.id):
		return errOtherLog
	case first.id == f.head.id && first != f.head: // a new stream may begin in the same millisecond
		return errOtherLog
	}
	f.checked, f.head = f.last, first
	return nil
}

// end is the one entry of an answer; zero for none.
func (f *follower) end(ctx context.Context, command rueidis.Completed) (entry, error) {
	answer, err := f.do(ctx, command)
	if err != nil {
		return entry{}, err
	}
	entries, err := answer.AsXRange()
	if err != nil || len(entries) == 0 {
		return entry{}, nil //nolint:nilerr // nil: there is none
	}
	return entryOf(entries[0])
}

func entryOf(came rueidis.XRangeEntry) (entry, error) {
	id, err := idOf(came.ID)
	return entry{id: id, record: came.FieldValues[field]}, err
}

// trim drops what is too old for any replica, and all of it some time after the last one has gone.
func (f *follower) trim(ctx context.Context, now time.Time) error {
	oldest := strconv.FormatInt(now.Add(-keptFor).UnixMilli(), 10)
	if _, err := f.do(ctx, f.client.B().Xtrim().Key(f.stream).Minid().Almost().Threshold(oldest).Build()); err != nil {
		return err
	}
	_, err := f.do(ctx, f.client.B().Pexpire().Key(f.stream).Milliseconds(expiresIn.Milliseconds()).Build())
	return err
}

// entryID is the ID of an entry, which compares by number.
type entryID struct{ ms, sequence uint64 }

func idOf(text string) (id entryID, err error) {
	ms, sequence, _ := strings.Cut(text, "-")
	if id.ms, err = strconv.ParseUint(ms, 10, 64); err == nil {
		id.sequence, err = strconv.ParseUint(sequence, 10, 64)
	}
	if err != nil {
		return entryID{}, fmt.Errorf("stytchredis: %q is not the ID of an entry", text)
	}
	return id, nil
}

func (id entryID) String() string { return fmt.Sprintf("%d-%d", id.ms, id.sequence) }

func (id entryID) isBefore(other entryID) bool {
	return id.ms < other.ms || id.ms == other.ms && id.sequence < other.sequence
}
