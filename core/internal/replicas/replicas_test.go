package replicas_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/clock"
	"github.com/stytchkit/stytchkit/core/internal/replicas"
	"github.com/stytchkit/stytchkit/core/internal/tasks"
)

func keys(t testing.TB, project string, secrets ...string) *replicas.Keys {
	t.Helper()
	var of [][]byte
	for _, secret := range secrets {
		of = append(of, []byte(secret))
	}
	k, err := replicas.NewKeys(project, of...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func ended(id string) replicas.Fact {
	return replicas.Fact{Kind: replicas.Ended, About: replicas.Session, ID: id}
}

func TestOnlyTheProjectsKeysOpenARecord(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_123)
	record := keys(t, "project-1", "old").Seal(ended("s"), now)
	for name, row := range map[string]struct {
		keys *replicas.Keys
		want bool
	}{
		"the same":                     {keys(t, "project-1", "old"), true},
		"a newer one beside it":        {keys(t, "project-1", "new", "old"), true},
		"another":                      {keys(t, "project-1", "new"), false},
		"the same, of another project": {keys(t, "project-2", "old"), false},
	} {
		if f, at, ok := row.keys.Open(record); ok != row.want || ok && (f != ended("s") || !at.Equal(now)) {
			t.Errorf("%s: got %+v at %v, %v", name, f, at, ok)
		}
	}
	for i := range record {
		record[i] ^= 1
		if _, _, ok := keys(t, "project-1", "old").Open(record); ok {
			t.Errorf("with byte %d changed it opens", i)
		}
		record[i] ^= 1
	}
}

func TestRecordsAreOfOneSizeAndNoTwoAlike(t *testing.T) {
	k := keys(t, "p", "secret")
	short, long := k.Seal(ended("s"), time.Now()), k.Seal(ended(strings.Repeat("s", 116)), time.Now())
	if len(short) != len(long) || len(short) > 512 || string(short) == string(k.Seal(ended("s"), time.Now())) {
		t.Errorf("%d and %d bytes", len(short), len(long))
	}
	if f, _, ok := k.Open(long); !ok || len(f.ID) != 116 {
		t.Errorf("the longest ID: got %+v, %v", f, ok)
	}
}

// log is a bus that hands over what it holds, and holds no more.
type log struct{ records, then [][]byte }

func (l *log) Publish(_ context.Context, records ...[]byte) error {
	l.records = append(l.records, records...)
	return nil
}

func (l *log) Follow(ctx context.Context, record func([]byte), caughtUp func()) error {
	for _, r := range l.records {
		record(r)
	}
	caughtUp()
	for _, r := range l.then {
		record(r)
	}
	<-ctx.Done()
	return ctx.Err()
}

// still is a clock at one time, which nobody waits for.
type still struct{ time.Time }

func (s still) Now() time.Time                     { return s.Time }
func (still) After(time.Duration) <-chan time.Time { return nil }

var _ clock.Clock = still{}

// state is what a replica knows once it has read the records.
func state(t testing.TB, records [][]byte, now time.Time) (map[replicas.Fact]time.Time, int) {
	t.Helper()
	known, last := map[replicas.Fact]time.Time{}, map[replicas.Fact]time.Time{}
	group := tasks.New()
	defer group.Close()
	read := make(chan struct{})
	bus := &log{records: records}
	r := replicas.New(replicas.Config{
		Bus: caughtUp{bus, read}, Keys: keys(t, "p", "secret"), AtMost: 1 << 16,
		Heard: func(f replicas.Fact, at time.Time) {
			if !at.After(last[f]) {
				t.Errorf("%+v is heard again, of %v", f, at)
			}
			known[f], last[f] = at, at
		},
		Again: func() []replicas.Fact { return nil },
		Clock: still{now}, Log: slog.New(slog.DiscardHandler), Tasks: group,
	})
	r.Start()
	<-read
	return known, r.Health().Known
}

type caughtUp struct {
	*log
	read chan struct{}
}

func (c caughtUp) Follow(ctx context.Context, record func([]byte), caught func()) error {
	return c.log.Follow(ctx, record, func() { caught(); close(c.read) })
}

func TestAnyOrderDuplicationAndReplayOfRecordsGivesTheSameState(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	k := keys(t, "p", "secret")
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 0))
		var records [][]byte
		for range 100 {
			f := replicas.Fact{Kind: replicas.Kind(1 + random.IntN(4)), About: replicas.About(1 + random.IntN(4)), ID: string(rune('a' + random.IntN(4)))}
			records = append(records, k.Seal(f, now.Add(-time.Duration(random.IntN(15*60*1000))*time.Millisecond)))
		}
		want, size := state(t, records, now)
		shuffled := append(append([][]byte{}, records...), records[:50]...)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		got, again := state(t, shuffled, now)
		if again != size || len(got) != len(want) {
			t.Fatalf("seed %d: %d facts, want %d", seed, again, size)
		}
		for f, at := range want {
			if !got[f].Equal(at) {
				t.Errorf("seed %d: %+v at %v, want %v", seed, f, got[f], at)
			}
		}
	}
}

func TestATimeToComeIsTakenForNow(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	known, _ := state(t, [][]byte{keys(t, "p", "secret").Seal(ended("s"), now.Add(time.Hour))}, now)
	if !known[ended("s")].Equal(now) {
		t.Errorf("heard of at %v, want %v", known[ended("s")], now)
	}
}

func FuzzRecords(f *testing.F) {
	now := time.UnixMilli(1_800_000_000_000)
	f.Add([]byte{})
	f.Add(keys(f, "another", "secret").Seal(ended("s"), now))
	f.Fuzz(func(t *testing.T, record []byte) {
		if known, size := state(t, [][]byte{record}, now); len(known) != 0 || size != 0 {
			t.Errorf("%x is taken for %v", record, known)
		}
	})
}

// In a rotation of keys the first seals: a replica that has only the old one must be first to be given the new.
func TestTheFirstKeySeals(t *testing.T) {
	record := keys(t, "p", "new", "old").Seal(ended("s"), time.Now())
	if _, _, ok := keys(t, "p", "new").Open(record); !ok {
		t.Error("the new key alone does not open it")
	}
	if _, _, ok := keys(t, "p", "old").Open(record); ok {
		t.Error("the old key alone opens it")
	}
}

// faulty is a bus whose methods panic or fail at first, and then work.
type faulty struct {
	log
	follows, publishes int
	panics             bool
}

var errFault = errors.New("a fault")

func (f *faulty) fail() error {
	if f.panics {
		panic("a fault")
	}
	return errFault
}

func (f *faulty) Publish(ctx context.Context, records ...[]byte) error {
	if f.publishes++; f.publishes == 1 {
		return f.fail()
	}
	return f.log.Publish(ctx, records...)
}

func (f *faulty) Follow(ctx context.Context, _ func([]byte), caughtUp func()) error {
	if f.follows++; f.follows == 1 {
		return f.fail()
	}
	caughtUp()
	<-ctx.Done()
	return ctx.Err()
}

func TestABusThatFailsOrPanicsIsTriedAgain(t *testing.T) {
	for _, panics := range []bool{false, true} { // what it has told before the log is followed may be told again
		synctest.Test(t, func(t *testing.T) {
			bus, group := &faulty{panics: panics}, tasks.New()
			r := replicas.New(replicas.Config{
				Bus: bus, Keys: keys(t, "p", "secret"), AtMost: 8, Heard: func(replicas.Fact, time.Time) {},
				Again: func() []replicas.Fact { return nil }, Clock: &clock.System{}, Log: slog.New(slog.DiscardHandler), Tasks: group,
			})
			r.Start()
			r.Tell(time.Now(), ended("s"))
			r.Tell(time.Now(), ended(strings.Repeat("s", 117))) // has no room in a record
			synctest.Wait()
			lost := time.Since(r.Health().LostAt)
			time.Sleep(2 * time.Second) // of the test's own clock
			synctest.Wait()
			if h := r.Health(); lost > time.Second || !h.LostAt.IsZero() || h.Outbox != 0 || h.Sent == 0 || h.Known != 1 {
				t.Errorf("panics: %v: %+v, lost for %v at first, %d records", panics, h, lost, len(bus.records))
			}
			group.Close()
		})
	}
}

// hanging takes a call and never answers, whatever becomes of its context's parent.
type hanging struct {
	log
	asked []time.Duration // how long each call might take
}

func (h *hanging) Publish(ctx context.Context, _ ...[]byte) error {
	deadline, _ := ctx.Deadline()
	h.asked = append(h.asked, time.Until(deadline))
	<-ctx.Done()
	return ctx.Err()
}

func TestAnAttemptToPublishIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus, group := &hanging{}, tasks.New()
		r := replicas.New(replicas.Config{
			Bus: bus, Keys: keys(t, "p", "secret"), AtMost: 8, Heard: func(replicas.Fact, time.Time) {},
			Again: func() []replicas.Fact { return nil }, Clock: &clock.System{}, Log: slog.New(slog.DiscardHandler), Tasks: group,
		})
		r.Start()
		r.Tell(time.Now(), ended("s"))
		time.Sleep(10 * time.Second) // of the test's own clock
		group.Close()
		if len(bus.asked) < 3 || bus.asked[0] != 2*time.Second || r.Health().Outbox != 1 {
			t.Errorf("attempts might take %v, %+v; want some of 2 s, and the fact waiting", bus.asked, r.Health())
		}
	})
}

// What others have told is timed as soon as the log was read to its end.
func TestOnlyNewsIsTimed(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	k := keys(t, "p", "secret")
	bus := &log{records: [][]byte{k.Seal(ended("before"), now.Add(-time.Minute))}}
	bus.then = [][]byte{
		k.Seal(ended("a"), now.Add(-2*time.Second)), k.Seal(ended("a"), now.Add(-2*time.Second)),
		k.Seal(replicas.Fact{Kind: replicas.Policy, About: replicas.Project}, now.Add(time.Hour)),
	}
	group, read, timed := tasks.New(), make(chan struct{}), map[string]time.Duration{}
	r := replicas.New(replicas.Config{
		Bus: caughtUp{bus, read}, Keys: k, AtMost: 8, Heard: func(replicas.Fact, time.Time) {},
		Late:  func(kind replicas.Kind, d time.Duration) { timed[kind.String()] += d + 1 },
		Again: func() []replicas.Fact { return nil }, Clock: still{now}, Log: slog.New(slog.DiscardHandler), Tasks: group,
	})
	r.Start()
	<-read
	group.Close()
	if len(timed) != 2 || timed["ended"] != 2*time.Second+1 || timed["policy"] != 1 {
		t.Errorf("timed %v, want 2 s of what ended, and none of the policy", timed)
	}
}
