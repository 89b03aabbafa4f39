package stytchgin_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	stytchgin "github.com/stytchkit/stytchkit/adapters/gin"
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// app is a Gin application on a real listener, beside a stand-in for Stytch.
type app struct {
	t    *testing.T
	srv  *stytchtest.Server
	auth *stytchkit.Authenticator
	r    *gin.Engine
	url  string
}

func newApp(t *testing.T) *app {
	t.Helper()
	srv := stytchtest.Start(t)
	gin.SetMode(gin.TestMode)
	r := gin.New()
	listener := httptest.NewServer(r)
	t.Cleanup(listener.Close)
	return &app{t: t, srv: srv, auth: srv.Authenticator(t), r: r, url: listener.URL}
}

// do sends a request signed in by these cookies, and follows no redirects.
func (a *app) do(method, path string, cookies ...*http.Cookie) (*http.Response, string) {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), method, a.url+path, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return a.send(r)
}

func (a *app) send(r *http.Request) (*http.Response, string) {
	a.t.Helper()
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return res, string(body)
}

func me(c *gin.Context) { c.String(http.StatusOK, stytchgin.Session(c).MemberID()) }

func TestRequireAndOptional(t *testing.T) {
	a := newApp(t)
	a.r.GET("/public", stytchgin.Optional(a.auth), me)
	api := a.r.Group("/api", stytchgin.Require(a.auth))
	api.GET("/me", me)
	alice := a.srv.AddMember(stytchtest.Member{Roles: []string{"editor"}})
	cookies := alice.SignIn().Cookies()
	for _, row := range []struct {
		name, path string
		cookies    []*http.Cookie
		status     int
		body       string
	}{
		{"optional, anonymous", "/public", nil, 200, ""},
		{"optional, signed in", "/public", cookies, 200, alice.ID},
		{"required, anonymous", "/api/me", nil, 401, `"code":"session_missing"`},
		{"required, signed in", "/api/me", cookies, 200, alice.ID},
	} {
		res, body := a.do(http.MethodGet, row.path, row.cookies...)
		if res.StatusCode != row.status || !strings.Contains(body, row.body) || (row.body == "" && body != "") {
			t.Errorf("%s: got %d %q, want %d with %q", row.name, res.StatusCode, body, row.status, row.body)
		}
	}
}

func TestADeniedRequestNeverReachesTheHandler(t *testing.T) {
	for name, row := range map[string]struct {
		handler func(*gin.Context, *stytchkit.Denial)
		status  int
		body    string
	}{
		"no error handler":          {nil, 401, "session_missing"},
		"one that does nothing":     {func(*gin.Context, *stytchkit.Denial) {}, 401, "session_missing"},
		"one that forgets to abort": {func(c *gin.Context, d *stytchkit.Denial) { c.String(d.Status, "mine") }, 401, "mine"},
		"one that calls Next":       {func(c *gin.Context, _ *stytchkit.Denial) { c.Next() }, 401, "session_missing"},
		"one that sets a status":    {func(c *gin.Context, _ *stytchkit.Denial) { c.Status(http.StatusTeapot) }, 418, ""},
		"one that redirects":        {func(c *gin.Context, _ *stytchkit.Denial) { c.Redirect(http.StatusSeeOther, "/elsewhere") }, 303, ""},
		"one that adds to c.Errors": {func(c *gin.Context, d *stytchkit.Denial) { _ = c.Error(d) }, 401, "collected session_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newApp(t)
			a.r.Use(func(c *gin.Context) { // the application's own error middleware
				c.Next()
				var d *stytchkit.Denial
				if last := c.Errors.Last(); last != nil && errors.As(last, &d) {
					c.String(d.Status, "collected "+d.Code)
				}
			})
			reached := false
			guard := stytchgin.RequireWithConfig(a.auth, stytchgin.Config{ErrorHandler: row.handler})
			a.r.POST("/x", guard, func(c *gin.Context) { reached = true; c.String(http.StatusOK, "handler") })
			res, body := a.do(http.MethodPost, "/x")
			if reached || res.StatusCode != row.status || !strings.Contains(body, row.body) || strings.Contains(body, "handler") {
				t.Errorf("got %d %q, handler reached: %v; want %d with %q", res.StatusCode, body, reached, row.status, row.body)
			}
			if res.Header.Get("WWW-Authenticate") != "Bearer" || res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Vary") != "Cookie, Authorization" {
				t.Errorf("headers of the denial are missing: %v", res.Header)
			}
		})
	}
}

func TestAnErrorHandlerThatPanicsIsRecoveredAndHarmsNobodyElse(t *testing.T) {
	a := newApp(t)
	a.r.Use(gin.CustomRecoveryWithWriter(io.Discard, func(c *gin.Context, _ any) { c.AbortWithStatus(http.StatusInternalServerError) }))
	a.r.GET("/x", stytchgin.RequireWithConfig(a.auth, stytchgin.Config{ErrorHandler: func(*gin.Context, *stytchkit.Denial) { panic("oops") }}), me)
	if res, _ := a.do(http.MethodGet, "/x"); res.StatusCode != 500 {
		t.Errorf("got %d, want 500", res.StatusCode)
	}
	alice := a.srv.AddMember(stytchtest.Member{})
	if res, body := a.do(http.MethodGet, "/x", alice.SignIn().Cookies()...); res.StatusCode != 200 || body != alice.ID {
		t.Errorf("the next request: got %d %q, want alice", res.StatusCode, body)
	}
}

func TestSkip(t *testing.T) {
	a := newApp(t)
	a.r.GET("/x", stytchgin.RequireWithConfig(a.auth, stytchgin.Config{Skip: func(c *gin.Context) bool { return c.Query("skip") != "" }}), me)
	for target, want := range map[string]int{"/x": 401, "/x?skip=1": 200} {
		if res, _ := a.do(http.MethodGet, target); res.StatusCode != want {
			t.Errorf("%s: got %d, want %d", target, res.StatusCode, want)
		}
	}
}

func TestRefreshedCookiesArriveWhateverTheHandlerDoes(t *testing.T) {
	for name, handler := range map[string]gin.HandlerFunc{
		"200":             func(c *gin.Context) { c.Header("Cache-Control", "public"); c.String(200, "ok") },
		"204, no body":    func(c *gin.Context) { c.Header("Cache-Control", "public"); c.Status(204) },
		"303":             func(c *gin.Context) { c.Header("Cache-Control", "public"); c.Redirect(303, "/") },
		"404":             func(c *gin.Context) { c.Header("Cache-Control", "public"); c.AbortWithStatus(404) },
		"500 by an error": func(c *gin.Context) { c.Header("Cache-Control", "public"); _ = c.AbortWithError(500, errors.New("x")) },
		"a stream": func(c *gin.Context) {
			c.Header("Cache-Control", "public")
			c.Writer.Flush()
			_, _ = c.Writer.WriteString("event")
		},
		"a stream through net/http": func(c *gin.Context) {
			c.Header("Cache-Control", "public")
			_ = http.NewResponseController(c.Writer).Flush()
		},
		"its own cookie": func(c *gin.Context) {
			http.SetCookie(c.Writer, &http.Cookie{Name: "theme", Value: "dark"})
			c.String(200, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newApp(t)
			a.r.GET("/x", stytchgin.Require(a.auth), handler)
			session := a.srv.AddMember(stytchtest.Member{}).SignIn()
			res, _ := a.do(http.MethodGet, "/x", session.Cookies(stytchtest.Age(10*time.Minute))...)
			got := map[string]string{}
			for _, c := range res.Cookies() {
				got[c.Name] = c.Value
			}
			if got["stytch_session"] != session.Token || got["stytch_session_jwt"] == "" {
				t.Errorf("the refreshed cookies are missing: %v", res.Header)
			}
			if cc := res.Header.Values("Cache-Control"); len(cc) != 1 || cc[0] != "private, no-store" {
				t.Errorf("Cache-Control is %q, want private, no-store alone", cc)
			}
		})
	}
}

func TestNestedGuardsSetOneSetOfCookies(t *testing.T) {
	a := newApp(t)
	a.r.Use(stytchgin.Optional(a.auth))
	group := a.r.Group("/", stytchgin.Require(a.auth))
	group.GET("/x", stytchgin.Require(a.auth, stytchkit.Fresh(0)), me)
	session := a.srv.AddMember(stytchtest.Member{}).SignIn()
	res, _ := a.do(http.MethodGet, "/x", session.Cookies(stytchtest.Age(10*time.Minute))...)
	if lines := res.Header.Values("Set-Cookie"); len(lines) != 2 || a.srv.Calls(stytchtest.Authenticate) != 1 {
		t.Errorf("got %d Set-Cookie lines after %d calls, want 2 after 1: %q", len(lines), a.srv.Calls(stytchtest.Authenticate), lines)
	}
	session.End()
	res, _ = a.do(http.MethodGet, "/x", session.Cookies(stytchtest.Age(10*time.Minute))...)
	if lines := res.Header.Values("Set-Cookie"); len(lines) != 2 || res.StatusCode != 401 || res.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("an ended session: got %d with %q and Cache-Control %q", res.StatusCode, lines, res.Header.Get("Cache-Control"))
	}
}

func TestSaveSessionAndEndSession(t *testing.T) {
	a := newApp(t)
	session := a.srv.AddMember(stytchtest.Member{}).SignIn()
	a.r.POST("/in", func(c *gin.Context) {
		if err := stytchgin.SaveSession(c, a.auth, session.Token, session.JWT(), session.ExpiresAt()); err != nil {
			t.Error(err)
		}
		c.Header("Cache-Control", "public")
		c.String(200, "in")
	})
	a.r.POST("/mfa", func(c *gin.Context) {
		if err := stytchgin.SaveSession(c, a.auth, "", "", time.Time{}); err == nil {
			t.Error("a login that still needs a step was saved")
		}
	})
	a.r.POST("/late", func(c *gin.Context) {
		c.String(200, "begun")
		if err := stytchgin.SaveSession(c, a.auth, session.Token, session.JWT(), session.ExpiresAt()); err == nil {
			t.Error("a session was saved after the response had been written")
		}
	})
	a.r.POST("/out", stytchgin.Require(a.auth), func(c *gin.Context) {
		if err := stytchgin.EndSession(c, a.auth); err != nil {
			t.Error(err)
		}
		c.Status(204)
	})
	a.r.GET("/me", stytchgin.Require(a.auth), me)

	res, _ := a.do(http.MethodPost, "/in")
	if res.Header.Get("Cache-Control") != "private, no-store" || len(res.Cookies()) != 3 {
		t.Fatalf("saved with %v", res.Header)
	}
	if res, _ := a.do(http.MethodPost, "/mfa"); len(res.Cookies()) != 0 {
		t.Errorf("an unfinished login set %v", res.Cookies())
	}
	a.do(http.MethodPost, "/late")
	if res, _ := a.do(http.MethodGet, "/me", res.Cookies()...); res.StatusCode != 200 {
		t.Errorf("with the saved cookies: got %d, want 200", res.StatusCode)
	}
	out, _ := a.do(http.MethodPost, "/out", res.Cookies()...)
	for _, c := range out.Cookies() {
		if c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("signing out left %v", c)
		}
	}
	if len(out.Cookies()) != 3 {
		t.Errorf("signing out cleared %v, want all three", out.Cookies())
	}
	if res, _ := a.do(http.MethodGet, "/me", res.Cookies()...); res.StatusCode != 401 {
		t.Errorf("with the ended session's cookies: got %d, want 401", res.StatusCode)
	}
}

func TestTheSessionReachesServicesThatKnowOnlyContext(t *testing.T) {
	a := newApp(t)
	service := func(ctx context.Context) string { return stytchkit.SessionFrom(ctx).MemberID() }
	kept := make(chan *gin.Context, 1)
	a.r.GET("/x", stytchgin.Require(a.auth), func(c *gin.Context) {
		kept <- c.Copy()
		c.String(200, service(c.Request.Context()))
	})
	alice, bob := a.srv.AddMember(stytchtest.Member{Email: "a@example.com"}), a.srv.AddMember(stytchtest.Member{Email: "b@example.com"})
	if _, body := a.do(http.MethodGet, "/x", alice.SignIn().Cookies()...); body != alice.ID {
		t.Errorf("got %q, want alice", body)
	}
	copied := <-kept
	for range 20 {
		a.do(http.MethodGet, "/x", bob.SignIn().Cookies()...)
		<-kept
	}
	if got := stytchgin.Session(copied).MemberID(); got != alice.ID {
		t.Errorf("alice's copied context says %q after 20 requests of bob's", got)
	}
}

func TestForgedJWTsThroughTheStackCostNoCall(t *testing.T) {
	a := newApp(t)
	a.r.GET("/me", stytchgin.Require(a.auth), me)
	genuine := a.srv.AddMember(stytchtest.Member{}).SignIn()
	good := genuine.JWT()
	signature := strings.LastIndexByte(good, '.') + 1
	foreign := genuine.Claims()
	foreign["iss"], foreign["aud"] = "stytch.com/project-test-another", []string{"project-test-another"}
	kinds := map[string]func(i int) string{
		"forged":    func(i int) string { return good[:signature+i] + flip(good[signature+i]) + good[signature+i+1:] },
		"truncated": func(i int) string { return good[:len(good)-1-i] },
		"another key's": func(i int) string {
			return a.srv.Sign(map[string]any{"alg": "RS256", "kid": strings.Repeat("k", 1+i)}, foreign)
		},
		"an unknown key": func(i int) string {
			return a.srv.Sign(map[string]any{"alg": "RS256", "kid": strings.Repeat("u", 1+i)}, genuine.Claims())
		},
		"random": func(i int) string { return strings.Repeat("x", i) + "." + strings.Repeat("y", i) + "." },
	}
	a.srv.ResetCalls()
	for name, mint := range kinds {
		for i := range 200 {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.url+"/me", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Cookie", "stytch_session_jwt="+mint(i))
			res, body := a.send(r)
			if res.StatusCode != 401 && (res.StatusCode != 503 || name != "an unknown key") {
				t.Fatalf("%s %d: got %d %s", name, i, res.StatusCode, body)
			}
			if len(res.Cookies()) != 0 {
				t.Fatalf("%s %d: cookies were touched: %v", name, i, res.Cookies())
			}
		}
	}
	if calls, fetches := a.srv.Calls(stytchtest.Authenticate), a.srv.Calls(stytchtest.JWKS); calls != 0 || fetches > 3 {
		t.Errorf("1,000 bad JWTs cost %d calls and %d key fetches, want 0 and at most 3", calls, fetches)
	}
}

// flip is another base64url character, one that differs in its leading bits.
func flip(c byte) string {
	if c == 'A' {
		return "Q"
	}
	return "A"
}

// Gin's own context is not the request's: the state's error says so.
func TestGinsOwnContextIsNamed(t *testing.T) {
	a := newApp(t)
	r := gin.New()
	var err error
	r.GET("/", stytchgin.Optional(a.auth), func(c *gin.Context) { _, err = a.auth.State(c) })
	r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	if err == nil || !strings.Contains(err.Error(), "*gin.Context") || !strings.Contains(err.Error(), "c.Request.Context()") {
		t.Errorf("it says %v", err)
	}
}
