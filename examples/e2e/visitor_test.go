package e2e

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is longer than any step takes: the deadline of a call to Stytch is 3 seconds.
const patience = 20 * time.Second

// visitor is a person with a browser context of their own, so with cookies of their own, and one tab.
// Their steps fail the test when they cannot be made.
type visitor struct {
	t       *testing.T
	ctx     context.Context
	base    string // the demo's
	console *console
	status  int // of the page
}

// visit is a new visitor of a demo at base. When the test ends, nothing may have gone wrong in their
// browser that the test did not ask for.
func (s *suite) visit(t *testing.T, base string) *visitor {
	t.Helper()
	ctx, leave := chromedp.NewContext(s.browser, chromedp.WithNewBrowserContext())
	t.Cleanup(leave)
	v := &visitor{t: t, ctx: ctx, base: base, console: &console{tolerated: map[string]bool{}}}
	if err := chromedp.Do(ctx); err != nil { // opens the tab
		t.Fatal(err)
	}
	if err := v.console.listen(v); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		v.evaluate("0") // what was said before has been heard then
		if said := v.console.String(); said != "" {
			t.Errorf("the browser's console says:\n%s", said)
		}
	})
	return v
}

// open types a path of the demo into the address bar.
func (v *visitor) open(path string) { v.t.Helper(); v.openFor(http.StatusOK, path) }

// openFor is open with the status that it leads to, after all redirects.
func (v *visitor) openFor(status int, path string) {
	v.t.Helper()
	v.land(status, "open "+path, chromedp.NavigateResponse(v.base+path))
}

// reload loads the page again, with the same status.
func (v *visitor) reload() {
	v.t.Helper()
	v.land(v.status, "reload", chromedp.NavigateResponse(v.evaluate("location.href")))
}

// follow opens an absolute URL, whatever its status.
func (v *visitor) follow(url string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	r, err := chromedp.Run(ctx, chromedp.NavigateResponse(url))
	if err != nil {
		v.t.Fatalf("follow %s: %v", url, err)
	}
	v.console.tolerate(r.URL)
}

// press presses the link or button with this name, as it is read to people.
func (v *visitor) press(name string) { v.t.Helper(); v.pressFor(http.StatusOK, name) }

func (v *visitor) pressFor(status int, name string) {
	v.t.Helper()
	called := fmt.Sprintf(`*[(self::a or self::button) and ((@aria-label and @aria-label=%[1]q) or (not(@aria-label) and normalize-space()=%[1]q))]`, name)
	path := fmt.Sprintf("//main//%[1]s | //%[1]s[not(//main//%[1]s)]", called) // the corner of every page has its own
	v.land(status, "press "+name, responseOf(chromedp.Click(path)))
}

// keys types into what has the focus.
func (v *visitor) keys(keys string) {
	v.t.Helper()
	v.do("type", chromedp.KeyEvent(keys))
}

// keysFor types what leads to another page.
func (v *visitor) keysFor(status int, keys string) {
	v.t.Helper()
	v.land(status, "type", responseOf(chromedp.KeyEvent(keys)))
}

// fill types into the field with this label.
func (v *visitor) fill(label, text string) {
	v.t.Helper()
	v.do("fill "+label, chromedp.SendKeys(fmt.Sprintf(`//input[@id=//label[normalize-space()=%q]/@for]`, label), text))
}

func responseOf(step chromedp.Action[chromedp.Void]) chromedp.Action[*network.Response] {
	return func(ctx context.Context, _ *chromedp.Target) (*network.Response, error) {
		return chromedp.RunResponse(ctx, step)
	}
}

// land makes a step that leads to another page, and holds its status.
func (v *visitor) land(status int, what string, step chromedp.Action[*network.Response]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	r, err := chromedp.Run(ctx, step)
	if err != nil {
		v.t.Fatalf("%s: %v\n%s", what, err, v.console)
	}
	v.status = status
	if status >= http.StatusBadRequest {
		v.console.tolerate(r.URL)
	}
	if int(r.Status) != status {
		v.t.Fatalf("%s: %s answers %d, want %d\n%s", what, r.URL, r.Status, status, v.text())
	}
}

func (v *visitor) do(what string, step chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, step); err != nil {
		v.t.Fatalf("%s: %v\n%s", what, err, v.text())
	}
}

// evaluate is a JavaScript expression's string in the page.
func (v *visitor) evaluate(expression string) string {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[string]("(async () => String("+expression+"))()", chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

func (v *visitor) text() string { return v.evaluate("document.body.innerText") }

// location is the page's path and query; the whole address when it is not the demo's.
func (v *visitor) location() string {
	v.t.Helper()
	return strings.TrimPrefix(v.evaluate("location.href"), v.base)
}

// at holds where the visitor is, and what the page says.
func (v *visitor) at(location string, says ...string) {
	v.t.Helper()
	if got := v.location(); got != location {
		v.t.Fatalf("the browser is at %s, want %s\n%s", got, location, v.text())
	}
	v.sees(says...)
}

// atConfirmation checks that the browser shows the page that asks before a link is used.
func (v *visitor) atConfirmation(says ...string) {
	v.t.Helper()
	if got := v.location(); !strings.HasPrefix(got, "/auth/callback?for=") {
		v.t.Fatalf("the browser is at %s, want the page that asks first\n%s", got, v.text())
	}
	v.sees(append(says, "Finish signing in")...)
}

func (v *visitor) sees(says ...string) {
	v.t.Helper()
	text := v.text()
	for _, want := range says {
		if !strings.Contains(text, want) {
			v.t.Fatalf("%s does not say %q:\n%s", v.location(), want, text)
		}
	}
}

// signIn signs a member of the sandbox in from its list.
func (v *visitor) signIn(name, organization string) {
	v.t.Helper()
	v.open("/login")
	v.press("Sign in as " + name + " of " + organization)
	v.at("/profile", "Your Profile")
}

// cookies are the values of the cookies that the browser would send to a path, by name.
func (v *visitor) cookies(path string) map[string]string {
	v.t.Helper()
	values := map[string]string{}
	for _, c := range v.sent(path) {
		values[c.Name] = c.Value
	}
	return values
}

// present puts cookies of the demo's host into the browser, by their names.
func (v *visitor) present(cookies map[string]string) {
	v.t.Helper()
	for name, value := range cookies {
		v.setCookie(network.SetCookieParams{Name: name, Value: value})
	}
}

// setCookie puts a cookie of the demo's host into the browser; the zero fields of c are those of a
// cookie that the demo sets.
func (v *visitor) setCookie(c network.SetCookieParams) {
	v.t.Helper()
	if c.Domain == "" && c.URL == "" {
		c.URL = v.base
	}
	if c.Path == "" {
		c.Path = "/"
	}
	if _, err := chromedp.Call(v.ctx, network.SetCookie, c); err != nil {
		v.t.Fatal(err)
	}
}

// sent are the cookies that the browser would send to a path.
func (v *visitor) sent(path string) []*network.Cookie {
	v.t.Helper()
	found, err := chromedp.Call(v.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{v.base + path}})
	if err != nil {
		v.t.Fatal(err)
	}
	return found.Cookies
}
