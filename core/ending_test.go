package stytchkit_test

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func endSession(auth *stytchkit.Authenticator, r *http.Request) ([]*http.Cookie, error) {
	return auth.EndSession(r.Context(), stytchkit.HTTPRequest{R: r})
}

func TestEndSessionRevokesEverythingPresented(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
	r := request(jwtCookie(alice.JWT(stytchtest.Age(10*time.Minute))), tokenCookie(bob.Token), jwtCookie("forged.forged.forged"))
	cookies, err := endSession(w.auth, r)
	if err != nil {
		t.Fatal(err)
	}
	if len(cookies) != 6 {
		t.Errorf("got %d cookies, want all three cleared, and for the host's own domain too: %v", len(cookies), cookies)
	}
	for _, c := range cookies {
		if c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("%v does not clear", c)
		}
	}
	if calls := w.srv.Calls(stytchtest.Revoke); calls != 2 {
		t.Errorf("%d revocations, want 2: the forged JWT's is not asked for", calls)
	}
	for name, token := range map[string]string{"alice": alice.Token, "bob": bob.Token} {
		other := w.authenticator() // knows nothing of what the first one ended
		if d := check(other.Require(), bearer(token)); code(d) != "session_ended" {
			t.Errorf("%s's token at Stytch: got %q, want session_ended", name, code(d))
		}
	}
}

func TestEndSessionRefusesTheSessionsJWTsAtOnceWithoutTouchingCookies(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	other := alice.JWT()
	if _, err := endSession(w.auth, request(jwtCookie(alice.JWT(stytchtest.Age(time.Minute))), tokenCookie(alice.Token))); err != nil {
		t.Fatal(err)
	}
	w.srv.ResetCalls()
	d := check(w.auth.Require(), request(jwtCookie(other), tokenCookie(alice.Token)))
	if code(d) != "session_ended" || w.asked() != 0 || len(d.Cookies) != 0 {
		t.Errorf("got %q after %d calls with cookies %v; want session_ended, no call, no cookies: they may be the next session's", code(d), w.asked(), d.Cookies)
	}
}

func TestEndSessionDuringAnOutageClearsAndRevokesLater(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	check(w.auth.Require(), bearer(alice.Token)) // Stytch has vouched for it
	w.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: 500})
	cookies, err := endSession(w.auth, request(tokenCookie(alice.Token)))
	if err == nil || !strings.Contains(err.Error(), "retried in the background") || strings.Contains(err.Error(), alice.Token) {
		t.Errorf("got error %v, want one that says that it is retried, without the token", err)
	}
	if len(cookies) != 6 {
		t.Errorf("got %v, want the cookies cleared all the same", cookies)
	}
	if d := check(w.auth.Require(), bearer(alice.Token)); code(d) != "session_ended" {
		t.Errorf("the token here: got %q, want session_ended although Stytch has not heard", code(d))
	}
	w.srv.Recover()
	for deadline := within(t, 5*time.Second); w.srv.Calls(stytchtest.Revoke) < 2; runtime.Gosched() {
		if deadline.Err() != nil {
			t.Fatal("the revocation was not retried")
		}
		w.clock.Advance(time.Millisecond)
	}
	for deadline := within(t, 5*time.Second); w.auth.PendingRevocations() > 0; runtime.Gosched() {
		if deadline.Err() != nil {
			t.Fatal("the revocation is still pending")
		}
	}
	if d := check(w.authenticator().Require(), bearer(alice.Token)); code(d) != "session_ended" {
		t.Errorf("at Stytch: got %q, want session_ended", code(d))
	}
}

func TestPendingRevocationsAreBounded(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Limits.PendingRevocations = 2 })
	w.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: 500})
	var refused int
	for range 5 {
		if _, err := endSession(w.auth, bearer(w.member("x@example.com").JWT())); strings.Contains(err.Error(), "too many") {
			refused++
		}
	}
	if refused != 3 {
		t.Errorf("%d of 5 were refused a place, want 3", refused)
	}
}

func TestEndedSessionsAreBoundedAndOlderJWTsThenNoProof(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Limits.EndedSessions = 4 })
	alice, bob := w.member("alice@example.com"), w.member("bob@example.com")
	old := alice.JWT()
	bobs := bob.JWT()
	w.clock.Advance(time.Second)
	end := func(s *stytchtest.Session) {
		t.Helper()
		if _, err := endSession(w.auth, bearer(s.JWT())); err != nil {
			t.Fatal(err)
		}
	}
	end(alice)
	for range 5 {
		w.clock.Advance(time.Second)
		end(w.member("x@example.com"))
	}
	w.srv.ResetCalls()
	if d := check(w.auth.Require(), bearer(old)); code(d) != "session_ended" || w.asked() != 1 {
		t.Errorf("alice's forgotten ending: got %q after %d calls, want Stytch asked and session_ended", code(d), w.asked())
	}
	w.srv.ResetCalls()
	if d := check(w.auth.Require(), bearer(bobs)); d.Session == nil || w.asked() != 1 {
		t.Errorf("bob's JWT of that time: got %q after %d calls, want him let in after one", code(d), w.asked())
	}
	w.clock.Advance(6 * time.Second) // Stytch's clock may be five ahead
	w.srv.ResetCalls()
	if d := check(w.auth.Require(), bearer(bob.JWT())); d.Session == nil || w.asked() != 0 {
		t.Errorf("bob's newer JWT: got %q after %d calls, want him let in without any", code(d), w.asked())
	}
}

// A request of the old session that finishes late must not overwrite the new one's cookies.
func TestALateRequestOfTheOldSessionTouchesNoCookies(t *testing.T) {
	for name, row := range map[string]struct {
		meanwhile func(*world, *http.Request) error
		code      string
	}{
		"after signing out": {func(w *world, r *http.Request) error {
			_, err := endSession(w.auth, r)
			return err
		}, "session_ended"},
		"after signing in as somebody else": {func(w *world, r *http.Request) error {
			bob := w.member("bob@example.com")
			_, err := w.auth.SessionCookies(stytchkit.HTTPRequest{R: r}, bob.Token, bob.JWT(), bob.ExpiresAt())
			return err
		}, ""},
	} {
		for _, ended := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				w := newWorld(t)
				alice := w.member("alice@example.com")
				r := request(jwtCookie(alice.JWT(stytchtest.Age(10*time.Minute))), tokenCookie(alice.Token))
				want := row.code
				if ended {
					alice.End()
					want = "session_ended"
				}
				hold := w.srv.Hold(stytchtest.Authenticate)
				late := make(chan stytchkit.Decision, 1)
				var wg sync.WaitGroup
				wg.Go(func() { late <- check(w.auth.Require(), r) })
				if err := hold.Waiting(within(t, 5*time.Second), 1); err != nil {
					t.Fatal(err)
				}
				if err := row.meanwhile(w, r); err != nil {
					t.Fatal(err)
				}
				hold.Release()
				wg.Wait()
				if d := <-late; code(d) != want || len(d.Cookies) != 0 {
					t.Errorf("got %q and cookies %v, want %q and none", code(d), d.Cookies, want)
				}
			})
		}
	}
}

func TestSessionCookiesRefusesWhatIsNoSession(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	r := stytchkit.HTTPRequest{R: request()}
	for name, row := range map[string]struct {
		token, jwt string
		expires    time.Time
		says       string
	}{
		"a login that still needs MFA": {"", "", alice.ExpiresAt(), "member_authenticated"},
		"no JWT":                       {alice.Token, "", alice.ExpiresAt(), "empty"},
		"a token that is no cookie":    {"a\r\nb", alice.JWT(), alice.ExpiresAt(), "bytes"},
		"an expiry in the past":        {alice.Token, alice.JWT(), w.clock.Now(), "expired"},
	} {
		cookies, err := w.auth.SessionCookies(r, row.token, row.jwt, row.expires)
		if err == nil || !strings.Contains(err.Error(), row.says) || len(cookies) != 0 {
			t.Errorf("%s: got %v and error %v, want an error with %q", name, cookies, err, row.says)
		}
	}
}

func TestAnotherOriginCannotEndTheSession(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.TrustedOrigins = []string{"https://app.example.com"} })
	alice := w.member("alice@example.com")
	post := func(origin string) *http.Request {
		r := request(jwtCookie(alice.JWT()), tokenCookie(alice.Token))
		r.Method = http.MethodPost
		r.Header.Set("Origin", origin)
		return r
	}
	if cookies, err := endSession(w.auth, post("https://evil.example")); !errors.Is(err, stytchkit.ErrCrossOrigin) || len(cookies) != 0 || w.srv.Calls(stytchtest.Revoke) != 0 {
		t.Errorf("another origin: got %v, %v after %d revocations", cookies, err, w.srv.Calls(stytchtest.Revoke))
	}
	bare := post("https://evil.example") // the browser keeps SameSite=Lax cookies to itself
	bare.Header.Del("Cookie")
	if cookies, err := endSession(w.auth, bare); !errors.Is(err, stytchkit.ErrCrossOrigin) || len(cookies) != 0 {
		t.Errorf("another origin without cookies: got %v, %v; want nothing cleared", cookies, err)
	}
	if cookies, err := endSession(w.auth, post("https://app.example.com")); err != nil || len(cookies) != 6 {
		t.Errorf("a trusted origin: got %v, %v", cookies, err)
	}
}

func TestSessionCookiesRefusesHalfASession(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@example.com")
	for name, row := range map[string]struct{ token, jwt, says string }{
		"no token":                       {"", alice.JWT(), "empty"},
		"a JWT that no cookie can carry": {alice.Token, alice.JWT() + ";", "bytes"},
		"a JWT with a line break":        {alice.Token, alice.JWT() + "\r\n", "bytes"},
	} {
		cookies, err := w.auth.SessionCookies(stytchkit.HTTPRequest{R: request()}, row.token, row.jwt, alice.ExpiresAt())
		if err == nil || !strings.Contains(err.Error(), row.says) || len(cookies) != 0 {
			t.Errorf("%s: got %v and error %v, want an error with %q", name, cookies, err, row.says)
		}
	}
}

// A member who signs out again and again in an outage takes one place among those that wait.
func TestASessionWaitsOnceToBeRevoked(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Limits.PendingRevocations = 2 })
	mallory, alice := w.member("mallory@example.com"), w.member("alice@example.com")
	w.srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: 500})
	for range 5 {
		_, _ = endSession(w.auth, bearer(mallory.JWT()))
	}
	if _, err := endSession(w.auth, bearer(alice.JWT())); err == nil || !strings.Contains(err.Error(), "retried") {
		t.Errorf("alice's sign-out: %v, want it to be retried", err)
	}
	if n := w.auth.PendingRevocations(); n != 2 {
		t.Errorf("%d wait, want one of each", n)
	}
}

// Where a proxy rewrites Host, browsers still have their cookies of the domains above Config.Origin.
func TestASignOutClearsAboveTheHostThatBrowsersSee(t *testing.T) {
	for origin, want := range map[string][]string{
		"":                            {"app.internal.test", "internal.test"},
		"https://App.Example.com:444": {"app.example.com", "example.com"},
	} {
		w := newWorld(t, func(c *stytchkit.Config) { c.Origin = origin })
		r := request(jwtCookie(w.member("alice@example.com").JWT()))
		r.Host = "app.internal.test:8080"
		cookies, err := endSession(w.auth, r)
		if err != nil {
			t.Fatal(err)
		}
		var above []string
		for _, c := range cookies {
			if c.Domain != "" && !slices.Contains(above, c.Domain) {
				above = append(above, c.Domain)
			}
		}
		if !slices.Equal(above, want) {
			t.Errorf("Origin %q: cleared for %q, want %q", origin, above, want)
		}
	}
}

// However slow Stytch is, all that is presented is over here at once, and revoked at once.
func TestASignOutEndsAllAtOnce(t *testing.T) {
	w := newWorld(t)
	var sessions []*stytchtest.Session
	var cookies []string
	for i := range 3 {
		s := w.member(fmt.Sprintf("m%d@example.com", i))
		sessions, cookies = append(sessions, s), append(cookies, jwtCookie(s.JWT()))
	}
	hold := w.srv.Hold(stytchtest.Revoke)
	done := make(chan error, 1)
	go func() {
		_, err := endSession(w.auth, request(cookies...))
		done <- err
	}()
	if err := hold.Waiting(within(t, 2*time.Second), len(sessions)); err != nil {
		t.Error(err)
	}
	for i, s := range sessions {
		if d := check(w.auth.Require(), bearer(s.JWT())); code(d) != "session_ended" {
			t.Errorf("session %d is answered %q while Stytch is asked", i, code(d))
		}
	}
	hold.Release()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
