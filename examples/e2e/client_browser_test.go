package e2e

import (
	"testing"
	"time"
)

func TestClientInChromium(t *testing.T) {
	s := &suite{browser: startBrowser(t)}
	t.Run("nobody; then the server's state; in the next page what is kept, at first", s.clientOrder)
	t.Run("signing out in one tab signs all out within a second", s.clientSignOut)
	t.Run("a form that signs out does so in all tabs too", s.clientForm)
	t.Run("another member replaces the state in every tab", s.clientAnotherMember)
	t.Run("Back after signing out never shows the old member", s.clientBack)
	t.Run("an outage keeps the state, and so does being offline", s.clientOutage)
	t.Run("who looks at the page again learns what happened meanwhile", s.clientLooks)
	t.Run("who comes online again learns what happened meanwhile", s.clientOnline)
	t.Run("tabs agree without BroadcastChannel, by the storage event", s.clientStorage)
	t.Run("what did not change is answered 304", s.clientNotModified)
	t.Run("a 401 to a page's own request is a Problem, and reported", s.clientFetch)
	t.Run("another origin's page signs nobody out", s.clientOrigin)
	t.Run("the state is asked again when the session ends", s.clientExpiry)
	t.Run("the guard leads to the sign-in page and back", s.clientGuard)
}

func (s *suite) clientOrder(t *testing.T) {
	app := newApplication(t, time.Now())
	v := s.visit(t, app.url)
	v.open("/")
	v.becomes("nobody")
	app.signIn(v, "ada@acme.example")
	v.reload()
	v.becomes("ada@acme.example")
	if got := v.said(); got != "nobody unknown, ada@acme.example" {
		t.Errorf("at first: %s", got)
	}
	v.reload()
	v.becomes("ada@acme.example")
	if got := v.said(); got != "nobody unknown, ada@acme.example kept, ada@acme.example" {
		t.Errorf("then: %s", got)
	}
	if kept := v.evaluate("JSON.stringify(localStorage)"); contains(kept, v.cookies("/")["stytch_session"], v.cookies("/")["stytch_session_jwt"]) {
		t.Errorf("a token is kept: %s", kept)
	}
	if got := v.evaluate("Object.keys(await import('" + app.login.ClientURL() + "')).sort().join(' ')"); got != "Problem createSession session" {
		t.Errorf("the module under its lasting name exports %s", got)
	}
}

func (s *suite) clientSignOut(t *testing.T) {
	app := newApplication(t, time.Now())
	v := s.visit(t, app.url)
	app.signIn(v, "ada@acme.example")
	v.open("/")
	v.becomes("ada@acme.example")
	other := v.tab("/other")
	other.becomes("ada@acme.example")
	begun := other.evaluate("window.begun = Date.now()")
	other.evaluate("void (window.gone = becomes('nobody').then(() => Date.now() - begun))")
	v.evaluate("await session.signOut()")
	v.becomes("nobody")
	if took := other.evaluate("await gone < 1000"); took != "true" {
		t.Errorf("the other tab knows after %s ms, since %s", other.evaluate("await gone"), begun)
	}
	if read := other.evaluate("document.cookie"); read != "" {
		t.Errorf("a page reads the cookies %s", read)
	}
	if left := v.cookies("/"); len(left) != 0 {
		t.Errorf("cookies are left: %v", left)
	}
}

func (s *suite) clientForm(t *testing.T) {
	app := newApplication(t, time.Now())
	v := s.visit(t, app.url)
	app.signIn(v, "ada@acme.example")
	v.open("/")
	v.becomes("ada@acme.example")
	other := v.tab("/other")
	other.becomes("ada@acme.example")
	v.press("Sign out")
	v.becomes("nobody")
	if got := v.said(); got != "nobody unknown, nobody" {
		t.Errorf("the page after signing out says %s", got)
	}
	other.becomes("nobody")
}

func (s *suite) clientAnotherMember(t *testing.T) {
	app := newApplication(t, time.Now())
	v := s.visit(t, app.url)
	app.signIn(v, "ada@acme.example")
	v.open("/")
	v.becomes("ada@acme.example")
	app.signIn(v, "bob@acme.example")
	v.evaluate("void (window.came = becomes('bob@acme.example').then(() => Date.now()))")
	other := v.tab("/other")
	other.becomes("bob@acme.example")
	learnt := other.evaluate("Date.now()")
	v.becomes("bob@acme.example")
	if took := v.evaluate("await came - " + learnt + " < 1000"); took != "true" {
		t.Errorf("the first tab knows %s ms after the other", v.evaluate("await came - "+learnt))
	}
	if got := v.said(); got != "nobody unknown, ada@acme.example, bob@acme.example" {
		t.Errorf("the first tab said %s", got)
	}
}

func (s *suite) clientBack(t *testing.T) {
	app := newApplication(t, time.Now())
	v := s.visit(t, app.url)
	app.signIn(v, "ada@acme.example")
	v.open("/")
	v.becomes("ada@acme.example")
	v.press("Another page")
	v.becomes("ada@acme.example")
	v.evaluate("await session.signOut()")
	v.becomes("nobody")
	v.leads("/", func() { v.evaluate("void setTimeout(() => history.back())") })
	v.becomes("nobody")
	if v.evaluate("window.restored") != "true" {
		t.Errorf("the page did not come from the back/forward cache: it said %s", v.said())
	}
	if got := v.said(); got != "nobody unknown, ada@acme.example, nobody unknown, nobody" {
		t.Errorf("the page said %s", got)
	}
}

func (s *suite) clientOutage(t *testing.T) {
	app := newApplication(t, time.Now())
	v := s.visit(t, app.url)
	app.signIn(v, "ada@acme.example")
	v.open("/")
	v.becomes("ada@acme.example")

	v.offline(true)
	v.console.tolerate(app.url + "/auth/session")
	v.evaluate("await session.refresh()")
	v.offline(false)

	app.stytch.Stop()
	app.clock.Advance(10 * time.Minute)
	v.evaluate("await session.refresh()")
	v.becomes("ada@acme.example")
	if err := app.stytch.Restart(); err != nil {
		t.Fatal(err)
	}
	if got := v.said(); got != "nobody unknown, ada@acme.example" {
		t.Errorf("the page said %s", got)
	}
}

// clientExpiry has a session that ends by the browser's clock in some seconds, and by the
// application's in an hour, until that is moved on.
func (s *suite) clientExpiry(t *testing.T) {
	app := newApplication(t, time.Now().Add(3*time.Second-time.Hour))
	v := s.visit(t, app.url)
	app.signIn(v, "ada@acme.example")
	v.open("/")
	v.becomes("ada@acme.example")
	app.clock.Advance(2 * time.Hour)
	v.becomes("nobody")
}

func (s *suite) clientGuard(t *testing.T) {
	app := newApplication(t, time.Now())
	v := s.visit(t, app.url)
	v.open("/")
	v.leads("/login?return_to=%2Fguarded%3Ftab%3D2%23top", func() { v.evaluate("void setTimeout(() => location.href = '/guarded?tab=2#top')") })
}
