package stytchkit_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// rename changes the member's name at Stytch.
func (w *world) rename(s *person, name string) {
	m := *s.Member
	m.Name = name
	w.srv.AddMember(m)
}

func TestOfTwoHundredFirstAskersOneCallsStytch(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{Email: "alice@example.com"})
	r := bearer(alice.JWT())
	member, organization := w.srv.Hold(stytchtest.GetMember), w.srv.Hold(stytchtest.GetOrganization)
	defer member.Release()
	defer organization.Release()
	var askers sync.WaitGroup
	for range 200 {
		askers.Go(func() {
			s, err := w.stateOf(w.auth.Require(), r)
			if err != nil || s.Member == nil || s.Organization == nil || s.FromCache || s.Member.MemberID != alice.Member.ID {
				t.Errorf("got %+v and %v, want alice, from Stytch", s, err)
			}
		})
	}
	for deadline := within(t, 5*time.Second); w.auth.Waiting() < 400; runtime.Gosched() {
		if deadline.Err() != nil {
			t.Fatalf("%d wait, want 200 for each call", w.auth.Waiting())
		}
	}
	member.Release()
	organization.Release()
	askers.Wait()
	if w.loads() != [2]int{1, 1} {
		t.Errorf("got %v calls for member and organization, want [1 1]", w.loads())
	}
}

// Each limit in time is looked at on either side of it.
func TestAProfileIsFreshAndThenStaleForSoLong(t *testing.T) {
	const fresh, stale = 5 * time.Minute, 10 * time.Minute
	for _, row := range []struct {
		name      string
		after     time.Duration
		sees      string // the name changed meanwhile
		fromCache bool
		calls     [2]int // once the background is idle
	}{
		{"fresh to the last moment", fresh, "Old", true, [2]int{0, 0}},
		{"stale right after, and renewed behind", fresh + time.Nanosecond, "Old", true, [2]int{1, 1}},
		{"stale to the last moment", fresh + stale, "Old", true, [2]int{1, 1}},
		{"too old right after: the request waits", fresh + stale + time.Nanosecond, "New", false, [2]int{1, 1}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, func(c *stytchkit.Config) { c.ProfileStaleFor = stale })
			alice := w.person(stytchtest.Member{Name: "Old"})
			if _, err := w.state(alice); err != nil {
				t.Fatal(err)
			}
			w.rename(alice, "New")
			w.srv.ResetCalls()
			w.clock.Advance(row.after)
			s, err := w.state(alice)
			expectProfile(t, s, err, alice, row.fromCache)
			if s.Member.Name != row.sees {
				t.Errorf("got %q, want %q", s.Member.Name, row.sees)
			}
			w.idle()
			if w.loads() != row.calls {
				t.Errorf("got %v calls, want %v", w.loads(), row.calls)
			}
			if s, err := w.state(alice); err != nil || row.calls[0] == 1 && s.Member.Name != "New" {
				t.Errorf("the next request: got %+v and %v, want what was renewed", s.Member, err)
			}
		})
	}
}

func TestWhatIsStaleIsServedWhileOneCallRenewsIt(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{Email: "alice@example.com"})
	if _, err := w.state(alice); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(6 * time.Minute)
	w.srv.ResetCalls()
	r := bearer(alice.JWT())
	hold := w.srv.Hold(stytchtest.GetMember)
	defer hold.Release()
	var askers sync.WaitGroup
	for range 100 {
		askers.Go(func() {
			s, err := w.stateOf(w.auth.Require(), r)
			if err != nil || !s.FromCache || s.Member == nil {
				t.Errorf("got %+v and %v, want what is stale at once", s, err)
			}
		})
	}
	askers.Wait() // nobody waits for the call that is held
	if err := hold.Waiting(within(t, 5*time.Second), 1); err != nil {
		t.Fatal(err)
	}
	hold.Release()
	w.idle()
	if w.loads() != [2]int{1, 1} {
		t.Errorf("got %v calls, want [1 1]", w.loads())
	}
}

func TestARenewalThatFailsIsNotRepeatedAtOnce(t *testing.T) {
	for name, row := range map[string]struct {
		fault stytchtest.Fault
		pause time.Duration
	}{
		"for a second":               {stytchtest.Fault{Status: 500}, time.Second},
		"for as long as Stytch says": {stytchtest.Fault{Status: 429, RetryAfter: 20 * time.Second}, 20 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			alice := w.person(stytchtest.Member{Email: "alice@example.com"})
			if _, err := w.state(alice); err != nil {
				t.Fatal(err)
			}
			w.clock.Advance(6 * time.Minute)
			r := bearer(alice.JWT())
			w.srv.ResetCalls()
			w.srv.Fail(stytchtest.GetMember, row.fault)
			for i, step := range []struct {
				advance time.Duration
				calls   int
			}{{0, 1}, {0, 1}, {row.pause - time.Nanosecond, 1}, {time.Nanosecond, 2}} {
				w.clock.Advance(step.advance)
				s, err := w.stateOf(w.auth.Require(), r)
				expectProfile(t, s, err, alice, true)
				w.idle()
				if n := w.loads()[0]; n != step.calls {
					t.Errorf("step %d: got %d calls, want %d", i+1, n, step.calls)
				}
			}
		})
	}
}

func TestAMemberWhoIsGoneIsNotShown(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{Email: "alice@example.com"})
	if _, err := w.state(alice); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(6 * time.Minute)
	w.srv.Fail(stytchtest.GetMember, stytchtest.Fault{Status: 404, ErrorType: "member_not_found"})
	w.srv.ResetCalls()
	s, err := w.state(alice)
	expectProfile(t, s, err, alice, true) // stale once, and Stytch is asked behind
	w.idle()
	for range 10 {
		s, err = w.state(alice)
		if s.Session.ID() != alice.ID || s.Member != nil || !s.Initialized || nobodysFault(err) != "session_invalid" {
			t.Fatalf("got %+v and %v, want the session alone and session_invalid", s, err)
		}
	}
	if n := w.loads()[0]; n != 1 {
		t.Errorf("got %d calls for a member who is gone, want 1", n)
	}
	w.srv.Recover()
	w.clock.Advance(time.Minute)
	if s, err = w.state(alice); nobodysFault(err) != "session_invalid" {
		t.Errorf("within a minute: got %+v and %v, want the refusal still", s, err)
	}
	w.clock.Advance(time.Nanosecond)
	s, err = w.state(alice)
	expectProfile(t, s, err, alice, false)
}

func TestWhatASessionSaysLaterIsNotContradicted(t *testing.T) {
	for name, change := range map[string]func(w *world, alice *person){
		"another role": func(w *world, alice *person) {
			alice.Member.Roles = append(alice.Member.Roles, fmt.Sprint("role-", len(alice.Member.Roles)))
			w.srv.AddMember(*alice.Member)
		},
		"another slug": func(w *world, alice *person) {
			w.srv.AddOrganization(stytchtest.Organization{ID: alice.Member.OrganizationID, Slug: fmt.Sprint("acme-", w.clock.Now().Minute())})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			alice := w.person(stytchtest.Member{Email: "alice@example.com", Roles: []string{"editor"}})
			if _, err := w.state(alice); err != nil {
				t.Fatal(err)
			}
			change(w, alice)
			w.clock.Advance(time.Minute)
			w.srv.ResetCalls()
			r := bearer(alice.JWT()) // of now: it knows of the change
			for i := range 3 {
				s, err := w.stateOf(w.auth.Require(), r)
				expectProfile(t, s, err, alice, i > 0)
				if s.Session.OrganizationSlug() != s.Organization.OrganizationSlug || len(s.Session.Roles()) != len(s.Member.Roles) {
					t.Errorf("the session is in %s with %v, the profile in %s with %v", s.Session.OrganizationSlug(), s.Session.Roles(), s.Organization.OrganizationSlug, s.Member.Roles)
				}
			}
			if n := w.loads(); n[0]+n[1] != 1 {
				t.Errorf("got %v calls, want one, for what changed", n)
			}
			change(w, alice)
			w.clock.Advance(time.Minute)
			r = bearer(alice.JWT())
			w.srv.Stop() // then what is known is better than nothing
			s, err := w.stateOf(w.auth.Require(), r)
			expectProfile(t, s, err, alice, true)
		})
	}
}

func TestARoleThatOnlyTheSessionHasCostsOneCall(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{ID: "member-test-alice"})
	if _, err := w.state(alice); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(2 * time.Minute)
	d := newDraft(w.clock.Now(), w.srv.KeyID(), w.srv.ProjectID(), signingKey())
	d.session["roles"] = []string{"stytch_member", "only-by-sso"}
	d.org = map[string]any{"organization_id": alice.Member.OrganizationID, "slug": "acme"}
	r := bearer(d.token(t))
	w.srv.ResetCalls()
	for range 5 {
		if s, err := w.stateOf(w.auth.Require(), r); err != nil || s.Member == nil || !s.Session.HasRole("only-by-sso") {
			t.Fatalf("got %+v and %v, want alice", s, err)
		}
	}
	if w.loads() != [2]int{1, 0} {
		t.Errorf("got %v calls, want [1 0]", w.loads())
	}
}

func TestAnOlderAnswerThatComesLateReplacesNothing(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{Name: "Old"})
	hold := w.srv.Hold(stytchtest.GetMember)
	defer hold.Release()
	slow := make(chan error, 1)
	r := bearer(alice.JWT())
	go func() {
		_, err := w.stateOf(w.auth.Require(), r)
		slow <- err
	}()
	if err := hold.Waiting(within(t, 5*time.Second), 1); err != nil {
		t.Fatal(err)
	}
	w.rename(alice, "New")
	w.clock.Advance(time.Second)
	if s, err := w.stateOf(w.auth.Require(), bearer(alice.Token)); err != nil || s.Member.Name != "New" {
		t.Fatalf("got %+v and %v, want the new name with the session", s.Member, err)
	}
	hold.Release()
	if err := <-slow; err != nil {
		t.Fatal(err)
	}
	if s, err := w.state(alice); err != nil || s.Member.Name != "New" {
		t.Errorf("got %+v and %v, want the new name still", s.Member, err)
	}
}

// Stytch takes slugs and external IDs for IDs, and nobody knows what stands between: an answer about
// somebody else is shown to nobody.
func TestAnAnswerAboutAnotherIsShownToNobody(t *testing.T) {
	for name, row := range map[string]struct {
		endpoint stytchtest.Endpoint
		body     func(alice, bob *person) string
	}{
		"another member": {stytchtest.GetMember, func(alice, bob *person) string {
			return fmt.Sprintf(`{"status_code":200,"member":{"member_id":%q,"organization_id":%q}}`, bob.Member.ID, alice.Member.OrganizationID)
		}},
		"the member in another organization": {stytchtest.GetMember, func(alice, _ *person) string {
			return fmt.Sprintf(`{"status_code":200,"member":{"member_id":%q,"organization_id":"organization-test-globex"}}`, alice.Member.ID)
		}},
		"another organization": {stytchtest.GetOrganization, func(_, _ *person) string {
			return `{"status_code":200,"organization":{"organization_id":"organization-test-globex"}}`
		}},
		"nobody": {stytchtest.GetMember, func(_, _ *person) string { return `{"status_code":200}` }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			alice, bob := w.person(stytchtest.Member{Email: "alice@example.com"}), w.person(stytchtest.Member{Email: "bob@example.com"})
			w.srv.Fail(row.endpoint, stytchtest.Fault{Body: row.body(alice, bob)})
			s, err := w.state(alice)
			if s.Member != nil && s.Organization != nil || s.Initialized || nobodysFault(err) != "stytch_unavailable" {
				t.Errorf("got %+v and %v, want stytch_unavailable", s, err)
			}
			w.srv.Recover()
			s, err = w.state(alice)
			expectProfile(t, s, err, alice, false)
		})
	}
}

// The member that comes along with a session is not taken for the session's own unless it is.
func TestAnAnswerAboutASessionWithAnothersProfileIsNotUsed(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.person(stytchtest.Member{Email: "alice@example.com"}), w.person(stytchtest.Member{Email: "bob@example.com"})
	stamp := func(d time.Duration) string { return w.clock.Now().Add(d).Format(time.RFC3339) }
	w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Body: fmt.Sprintf(
		`{"status_code":200,"member_session":{"member_session_id":%q,"member_id":%q,"organization_id":%q,"started_at":%q,"expires_at":%q},
		  "member":{"member_id":%q,"organization_id":%[3]q},"organization":{"organization_id":%[3]q}}`,
		alice.ID, alice.Member.ID, alice.Member.OrganizationID, stamp(0), stamp(time.Hour), bob.Member.ID)})
	s, err := w.stateOf(w.auth.Require(), bearer(alice.Token))
	expectProfile(t, s, err, alice, false)
	if w.loads()[0] != 1 {
		t.Errorf("got %v calls, want the member to be loaded", w.loads())
	}
	w.srv.Recover()
	s, err = w.state(bob)
	expectProfile(t, s, err, bob, false)
}

// After a switch the member ID may be the same in a JWT that names another organization: what was
// loaded for the first is not shown for the second.
func TestNoProfileCrossesOrganizations(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{ID: "member-test-alice"})
	globex := w.srv.AddOrganization(stytchtest.Organization{Slug: "globex"})
	if _, err := w.state(alice); err != nil {
		t.Fatal(err)
	}
	switched := newDraft(w.clock.Now(), w.srv.KeyID(), w.srv.ProjectID(), signingKey())
	switched.claims["sub"], switched.session["roles"] = alice.Member.ID, []string{"stytch_member"}
	switched.org = map[string]any{"organization_id": globex.ID, "slug": "globex"}
	s, err := w.stateOf(w.auth.Require(), bearer(switched.token(t)))
	if s.Session.OrganizationID() != globex.ID || s.Member != nil || s.Organization != nil || nobodysFault(err) != "session_invalid" {
		t.Errorf("got %+v and %v, want no profile: alice is no member there", s, err)
	}
}

func TestNoProfileCrossesMembers(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Limits.Profiles = 8 }) // of 24: they come and go
	var people []*person
	for i := range 24 {
		people = append(people, w.person(stytchtest.Member{Organization: fmt.Sprintf("org-%d", i%12), Email: fmt.Sprintf("m%02d@example.com", i)}))
	}
	guard := w.auth.Require()
	var askers sync.WaitGroup
	for _, person := range people {
		askers.Go(func() {
			for i := range 30 {
				r := bearer(person.JWT())
				if i%10 == 9 {
					r = bearer(person.Token)
				}
				s, err := w.stateOf(guard, r)
				if err != nil || s.Member == nil || s.Member.MemberID != person.Member.ID || s.Member.EmailAddress != person.Member.Email || s.Organization.OrganizationID != person.Member.OrganizationID {
					t.Errorf("got %+v and %v, want %s", s, err, person.Member.Email)
				}
				w.clock.Advance(time.Second)
			}
		})
	}
	askers.Wait()
	w.idle()
}

func TestProfilesAreBounded(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Limits.Profiles = 10 })
	for i := range 200 {
		if _, err := w.state(w.person(stytchtest.Member{Organization: fmt.Sprintf("org-%d", i), Email: fmt.Sprintf("m%d@example.com", i)})); err != nil {
			t.Fatal(err)
		}
	}
	if members, organizations := w.auth.Profiles(); members > 10 || organizations > 10 {
		t.Errorf("%d members and %d organizations are remembered, want at most 10 of each", members, organizations)
	}
}

// A member endpoint that is down must not take sessions with it.
func TestProfilesThatFailDoNotOpenTheBreakerOfSessions(t *testing.T) {
	w := newWorld(t)
	if _, err := w.state(w.person(stytchtest.Member{Email: "first@example.com"})); err != nil { // and their organization
		t.Fatal(err)
	}
	w.srv.ResetCalls()
	w.srv.Fail(stytchtest.GetMember, stytchtest.Fault{Status: 500})
	for i := range 15 {
		if _, err := w.state(w.person(stytchtest.Member{Email: fmt.Sprintf("m%d@example.com", i)})); nobodysFault(err) != "stytch_unavailable" {
			t.Errorf("got %v, want stytch_unavailable", err)
		}
	}
	if h := w.auth.Health(); h.Profiles != "open" || h.Proven != "closed" {
		t.Errorf("got %+v, want only the breaker of profiles to be open", h)
	}
	if n := w.loads()[0]; n != 10 {
		t.Errorf("got %d calls for members, want 10: then the breaker is open", n)
	}
	alice := w.person(stytchtest.Member{Email: "alice@example.com"})
	if d := check(w.auth.Require(), bearer(alice.JWT(stytchtest.Age(10*time.Minute)))); d.Session.ID() != alice.ID {
		t.Errorf("a session that Stytch must be asked about: got %v", d.Denial)
	}
}

func TestTheObserverHearsOfProfiles(t *testing.T) {
	o := &told{}
	w := newWorld(t, func(c *stytchkit.Config) { c.Observer = o })
	alice := w.person(stytchtest.Member{Email: "alice@example.com"})
	w.srv.Fail(stytchtest.GetOrganization, stytchtest.Fault{Status: 404, ErrorType: "organization_not_found"})
	if _, err := w.state(alice); nobodysFault(err) != "session_invalid" {
		t.Errorf("got %v, want session_invalid", err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	heard := map[string]int{}
	for _, line := range o.lines {
		heard[line]++
	}
	for _, want := range []string{
		"{Lane:profiles About:member Outcome:done Cause: Method:GET Server:127.0.0.1 Route:/v1/b2b/organizations/{id}/member Status:200 ErrorType: RequestID: Duration:0s}",
		"{Lane:profiles About:organization Outcome:refused Cause: Method:GET Server:127.0.0.1 Route:/v1/b2b/organizations/{id} Status:404 ErrorType:organization_not_found RequestID:one of Stytch's Duration:0s}",
	} {
		if heard[want] != 1 {
			t.Errorf("heard %q, want %s once", o.lines, want)
		}
	}
}

func TestCloseEndsWhatLoadsProfiles(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.person(stytchtest.Member{Email: "alice@example.com"}), w.person(stytchtest.Member{Email: "bob@example.com"})
	w.auth.Close()
	before := goleak.IgnoreCurrent()
	auth := w.authenticator(func(c *stytchkit.Config) { c.Timeout = time.Minute })
	if err := auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	state := func(s *person) (stytchkit.State, error) {
		r := bearer(s.JWT())
		return auth.State(check(auth.Require(), r).Context(r.Context()))
	}
	if _, err := state(alice); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(6 * time.Minute)
	w.srv.Fail(stytchtest.GetMember, stytchtest.Fault{Hang: true})
	if s, err := state(alice); err != nil || !s.FromCache {
		t.Fatalf("got %+v and %v, want what is stale", s, err)
	}
	waits := make(chan error, 1)
	go func() {
		_, err := state(bob)
		waits <- err
	}()
	for deadline := within(t, 5*time.Second); auth.Waiting() < 1; runtime.Gosched() {
		if deadline.Err() != nil {
			t.Fatal("nobody waits")
		}
	}
	began := time.Now()
	auth.Close()
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("Close waited %v for calls under way", took)
	}
	if err := <-waits; nobodysFault(err) != "stytch_unavailable" {
		t.Errorf("who waited: got %v, want stytch_unavailable", err)
	}
	if s, err := state(alice); err != nil || !s.FromCache {
		t.Errorf("after Close: got %+v and %v, want what is remembered", s, err)
	}
	if _, err := state(bob); nobodysFault(err) != "stytch_unavailable" {
		t.Errorf("after Close: got %v, want stytch_unavailable", err)
	}
	w.srv.Recover() // ends the stand-in's own goroutines that hang
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
}

func TestWhoAsksLeavesWithTheirRequest(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{Email: "alice@example.com"})
	hold := w.srv.Hold(stytchtest.GetMember)
	defer hold.Release()
	r := bearer(alice.JWT())
	ctx, leave := context.WithCancel(check(w.auth.Require(), r).Context(t.Context()))
	left := make(chan error, 1)
	go func() {
		_, err := w.auth.State(ctx)
		left <- err
	}()
	if err := hold.Waiting(within(t, 5*time.Second), 1); err != nil {
		t.Fatal(err)
	}
	leave()
	if err := <-left; nobodysFault(err) != "stytch_unavailable" {
		t.Errorf("got %v, want stytch_unavailable", err)
	}
	hold.Release()
	w.idle() // the call went on, and what it found is there for the next
	if _, err := w.state(alice); err != nil {
		t.Error(err)
	}
	if w.loads() != [2]int{1, 1} {
		t.Errorf("got %v calls, want [1 1]", w.loads())
	}
}

// What the session says is newer makes the caller wait for Stytch, which knows the member no more.
func TestAMemberWhoIsGoneIsNotShownToASessionThatSaysMore(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{Email: "alice@example.com", Roles: []string{"editor"}})
	if _, err := w.state(alice); err != nil {
		t.Fatal(err)
	}
	alice.Member.Roles = append(alice.Member.Roles, "admin")
	w.srv.AddMember(*alice.Member)
	w.clock.Advance(time.Minute)
	r := bearer(alice.JWT()) // of now: it knows of the role
	w.srv.Fail(stytchtest.GetMember, stytchtest.Fault{Status: 404, ErrorType: "member_not_found"})
	if s, err := w.stateOf(w.auth.Require(), r); s.Session.ID() != alice.ID || s.Member != nil || nobodysFault(err) != "session_invalid" {
		t.Errorf("got %+v and %v, want the session alone and session_invalid", s, err)
	}
}
