package demotest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
	"github.com/stytchkit/stytchkit/examples/internal/sandbox"
)

func (s suite) routes(t *testing.T) {
	anonymous, member := s.inSandbox(t), s.inSandbox(t)
	member.signIn(s.admin, "")
	for _, route := range []struct {
		path                string
		anonymous, signedIn int
		says                string // when signed in
	}{
		{"/healthz", 200, 200, "ok"},
		{"/readyz", 200, 200, "ready"},
		{"/", 200, 200, "You are signed in"},
		{"/login", 200, 200, s.readerName},
		{"/sandbox", 200, 200, "Trouble at Stytch"},
		{"/sandbox/calls", 200, 200, `"total"`},
		{"/static/demo.css", 200, 200, "color-scheme: light dark"},
		{"/static/demo.js", 200, 200, "/auth/client.js"},
		{"/seed", 200, 200, "The seed’s sample"},
		{"/profile", 401, 200, "<h1>Your Profile</h1>"},
		{"/settings", 401, 200, "<h1>Settings</h1>"},
		{"/api/session", 200, 200, `"fromCache":true,"isInitialized":true`},
		{"/api/me", 401, 200, `"source":"`},
		{"/api/fresh", 401, 200, `"source":"stytch"`},
		{"/api/admin", 401, 200, `"stytch_admin"`},
		{"/api/secure", 401, 200, `"source":"`},
		{s.documentsPath, 401, 200, `{"documents":[]}`},
		{"/api/machine", 401, 401, `"code":"token_missing"`},
		{"/api/either", 401, 200, `"by":"session"`},
		{"/nowhere", 404, 404, "There is no such page"},
	} {
		anonymous.get(route.path).expect(t, route.anonymous)
		r := member.get(route.path).expect(t, route.signedIn, route.says)
		if r.Header.Get("X-Content-Type-Options") != "nosniff" || r.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: the security headers are missing: %v", r.request, r.Header)
		}
	}
	anonymous.get("/api/session").expect(t, 200, s.nobody)
	for _, b := range []*browser{anonymous, member} {
		r := b.get("/api/session")
		again := b.get("/api/session", "If-None-Match", r.Header.Get("Etag")).expect(t, 304)
		if r.Header.Get("Cache-Control") != "private, no-cache" || again.body != "" || again.Header.Get("Etag") != r.Header.Get("Etag") {
			t.Errorf("%s: got %v, and then %v with %q", r.request, r.Header, again.Header, again.body)
		}
	}
	anonymous.visit("/").expect(t, 200, "You are not signed in", "This is the sandbox")
	anonymous.visit("/profile?tab=2").leadsTo(t, "/login?reason=session_missing&return_to=%2Fprofile%3Ftab%3D2")
	if r := anonymous.get("/api/me").expect(t, 401, `"code":"session_missing"`); r.Header.Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("%s: WWW-Authenticate is %q, want Bearer", r.request, r.Header.Get("WWW-Authenticate"))
	}
}

func (s suite) signInAndOut(t *testing.T) {
	b := s.inSandbox(t)
	b.signIn(s.admin, "")
	var me struct {
		MemberID         string   `json:"member_id"`
		UserID           string   `json:"user_id"`
		OrganizationSlug string   `json:"organization_slug"`
		Roles            []string `json:"roles"`
	}
	if err := json.Unmarshal([]byte(b.get("/api/me").body), &me); err != nil {
		t.Fatal(err)
	}
	found, err := b.app.Sandbox.Find(s.admin)
	if err != nil {
		t.Fatal(err)
	}
	if me.MemberID+me.UserID != found.ID || me.OrganizationSlug != s.organization || strings.Join(me.Roles, " ") != s.everybody+" stytch_admin" {
		t.Errorf("/api/me says %+v, want %+v", me, found)
	}
	b.visit("/profile").expect(t, 200, "<h1>Your Profile</h1>", s.admin, found.ID, strings.Trim(s.session, `"`), found.Name, "verified")

	token, jwt := b.cookies()
	b.submit("/auth/logout", url.Values{}).leadsTo(t, "/")
	if token, jwt := b.cookies(); token != "" || jwt != "" {
		t.Errorf("the cookies are still there after the sign-out")
	}
	b.get("/api/me", "Cookie", "stytch_session="+token+"; stytch_session_jwt="+jwt).expect(t, 401, "session_ended")
	b.get("/api/me", "Authorization", "Bearer "+jwt).expect(t, 401, "session_ended")
	b.post("/auth/logout", url.Values{}, "Accept", "application/json").expect(t, 204)
}

func (s suite) magicLink(t *testing.T) {
	b := s.inSandbox(t)
	form := url.Values{"email": {s.reader}, "organization": {s.organization}, "return_to": {"/api/me?a=b"}}
	b.submit("/auth/magic-link", form).leadsTo(t, "/auth/magic-link")
	b.visit("/auth/magic-link").expect(t, 200, "Check your mail", "/sandbox#mail")
	b.visit("/sandbox").expect(t, 200, "Open the link sent to "+s.reader)
	mail := b.app.Sandbox.Mail()
	if len(mail) != 1 {
		t.Fatalf("%d messages in the mailbox, want one", len(mail))
	}
	link, ok := strings.CutPrefix(mail[0].Link, b.base)
	if !ok {
		t.Fatalf("the link leads to %s, want a path of %s", mail[0].Link, b.base)
	}
	b.visit(link).leadsTo(t, "/api/me?a=b")
	reader, err := b.app.Sandbox.Find(s.reader)
	if err != nil {
		t.Fatal(err)
	}
	b.get("/api/me").expect(t, 200, reader.ID)
	b.visit(link).leadsTo(t, "/auth/callback?for=*") // used; the flow is over, so that nothing is known of it here
	b.visit("/auth/nowhere").expect(t, 404, "There is no such page")
}

func (s suite) returnTo(t *testing.T) {
	b := s.inSandbox(t)
	b.visit("/login?return_to=%2Fapi%2Fme%3Fa%3Db").expect(t, 200, `name="return_to" value="/api/me?a=b"`)
	for asked, led := range map[string]string{
		"/api/me?a=b":          "/api/me?a=b",
		"":                     "/profile",
		"profile":              "/profile",
		"//evil.example":       "/profile",
		"/\\evil.example":      "/profile",
		"/\t/evil.example":     "/profile",
		"https://evil.example": "/profile",
		"javascript:alert(1)":  "/profile",
	} {
		b.post("/sandbox/sign-in", url.Values{"member": {s.admin}, "return_to": {asked}}).leadsTo(t, led)
		if r := b.get("/login?return_to=" + url.QueryEscape(asked)); !strings.Contains(r.body, `name="return_to" value="`+led+`"`) {
			t.Errorf("%s: the form does not return to %q", r.request, led)
		}
	}
}

func (s suite) expiredJWT(t *testing.T) {
	b := s.inSandbox(t)
	b.signIn(s.admin, "expired")
	_, expired := b.cookies()
	r := b.get("/api/me").expect(t, 200, `"source":"stytch"`)
	if _, jwt := b.cookies(); jwt == expired {
		t.Errorf("%s: the JWT's cookie was not refreshed: %v", r.request, r.Header)
	}
	if got := r.Header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("%s: Cache-Control is %q, want private, no-store", r.request, got)
	}
	if r := b.get("/api/me").expect(t, 200); strings.Contains(r.body, `"source":"stytch"`) {
		t.Errorf("%s: Stytch was asked about a JWT that it has just handed out: %s", r.request, r.body)
	}
	b.signIn(s.admin, "expired")
	b.get("/api/session").expect(t, 200, `"email_address":"`+s.admin, s.person, `"fromCache":false,"isInitialized":true`)
}

func (s suite) forgedJWT(t *testing.T) {
	b := s.inSandbox(t)
	b.signIn(s.admin, "")
	_, jwt := b.cookies()
	b.get("/api/me").expect(t, 200) // the keys have been fetched
	b.client.Jar = nil
	b.post("/sandbox/action", url.Values{"action": {"reset-calls"}})
	forged := jwt[:len(jwt)-20] + strings.Repeat("A", 20)
	b.get("/api/me", "Authorization", "Bearer "+forged).expect(t, 401, "session_invalid")
	b.get("/api/me", "Cookie", "stytch_session_jwt="+forged).expect(t, 401, "session_invalid")
	if r := b.get("/sandbox/calls").expect(t, 200); strings.Contains(r.body, "authenticate") || strings.Contains(r.body, "jwks") {
		t.Errorf("forged JWTs cost calls: %s", r.body) // the policy may be fetched meanwhile
	}
}

func (s suite) crossOrigin(t *testing.T) {
	b := s.inSandbox(t)
	b.signIn(s.admin, "")
	for _, path := range []string{"/auth/logout", "/sandbox/sign-in", "/sandbox/action"} {
		for name, value := range map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "same-site"} {
			r := b.post(path, url.Values{"member": {s.admin}, "action": {"down"}}, name, value).expect(t, 403)
			if len(r.Cookies()) > 0 {
				t.Errorf("%s: cookies were set: %v", r.request, r.Cookies())
			}
		}
	}
	b.get("/api/fresh").expect(t, 200)

	// What a browser makes of another site's form: SameSite=Lax keeps the cookies away, but those of
	// the answer would be stored.
	b.client.Jar = nil
	if r := b.post("/auth/logout", url.Values{}, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site").expect(t, 403); len(r.Cookies()) > 0 {
		t.Errorf("%s without cookies: cookies were set: %v", r.request, r.Cookies())
	}
}

func (s suite) badInput(t *testing.T) {
	b := s.inSandbox(t)
	b.post("/sandbox/sign-in", url.Values{"member": {"<nobody>"}}).expect(t, 400)
	b.post("/sandbox/sign-in", url.Values{"member": {s.admin}, "jwt": {"old"}}).expect(t, 400)
	b.post("/sandbox/action", url.Values{"action": {"explode"}}).expect(t, 400)
	b.get("/login?reason=%3Cscript%3E&return_to=%22%3E%3Cscript%3E").expect(t, 200)
}

func (s suite) manyCookies(t *testing.T) {
	b := s.inSandbox(t)
	b.signIn(s.admin, "")
	token, jwt := b.cookies()
	b.client.Jar = nil
	others := strings.Repeat("other="+strings.Repeat("a", 1000)+"; ", 9)
	b.get("/api/me", "Cookie", others+"stytch_session="+token+"; stytch_session_jwt="+jwt).expect(t, 200)
}

func (s suite) switches(t *testing.T) {
	b := s.inSandbox(t)
	b.signIn(s.admin, "expired")
	for _, trouble := range sandbox.Troubles() {
		if trouble.Name == "hang" || trouble.Name == "slow" {
			continue // they take their time by the clock on the wall
		}
		b.post("/sandbox/action", url.Values{"action": {trouble.Name}}).leadsTo(t, "/sandbox")
		b.visit("/sandbox").expect(t, 200, `value="`+trouble.Name+`" aria-pressed="true"`)
		status := http.StatusServiceUnavailable
		if trouble.Name == "refuse" {
			status = http.StatusInternalServerError
		}
		b.get("/api/fresh").expect(t, status)
	}
	for _, name := range []string{"recover", "rotate-keys", "reset-calls"} {
		b.post("/sandbox/action", url.Values{"action": {name}}).leadsTo(t, "/sandbox")
	}
	b.get("/api/fresh").expect(t, 200)
	b.visit("/sandbox").expect(t, 200, "<td><code>authenticate</code></td><td>1</td>")
}

func (s suite) pages(t *testing.T) {
	b := s.inSandbox(t)
	const address, name = `odd"><i>@acme.example`, "<script>alert(1)</script>"
	if s.vertical == stytchkit.Consumer {
		b.app.Sandbox.AddUser(stytchtest.User{Email: address, FirstName: name})
	} else {
		b.app.Sandbox.AddMember(stytchtest.Member{Email: address, Name: name})
	}
	b.signIn(address, "")
	token, jwt := b.cookies()
	for _, path := range []string{"/", "/profile", "/login", "/sandbox", "/api/session", "/api/me"} {
		r := b.visit(path).expect(t, 200)
		if strings.Contains(r.body, token) || strings.Contains(r.body, jwt) {
			t.Errorf("%s shows a token", r.request)
		}
		if strings.Contains(r.body, "<script>") || strings.Contains(r.body, `"><i>`) {
			t.Errorf("%s does not escape what it shows:\n%s", r.request, r.body)
		}
	}
}
