package adaptertest

import (
	"bufio"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// RunSignIn signs in, switches the organization and signs out, and signs a user of a consumer project in and out, through the adapter's Mount, over TCP,
// and holds every answer's status, Location, Cache-Control and Set-Cookie lines against what every
// other adapter answers. build makes an application with the adapter's Optional in front of
// everything, and h mounted.
func RunSignIn(t *testing.T, build func(auth *stytchkit.Authenticator, h stytchkit.Mountable) Server) {
	t.Helper()
	t.Run("one address keeps no other from signing in", func(t *testing.T) { oneNoisySignIn(t, build) })
	t.Run("made-up intermediate sessions cost no call", func(t *testing.T) { noisySteps(t, build) })
	t.Run("forged flows cost no call", func(t *testing.T) { forgedFlows(t, build) })
	t.Run("no link is made of a Host that only looks like this machine", func(t *testing.T) { lookalikeLinks(t, build) })
	t.Run("sessions that contradict each other are signed out of behind the guard", func(t *testing.T) { contradictingSignOut(t, build) })
	t.Run("a POST without a body is answered", func(t *testing.T) { bodiless(t, build) })
	t.Run("a huge body is not waited for", func(t *testing.T) { hugeBodies(t, build) })
	t.Run("under a path that a proxy strips", func(t *testing.T) { belowPath(t, build) })
	t.Run("organizations on hosts of their own, each with its cookies", func(t *testing.T) { tenantsApart(t, build) })
	t.Run("organizations on hosts of their own that share their cookies", func(t *testing.T) { tenantsTogether(t, build) })
	t.Run("a user of a consumer project signs in and out", func(t *testing.T) { userSignsIn(t, build) })
	t.Run("an account is its own member's, and so are passkeys", func(t *testing.T) { ownAccount(t, build) })
	s := newSignInStage(t, stytchtest.B2B, build)
	alice := s.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example"})
	there := s.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "globex"})

	s.step("a link is asked for", "POST", "/auth/magic-link", "email=alice%40acme.example&return_to=%2Freports%3Fyear%3D2026",
		"303 /auth/magic-link private, no-store", flowCookie)
	s.step("a HEAD uses nothing up", "HEAD", s.link(), "", "204  no-store")
	s.step("the link is opened", "GET", s.link(), "", "303 /auth/organizations private, no-store", flowGone, intermediateCookie, pendingCookie)
	s.step("the list is shown", "GET", "/auth/organizations", "", "200  no-store")
	s.step("one is chosen", "POST", "/auth/organizations", "organization_id="+alice.OrganizationID,
		"303 /reports?year=2026 private, no-store", sessionCookie, sessionJWTCookie, intermediateGone, pendingGone)
	s.clock.Advance(6 * time.Minute) // the JWT has expired: the guard in front refreshes what is then replaced
	s.step("the organization is switched", "POST", "/auth/switch", "organization="+there.OrganizationID,
		"303 / private, no-store", sessionCookie, sessionJWTCookie, intermediateGone)
	s.clock.Advance(6 * time.Minute)
	s.step("what the guard in front refreshes stays beside what is set", "POST", "/auth/magic-link", "email=alice%40acme.example",
		"303 /auth/magic-link private, no-store", sessionCookie, sessionJWTCookie, flowCookie)
	s.step("a page of another origin signs nobody out", "POST", "/auth/logout", "", "403  no-store")
	s.step("it is over", "POST", "/auth/logout", "x=1", "303 /login private, no-store", sessionGone, sessionJWTGone, intermediateGone, flowGone)
	other := s.stytch.AddMember(stytchtest.Member{Email: "bob@acme.example"}).SignIn()
	s.stored = map[string]string{"stytch_session": other.Token}
	s.step("who is known by one credential signs out", "POST", "/auth/logout", "x=1", "303 /login private, no-store", sessionGone, sessionJWTGone, intermediateGone)
	s.stored = map[string]string{"stytch_session_jwt": other.JWT()}
	if body := s.step("and by no other any more", "GET", "/auth/session", "", "200  private, no-cache"); !strings.HasPrefix(body, `{"session":null`) {
		t.Errorf("signing out has ended the token alone, not the session that the guard found: %s", body)
	}
	s.stored = map[string]string{}
	s.step("there is no such page", "GET", "/auth/nothing", "", "404  no-store")
	s.step("nor such a method", "PUT", "/auth/callback", "", "405  no-store")
	if len(s.stored) > 0 {
		t.Errorf("signing out leaves the cookies %v", s.stored)
	}
}

// userSignsIn is the same without organizations.
func userSignsIn(t *testing.T, build mounted) {
	s := newSignInStage(t, stytchtest.Consumer, build)
	s.step("a link is asked for", "POST", "/auth/magic-link", "email=uma%40users.example&return_to=%2Freports%3Fyear%3D2026",
		"303 /auth/magic-link private, no-store", flowCookie)
	s.step("the link is opened", "GET", s.link(), "", "303 /reports?year=2026 private, no-store", flowGone, sessionCookie, sessionJWTCookie, intermediateGone)
	if body := s.step("the state is told", "GET", "/auth/session", "", "200  private, no-cache"); !hasParts(body, `{"session":{"session_id":"`, `,"user":{"user_id":"`, `"uma@users.example"`) {
		t.Errorf("the state is %s", body)
	}
	s.clock.Advance(6 * time.Minute)
	s.step("there are no organizations, and the guard in front refreshes all the same", "GET", "/auth/organizations", "", "404  private, no-store", sessionCookie, sessionJWTCookie)
	s.step("it is over", "POST", "/auth/logout", "x=1", "303 /login private, no-store", sessionGone, sessionJWTGone, intermediateGone)
	if body := s.step("and nobody is signed in", "GET", "/auth/session", "", "200  private, no-cache"); !strings.HasPrefix(body, `{"session":null,"user":null,`) {
		t.Errorf("the state is %s", body)
	}
	if len(s.stored) > 0 {
		t.Errorf("signing out leaves the cookies %v", s.stored)
	}
}

// The cookies of the steps. What is random, and when they expire, is replaced by what it is.
const (
	flowCookie         = "stytchkit_flow_ID=FLOW; Path=/auth; Max-Age=3600; HttpOnly; SameSite=Lax"
	flowGone           = "stytchkit_flow_ID=; Path=/auth; Expires=THEN; Max-Age=0; HttpOnly; SameSite=Lax"
	pendingCookie      = "stytchkit_pending=PENDING; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"
	pendingGone        = "stytchkit_pending=; Path=/; Expires=THEN; Max-Age=0; HttpOnly; SameSite=Lax"
	intermediateCookie = "stytch_intermediate_session_token=IST; Path=/; Expires=THEN; HttpOnly; SameSite=Lax"
	intermediateGone   = "stytch_intermediate_session_token=; Path=/; Expires=THEN; Max-Age=0; HttpOnly; SameSite=Lax"
	sessionCookie      = "stytch_session=TOKEN; Path=/; Expires=THEN; HttpOnly; SameSite=Lax"
	sessionGone        = "stytch_session=; Path=/; Expires=THEN; Max-Age=0; HttpOnly; SameSite=Lax"
	sessionJWTCookie   = "stytch_session_jwt=JWT; Path=/; Expires=THEN; HttpOnly; SameSite=Lax"
	sessionJWTGone     = "stytch_session_jwt=; Path=/; Expires=THEN; Max-Age=0; HttpOnly; SameSite=Lax"
)

// signInStage is an application under test, and a browser's cookies.
type signInStage struct {
	t       *testing.T
	stytch  *stytchtest.Server
	clock   *stytchtest.Clock
	address string
	stored  map[string]string
	got     strings.Builder // headers
	conn    net.Conn        // of sends
	reader  *bufio.Reader
}

func newSignInStage(t *testing.T, vertical stytchkit.Vertical, build mounted, configure ...func(*stytchkit.Config)) *signInStage {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	s := &signInStage{t: t, clock: stytchtest.NewClock(time.Now()), stored: map[string]string{}}
	s.stytch = stytchtest.Start(t, stytchtest.Options{Clock: s.clock, Key: key, Vertical: vertical})
	heard := func(cfg *stytchkit.Config) { new(overheard).join(t, cfg, s.got.String) }
	auth := s.stytch.Authenticator(t, append(configure, heard)...)
	h, err := signin.New(auth, signin.Config{LoginURL: "/login", AccountPage: true})
	if err != nil {
		t.Fatal(err)
	}
	s.address = "http://" + Serve(t, build(auth, h))
	return s
}

// link is the latest link in the mailbox, as a path.
func (s *signInStage) link() string {
	mail := s.stytch.Mail()
	return strings.TrimPrefix(mail[len(mail)-1].Link, s.address)
}

// step sends a browser's request, a POST with a form or, without one, from another origin.
func (s *signInStage) step(name, method, target, form, want string, cookies ...string) (body string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.address+target, strings.NewReader(form))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	r.Header.Set("Origin", s.address)
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else if method == http.MethodPost {
		r.Header.Set("Origin", "https://evil.example")
	}
	for cookie, value := range s.stored {
		r.AddCookie(&http.Cookie{Name: cookie, Value: value})
	}
	res, err := new(http.Transport).RoundTrip(r)
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	read, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	body = string(read)
	_ = res.Header.Write(&s.got) // a strings.Builder takes everything
	for _, c := range res.Cookies() {
		s.stored[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(s.stored, c.Name)
		}
	}
	got := fmt.Sprint(res.StatusCode, " ", res.Header.Get("Location"), " ", res.Header.Get("Cache-Control"))
	lines := plain(res.Header.Values("Set-Cookie"))
	if got != want || !slices.Equal(lines, cookies) {
		s.t.Errorf("%s: %s %s: got %q with\n%s\nwant %q with\n%s\n%s", name, method, target, got, strings.Join(lines, "\n"), want, strings.Join(cookies, "\n"), body)
	}
	return body
}

// plain replaces what is random in Set-Cookie lines.
func plain(lines []string) []string {
	out := []string{}
	for _, line := range lines {
		for _, known := range [][2]string{
			{`flow_[A-Z2-7]{10}=[\w-]+`, "flow_ID=FLOW"},
			{`flow_[A-Z2-7]{10}=`, "flow_ID="},
			{`pending=[\w-]+`, "pending=PENDING"},
			{`browser=[A-Z2-7]+`, "browser=ID"},
			{`stytch_session=[\w-]{44}`, "stytch_session=TOKEN"},
			{`stytch_session_jwt=[\w-]+\.[\w-]+\.[\w-]+`, "stytch_session_jwt=JWT"},
			{`session_token=[\w-]+`, "session_token=IST"},
			{`Expires=[^;]+`, "Expires=THEN"},
		} {
			line = regexp.MustCompile(known[0]).ReplaceAllString(line, known[1])
		}
		out = append(out, line)
	}
	return out
}
