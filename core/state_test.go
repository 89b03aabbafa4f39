package stytchkit_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// person is a member with a session.
type person struct {
	*stytchtest.Session
	Member *stytchtest.Member
}

func (w *world) person(m stytchtest.Member) *person {
	added := w.srv.AddMember(m)
	return &person{added.SignIn(), added}
}

// stateOf is the state of a request behind a guard, and what became of it.
func (w *world) stateOf(g *stytchkit.Guard, r *http.Request) (stytchkit.State, error) {
	d := check(g, r)
	return w.auth.State(d.Context(r.Context()))
}

// state is the state of a member whose JWT is of now.
func (w *world) state(s *person) (stytchkit.State, error) {
	return w.stateOf(w.auth.Require(), bearer(s.JWT()))
}

// loads are the calls that loaded members and organizations since the last reset.
func (w *world) loads() [2]int {
	return [2]int{w.srv.Calls(stytchtest.GetMember), w.srv.Calls(stytchtest.GetOrganization)}
}

// nobodysFault is the code of an error of State, empty for none.
func nobodysFault(err error) string {
	var d *stytchkit.Denial
	if err != nil && !errors.As(err, &d) {
		return err.Error()
	}
	if d == nil {
		return ""
	}
	return d.Code
}

func expectProfile(t *testing.T, s stytchkit.State, err error, of *person, fromCache bool) {
	t.Helper()
	if err != nil || s.Member == nil || s.Organization == nil {
		t.Fatalf("got %+v and the error %v, want the member and the organization of %s", s, err, of.Member.ID)
	}
	if s.Session.ID() != of.ID || s.Member.MemberID != of.Member.ID || s.Member.OrganizationID != of.Member.OrganizationID || s.Organization.OrganizationID != of.Member.OrganizationID {
		t.Errorf("got %s in %s of %v, want %s in %s", s.Member.MemberID, s.Organization.OrganizationID, s.Session, of.Member.ID, of.Member.OrganizationID)
	}
	if s.FromCache != fromCache || !s.Initialized {
		t.Errorf("got FromCache %v and Initialized %v, want %v and true", s.FromCache, s.Initialized, fromCache)
	}
}

func TestTheProfileIsLoadedWhenItIsAskedForAndThenRemembered(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{Email: "alice@example.com", Name: "Alice", Roles: []string{"editor"}})
	for range 50 {
		check(w.auth.Require(), bearer(alice.JWT()))
		check(w.auth.Optional(), request())
	}
	if n := w.srv.TotalCalls(); n != 0 {
		t.Errorf("requests that do not ask for the state cost %d calls", n)
	}
	s, err := w.state(alice)
	expectProfile(t, s, err, alice, false)
	if s.Member.EmailAddress != "alice@example.com" || s.Member.Name != "Alice" || len(s.Member.Roles) != 2 || s.Organization.OrganizationSlug != "acme" {
		t.Errorf("got the member %+v and the organization %+v", s.Member, s.Organization)
	}
	for range 5 {
		s, err = w.state(alice)
		expectProfile(t, s, err, alice, true)
	}
	if w.loads() != [2]int{1, 1} || w.asked() != 0 {
		t.Errorf("got %v calls for member and organization and %d about the session, want [1 1] and 0", w.loads(), w.asked())
	}
	bob := w.person(stytchtest.Member{Email: "bob@example.com"}) // of the same organization, which is known already
	s, err = w.state(bob)
	expectProfile(t, s, err, bob, false)
	if w.loads() != [2]int{2, 1} {
		t.Errorf("got %v calls, want [2 1]", w.loads())
	}
}

func TestAnAnswerAboutTheSessionIsTheProfileToo(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{Email: "alice@example.com"})
	s, err := w.stateOf(w.auth.Require(), bearer(alice.Token))
	expectProfile(t, s, err, alice, false)
	s, err = w.stateOf(w.auth.Require(stytchkit.Fresh(0)), bearer(alice.JWT()))
	expectProfile(t, s, err, alice, false)
	s, err = w.state(alice) // which the answers have left for others
	expectProfile(t, s, err, alice, true)
	if w.loads() != [2]int{0, 0} || w.asked() != 2 {
		t.Errorf("got %v calls for member and organization and %d about the session, want none and 2", w.loads(), w.asked())
	}
}

func TestStateWithoutASession(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{Email: "alice@example.com"})
	for _, row := range []struct {
		name        string
		guard       *stytchkit.Guard
		request     *http.Request
		fault       stytchtest.Fault
		initialized bool
		code        string
		status      int
	}{
		{"an anonymous request has none, and that is known", w.auth.Optional(), request(), stytchtest.Fault{}, true, "", 0},
		{"a forged one neither", w.auth.Optional(), bearer(forge(alice.JWT())), stytchtest.Fault{}, true, "", 0},
		{"a denied one neither, whatever its session", w.auth.Require(stytchkit.Role("nobody")), bearer(alice.JWT()), stytchtest.Fault{}, true, "", 0},
		{"what Stytch cannot be asked about is not known", w.auth.Optional(), bearer(alice.Token), stytchtest.Fault{Status: 500}, false, "stytch_unavailable", 503},
		{"the same where a session is required", w.auth.Require(), bearer(alice.Token), stytchtest.Fault{Status: 500}, false, "stytch_unavailable", 503},
		{"nor is what a refused project asks about", w.auth.Optional(), bearer(alice.Token), stytchtest.Fault{Status: 401, ErrorType: "unauthorized_credentials"}, false, "stytch_misconfigured", 500},
	} {
		t.Run(row.name, func(t *testing.T) {
			w.srv.Recover()
			if row.fault.Status != 0 {
				w.srv.Fail(stytchtest.Authenticate, row.fault)
			}
			s, err := w.stateOf(row.guard, row.request)
			if s.Session != nil || s.Member != nil || s.Organization != nil || s.FromCache || s.Initialized != row.initialized || nobodysFault(err) != row.code {
				t.Errorf("got %+v and %v, want Initialized %v and the code %q", s, err, row.initialized, row.code)
			}
			var d *stytchkit.Denial
			if errors.As(err, &d) && (d.Status != row.status || d.Header.Get("Content-Type") != "application/problem+json" || (d.Header.Get("Retry-After") != "") != (row.status == 503)) {
				t.Errorf("got the denial %+v, want one with status %d", d, row.status)
			}
		})
	}
	if w.loads() != [2]int{0, 0} {
		t.Errorf("got %v calls for member and organization, want none", w.loads())
	}
}

func TestStateWantsAGuardOfItsOwn(t *testing.T) {
	w := newWorld(t)
	other := w.authenticator()
	alice := w.person(stytchtest.Member{Email: "alice@example.com"})
	r := bearer(alice.JWT())
	for name, ctx := range map[string]func() (stytchkit.State, error){
		"no guard":              func() (stytchkit.State, error) { return w.auth.State(r.Context()) },
		"another's guard alone": func() (stytchkit.State, error) { return other.State(check(w.auth.Require(), r).Context(r.Context())) },
	} {
		if s, err := ctx(); err == nil || !strings.Contains(err.Error(), "put Optional or Require in front") || s.Session != nil {
			t.Errorf("%s: got %+v and %v, want an error that says what to do", name, s, err)
		}
	}
	ctx := check(w.auth.Require(), r).Context(r.Context())
	ctx = check(other.Optional(), request()).Context(ctx)
	s, err := w.auth.State(ctx) // its own, although another's stands further in
	expectProfile(t, s, err, alice, false)
}

// A handler's test puts the session there itself, with a stand-in that knows the member.
func TestStateSeesASessionThatATestPutThere(t *testing.T) {
	w := newWorld(t)
	m := w.srv.AddMember(stytchtest.Member{ID: "member-test-alice"})
	ctx := stytchtest.WithSession(t.Context(), stytchtest.NewSession(*m))
	s, err := w.auth.State(ctx)
	if err != nil || s.Member == nil || s.Member.MemberID != m.ID || !s.Initialized {
		t.Errorf("got %+v and %v, want the member", s, err)
	}
	if s, err := w.auth.State(stytchtest.WithSession(t.Context(), nil)); err != nil || s.Session != nil || !s.Initialized {
		t.Errorf("nobody: got %+v and %v", s, err)
	}
}

func TestAnOutageShowsWhatIsKnown(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.person(stytchtest.Member{Email: "alice@example.com"}), w.person(stytchtest.Member{Email: "bob@example.com"})
	if _, err := w.state(alice); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(10 * time.Minute)
	aliceJWT, bobJWT := bearer(alice.JWT()), bearer(bob.JWT())
	w.srv.Stop()
	for range 3 {
		s, err := w.stateOf(w.auth.Require(), aliceJWT)
		expectProfile(t, s, err, alice, true)
		w.idle()
	}
	s, err := w.stateOf(w.auth.Require(), bobJWT)
	if s.Session.ID() != bob.ID || s.Member != nil || s.Initialized || s.FromCache || nobodysFault(err) != "stytch_unavailable" {
		t.Errorf("never loaded: got %+v and %v, want the session alone and stytch_unavailable", s, err)
	}
	if err := w.srv.Restart(); err != nil {
		t.Fatal(err)
	}
	s, err = w.stateOf(w.auth.Require(), bobJWT)
	expectProfile(t, s, err, bob, false)
}

func TestARefusedProjectIsNotAMemberWhoIsGone(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{Email: "alice@example.com"})
	w.srv.Fail(stytchtest.GetMember, stytchtest.Fault{Status: 401, ErrorType: "unauthorized_credentials"})
	s, err := w.state(alice)
	if s.Session.ID() != alice.ID || s.Member != nil || s.Initialized || nobodysFault(err) != "stytch_misconfigured" {
		t.Errorf("got %+v and %v, want the session alone and stytch_misconfigured", s, err)
	}
	w.srv.Recover()
	s, err = w.state(alice)
	expectProfile(t, s, err, alice, false)
}

func TestAHandlerCannotChangeWhatIsKnown(t *testing.T) {
	w := newWorld(t)
	alice := w.person(stytchtest.Member{Name: "Alice", Roles: []string{"editor"}})
	for name, r := range map[string]*http.Request{"loaded": bearer(alice.JWT()), "remembered": bearer(alice.JWT()), "with Stytch's answer": bearer(alice.Token)} {
		d := check(w.auth.Require(), r)
		ctx := d.Context(r.Context())
		for range 3 {
			s, err := w.auth.State(ctx)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if s.Member.Name != "Alice" || s.Member.Roles[1].RoleID != "editor" || s.Organization.OrganizationName != "acme" {
				t.Errorf("%s: another handler's change is seen: %+v %+v", name, s.Member, s.Organization)
			}
			s.Member.Name, s.Member.Roles[1].RoleID, s.Organization.OrganizationName = "Mallory", "stytch_admin", "evil"
		}
	}
}
