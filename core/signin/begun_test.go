package signin_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestSeveralLoginsMayBeUnderWayInOneBrowser(t *testing.T) {
	w := newWorld(t)
	w.member("alice@acme.example")
	b := w.browser()
	var links []string
	for i := range 6 {
		b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme", "return_to", fmt.Sprintf("/%d", i)).goes(t, "/auth/magic-link")
		links = append(links, w.link())
		w.clock.Advance(time.Minute)
	}
	if got := b.cookies(); len(got) != 4 {
		t.Errorf("%d logins under way: %q, want the latest 4", len(got), got)
	}
	b.gets(links[0]).goes(t, "/login?reason=other_browser")
	b.gets(links[1]).goes(t, "/login?reason=other_browser")
	for _, i := range []int{2, 5, 3, 4} {
		b.gets(links[i]).goes(t, fmt.Sprintf("/%d", i))
	}
	for _, name := range b.cookies() {
		if strings.Contains(name, "stytchkit") {
			t.Errorf("%s is left", name)
		}
	}
}

func TestLongReturnsDoNotFillTheBrowsersCookieHeader(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	long := "/" + strings.Repeat("a", 2000)
	for i := range 5 {
		b.posts("/auth/magic-link", "email", "alice@acme.example", "return_to", long+fmt.Sprint(i)).goes(t, "/auth/magic-link")
		w.clock.Advance(time.Second)
		u, _ := url.Parse(w.app.URL + "/auth/callback")
		size := 0
		for _, c := range b.jar.Cookies(u) {
			size += len(c.Value)
		}
		if size > 3<<10 {
			t.Fatalf("after %d logins the browser keeps %d bytes", i+1, size)
		}
	}
	b.gets(w.link()).goes(t, "/auth/organizations")
}

func TestALoginUnderWayEndsAfterAnHour(t *testing.T) {
	w := newWorld(t)
	w.member("alice@acme.example")
	b := w.browser()
	b.posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	w.clock.Advance(61 * time.Minute)
	b.gets(w.link()).asksFirst(t) // as a foreign one: nothing was asked
	if n := w.logins(); n != 0 {
		t.Errorf("%d calls", n)
	}
}
