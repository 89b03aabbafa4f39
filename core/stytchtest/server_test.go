package stytchtest_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/organizations"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestNewRefusesOptionsByName(t *testing.T) {
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name    string
		options stytchtest.Options
		want    string
	}{
		{"an address others can reach", stytchtest.Options{Addr: "0.0.0.0:0"}, `Options.Addr "0.0.0.0:0" is not a loopback address`},
		{"an address without a port", stytchtest.Options{Addr: "127.0.0.1"}, `Options.Addr "127.0.0.1"`},
		{"a project ID that is none", stytchtest.Options{ProjectID: "proj-1"}, `Options.ProjectID "proj-1" is not a Stytch project ID`},
		{"a negative limit", stytchtest.Options{Limits: stytchtest.Limits{Links: -1}}, "Options.Limits.Links is -1"},
		{"a short key", stytchtest.Options{Key: short}, "Options.Key is too short"},
		{"a state that is none", stytchtest.Options{State: strings.NewReader("<html>")}, "Options.State is not what Server.Save writes"},
		{"a state with a key that is none", stytchtest.Options{State: strings.NewReader(`{"keys":[{"kid":"k1","pkcs8":"AAAA"}]}`)}, "Options.State: key k1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv, err := stytchtest.New(row.options)
			if err == nil {
				srv.Close()
				t.Fatal("it started")
			}
			if !strings.Contains(err.Error(), row.want) {
				t.Errorf("said %q, want %q in it", err, row.want)
			}
		})
	}
}

func TestNewSaysOnceThatItIsNotForProduction(t *testing.T) {
	var log bytes.Buffer
	srv, err := stytchtest.New(stytchtest.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	if got := log.String(); strings.Count(got, "not for production") != 1 || !strings.Contains(got, srv.URL()) || strings.Contains(got, srv.Secret()) {
		t.Errorf("logged %q", got)
	}
}

func TestTwoServersCannotShareAnAddress(t *testing.T) {
	srv := start(t)
	_, err := stytchtest.New(stytchtest.Options{Addr: strings.TrimPrefix(srv.URL(), "http://")})
	if !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("got %v", err)
	}
}

func TestEveryEndpointButTheKeysWantsTheProjectsCredentials(t *testing.T) {
	srv := start(t)
	client := sdkWith(t, srv, "secret-test-wrong")
	for _, row := range []struct {
		name string
		call func(context.Context) error
	}{
		{"authenticate", func(ctx context.Context) error {
			_, err := client.Sessions.Authenticate(ctx, &sessions.AuthenticateParams{SessionToken: "x"})
			return err
		}},
		{"policy", func(ctx context.Context) error { _, err := client.RBAC.Policy(ctx, &rbac.PolicyParams{}); return err }},
		{"an endpoint it does not speak", func(ctx context.Context) error {
			_, err := client.Organizations.Search(ctx, &organizations.SearchParams{})
			return err
		}},
	} {
		t.Run(row.name, func(t *testing.T) { wantRefusal(t, row.call(t.Context()), "401 unauthorized_credentials") })
	}
}

func TestWhatIsNoEndpointIsRefusedAndCounted(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	srv.ResetCalls()
	_, err := client.Organizations.Search(t.Context(), &organizations.SearchParams{})
	wantRefusal(t, err, "404 route_not_found")
	for _, path := range []string{"/", "//v1/b2b/sessions/jwks/" + srv.ProjectID(), "/v1/b2b/sessions/authenticate"} {
		if got, _ := get(t, srv, path); got != http.StatusUnauthorized {
			t.Errorf("GET %s is answered %d", path, got)
		}
	}
	if other, total := srv.Calls(stytchtest.Other), srv.TotalCalls(); other != 4 || total != 4 {
		t.Errorf("counted %d as others of %d, want 4 of 4", other, total)
	}
}

func TestBodiesThatAreNotJSONOrTooLarge(t *testing.T) {
	srv := start(t)
	for _, row := range []struct {
		name, body string
		want       int
	}{
		{"not JSON", "<html>", 400},
		{"JSON of another shape", `{"session_token": 1}`, 400},
		{"more than a megabyte", strings.Repeat(" ", 1<<20+1), 413},
	} {
		t.Run(row.name, func(t *testing.T) {
			if status, data := post(t, srv, "/v1/b2b/sessions/authenticate", row.body); status != row.want {
				t.Errorf("answered %d, want %d: %s", status, row.want, data)
			}
		})
	}
}

func TestAStoppedServerRefusesConnectionsAndKeepsItsState(t *testing.T) {
	srv := start(t)
	client := sdk(t, srv)
	session := srv.AddMember(stytchtest.Member{}).SignIn()
	authenticate := func() error {
		_, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: session.Token})
		return err
	}
	url := srv.URL()
	srv.Stop()
	srv.Stop()
	if err := authenticate(); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("stopped, the SDK saw %v", err)
	}
	if err := srv.Restart(); err != nil {
		t.Fatal(err)
	}
	if err := srv.Restart(); err != nil {
		t.Fatal(err)
	}
	if srv.URL() != url {
		t.Errorf("the URL is %s, was %s", srv.URL(), url)
	}
	wantRefusal(t, authenticate(), "")
	srv.Close()
	srv.Close()
	if err := srv.Restart(); err == nil {
		t.Error("a closed server restarted")
	}
}

func TestCloseWaitsForNobody(t *testing.T) {
	for _, row := range []struct {
		name string
		// trouble returns a wait until a request is in it.
		trouble func(*stytchtest.Server, *stytchtest.Clock) (arrived func(context.Context) error)
	}{
		{"with a request that hangs", func(srv *stytchtest.Server, _ *stytchtest.Clock) func(context.Context) error {
			srv.Fail(stytchtest.JWKS, stytchtest.Fault{Hang: true})
			hold := srv.Hold(stytchtest.JWKS)
			return func(ctx context.Context) error { defer hold.Release(); return hold.Waiting(ctx, 1) }
		}},
		{"with an answer that is held", func(srv *stytchtest.Server, _ *stytchtest.Clock) func(context.Context) error {
			hold := srv.Hold(stytchtest.JWKS)
			return func(ctx context.Context) error { return hold.Waiting(ctx, 1) }
		}},
		{"with an answer that is late", func(srv *stytchtest.Server, clock *stytchtest.Clock) func(context.Context) error {
			srv.Fail(stytchtest.JWKS, stytchtest.Fault{Latency: time.Hour})
			return func(ctx context.Context) error { return clock.BlockUntil(ctx, 1) }
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv, clock := startAt(t, stytchtest.Options{})
			arrived := row.trouble(srv, clock)
			failed := make(chan error)
			go func() {
				response, err := http.Get(srv.URL() + "/v1/b2b/sessions/jwks/" + srv.ProjectID())
				if err == nil {
					_ = response.Body.Close()
				}
				failed <- err
			}()
			if err := arrived(t.Context()); err != nil {
				t.Fatal(err)
			}
			srv.Close()
			if err := <-failed; err == nil {
				t.Error("the caller got an answer")
			}
		})
	}
}

func TestEverythingAtOnce(t *testing.T) {
	srv := stytchtest.Start(t, stytchtest.Options{Limits: stytchtest.Limits{Sessions: 20}})
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{})
	work := []func(){
		func() {
			_, _ = client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionJWT: member.SignIn().JWT()})
		},
		func() { member.SignIn(stytchtest.WithToken("one-token-for-all")).End() },
		func() { srv.AddMember(stytchtest.Member{Email: member.Email, Roles: []string{"editor"}}) },
		func() { srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 500, Times: 1}); srv.Recover() },
		func() { srv.Hold(stytchtest.All).Release() },
		func() { srv.SetExtraKeys(); srv.PublishKeys(); srv.ResetCalls() },
		func() { _ = srv.Save(io.Discard); srv.Mail(); srv.Members() },
		func() { _, _ = client.RBAC.Policy(t.Context(), &rbac.PolicyParams{}) },
		func() {
			srv.SetProviderUser(member.Email)
			srv.AddConnection(stytchtest.Connection{}).Link(member.Email, callback)
		},
		func() { _ = srv.Texts(); _ = member.TOTP(); _ = member.RecoveryCodes(); member.Invite(callback) },
		func() {
			srv.Stop()
			if err := srv.Restart(); err != nil {
				t.Error(err)
			}
		},
	}
	var group sync.WaitGroup
	for _, do := range work {
		group.Go(func() {
			for range 10 {
				do()
			}
		})
	}
	group.Go(func() { srv.RotateKeys(); srv.DropOldKeys() })
	group.Wait()
}
