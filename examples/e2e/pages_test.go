package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// look holds the page against testdata/page.js: light and dark, on a phone and on a desktop, loaded
// anew each time. With E2E_SHOTS it leaves a picture of each there.
func (v *visitor) look(name string) { v.t.Helper(); v.examine(name, true) }

// glance is look for a page that cannot be loaded again, being the answer to a form.
func (v *visitor) glance(name string) { v.t.Helper(); v.examine(name, false) }

func (v *visitor) examine(name string, anew bool) {
	v.t.Helper()
	check, err := os.ReadFile(filepath.Join("testdata", "page.js"))
	if err != nil {
		v.t.Fatal(err)
	}
	widths := map[string]int64{"phone": 390, "desktop": 1280}
	for _, scheme := range []string{"light", "dark"} {
		for _, device := range []string{"phone", "desktop"} {
			v.emulate(scheme, widths[device])
			if anew {
				v.reload()
			}
			if wrong := v.evaluate(fmt.Sprintf("(%s)(%t)", check, anew)); wrong != "" {
				v.t.Errorf("%s, %s, %s:\n%s", name, scheme, device, wrong)
			}
			if dir := os.Getenv("E2E_SHOTS"); dir != "" {
				v.shoot(filepath.Join(dir, name+"-"+device+"-"+scheme+".png"))
			}
		}
	}
	v.emulate("light", widths["desktop"])
}

// emulate sets the colour scheme and the window's width, and returns when the page is shown so: a
// click before that would miss.
func (v *visitor) emulate(scheme string, width int64) {
	v.t.Helper()
	v.do("resize", chromedp.EmulateViewport(width, 844))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, media); err != nil {
		v.t.Fatal(err)
	}
	v.evaluate("await new Promise(shown => requestAnimationFrame(() => requestAnimationFrame(shown)))")
}

func (v *visitor) shoot(file string) {
	v.t.Helper()
	picture, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(file, picture, 0o600)
	}
	if err != nil {
		v.t.Fatal(err)
	}
}

func (s *suite) pages(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	for _, page := range []struct {
		name, path string
		status     int
	}{
		{"home", "/", http.StatusOK},
		{"login", "/login", http.StatusOK},
		{"login-again", "/login?reason=link_used&return_to=/profile", http.StatusOK},
		{"login-sso", "/login?organization=acme&return_to=/profile", http.StatusOK},
		{"nowhere", "/auth/nowhere", http.StatusNotFound},
		{"no-such-page", "/nowhere", http.StatusNotFound},
		{"sign-out", "/auth/logout", http.StatusMethodNotAllowed},
	} {
		v.openFor(page.status, page.path)
		v.look(page.name)
	}
	v.open("/login")
	v.askForLink("sam@both.example", "")
	v.look("mail")
	v.open("/sandbox")
	v.look("sandbox")
	v.press("Open the link sent to sam@both.example")
	v.look("organizations")
	v.press("Go on to Acme")
	v.look("profile")
	v.open("/")
	v.look("home-signed-in")
	v.open("/seed")
	v.look("seed")
	v.openFor(http.StatusForbidden, "/api/admin")
	v.look("denied")
	v.openFor(http.StatusForbidden, "/api/orgs/globex/documents")
	v.look("denied-organization")
	v.press("Switch organization")
	v.sees("You are here", "Go back")
	v.look("organizations-switching")
	v.open("/sandbox")
	v.sees("used")
	v.look("sandbox-used")
	v.open("/login")
	v.look("login-signed-in")
}

func (s *suite) pagesOnTheWay(t *testing.T) {
	here, elsewhere := s.visit(t, s.embedded.URL), s.visit(t, s.embedded.URL)
	here.open("/login")
	here.askForLink("founder@new.example", "")
	elsewhere.openLink("founder@new.example")
	elsewhere.look("confirm")
	here.openLink("founder@new.example")
	here.fill("Name", "Acme again")
	here.fill("Short name (optional)", "acme")
	here.press("Create")
	here.look("organizations-none")

	here.open("/sandbox")
	here.press("Answer 429")
	here.open("/login")
	here.fill("E-mail address", "mona@acme.example")
	here.pressFor(http.StatusTooManyRequests, "Send me a link")
	here.sees("Too many attempts")
	here.glance("too-many")
	here.open("/sandbox")
	here.press("End the trouble")
}
