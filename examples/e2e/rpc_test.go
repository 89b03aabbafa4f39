package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/examples/internal/process"
)

// TestRPC has pages of several origins call the Connect service of examples/rpc.
func TestRPC(t *testing.T) {
	r := startRPC(t)
	for _, c := range []testCase{
		{"a page of another origin calls with cookies, and can be read", r.calls},
		{"it matches the reason when the session has ended, of a call and of a stream", r.ends},
		{"the browser keeps pages that are not trusted from calling", r.kept},
		{"where it does not, the service believes none of their cookies", r.refused},
	} {
		t.Run(c.name, c.run)
	}
}

// rpc is examples/rpc as a process.
type rpc struct {
	*suite
	page, service string // the origins
}

func startRPC(t *testing.T) rpc {
	t.Helper()
	dir := t.TempDir()
	if err := process.Build(t.Context(), dir, "rpc"); err != nil {
		t.Fatal(err)
	}
	log := &process.Journal{}
	looked := []*regexp.Regexp{regexp.MustCompile(`page: +(http://\S+)`), regexp.MustCompile(`Connect: +(http://\S+)`)}
	p, err := process.Launch(context.WithoutCancel(t.Context()), log, nil, looked, filepath.Join(dir, "rpc"),
		"-page", "127.0.0.1:0", "-connect", "127.0.0.1:0", "-grpc", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Kill()
		if log.Panics() > 0 || t.Failed() {
			t.Errorf("the service logged:\n%s", log)
		}
	})
	return rpc{&suite{browser: startBrowser(t)}, p.Said[0], p.Said[1]}
}

// caller is a visitor of the page, or of a copy of it.
type caller struct{ *visitor }

// caller opens the page at an origin, which calls the service at another.
func (r rpc) caller(t *testing.T, page, service string) caller {
	t.Helper()
	c := caller{r.visit(t, page)}
	for _, procedure := range []string{"Owner", "Delete", "Version", "Watch"} {
		c.console.tolerate(service + "/acme.v1.Documents/" + procedure)
	}
	c.open("/")
	return c
}

// says presses a button, and wants the page to say that next.
func (c caller) says(button, want string) {
	c.t.Helper()
	c.evaluate("window.next = document.querySelectorAll('#said li').length")
	c.do("press "+button, chromedp.Click(fmt.Sprintf("//button[normalize-space()=%q]", button)))
	c.hears(button, want)
}

// hears wants the page to say that next, about what a button began.
func (c caller) hears(button, want string) {
	c.t.Helper()
	got := c.evaluate(`await new Promise(heard => {
		const lines = document.querySelector('#said').children;
		const look = () => {
			if (!lines[window.next]) return;
			watcher.disconnect();
			heard(lines[window.next++].innerText);
		};
		const watcher = new MutationObserver(look);
		watcher.observe(document.querySelector('#said'), { childList: true });
		look();
	})`)
	if who, what, _ := strings.Cut(got, "\n"); who != button || !regexp.MustCompile("^"+want+"$").MatchString(what) {
		c.t.Errorf("the page says %q of %q, want %q of %q", what, who, want, button)
	}
}

const (
	ofMember = `documents of member-test-\S+`
	missing  = `unauthenticated \(session_missing\)\. Sign in first\.`
	ended    = `unauthenticated \(session_ended\)\. Your session has ended: sign in again\.`
)

func (r rpc) calls(t *testing.T) {
	c := r.caller(t, r.page, r.service)
	c.says("Whose?", missing)
	c.says("Version", "documents of nobody")
	c.says("Sign in", "Done.")
	c.says("Whose?", ofMember)
	c.says("Version", ofMember)
	c.says("Delete", `permission_denied \(permission_denied\)\. Your role does not allow that\.`)
	c.glance("rpc")
	c.says("Sign out", "Done.")
	c.says("Whose?", missing)
}

// ends signs out in another browser that has the same cookies, while this one watches.
func (r rpc) ends(t *testing.T) {
	here, there := r.caller(t, r.page, r.service), r.caller(t, r.page, r.service)
	here.says("Watch", missing)
	here.says("Sign in", "Done.")
	here.says("Watch", ofMember)
	there.present(here.cookies("/"))
	there.says("Sign out", "Done.")
	here.hears("Watch", ended)
	here.says("Whose?", ended)
	here.says("Sign in", "Done.")
	here.says("Whose?", ofMember)
}

func (r rpc) kept(t *testing.T) {
	for where, copied := range r.copies(t, false) {
		c := r.signedIn(t, copied)
		c.console.tolerate("")
		for _, button := range []string{"Whose?", "Version", "Watch"} {
			c.says(button, `It could not be called: Failed to fetch\.`)
		}
		copied.answered(t, where, "OPTIONS Owner 401 session_missing", "OPTIONS Version 405 ", "OPTIONS Watch 401 session_missing")
	}
}

func (r rpc) refused(t *testing.T) {
	const refused = `permission_denied \(cross_origin\)\. The service does not trust this page\.`
	for where, copied := range r.copies(t, true) {
		c := r.signedIn(t, copied)
		c.says("Whose?", refused)
		c.says("Watch", refused)
		c.says("Version", "documents of nobody")
		copied.answered(t, where, "POST Owner 403 cross_origin", "POST Watch 200 cross_origin", "POST Version 200 ")
	}
}

// copied is the page as another's server has it. It calls the service by a proxy, which notes the answers.
type copied struct {
	page, service string // the origins
	site          string // the page's, where that is not the service's

	mu      sync.Mutex
	answers []string
}

// copies are one of the page's own site, and one of another; open lets the browser call from everywhere.
func (r rpc) copies(t *testing.T, open bool) map[string]*copied {
	t.Helper()
	all := map[string]*copied{"another origin": {}, "another site": {}}
	for where, c := range all {
		c.service = serve(t, c.proxy(t, r.service, open))
		c.page = serve(t, replaced(t, r.page, r.service, c.service))
		if where == "another site" {
			c.page, c.site = named(t, c.page, "localhost"), "http://localhost"
		}
	}
	return all
}

// proxy is in front of the service, with the CORS of whoever allows every origin, or with none of its own.
func (c *copied) proxy(t *testing.T, service string, open bool) http.Handler {
	t.Helper()
	forward := forwarding(t, service)
	forward.ModifyResponse = func(r *http.Response) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.answers = append(c.answers, fmt.Sprintf("%s %s %d %s", r.Request.Method, path.Base(r.Request.URL.Path), r.StatusCode, r.Header.Get(stytchkit.DenialHeader)))
		return nil
	}
	if !open {
		return forward
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		w.Header().Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
		if r.Method != http.MethodOptions {
			forward.ServeHTTP(w, r)
		}
	})
}

// answered wants these answers of the service, and no other.
func (c *copied) answered(t *testing.T, where string, want ...string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Equal(c.answers, want) {
		t.Errorf("%s: the service answered %q, want %q", where, c.answers, want)
	}
}

// replaced is what a server has, with one text in place of another.
func replaced(t *testing.T, server, before, after string) http.Handler {
	t.Helper()
	forward := forwarding(t, server)
	forward.ModifyResponse = func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		body = bytes.ReplaceAll(body, []byte(before), []byte(after))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Del("Content-Length")
		r.Header.Del("Content-Security-Policy")
		return nil
	}
	return forward
}

// forwarding hands Host on.
func forwarding(t *testing.T, server string) *httputil.ReverseProxy {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
	}}
}

// signedIn opens a copy in a browser that sends the cookies of somebody's session from every site.
func (r rpc) signedIn(t *testing.T, to *copied) caller {
	t.Helper()
	res, err := http.Post(r.service+"/login", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // it is empty
	c := r.caller(t, to.page, to.service)
	for _, cookie := range res.Cookies() {
		sent := network.SetCookieParams{URL: to.service, Name: cookie.Name, Value: cookie.Value}
		if to.site != "" {
			sent.SameSite, sent.Secure = network.CookieSameSiteNone, new(true)
			sent.PartitionKey = &network.CookiePartitionKey{TopLevelSite: to.site, HasCrossSiteAncestor: true}
		}
		c.setCookie(sent)
	}
	return c
}
