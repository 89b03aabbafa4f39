package e2e

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// TestUserSDK runs Stytch's browser SDK of consumer projects beside an application on each framework.
func TestUserSDK(t *testing.T) {
	browser := startBrowser(t)
	script := build(t, filepath.Join("web", "pages", "sdk_user.js"))
	for _, framework := range apis() {
		t.Run(framework.name, func(t *testing.T) {
			for _, c := range []struct {
				name   string
				jwtAge time.Duration
				run    func(*testing.T, *frontend)
			}{
				{"the application refreshes the cookies, and the SDK goes on", longAgo, sdkGoesOn},
				{"signing out by the SDK", longAgo, sdkSignsOut},
				{"the SDK notices at its next refresh that the application has signed out", 0, sdkNotices},
				{"a session that is revoked at Stytch is over on both sides", longAgo, sdkRevoked},
				{"nobody is signed out while Stytch is down", longAgo, sdkOutage},
				{"two tabs of the SDK agree, and with the application", 0, sdkTabs},
				{"signing in by magic link", 0, userMagicLink},
			} {
				t.Run(c.name, func(t *testing.T) {
					f := (&suite{browser: browser}).besideAPI(t, framework, stytchtest.Consumer, script, c.jwtAge)
					f.signIn()
					c.run(t, f)
				})
			}
		})
	}
}

// besideAPI is a frontend of an application in this process, on the same host.
func (s *suite) besideAPI(t *testing.T, framework api, vertical stytchtest.Vertical, script []byte, jwtAge time.Duration) *frontend {
	t.Helper()
	f := &frontend{clock: stytchtest.NewClock(time.Now().Add(-jwtAge)), jwtAge: jwtAge}
	f.stytch = stytchtest.Start(t, stytchtest.Options{Clock: f.clock, BrowserSDK: true, Vertical: vertical})
	f.addPerson()
	site := sdkSite(t, script)
	config := f.stytch.Config()
	config.Cookies.Owner = stytchkit.BrowserSDK
	config.TrustedOrigins = []string{site}
	config.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	f.api = framework.start(t, auth, site)
	f.visitor = s.visit(t, site)
	f.begin("/api/me", "/api/logout")
	return f
}

// userMagicLink signs up by what Stytch mails.
func userMagicLink(_ *testing.T, f *frontend) {
	f.evaluate("void await stytch.session.revoke()")
	f.shows("Nobody")
	f.evaluate("void await stytch.magicLinks.email.loginOrCreate('bob@acme.example', { login_magic_link_url: location.href, signup_magic_link_url: location.href })")
	f.openMail()
	f.evaluate("void await stytch.magicLinks.authenticate(query.get('token'), { session_duration_minutes: 60 })")
	f.shows("bob@acme.example")
	f.subject = f.evaluate("stytch.user.getSync().user_id")
	f.isKnown()
}
