package signin_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stytchkit/stytchkit/core/signin"
)

// shown is each default page.
func shown(t *testing.T, w *world) map[string]reply {
	t.Helper()
	alice := w.member("alice@acme.example")
	asked := w.browser()
	arrived := asked.gets(w.foreignLink(alice))
	return map[string]reply{
		signin.PageConfirm:       asked.gets(arrived.location()),
		signin.PageContinue:      w.browser().gets("/auth/sso?organization=acme", "Sec-Fetch-Site: cross-site"),
		signin.PageOrganizations: w.discovered("alice@acme.example", "/x").gets("/auth/organizations?reason=slug_taken"),
		signin.PageMail:          w.browser().gets("/auth/magic-link"),
		signin.PageLogout:        w.browser().gets("/auth/logout"),
		signin.PageNotice:        w.browser().gets("/auth/nothing"),
	}
}

func TestPagesWorkUnderTheirPolicy(t *testing.T) {
	w := newWorld(t, func(c *signin.Config) { c.AfterLogin = "https://www.example.com/start" })
	for name, page := range shown(t, w) {
		style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(page.body)
		if style == nil {
			t.Fatalf("%s has no style:\n%s", name, page.body)
		}
		sum := sha256.Sum256([]byte(style[1]))
		want := fmt.Sprintf("default-src 'none'; img-src data:; style-src 'sha256-%s'; form-action 'self' https://www.example.com; base-uri 'none'; frame-ancestors 'none'", base64.StdEncoding.EncodeToString(sum[:]))
		if got := page.Header.Get("Content-Security-Policy"); got != want {
			t.Errorf("%s: the policy is\n%s\nwant\n%s", name, got, want)
		}
		for _, part := range []string{`<html lang="en">`, `<meta name="viewport"`, `<meta name="color-scheme" content="light dark">`, "<h1>", "<title>"} {
			if !strings.Contains(page.body, part) {
				t.Errorf("%s lacks %s", name, part)
			}
		}
		for _, part := range []string{"<script", "style=", "onclick", "<img", "http://", "ZgotmplZ"} {
			if strings.Contains(page.body, part) {
				t.Errorf("%s has %s:\n%s", name, part, page.body)
			}
		}
		for _, input := range regexp.MustCompile(`<input id="(\w+)"`).FindAllStringSubmatch(page.body, -1) {
			if !strings.Contains(page.body, `<label for="`+input[1]+`"`) {
				t.Errorf("%s: %s has no label", name, input[1])
			}
		}
	}
}

func TestTheApplicationsOwnPages(t *testing.T) {
	templates := template.New("")
	for _, name := range []string{signin.PageConfirm, signin.PageContinue, signin.PageOrganizations, signin.PageMail, signin.PageLogout, signin.PageNotice} {
		template.Must(templates.New(name).Parse(`mine: {{.Name}} {{.Title}} {{.Email}} because {{.Reason}}.`))
	}
	w := newWorld(t, func(c *signin.Config) {
		c.Pages = signin.Pages{Render: func(out io.Writer, _ *http.Request, p *signin.Page) error {
			return templates.ExecuteTemplate(out, p.Name, p)
		}}
	})
	for name, page := range shown(t, w) {
		if !strings.HasPrefix(page.body, "mine: "+name) {
			t.Errorf("%s is %s", name, page.body)
		}
		if policy := page.Header.Get("Content-Security-Policy"); policy != "base-uri 'none'; object-src 'none'; frame-ancestors 'none'" {
			t.Errorf("%s has the policy %q", name, policy)
		}
	}
	b := w.discovered("alice@acme.example", "")
	b.gets("/auth/organizations?reason=slug_taken").says(t, 200, "because slug_taken.")
	b.gets("/auth/organizations?reason=call-555-0100").says(t, 200, "because .") // not what somebody else wrote
}

func TestABrokenPageFallsBackToTheDefault(t *testing.T) {
	for _, render := range []func(io.Writer, *http.Request, *signin.Page) error{
		func(w io.Writer, _ *http.Request, _ *signin.Page) error {
			_, _ = io.WriteString(w, "half")
			return errors.New("no")
		},
		func(io.Writer, *http.Request, *signin.Page) error { panic("no") },
	} {
		w := newWorld(t, func(c *signin.Config) { c.Pages.Render = render })
		got := w.browser().gets("/auth/magic-link")
		got.says(t, 200, "Check your mail")
		if strings.Contains(got.body, "half") || !strings.HasPrefix(got.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("got %s\n%s", got.Header.Get("Content-Security-Policy"), got.body)
		}
	}
}

// What anybody may put into a URL or an organization's name is text.
func TestPagesEscape(t *testing.T) {
	w := newWorld(t)
	const name = `<script>alert(1)</script>"'&`
	b := w.discovered("founder@new.example", "")
	b.posts("/auth/organizations", "organization_name", name).goes(t, "/")
	list := w.discovered("founder@new.example", `/x?a="><b>`).gets(`/auth/organizations?reason=<script>&return_to=/x%3F%22><script>`)
	list.says(t, 200, "&lt;script&gt;alert(1)&lt;/script&gt;")
	if strings.Contains(list.body, "<script") {
		t.Errorf("a script in the page:\n%s", list.body)
	}
	if signin.Message("<script>") != "" || signin.Message("") != "" {
		t.Error("there is a message for what is no reason")
	}
}
