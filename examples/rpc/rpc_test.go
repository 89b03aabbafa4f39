package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

const trusted = "https://app.acme.example"

// example is the service over Connect, and somebody who is signed in.
func example(t *testing.T) (*httptest.Server, *stytchkit.Authenticator, *stytchtest.Server) {
	t.Helper()
	standIn := stytchtest.Start(t)
	cfg := standIn.Config()
	cfg.TrustedOrigins, cfg.Logger = []string{trusted}, slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	server := httptest.NewServer(newConnect(auth, trusted, signIn(auth, standIn)))
	t.Cleanup(server.Close)
	return server, auth, standIn
}

// fetch is what a browser sends for the page's fetch with credentials, from a page of this origin.
func fetch(t *testing.T, url, origin, site string, cookies []*http.Cookie) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Connect-Protocol-Version", "1")
	r.Header.Set("Origin", origin)
	r.Header.Set("Sec-Fetch-Site", site)
	r.Header.Set("Sec-Fetch-Mode", "cors")
	for _, cookie := range cookies {
		r.AddCookie(cookie)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestAPageOfATrustedOriginCallsWithCookies(t *testing.T) {
	server, _, _ := example(t)
	signedIn, _ := fetch(t, server.URL+"/login", trusted, "same-site", nil)
	if signedIn.StatusCode != http.StatusNoContent || len(signedIn.Cookies()) == 0 {
		t.Fatalf("got status %d and %d cookies", signedIn.StatusCode, len(signedIn.Cookies()))
	}
	for _, site := range []string{"same-site", "cross-site"} {
		response, body := fetch(t, server.URL+owner, trusted, site, signedIn.Cookies())
		if response.StatusCode != http.StatusOK || !strings.HasPrefix(body, `"documents of member-test-`) {
			t.Errorf("%s: got %d, %s", site, response.StatusCode, body)
		}
		if response.Header.Get("Access-Control-Allow-Origin") != trusted || response.Header.Get("Access-Control-Allow-Credentials") != "true" {
			t.Errorf("%s: the browser would not show it to the page: %v", site, response.Header)
		}
	}
	response, body := fetch(t, server.URL+deleteAll, trusted, "same-site", signedIn.Cookies())
	if response.StatusCode != http.StatusForbidden || reasonIn(t, body) != stytchkit.CodePermissionDenied {
		t.Errorf("got %d, %s", response.StatusCode, body)
	}
}

func TestAPageOfAnotherSiteIsRefused(t *testing.T) {
	server, _, _ := example(t)
	signedIn, _ := fetch(t, server.URL+"/login", trusted, "same-site", nil)
	response, body := fetch(t, server.URL+owner, "https://evil.example", "cross-site", signedIn.Cookies())
	if response.StatusCode != http.StatusForbidden || reasonIn(t, body) != stytchkit.CodeCrossOrigin {
		t.Errorf("got %d, %s", response.StatusCode, body)
	}
	if allowed := response.Header.Get("Access-Control-Allow-Origin"); allowed != "" {
		t.Errorf("%s may read the answer", allowed)
	}
	if response, body := fetch(t, server.URL+version, "https://evil.example", "cross-site", signedIn.Cookies()); body != `"documents of nobody"` {
		t.Errorf("what is public knows the member: %d, %s", response.StatusCode, body)
	}
}

func TestTheBrowserMayAskBeforeItCalls(t *testing.T) {
	server, _, _ := example(t)
	for origin, want := range map[string]int{trusted: http.StatusNoContent, "https://evil.example": http.StatusUnauthorized} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, server.URL+owner, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: got %d, want %d", origin, response.StatusCode, want)
		}
	}
}

// reasonIn is the reason in the details of Connect's JSON, as the page reads it.
func reasonIn(t *testing.T, body string) string {
	t.Helper()
	var answer struct {
		Details []struct {
			Type  string
			Debug struct{ Reason string }
		}
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	for _, detail := range answer.Details {
		if detail.Type == "google.rpc.ErrorInfo" {
			return detail.Debug.Reason
		}
	}
	return ""
}
