package adaptertest

import (
	"net/http"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Remembered is a member whose session an Authenticator remembers from its first request on, as most requests find it.
type Remembered struct {
	Auth    *stytchkit.Authenticator
	Session *stytchtest.Session
}

// Remember starts a stand-in for Stytch and an Authenticator of it, and signs somebody in.
func Remember(tb testing.TB) *Remembered {
	tb.Helper()
	srv := stytchtest.Start(tb)
	return &Remembered{srv.Authenticator(tb), srv.AddMember(stytchtest.Member{}).SignIn()}
}

// Status is what a handler behind the guard answers with: 200 if it sees the member's session, or else 418.
func (m *Remembered) Status(seen *stytchkit.Session) int {
	if seen.ID() != m.Session.ID {
		return http.StatusTeapot
	}
	return http.StatusOK
}

// Asks is a way to ask an application: once sends the request, which it may prepare before, and fails the
// test if the answer is not 200.
type Asks func(tb testing.TB, r *http.Request) (once func())

// HTTP asks a handler.
func HTTP(h http.Handler) Asks {
	return func(tb testing.TB, r *http.Request) func() {
		w := &thrownAway{header: http.Header{}}
		return func() {
			w.status = 0
			h.ServeHTTP(w, r)
			if w.status != http.StatusOK {
				tb.Fatalf("got status %d, want 200 from a handler that saw the session", w.status)
			}
		}
	}
}

// thrownAway is a response that nobody reads; an httptest.ResponseRecorder would allocate.
type thrownAway struct {
	header http.Header
	status int
}

var _ http.ResponseWriter = (*thrownAway)(nil)

func (w *thrownAway) Header() http.Header            { return w.header }
func (w *thrownAway) Write(body []byte) (int, error) { return len(body), nil }
func (w *thrownAway) WriteHeader(status int)         { w.status = status }

// AddsAtMost wants a GET of /me in the guarded application to allocate no more than limit times beyond what
// it does in the bare one.
func (m *Remembered) AddsAtMost(t *testing.T, limit int, bare, guarded Asks) {
	t.Helper()
	for name, r := range map[string]*http.Request{"both cookies": m.byCookies(), "bearer": m.Session.BearerRequest(http.MethodGet, "/me")} {
		if added := allocations(guarded(t, r)) - allocations(bare(t, r)); added > float64(limit)+0.5 {
			t.Errorf("%s: the guard adds %.2f allocations, want at most %d", name, added, limit)
		}
	}
}

// allocations is how many a call costs, as an average: under the race detector, pools forget.
func allocations(once func()) float64 {
	const calls = 200
	return testing.AllocsPerRun(10, func() {
		for range calls {
			once()
		}
	}) / calls
}

// Benchmark times the same by both cookies, as name/none and name/stytchkit.
func (m *Remembered) Benchmark(b *testing.B, name string, bare, guarded Asks) {
	for _, side := range []struct {
		name string
		asks Asks
	}{{name + "/none", bare}, {name + "/stytchkit", guarded}} {
		b.Run(side.name, func(b *testing.B) {
			once := side.asks(b, m.byCookies())
			b.ReportAllocs()
			for b.Loop() {
				once()
			}
		})
	}
}

func (m *Remembered) byCookies() *http.Request { return m.Session.Request(http.MethodGet, "/me") }
