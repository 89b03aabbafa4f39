// Package demotest is what every example application has to do, whatever its framework.
package demotest

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/demo"
)

// Server is an example's server that does not listen yet, as [demo.App.Serve] takes it.
type Server struct {
	Serve    func(net.Listener) error
	Shutdown func(context.Context) error
	Routes   []stytchkit.Route // as the adapter lists them
}

// Build makes an example's server.
type Build func(*stytchkit.Authenticator, *signin.Handler, *demo.App) Server

// Run runs every test of the example that build makes, in a project of each kind.
func Run(t *testing.T, build Build) {
	t.Run("b2b", func(t *testing.T) {
		suite := suite{build, b2b()}
		suite.run(t)
		t.Run("roles, permissions and organizations decide who may do what", suite.authorization)
		t.Run("a document is added and read in its organization only", suite.documents)
		t.Run("sign-in by password and a second factor", suite.secondFactors)
		t.Run("each organization on a host of its own", suite.tenants)
	})
	t.Run("consumer", func(t *testing.T) {
		suite := suite{build, consumer()}
		suite.run(t)
		t.Run("users have roles, permissions and documents, and no organization", suite.users)
	})
}

type suite struct {
	build Build
	project
}

// run runs what is the same in both kinds of project.
func (s suite) run(t *testing.T) {
	t.Run("routes answer anonymous and signed-in visitors", s.routes)
	t.Run("sign-in, profile and sign-out", s.signInAndOut)
	t.Run("sign-in by magic link", s.magicLink)
	t.Run("sign-in by password", s.password)
	t.Run("a password that is not taken, though right", s.noWayIn)
	t.Run("a sign-in returns to paths of this origin only", s.returnTo)
	t.Run("an expired JWT with a live token is refreshed", s.expiredJWT)
	t.Run("a forged JWT costs no call", s.forgedJWT)
	t.Run("another origin changes nothing", s.crossOrigin)
	t.Run("bad input is answered 400", s.badInput)
	t.Run("a visitor with 9 KB of cookies is served", s.manyCookies)
	t.Run("the sandbox's switches", s.switches)
	t.Run("an old sign-in has to be repeated", s.stepUp)
	t.Run("the public routes are these and no others", s.publicRoutes)
	t.Run("who may do what is as it was", s.access)
	t.Run("pages hold no token and escape what they show", s.pages)
	t.Run("machines and Connected Apps have access tokens", s.machines)
	t.Run("a stream of events ends with the session", s.events)
	t.Run("the HEAD of a stream of events", s.headOfEvents)
	t.Run("a webhook of Stytch's ends what rests on who was deleted", s.webhooks)
	t.Run("with Stytch elsewhere and down", s.outage)
	t.Run("started while Stytch is down", s.startedWhileDown)
	t.Run("below a path that a proxy strips", s.belowPath)
}

// inSandbox is the example in its own sandbox.
func (s suite) inSandbox(t *testing.T) *browser {
	t.Helper()
	app := s.newApp(t, nil, "")
	return s.open(t, app, app.Config())
}

// newApp is an App whose environment names stytch as its project, or none, and where browsers reach it.
func (s suite) newApp(t *testing.T, stytch *stytchtest.Server, origin string) *demo.App {
	t.Helper()
	env := map[string]string{
		"ADDR": "", "DEBUG_ADDR": "", "STYTCH_PROJECT_ID": "", "STYTCH_SECRET": "", "STYTCH_BASE_URL": "", "STYTCH_PUBLIC_TOKEN": "", "ORIGIN": origin,
		"STYTCH_VERTICAL": s.vertical.String(), "STYTCH_ISSUERS": "",
	}
	if stytch != nil {
		env["STYTCH_PROJECT_ID"], env["STYTCH_SECRET"], env["STYTCH_BASE_URL"] = stytch.ProjectID(), stytch.Secret(), stytch.URL()
	}
	for name, value := range env {
		t.Setenv(name, value)
	}
	app, err := demo.New("a test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.Close)
	return app
}

// open serves the example on a real listener until the test ends.
func (s suite) open(t *testing.T, app *demo.App, config stytchkit.Config) *browser {
	t.Helper()
	config.Logger = slog.New(slog.DiscardHandler)
	auth, err := stytchkit.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	if err := app.HearWebhooks(auth); err != nil {
		t.Fatal(err)
	}
	login, err := signin.New(auth, app.SignIn())
	if err != nil {
		t.Fatal(err)
	}
	listener, err := demo.Listen("the test", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	server := s.build(auth, login, app)
	served := make(chan error, 1)
	go func() { served <- app.ServeOn(ctx, listener, server.Serve, server.Shutdown) }()
	b := newBrowser(t, app, auth, "http://"+listener.Addr().String())
	b.routes, b.documents = server.Routes, s.documentsPath
	t.Cleanup(func() {
		b.client.CloseIdleConnections()
		stop()
		if err := <-served; err != nil {
			t.Errorf("the server ended with: %v", err)
		}
	})
	return b
}

// browser is a visitor with a cookie jar, who follows no redirect.
type browser struct {
	t         *testing.T
	app       *demo.App
	auth      *stytchkit.Authenticator
	client    *http.Client
	base      string
	documents string            // where there are some
	routes    []stytchkit.Route // of the example
}

func newBrowser(t *testing.T, app *demo.App, auth *stytchkit.Authenticator, base string) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, app: app, auth: auth, base: base, client: &http.Client{
		Jar:           jar,
		Transport:     &http.Transport{},
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// response is a response that has been read.
type response struct {
	*http.Response
	request string
	body    string
}

// get asks as an API client does.
func (b *browser) get(path string, headers ...string) response {
	b.t.Helper()
	return b.send(http.MethodGet, path, "", headers)
}

// visit asks as a browser does when a person follows a link.
func (b *browser) visit(path string) response {
	b.t.Helper()
	return b.get(path, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "same-origin")
}

// post sends a form.
func (b *browser) post(path string, form url.Values, headers ...string) response {
	b.t.Helper()
	return b.send(http.MethodPost, path, form.Encode(), append(headers, "Content-Type", "application/x-www-form-urlencoded"))
}

// submit sends a form as a browser does.
func (b *browser) submit(path string, form url.Values) response {
	b.t.Helper()
	return b.post(path, form, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "same-origin")
}

// addDocument sends JSON.
func (b *browser) addDocument(body string, headers ...string) response {
	b.t.Helper()
	return b.send(http.MethodPost, b.documents, body, append(headers, "Content-Type", "application/json"))
}

func (b *browser) send(method, path, body string, headers []string) response {
	b.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, b.base+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close() //nolint:errcheck // it has been read
	answered, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return response{res, method + " " + path, string(answered)}
}

// signIn signs somebody of the sandbox in, by the form of its page.
func (b *browser) signIn(who, age string) {
	b.t.Helper()
	b.post("/sandbox/sign-in", url.Values{"member": {who}, "jwt": {age}}).
		expect(b.t, http.StatusSeeOther)
}

// cookies are the values of the session cookies.
func (b *browser) cookies() (token, jwt string) {
	u, err := url.Parse(b.base)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.client.Jar.Cookies(u) {
		switch c.Name {
		case "stytch_session":
			token = c.Value
		case "stytch_session_jwt":
			jwt = c.Value
		}
	}
	return token, jwt
}

// expect holds an answer against a status, and parts of its body.
func (r response) expect(t *testing.T, status int, parts ...string) response {
	t.Helper()
	if r.StatusCode != status {
		t.Errorf("%s: status %d, want %d\n%v\n%s", r.request, r.StatusCode, status, r.Header, r.body)
	}
	for _, part := range parts {
		if !strings.Contains(r.body, part) {
			t.Errorf("%s: the body lacks %q\n%s", r.request, part, r.body)
		}
	}
	return r
}

// leadsTo holds a redirect against its target; one that ends with * is the beginning of it.
func (r response) leadsTo(t *testing.T, location string) {
	t.Helper()
	r.expect(t, http.StatusSeeOther)
	start, open := strings.CutSuffix(location, "*")
	if got := r.Header.Get("Location"); got != location && !(open && strings.HasPrefix(got, start)) {
		t.Errorf("%s leads to %q, want %q", r.request, got, location)
	}
}
