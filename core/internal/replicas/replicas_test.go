package replicas_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
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
type log struct{ records [][]byte }

func (l *log) Publish(_ context.Context, records ...[]byte) error {
	l.records = append(l.records, records...)
	return nil
}

func (l *log) Follow(ctx context.Context, record func([]byte), caughtUp func()) error {
	for _, r := range l.records {
		record(r)
	}
	caughtUp()
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
