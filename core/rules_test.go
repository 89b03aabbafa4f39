package stytchkit_test

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/b2bstytchapi"
	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"
	b2bsessions "github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// routed is a request with path parameters.
type routed struct {
	stytchkit.HTTPRequest
	params map[string]string
}

func (r routed) Param(name string) string { return r.params[name] }

// factor is an authentication factor of this kind and age.
func factor(w *world, kind sessions.AuthenticationFactorType, age time.Duration) sessions.AuthenticationFactor {
	at := w.clock.Now().Add(-age)
	return sessions.AuthenticationFactor{Type: kind, DeliveryMethod: "email", LastAuthenticatedAt: &at}
}

func TestRules(t *testing.T) {
	const ten = 10 * time.Minute
	for _, row := range []struct {
		name    string
		rules   []stytchkit.Rule
		factors func(*world) []sessions.AuthenticationFactor
		params  map[string]string
		code    string
		says    string // in WWW-Authenticate
	}{
		{name: "one of the roles", rules: rules(stytchkit.Role("admin", "editor"))},
		{name: "none of the roles", rules: rules(stytchkit.Role("admin", "owner")), code: "permission_denied", says: `Bearer error="insufficient_scope"`},
		{name: "all of the roles", rules: rules(stytchkit.AllRoles("editor", "stytch_member"))},
		{name: "not all of the roles", rules: rules(stytchkit.AllRoles("editor", "admin")), code: "permission_denied"},
		{name: "a permission of the role", rules: rules(stytchkit.Permission("documents", "create"))},
		{name: "an action that no role allows", rules: rules(stytchkit.Permission("documents", "delete")), code: "permission_denied"},
		{name: "a resource that the policy does not know", rules: rules(stytchkit.Permission("Documents", "create")), code: "permission_denied"},
		{name: "a recent sign-in", rules: rules(stytchkit.AuthenticatedWithin(ten)), factors: aged("magic_link", ten)},
		{name: "one a moment too old", rules: rules(stytchkit.AuthenticatedWithin(ten)), factors: aged("magic_link", ten+time.Second),
			code: "reauthentication_required", says: `Bearer error="insufficient_user_authentication", max_age=600`},
		{name: "the newest factor counts", rules: rules(stytchkit.AuthenticatedWithin(ten)), factors: func(w *world) []sessions.AuthenticationFactor {
			return []sessions.AuthenticationFactor{factor(w, "password", time.Hour), factor(w, "totp", time.Minute)}
		}},
		{name: "no factor at all", rules: rules(stytchkit.AuthenticatedWithin(ten)), factors: func(*world) []sessions.AuthenticationFactor { return []sessions.AuthenticationFactor{{Type: "sso"}} }, code: "reauthentication_required"},
		{name: "a factor of the kind", rules: rules(stytchkit.Factors("totp", "password")), factors: aged("password", 0)},
		{name: "none of the kind", rules: rules(stytchkit.Factors("totp")), factors: aged("password", 0), code: "reauthentication_required", says: `Bearer error="insufficient_user_authentication"`},
		{name: "a second factor", rules: rules(stytchkit.MFA()), factors: func(w *world) []sessions.AuthenticationFactor {
			return []sessions.AuthenticationFactor{factor(w, "password", 0), factor(w, "totp", 0)}
		}},
		{name: "a second factor alone is not two", rules: rules(stytchkit.MFA()), factors: aged("totp", 0), code: "reauthentication_required"},
		{name: "two first factors are no second one", rules: rules(stytchkit.MFA()), factors: func(w *world) []sessions.AuthenticationFactor {
			return []sessions.AuthenticationFactor{factor(w, "password", 0), factor(w, "magic_link", 0)}
		}, code: "reauthentication_required"},
		{name: "the member's own session", rules: rules(stytchkit.NoImpersonation())},
		{name: "an impersonation", rules: rules(stytchkit.NoImpersonation()), factors: aged("impersonated", 0), code: "permission_denied"},
		{name: "the application's check passes", rules: rules(stytchkit.Check("x", func(context.Context, *stytchkit.Session) error { return nil }))},
		{name: "the application's check fails", rules: rules(stytchkit.Check("x", func(context.Context, *stytchkit.Session) error { return errors.New("secret reason") })), code: "permission_denied"},
		{name: "the application's check panics", rules: rules(stytchkit.Check("x", func(context.Context, *stytchkit.Session) error { panic("oops") })), code: "permission_denied"},
		{name: "of several, the organization comes first", rules: rules(stytchkit.MFA(), stytchkit.Role("admin"), stytchkit.Organization(stytchkit.PathParam("org"))),
			params: map[string]string{"org": "globex"}, code: "organization_mismatch"},
		{name: "then the role", rules: rules(stytchkit.MFA(), stytchkit.Role("admin")), code: "permission_denied"},
		{name: "then step-up", rules: rules(failing(), stytchkit.MFA()), code: "reauthentication_required"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			var options []stytchtest.SessionOption
			if row.factors != nil {
				options = append(options, stytchtest.WithFactors(row.factors(w)...))
			}
			alice := w.srv.AddMember(stytchtest.Member{Roles: []string{"editor"}}).SignIn(options...)
			r := bearer(alice.JWT())
			guard := w.auth.Require(row.rules...)
			d := guard.Check(t.Context(), routed{stytchkit.HTTPRequest{R: r}, row.params})
			if code(d) != row.code {
				t.Fatalf("got %q (%v), want %q", code(d), d.Denial, row.code)
			}
			if row.code == "" {
				if d.Session.ID() != alice.ID {
					t.Errorf("let through without alice's session: %v", d.Session)
				}
				return
			}
			if d.Session != nil || stytchkit.SessionFrom(d.Context(t.Context())) != nil {
				t.Errorf("a denied request carries %v", d.Session)
			}
			if row.says != "" && d.Denial.Header.Get("WWW-Authenticate") != row.says {
				t.Errorf("challenge is %q, want %q", d.Denial.Header.Get("WWW-Authenticate"), row.says)
			}
			if strings.Contains(string(d.Denial.Body), "secret reason") {
				t.Errorf("the check's reason reaches the client: %s", d.Denial.Body)
			}
		})
	}
}

func rules(list ...stytchkit.Rule) []stytchkit.Rule { return list }

func failing() stytchkit.Rule {
	return stytchkit.Check("fails", func(context.Context, *stytchkit.Session) error { return errors.New("no") })
}

func aged(kind sessions.AuthenticationFactorType, age time.Duration) func(*world) []sessions.AuthenticationFactor {
	return func(w *world) []sessions.AuthenticationFactor {
		return []sessions.AuthenticationFactor{factor(w, kind, age)}
	}
}

func TestAStepUpNavigationGoesToTheLoginPage(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.LoginURL = "/login" })
	alice := w.srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.WithFactors(factor(w, "password", time.Hour)))
	r := request(jwtCookie(alice.JWT()))
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	d := check(w.auth.Require(stytchkit.AuthenticatedWithin(time.Minute)), r)
	if got := d.Denial.Header.Get("Location"); d.Denial.Status != http.StatusSeeOther || got != "/login?reason=reauthentication_required&return_to=%2Fpage" {
		t.Errorf("got %d to %q", d.Denial.Status, got)
	}
}

func TestTheSessionSaysWhoImpersonates(t *testing.T) {
	w := newWorld(t)
	for want, who := range map[string]*sessions.ImpersonatedFactor{
		"support@example.com": {ImpersonatorID: "id", ImpersonatorEmailAddress: "support@example.com"},
		"id":                  {ImpersonatorID: "id"},
		"":                    nil,
	} {
		alice := w.srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.WithFactors(sessions.AuthenticationFactor{Type: "impersonated", ImpersonatedFactor: who}))
		got, impersonated := check(w.auth.Require(), bearer(alice.JWT())).Session.Impersonator()
		if got != want || !impersonated {
			t.Errorf("got %q, %v, want %q", got, impersonated, want)
		}
	}
	if _, impersonated := check(w.auth.Require(), bearer(w.member("m@example.com").JWT())).Session.Impersonator(); impersonated {
		t.Error("a member impersonates themselves")
	}
}

func TestDeniedRequestsMakeNoCalls(t *testing.T) {
	w := newWorld(t)
	alice := w.srv.AddMember(stytchtest.Member{Roles: []string{"editor"}}).SignIn(stytchtest.ImpersonatedBy("support@example.com"), stytchtest.AuthenticatedAgo(time.Hour))
	r := routed{stytchkit.HTTPRequest{R: bearer(alice.JWT())}, map[string]string{"org": "globex"}}
	guards := map[*stytchkit.Guard]string{}
	for _, row := range []struct {
		rule stytchkit.Rule
		code string
	}{
		{stytchkit.Role("admin"), "permission_denied"},
		{stytchkit.AllRoles("editor", "admin"), "permission_denied"},
		{stytchkit.Permission("documents", "delete"), "permission_denied"},
		{stytchkit.NoImpersonation(), "permission_denied"},
		{stytchkit.Organization(stytchkit.PathParam("org")), "organization_mismatch"},
		{stytchkit.Organization(stytchkit.PathParam("organization")), "route_misconfigured"},
		{stytchkit.Organization(stytchkit.Subdomain("com")), "organization_mismatch"},
		{stytchkit.AuthenticatedWithin(time.Minute), "reauthentication_required"},
		{stytchkit.Factors("sso"), "reauthentication_required"},
		{stytchkit.MFA(), "reauthentication_required"},
		{failing(), "permission_denied"},
	} {
		guards[w.auth.Require(row.rule)] = row.code
	}
	if err := w.auth.RefreshPolicy(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.srv.ResetCalls()
	for guard, want := range guards {
		for range 50 {
			if d := guard.Check(t.Context(), r); code(d) != want {
				t.Fatalf("got %q (%v), want %q", code(d), d.Denial, want)
			}
		}
	}
	if got := w.srv.TotalCalls(); got != 0 {
		t.Errorf("50 requests that each rule denies made %d calls, want 0", got)
	}
}

func TestManyFirstChecksFetchThePolicyOnce(t *testing.T) {
	w := newWorld(t)
	token := w.member("alice@example.com", "editor").JWT()
	hold := w.srv.Hold(stytchtest.RBACPolicy)
	guard := w.authenticator().Require(stytchkit.Permission("documents", "read"))
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if d := check(guard, bearer(token)); d.Denial != nil {
				t.Errorf("got %v", d.Denial)
			}
		})
	}
	if err := hold.Waiting(within(t, 5*time.Second), 1); err != nil {
		t.Fatal(err)
	}
	hold.Release()
	wg.Wait()
	if got := w.srv.Calls(stytchtest.RBACPolicy); got != 1 {
		t.Errorf("200 first checks fetched the policy %d times, want once", got)
	}
}

func TestThePolicyThroughAnOutage(t *testing.T) {
	w := newWorld(t, func(c *stytchkit.Config) { c.PolicyStaleFor = time.Hour })
	alice := w.srv.AddMember(stytchtest.Member{Roles: []string{"editor"}}).SignIn(stytchtest.WithLifetime(24 * time.Hour))
	w.srv.Fail(stytchtest.RBACPolicy, stytchtest.Fault{Status: 500})
	fails := w.authenticator()
	if d := check(fails.Require(stytchkit.Permission("documents", "read")), bearer(alice.JWT())); code(d) != "stytch_unavailable" {
		t.Errorf("no policy yet: got %q, want stytch_unavailable, not a denial", code(d))
	}
	if ok, err := fails.Can(t.Context(), check(fails.Require(), bearer(alice.JWT())).Session, "documents", "read"); ok || err == nil {
		t.Errorf("Can without a policy: %v, %v", ok, err)
	}
	w.srv.Recover()
	guard := w.auth.Require(stytchkit.Permission("documents", "read"))
	if d := check(guard, bearer(alice.JWT())); d.Denial != nil {
		t.Fatalf("with a policy: %v", d.Denial)
	}
	w.srv.Fail(stytchtest.RBACPolicy, stytchtest.Fault{Status: 500})
	w.clock.Advance(59 * time.Minute)
	if d := check(guard, bearer(alice.JWT())); d.Denial != nil {
		t.Errorf("a stale policy: %v", d.Denial)
	}
	w.clock.Advance(2 * time.Minute)
	if d := check(guard, bearer(alice.JWT())); code(d) != "stytch_unavailable" {
		t.Errorf("beyond the bound: got %q, want stytch_unavailable", code(d))
	}
}

func TestThePolicyIsRefreshedOnDemand(t *testing.T) {
	w := newWorld(t)
	s := check(w.auth.Require(), bearer(w.member("alice@example.com", "editor").JWT())).Session
	if ok, err := w.auth.Can(t.Context(), s, "documents", "archive"); ok || err != nil {
		t.Fatalf("before: %v, %v", ok, err)
	}
	w.srv.SetPolicy(rbac.Policy{Roles: []rbac.PolicyRole{{RoleID: "editor", Permissions: []rbac.PolicyRolePermission{
		{ResourceID: "documents", Actions: []string{"archive"}}, {ResourceID: "folders", Actions: []string{"*"}},
	}}}})
	if err := w.auth.RefreshPolicy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ok, err := w.auth.Can(t.Context(), s, "documents", "archive"); !ok || err != nil {
		t.Errorf("after: %v, %v", ok, err)
	}
	got, err := w.auth.Permissions(t.Context(), s)
	if want := map[string][]string{"documents": {"archive"}, "folders": {"*"}}; err != nil || !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("permissions are %v (%v), want %v", got, err, want)
	}
	if ok, err := w.auth.Can(t.Context(), nil, "documents", "archive"); ok || err != nil {
		t.Errorf("nobody can: %v, %v", ok, err)
	}
}

// Our verdicts are those of stytch-go's local check, on generated policies.
func TestPermissionsAgreeWithTheSDK(t *testing.T) {
	srv := stytchtest.Start(t, stytchtest.Options{Key: signingKey()}) // the SDK knows only the system's clock
	auth, err := stytchkit.New(srv.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(auth.Close)
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	roles, resources, actions := []string{"a", "b", "c", ""}, []string{"x", "y", "X", "*"}, []string{"read", "write", "*", "READ", ""}
	members := membersOfRoles(t, srv, roles)
	cases, allowed := 0, 0
	for range 25 {
		policy := rbac.Policy{Roles: []rbac.PolicyRole{}}
		for range random.IntN(5) {
			role := rbac.PolicyRole{RoleID: pick(roles)}
			for range random.IntN(4) {
				permission := rbac.PolicyRolePermission{ResourceID: pick(resources)}
				for range random.IntN(3) {
					permission.Actions = append(permission.Actions, pick(actions))
				}
				role.Permissions = append(role.Permissions, permission)
			}
			policy.Roles = append(policy.Roles, role)
		}
		srv.SetPolicy(policy)
		if err := auth.RefreshPolicy(t.Context()); err != nil {
			t.Fatal(err)
		}
		api, err := b2bstytchapi.NewClient(srv.ProjectID(), srv.Secret(), b2bstytchapi.WithBaseURI(srv.URL()))
		if err != nil {
			t.Fatal(err)
		}
		for range 48 {
			m, resource, action := members[random.IntN(len(members))], pick(resources), pick(actions)
			s := check(auth.Require(), bearer(m.token)).Session
			got, err := auth.Can(t.Context(), s, resource, action)
			if err != nil {
				t.Fatal(err)
			}
			_, refused := api.Sessions.AuthenticateJWTLocal(t.Context(), m.token, time.Hour, &b2bsessions.AuthorizationCheck{
				OrganizationID: s.OrganizationID(), ResourceID: resource, Action: action,
			})
			if want := refused == nil; got != want {
				t.Errorf("roles %q, %q on %q: got %v, the SDK says %v (%v) by %+v", m.roles, action, resource, got, want, refused, policy)
			}
			cases++
			if got {
				allowed++
			}
		}
	}
	t.Logf("%d cases, %d of them allowed", cases, allowed)
	if cases < 1000 || allowed < 50 || allowed > cases-50 {
		t.Errorf("%d cases, %d of them allowed: want at least 1,000 and some of each", cases, allowed)
	}
}

type memberOfRoles struct {
	roles []string
	token string
}

// membersOfRoles mints a JWT for every subset of the roles.
func membersOfRoles(t *testing.T, srv *stytchtest.Server, roles []string) []memberOfRoles {
	t.Helper()
	session := srv.AddMember(stytchtest.Member{}).SignIn()
	var members []memberOfRoles
	for subset := range 1 << len(roles) {
		m := memberOfRoles{roles: []string{}}
		for i, role := range roles {
			if subset&(1<<i) != 0 {
				m.roles = append(m.roles, role)
			}
		}
		claims := session.Claims()
		claims["https://stytch.com/session"].(map[string]any)["roles"] = m.roles
		m.token = srv.Sign(nil, claims)
		members = append(members, m)
	}
	return members
}
