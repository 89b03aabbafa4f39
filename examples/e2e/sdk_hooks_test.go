package e2e

import (
	"path/filepath"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// TestHooks holds the envelope of @stytch/react's hooks against the state that the application tells.
func TestHooks(t *testing.T) {
	browser := startBrowser(t)
	for _, kind := range []struct {
		page     string
		vertical stytchtest.Vertical
	}{{"hooks.jsx", stytchtest.B2B}, {"hooks_user.jsx", stytchtest.Consumer}} {
		script := build(t, filepath.Join("web", "pages", kind.page))
		for _, framework := range apis() {
			t.Run(kind.page+"/"+framework.name, func(t *testing.T) {
				f := (&suite{browser: browser}).besideAPI(t, framework, kind.vertical, script)
				f.signIn()
				f.shows("ada@acme.example, from Stytch")
				if different := f.evaluate("await differences()"); different != "" {
					t.Errorf("signed in:\n%s", different)
				}
				answer := f.stytch.Hold(stytchtest.Authenticate.SDK())
				f.reload()
				f.shows("ada@acme.example")
				answer.Release()
				f.shows("ada@acme.example, from Stytch")
				if got, want := f.evaluate("JSON.stringify(renders.filter((r, i) => JSON.stringify(r) !== JSON.stringify(renders[i - 1])))"), `[[null,false,false],["`+f.subject+`",true,true],["`+f.subject+`",false,true]]`; got != want {
					t.Errorf("the hook gave %s, want %s", got, want)
				}
				f.evaluate("void await stytch.session.revoke()")
				f.shows("Nobody")
				if different := f.evaluate("await differences()"); different != "" {
					t.Errorf("signed out:\n%s", different)
				}
			})
		}
	}
}
