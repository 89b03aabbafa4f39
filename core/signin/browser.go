package signin

import (
	"crypto/rand"
	"strings"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// knowBrowser names this browser, in a cookie.
func (v *visit) knowBrowser() string {
	browser := v.cookie(cookieBrowser)
	if !isName(browser) {
		browser = rand.Text()
	}
	v.keep(cookieBrowser, browser, shortLife)
	return browser
}

// onceHere uses a password, and sets the one wanted, once, however often this browser sends the form. Where no page of this handler's has
// named the browser, as before a form of the application's own, each is used by itself: another browser's would
// come to the same session.
func (v *visit) onceHere(form string, p stytch.Password, wanted string, use func() (outcome, error)) (outcome, error) {
	browser := v.cookie(cookieBrowser)
	if !isName(browser) {
		return use()
	}
	sent := strings.Join([]string{p.Email, p.Organization, p.Password, wanted}, "\x00")
	return v.tries.do(v.r.Context(), attemptOf(form, sent, browser), use)
}
