package demotest

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// besideFrontend has a demo whose cookies another one owns: its pages sign in, here is the sign-out alone.
func besideFrontend(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for _, owner := range []string{"browser-sdk", "stytch-domain"} {
		p := startProcess(ctx, t, 1, "ADDR=127.0.0.1:0", "STYTCH_COOKIES="+owner)
		for _, row := range []struct {
			method, path, origin string
			status               int
			says                 string
		}{
			{"GET", "/login", "", http.StatusOK, "FRONTEND_ORIGIN"},
			{"GET", "/auth/client.js", "", http.StatusNotFound, ""},
			{"POST", "/auth/logout", "", http.StatusNotFound, ""},
			{"GET", "/api/session", "", http.StatusOK, `"isInitialized":true`},
			{"GET", "/api/me", "", http.StatusUnauthorized, "session_missing"},
			{"POST", "/api/logout", "https://other.example", http.StatusForbidden, "cross_origin"},
			{"POST", "/api/logout", "", http.StatusNoContent, ""},
			{"GET", "/api/logout", "", http.StatusMethodNotAllowed, ""},
		} {
			r, err := http.NewRequestWithContext(ctx, row.method, strings.TrimSuffix(p.urls[0], "/")+row.path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			if row.origin != "" {
				r.Header.Set("Origin", row.origin)
			}
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			_ = res.Body.Close() // it has been read
			if err != nil || res.StatusCode != row.status || !strings.Contains(string(body), row.says) {
				t.Errorf("%s: %s %s: got %d %q (%v), want %d and %q", owner, row.method, row.path, res.StatusCode, body, err, row.status, row.says)
			}
		}
		p.end(t)
	}
}
