package signin_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// A login's cookie is one that this application has sealed: others are as if they were not there.
func TestForgedLoginsCostNoCall(t *testing.T) {
	w := newWorld(t)
	w.member("attacker@acme.example")
	attacker := w.browser()
	attacker.posts("/auth/magic-link", "email", "attacker@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	w.stytch.ResetCalls()
	var forged []string
	for i := range 8 {
		verifier := base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf("%032d", i)))
		flow := fmt.Sprintf(`{"k":"multi_tenant_magic_links","v":%q,"o":"acme","t":%d}`, verifier, w.clock.Now().Unix())
		forged = append(forged, fmt.Sprintf("stytchkit_flow_FORGED%04d=%s", i, base64.RawURLEncoding.EncodeToString([]byte(flow))+strings.Repeat("A", 22*(i%2))))
	}
	for range 5 {
		w.browser().gets(w.link(), "Cookie: "+strings.Join(forged, "; "))
	}
	if n := w.logins(); n != 0 {
		t.Errorf("5 callbacks with forged logins made %d calls, want none", n)
	}
	attacker.gets(w.link()).goes(t, "/")
}

// That a token is not of a login is asked once: who repeats it is told what is known.
func TestALoginThatATokenIsNotOfIsAskedAboutOnce(t *testing.T) {
	w := newWorld(t)
	w.member("alice@acme.example")
	b, other := w.browser(), w.browser()
	for range 4 {
		b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	}
	other.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	for range 5 {
		b.gets(w.link()).goes(t, "/login?reason=other_browser")
	}
	if n := w.logins(); n != 4 {
		t.Errorf("5 callbacks with 4 logins under way made %d calls, want one for each login", n)
	}
	other.gets(w.link()).goes(t, "/")
}

// again sends a request with the cookies that the browser had then.
func (b *browser) again(method, target string, cookies []*http.Cookie) reply {
	var pairs []string
	for _, c := range cookies {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	fresh := b.w.browser()
	return fresh.does(method, target, formOf("x", "1"), "Cookie: "+strings.Join(pairs, "; "))
}

func (b *browser) held(target string) []*http.Cookie {
	return b.jar.Cookies(must(http.NewRequest(http.MethodGet, b.w.app.URL+target, nil)).URL)
}

func TestASecondSubmissionJoinsTheFirst(t *testing.T) {
	for _, c := range []struct {
		name     string
		endpoint stytchtest.Endpoint
		to       string
		begin    func(w *world, b *browser) (method, target string)
	}{
		{"a confirmed link", stytchtest.AuthenticateMagicLink, "/", func(w *world, b *browser) (string, string) {
			return http.MethodPost, b.opens(w.foreignLink(w.member("alice@acme.example")))
		}},
		{"a magic link of this browser", stytchtest.AuthenticateMagicLink, "/x", func(w *world, b *browser) (string, string) {
			w.member("alice@acme.example")
			b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme", "return_to", "/x").goes(w.t, "/auth/magic-link")
			return http.MethodGet, w.link()
		}},
		{"a discovery", stytchtest.AuthenticateDiscovery, "/auth/organizations", func(w *world, b *browser) (string, string) {
			w.member("alice@acme.example")
			b.posts("/auth/magic-link", "email", "alice@acme.example").goes(w.t, "/auth/magic-link")
			return http.MethodGet, w.link()
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			b := w.browser()
			method, target := c.begin(w, b)
			cookies := b.held(target)
			w.stytch.ResetCalls()
			held := w.stytch.Hold(c.endpoint)
			answers := make([]reply, 3)
			var wg sync.WaitGroup
			for i := range answers {
				wg.Go(func() { answers[i] = b.again(method, target, cookies) })
			}
			if err := held.Waiting(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			held.Release()
			wg.Wait()
			w.clock.Advance(9 * time.Second)
			answers = append(answers, b.again(method, target, cookies))
			for _, got := range answers {
				got.goes(t, c.to)
				if set := got.Cookies(); len(set) < 3 || set[0].Value != answers[0].Cookies()[0].Value {
					t.Errorf("cookies %v, want those of the first", set)
				}
			}
			if n := w.logins(); n != 1 {
				t.Errorf("%d calls, want 1", n)
			}
			w.clock.Advance(2 * time.Second)
			if got := b.again(method, target, cookies); got.location() == c.to || len(got.Cookies()) > 1 {
				t.Errorf("after ten seconds: sent to %q, with %v", got.location(), got.Cookies())
			}
		})
	}
}

// The browser leaves the first submission when it sends the second: what the first found is not lost.
func TestTheFirstSubmissionMayBeGivenUp(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	b := w.browser()
	target := b.opens(w.foreignLink(alice))
	cookies := b.held(target)
	held := w.stytch.Hold(stytchtest.AuthenticateMagicLink)
	first := make(chan struct{})
	ctx, giveUp := context.WithCancel(t.Context())
	go func() {
		defer close(first)
		r := must(http.NewRequestWithContext(ctx, http.MethodPost, w.app.URL+target, strings.NewReader("x=1")))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, c := range cookies {
			r.AddCookie(c)
		}
		if res, err := w.browser().client.Do(r); err == nil {
			_ = res.Body.Close()
		}
	}()
	if err := held.Waiting(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	giveUp()
	<-first
	second := make(chan reply)
	go func() { second <- b.again(http.MethodPost, target, cookies) }()
	held.Release()
	(<-second).goes(t, "/")
	if n := w.logins(); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}

// Who has the same link in another browser gets nothing of the first one's session.
func TestAnotherBrowserGetsNothingOfTheFirst(t *testing.T) {
	w := newWorld(t)
	link := w.foreignLink(w.member("alice@acme.example"))
	b, other := w.browser(), w.browser()
	mine, theirs := b.opens(link), other.opens(link)
	b.posts(mine).goes(t, "/")
	got := other.posts(theirs)
	got.goes(t, "/login?reason=link_used")
	if who := other.whoami(); who != "" {
		t.Errorf("another browser with the same link is signed in as %s", who)
	}
}

// A used link opened where somebody is signed in leads on, rather than to a complaint.
func TestAUsedLinkInASignedInBrowserLeadsOn(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	b := w.browser()
	link := w.foreignLink(alice)
	page := b.opens(link)
	b.posts(page).goes(t, "/")
	b.posts(page).goes(t, "/") // reloaded
	b.posts(b.opens(link)).goes(t, "/")
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}

	b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme", "return_to", "/x").goes(t, "/auth/magic-link")
	w.stytch.Fail(stytchtest.AuthenticateMagicLink, stytchtest.Fault{Status: 401, ErrorType: "unable_to_auth_magic_link", Times: 1})
	b.gets(w.link()).goes(t, "/x")
	got := b.asks("POST", page, "", "Content-Type: application/json")
	got.says(t, 200, `"member_authenticated":true`)

	b.posts("/auth/logout").goes(t, "/login")
	b.posts(page).goes(t, "/login?reason=link_invalid")
	b.posts(b.opens(link)).goes(t, "/login?reason=link_used")
}
