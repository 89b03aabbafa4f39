package stytchconnect_test

import (
	"log/slog"
	"net/http"
	"testing"

	stytchconnect "github.com/stytchkit/stytchkit/adapters/connect"
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
	guarded := stytchconnect.Require(auth)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if stytchconnect.Session(r.Context()).ID() == session.ID {
			w.WriteHeader(http.StatusOK)
		}
	}))
	for name, r := range map[string]*http.Request{
		"both cookies": session.Request(http.MethodPost, "/acme.v1.Documents/Get"),
		"bearer":       session.BearerRequest(http.MethodPost, "/acme.v1.Documents/Get"),
	} {
		r.Header.Set("Content-Type", "application/proto")
		w := &response{header: http.Header{}}
		added := testing.AllocsPerRun(1000, func() {
			w.status = 0
			guarded.ServeHTTP(w, r)
			if w.status != http.StatusOK {
				t.Fatalf("got status %d, want 200 from a handler that saw the session", w.status)
			}
		})
		if added > limit+0.5 {
			t.Errorf("%s: the middleware adds %.2f allocations, want at most %d", name, added, limit)
		}
	}
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
