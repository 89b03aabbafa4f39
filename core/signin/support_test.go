package signin_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// signingKey is one key for all servers, as making one takes a while.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey { //nolint:gochecknoglobals // made once, never changed
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// world is a stand-in for Stytch, an application with the handler mounted on a real listener, and
// what was logged.
type world struct {
	t       *testing.T
	stytch  *stytchtest.Server
	clock   *stytchtest.Clock
	auth    *stytchkit.Authenticator
	handler *signin.Handler
	app     *httptest.Server
	log     *logged
}

func newWorld(t *testing.T, configure ...func(*signin.Config)) *world {
	t.Helper()
	w := &world{t: t, clock: stytchtest.NewClock(time.Now().UTC().Truncate(time.Second)), log: &logged{}}
	w.stytch = stytchtest.Start(t, stytchtest.Options{Clock: w.clock, Key: signingKey()})
	core := w.stytch.Config()
	core.LoginURL = "/login"
	core.TrustedOrigins = []string{"https://www.example.com"}
	core.Logger = slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	if w.auth, err = stytchkit.New(core); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.auth.Close)
	if err := w.auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	cfg := signin.Config{PublicToken: w.stytch.PublicToken(), MFAURL: "/mfa", PasswordResetURL: "/new-password"}
	for _, change := range configure {
		change(&cfg)
	}
	if w.handler, err = signin.New(w.auth, cfg); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/auth/", w.handler)
	mux.HandleFunc("/me", func(rw http.ResponseWriter, r *http.Request) {
		d := w.auth.Optional().Check(r.Context(), stytchkit.HTTPRequest{R: r})
		in := d.Inside(rw, r)
		defer in.Leave(r)
		_, _ = io.WriteString(in.Writer, d.Session.MemberID())
	})
	w.app = httptest.NewServer(mux)
	t.Cleanup(w.app.Close)
	w.stytch.ResetCalls()
	return w
}

// member adds a member.
func (w *world) member(email string, organization ...string) *stytchtest.Member {
	m := stytchtest.Member{Email: email}
	if len(organization) > 0 {
		m.Organization = organization[0]
	}
	return w.stytch.AddMember(m)
}

// browser is somebody's browser: it keeps cookies, and shows redirects instead of following them.
type browser struct {
	w      *world
	client *http.Client
	jar    *cookiejar.Jar
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	b := &browser{w: w, jar: jar}
	b.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return b
}

// reply is an answer, read.
type reply struct {
	*http.Response
	body string
}

// location is where a reply sends the browser.
func (r reply) location() string { return r.Header.Get("Location") }

// does sends a request as a browser's navigation; each header is "Name: value".
func (b *browser) does(method, target string, form url.Values, headers ...string) reply {
	b.w.t.Helper()
	if strings.HasPrefix(target, "/") {
		target = b.w.app.URL + target
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, target, body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", b.w.app.URL)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	return b.send(r)
}

func (b *browser) send(r *http.Request) reply {
	b.w.t.Helper()
	res, err := b.client.Do(r)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return reply{res, string(data)}
}

func (b *browser) gets(target string, headers ...string) reply {
	b.w.t.Helper()
	return b.does(http.MethodGet, target, nil, headers...)
}

// posts sends a form; the fields are name, value, name, value.
func (b *browser) posts(target string, fields ...string) reply {
	b.w.t.Helper()
	form := url.Values{}
	for field := range slices.Chunk(fields, 2) {
		form.Set(field[0], field[1])
	}
	return b.does(http.MethodPost, target, form)
}

// asks sends a client's request with a JSON body.
func (b *browser) asks(method, target, body string, headers ...string) reply {
	b.w.t.Helper()
	r, err := http.NewRequest(method, b.w.app.URL+target, strings.NewReader(body))
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	return b.send(r)
}

// cookies are the names of the cookies that the browser sends to the handler.
func (b *browser) cookies() []string {
	u, _ := url.Parse(b.w.app.URL + "/auth/callback")
	names := []string{}
	for _, c := range b.jar.Cookies(u) {
		names = append(names, c.Name)
	}
	return names
}

// whoami is the member that the application sees.
func (b *browser) whoami() string {
	b.w.t.Helper()
	return b.gets("/me").body
}

// link is the latest link in the mailbox, as a path of the application.
func (w *world) link() string {
	w.t.Helper()
	mail := w.stytch.Mail()
	if len(mail) == 0 {
		w.t.Fatal("no mail was sent")
	}
	return strings.TrimPrefix(mail[len(mail)-1].Link, w.app.URL)
}

// goes checks that a reply sends the browser to a place.
func (r reply) goes(t *testing.T, to string) {
	t.Helper()
	if r.StatusCode != http.StatusSeeOther || r.location() != to {
		t.Fatalf("%s %s: got %d to %q, want 303 to %q\n%s", r.Request.Method, r.Request.URL, r.StatusCode, r.location(), to, r.body)
	}
}

// says checks a reply's status and something that its body holds.
func (r reply) says(t *testing.T, status int, text string) {
	t.Helper()
	if r.StatusCode != status || !strings.Contains(r.body, text) {
		t.Fatalf("%s %s: got %d (to %q), want %d and a body with %q\n%s", r.Request.Method, r.Request.URL, r.StatusCode, r.location(), status, text, r.body)
	}
}

// logged keeps what was logged.
type logged struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

// foreignLink is a link that did not begin in any browser here: an invitation. It has no PKCE
// challenge.
func (w *world) foreignLink(m *stytchtest.Member) string {
	w.t.Helper()
	return strings.TrimPrefix(m.Invite(w.app.URL+"/auth/callback").Link, w.app.URL)
}
