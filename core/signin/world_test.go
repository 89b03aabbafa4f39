package signin_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
	kind    stytchtest.Vertical
	stytch  *stytchtest.Server
	clock   *stytchtest.Clock
	auth    *stytchkit.Authenticator
	handler *signin.Handler
	app     *httptest.Server
	log     *logged
}

func newWorld(t *testing.T, configure ...func(*signin.Config)) *world {
	t.Helper()
	return newWorldOf(t, stytchtest.B2B, configure...)
}

// newWorldOf is [newWorld] of this kind of project.
func newWorldOf(t *testing.T, vertical stytchtest.Vertical, configure ...func(*signin.Config)) *world {
	t.Helper()
	return newWorldWith(t, func(o *stytchtest.Options) { o.Vertical = vertical }, configure...)
}

// newWorldWith is [newWorld] with a project of its own.
func newWorldWith(t *testing.T, project func(*stytchtest.Options), configure ...func(*signin.Config)) *world {
	t.Helper()
	return newWorldOver(t, nil, project, configure...)
}

// newWorldOver is [newWorldWith] whose requests to Stytch a transport carries.
func newWorldOver(t *testing.T, transport http.RoundTripper, project func(*stytchtest.Options), configure ...func(*signin.Config)) *world {
	t.Helper()
	w := &world{t: t, clock: stytchtest.NewClock(time.Now().UTC().Truncate(time.Second)), log: &logged{}}
	options := stytchtest.Options{Clock: w.clock, Key: signingKey()}
	project(&options)
	w.kind = options.Vertical
	w.stytch = stytchtest.Start(t, options)
	core := w.stytch.Config()
	core.LoginURL = "/login"
	core.Transport = transport
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
	cfg := signin.Config{CreateOrganizations: true, PublicToken: w.stytch.PublicToken(), MFAURL: "/mfa", PasswordResetURL: "/new-password"}
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
		_, _ = io.WriteString(in.Writer, d.Session.Subject())
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

// link is the latest link in the mailbox, as a path of the application.
func (w *world) link() string {
	w.t.Helper()
	mail := w.stytch.Mail()
	if len(mail) == 0 {
		w.t.Fatal("no mail was sent")
	}
	return strings.TrimPrefix(mail[len(mail)-1].Link, w.app.URL)
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
