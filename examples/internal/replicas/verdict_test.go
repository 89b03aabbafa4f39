package main

import (
	"strings"
	"testing"
	"time"
)

// at is so many milliseconds after the beginning.
func at(ms int) time.Time {
	return time.Unix(1_700_000_000, 0).Add(time.Duration(ms) * time.Millisecond)
}

func troublesOfATest() []outage {
	return []outage{
		{"killed", at(10_000), at(12_000), everybody},
		{"hole", at(20_000), at(25_000), 1},
		{"frozen", at(25_500), at(27_000), everybody},
	}
}

func TestWhenAnEventIsDue(t *testing.T) {
	for _, row := range []struct {
		name string
		h    hearing
		want time.Time
	}{
		{"in quiet times within a second", hearing{at: at(1000)}, at(2000)},
		{"in an outage a second after it", hearing{at: at(10_500)}, at(13_000)},
		{"just before an outage, too", hearing{at: at(9500)}, at(13_000)},
		{"long before an outage it is no excuse", hearing{at: at(8000)}, at(9000)},
		{"just after it within a second of its own", hearing{at: at(12_500)}, at(13_500)},
		{"one replica's outage is not another's", hearing{at: at(21_000), where: 0, replica: 2}, at(22_000)},
		{"it is that of who hears", hearing{at: at(21_000), where: 0, replica: 1}, at(28_000)}, // the next began before it was due
		{"and of what happened there", hearing{at: at(21_000), where: 1, replica: 2}, at(28_000)},
		{"and of what Stytch may have told there", hearing{at: at(21_000), where: nobody, replica: 2}, at(28_000)},
	} {
		if got := due(row.h, troublesOfATest()); !got.Equal(row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got.Sub(at(0)), row.want.Sub(at(0)))
		}
	}
}

func TestWhatIsHeldAgainstTheReplicas(t *testing.T) {
	for _, row := range []struct {
		name string
		h    hearing
		want string // part of what is said; nothing where all is well
	}{
		{"heard", hearing{at: at(1000), heard: at(1003)}, ""},
		{"heard after an outage", hearing{at: at(10_500), heard: at(12_900)}, ""},
		{"never heard", hearing{kind: "sign-out", at: at(1000), replica: 2}, "sign-out at 1.000s (quiet), replica 2: expected to hear of it by 2.000s, never did"},
		{"too late", hearing{at: at(1000), heard: at(2001)}, "by 2.000s, did at 2.001s"},
		{"too late after an outage", hearing{at: at(10_500), heard: at(13_100)}, "(killed), replica 0: expected to hear of it by 13.000s, did at 13.100s"},
		{"asked", hearing{at: at(1000), heard: at(1003), calls: 2}, "made 2 calls"},
		{"asked, as it is to", hearing{at: at(1000), heard: at(1003), calls: 1, mayAsk: true}, ""},
	} {
		got := judge([]hearing{row.h}, troublesOfATest(), at(0))
		if row.want == "" && len(got) > 0 || row.want != "" && (len(got) != 1 || !strings.Contains(got[0], row.want)) {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestTheTableCounts(t *testing.T) {
	outages := troublesOfATest()
	hearings := []hearing{
		{event: 0, at: at(1000), where: 0, replica: 0, heard: at(1001)},
		{event: 0, at: at(1000), where: 0, replica: 1, heard: at(1004), calls: 1},
		{event: 0, at: at(1000), where: 0, replica: 2, heard: at(1002)},
		{event: 1, at: at(1500), where: nobody, replica: 0, heard: at(2600), calls: 3, mayAsk: true},
		{event: 2, at: at(10_500), where: 0, replica: 1, heard: at(12_500)},
		{event: 2, at: at(10_500), where: 0, replica: 2},
	}
	rows := tabulate(hearings, outages, func(h hearing) string { return during(h, outages) })
	if len(rows) != 2 || rows[0].name != quiet || rows[1].name != "killed" {
		t.Fatalf("got %d rows", len(rows))
	}
	calm, killed := rows[0], rows[1]
	if calm.events != 2 || calm.missing != 0 || calm.late != 1 || calm.calls != 1 || calm.asked != 3 {
		t.Errorf("quiet: %+v", *calm)
	}
	// Where it happened nobody has to hear of it.
	if got := percentile(calm.heardAfter, 50); len(calm.heardAfter) != 3 || got != 4*time.Millisecond {
		t.Errorf("quiet: the median of %v is %v", calm.heardAfter, got)
	}
	if killed.events != 1 || killed.missing != 1 || killed.late != 0 || len(killed.heardAfter) != 1 {
		t.Errorf("killed: %+v", *killed)
	}
}

func TestPercentiles(t *testing.T) {
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(i+1))
	}
	for _, row := range []struct {
		of      []time.Duration
		percent int
		want    time.Duration
	}{
		{nil, 50, 0},
		{hundred[:1], 50, 1},
		{hundred[:1], 99, 1},
		{hundred[:3], 50, 2},
		{hundred, 50, 50},
		{hundred, 99, 99},
		{hundred, 100, 100},
	} {
		if got := percentile(row.of, row.percent); got != row.want {
			t.Errorf("%d %% of %d: got %d, want %d", row.percent, len(row.of), got, row.want)
		}
	}
}
