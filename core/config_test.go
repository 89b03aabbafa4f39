package stytchkit_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestNewSaysWhatIsWrongWithAConfig(t *testing.T) {
	good := func() stytchkit.Config {
		return stytchkit.Config{ProjectID: "project-test-1", Secret: "secret", Cookies: stytchkit.Cookies{Owner: stytchkit.Backend}}
	}
	for _, row := range []struct {
		name  string
		spoil func(*stytchkit.Config)
		says  []string
	}{
		{"nothing set", func(c *stytchkit.Config) { *c = stytchkit.Config{} }, []string{"Config.ProjectID", "Owner", "Backend", "BrowserSDK", "StytchDomain"}},
		{"no project ID", func(c *stytchkit.Config) { c.ProjectID = "" }, []string{"Config.ProjectID is empty"}},
		{"no secret", func(c *stytchkit.Config) { c.Secret = "" }, []string{"Config.Secret is empty"}},
		{"a secret with the newline of its file", func(c *stytchkit.Config) { c.Secret = "secret-hunter2\n" }, []string{"Config.Secret", "white space"}},
		{"a public token as secret", func(c *stytchkit.Config) { c.Secret = "public-token-test-hunter2" }, []string{"Config.Secret", "public token"}},
		{"a live project with a test secret", func(c *stytchkit.Config) { c.ProjectID, c.Secret = "project-live-1", "secret-test-hunter2" }, []string{"Config.Secret", "test project", "Config.ProjectID"}},
		{"a test project with a live secret", func(c *stytchkit.Config) { c.Secret = "secret-live-hunter2" }, []string{"Config.Secret", "live project", "Config.ProjectID"}},
		{"cookies for a domain that the origin is not in", func(c *stytchkit.Config) { c.Origin, c.Cookies.Domain = "https://app.example.com", "example.org" }, []string{"Config.Cookies.Domain", `"example.org"`, "app.example.com"}},
		{"a malformed project ID", func(c *stytchkit.Config) { c.ProjectID = "proj-1" }, []string{`"proj-1"`, "project-test-"}},
		{"a project ID with a path in it", func(c *stytchkit.Config) { c.ProjectID = "project-test-../x" }, []string{"not a Stytch project ID"}},
		{"no cookie owner", func(c *stytchkit.Config) { c.Cookies.Owner = 0 }, []string{"Config.Cookies.Owner", "BrowserSDK"}},
		{"an owner that does not exist", func(c *stytchkit.Config) { c.Cookies.Owner = 9 }, []string{"CookieOwner(9)"}},
		{"a base URL that is none", func(c *stytchkit.Config) { c.BaseURL = "stytch" }, []string{"Config.BaseURL", `"stytch"`}},
		{"a base URL with a path", func(c *stytchkit.Config) { c.BaseURL = "https://x.example/v1" }, []string{"path"}},
		{"a base URL with a password", func(c *stytchkit.Config) { c.BaseURL = "https://u:hunter2@x.example" }, []string{"credentials", "x.example"}},
		{"plain http to another machine", func(c *stytchkit.Config) { c.BaseURL = "http://stytch.example" }, []string{"in the clear"}},
		{"a negative freshness", func(c *stytchkit.Config) { c.Freshness = -1 }, []string{"Config.Freshness", "-1ns", "5m0s"}},
		{"a negative timeout", func(c *stytchkit.Config) { c.Timeout = -time.Second }, []string{"Config.Timeout"}},
		{"a negative bound of stale keys", func(c *stytchkit.Config) { c.KeysStaleFor = -time.Second }, []string{"Config.KeysStaleFor"}},
		{"a negative extension", func(c *stytchkit.Config) { c.ExtendBy = -time.Hour }, []string{"Config.ExtendBy"}},
		{"an extension that Stytch does not take", func(c *stytchkit.Config) { c.ExtendBy = time.Minute }, []string{"Config.ExtendBy", "5m0s"}},
		{"an extension of half minutes", func(c *stytchkit.Config) { c.ExtendBy = 90*time.Minute + time.Second }, []string{"whole minutes"}},
		{"a negative limit", func(c *stytchkit.Config) { c.Limits.EndedSessions = -1 }, []string{"Config.Limits.EndedSessions"}},
		{"a cookie name with a space", func(c *stytchkit.Config) { c.Cookies.Session = "a b" }, []string{`"a b"`}},
		{"one name twice", func(c *stytchkit.Config) { c.Cookies.Session = "stytch_session_jwt" }, []string{"twice"}},
		{"__Host- with a domain", func(c *stytchkit.Config) { c.Cookies.Session, c.Cookies.Domain = "__Host-s", "example.com" }, []string{"__Host-"}},
		{"__Host- with a path", func(c *stytchkit.Config) { c.Cookies.Session, c.Cookies.Path = "__Host-s", "/app" }, []string{"__Host-"}},
		{"a path that is none", func(c *stytchkit.Config) { c.Cookies.Path = "app" }, []string{`"app"`}},
		{"a domain that is none", func(c *stytchkit.Config) { c.Cookies.Domain = "a b" }, []string{`"a b"`}},
		{"the current domain as a legacy one", func(c *stytchkit.Config) { c.Cookies.LegacyDomains = []string{""} }, []string{"LegacyDomains"}},
		{"a login URL to another scheme", func(c *stytchkit.Config) { c.LoginURL = "javascript:alert(1)" }, []string{"Config.LoginURL"}},
		{"a step-up URL to another scheme", func(c *stytchkit.Config) { c.StepUpURL = "javascript:alert(1)" }, []string{"Config.StepUpURL"}},
		{"a step-up URL without a scheme", func(c *stytchkit.Config) { c.StepUpURL = "//evil.example" }, []string{"Config.StepUpURL"}},
		{"a login URL without a scheme", func(c *stytchkit.Config) { c.LoginURL = "//evil.example" }, []string{"Config.LoginURL"}},
		{"an origin that is none", func(c *stytchkit.Config) { c.Origin = "app.example.com" }, []string{"Config.Origin", `"app.example.com"`, "https://app.example.com"}},
		{"an origin of another scheme", func(c *stytchkit.Config) { c.Origin = "ftp://app.example.com" }, []string{"Config.Origin"}},
		{"an origin over plain http", func(c *stytchkit.Config) { c.Origin = "http://app.example.com" }, []string{"Config.Origin", "loopback"}},
		{"an origin that only begins like loopback", func(c *stytchkit.Config) { c.Origin = "http://localhost.evil.example" }, []string{"Config.Origin", "loopback"}},
		{"an origin with a password", func(c *stytchkit.Config) { c.Origin = "https://u:hunter2@app.example.com" }, []string{"Config.Origin", "credentials"}},
		{"an origin with a query", func(c *stytchkit.Config) { c.Origin = "https://app.example.com?a=b" }, []string{"Config.Origin", "query"}},
		{"an origin with a fragment", func(c *stytchkit.Config) { c.Origin = "https://app.example.com#a" }, []string{"Config.Origin", "fragment"}},
		{"an origin with a port that is none", func(c *stytchkit.Config) { c.Origin = "https://app.example.com:x" }, []string{"Config.Origin"}},
		{"an origin with dot segments", func(c *stytchkit.Config) { c.Origin = "https://app.example.com/a/../b" }, []string{"Config.Origin", "path"}},
		{"a host for each of everybody", func(c *stytchkit.Config) { c.Origin = "https://*.com" }, []string{"Config.Origin", "https://*.com", "many hosts", "want", "https://*.example.com"}},
		{"half a label for each", func(c *stytchkit.Config) { c.Origin = "https://app-*.example.com" }, []string{"Config.Origin", "many hosts"}},
		{"an address for each", func(c *stytchkit.Config) { c.Origin = "http://*.127.0.0.1:8080" }, []string{"Config.Origin", "many hosts"}},
		{"a host for each over plain http", func(c *stytchkit.Config) { c.Origin = "http://*.example.com" }, []string{"Config.Origin", "loopback"}},
		{"cookies of one host where there are many", func(c *stytchkit.Config) { c.Origin, c.Cookies.Domain = "https://*.example.com", "acme.example.com" }, []string{"Config.Cookies.Domain", `"acme.example.com"`, "*.example.com"}},
		{"cookies for a domain of one label", func(c *stytchkit.Config) { c.Origin, c.Cookies.Domain = "http://*.localhost:8080", "localhost" }, []string{"Config.Cookies.Domain", `"localhost"`, "http://*.app.localhost:8080"}},
		{"cookies for a path that the application is not at", func(c *stytchkit.Config) { c.Origin, c.Cookies.Path = "https://example.com/app", "/login" }, []string{"Config.Cookies.Path", `"/login"`, `"/app"`}},
		{"cookies for a path that only begins like it", func(c *stytchkit.Config) { c.Origin, c.Cookies.Path = "https://example.com/app", "/ap" }, []string{"Config.Cookies.Path"}},
		{"a login URL as browsers see it", func(c *stytchkit.Config) { c.Origin, c.LoginURL = "https://example.com/app", "/app/login" }, []string{"Config.LoginURL", `"/app/login"`, "/app of Config.Origin", "want /login"}},
		{"a trusted origin of everybody", func(c *stytchkit.Config) { c.TrustedOrigins = []string{"https://*.com"} }, []string{"TrustedOrigins", "https://*.com", "https://*.example.com"}},
		{"a proxy that is none", func(c *stytchkit.Config) { c.TrustedProxies = []netip.Prefix{{}} }, []string{"Config.TrustedProxies", "no prefix"}},
		{"everybody as a proxy", func(c *stytchkit.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")} }, []string{"Config.TrustedProxies", "0.0.0.0/0", "anybody"}},
		{"a proxy that no address is in", func(c *stytchkit.Config) {
			c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("::ffff:10.0.0.0/104")}
		}, []string{"Config.TrustedProxies", "IPv4"}},
		{"a trusted origin with a path", func(c *stytchkit.Config) { c.TrustedOrigins = []string{"https://a.example/"} }, []string{"TrustedOrigins", "https://a.example/"}},
	} {
		cfg := good()
		row.spoil(&cfg)
		auth, err := stytchkit.New(cfg)
		if err == nil {
			auth.Close()
			t.Errorf("%s: New took it", row.name)
			continue
		}
		for _, want := range row.says {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q does not say %q", row.name, err, want)
			}
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %q tells a password", row.name, err)
		}
	}
}

func TestConfigFromEnv(t *testing.T) {
	t.Setenv("STYTCH_PROJECT_ID", "project-test-1")
	t.Setenv("STYTCH_SECRET", "secret")
	t.Setenv("STYTCH_BASE_URL", "https://login.example.com/")
	for value, want := range map[string]stytchkit.CookieOwner{
		"": 0, "backend": stytchkit.Backend, "browser-sdk": stytchkit.BrowserSDK, "stytch-domain": stytchkit.StytchDomain,
	} {
		t.Setenv("STYTCH_COOKIES", value)
		cfg, err := stytchkit.ConfigFromEnv()
		if err != nil || cfg.Cookies.Owner != want || cfg.ProjectID != "project-test-1" || cfg.Secret != "secret" || cfg.BaseURL != "https://login.example.com/" {
			t.Errorf("STYTCH_COOKIES=%q: got owner %v of %q, error %v", value, cfg.Cookies.Owner, cfg.ProjectID, err)
		}
	}
	t.Setenv("STYTCH_COOKIES", "mine")
	if _, err := stytchkit.ConfigFromEnv(); err == nil || !strings.Contains(err.Error(), `"mine"`) {
		t.Errorf("an unknown owner gave %v", err)
	}
}

func TestNewDoesNoNetworkIOAndRecovers(t *testing.T) {
	w := newWorld(t)
	w.srv.Stop()
	auth := w.authenticator()
	if err := auth.Ready(within(t, 5*time.Second)); err == nil {
		t.Error("ready while Stytch is down")
	}
	alice := w.member("alice@example.com")
	if d := check(auth.Require(), bearer(alice.JWT())); code(d) != "stytch_unavailable" {
		t.Errorf("before there are keys: got %q, want stytch_unavailable", code(d))
	}
	if err := w.srv.Restart(); err != nil {
		t.Fatal(err)
	}
	for deadline := within(t, 5*time.Second); auth.Ready(deadline) != nil; { // every retry waits for the clock
		if deadline.Err() != nil {
			t.Fatal("the keys did not come after Stytch was back")
		}
		if err := w.clock.BlockUntil(deadline, 2); err == nil {
			w.clock.Advance(8 * time.Second)
		}
	}
	alice = w.member("alice@example.com") // time has passed
	if d := check(auth.Require(), bearer(alice.JWT())); d.Session.ID() != alice.ID {
		t.Errorf("with keys: got %v, want alice", d.Denial)
	}
}

func TestCloseStopsEveryGoroutine(t *testing.T) {
	srv := stytchtest.Start(t, stytchtest.Options{Key: signingKey()})
	alice := srv.AddMember(stytchtest.Member{}).SignIn()
	before := goleak.IgnoreCurrent()
	cfg := srv.Config()
	auth, err := stytchkit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	hold := srv.Hold(stytchtest.Authenticate)
	waiting := make(chan stytchkit.Decision, 1)
	go func() { waiting <- check(auth.Require(), bearer(alice.Token)) }()
	if err := hold.Waiting(within(t, 5*time.Second), 1); err != nil {
		t.Fatal(err)
	}
	srv.Fail(stytchtest.Revoke, stytchtest.Fault{Status: 500})
	if _, err := endSession(auth, bearer(alice.Token)); err == nil {
		t.Error("the revocation did not fail")
	}

	auth.Close()
	auth.Close()

	if d := <-waiting; code(d) != "stytch_unavailable" {
		t.Errorf("the call under way: got %q, want stytch_unavailable", code(d))
	}
	if d := check(auth.Require(), bearer(alice.Token+"x")); code(d) != "stytch_unavailable" {
		t.Errorf("afterwards a token: got %q, want stytch_unavailable", code(d))
	}
	hold.Release()
	srv.Close()
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
	if err := auth.Ready(context.Background()); err != nil {
		t.Errorf("the keys at hand are gone: %v", err)
	}
}
