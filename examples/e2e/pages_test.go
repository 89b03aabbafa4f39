package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// look holds the page against testdata/page.js, loaded anew each time: light and dark, on a
// desktop and on a phone. With E2E_SHOTS it leaves a picture of each there.
func (v *visitor) look(demo, name string) {
	v.t.Helper()
	check, err := os.ReadFile(filepath.Join("testdata", "page.js"))
	if err != nil {
		v.t.Fatal(err)
	}
	for _, scheme := range []string{"light", "dark"} {
		for device, width := range map[string]int64{"phone": 390, "desktop": 1280} {
			v.emulate(scheme, width)
			v.reload()
			if wrong := v.evaluate(string(check)); wrong != "" {
				v.t.Errorf("%s, %s, %s:\n%s", name, scheme, device, wrong)
			}
			if dir := os.Getenv("E2E_SHOTS"); dir != "" {
				v.shoot(filepath.Join(dir, demo+"-"+name+"-"+device+"-"+scheme+".png"))
			}
		}
	}
}

func (v *visitor) emulate(scheme string, width int64) {
	v.t.Helper()
	v.do("resize", chromedp.EmulateViewport(width, 844))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, media); err != nil {
		v.t.Fatal(err)
	}
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
	for name, path := range map[string]string{
		"home":        "/",
		"login":       "/login",
		"login-again": "/login?reason=session_ended&return_to=/profile",
		"sandbox":     "/sandbox",
	} {
		v.open(path)
		v.look(s.demo, name)
	}
	v.signIn("Mona Miller", "acme")
	v.look(s.demo, "profile")
	v.open("/")
	v.look(s.demo, "home-signed-in")
	v.openFor(http.StatusForbidden, "/api/admin")
	v.look(s.demo, "denied")
}
