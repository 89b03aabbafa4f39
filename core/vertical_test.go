package stytchkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/attribute"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func newConsumerWorld(t *testing.T, configure ...func(*stytchkit.Config)) *world {
	t.Helper()
	return newWorldOf(t, stytchtest.Consumer, configure...)
}

func TestAUsersSessionIsTheSameFromItsJWTAndFromStytch(t *testing.T) {
	w := newConsumerWorld(t)
	uma := w.srv.AddUser(stytchtest.User{Email: "uma@example.com", Roles: []string{"editor"}})
	session := uma.SignIn(stytchtest.WithClaims(map[string]any{"plan": "pro", "big": json.Number("9007199254740993")}))
	var written []string
	for _, token := range []string{session.JWT(), session.Token} {
		s := check(w.auth.Require(stytchkit.Role("editor")), bearer(token)).Session
		if s.ID() != session.ID || s.UserID() != uma.ID || s.Subject() != uma.ID || !s.HasRole("stytch_user") || !s.ExpiresAt().Equal(session.ExpiresAt()) {
			t.Fatalf("got %v with roles %v", s, s.Roles())
		}
		if s.MemberID() != "" || s.OrganizationID() != "" || s.OrganizationSlug() != "" || s.MemberSession() != nil {
			t.Errorf("a user has a member's: %q %q %q %v", s.MemberID(), s.OrganizationID(), s.OrganizationSlug(), s.MemberSession())
		}
		us := s.UserSession()
		if us.SessionID != session.ID || us.UserID != uma.ID || len(us.AuthenticationFactors) != 1 || us.CustomClaims["plan"] != "pro" {
			t.Errorf("got %+v", us)
		}
		if got, err := stytchkit.Claims[struct{ Big int64 }](s); err != nil || got.Big != 9007199254740993 {
			t.Errorf("got the claims %+v, %v", got, err)
		}
		if got := fmt.Sprintf("%+v", s); got != "session "+session.ID+" of "+uma.ID {
			t.Errorf("printed as %s", got)
		}
		body, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		written = append(written, string(body))
	}
	if written[0] != written[1] {
		t.Errorf("one by one:\n%s\n%s", written[0], written[1])
	}
	var native sessions.Session
	if err := json.Unmarshal([]byte(written[0]), &native); err != nil || native.UserID != uma.ID || strings.Contains(written[0], "member") || !strings.Contains(written[0], "9007199254740993") {
		t.Errorf("got %s, %v", written[0], err)
	}
}

func TestTheAttributesOfASession(t *testing.T) {
	want := stytchkit.Attributes{IPAddress: "203.0.113.7", UserAgent: "test"}
	described := stytchkit.NewUserSession(&sessions.Session{SessionID: "session-test-1", UserID: "user-test-1", Attributes: &attribute.Attributes{IPAddress: want.IPAddress, UserAgent: want.UserAgent}})
	if got := described.Attributes(); got != want {
		t.Errorf("described: got %+v", got)
	}
	if got := described.UserSession().Attributes; got.IPAddress != want.IPAddress {
		t.Errorf("the SDK's: got %+v", got)
	}
	for _, kind := range []stytchtest.Vertical{stytchtest.B2B, stytchtest.Consumer} {
		w := newWorldOf(t, kind)
		d := newDraft(w.clock.Now(), w.srv.KeyID(), w.srv.ProjectID(), signingKey())
		if kind == stytchtest.Consumer {
			d.claims[organizationClaim] = absent{}
		}
		if got := check(w.auth.Require(), bearer(d.token(t))).Session.Attributes(); got != want {
			t.Errorf("%v: got %+v", kind, got)
		}
	}
	if got := (*stytchkit.Session)(nil).Attributes(); got != (stytchkit.Attributes{}) {
		t.Errorf("of nobody: got %+v", got)
	}
}

func TestAMemberIsNoUser(t *testing.T) {
	w := newWorld(t)
	d := check(w.auth.Require(), bearer(w.member("alice@example.com").Token))
	s := d.Session
	if s.UserID() != "" || s.UserSession() != nil || d.User() != nil {
		t.Errorf("a member has a user's: %q %v %v", s.UserID(), s.UserSession(), d.User())
	}
	if s.Subject() != s.MemberID() || s.Subject() == "" {
		t.Errorf("got the subject %q of %s", s.Subject(), s)
	}
	if body, err := json.Marshal(stytchkit.State{Session: s}); err != nil || !strings.Contains(string(body), `"organization":null`) || strings.Contains(string(body), `"user"`) {
		t.Errorf("got %s, %v", body, err)
	}
}

// A wrong Config.Vertical is the application's fault and is said so, whoever notices it first.
func TestAWrongVerticalIsSaidOnce(t *testing.T) {
	for _, row := range []struct {
		project    stytchtest.Vertical
		configured stytchkit.Vertical
	}{{stytchtest.B2B, stytchkit.Consumer}, {stytchtest.Consumer, stytchkit.B2B}} {
		for name, credential := range map[string]func(*stytchtest.Session) string{
			"JWT":          func(s *stytchtest.Session) string { return jwtCookie(s.JWT()) },
			"opaque token": func(s *stytchtest.Session) string { return tokenCookie(s.Token) },
		} {
			t.Run(fmt.Sprintf("%v as %v by %s", row.project, row.configured, name), func(t *testing.T) {
				w := newWorldOf(t, row.project)
				w.auth = w.authenticator(func(c *stytchkit.Config) { c.Vertical = row.configured })
				if err := w.auth.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "Config.Vertical") {
					t.Errorf("ready: got %v", err)
				}
				session := w.somebody()
				for range 3 {
					d := check(w.auth.Require(), request(credential(session)))
					if code(d) != stytchkit.CodeStytchMisconfigured || d.Denial.Status != 500 || setCookies(d) != "untouched" {
						t.Errorf("got %q, cookies %s", code(d), setCookies(d))
					}
				}
				if d := check(w.auth.Optional(), request(credential(session))); code(d) != "" || d.Initialized || d.Session != nil {
					t.Errorf("optional: got %q, %v, initialized %v", code(d), d.Session, d.Initialized)
				}
				if said := w.log.String(); strings.Count(said, "level=ERROR") != 1 || !strings.Contains(said, "Config.Vertical") {
					t.Errorf("the log says\n%s", said)
				}
			})
		}
	}
}

// somebody is a session of whoever the project has.
func (w *world) somebody() *stytchtest.Session {
	if w.srv.Vertical() == stytchtest.Consumer {
		return w.srv.AddUser(stytchtest.User{}).SignIn()
	}
	return w.member("alice@example.com")
}

func TestTheVerticalIsLoggedAndChecked(t *testing.T) {
	if w := newConsumerWorld(t); !strings.Contains(w.log.String(), "vertical=consumer") {
		t.Errorf("the log says\n%s", w.log)
	}
	cfg := newWorld(t).srv.Config()
	cfg.Vertical = 7
	if _, err := stytchkit.New(cfg); err == nil || !strings.Contains(err.Error(), "Config.Vertical") {
		t.Errorf("got %v", err)
	}
	for value, want := range map[string]stytchkit.Vertical{"": stytchkit.B2B, "b2b": stytchkit.B2B, "consumer": stytchkit.Consumer} {
		t.Setenv("STYTCH_VERTICAL", value)
		if got, err := stytchkit.ConfigFromEnv(); err != nil || got.Vertical != want {
			t.Errorf("%q: got %v, %v", value, got.Vertical, err)
		}
	}
	t.Setenv("STYTCH_VERTICAL", "Consumer project")
	if _, err := stytchkit.ConfigFromEnv(); err == nil || !strings.Contains(err.Error(), "STYTCH_VERTICAL") {
		t.Errorf("got %v", err)
	}
}

func TestAUsersSessionIsRefreshedEndedAndForgotten(t *testing.T) {
	w := newConsumerWorld(t)
	session := w.srv.AddUser(stytchtest.User{}).SignIn()
	old := session.JWT()
	w.clock.Advance(10 * time.Minute)
	r := request(tokenCookie(session.Token), jwtCookie(old))
	if d := check(w.auth.Require(), r); d.Source != stytchkit.FromStytch || setCookies(d) != "set" {
		t.Errorf("got %q from %q, cookies %s", code(d), d.Source, setCookies(d))
	}
	if cookies, err := w.auth.EndSession(r.Context(), stytchkit.HTTPRequest{R: r}); err != nil || len(cookies) == 0 {
		t.Errorf("got %v, %v", cookies, err)
	}
	if got := w.srv.Calls(stytchtest.Revoke); got == 0 {
		t.Error("nothing was revoked at Stytch")
	}
	if d := check(w.auth.Require(stytchkit.Fresh(0)), bearer(session.Token)); code(d) != stytchkit.CodeSessionEnded {
		t.Errorf("got %q", code(d))
	}
}

func TestTheRulesInAConsumerProject(t *testing.T) {
	w := newConsumerWorld(t)
	w.srv.Permit("editor", "documents", "write")
	if err := w.auth.RefreshPolicy(t.Context()); err != nil {
		t.Fatal(err)
	}
	uma := w.srv.AddUser(stytchtest.User{Email: "uma@example.com", Phone: "+15550100", Roles: []string{"editor"}})
	plain := uma.SignIn()
	old := uma.SignIn(stytchtest.AuthenticatedAgo(time.Hour))
	twice := uma.SignIn(stytchtest.WithTOTP())
	acted := uma.SignIn(stytchtest.ImpersonatedBy("boss@example.com"))
	for _, row := range []struct {
		rule    stytchkit.Rule
		session *stytchtest.Session
		want    string
	}{
		{stytchkit.Role("editor"), plain, ""},
		{stytchkit.Role("owner"), plain, stytchkit.CodePermissionDenied},
		{stytchkit.AllRoles("editor", "stytch_user"), plain, ""},
		{stytchkit.Permission("documents", "write"), plain, ""},
		{stytchkit.Permission("documents", "delete"), plain, stytchkit.CodePermissionDenied},
		{stytchkit.AuthenticatedWithin(time.Minute), plain, ""},
		{stytchkit.AuthenticatedWithin(time.Minute), old, stytchkit.CodeReauthentication},
		{stytchkit.Factors("totp"), plain, stytchkit.CodeReauthentication},
		{stytchkit.Factors("totp"), twice, ""},
		{stytchkit.MFA(), plain, stytchkit.CodeReauthentication},
		{stytchkit.MFA(), twice, ""},
		{stytchkit.NoImpersonation(), plain, ""},
		{stytchkit.NoImpersonation(), acted, stytchkit.CodePermissionDenied},
		{stytchkit.Fresh(0), plain, ""},
		{stytchkit.Stale(time.Minute), plain, ""},
		{stytchkit.Check("is Uma", func(_ context.Context, s *stytchkit.Session) error {
			if s.UserID() != uma.ID {
				return errors.New("somebody else")
			}
			return nil
		}), plain, ""},
	} {
		if d := check(w.auth.Require(row.rule), bearer(row.session.JWT())); code(d) != row.want {
			t.Errorf("%v: got %q (%v), want %q", row.rule, code(d), d.Denial, row.want)
		}
	}
	if can, err := w.auth.Can(t.Context(), check(w.auth.Require(), bearer(plain.JWT())).Session, "documents", "write"); err != nil || !can {
		t.Errorf("got %v, %v", can, err)
	}
}

func TestOrganizationCannotBeAskedForInAConsumerProject(t *testing.T) {
	w := newConsumerWorld(t)
	defer func() {
		if p := fmt.Sprint(recover()); !strings.Contains(p, "Organization") || !strings.Contains(p, "no organizations") {
			t.Errorf("got the panic %s", p)
		}
	}()
	w.auth.Require(stytchkit.Organization(stytchkit.PathParam("org")))
}

// Two categories, whichever they are; B2B's first and second factors are another matter.
func TestMFACountsCategoriesOfUsers(t *testing.T) {
	w := newConsumerWorld(t)
	uma := w.srv.AddUser(stytchtest.User{Email: "uma@example.com", Phone: "+15550100"})
	otp := func(by sessions.AuthenticationFactorDeliveryMethod) sessions.AuthenticationFactor {
		return sessions.AuthenticationFactor{Type: "otp", DeliveryMethod: by}
	}
	of := func(kind sessions.AuthenticationFactorType) sessions.AuthenticationFactor {
		return sessions.AuthenticationFactor{Type: kind}
	}
	type factors = []sessions.AuthenticationFactor
	for _, row := range []struct {
		name    string
		factors factors
		want    bool
	}{
		{"nothing", factors{}, false},
		{"a link and a code to the same mailbox", factors{of("magic_link"), otp("email")}, false},
		{"a password and OAuth", factors{of("password"), of("oauth")}, false},
		{"a password and a code by mail of B2B's kind", factors{of("password"), of("email_otp")}, false},
		{"two phones", factors{otp("sms"), otp("whatsapp")}, false},
		{"a passkey and an app", factors{of("webauthn"), of("totp")}, false},
		{"an app alone", factors{of("totp")}, false},
		{"a link and a phone", factors{of("magic_link"), otp("sms")}, true},
		{"a phone and a link", factors{otp("sms"), of("magic_link")}, true},
		{"a password and WhatsApp", factors{of("password"), otp("whatsapp")}, true},
		{"OAuth and a passkey", factors{of("oauth"), of("webauthn")}, true},
		{"a phone and an app", factors{otp("sms"), of("totp")}, true},
		{"a code by mail and a recovery code", factors{otp("email"), of("recovery_codes")}, true},
		{"a link and biometrics", factors{of("magic_link"), of("signature_challenge")}, true},
		{"a link and a wallet", factors{of("magic_link"), of("crypto")}, true},
		{"a link and what was imported", factors{of("magic_link"), of("imported")}, false},
		{"an impersonation and an app", factors{of("impersonated"), of("totp")}, false},
		{"a phone, and a code in a way not known here", factors{otp("sms"), otp("pigeon")}, false},
	} {
		session := uma.SignIn(stytchtest.WithFactors(row.factors...))
		if d := check(w.auth.Require(stytchkit.MFA()), bearer(session.JWT())); (d.Denial == nil) != row.want {
			t.Errorf("%s: got %q, want met %v", row.name, code(d), row.want)
		}
	}
}

func TestTheStateOfAUser(t *testing.T) {
	w := newConsumerWorld(t)
	uma := w.srv.AddUser(stytchtest.User{Email: "uma@example.com", FirstName: "Uma"})
	session := uma.SignIn()
	shown := func(cookies ...string) (string, stytchkit.Decision) {
		r := request(cookies...)
		d := check(w.auth.Optional(), r)
		answer := w.auth.AnswerState(d.Context(r.Context()), stytchkit.HTTPRequest{R: r})
		return string(answer.Body), d
	}
	if got, _ := shown(); got != `{"session":null,"user":null,"fromCache":false,"isInitialized":true}` {
		t.Errorf("anonymous: got %s", got)
	}
	for range 2 {
		got, d := shown(jwtCookie(session.JWT()))
		if !strings.Contains(got, `"user_id":"`+uma.ID+`"`) || !strings.Contains(got, "Uma") || strings.Contains(got, "organization") || d.User() != nil {
			t.Errorf("got %s, and %v", got, d.User())
		}
	}
	if got := w.srv.Calls(stytchtest.GetUser); got != 1 {
		t.Errorf("the user was fetched %d times", got)
	}
	if got, d := shown(tokenCookie(session.Token)); d.User() == nil || d.User().UserID != uma.ID || d.Member() != nil || !strings.Contains(got, uma.ID) {
		t.Errorf("asked: got %s, and %v", got, d.User())
	}
	if got := w.auth.Health().Users; got != 1 {
		t.Errorf("%d users are remembered", got)
	}
	w.srv.Fail(stytchtest.All, stytchtest.Fault{Status: 503})
	other := w.srv.AddUser(stytchtest.User{Email: "other@example.com"}).SignIn()
	if got, _ := shown(jwtCookie(other.JWT())); !strings.Contains(got, `"user":null`) || !strings.Contains(got, `"isInitialized":false`) || !strings.Contains(got, other.ID) {
		t.Errorf("in an outage: got %s", got)
	}
}

// Whoever Stytch answers with is compared with whom was asked for: an external_id is taken in the place of
// an ID.
func TestNobodyIsShownAnotherUser(t *testing.T) {
	w := newConsumerWorld(t)
	d := newDraft(w.clock.Now(), w.srv.KeyID(), w.srv.ProjectID(), signingKey())
	d.claims[organizationClaim], d.claims["sub"] = absent{}, "external-1"
	w.srv.AddUser(stytchtest.User{Email: "uma@example.com", ExternalID: "external-1"})
	r := bearer(d.token(t))
	decision := check(w.auth.Require(), r)
	state, err := w.auth.State(decision.Context(r.Context()))
	if err == nil || state.User != nil || state.Session == nil || state.Initialized {
		t.Errorf("got %+v, %v", state.User, err)
	}
}

// Where no call has told, a session of the project's own does.
func TestAWrongVerticalIsSaidInAnOutage(t *testing.T) {
	w := newWorld(t)
	session := w.member("alice@example.com").JWT()
	w.srv.Fail(stytchtest.Other, stytchtest.Fault{Status: 503}) // where the other kind has its policy
	w.auth = w.authenticator(func(c *stytchkit.Config) { c.Vertical = stytchkit.Consumer })
	if err := w.auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if d := check(w.auth.Require(), bearer(session)); code(d) != stytchkit.CodeStytchMisconfigured {
			t.Errorf("got %q", code(d))
		}
	}
	if said := w.log.String(); strings.Count(said, "level=ERROR") != 1 || !strings.Contains(said, "Config.Vertical") {
		t.Errorf("the log says\n%s", said)
	}
}
