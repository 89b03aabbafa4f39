package fasthttptest

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// RunReadBuffer wants a read buffer that is too small to be said, once and by its name in the framework. build
// makes an application that has one of this size, 0 being the default, and two guards that let anybody through.
func RunReadBuffer(t *testing.T, name string, build func(auth *stytchkit.Authenticator, size int) fasthttp.RequestHandler) {
	t.Helper()
	srv := stytchtest.Start(t)
	for size, want := range map[int]int{0: 1, 4 << 10: 1, 8 << 10: 0, ReadBuffer: 0} {
		var log strings.Builder
		auth := srv.Authenticator(t, func(c *stytchkit.Config) {
			c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
		})
		handler := build(auth, size)
		for range 2 {
			handler(received(t, httptest.NewRequest(http.MethodGet, "/", http.NoBody)))
		}
		auth.Close()
		if got := strings.Count(log.String(), name); got != want {
			t.Errorf("a buffer of %d bytes is said %d times, want %d: %s", size, got, want, log.String())
		}
	}
}
