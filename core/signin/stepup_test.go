package signin_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// stepUpWorld is a world in which Ada and Bob have every factor, and Ada signed in some time ago.
type stepUpWorld struct {
	*world
	ada          *browser
	adaID, bobID string
	totp         func() string // of Ada
	organization string
}

func newStepUpWorld(t *testing.T, vertical stytchtest.Vertical) *stepUpWorld {
	t.Helper()
	w := &stepUpWorld{world: newWorldOf(t, vertical)}
	if vertical == stytchtest.B2B {
		w.organization = "acme"
		ada := w.stytch.AddMember(stytchtest.Member{Email: "ada@example.com", Organization: "acme", Password: goodPassword, Phone: "+15550100", MFA: true})
		bob := w.stytch.AddMember(stytchtest.Member{Email: "bob@example.com", Organization: "acme", Password: otherPassword})
		w.adaID, w.bobID, w.totp = ada.ID, bob.ID, ada.TOTP
	} else {
		ada := w.stytch.AddUser(stytchtest.User{Email: "ada@example.com", Password: goodPassword, Phone: "+15550100", Authenticator: true})
		bob := w.stytch.AddUser(stytchtest.User{Email: "bob@example.com", Password: otherPassword})
		w.adaID, w.bobID, w.totp = ada.ID, bob.ID, ada.TOTP
	}
	w.ada = w.signedIn("ada@example.com")
	w.clock.Advance(11 * time.Minute)
	w.stytch.ResetCalls()
	return w
}

// signedIn is a browser with a session of whoever has this address.
func (w *stepUpWorld) signedIn(email string) *browser {
	w.t.Helper()
	var s *stytchtest.Session
	for _, m := range w.members(email) {
		s = m.SignIn()
	}
	b := w.browser()
	u, _ := url.Parse(w.app.URL)
	b.jar.SetCookies(u, s.Cookies())
	return b
}

// signsIn is a member or a user.
type signsIn interface {
	SignIn(...stytchtest.SessionOption) *stytchtest.Session
}

func (w *stepUpWorld) members(email string) []signsIn {
	var found []signsIn
	if w.organization == "" {
		for _, u := range w.stytch.Users() {
			if u.Email == email {
				found = append(found, u)
			}
		}
		return found
	}
	for _, m := range w.stytch.Members() {
		if m.Email == email {
			found = append(found, m)
		}
	}
	return found
}

// session is the browser's, as a guard that wants a proof of the last ten minutes sees it; and why it
// does not let it through.
func (b *browser) session(rules ...stytchkit.Rule) (*stytchkit.Session, string) {
	b.w.t.Helper()
	r, _ := http.NewRequest(http.MethodGet, b.w.app.URL+"/secure", nil)
	for _, c := range b.jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	d := b.w.auth.Require(rules...).Check(b.w.t.Context(), stytchkit.HTTPRequest{R: r})
	if d.Denial != nil {
		return nil, d.Denial.Code
	}
	return d.Session, ""
}

func (b *browser) isSteppedUp() bool {
	b.w.t.Helper()
	_, code := b.session(stytchkit.AuthenticatedWithin(10 * time.Minute))
	return code == ""
}

// inBothStepUps runs a test in both kinds of project.
func inBothStepUps(t *testing.T, test func(t *testing.T, w *stepUpWorld)) {
	t.Helper()
	t.Run("b2b", func(t *testing.T) { test(t, newStepUpWorld(t, stytchtest.B2B)) })
	t.Run("consumer", func(t *testing.T) { test(t, newStepUpWorld(t, stytchtest.Consumer)) })
}

// Every proof is added to the session that there is, which lives no shorter for it.
func TestAStepUpProvesWhoIsSignedInOnceMore(t *testing.T) {
	for name, prove := range map[string]func(t *testing.T, w *stepUpWorld) reply{
		"password": func(_ *testing.T, w *stepUpWorld) reply {
			return w.ada.posts("/auth/step-up", "method", "password", "password", goodPassword, "return_to", "/secure")
		},
		"totp": func(_ *testing.T, w *stepUpWorld) reply {
			code := w.totp()
			return w.ada.posts("/auth/step-up", "method", "totp", "code", code[:3]+" "+code[3:], "return_to", "/secure")
		},
		"otp": func(t *testing.T, w *stepUpWorld) reply {
			w.ada.posts("/auth/step-up", "method", "sms", "return_to", "/secure").goes(t, "/auth/step-up?return_to=%2Fsecure&sent=sms")
			return w.ada.posts("/auth/step-up", "method", "sms", "code", w.stytch.Texts()[0].Code, "return_to", "/secure")
		},
		"magic_link": func(t *testing.T, w *stepUpWorld) reply {
			w.ada.posts("/auth/step-up", "method", "link", "return_to", "/secure").goes(t, "/auth/magic-link")
			if to := w.stytch.Mail()[0].To; to != "ada@example.com" {
				t.Fatalf("the link went to %s", to)
			}
			return w.ada.gets(w.link())
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
				before, _ := w.ada.session()
				if w.ada.isSteppedUp() {
					t.Fatal("stepped up already")
				}
				prove(t, w).goes(t, "/secure")
				after, code := w.ada.session(stytchkit.AuthenticatedWithin(time.Minute), stytchkit.Factors(stytchkit.FactorType(name)))
				if code != "" || after.ID() != before.ID() || after.Subject() != w.adaID || after.ExpiresAt().Before(before.ExpiresAt()) {
					t.Errorf("code %q: session %s of %s, until %v; want %s of %s, until %v", code, after.ID(), after.Subject(), after.ExpiresAt(), before.ID(), w.adaID, before.ExpiresAt())
				}
				for _, cookie := range w.ada.cookies() {
					if strings.Contains(cookie, "flow") {
						t.Errorf("left a cookie: %s", cookie)
					}
				}
			})
		})
	}
}

// A long session is not cut to what a login's would be.
func TestAStepUpNeverShortensASession(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		u, _ := url.Parse(w.app.URL)
		for _, who := range w.members("ada@example.com") {
			w.ada.jar.SetCookies(u, who.SignIn(stytchtest.WithLifetime(30*24*time.Hour)).Cookies())
		}
		before, _ := w.ada.session()
		w.ada.posts("/auth/step-up", "method", "password", "password", goodPassword).goes(t, "/")
		if after, _ := w.ada.session(); after.ExpiresAt().Before(before.ExpiresAt()) {
			t.Errorf("until %v, was until %v", after.ExpiresAt(), before.ExpiresAt())
		}
	})
}

func TestTheStepUpPage(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		page := w.ada.gets("/auth/step-up?reason=reauthentication_required&return_to=/secure")
		for _, want := range []string{
			`autocomplete="current-password"`, `autocomplete="one-time-code"`, "Send a code to •••00", "Mail a link to ada@example.com", `name="return_to" value="/secure"`,
		} {
			if !strings.Contains(page.body, want) {
				t.Errorf("the page lacks %s:\n%s", want, page.body)
			}
		}
		if strings.Contains(page.body, "5550100") || strings.Contains(page.body, `name="email"`) || strings.Contains(page.body, `role="alert"`) {
			t.Errorf("the page says too much:\n%s", page.body)
		}
		if n, m := len(w.stytch.Texts()), len(w.stytch.Mail()); n != 0 || m != 0 {
			t.Errorf("%d texts and %d mails without being asked", n, m)
		}
		w.ada.gets("/auth/step-up?reason=link_used").says(t, http.StatusOK, signin.Message("link_used"))
		bob := w.signedIn("bob@example.com").gets("/auth/step-up")
		bob.says(t, http.StatusOK, `value="password"`)
		for _, unwanted := range []string{`value="totp"`, `value="sms"`, "ada@"} {
			if strings.Contains(bob.body, unwanted) {
				t.Errorf("Bob's page has %s:\n%s", unwanted, bob.body)
			}
		}
	})
}

func TestAWrongProofIsRefusedBesideTheField(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		wrong := w.ada.posts("/auth/step-up", "method", "password", "password", "not the password", "return_to", "/secure")
		wrong.says(t, http.StatusUnauthorized, signin.Message("password_wrong"))
		wrong.says(t, http.StatusUnauthorized, `name="return_to" value="/secure"`)
		w.ada.posts("/auth/step-up", "method", "password", "password", otherPassword).says(t, http.StatusUnauthorized, signin.Message("password_wrong")) // Bob's
		w.ada.posts("/auth/step-up", "method", "password").says(t, http.StatusUnauthorized, signin.Message("password_wrong"))
		w.ada.posts("/auth/step-up", "method", "totp", "code", "000000").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		w.ada.posts("/auth/step-up", "method", "totp").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		w.ada.posts("/auth/step-up", "method", "sms", "code", "000000").says(t, http.StatusUnauthorized, "Code sent to •••00")
		for _, method := range []string{"", "recovery", "sso"} {
			w.ada.posts("/auth/step-up", "method", method, "code", "1").says(t, http.StatusBadRequest, "lacks a field")
		}
		if w.ada.isSteppedUp() || w.ada.whoami() != w.adaID {
			t.Error("stepped up, or signed out, by a wrong proof")
		}
		if log := w.log.String(); strings.Contains(log, "not the password") || strings.Contains(log, "level=WARN") {
			t.Errorf("the log says\n%s", log)
		}
	})
}

// An address in the request is nobody's: Stytch says whose password is asked for.
func TestAStepUpTakesNoAddress(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		w.ada.posts("/auth/step-up", "method", "password", "email", "bob@example.com", "email_address", "bob@example.com", "password", otherPassword, "organization", w.organization).
			says(t, http.StatusUnauthorized, signin.Message("password_wrong"))
		w.ada.posts("/auth/step-up", "method", "link", "email", "bob@example.com").goes(t, "/auth/magic-link")
		w.ada.posts("/auth/step-up", "method", "sms", "phone", "+15550666").goes(t, "/auth/step-up?sent=sms")
		if mail, text := w.stytch.Mail()[0].To, w.stytch.Texts()[0].To; mail != "ada@example.com" || text != "+15550100" {
			t.Errorf("a link went to %s, a code to %s", mail, text)
		}
		bob := w.signedIn("bob@example.com") // has no phone
		bob.posts("/auth/step-up", "method", "sms", "phone", "+15550666").says(t, http.StatusBadRequest, "")
		if n := len(w.stytch.Texts()); n != 1 {
			t.Errorf("%d texts", n)
		}
	})
}

// raw makes a call to the stand-in as its SDK would, and returns the answer.
func (w *world) raw(path, body string) string {
	w.t.Helper()
	cfg := w.stytch.Config()
	r, _ := http.NewRequest(http.MethodPost, cfg.BaseURL+path, strings.NewReader(body))
	r.SetBasicAuth(cfg.ProjectID, cfg.Secret)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	data, _ := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %s", path, data)
	}
	return string(data)
}

// Whatever Stytch makes of a proof, only the session that it was for goes on: another one, of somebody else
// or a new one of the same person's, is revoked.
func TestAStepUpThatEndsInAnotherSessionIsRevoked(t *testing.T) {
	for _, email := range []string{"bob@example.com", "ada@example.com"} {
		inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
			if w.organization != "" && email == "ada@example.com" {
				w.stytch.AddMember(stytchtest.Member{Email: email, Organization: "acme", Password: goodPassword})
			}
			path, endpoint := "/v1/passwords/authenticate", stytchtest.AuthenticatePassword
			password := map[string]string{"bob@example.com": otherPassword, "ada@example.com": goodPassword}[email]
			body := map[string]any{"email": email, "password": password, "session_duration_minutes": 60}
			if w.organization != "" {
				path = "/v1/b2b/passwords/authenticate"
				body = map[string]any{"email_address": email, "password": password, "organization_id": "acme"}
			}
			sent, _ := json.Marshal(body)
			other := w.raw(path, string(sent))
			var login struct {
				Token string `json:"session_token"`
			}
			if err := json.Unmarshal([]byte(other), &login); err != nil || login.Token == "" {
				t.Fatalf("no session: %s", other)
			}
			w.stytch.Fail(endpoint, stytchtest.Fault{Body: other})
			before, _ := w.ada.session()
			w.ada.posts("/auth/step-up", "method", "password", "password", goodPassword, "return_to", "/secure").goes(t, "/auth/step-up?reason=proof_not_yours&return_to=%2Fsecure")
			w.ada.asks(http.MethodPost, "/auth/step-up", `{"method":"password","password":"`+goodPassword+`"}`).says(t, http.StatusForbidden, `"proof_not_yours"`)
			if after, code := w.ada.session(); code != "" || after.ID() != before.ID() || w.ada.isSteppedUp() {
				t.Errorf("the browser has session %s (%s), want %s, not stepped up", after.ID(), code, before.ID())
			}
			if w.stytch.Calls(stytchtest.Revoke) == 0 {
				t.Error("nothing was revoked")
			}
			stranger := w.browser()
			u, _ := url.Parse(w.app.URL)
			stranger.jar.SetCookies(u, []*http.Cookie{{Name: "stytch_session", Value: login.Token}})
			if who := stranger.whoami(); who != "" {
				t.Errorf("the other session lives, of %s", who)
			}
		})
	}
}

// A link steps up the session that asked for it, in that browser, and nothing else.
func TestAStepUpLinkIsOfItsSession(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		w.ada.posts("/auth/step-up", "method", "link", "return_to", "/secure")
		link := w.link()

		elsewhere := w.signedIn("ada@example.com") // with a session of her own
		w.clock.Advance(11 * time.Minute)
		elsewhere.posts(elsewhere.opens(link)).goes(t, "/login?reason=other_browser")
		stranger := w.browser()
		stranger.posts(stranger.opens(link)).goes(t, "/login?reason=other_browser")
		if elsewhere.isSteppedUp() || w.ada.isSteppedUp() || stranger.whoami() != "" {
			t.Error("the link did something in another browser")
		}

		opens := w.stytch.Calls(stytchtest.AuthenticateMagicLink)
		u, _ := url.Parse(w.app.URL)
		adas := w.ada.jar.Cookies(u)
		for _, who := range w.members("bob@example.com") { // signs in meanwhile
			w.ada.jar.SetCookies(u, who.SignIn().Cookies())
		}
		w.ada.gets(link).goes(t, "/login?reason=session_changed&return_to=%2Fsecure")
		if n := w.stytch.Calls(stytchtest.AuthenticateMagicLink); n != opens || w.ada.whoami() != w.bobID {
			t.Errorf("the link was sent to Stytch %d times with another session", n-opens)
		}
		w.ada.jar.SetCookies(u, adas)
		w.ada.gets(link).goes(t, "/secure")
		if !w.ada.isSteppedUp() || w.ada.whoami() != w.adaID {
			t.Error("the link stepped nobody up")
		}
	})
}

// Where the person has signed out meanwhile, the link signs nobody in.
func TestAStepUpLinkSignsNobodyIn(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		w.ada.posts("/auth/step-up", "method", "link", "return_to", "/secure")
		u, _ := url.Parse(w.app.URL)
		for _, c := range w.ada.jar.Cookies(u) {
			if strings.HasPrefix(c.Name, "stytch_session") {
				w.ada.jar.SetCookies(u, []*http.Cookie{{Name: c.Name, Path: "/", MaxAge: -1}})
			}
		}
		w.ada.gets(w.link()).goes(t, "/login?reason=session_changed&return_to=%2Fsecure")
		if w.ada.whoami() != "" {
			t.Error("somebody is signed in")
		}
	})
}

// A login that began beside a step-up still ends, whichever began first.
func TestALoginBesideAStepUp(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		w.ada.posts("/auth/magic-link", "email", "bob@example.com", "organization", w.organization, "return_to", "/x")
		link := w.link()
		w.ada.posts("/auth/step-up", "method", "link", "return_to", "/secure")
		w.ada.gets(link).goes(t, "/x")
		if w.ada.whoami() != w.bobID {
			t.Error("Bob is not signed in")
		}
	})
}

func TestStepUpsAreBounded(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		for range 5 {
			w.ada.posts("/auth/step-up", "method", "totp", "code", "000000").says(t, http.StatusUnauthorized, signin.Message("code_wrong"))
		}
		calls := w.stytch.Calls(stytchtest.AuthenticateTOTP) + w.stytch.Calls(stytchtest.AuthenticatePassword)
		for _, form := range [][]string{{"method", "totp", "code", w.totp()}, {"method", "password", "password", goodPassword}, {"method", "sms", "code", "1"}} {
			r := w.ada.posts("/auth/step-up", form...)
			if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); r.StatusCode != http.StatusTooManyRequests || err != nil || seconds < 1 {
				t.Errorf("%v: got %d, Retry-After %q", form, r.StatusCode, r.Header.Get("Retry-After"))
			}
		}
		if n := w.stytch.Calls(stytchtest.AuthenticateTOTP) + w.stytch.Calls(stytchtest.AuthenticatePassword); n != calls {
			t.Errorf("%d calls out of bounds", n-calls)
		}
		for range 5 {
			w.ada.posts("/auth/step-up", "method", "link").goes(t, "/auth/magic-link")
		}
		w.ada.posts("/auth/step-up", "method", "link").says(t, http.StatusTooManyRequests, "")
		w.ada.posts("/auth/step-up", "method", "sms").says(t, http.StatusTooManyRequests, "")
		if n, m := len(w.stytch.Mail()), len(w.stytch.Texts()); n != 5 || m != 0 {
			t.Errorf("%d mails and %d texts", n, m)
		}
		w.clock.Advance(time.Minute + time.Second)
		w.ada.posts("/auth/step-up", "method", "totp", "code", w.totp(), "return_to", "/secure").goes(t, "/secure")
	})
}

// Whoever knows one proof does not get more tries at another; and a session gives no more tries at a
// password than a login does.
func TestNoStepUpBuysTries(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		for range 4 {
			w.ada.posts("/auth/step-up", "method", "totp", "code", "000000")
		}
		w.ada.posts("/auth/step-up", "method", "password", "password", goodPassword).goes(t, "/")
		w.ada.posts("/auth/step-up", "method", "totp", "code", "000000").says(t, http.StatusTooManyRequests, "")
		for range 5 {
			w.browser().posts("/auth/password", "email", "bob@example.com", "password", "wrong", "organization", w.organization)
		}
		w.signedIn("bob@example.com").posts("/auth/step-up", "method", "password", "password", otherPassword).says(t, http.StatusTooManyRequests, "")
	})
}

func TestAStepUpNeedsASession(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		w.browser().gets("/auth/step-up?return_to=/secure").goes(t, "/login?reason=session_missing&return_to=%2Fsecure")
		w.browser().posts("/auth/step-up", "method", "password", "password", goodPassword, "return_to", "/secure").goes(t, "/login?reason=session_missing&return_to=%2Fsecure")
		if n := w.stytch.Calls(stytchtest.Authenticate) + w.stytch.Calls(stytchtest.AuthenticatePassword); n != 0 {
			t.Errorf("%d calls", n)
		}
		bearer := w.browser()
		for _, who := range w.members("ada@example.com") {
			bearer.gets("/auth/step-up", "Authorization: Bearer "+who.SignIn().JWT()).goes(t, "/login?reason=session_missing")
		}
		w.clock.Advance(time.Hour)
		w.ada.gets("/auth/step-up?return_to=/secure").goes(t, "/login?reason=session_missing&return_to=%2Fsecure")
		w.ada.posts("/auth/step-up", "method", "password", "password", goodPassword).goes(t, "/login?reason=session_missing")
	})
}

func TestAStepUpReturnsNowhereElse(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		for _, to := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "/%2e%2e//evil.example", "javascript:alert(1)"} {
			page := w.ada.gets("/auth/step-up?return_to=" + url.QueryEscape(to))
			page.says(t, http.StatusOK, `name="return_to" value=""`)
		}
		w.ada.posts("/auth/step-up", "method", "totp", "return_to", "//evil.example").says(t, http.StatusUnauthorized, `name="return_to" value=""`)
		w.ada.posts("/auth/step-up", "method", "totp", "code", w.totp(), "return_to", "//evil.example").goes(t, "/")
		w.ada.posts("/auth/step-up", "method", "link", "return_to", "https://evil.example/").goes(t, "/auth/magic-link")
		w.ada.gets(w.link()).goes(t, "/")
	})
}

// Another site's page proves nothing for anybody.
func TestAnotherSitesStepUpIsRefused(t *testing.T) {
	w := newStepUpWorld(t, stytchtest.B2B)
	form := formOf("method", "sms")
	w.ada.does(http.MethodPost, "/auth/step-up", form, "Origin: https://evil.example", "Sec-Fetch-Site: cross-site").says(t, http.StatusForbidden, "")
	if n := w.stytch.Calls(stytchtest.Authenticate); n != 0 || len(w.stytch.Texts()) != 0 {
		t.Errorf("%d calls", n)
	}
}

func TestAClientStepsUp(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		got := w.ada.asks(http.MethodGet, "/auth/step-up", "")
		var said struct {
			Methods []string
			Phone   string
			Sent    bool
			Email   string `json:"email_address"`
		}
		if err := json.Unmarshal([]byte(got.body), &said); err != nil || strings.Join(said.Methods, " ") != "password totp sms email link" || said.Phone != "•••00" || said.Sent || said.Email != "ada@example.com" {
			t.Errorf("got %s (%v)", got.body, err)
		}
		w.browser().asks(http.MethodGet, "/auth/step-up", "").says(t, http.StatusUnauthorized, `"session_missing"`)
		w.ada.asks(http.MethodPost, "/auth/step-up", `{"method":"link"}`).says(t, http.StatusOK, `{"sent":true}`)
		w.ada.asks(http.MethodPost, "/auth/step-up", `{"method":"sms"}`).says(t, http.StatusOK, `"sent":true`)
		w.ada.asks(http.MethodPost, "/auth/step-up", `{"method":"totp","code":"000000"}`).says(t, http.StatusUnauthorized, `"code_wrong"`)
		w.ada.asks(http.MethodPost, "/auth/step-up", `{"method":"password","password":"wrong"}`).says(t, http.StatusUnauthorized, `"password_wrong"`)
		w.ada.asks(http.MethodPost, "/auth/step-up", `{"method":"totp","code":"`+w.totp()+`","return_to":"/secure"}`).says(t, http.StatusOK, `"next":"/secure"`)
		if !w.ada.isSteppedUp() {
			t.Error("not stepped up")
		}
	})
}

func TestAStepUpInAnOutage(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: http.StatusInternalServerError})
		w.ada.gets("/auth/step-up").says(t, http.StatusServiceUnavailable, "Try again")
		w.stytch.Recover()
		w.ada.posts("/auth/step-up", "method", "link", "return_to", "/secure")
		w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: http.StatusInternalServerError})
		w.ada.gets("/auth/step-up").says(t, http.StatusServiceUnavailable, "Try again")
		w.ada.posts("/auth/step-up", "method", "password", "password", goodPassword).says(t, http.StatusServiceUnavailable, "")
		w.ada.gets(w.link()).says(t, http.StatusServiceUnavailable, "Try again")
		w.stytch.Recover()
		w.ada.gets(w.link()).goes(t, "/secure")
		if !w.ada.isSteppedUp() {
			t.Error("not stepped up")
		}
	})
}

// An address or a number that nobody has proved is theirs proves nobody.
func TestAStepUpUsesOnlyWhatIsProved(t *testing.T) {
	t.Run("b2b", func(t *testing.T) {
		w := newStepUpWorld(t, stytchtest.B2B)
		bob := w.signedIn("bob@example.com")
		s, _ := bob.session()
		w.raw("/v1/b2b/otps/sms/send", `{"organization_id":"acme","member_id":"`+s.MemberID()+`","mfa_phone_number":"+15550666","session_token":"`+bob.sessionToken()+`"}`)
		texts := len(w.stytch.Texts())
		bob.posts("/auth/step-up", "method", "sms").says(t, http.StatusBadRequest, "")
		if n := len(w.stytch.Texts()); n != texts {
			t.Errorf("%d texts", n-texts)
		}
	})
	t.Run("consumer", func(t *testing.T) {
		w := newStepUpWorld(t, stytchtest.Consumer)
		w.raw("/v1/passwords", `{"email":"eve@example.com","password":"`+goodPassword+`","session_duration_minutes":60}`)
		eve := w.signedIn("eve@example.com")
		eve.posts("/auth/step-up", "method", "link").says(t, http.StatusBadRequest, "")
		eve.posts("/auth/step-up", "method", "password", "password", goodPassword).goes(t, "/")
		if n := len(w.stytch.Mail()); n != 0 {
			t.Errorf("%d mails", n)
		}
	})
}

// sessionToken is the opaque one in the browser's cookies.
func (b *browser) sessionToken() string {
	u, _ := url.Parse(b.w.app.URL)
	for _, c := range b.jar.Cookies(u) {
		if c.Name == "stytch_session" {
			return c.Value
		}
	}
	return ""
}

// Cookies of two people, of whom one has signed out elsewhere, step up neither.
func TestAStepUpIsOfWhomThePagesAre(t *testing.T) {
	inBothStepUps(t, func(t *testing.T, w *stepUpWorld) {
		adas := w.members("ada@example.com")[0].SignIn()
		bobs := w.signedIn("bob@example.com")
		u, _ := url.Parse(w.app.URL)
		for _, c := range adas.Cookies() {
			if c.Name == "stytch_session_jwt" {
				bobs.jar.SetCookies(u, []*http.Cookie{c})
			}
		}
		adas.End()
		if who := bobs.whoami(); who != w.adaID {
			t.Fatalf("the pages are of %q", who)
		}
		bobs.posts("/auth/step-up", "method", "password", "password", otherPassword).goes(t, "/login?reason=session_missing")
	})
}

// A login that waits for another step is not mixed into a step-up.
func TestAStepUpBesideAnUnfinishedLogin(t *testing.T) {
	w := newStepUpWorld(t, stytchtest.B2B)
	w.ada.posts("/auth/magic-link", "email", "bob@example.com")
	w.ada.gets(w.link()).goes(t, "/auth/organizations")
	w.ada.posts("/auth/step-up", "method", "link", "return_to", "/secure")
	w.ada.gets(w.link()).goes(t, "/secure")
	if !w.ada.isSteppedUp() || w.ada.whoami() != w.adaID {
		t.Error("not stepped up")
	}
}

// What fails on the way leads back to the page, and leaves nothing begun.
func TestAStepUpThatFailsLeadsBack(t *testing.T) {
	w := newStepUpWorld(t, stytchtest.B2B)
	w.stytch.Fail(stytchtest.LoginOrSignup, stytchtest.Fault{Status: http.StatusForbidden, ErrorType: "operation_restricted_by_organization_auth_methods"})
	w.ada.posts("/auth/step-up", "method", "link", "return_to", "/secure").goes(t, "/auth/step-up?reason=not_allowed&return_to=%2Fsecure")
	for _, cookie := range w.ada.cookies() {
		if strings.Contains(cookie, "flow") {
			t.Errorf("left a cookie: %s", cookie)
		}
	}
	w.stytch.Recover()
	w.ada.posts("/auth/step-up", "method", "link", "return_to", "/secure").goes(t, "/auth/magic-link")
	w.stytch.Fail(stytchtest.AuthenticateMagicLink, stytchtest.Fault{Status: http.StatusForbidden, ErrorType: "operation_restricted_by_organization_auth_methods"})
	w.ada.gets(w.link()).goes(t, "/auth/step-up?reason=not_allowed&return_to=%2Fsecure")
	bobs := w.raw("/v1/b2b/passwords/authenticate", `{"organization_id":"acme","email_address":"bob@example.com","password":"`+otherPassword+`"}`)
	w.stytch.Fail(stytchtest.AuthenticateMagicLink, stytchtest.Fault{Body: bobs})
	w.ada.gets(w.link()).goes(t, "/auth/step-up?reason=proof_not_yours&return_to=%2Fsecure")
	if w.ada.isSteppedUp() || w.ada.whoami() != w.adaID {
		t.Error("stepped up by somebody else's link")
	}
}
