package stytchecho_test

import (
	"log/slog"
	"net/http"
	"testing"

	"github.com/labstack/echo/v5"

	stytchecho "github.com/stytchkit/stytchkit/adapters/echo5"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestARememberedSessionAddsOneAllocation(t *testing.T) {
	const limit = 1 // the context that carries the decision, with the request that carries the context in it
	srv := stytchtest.Start(t)
	cfg := srv.Config()
	cfg.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer auth.Close()
	if err := auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	session := srv.AddMember(stytchtest.Member{}).SignIn()
	bare, guarded := echo.New(), echo.New()
	bare.GET("/me", func(c *echo.Context) error { return c.NoContent(http.StatusOK) })
	guarded.GET("/me", func(c *echo.Context) error {
		if stytchecho.Session(c).ID() != session.ID {
			return c.NoContent(http.StatusTeapot)
		}
		return c.NoContent(http.StatusOK)
	}, stytchecho.Require(auth))
	for name, r := range map[string]*http.Request{
		"both cookies": session.Request(http.MethodGet, "/me"),
		"bearer":       session.BearerRequest(http.MethodGet, "/me"),
	} {
		if added := allocations(t, guarded, r) - allocations(t, bare, r); added > limit+0.5 {
			t.Errorf("%s: the middleware adds %.2f allocations, want at most %d", name, added, limit)
		}
	}
}

// allocations is how many a request costs, as an average: under the race detector, pools forget.
func allocations(t *testing.T, h http.Handler, r *http.Request) float64 {
	t.Helper()
	const requests = 200
	w := &response{header: http.Header{}}
	perRun := testing.AllocsPerRun(10, func() {
		for range requests {
			w.status = 0
			h.ServeHTTP(w, r)
			if w.status != http.StatusOK {
				t.Fatalf("got status %d, want 200 from a handler that saw the session", w.status)
			}
		}
	})
	return perRun / requests
}

// response throws the body away; an httptest.ResponseRecorder would allocate.
type response struct {
	header http.Header
	status int
}

var _ http.ResponseWriter = (*response)(nil)

func (w *response) Header() http.Header            { return w.header }
func (w *response) Write(body []byte) (int, error) { return len(body), nil }
func (w *response) WriteHeader(status int)         { w.status = status }
