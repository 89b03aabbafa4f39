package e2e

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	stytchhttp "github.com/stytchkit/stytchkit/adapters/nethttp"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// application is a small one whose pages use the browser's module, under a strict policy.
type application struct {
	stytch *stytchtest.Server
	clock  *stytchtest.Clock // of Stytch and of the application; the browser has its own
	url    string
	login  *signin.Handler
	auth   *stytchkit.Authenticator
	script []byte // of /sample
}

// strictPolicy is what pages need for the module, and no more.
const strictPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'"

func newApplication(t *testing.T, now time.Time) *application {
	t.Helper()
	app := &application{clock: stytchtest.NewClock(now)}
	app.stytch = stytchtest.Start(t, stytchtest.Options{Clock: app.clock})
	config := app.stytch.Config()
	config.LoginURL = "/login"
	config.Logger = slog.New(slog.DiscardHandler)
	var err error
	if app.auth, err = stytchkit.New(config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.auth.Close)
	if app.login, err = signin.New(app.auth, signin.Config{AfterLogout: "/"}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(app.routes())
	t.Cleanup(server.Close)
	app.url = server.URL
	return app
}

func (app *application) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/auth/", app.login)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		file := "page.html"
		if strings.HasSuffix(r.URL.Path, ".js") {
			file = r.URL.Path[1:]
		}
		http.ServeFile(w, r, filepath.Join("testdata", "client", file))
	})
	mux.HandleFunc("/guarded", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<!DOCTYPE html><link rel="icon" href="data:,"><script type="module" src="/guarded.js"></script>`))
	})
	mux.HandleFunc("/sample", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(samplePage))
	})
	mux.HandleFunc("/sample.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(app.script)
	})
	mux.HandleFunc("/who", app.who)
	mux.Handle("/api/me", stytchhttp.Require(app.auth, stytchkit.Fresh(0))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, stytchhttp.Session(r).MemberID())
	})))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", strictPolicy)
		mux.ServeHTTP(w, r)
	})
}

// samplePage has a place for what each of the samples shows.
const samplePage = `<!DOCTYPE html>
<meta name="htmx-config" content='{"includeIndicatorStyles": false, "allowEval": false}'>
<link rel="icon" href="data:,">
<body><p id="who"></p><div id="root"></div><p hx-get="/who" hx-trigger="session from:body"></p>
<script type="module" src="/sample.js"></script>`

// who is a fragment of a page, which the server renders.
func (app *application) who(w http.ResponseWriter, r *http.Request) {
	d := app.auth.Optional().Check(r.Context(), stytchkit.HTTPRequest{R: r})
	in := d.Inside(w, r)
	defer in.Leave(in.Request)
	email := "Nobody"
	if state, err := app.auth.State(in.Request.Context()); err == nil && state.Member != nil {
		email = state.Member.EmailAddress
	}
	_, _ = io.WriteString(in.Writer, html.EscapeString(email))
}

// signIn gives a visitor the cookies of a new session.
func (app *application) signIn(v *visitor, email string) *stytchtest.Session {
	s := app.stytch.AddMember(stytchtest.Member{Email: email}).SignIn(stytchtest.WithLifetime(time.Hour))
	for _, c := range s.Cookies() {
		v.setCookie(network.SetCookieParams{Name: c.Name, Value: c.Value, HTTPOnly: new(true)})
	}
	return s
}

// tab opens another tab in the visitor's browser.
func (v *visitor) tab(path string) *visitor {
	v.t.Helper()
	ctx, leave := chromedp.NewContext(v.ctx)
	v.t.Cleanup(leave)
	other := *v
	other.ctx = ctx
	if err := chromedp.Do(ctx); err != nil {
		v.t.Fatal(err)
	}
	if err := other.console.listen(&other); err != nil {
		v.t.Fatal(err)
	}
	other.open(path)
	return &other
}

// beforePages runs a script in each page that the tab opens from now on, before its own.
func (v *visitor) beforePages(script string) {
	v.t.Helper()
	if _, err := chromedp.Call(v.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script}); err != nil {
		v.t.Fatal(err)
	}
}

// becomes waits until the page says who is signed in.
func (v *visitor) becomes(who string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	script := "(async () => await becomes('" + who + "'))()"
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise)); err != nil {
		v.t.Fatalf("the page does not become %q, it said %s: %v\n%s", who, v.said(), err, v.console)
	}
}

// said is all that the page said since it was loaded.
func (v *visitor) said() string { v.t.Helper(); return v.evaluate("seen.join(', ')") }

// behind opens another tab in front of the visitor's, in the same window, until back is called.
func (v *visitor) behind() (back func()) {
	v.t.Helper()
	ctx, leave := chromedp.NewContext(v.ctx, chromedp.WithNewWindow(false))
	v.t.Cleanup(leave)
	if err := chromedp.Do(ctx); err != nil {
		v.t.Fatal(err)
	}
	return func() {
		v.t.Helper()
		if _, err := chromedp.Call(v.ctx, page.BringToFront, cdp.Empty{}); err != nil {
			v.t.Fatal(err)
		}
	}
}

// offline takes the network from the browser, or gives it back.
func (v *visitor) offline(is bool) {
	v.t.Helper()
	for _, err := range []error{
		second(chromedp.Call(v.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: is, DownloadThroughput: -1, UploadThroughput: -1}},
		})),
		second(chromedp.Call(v.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{
			Offline: is, DownloadThroughput: -1, UploadThroughput: -1,
		})),
	} {
		if err != nil {
			v.t.Fatal(err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func moduleFile(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "core", "signin", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func contains(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return part != "" && strings.Contains(text, part) })
}

// leads makes a step that leads elsewhere without loading it, or by a script, and waits for that.
func (v *visitor) leads(to string, step func()) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	arrived := make(chan string, 8)
	err := chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*page.EventFrameNavigated); ok && e.Frame.ParentID == "" {
			arrived <- e.Frame.URL
		}
	})
	if err != nil {
		v.t.Fatal(err)
	}
	step()
	for at := ""; at != v.base+to; {
		select {
		case at = <-arrived:
		case <-ctx.Done():
			v.t.Fatalf("the browser is at %s, want %s", at, to)
		}
	}
}
