package signin_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestTheStateOfAPage(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	anonymous := b.does(http.MethodGet, "/auth/session", nil)
	if anonymous.StatusCode != http.StatusOK || anonymous.body != `{"session":null,"member":null,"organization":null,"fromCache":false,"isInitialized":true}` {
		t.Errorf("anonymous: got %d %s", anonymous.StatusCode, anonymous.body)
	}

	member := w.member("ada@example.com")
	alice := member.SignIn(stytchtest.WithLifetime(time.Hour))
	cookies := "Cookie: stytch_session=" + alice.Token + "; stytch_session_jwt=" + alice.JWT()
	r := b.does(http.MethodGet, "/auth/session", nil, cookies)
	var state struct {
		Member       map[string]any `json:"member"`
		Organization map[string]any `json:"organization"`
	}
	if err := json.Unmarshal([]byte(r.body), &state); err != nil || state.Member["member_id"] != member.ID || state.Organization["organization_slug"] != "acme" {
		t.Errorf("signed in: got %d %s (%v)", r.StatusCode, r.body, err)
	}
	if got := r.Header.Get("Cache-Control"); got != "private, no-cache" || !slices.Contains(r.Header.Values("Vary"), "Cookie, Authorization") {
		t.Errorf("Cache-Control %q and Vary %q, want private, no-cache and Cookie, Authorization", got, r.Header.Values("Vary"))
	}
	again := b.does(http.MethodGet, "/auth/session", nil, cookies, "If-None-Match: "+r.Header.Get("Etag"))
	if again.StatusCode != http.StatusNotModified || again.body != "" {
		t.Errorf("with its ETag: got %d %q, want 304 and nothing", again.StatusCode, again.body)
	}

	w.clock.Advance(10 * time.Minute) // the JWT is refreshed
	refreshed := b.does(http.MethodGet, "/auth/session", nil, cookies)
	if got := refreshed.Header.Get("Cache-Control"); got != "private, no-store" || len(refreshed.Header.Values("Set-Cookie")) != 2 {
		t.Errorf("refreshed: Cache-Control %q and cookies %q", got, refreshed.Header.Values("Set-Cookie"))
	}

	w.stytch.Stop()
	w.clock.Advance(time.Minute)
	bob := "Cookie: stytch_session=" + strings.Repeat("b", 44)
	if r := w.browser().does(http.MethodGet, "/auth/session", nil, bob); !strings.HasSuffix(r.body, `"isInitialized":false}`) {
		t.Errorf("Stytch is down: got %d %s, want isInitialized false", r.StatusCode, r.body)
	}
	if r := b.does(http.MethodPost, "/auth/session", nil, cookies); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a POST: got %d, want 405", r.StatusCode)
	}
}
