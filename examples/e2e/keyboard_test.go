package e2e

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// keyboard signs in without a mouse: every stop of the Tab key shows where it is.
func (s *suite) keyboard(t *testing.T) {
	v := s.visit(t, s.embedded.URL)
	v.open("/login?return_to=/")
	v.tabTo("Skip to the content")
	v.keys(kb.Enter)
	v.tabTo("Sign in as Mona Miller of acme")
	v.keysFor(http.StatusOK, kb.Enter)
	v.at("/", "You are signed in")
	v.tabTo("Sign out")
	v.keysFor(http.StatusOK, kb.Enter)
}

// focused is the name of what has the focus, as it is read to people, and whether the browser shows
// that: an outline, inside the window.
const focused = `(e => {
	const box = e.getBoundingClientRect(), style = getComputedStyle(e);
	const shown = e.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 &&
		box.width > 0 && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
	const name = e.ariaLabel || (e.labels && e.labels.length ? e.labels[0].innerText : e.innerText);
	return (shown ? '' : 'hidden: ') + name.trim();
})(document.activeElement)`

// tabTo presses Tab until what has this name has the focus.
func (v *visitor) tabTo(name string) {
	v.t.Helper()
	var passed []string
	for range 60 {
		v.keys(kb.Tab)
		at := v.evaluate(focused)
		if at == name {
			return
		}
		passed = append(passed, at)
	}
	v.t.Fatalf("Tab never leads to %q: %q", name, passed)
}
