package stytchtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestFaultsAsTheSDKSeesThem(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	session := srv.AddMember(stytchtest.Member{}).SignIn()
	authenticate := func(ctx context.Context) error {
		_, err := client.Sessions.Authenticate(ctx, &sessions.AuthenticateParams{SessionToken: session.Token})
		return err
	}
	saying := func(want string) func(error) bool {
		return func(err error) bool { return err != nil && strings.Contains(err.Error(), want) }
	}
	refused := func(want string) func(error) bool {
		return func(err error) bool { return refusal(err) == want }
	}
	for _, row := range []struct {
		name  string
		fault stytchtest.Fault
		met   func(error) bool
	}{
		{"a status alone", stytchtest.Fault{Status: 500}, refused("500 internal_server_error")},
		{"an error type alone", stytchtest.Fault{ErrorType: "made_up"}, refused("500 made_up")},
		{"a message alone", stytchtest.Fault{Message: "it hurts"}, saying("it hurts")},
		{"both", stytchtest.Fault{Status: 404, ErrorType: "session_not_found"}, refused("404 session_not_found")},
		{"too many requests", stytchtest.Fault{Status: 429}, refused("429 too_many_requests")},
		{"too many wrong tokens", stytchtest.Fault{Status: 429, ErrorType: "too_few_tokens_authenticated"}, refused("429 too_few_tokens_authenticated")},
		{"unavailable", stytchtest.Fault{Status: 503}, refused("503 server_unavailable")},
		{"not JSON", stytchtest.Fault{NotJSON: true}, saying("invalid character '<'")},
		{"not JSON, although all is well", stytchtest.Fault{NotJSON: true, Status: 200}, saying("invalid character '<'")},
		{"another body", stytchtest.Fault{Body: `{"member_session":[]}`}, saying("cannot unmarshal array")},
		{"a reset", stytchtest.Fault{Reset: true}, func(err error) bool { return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF) }},
		{"a body cut off", stytchtest.Fault{Truncate: true}, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		{"an error cut off", stytchtest.Fault{Truncate: true, Status: 500}, saying("unexpected EOF")},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv.Fail(stytchtest.Authenticate, row.fault)
			if err := authenticate(t.Context()); !row.met(err) {
				t.Errorf("the SDK saw %v", err)
			}
			srv.Recover()
			wantRefusal(t, authenticate(t.Context()), "")
		})
	}
	t.Run("a hang lasts until the caller gives up", func(t *testing.T) {
		srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Hang: true})
		defer srv.Recover()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if err := authenticate(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the SDK saw %v", err)
		}
	})
}

func TestAFaultMeetsWhatItIsSetFor(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	session := srv.AddMember(stytchtest.Member{}).SignIn()
	authenticate := func() string {
		_, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: session.Token})
		return refusal(err)
	}
	keys := func() string {
		_, err := client.Sessions.GetJWKS(t.Context(), &sessions.GetJWKSParams{ProjectID: srv.ProjectID()})
		return refusal(err)
	}
	srv.Fail(stytchtest.All, stytchtest.Fault{Status: 503})
	srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500, Times: 2})
	for i, want := range []string{"500 internal_server_error", "500 internal_server_error", "503 server_unavailable"} {
		if got := authenticate(); got != want {
			t.Errorf("request %d met %q, want %q: its own fault twice, then that of All", i+1, got, want)
		}
	}
	if got := keys(); got != "503 server_unavailable" {
		t.Errorf("another endpoint met %q", got)
	}
	srv.Recover()
	if a, k := authenticate(), keys(); a != "" || k != "" {
		t.Errorf("after Recover they met %q and %q", a, k)
	}
}

func TestRetryAfterIsInWholeSeconds(t *testing.T) {
	srv := start(t)
	srv.Fail(stytchtest.JWKS, stytchtest.Fault{Status: 429, RetryAfter: 1500 * time.Millisecond})
	status, header := get(t, srv, "/v1/b2b/sessions/jwks/"+srv.ProjectID())
	if got := header.Get("Retry-After"); got != "2" || status != http.StatusTooManyRequests {
		t.Errorf("%d with Retry-After %q, want 429 and 2", status, got)
	}
}

func TestLatencyIsOnTheServersClock(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	srv.Fail(stytchtest.JWKS, stytchtest.Fault{Latency: time.Minute, Times: 1})
	answered := make(chan int)
	go func() {
		status, _ := get(t, srv, "/v1/b2b/sessions/jwks/"+srv.ProjectID())
		answered <- status
	}()

	if err := clock.BlockUntil(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Minute - time.Nanosecond)
	select {
	case status := <-answered:
		t.Fatalf("answered %d too early", status)
	default:
	}
	clock.Advance(time.Nanosecond)
	if status := <-answered; status != http.StatusOK {
		t.Errorf("answered %d", status)
	}
}

func TestRequestsWhoseAnswerIsLostHaveTheirEffect(t *testing.T) {
	for _, row := range []struct {
		name  string
		fault stytchtest.Fault
		ends  bool
	}{
		{"cut off: the session is revoked", stytchtest.Fault{Truncate: true}, true},
		{"reset: it is not", stytchtest.Fault{Reset: true}, false},
		{"an error: it is not", stytchtest.Fault{Status: 500}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv := start(t)
			client := sdk(t, srv)
			session := srv.AddMember(stytchtest.Member{}).SignIn()
			srv.Fail(stytchtest.Revoke, row.fault)
			if _, err := client.Sessions.Revoke(t.Context(), &sessions.RevokeParams{SessionToken: session.Token}); err == nil {
				t.Error("the SDK saw no error")
			}
			_, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: session.Token})
			if ended := refusal(err) == "404 session_not_found"; ended != row.ends {
				t.Errorf("the session ended: %t, want %t", ended, row.ends)
			}
		})
	}
}

func TestHeldAnswersStandAsTheyWere(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	session := srv.AddMember(stytchtest.Member{}).SignIn()
	hold := srv.Hold(stytchtest.Authenticate)
	const callers = 10
	answers := make(chan string, callers)
	for range callers {
		go func() {
			_, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: session.Token})
			answers <- refusal(err)
		}()
	}
	if err := hold.Waiting(t.Context(), callers); err != nil {
		t.Fatal(err)
	}
	session.End()
	hold.Release()
	hold.Release()
	for range callers {
		wantAnswer(t, <-answers, "")
	}
	_, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: session.Token})
	wantRefusal(t, err, "404 session_not_found") // nothing is held any more, and the session is over
	if calls := srv.Calls(stytchtest.Authenticate); calls != callers+1 {
		t.Errorf("counted %d calls", calls)
	}
}

func TestWaitingGivesUpWithItsContext(t *testing.T) {
	srv := start(t)
	hold := srv.Hold(stytchtest.All)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := hold.Waiting(ctx, 1); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "0 of 1") {
		t.Errorf("got %v", err)
	}
}

func wantAnswer(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("answered %q, want %q", got, want)
	}
}

// get asks the server without credentials; it may be called in any goroutine.
func get(t *testing.T, srv *stytchtest.Server, path string) (status int, header http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL()+path, http.NoBody)
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	_ = response.Body.Close()
	return response.StatusCode, response.Header
}

// recorder is a test that only notes what fails it.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func TestAFaultOfWhatIsNoEndpointFailsTheTest(t *testing.T) {
	r := &recorder{TB: t}
	srv := stytchtest.Start(r)
	srv.Fail(stytchtest.All, stytchtest.Fault{})
	srv.Fail(stytchtest.Other, stytchtest.Fault{})
	srv.Fail(stytchtest.Authenticate, stytchtest.Fault{})
	srv.Hold(stytchtest.JWKS).Release()
	if len(r.said) > 0 {
		t.Errorf("of endpoints it says %q", r.said)
	}
	srv.Fail("sessions/authenticate", stytchtest.Fault{})
	srv.Hold("Authenticate").Release()
	if len(r.said) != 2 || !strings.Contains(r.said[0], `"sessions/authenticate"`) || !strings.Contains(r.said[1], `"Authenticate"`) || !strings.Contains(r.said[0], "stytchtest.Authenticate") {
		t.Errorf("of others it says %q", r.said)
	}
}
