package stytchtest_test

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/b2bstytchapi"
	"github.com/stytchauth/stytch-go/v16/stytch/stytcherror"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// noon is where the clock of a test begins.
func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

// key is one for all servers of these tests: generating it takes longer than most of them.
var key = sync.OnceValue(func() *rsa.PrivateKey { //nolint:gochecknoglobals // never changes
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return private
})

// start starts a server on the system's clock.
func start(t *testing.T) *stytchtest.Server {
	t.Helper()
	return stytchtest.Start(t, stytchtest.Options{Key: key()})
}

// startAt starts a server whose clock shows noon.
func startAt(t *testing.T, options stytchtest.Options) (*stytchtest.Server, *stytchtest.Clock) {
	t.Helper()
	clock := stytchtest.NewClock(noon())
	options.Clock, options.Key = clock, key()
	return stytchtest.Start(t, options), clock
}

// sdk is the real SDK, pointed at the server.
func sdk(t *testing.T, srv *stytchtest.Server) *b2bstytchapi.API {
	t.Helper()
	return sdkWith(t, srv, srv.Secret())
}

func sdkWith(t *testing.T, srv *stytchtest.Server, secret string) *b2bstytchapi.API {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true} // so that no request meets a connection of before a Stop
	t.Cleanup(transport.CloseIdleConnections)
	client, err := b2bstytchapi.NewClient(srv.ProjectID(), secret,
		b2bstytchapi.WithBaseURI(srv.URL()),
		b2bstytchapi.WithHTTPClient(&http.Client{Transport: transport}),
		b2bstytchapi.WithInitializationContext(t.Context()), // ends its JWKS goroutine
	)
	if err != nil {
		t.Fatalf("the SDK can't start: %v", err)
	}
	return client
}

// wantRefusal checks for a refusal in Stytch's shape; the empty string wants none.
func wantRefusal(t *testing.T, err error, want string) {
	t.Helper()
	if got := refusal(err); got != want {
		t.Fatalf("refused with %q (%v), want %q", got, err, want)
	}
}

func refusal(err error) string {
	var e stytcherror.Error
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &e):
		return "no Stytch error"
	}
	return fmt.Sprintf("%d %s", e.StatusCode, e.ErrorType)
}
