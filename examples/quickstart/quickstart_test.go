package quickstart

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/examples/internal/process"
)

// frameworks name the programs.
func frameworks() []string { return []string{"gin", "echo", "fiber", "nethttp"} }

func TestTheQuickStartSignsSomebodyIn(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	dir := t.TempDir()
	build := exec.CommandContext(ctx, "go", "build", "-o", dir+string(filepath.Separator), "../sandbox", "./gin", "./echo", "./fiber", "./nethttp")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	stytch, err := process.StartSandbox(ctx, dir, filepath.Join(dir, "state.json"), &process.Journal{})
	if err != nil {
		t.Fatal(err)
	}
	for _, framework := range frameworks() {
		t.Run(framework, func(t *testing.T) { signInAndOut(ctx, t, stytch, filepath.Join(dir, framework)) })
	}
}

func signInAndOut(ctx context.Context, t *testing.T, stytch *process.Sandbox, program string) {
	addr := freeAddress(t)
	log := &process.Journal{}
	p, err := process.Launch(ctx, log, append(environment(ctx, t, stytch), "ADDR="+addr, "ORIGIN="), nil, program)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("it logged:\n%s", log)
		}
	})
	awaitListener(ctx, t, addr, p)
	b := newBrowser(ctx, t)

	login := b.get("http://" + addr + "/")
	if !strings.HasSuffix(login.path, "/login") {
		t.Fatalf("a navigation without a session ends at %s\n%s", login.path, login.body)
	}
	sent := b.submit(login, url.Values{"email": {"ada@acme.example"}})
	if !strings.Contains(sent.body, "Check your mail") {
		t.Fatalf("the form is answered with %s", sent.body)
	}
	home := b.press(b.get(newestLink(ctx, t, stytch)), "organization_id")
	if home.path != "/" || !strings.Contains(home.body, "of acme") {
		t.Fatalf("the link ends at %s\n%s", home.path, home.body)
	}
	if me := b.get("http://" + addr + "/api/me"); !strings.Contains(me.body, `"organization_slug":"acme"`) {
		t.Errorf("/api/me is %s", me.body)
	}
	b.submit(home, url.Values{})
	if after := b.get("http://" + addr + "/"); !strings.HasSuffix(after.path, "/login") {
		t.Errorf("signed out, the home page ends at %s\n%s", after.path, after.body)
	}
}

// environment is what the sandbox tells a shell to export.
func environment(ctx context.Context, t *testing.T, stytch *process.Sandbox) []string {
	t.Helper()
	exports, err := stytch.Ask(ctx, http.MethodGet, "/env")
	if err != nil {
		t.Fatal(err)
	}
	var env []string
	for line := range strings.Lines(exports) {
		env = append(env, strings.TrimPrefix(strings.TrimSpace(line), "export "))
	}
	return env
}

func newestLink(ctx context.Context, t *testing.T, stytch *process.Sandbox) string {
	t.Helper()
	mailbox, err := stytch.Ask(ctx, http.MethodGet, "/mail")
	if err != nil {
		t.Fatal(err)
	}
	var mail []struct{ Link string }
	if err := json.Unmarshal([]byte(mailbox), &mail); err != nil || len(mail) == 0 {
		t.Fatalf("the mailbox has %s (%v)", mailbox, err)
	}
	return mail[len(mail)-1].Link
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// awaitListener waits until the program accepts connections; it is a process of its own, so that only
// asking tells.
func awaitListener(ctx context.Context, t *testing.T, addr string, p *process.Process) {
	t.Helper()
	for p.Alive() && ctx.Err() == nil {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err == nil {
			_ = conn.Close() // that it opened is all there is to know
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatal("it does not listen")
}

// browser keeps cookies, follows redirects and submits a page's form.
type browser struct {
	ctx    context.Context
	t      *testing.T
	client *http.Client
}

type page struct{ url, path, body string }

func newBrowser(ctx context.Context, t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{ctx, t, &http.Client{Jar: jar}}
}

func (b *browser) get(target string) page {
	b.t.Helper()
	return b.do(http.MethodGet, target, nil)
}

// submit sends the form of a page, with its hidden fields.
func (b *browser) submit(p page, fields url.Values) page {
	b.t.Helper()
	action := regexp.MustCompile(`<form method="post" action="([^"]*)"`).FindStringSubmatch(p.body)
	if action == nil {
		b.t.Fatalf("%s has no form\n%s", p.url, p.body)
	}
	for _, hidden := range regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(p.body, -1) {
		fields.Set(hidden[1], hidden[2])
	}
	base, err := url.Parse(p.url)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(http.MethodPost, base.ResolveReference(&url.URL{Path: action[1]}).String(), strings.NewReader(fields.Encode()))
}

// press submits the page's form by its first button of that name.
func (b *browser) press(p page, name string) page {
	b.t.Helper()
	button := regexp.MustCompile(`<button name="` + name + `" value="([^"]*)"`).FindStringSubmatch(p.body)
	if button == nil {
		b.t.Fatalf("%s has no button %s\n%s", p.url, name, p.body)
	}
	return b.submit(p, url.Values{name: {button[1]}})
}

func (b *browser) do(method, target string, body io.Reader) page {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.ctx, method, target, body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", r.URL.Scheme+"://"+r.URL.Host)
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return page{res.Request.URL.String(), res.Request.URL.Path, string(content)}
}
