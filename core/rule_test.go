package stytchkit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestARuleThatCannotWorkPanicsAndSaysWhatToWrite(t *testing.T) {
	w := newWorld(t)
	none := func(context.Context, *stytchkit.Session) error { return nil }
	for _, row := range []struct {
		names string // the rule, as it is written
		says  string // what to write
		build func()
	}{
		{"Role()", `Role("stytch_admin")`, func() { stytchkit.Role() }},
		{`Role("")`, `Role("stytch_admin")`, func() { stytchkit.Role("") }},
		{`Role("a", "")`, `Role("stytch_admin")`, func() { stytchkit.Role("a", "") }},
		{"AllRoles()", `AllRoles("editor", "billing")`, func() { stytchkit.AllRoles() }},
		{`AllRoles("", "a")`, `AllRoles("editor", "billing")`, func() { stytchkit.AllRoles("", "a") }},
		{`Permission("", "read")`, `Permission("documents", "read")`, func() { stytchkit.Permission("", "read") }},
		{`Permission("documents", "")`, `Permission("documents", "read")`, func() { stytchkit.Permission("documents", "") }},
		{`PathParam("")`, `PathParam("org")`, func() { stytchkit.PathParam("") }},
		{`PathParam(":org")`, `PathParam("org")`, func() { stytchkit.PathParam(":org") }},
		{`PathParam("{org}")`, `PathParam("org")`, func() { stytchkit.PathParam("{org}") }},
		{`PathParam("org...")`, `PathParam("org")`, func() { stytchkit.PathParam("org...") }},
		{`PathParam("org?")`, `PathParam("org")`, func() { stytchkit.PathParam("org?") }},
		{`PathParam("/orgs/org")`, `PathParam("org")`, func() { stytchkit.PathParam("/orgs/org") }},
		{`Subdomain("")`, `Subdomain("example.com")`, func() { stytchkit.Subdomain("") }},
		{`Subdomain(".")`, `Subdomain("example.com")`, func() { stytchkit.Subdomain(".") }},
		{`Subdomain("https://example.com")`, `Subdomain("example.com")`, func() { stytchkit.Subdomain("https://example.com") }},
		{`Subdomain("example.com:8080")`, `Subdomain("example.com")`, func() { stytchkit.Subdomain("example.com:8080") }},
		{`Subdomain("*.example.com")`, `Subdomain("example.com")`, func() { stytchkit.Subdomain("*.example.com") }},
		{`Subdomain("example..com")`, `Subdomain("example.com")`, func() { stytchkit.Subdomain("example..com") }},
		{`Subdomain("bücher.example")`, `Subdomain("example.com")`, func() { stytchkit.Subdomain("bücher.example") }},
		{"Organization()", `Organization(PathParam("org"))`, func() { stytchkit.Organization(stytchkit.OrganizationName{}) }},
		{"AuthenticatedWithin(0s)", "AuthenticatedWithin(10*time.Minute)", func() { stytchkit.AuthenticatedWithin(0) }},
		{"AuthenticatedWithin(-1s)", "AuthenticatedWithin(10*time.Minute)", func() { stytchkit.AuthenticatedWithin(-time.Second) }},
		{"Factors()", `Factors("totp")`, func() { stytchkit.Factors() }},
		{`Factors("totp", "")`, `Factors("totp")`, func() { stytchkit.Factors("totp", "") }},
		{`Check("x")`, "func(context.Context, *stytchkit.Session) error", func() { stytchkit.Check("x", nil) }},
		{`Check("")`, `Check("owns the document", …)`, func() { stytchkit.Check("", none) }},
		{"Fresh(-1s)", "Fresh(0)", func() { stytchkit.Fresh(-time.Second) }},
		{"Stale(-1s)", "Stale(0)", func() { stytchkit.Stale(-time.Second) }},
		{"Rule is empty", "stytchkit.Fresh", func() { w.auth.Require(stytchkit.Rule{}) }},
		{"Authenticator is nil", "stytchkit.New", func() { (*stytchkit.Authenticator)(nil).Require() }},
		{`Role("a")`, "write Require", func() { w.auth.Optional(stytchkit.Role("a")) }},
		{`AllRoles("a")`, "write Require", func() { w.auth.Optional(stytchkit.AllRoles("a")) }},
		{`Permission("a", "b")`, "write Require", func() { w.auth.Optional(stytchkit.Permission("a", "b")) }},
		{`Organization(PathParam("org"))`, "write Require", func() { w.auth.Optional(stytchkit.Organization(stytchkit.PathParam("org"))) }},
		{"AuthenticatedWithin(1s)", "write Require", func() { w.auth.Optional(stytchkit.AuthenticatedWithin(time.Second)) }},
		{`Factors("a")`, "write Require", func() { w.auth.Optional(stytchkit.Factors("a")) }},
		{"MFA()", "write Require", func() { w.auth.Optional(stytchkit.MFA()) }},
		{"NoImpersonation()", "write Require", func() { w.auth.Optional(stytchkit.NoImpersonation()) }},
		{`Check("x")`, "write Require", func() { w.auth.Optional(stytchkit.Check("x", none)) }},
		{"Stale and MFA()", "write one of them", func() { w.auth.Require(stytchkit.Stale(time.Minute), stytchkit.MFA()) }},
		{"Stale and AuthenticatedWithin(1s)", "write one of them", func() { w.auth.Require(stytchkit.AuthenticatedWithin(time.Second), stytchkit.Stale(time.Minute)) }},
		{`Stale and Factors("a")`, "write one of them", func() { w.auth.Require(stytchkit.Factors("a"), stytchkit.Stale(time.Minute)) }},
		{"Stale and Fresh(0)", "write one of them", func() { w.auth.Require(stytchkit.Fresh(0), stytchkit.Stale(time.Minute)) }},
	} {
		func() {
			defer func() {
				said, _ := recover().(string)
				if !strings.HasPrefix(said, "stytchkit: ") || !strings.Contains(said, row.names) || !strings.Contains(said, row.says) {
					t.Errorf("%s: panicked with %q, want what to write: %s", row.names, said, row.says)
				}
			}()
			row.build()
		}()
	}
	if got := w.srv.TotalCalls(); got != 0 {
		t.Errorf("rules that cannot work made %d calls", got)
	}
}

func TestOptionalTakesRulesThatMakeSenseWithoutASession(t *testing.T) {
	w := newWorld(t)
	d := check(w.auth.Optional(stytchkit.Fresh(time.Minute), stytchkit.Stale(time.Minute), stytchkit.AllowCrossOrigin()), request())
	if d.Denial != nil || d.Session != nil {
		t.Errorf("got %v and %v", d.Denial, d.Session)
	}
}

// Whatever rules are not met, and in whatever order they are written, the answer is the same.
func TestTheAnswerDoesNotDependOnTheOrderOfRules(t *testing.T) {
	w := newWorld(t)
	w.srv.Fail(stytchtest.RBACPolicy, stytchtest.Fault{Status: 500})
	w.auth = w.authenticator(func(c *stytchkit.Config) { c.LoginURL = "/login" }) // no policy has ever come
	if err := w.auth.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	alice := w.srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.AuthenticatedAgo(time.Hour))
	inOrder := []struct {
		rule   stytchkit.Rule
		code   string
		maxAge string
	}{ // the most helpful first
		{stytchkit.Organization(stytchkit.PathParam("org")), "organization_mismatch", ""},
		{stytchkit.Role("owner"), "permission_denied", ""},
		{stytchkit.Permission("documents", "read"), "stytch_unavailable", ""},
		{stytchkit.AuthenticatedWithin(time.Minute), "reauthentication_required", "60"},
		{stytchkit.AuthenticatedWithin(2 * time.Minute), "reauthentication_required", "120"},
		{stytchkit.MFA(), "reauthentication_required", ""},
		{failing(), "permission_denied", ""},
	}
	r := routed{stytchkit.HTTPRequest{R: bearer(alice.JWT())}, map[string]string{"org": "globex"}}
	random := rand.New(rand.NewPCG(3, 4))
	maxAge := regexp.MustCompile(`max_age=(\d+)`)
	for first := range inOrder {
		unmet := slices.Clone(inOrder[first:])
		for range 12 {
			random.Shuffle(len(unmet), func(i, j int) { unmet[i], unmet[j] = unmet[j], unmet[i] })
			var guard []stytchkit.Rule
			for _, rule := range unmet {
				guard = append(guard, rule.rule)
			}
			d := w.auth.Require(guard...).Check(t.Context(), r)
			age := ""
			if found := maxAge.FindStringSubmatch(d.Denial.Header.Get("WWW-Authenticate")); found != nil {
				age = found[1]
			}
			if code(d) != inOrder[first].code || age != inOrder[first].maxAge {
				t.Errorf("rules %v: got %q with max_age %q, want %q with %q", guard, code(d), age, inOrder[first].code, inOrder[first].maxAge)
			}
		}
	}
}

func TestChecksAreAskedInTheOrderInWhichTheyAreWrittenUntilOneRefuses(t *testing.T) {
	w := newWorld(t)
	var asked []string
	named := func(name string, err error) stytchkit.Rule {
		return stytchkit.Check(name, func(context.Context, *stytchkit.Session) error { asked = append(asked, name); return err })
	}
	d := check(w.auth.Require(named("b", nil), named("a", errors.New("no")), named("c", nil), stytchkit.Role("stytch_member")), bearer(w.member("alice@example.com").JWT()))
	if got := fmt.Sprint(asked); got != "[b a]" || !strings.Contains(d.Denial.Err.Error(), `Check("a")`) {
		t.Errorf("asked %s, denied for %v", got, d.Denial.Err)
	}
}

func TestOfSeveralFreshnessesTheStrictestCounts(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.Freshness = time.Minute })
	for _, row := range []struct {
		name  string
		guard []stytchkit.Rule
		asked int
	}{
		{"the default alone", nil, 1},
		{"one that is longer than the default", rules(stytchkit.Fresh(time.Hour)), 0},
		{"the shorter one first", rules(stytchkit.Fresh(time.Minute), stytchkit.Fresh(time.Hour)), 1},
		{"the shorter one last", rules(stytchkit.Fresh(time.Hour), stytchkit.Fresh(time.Minute)), 1},
		{"Fresh(0) first", rules(stytchkit.Fresh(0), stytchkit.Fresh(time.Hour)), 1},
	} {
		w.srv.ResetCalls()
		old := w.member("alice@example.com").JWT(stytchtest.Age(2 * time.Minute)) // of which nothing is remembered
		if d := check(w.auth.Require(row.guard...), bearer(old)); d.Denial != nil || w.asked() != row.asked {
			t.Errorf("%s: Stytch was asked %d times, want %d (%v)", row.name, w.asked(), row.asked, d.Denial)
		}
	}
}

func TestOddRolesAndFactors(t *testing.T) {
	w := newWorld(t)
	session := w.member("alice@example.com")
	with := func(name string, value any) string {
		claims := session.Claims()
		claims[sessionClaim].(map[string]any)[name] = value
		return w.srv.Sign(nil, claims)
	}
	now := w.clock.Now()
	factors := func(all ...map[string]any) string { return with("authentication_factors", all) }
	for _, row := range []struct {
		name string
		jwt  string
		rule stytchkit.Rule
		code string
	}{
		{"a role that is listed twice", with("roles", []string{"a", "a"}), stytchkit.AllRoles("a"), ""},
		{"a role that is listed twice is not two", with("roles", []string{"a", "a"}), stytchkit.AllRoles("a", "b"), "permission_denied"},
		{"a role without a name", with("roles", []string{""}), stytchkit.Role("a"), "permission_denied"},
		{"no list of roles", with("roles", nil), stytchkit.Role("a"), "permission_denied"},
		{"an empty list of roles", with("roles", []string{}), stytchkit.AllRoles("a"), "permission_denied"},
		{"a permission of a role without a name", with("roles", []string{""}), stytchkit.Permission("documents", "read"), "permission_denied"},
		{"a permission without a list of roles", with("roles", nil), stytchkit.Permission("documents", "read"), "permission_denied"},
		{"no list of factors", with("authentication_factors", nil), stytchkit.AuthenticatedWithin(time.Hour), "reauthentication_required"},
		{"an empty list of factors", factors(), stytchkit.MFA(), "reauthentication_required"},
		{"a factor without a kind", factors(map[string]any{"last_authenticated_at": now}), stytchkit.Factors("totp"), "reauthentication_required"},
		{"a factor of the year 1", factors(map[string]any{"type": "totp", "last_authenticated_at": time.Time{}}), stytchkit.AuthenticatedWithin(time.Hour), "reauthentication_required"},
		{"a factor of the time to come", factors(map[string]any{"type": "totp", "last_authenticated_at": now.Add(time.Hour)}), stytchkit.AuthenticatedWithin(time.Nanosecond), ""},
		{"an impersonation without its kind", factors(map[string]any{"impersonated_factor": map[string]any{}}), stytchkit.NoImpersonation(), "permission_denied"},
		{"an impersonation by its delivery alone", factors(map[string]any{"type": "new", "delivery_method": "impersonation"}), stytchkit.NoImpersonation(), "permission_denied"},
		{"an impersonation beside a factor", factors(map[string]any{"type": "password"}, map[string]any{"type": "impersonated"}), stytchkit.NoImpersonation(), "permission_denied"},
		{"an impersonation and a second factor", factors(map[string]any{"type": "impersonated"}, map[string]any{"type": "totp"}), stytchkit.MFA(), "reauthentication_required"},
	} {
		if d := check(w.auth.Require(row.rule), bearer(row.jwt)); code(d) != row.code {
			t.Errorf("%s: got %q, want %q", row.name, code(d), row.code)
		}
	}
}

// trouble is an error that cannot even say what it is.
type trouble struct{}

func (trouble) Error() string { panic("secret reason") }

func TestACheckThatGoesWrongLetsNobodyThrough(t *testing.T) {
	w := newWorld(t)
	r := bearer(w.member("alice@example.com").JWT())
	panicking := func(value any) func() error { return func() error { panic(value) } }
	for name, verdict := range map[string]func() error{
		"it panics with nothing":                     panicking(nil),
		"it panics with a text":                      panicking("secret reason"),
		"it panics with an error":                    panicking(errors.New("secret reason")),
		"it panics with what cannot be printed":      panicking(trouble{}),
		"it returns what cannot be printed":          func() error { return trouble{} },
		"it returns an error that holds nothing":     func() error { return (*stytchkit.Denial)(nil) },
		"it returns a denial that lets pass":         func() error { return &stytchkit.Denial{Status: 200, Code: "secret reason"} },
		"it returns that the request was given up":   func() error { return context.Canceled },
		"it returns that no policy could be fetched": func() error { return fmt.Errorf("secret reason: %w", context.DeadlineExceeded) },
	} {
		guard := w.auth.Require(stytchkit.Check("x", func(context.Context, *stytchkit.Session) error { return verdict() }))
		d := check(guard, r)
		if code(d) != "permission_denied" || d.Denial.Status != http.StatusForbidden || strings.Contains(string(d.Denial.Body), "secret") {
			t.Errorf("%s: got %q: %s", name, code(d), d.Denial.Body)
		}
		if d.Denial.Err == nil || !strings.Contains(d.Denial.Error(), `Check("x")`) {
			t.Errorf("%s: the denial's error does not name the check: %v", name, d.Denial.Err)
		}
	}
}

// A list that is changed after a rule was made of it changes no rule.
func TestARuleKeepsTheListItWasMadeOf(t *testing.T) {
	w := newWorld(t)
	roles, kinds := []string{"owner", "admin"}, []stytchkit.FactorType{"sso", "totp"}
	guards := []*stytchkit.Guard{
		w.auth.Require(stytchkit.Role(roles...)),
		w.auth.Require(stytchkit.AllRoles(roles...)),
		w.auth.Require(stytchkit.Factors(kinds...)),
	}
	roles[0], roles[1], kinds[0] = "stytch_member", "stytch_member", "magic_link"
	for i, guard := range guards {
		if d := check(guard, bearer(w.member("alice@example.com").JWT())); d.Denial == nil {
			t.Errorf("guard %d lets through whom only the changed list names", i)
		}
	}
}
