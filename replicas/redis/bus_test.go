package stytchredis_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/rueidis"

	stytchredis "github.com/stytchkit/stytchkit/replicas/redis"
)

func newBus(t testing.TB, e *engine) *stytchredis.Bus {
	t.Helper()
	b, err := stytchredis.New(e.url(), stytchredis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// follower is one reading of the log.
type follower struct {
	t      testing.TB
	mu     sync.Mutex
	got    map[string]int
	caught chan struct{}
	ended  chan error
	stop   context.CancelFunc
}

func follow(t testing.TB, b *stytchredis.Bus) *follower {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	f := &follower{t: t, got: map[string]int{}, caught: make(chan struct{}), ended: make(chan error, 1), stop: stop}
	t.Cleanup(stop)
	go func() {
		f.ended <- b.Follow(ctx, func(r []byte) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.got[string(r)]++
		}, func() { close(f.caught) })
	}()
	return f
}

func (f *follower) isCaughtUp() {
	f.t.Helper()
	select {
	case <-f.caught:
	case err := <-f.ended:
		f.t.Fatalf("it ended: %v", err)
	case <-time.After(10 * time.Second):
		f.t.Fatal("it never catches up")
	}
}

// ends waits for the end of Follow, at most so long.
func (f *follower) ends(within time.Duration) {
	f.t.Helper()
	began := time.Now()
	select {
	case err := <-f.ended:
		if err == nil {
			f.t.Error("it ended without an error")
		}
	case <-time.After(within):
		f.t.Errorf("it goes on after %v", time.Since(began))
	}
}

func (f *follower) has(record string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.got[record] > 0
}

func (f *follower) hears(record string) {
	f.t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !f.has(record); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			f.t.Fatalf("it never hears %q", record)
		}
	}
}

func publish(t testing.TB, b *stytchredis.Bus, records ...string) {
	t.Helper()
	var all [][]byte
	for _, r := range records {
		all = append(all, []byte(r))
	}
	if err := b.Publish(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
}

// The first time after an emptied log is the dangerous one: what was read must not be taken for what is there.
func TestAnEmptiedLogIsNoticedUnderLoad(t *testing.T) {
	e := newEngine(t)
	b := newBus(t, e)
	publish(t, b, "first")
	f := follow(t, b)
	f.isCaughtUp()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		for i := 0; ctx.Err() == nil; i++ {
			_ = b.Publish(ctx, fmt.Appendf(nil, "load %d", i))
		}
	}()
	f.hears("load 10")
	e.lose()
	f.ends(3 * time.Second)
	again := follow(t, b)
	again.isCaughtUp()
	if again.has("first") {
		t.Error("what was lost is still there: the test proves nothing")
	}
}

func TestALogThatBeginsEmptyIsNoticedWhenItIsEmptied(t *testing.T) {
	e := newEngine(t)
	b := newBus(t, e)
	f := follow(t, b)
	f.isCaughtUp()
	publish(t, b, "a")
	f.hears("a")
	e.lose()
	publish(t, b, "b")
	f.ends(3 * time.Second)
}

// A log that nobody emptied is the one that was read, whether it began empty or not.
func TestFollowGoesOnOverLooks(t *testing.T) {
	e := newEngine(t)
	b := newBus(t, e)
	f := follow(t, b)
	f.isCaughtUp()
	for i, until := 0, time.Now().Add(2500*time.Millisecond); time.Now().Before(until); i++ {
		record := fmt.Sprint("record ", i)
		publish(t, b, record)
		f.hears(record)
	}
	select {
	case err := <-f.ended:
		t.Errorf("it ended: %v", err)
	default:
	}
}

func TestFollowEndsWhenTheEngineIsGone(t *testing.T) {
	for name, breaks := range map[string]func(*engine){
		"killed":       (*engine).stop,
		"frozen":       (*engine).freeze,
		"a black hole": func(e *engine) { e.front.cut(true) },
	} {
		t.Run(name, func(t *testing.T) {
			e := newEngine(t)
			b := newBus(t, e)
			f := follow(t, b)
			f.isCaughtUp()
			breaks(e)
			began := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			if err := b.Publish(ctx, []byte("lost")); err == nil || time.Since(began) > 600*time.Millisecond {
				t.Errorf("Publish: %v after %v, want an error within its context", err, time.Since(began))
			}
			f.ends(3 * time.Second)
			switch name {
			case "killed":
				e.start()
			case "frozen":
				e.thaw()
			default:
				e.front.cut(false)
			}
			for deadline := time.Now().Add(10 * time.Second); b.Publish(t.Context(), []byte("after")) != nil; {
				if time.Now().After(deadline) {
					t.Fatal("the same Bus never publishes again")
				}
			}
			again := follow(t, b)
			again.isCaughtUp()
			again.hears("after")
		})
	}
}

func TestForeignEntriesStopNothing(t *testing.T) {
	e := newEngine(t)
	b := newBus(t, e)
	publish(t, b, "before")
	e.inject("stytchkit:replicas")
	publish(t, b, "after")
	f := follow(t, b)
	f.isCaughtUp()
	f.hears("after")
	if len(f.got) != 2 {
		t.Errorf("it heard %d records, want the two that are records", len(f.got))
	}
}

func TestNewSaysWhatIsWrongAndNothingSecret(t *testing.T) {
	for _, url := range []string{"", "127.0.0.1:6379", "http://user:hush-hush@127.0.0.1", "redis://user:hush-hush@127.0.0.1:port", "redis://user:hush-hush@127.0.0.1:6379/first", "rediss://user:hush-hush@%zz"} {
		_, err := stytchredis.New(url, stytchredis.Options{})
		if err == nil || !strings.Contains(err.Error(), "redis") || strings.Contains(err.Error(), "hush-hush") {
			t.Errorf("%q: got %v, want what is wanted, without the password", url, err)
		}
	}
	for _, url := range []string{"redis://127.0.0.1:1", "valkey://user:secret@localhost:6379/2", "rediss://localhost", "valkeys://localhost:6380", "redis://a:1?addr=b:2&addr=c:3", "redis://a:1?master_set=main"} {
		if _, err := stytchredis.New(url, stytchredis.Options{}); err != nil {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestNothingIsDialedBeforeItIsUsed(t *testing.T) {
	b, err := stytchredis.New("redis://127.0.0.1:1", stytchredis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(t.Context(), []byte("r")); err == nil {
		t.Error("nobody listens there, and it publishes")
	}
	b.Close()
	b.Close()
	if err := b.Publish(t.Context(), []byte("r")); err == nil {
		t.Error("it publishes though it is closed")
	}
}

// Within a millisecond, IDs begin from the same again.
func TestALogIsAnotherWhereOnlyItsContentsDiffer(t *testing.T) {
	e := newEngine(t)
	b := newBus(t, e)
	at := fmt.Sprint(time.Now().UnixMilli(), "-0")
	add := func(record string) func(rueidis.Client) rueidis.Completed {
		return func(c rueidis.Client) rueidis.Completed {
			return c.B().Xadd().Key("stytchkit:replicas").Id(at).FieldValue().FieldValue("r", record).Build()
		}
	}
	e.do(add("read"))
	f := follow(t, b)
	f.isCaughtUp()
	f.hears("read")
	e.lose()
	e.do(add("unread"))
	f.ends(3 * time.Second)
	again := follow(t, b)
	again.isCaughtUp()
	if !again.has("unread") {
		t.Error("it never hears what came into the other log")
	}
}

// What is emptied before anybody has read anything of it was another, too.
func TestAnEmptyLogIsNoticedWhenItIsEmptied(t *testing.T) {
	e := newEngine(t)
	f := follow(t, newBus(t, e))
	f.isCaughtUp()
	e.lose()
	f.ends(3 * time.Second)
}
