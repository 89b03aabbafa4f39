package e2e

import (
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

func (s *suite) clientOnline(t *testing.T) {
	app := newApplication(t, time.Now())
	v := s.visit(t, app.url)
	session := app.signIn(v, "ada@acme.example")
	v.open("/")
	v.becomes("ada@acme.example")
	v.offline(true)
	session.End()
	app.clock.Advance(longAgo)
	v.offline(false)
	v.becomes("nobody")
}

// clientLooks has pages that hear of one of the two alone, when their tab is in front again.
func (s *suite) clientLooks(t *testing.T) {
	for event, muted := range map[string]string{"visibilitychange": "focus", "focus": "visibilitychange"} {
		t.Run(event, func(t *testing.T) {
			app := newApplication(t, time.Now())
			v := s.visit(t, app.url)
			v.beforePages("addEventListener('" + muted + "', (e) => e.stopImmediatePropagation(), true)")
			session := app.signIn(v, "ada@acme.example")
			v.open("/")
			v.becomes("ada@acme.example")
			back := v.behind()
			session.End()
			app.clock.Advance(longAgo)
			back()
			v.becomes("nobody")
		})
	}
}

func (s *suite) clientStorage(t *testing.T) {
	app := newApplication(t, time.Now())
	v := s.visit(t, app.url)
	v.beforePages("delete window.BroadcastChannel")
	app.signIn(v, "ada@acme.example")
	v.open("/")
	v.becomes("ada@acme.example")
	other := v.tab("/login") // its page is the same
	other.beforePages("delete window.BroadcastChannel")
	other.reload()
	other.becomes("ada@acme.example")
	if has := v.evaluate("'BroadcastChannel' in window") + other.evaluate("'BroadcastChannel' in window"); has != "falsefalse" {
		t.Fatalf("there are channels: %s", has)
	}
	other.evaluate("void (window.begun = Date.now())")
	other.evaluate("void (window.gone = becomes('nobody').then(() => Date.now() - begun))")
	v.evaluate("await session.signOut()")
	if took := other.evaluate("await gone < 1000"); took != "true" {
		t.Errorf("the other tab knows after %s ms", other.evaluate("await gone"))
	}
	app.signIn(v, "bob@acme.example")
	v.evaluate("void await session.refresh()")
	other.becomes("bob@acme.example")
}

func (s *suite) clientNotModified(t *testing.T) {
	app := newApplication(t, time.Now())
	v := s.visit(t, app.url)
	app.signIn(v, "ada@acme.example")
	answers := make(chan int64, 8)
	err := chromedp.Listen(v.ctx, func(event any) {
		if e, ok := event.(*network.EventResponseReceived); ok && e.Response.URL == app.url+"/auth/session" {
			answers <- e.Response.Status
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	v.open("/")
	v.becomes("ada@acme.example")
	v.evaluate("void await session.refresh()")
	for _, want := range []int64{http.StatusOK, http.StatusNotModified} {
		select {
		case got := <-answers:
			if got != want {
				t.Errorf("GET /auth/session is answered %d, want %d", got, want)
			}
		case <-time.After(patience):
			t.Fatalf("GET /auth/session is not answered %d", want)
		}
	}
	if got := v.said(); got != "nobody unknown, ada@acme.example" {
		t.Errorf("the page said %s", got)
	}
}

func (s *suite) clientFetch(t *testing.T) {
	app := newApplication(t, time.Now())
	v := s.visit(t, app.url)
	session := app.signIn(v, "ada@acme.example")
	v.open("/")
	v.becomes("ada@acme.example")
	if got := v.evaluate("(await session.fetch('/api/me')).status"); got != "200" {
		t.Errorf("GET /api/me: got %s", got)
	}
	session.End()
	v.console.tolerate(app.url + "/api/me")
	if got := v.evaluate("await session.fetch('/api/me').catch((e) => e.name + ' ' + e.status + ' ' + e.code)"); got != "Problem 401 session_ended" {
		t.Errorf("GET /api/me: got %s", got)
	}
	v.becomes("nobody")
}

// clientOrigin has a page of another port: it is of the same site, so the browser sends the cookies.
func (s *suite) clientOrigin(t *testing.T) {
	app := newApplication(t, time.Now())
	v := s.visit(t, app.url)
	app.signIn(v, "ada@acme.example")
	v.console.tolerate(app.url + "/auth/logout")
	v.follow(serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<!DOCTYPE html><link rel="icon" href="data:,"><p>Another origin`))
	})))
	v.evaluate("(await fetch('" + app.url + "/auth/logout', { method: 'POST', mode: 'no-cors', credentials: 'include' })).type")
	v.open("/")
	v.becomes("ada@acme.example")
}
