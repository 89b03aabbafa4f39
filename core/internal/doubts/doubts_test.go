package doubts_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/internal/doubts"
	"github.com/stytchkit/stytchkit/core/internal/endings"
	"github.com/stytchkit/stytchkit/core/internal/session"
)

// clock stands still until it is moved.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time                     { return c.now }
func (*clock) After(time.Duration) <-chan time.Time { return nil }

func (c *clock) after(d time.Duration) time.Time { c.now = c.now.Add(d); return c.now }

const apart = 5 * time.Second

func start() *clock { return &clock{time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)} }

// jwt and answer are sessions of alice's at acme, vouched for by Stytch's clock, and by this server's.
func jwt(at time.Time) *session.Facts {
	return &session.Facts{ID: "s", Subject: "alice", OrganizationID: "acme", VouchedAt: at}
}

func answer(at time.Time) *session.Facts {
	f := jwt(at)
	f.Told = &session.Told{}
	return f
}

// What is of Stytch's clock is held against when it happened there, what is of this server's against when it was
// heard here.
func TestEachKindOfVoucherHasItsClock(t *testing.T) {
	c := start()
	d := doubts.New(c, 8, apart)
	happened := c.now
	heard := c.after(time.Minute) // late, as after an outage of the bus
	d.Add(endings.Subject("alice"), doubts.Hard, happened)
	for name, row := range map[string]struct {
		of   *session.Facts
		want doubts.Doubt
	}{
		"a JWT of before": {jwt(happened.Add(-time.Minute)), doubts.Hard},
		"a JWT of a moment later, as clocks are apart": {jwt(happened.Add(apart)), doubts.Hard},
		"a JWT of after that":                          {jwt(happened.Add(apart + time.Second)), doubts.None},
		"an answer of before it was heard":             {answer(heard.Add(-time.Millisecond)), doubts.Hard},
		"an answer since":                              {answer(heard), doubts.None},
	} {
		if got := d.Of(row.of); got != row.want {
			t.Errorf("%s: got %v, want %v", name, got, row.want)
		}
	}
}

func TestADoubtIsAboutWhomItNames(t *testing.T) {
	for name, key := range map[string]endings.Key{
		"the session": endings.Session("s"), "the member": endings.Subject("alice"), "the organization": endings.Organization("acme"),
	} {
		d := doubts.New(start(), 8, apart)
		d.Add(key, doubts.Soft, start().now)
		other := &session.Facts{ID: "alice", Subject: "acme", OrganizationID: "s", VouchedAt: start().now}
		if d.Of(jwt(start().now)) != doubts.Soft || d.Of(other) != doubts.None || d.Concerns(other) {
			t.Errorf("%s: %v, and %v of another", name, d.Of(jwt(start().now)), d.Of(other))
		}
	}
	if d := doubts.New(start(), 8, apart); d.Add(endings.Subject(""), doubts.Hard, start().now) || d.Of(jwt(time.Time{})) != doubts.None {
		t.Error("nobody is doubted")
	}
}

func TestHardIsMoreThanSoft(t *testing.T) {
	c := start()
	d := doubts.New(c, 8, apart)
	d.Add(endings.Subject("alice"), doubts.Soft, c.now)
	d.Add(endings.Subject("alice"), doubts.Hard, c.now)
	if got := d.Of(jwt(c.now)); got != doubts.Hard {
		t.Errorf("got %v, want hard", got)
	}
	hard, soft := d.Since(endings.Subject("alice"))
	if !hard.Equal(c.now) || !soft.Equal(c.now) || d.Size() != 2 {
		t.Errorf("since %v and %v, %d", hard, soft, d.Size())
	}
}

func TestATimeToComeIsTakenForNowAndAnEarlierOneIsNoNews(t *testing.T) {
	c := start()
	d := doubts.New(c, 8, apart)
	if !d.Add(endings.Subject("alice"), doubts.Hard, c.now.Add(time.Hour)) {
		t.Error("it is no news")
	}
	if got := d.Of(jwt(c.now.Add(time.Minute))); got != doubts.None {
		t.Errorf("a JWT of a minute later: got %v, want none", got)
	}
	for _, at := range []time.Time{c.now, c.now.Add(-time.Minute)} {
		if d.Add(endings.Subject("alice"), doubts.Hard, at) {
			t.Errorf("%v is news", at)
		}
	}
	if got := d.Of(jwt(c.now)); got != doubts.Hard {
		t.Errorf("after an older one: got %v, want hard", got)
	}
}

// What is forgotten for want of room is doubted of everybody: the oldest, by both clocks.
func TestWhatHasNoRoomIsDoubtedOfEverybody(t *testing.T) {
	c := start()
	d := doubts.New(c, 2, apart)
	first := c.now
	for i := range 3 {
		d.Add(endings.Subject(strconv.Itoa(i)), doubts.Hard, c.now)
		c.after(time.Minute)
	}
	if d.Size() != 2 {
		t.Errorf("%d are remembered, want 2", d.Size())
	}
	for name, row := range map[string]struct {
		of   *session.Facts
		want doubts.Doubt
	}{
		"a JWT older than what was forgotten":   {jwt(first.Add(-time.Second)), doubts.Hard},
		"an answer older than it":               {answer(first.Add(-time.Second)), doubts.Hard},
		"a JWT younger than it, not than all":   {jwt(first.Add(30 * time.Second)), doubts.None},
		"an answer younger than it, and others": {answer(first.Add(30 * time.Second)), doubts.None},
	} {
		if got := d.Of(row.of); got != row.want {
			t.Errorf("%s: got %v, want %v", name, got, row.want)
		}
	}
}

// What is past its time says nothing about JWTs, which are younger, and doubts answers of before.
func TestWhatIsPastItsTimeDoubtsOnlyAnswers(t *testing.T) {
	c := start()
	d := doubts.New(c, 8, apart)
	old := c.now
	d.Add(endings.Subject("bob"), doubts.Hard, old)
	c.after(2 * time.Hour)
	d.Add(endings.Subject("carol"), doubts.Hard, c.now)
	if d.Size() != 1 {
		t.Errorf("%d are remembered, want 1", d.Size())
	}
	if j, a := d.Of(jwt(old.Add(-time.Second))), d.Of(answer(old.Add(-time.Second))); j != doubts.None || a != doubts.Hard {
		t.Errorf("a JWT: %v, an answer: %v; want none and hard", j, a)
	}
}

func TestADoubtThatWasRenewedIsNotForgottenByItsFirstTime(t *testing.T) {
	c := start()
	d := doubts.New(c, 2, apart)
	d.Add(endings.Subject("alice"), doubts.Hard, c.now)
	d.Add(endings.Subject("alice"), doubts.Hard, c.after(time.Minute))
	d.Add(endings.Subject("bob"), doubts.Hard, c.after(time.Minute))
	if got := d.Of(jwt(c.now.Add(-90 * time.Second))); got != doubts.Hard {
		t.Errorf("got %v, want hard: she was doubted a minute ago", got)
	}
}
