package signin_test

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// A link that did not begin in this browser signs nobody in by being opened.
func TestAForeignLinkIsUsedOnlyAfterTheFormWasSent(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	link := w.foreignLink(alice)
	for range 3 { // a mail scanner, which keeps no cookies
		w.browser().gets(link).asksFirst(t)
		w.browser().gets("/auth/callback").goes(t, "/login?reason=link_invalid")
	}
	b := w.browser()
	arrived := b.gets(link)
	arrived.asksFirst(t)
	if strings.Contains(arrived.location(), "token") {
		t.Errorf("a token in the URL: %s", arrived.location())
	}
	page := arrived.location()
	b.gets(page).says(t, 200, `<form method="post" action="`+page+`">`)
	b.gets(page).says(t, 200, "Finish signing in")
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Fatalf("opening the link made %d calls to Stytch", n)
	}
	b.posts(page).goes(t, "/")
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
	b.posts("/auth/callback").goes(t, "/login?reason=link_invalid")
}

func TestAnotherOriginCannotSendTheForm(t *testing.T) {
	w := newWorld(t)
	attacker := w.member("attacker@acme.example")
	victim := w.browser()
	arrived := victim.gets(w.foreignLink(attacker), "Sec-Fetch-Site: cross-site")
	arrived.asksFirst(t)
	for _, headers := range [][]string{
		{"Sec-Fetch-Site: cross-site", "Origin: https://evil.example"},
		{"Sec-Fetch-Site: same-site", "Origin: https://evil.example"},
		{"Sec-Fetch-Site: ", "Origin: https://evil.example"},
		{"Sec-Fetch-Site: ", "Origin: null"},
		{"Sec-Fetch-Site: cross-site", "Origin: "},
	} {
		for _, target := range []string{arrived.location(), "/auth/magic-link", "/auth/organizations", "/auth/switch", "/auth/logout"} {
			got := victim.does(http.MethodPost, target, url.Values{"email": {"a@b.c"}, "organization": {"acme"}, "organization_id": {"acme"}}, headers...)
			got.says(t, 403, "Cross-origin request refused")
			if set := got.Header.Values("Set-Cookie"); len(set) > 0 {
				t.Errorf("%s with %q set %q", target, headers, set)
			}
		}
	}
	if n := w.stytch.TotalCalls(); n != 0 {
		t.Errorf("%d calls to Stytch", n)
	}
	if got := victim.whoami(); got != "" {
		t.Errorf("the victim is signed in as %s", got)
	}
	// A client that is no browser sends neither header.
	got := victim.does(http.MethodPost, arrived.location(), url.Values{}, "Sec-Fetch-Site: ", "Origin: ", "Sec-Fetch-Mode: ")
	got.goes(t, "/")
}

func TestAUsedLinkLeadsBackToTheLoginPage(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	b := w.browser()
	link := w.foreignLink(alice)
	b.posts(b.opens(link)).goes(t, "/")
	b = w.browser()
	b.posts(b.opens(link)).goes(t, "/login?reason=link_used")
	if got := b.cookies(); len(got) > 0 {
		t.Errorf("the browser keeps %q", got)
	}
}

func TestALinkOfAnotherDeviceSaysSo(t *testing.T) {
	w := newWorld(t)
	w.member("alice@acme.example")
	w.browser().posts("/auth/magic-link", "email", "alice@acme.example", "organization", "acme").goes(t, "/auth/magic-link")
	phone := w.browser()
	phone.posts(phone.opens(w.link())).goes(t, "/login?reason=other_browser")
}

func TestImpersonation(t *testing.T) {
	w := newWorld(t)
	alice := w.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", MFA: true})
	b := w.browser()
	b.posts(b.opens(strings.TrimPrefix(alice.Impersonate("support@stytchkit.example", w.app.URL+"/auth/callback"), w.app.URL))).goes(t, "/")
	if got := b.whoami(); got != alice.ID {
		t.Errorf("signed in as %q, want %s", got, alice.ID)
	}
}

// Another tab's callback may overwrite the token; the person's own click then uses neither.
func TestAFormIsBoundToTheTokenItWasShownFor(t *testing.T) {
	for name, render := range map[string]func(io.Writer, *http.Request, *signin.Page) error{
		"the default page": nil,
		"a page of one's own": func(w io.Writer, _ *http.Request, p *signin.Page) error {
			_, err := fmt.Fprintf(w, `Finish signing in <form method="post" action="%s">`, html.EscapeString(p.Action))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(c *signin.Config) { c.Pages.Render = render })
			victim := w.member("victim@acme.example")
			evil := w.foreignLink(w.member("attacker@acme.example"))
			link := w.foreignLink(victim)
			b := w.browser()
			mine := b.opens(link)
			b.gets(evil, "Sec-Fetch-Site: cross-site")
			b.posts(mine).goes(t, "/login?reason=link_invalid")
			b.posts("/auth/callback").goes(t, "/login?reason=link_invalid")
			if n := w.stytch.TotalCalls(); n != 0 || b.whoami() != "" {
				t.Fatalf("%d calls, signed in as %q", n, b.whoami())
			}

			arrived := b.gets(link)
			b.gets(evil, "Sec-Fetch-Site: cross-site")
			b.gets(arrived.location()).goes(t, "/login?reason=link_invalid") // not the page for the other token
			b.gets("/auth/callback").says(t, 200, "Finish signing in")       // opened by hand

			b.posts(b.opens(link)).goes(t, "/") // nothing was used up
			if got := b.whoami(); got != victim.ID {
				t.Errorf("signed in as %q, want %s", got, victim.ID)
			}
		})
	}
}
