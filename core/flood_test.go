package stytchkit_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// The fault test (make faults) does this ten times as hard, to each example, over the network.
func TestAFloodOfUnknownTokensTakesNothingFromMembers(t *testing.T) {
	const seconds, tokens, members, flooders = 10, 500, 200, 10
	w := newWorld(t)
	guard := w.auth.Require()
	refreshing := expiredMembers(w, members)

	codes := make(chan map[string]int, flooders)
	for second := range seconds {
		var flood sync.WaitGroup
		for range flooders {
			flood.Go(func() {
				got := map[string]int{}
				for range tokens / flooders {
					got[code(check(guard, bearer(randomToken())))]++
				}
				codes <- got
			})
		}
		share := members / seconds
		for _, m := range refreshing[second*share : (second+1)*share] {
			if d := check(guard, m.request()); d.Session.ID() != m.ID || setCookies(d) != "set" {
				t.Errorf("second %d: a member's refresh came to %v and cookies %s", second, d.Denial, setCookies(d))
			}
		}
		flood.Wait()
		for range flooders {
			for code, n := range <-codes {
				if code != "session_ended" && code != "stytch_unavailable" {
					t.Errorf("second %d: %d unknown tokens were answered %q", second, n, code)
				}
			}
		}
		w.clock.Advance(time.Second)
	}

	const rationed = 500 + 100*(seconds-1)
	if most := members + rationed; w.asked() > most || w.asked() < members+rationed/2 {
		t.Errorf("Stytch was asked %d times, want about and at most %d: once by each member, and the ration of unknown tokens", w.asked(), most)
	}
	if got := w.auth.Health(); got.Proven != "closed" {
		t.Errorf("the members' breaker is %s", got.Proven)
	}
}

func TestAThousandMembersWaitingThroughAnOutageMakeNoStampede(t *testing.T) {
	const members, limit = 1000, 64
	calls := &callsInFlight{to: http.DefaultTransport}
	w := newWorld(t, func(c *stytchkit.Config) { c.Transport, c.Timeout = calls, time.Minute })
	guard := w.auth.Require()
	waiting := expiredMembers(w, members)
	// reload is what everybody does who is not in yet, at once; it returns how many are in then.
	reload := func() int {
		var all sync.WaitGroup
		var in atomic.Int64
		for _, m := range waiting {
			if m.in {
				in.Add(1)
				continue
			}
			all.Go(func() {
				switch d := check(guard, m.request()); {
				case d.Session.ID() == m.ID:
					m.in = true
					in.Add(1)
				case code(d) != "stytch_unavailable" || setCookies(d) != "untouched" || d.Denial.Header.Get("Retry-After") == "":
					t.Errorf("a member who waits got %v, cookies %s and %v", d.Denial, setCookies(d), d.Denial.Header)
				}
			})
		}
		all.Wait()
		return int(in.Load())
	}

	hold := w.srv.Hold(stytchtest.Authenticate)
	hung := make(chan int)
	go func() { hung <- reload() }()
	if err := hold.Waiting(within(t, time.Minute), limit); err != nil {
		t.Fatal(err)
	}
	w.srv.Stop() // and so the calls in flight fail, and open the breaker
	if in := <-hung + reload(); in > 0 {
		t.Fatalf("%d members got in while Stytch was away", in)
	}
	hold.Release()
	if got := calls.peak(); got > limit {
		t.Errorf("while Stytch was away there were up to %d calls in flight, want at most %d", got, limit)
	}

	if err := w.srv.Restart(); err != nil {
		t.Fatal(err)
	}
	deadline := within(t, 2*time.Minute)
	for in := 0; in < members; in = reload() {
		// The breaker knows only the real clock, by which it lets somebody try after two seconds.
		for w.auth.Health().Proven == "open" && deadline.Err() == nil {
			<-time.After(10 * time.Millisecond)
		}
		if deadline.Err() != nil {
			t.Fatalf("%d of %d members got in", in, members)
		}
	}
	if got := calls.peak(); got > limit || got < limit/4 {
		t.Errorf("when Stytch returned there were up to %d calls in flight, want at most %d, and not much less", got, limit)
	}
	for line, want := range map[string]int{`level=WARN msg="stytchkit: Stytch cannot be asked`: 1, `level=INFO msg="stytchkit: Stytch answers again`: 1} {
		if got := strings.Count(w.log.String(), line); got != want {
			t.Errorf("%q was logged %d times for one outage, want once", line, got)
		}
	}
}

// refreshing is a member whose JWT has expired.
type refreshing struct {
	*stytchtest.Session
	jwt string
	in  bool
}

func (m *refreshing) request() *http.Request { return request(jwtCookie(m.jwt), tokenCookie(m.Token)) }

// expiredMembers signs on every core: it is a millisecond each.
func expiredMembers(w *world, n int) []*refreshing {
	members := make([]*refreshing, n)
	var next atomic.Int64
	var signers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		signers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				s := w.member(fmt.Sprintf("m%d@example.com", i))
				members[i] = &refreshing{Session: s, jwt: s.JWT(stytchtest.Age(10 * time.Minute))}
			}
		})
	}
	signers.Wait()
	return members
}

// callsInFlight counts the calls about credentials that are under way at once.
type callsInFlight struct {
	to http.RoundTripper

	mu        sync.Mutex
	now, most int
}

func (c *callsInFlight) enter() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now++
	c.most = max(c.most, c.now)
}

func (c *callsInFlight) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now--
}

// peak is the most since it was last asked for.
func (c *callsInFlight) peak() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	most := c.most
	c.most = c.now
	return most
}

func (c *callsInFlight) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost {
		c.enter()
		defer c.leave()
	}
	return c.to.RoundTrip(r)
}

// What anybody can make happen again and again writes a line a minute.
func TestNoFloodFillsTheLog(t *testing.T) {
	for name, flood := range map[string]func(w *world){
		"Stytch throttles every other call": func(w *world) {
			for range 20 {
				w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 429, Times: 1})
				check(w.auth.Require(), bearer(randomToken()))
				check(w.auth.Require(), bearer(randomToken()))
			}
		},
		"sign-outs in an outage, more than can wait": func(w *world) {
			w.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: 500})
			for i := range 20 {
				_, _ = endSession(w.auth, bearer(w.member(fmt.Sprintf("m%d@example.com", i)).JWT()))
			}
		},
		"a page that panics": func(w *world) {
			r := request()
			r.Header.Set("Sec-Fetch-Mode", "navigate")
			for range 20 {
				check(w.auth.Require(), r)
			}
		},
		"a request that panics": func(w *world) {
			for range 20 {
				w.auth.Require().Check(context.Background(), broken{})
			}
		},
		"a state without a guard": func(w *world) {
			for range 20 {
				w.auth.AnswerState(context.Background(), stytchkit.HTTPRequest{R: request()})
			}
		},
		"a check that panics": func(w *world) {
			guard := w.auth.Require(stytchkit.Check("fails", func(context.Context, *stytchkit.Session) error { panic("the application's own fault") }))
			r := bearer(w.member("alice@example.com").JWT())
			for range 20 {
				check(guard, r)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(c *stytchkit.Config) {
				c.Limits.PendingRevocations = 2
				c.Page = func(*stytchkit.Denial) []byte { panic("the application's own fault") }
			})
			flood(w)
			loud := 0
			for line := range strings.Lines(w.log.String()) {
				if !strings.Contains(line, "level=DEBUG") {
					loud++
				}
			}
			if loud > 5 { // started, keys fetched, Stytch is away, the breaker, and what the flood is about
				t.Errorf("wrote %d lines, want at most 5:\n%s", loud, w.log.String())
			}
		})
	}
}

// broken is a request that an adapter cannot read.
type broken struct{ stytchkit.HTTPRequest }

func (broken) Header(string, int) (string, bool) { panic("the adapter's own fault") }
