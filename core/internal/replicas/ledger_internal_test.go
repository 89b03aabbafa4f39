package replicas

import (
	"slices"
	"strconv"
	"testing"
	"time"
)

// hands is a clock that stands still until it is moved.
type hands struct{ now time.Time }

func (h *hands) Now() time.Time                     { return h.now }
func (*hands) After(time.Duration) <-chan time.Time { return nil }

func (h *hands) after(d time.Duration) time.Time { h.now = h.now.Add(d); return h.now }

func newTestLedger(atMost int) (*ledger, *hands) {
	h := &hands{time.UnixMilli(1_800_000_000_000)}
	return newLedger(h, atMost), h
}

func over(n int) Fact { return Fact{Kind: Ended, About: Session, ID: strconv.Itoa(n)} }

// publishNext is what is published next, which is then in the log.
func publishNext(l *ledger) (facts []Fact, at []time.Time) {
	facts, at = l.next(10)
	l.published(at)
	return facts, at
}

func wantNext(t *testing.T, what string, l *ledger, want ...Fact) {
	t.Helper()
	got, _ := publishNext(l)
	byID := func(a, b Fact) int { return int(a.ID[0]) - int(b.ID[0]) }
	slices.SortFunc(got, byID)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v is published, want %v", what, got, want)
	}
}

func TestOwnFactsNeverGoBackInTime(t *testing.T) {
	l, h := newTestLedger(8)
	l.tell(over(1), h.now)
	l.tell(over(1), h.now)
	l.tell(over(1), h.now.Add(-time.Minute))
	if facts, at := publishNext(l); len(facts) != 1 || !at[0].Equal(h.now) {
		t.Errorf("%v at %v, want it once, as of now", facts, at)
	}
	l.tell(over(1), h.now.Add(-time.Minute))
	wantNext(t, "an older one", l)
}

func TestWhatIsTooOldIsNotHeard(t *testing.T) {
	l, h := newTestLedger(8)
	if !l.hear(over(1), h.now.Add(-keptFor)) || l.hear(over(2), h.now.Add(-keptFor-time.Millisecond)) || l.size() != 1 {
		t.Errorf("%d are known, want the one of ten minutes ago", l.size())
	}
}

func TestTheOldestIsForgottenFirstAndByItsLastTime(t *testing.T) {
	l, h := newTestLedger(3)
	l.hear(over(1), h.now)
	l.hear(over(2), h.after(time.Second))
	l.hear(over(1), h.after(time.Second)) // is the youngest now
	l.hear(over(3), h.after(time.Second)) // the first of 1 goes
	if !l.knows(over(1)) || !l.knows(over(2)) {
		t.Error("what was renewed is forgotten by its first time")
	}
	l.hear(over(4), h.after(time.Second))
	if l.knows(over(2)) || !l.knows(over(1)) || !l.knows(over(3)) || !l.knows(over(4)) || l.size() != 3 {
		t.Errorf("%d are known, want all but the oldest", l.size())
	}
	h.after(keptFor + time.Second)
	l.hear(over(5), h.now)
	if l.size() != 1 || len(l.order) != 1 {
		t.Errorf("%d are known, in %d places; want the one that matters", l.size(), len(l.order))
	}
}

func TestAFactWaitsOnceHoweverOftenItIsTold(t *testing.T) {
	l, h := newTestLedger(8)
	for range 5 {
		l.tell(over(1), h.after(time.Second))
	}
	if n := l.waiting(); n != 1 {
		t.Errorf("%d wait, want 1", n)
	}
	facts, at := l.next(10)
	l.tell(over(1), h.after(time.Second)) // while it is published
	l.published(at)
	if n := l.waiting(); n != 1 || len(facts) != 1 {
		t.Errorf("%d wait, want what was told meanwhile", n)
	}
	wantNext(t, "what was told meanwhile", l, over(1))
	wantNext(t, "then", l)
}

// What has no room any more while it waits is published all the same, as of now.
func TestWhatIsForgottenWhileItWaitsIsPublished(t *testing.T) {
	l, h := newTestLedger(2)
	for i := range 3 {
		l.tell(over(i), h.after(time.Second))
	}
	facts, at := publishNext(l)
	if len(facts) != 3 || h.now.Sub(at[0]) > time.Minute {
		t.Errorf("%v at %v, want all three, as of now", facts, at)
	}
}

func TestALogIsGivenWhatItLacks(t *testing.T) {
	l, h := newTestLedger(8)
	l.begin()
	l.tell(over(1), h.now)
	l.tell(over(2), h.now)
	publishNext(l)
	l.hear(over(2), h.now) // its own, from the log
	l.hear(over(3), h.now)
	l.hear(over(4), h.now)

	l.begin() // another log, which has some of them
	l.hear(over(2), h.now)
	l.hear(over(4), h.now)
	l.refill(true)
	wantNext(t, "its own at once", l, over(1))
	l.refill(false)
	wantNext(t, "the others' later", l, over(3))
	for i := range 4 {
		l.hear(over(i+1), h.now)
	}
	l.refill(true)
	l.refill(false)
	wantNext(t, "nothing that the log has", l)

	l.begin()
	l.tell(over(3), h.after(time.Second)) // is its own from now on
	publishNext(l)
	l.hear(over(1), h.now) // stays its own
	l.begin()
	l.refill(true)
	wantNext(t, "its own, whoever told it last", l, over(1), over(2), over(3))
}

// A fact may be told late: what matters to nobody any more is not said again.
func TestNothingOldIsSaidAgain(t *testing.T) {
	l, h := newTestLedger(8)
	l.hear(over(1), h.now)
	l.hear(over(2), h.now.Add(-keptFor+time.Second))
	h.after(2 * time.Second)
	l.begin()
	l.refill(false)
	wantNext(t, "what matters", l, over(1))
}

// Records that only a replica of another version could seal.
func TestWhatThisVersionDoesNotUnderstandIsNoFact(t *testing.T) {
	k, err := NewKeys("p", []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]Fact{
		"an unknown kind":          {Kind: Policy + 1, About: Session, ID: "x"},
		"about an unknown thing":   {Kind: Ended, About: 99, ID: "x"},
		"an organization is over":  {Kind: Ended, About: Organization, ID: "x"},
		"a token has changed":      {Kind: Changed, About: Token, ID: "x"},
		"nobody is over":           {Kind: Ended, About: Session},
		"nobody is to be asked":    {Kind: Recheck, About: Subject},
		"the policy of a member":   {Kind: Policy, About: Subject, ID: "x"},
		"the policy of a project":  {Kind: Policy, About: Project, ID: "x"},
		"nothing":                  {},
		"whose ID is too long":     {Kind: Ended, About: Session, ID: string(make([]byte, maxID)) + "x"},
		"a member is over himself": {Kind: Ended, About: Subject, ID: "x"},
	} {
		plain := make([]byte, plainSize)
		plain[0], plain[1], plain[2], plain[headSize-1] = version, byte(f.Kind), byte(f.About), byte(len(f.ID))
		copy(plain[headSize:], f.ID)
		if _, _, ok := k.Open(k.of[0].cipher.Seal(nil, nil, plain, k.also)); ok { //nolint:gosec // the cipher makes the nonce
			t.Errorf("%s: %+v opens", name, f)
		}
	}
}

func TestATokensDigestTellsNothingWithoutTheKey(t *testing.T) {
	digest := func(project string, secrets ...string) string {
		var of [][]byte
		for _, secret := range secrets {
			of = append(of, []byte(secret))
		}
		k, err := NewKeys(project, of...)
		if err != nil {
			t.Fatal(err)
		}
		return k.OfToken(Ended, Token, "token").ID
	}
	first := digest("p", "secret")
	if len(first) != digestSize || first != digest("p", "secret", "older") || first == digest("p", "older", "secret") || first == digest("q", "secret") {
		t.Error("the first key alone makes the digest, for one project")
	}
}
