package signin_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// passkeyWorld is a consumer project at http://localhost, in which Ada has just signed in.
type passkeyWorld struct {
	*world
	origin string
	user   *stytchtest.User
	ada    *browser
}

func newPasskeyWorld(t *testing.T, configure ...func(*signin.Config)) *passkeyWorld {
	t.Helper()
	w := &passkeyWorld{world: newConsumerWorld(t, configure...)}
	w.app.URL = strings.Replace(w.app.URL, "127.0.0.1", "localhost", 1)
	w.origin = w.app.URL
	w.user = w.stytch.AddUser(stytchtest.User{Email: "ada@example.com", Password: goodPassword, Authenticator: true})
	w.stytch.AddUser(stytchtest.User{Email: "bob@example.com"})
	w.ada = w.signedIn(w.user, stytchtest.WithTOTP())
	return w
}

func (w *passkeyWorld) signedIn(u *stytchtest.User, as ...stytchtest.SessionOption) *browser {
	b := w.browser()
	r, _ := http.NewRequest(http.MethodGet, w.app.URL, nil)
	b.jar.SetCookies(r.URL, u.SignIn(as...).Cookies())
	return b
}

// asksFor is what a page's script is given.
func (b *browser) asksFor(path string, fields ...string) (o passkeyOptions) {
	b.w.t.Helper()
	r := b.does(http.MethodPost, path, formOf(fields...), "Sec-Fetch-Mode: cors", "Accept: application/json")
	if err := json.Unmarshal([]byte(r.body), &o); err != nil || r.StatusCode != http.StatusOK {
		b.w.t.Fatalf("POST %s: got %d %s (%v)", path, r.StatusCode, r.body, err)
	}
	return o
}

// adds registers a passkey.
func (w *passkeyWorld) adds(b *browser, d *passkeyDevice, name string) {
	w.t.Helper()
	o := b.asksFor("/auth/passkeys/options")
	b.posts("/auth/passkeys", "ceremony", o.Ceremony, "credential", d.create(o, w.origin), "name", name).goes(w.t, "/auth/passkeys")
}

func (b *browser) signsInBy(d *passkeyDevice, origin string) reply {
	b.w.t.Helper()
	o := b.asksFor("/auth/passkey/options", "return_to", "/x")
	return b.posts("/auth/passkey", "ceremony", o.Ceremony, "credential", d.get(o, origin), "return_to", "/x")
}

const passkeyRefused = "/auth/passkey?reason=passkey_refused&return_to=%2Fx"

func TestAPasskeyIsAddedSignsInAndIsRemoved(t *testing.T) {
	w := newPasskeyWorld(t)
	page := w.ada.gets("/auth/passkeys")
	page.says(t, http.StatusOK, "You have none yet")
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self'; connect-src 'self'") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %q", policy)
	}
	device, before := newPasskeyDevice(t), w.ada.sessionToken()
	w.adds(w.ada, device, "Laptop")
	w.ada.gets("/auth/passkeys").says(t, http.StatusOK, "Laptop")
	if w.ada.sessionToken() != before {
		t.Error("the session has changed")
	}
	if o := w.ada.asksFor("/auth/passkeys/options"); len(o.Options.Exclude) != 1 || o.Options.RP.ID != "localhost" || o.Options.User.Name != "ada@example.com" {
		t.Errorf("the browser is asked with %+v", o)
	}

	elsewhere := w.browser()
	elsewhere.gets("/auth/passkey?return_to=/x").says(t, http.StatusOK, `autocomplete="username webauthn"`)
	elsewhere.signsInBy(device, w.origin).goes(t, "/x")
	if elsewhere.whoami() != w.user.ID {
		t.Error("nobody is signed in")
	}
	for _, name := range elsewhere.cookies() {
		if strings.Contains(name, "stytchkit_") {
			t.Errorf("left a cookie: %s", name)
		}
	}

	id := w.passkeyID()
	w.ada.posts("/auth/passkeys/name", "passkey", id, "name", "Old laptop").goes(t, "/auth/passkeys")
	w.ada.gets("/auth/passkeys").says(t, http.StatusOK, "Old laptop")
	w.ada.posts("/auth/passkeys/remove", "passkey", id).goes(t, "/auth/passkeys")
	w.ada.gets("/auth/passkeys").says(t, http.StatusOK, "You have none yet")
	stranger := w.browser()
	stranger.signsInBy(device, w.origin).goes(t, passkeyRefused)
	stranger.gets(passkeyRefused).says(t, http.StatusOK, signin.Message("passkey_refused"))
	if log := w.log.String(); strings.Contains(log, "level=WARN") && strings.Contains(log, "signin:") || strings.Contains(log, "clientDataJSON") {
		t.Errorf("the log says\n%s", log)
	}
}

func (w *passkeyWorld) passkeyID() string {
	w.t.Helper()
	var said struct {
		Passkeys []struct {
			ID string `json:"passkey_id"`
		}
	}
	r := w.ada.asks(http.MethodGet, "/auth/passkeys", "")
	if json.Unmarshal([]byte(r.body), &said) != nil || len(said.Passkeys) != 1 {
		w.t.Fatalf("got %d %s", r.StatusCode, r.body)
	}
	return said.Passkeys[0].ID
}

// A passkey is a second category, and so makes a session of a mailbox one with MFA.
func TestAPasskeyStepsUp(t *testing.T) {
	w := newPasskeyWorld(t)
	device := newPasskeyDevice(t)
	w.adds(w.ada, device, "")
	w.ada = w.signedIn(w.user) // by a mailbox alone
	w.clock.Advance(11 * time.Minute)
	w.ada.gets("/auth/passkeys").goes(t, "/auth/step-up?reason=reauthentication_required&return_to=%2Fauth%2Fpasskeys")
	w.ada.gets("/auth/step-up?return_to=/secure").says(t, http.StatusOK, `data-options="/auth/step-up"`)
	if _, code := w.ada.session(stytchkit.MFA()); code == "" {
		t.Fatal("MFA already")
	}
	before, _ := w.ada.session()
	o := w.ada.asksFor("/auth/step-up", "method", "passkey", "return_to", "/secure")
	if len(o.Options.Allow) != 1 {
		t.Errorf("asked for %+v", o)
	}
	w.ada.posts("/auth/step-up", "method", "passkey", "ceremony", o.Ceremony, "credential", device.get(o, w.origin), "return_to", "/secure").goes(t, "/secure")
	after, code := w.ada.session(stytchkit.MFA(), stytchkit.Factors("webauthn"), stytchkit.AuthenticatedWithin(time.Minute))
	if code != "" || after.ID() != before.ID() {
		t.Errorf("code %q: session %s, want %s", code, after.ID(), before.ID())
	}
	w.ada.gets("/auth/passkeys").says(t, http.StatusOK, "A passkey without a name")
}

// The domain is that of Config.Origin, whatever a request says; an IP address has none.
func TestPasskeysAreOfTheConfiguredOrigin(t *testing.T) {
	w := newPasskeyWorld(t, func(c *signin.Config) { c.Origin = "https://app.example.com" })
	for _, host := range []string{"app.example.com", "evil.example", "localhost"} {
		r, _ := http.NewRequest(http.MethodPost, w.app.URL+"/auth/passkey/options", nil)
		r.Host = host
		r.Header.Set("Accept", "application/json")
		got := w.browser().send(r)
		got.says(t, http.StatusOK, `"rpId":"app.example.com"`)
		if strings.Contains(got.body, "evil") {
			t.Errorf("got %s", got.body)
		}
	}
	plain := newConsumerWorld(t) // at 127.0.0.1
	plain.browser().gets("/auth/passkey").says(t, http.StatusOK, "This browser cannot use passkeys here")
	plain.browser().asks(http.MethodPost, "/auth/passkey/options", "{}").says(t, http.StatusNotFound, "")
	for _, host := range []string{"evil.example", "app.localhost", "localhost.evil.example"} {
		r, _ := http.NewRequest(http.MethodPost, plain.app.URL+"/auth/passkey/options", nil)
		r.Host = host
		if got := plain.browser().send(r); got.StatusCode != http.StatusNotFound {
			t.Errorf("a request for %s: got %d %s", host, got.StatusCode, got.body)
		}
	}
	if n := plain.stytch.Calls(stytchtest.StartWebAuthn); n != 0 {
		t.Errorf("%d calls", n)
	}
	b2b := newWorld(t)
	for _, path := range []string{"/auth/passkey", "/auth/passkeys", "/auth/passkey.js"} {
		b2b.browser().gets(path).says(t, http.StatusNotFound, "")
	}
}

func TestThePasskeysModule(t *testing.T) {
	w := newPasskeyWorld(t)
	page := w.browser().gets("/auth/passkey")
	_, rest, _ := strings.Cut(page.body, `<script type="module" src="`)
	hashed, _, _ := strings.Cut(rest, `"`)
	for path, cache := range map[string]string{"/auth/passkey.js": "public, no-cache", hashed: "public, max-age=31536000, immutable"} {
		got := w.browser().gets(path)
		got.says(t, http.StatusOK, "navigator.credentials")
		if got.Header.Get("Cache-Control") != cache || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/javascript") || !strings.HasPrefix(got.Header.Get("Etag"), `"`) {
			t.Errorf("%s: got %v", path, got.Header)
		}
	}
	if len(page.body) > 8<<10 || strings.Contains(page.body, "<script>") {
		t.Errorf("the page is\n%s", page.body)
	}
}

func TestPasskeysInAnOutage(t *testing.T) {
	w := newPasskeyWorld(t)
	device := newPasskeyDevice(t)
	w.adds(w.ada, device, "Laptop")
	b := w.browser()
	o := b.asksFor("/auth/passkey/options")
	answer := device.get(o, w.origin)
	w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: http.StatusServiceUnavailable})
	b.asks(http.MethodPost, "/auth/passkey/options", "{}").says(t, http.StatusServiceUnavailable, "")
	b.posts("/auth/passkey", "ceremony", o.Ceremony, "credential", answer, "return_to", "/x").says(t, http.StatusServiceUnavailable, "Try again")
	w.ada.gets("/auth/passkeys").says(t, http.StatusServiceUnavailable, "Try again")
	w.stytch.Recover()
	b.posts("/auth/passkey", "ceremony", o.Ceremony, "credential", answer, "return_to", "/x").goes(t, "/x")
}

// The field for the address offers them too, and a form of their own is there where the browser has them.
func TestThePasswordPageOffersPasskeys(t *testing.T) {
	w := newPasskeyWorld(t)
	page := w.browser().gets("/auth/password?return_to=/x")
	for _, want := range []string{
		`autocomplete="username webauthn"`, `action="/auth/passkey" data-passkey="get" data-options="/auth/passkey/options" hidden`,
		`<script type="module"`, `name="return_to" value="/x"`,
	} {
		page.says(t, http.StatusOK, want)
	}
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self'; connect-src 'self'") {
		t.Errorf("the policy is %q", policy)
	}
	for _, none := range []*world{newConsumerWorld(t), newWorld(t)} { // at an IP address, and B2B
		if page := none.browser().gets("/auth/password"); strings.Contains(page.body, "webauthn") || strings.Contains(page.body, "<script") {
			t.Errorf("got\n%s", page.body)
		}
	}
}
