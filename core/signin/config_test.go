package signin_test

import (
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestNewSaysWhatIsWrong(t *testing.T) {
	srv := stytchtest.Start(t, stytchtest.Options{Key: signingKey()})
	live := stytchtest.Start(t, stytchtest.Options{Key: signingKey(), ProjectID: "project-live-1", Secret: "secret-live-1"})
	for _, c := range []struct {
		name string
		core stytchkit.Config
		cfg  signin.Config
		want string // in the error; empty: none
	}{
		{"the least there is", srv.Config(), signin.Config{LoginURL: "/login"}, ""},
		{"everything", srv.Config(), signin.Config{
			Origin: "https://app.example.com/", Prefix: "/sign/in", LoginURL: "https://www.example.com/login", AfterLogin: "https://www.example.com/",
			AfterLogout: "/bye?x=1", MFAURL: "/mfa", PasswordResetURL: "/reset", SessionDuration: 24 * time.Hour, Providers: []string{"google"},
		}, ""},
		{"the shortest session", srv.Config(), signin.Config{LoginURL: "/login", SessionDuration: 5 * time.Minute}, ""},
		{"the longest", srv.Config(), signin.Config{LoginURL: "/login", SessionDuration: 366 * 24 * time.Hour}, ""},
		{"plain http on this machine", srv.Config(), signin.Config{LoginURL: "/login", Origin: "http://localhost:8080"}, ""},
		{"another cookie owner", withOwner(srv.Config(), stytchkit.BrowserSDK), signin.Config{LoginURL: "/login"}, "Cookies.Owner is not stytchkit.Backend"},
		{"cookies of Stytch's", withOwner(srv.Config(), stytchkit.StytchDomain), signin.Config{LoginURL: "/login"}, "Cookies.Owner is not stytchkit.Backend"},
		{"no login page", srv.Config(), signin.Config{}, "Config.LoginURL and the Authenticator's Config.LoginURL are empty"},
		{"a login page elsewhere", srv.Config(), signin.Config{LoginURL: "//evil.example"}, `Config.LoginURL "//evil.example" is neither`},
		{"an end elsewhere", srv.Config(), signin.Config{LoginURL: "/login", AfterLogin: `/\evil.example`}, "Config.AfterLogin"},
		{"a script", srv.Config(), signin.Config{LoginURL: "/login", AfterLogout: "javascript:alert(1)"}, "Config.AfterLogout"},
		{"a relative page", srv.Config(), signin.Config{LoginURL: "/login", MFAURL: "mfa"}, "Config.MFAURL"},
		{"userinfo", srv.Config(), signin.Config{LoginURL: "/login", PasswordResetURL: "https://a@b/"}, "Config.PasswordResetURL"},
		{"a live project without its origin", live.Config(), signin.Config{LoginURL: "/login"}, "Config.Origin is empty"},
		{"a live project in the clear", live.Config(), signin.Config{LoginURL: "/login", Origin: "http://localhost"}, "is not https"},
		{"a host in the clear", srv.Config(), signin.Config{LoginURL: "/login", Origin: "http://app.example.com"}, "is not https"},
		{"an origin with a path", srv.Config(), signin.Config{LoginURL: "/login", Origin: "https://app.example.com/app"}, "is not an origin"},
		{"many origins", srv.Config(), signin.Config{LoginURL: "/login", Origin: "https://*.example.com"}, "is not an origin"},
		{"an origin beside a host for each organization", withOrigin(srv.Config(), "https://*.example.com"), signin.Config{LoginURL: "/login", Origin: "https://app.example.com"}, "want it empty"},
		{"an origin beside one with a path", withOrigin(srv.Config(), "https://example.com/app"), signin.Config{LoginURL: "/login", Origin: "https://example.com"}, "want it empty"},
		{"a host for each organization", withOrigin(srv.Config(), "https://*.example.com"), signin.Config{LoginURL: "/login"}, ""},
		{"a page as browsers see it", withOrigin(srv.Config(), "https://example.com/app"), signin.Config{LoginURL: "/login", AfterLogin: "/app/"}, "Config.AfterLogin"},
		{"a login page below the prefix, below a path", withOrigin(srv.Config(), "https://example.com/app"), signin.Config{LoginURL: "/auth/login"}, "Config.LoginURL"},
		{"an origin with credentials", srv.Config(), signin.Config{LoginURL: "/login", Origin: "https://a:b@app.example.com"}, "is not an origin"},
		{"no origin at all", srv.Config(), signin.Config{LoginURL: "/login", Origin: "app.example.com"}, "is not an origin"},
		{"a prefix with a slash at its end", srv.Config(), signin.Config{LoginURL: "/login", Prefix: "/auth/"}, "Config.Prefix"},
		{"the root", srv.Config(), signin.Config{LoginURL: "/login", Prefix: "/"}, "Config.Prefix"},
		{"a pattern", srv.Config(), signin.Config{LoginURL: "/login", Prefix: "/:org"}, "Config.Prefix"},
		{"a provider with a slash", srv.Config(), signin.Config{LoginURL: "/login", Providers: []string{"google/x"}}, "Config.Providers"},
		{"the secret as public token", srv.Config(), signin.Config{LoginURL: "/login", PublicToken: "secret-test-1"}, "Config.PublicToken"},
		{"a login page under the prefix", srv.Config(), signin.Config{LoginURL: "/auth/login"}, "Config.LoginURL"},
		{"cookies for another domain than the origin's", withDomain(srv.Config(), "example.org"), signin.Config{LoginURL: "/login", Origin: "https://app.example.com"}, "Cookies.Domain"},
		{"half a minute", srv.Config(), signin.Config{LoginURL: "/login", SessionDuration: 330 * time.Second}, "Config.SessionDuration"},
		{"too short", srv.Config(), signin.Config{LoginURL: "/login", SessionDuration: time.Minute}, "Config.SessionDuration"},
		{"negative", srv.Config(), signin.Config{LoginURL: "/login", SessionDuration: -time.Hour}, "Config.SessionDuration"},
	} {
		t.Run(c.name, func(t *testing.T) {
			auth, err := stytchkit.New(c.core)
			if err != nil {
				t.Fatal(err)
			}
			defer auth.Close()
			_, err = signin.New(auth, c.cfg)
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("one mistake is reported as several errors: %v", err)
			}
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := signin.New(nil, signin.Config{}); err == nil {
		t.Error("New took a nil Authenticator")
	}
}

func withOwner(cfg stytchkit.Config, owner stytchkit.CookieOwner) stytchkit.Config {
	cfg.Cookies.Owner = owner
	return cfg
}

func withOrigin(c stytchkit.Config, origin string) stytchkit.Config {
	c.Origin = origin
	return c
}

func withDomain(cfg stytchkit.Config, domain string) stytchkit.Config {
	cfg.Cookies.Domain = domain
	return cfg
}

func TestASessionLivesAsLongAsConfigured(t *testing.T) {
	w := newWorld(t, func(c *signin.Config) { c.SessionDuration = 8 * time.Hour })
	b := w.signedIn(w.member("alice@acme.example"))
	session := b.at("/me")
	d := w.auth.Optional().Check(t.Context(), stytchkit.HTTPRequest{R: session})
	if left := d.Session.ExpiresAt().Sub(w.clock.Now()); left != 8*time.Hour {
		t.Errorf("the session lives %v, want 8h", left)
	}
}
