package stytchkit_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/rbac"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// ownRole is a role that an organization has made.
func ownRole(id, resource string, actions ...string) rbac.PolicyRole {
	return rbac.PolicyRole{RoleID: id, Permissions: []rbac.PolicyRolePermission{{ResourceID: resource, Actions: actions}}}
}

// ownRolesWorld has acme, whose auditors may approve invoices, and globex, which has no roles of its own.
func ownRolesWorld(t *testing.T, configure ...func(*stytchkit.Config)) *world {
	t.Helper()
	w := newWorld(t, configure...)
	w.srv.AddOrganization(stytchtest.Organization{Slug: "acme", Roles: []rbac.PolicyRole{ownRole("auditor", "invoices", "approve")}})
	return w
}

// auditor signs an auditor of an organization in, with other roles.
func (w *world) auditor(organization string, roles ...string) *stytchtest.Session {
	return w.srv.AddMember(stytchtest.Member{Organization: organization, Roles: append(roles, "auditor")}).SignIn()
}

func (w *world) ownRolesAsked() int { return w.srv.Calls(stytchtest.OrganizationPolicy) }

func TestAnOrganizationsOwnRolesCount(t *testing.T) {
	w := ownRolesWorld(t)
	approve, read := w.auth.Require(stytchkit.Permission("invoices", "approve")), w.auth.Require(stytchkit.Permission("documents", "read"))
	for _, row := range []struct {
		name  string
		guard *stytchkit.Guard
		asks  *stytchtest.Session
		code  string
		calls int // since the row before
	}{
		{"what the project's policy allows is nobody's to ask about", read, w.auditor("acme"), "", 0},
		{"a member with the project's roles alone is denied without a call", approve, w.member("m@example.com", "editor"), stytchkit.CodePermissionDenied, 0},
		{"the organization's own role allows it", approve, w.auditor("acme"), "", 1},
		{"and everybody else who has it", approve, w.auditor("acme", "editor"), "", 0},
		{"what it does not allow is denied", w.auth.Require(stytchkit.Permission("invoices", "delete")), w.auditor("acme"), stytchkit.CodePermissionDenied, 0},
		{"another organization's role of that name is another one", approve, w.auditor("globex"), stytchkit.CodePermissionDenied, 1},
		{"however often it is asked for", approve, w.auditor("globex"), stytchkit.CodePermissionDenied, 0},
	} {
		w.srv.ResetCalls()
		if got := code(check(row.guard, bearer(row.asks.JWT()))); got != row.code || w.ownRolesAsked() != row.calls {
			t.Errorf("%s: got %q and %d calls, want %q and %d", row.name, got, w.ownRolesAsked(), row.code, row.calls)
		}
	}
}

func TestAnOrganizationCannotWidenTheProjectsRoles(t *testing.T) {
	w := newWorld(t)
	w.srv.AddOrganization(stytchtest.Organization{Slug: "acme", Roles: []rbac.PolicyRole{
		ownRole("editor", "documents", "*"), ownRole("auditor", "invoices", "approve"),
	}})
	editor := w.auditor("acme", "editor")
	for permission, want := range map[string]string{"create": "", "delete": stytchkit.CodePermissionDenied} {
		if got := code(check(w.auth.Require(stytchkit.Permission("documents", permission)), bearer(editor.JWT()))); got != want {
			t.Errorf("an editor may %s documents: got %q, want %q", permission, got, want)
		}
	}
}

func TestOwnRolesAreAskedForOncePerFreshness(t *testing.T) {
	w := ownRolesWorld(t, func(c *stytchkit.Config) { c.Freshness = time.Minute })
	approve := w.auth.Require(stytchkit.Permission("invoices", "approve"))
	ask := func(name, want string, calls int) {
		t.Helper()
		got := code(check(approve, bearer(w.auditor("acme").JWT())))
		w.idle()
		if got != want || w.ownRolesAsked() != calls {
			t.Errorf("%s: got %q and %d calls, want %q and %d", name, got, w.ownRolesAsked(), want, calls)
		}
	}
	ask("first", "", 1)
	w.clock.Advance(time.Minute)
	ask("as long as they are fresh", "", 1)
	w.clock.Advance(time.Second)
	w.srv.AddOrganization(stytchtest.Organization{Slug: "acme"})
	ask("then they are asked for in the background", "", 2)
	ask("and what has been taken away is denied", stytchkit.CodePermissionDenied, 2)
	w.srv.AddOrganization(stytchtest.Organization{Slug: "acme", Roles: []rbac.PolicyRole{ownRole("auditor", "invoices", "*")}})
	if err := w.auth.RefreshPolicy(t.Context()); err != nil {
		t.Fatal(err)
	}
	ask("an application that knows of a change says so", "", 3)
}

func TestOwnRolesThatAreNotKnownGrantNothing(t *testing.T) {
	for _, row := range []struct {
		name  string
		fault stytchtest.Fault
		code  string
		after string // a minute later, when Stytch answers
		calls int    // of three requests
	}{
		{"during an outage nobody knows", stytchtest.Fault{Status: http.StatusServiceUnavailable}, stytchkit.CodeStytchUnavailable, "", 3},
		{"where the project has no such roles, it is remembered", stytchtest.Fault{Status: http.StatusForbidden, ErrorType: "rbac_organization_roles_not_enabled"}, stytchkit.CodePermissionDenied, stytchkit.CodePermissionDenied, 1},
		{"whatever that is called", stytchtest.Fault{Status: http.StatusNotFound, ErrorType: "route_not_found"}, stytchkit.CodePermissionDenied, stytchkit.CodePermissionDenied, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := ownRolesWorld(t)
			w.srv.Fail(stytchtest.OrganizationPolicy, row.fault)
			auditor := w.auditor("acme")
			approve := w.auth.Require(stytchkit.Permission("invoices", "approve"))
			for range 3 {
				if got := code(check(approve, bearer(auditor.JWT()))); got != row.code {
					t.Errorf("got %q, want %q", got, row.code)
				}
			}
			if n := w.ownRolesAsked(); n != row.calls {
				t.Errorf("got %d calls, want %d", n, row.calls)
			}
			if got := code(check(w.auth.Require(stytchkit.Permission("documents", "read")), bearer(auditor.JWT()))); got != "" {
				t.Errorf("what the project's policy allows: got %q", got)
			}
			w.srv.Recover()
			w.clock.Advance(2 * time.Minute)
			if got := code(check(approve, bearer(auditor.JWT()))); got != row.after {
				t.Errorf("afterwards: got %q, want %q", got, row.after)
			}
		})
	}
}

func TestOwnRolesOutliveAnOutage(t *testing.T) {
	w := ownRolesWorld(t, func(c *stytchkit.Config) { c.PolicyStaleFor = time.Hour })
	approve := w.auth.Require(stytchkit.Permission("invoices", "approve"))
	if got := code(check(approve, bearer(w.auditor("acme").JWT()))); got != "" {
		t.Fatal(got)
	}
	w.srv.Fail(stytchtest.OrganizationPolicy, stytchtest.Fault{Status: http.StatusServiceUnavailable})
	w.clock.Advance(time.Hour)
	if got := code(check(approve, bearer(w.auditor("acme").JWT()))); got != "" {
		t.Errorf("as long as the project's policy is trusted: got %q", got)
	}
	w.idle()
	w.clock.Advance(10 * time.Minute)
	if got := code(check(approve, bearer(w.auditor("acme").JWT()))); got != stytchkit.CodeStytchUnavailable {
		t.Errorf("and no longer: got %q", got)
	}
}

func TestPagesKnowOwnRoles(t *testing.T) {
	w := ownRolesWorld(t)
	d := check(w.auth.Require(), bearer(w.auditor("acme", "editor").JWT()))
	if may, err := w.auth.Can(t.Context(), d.Session, "invoices", "approve"); !may || err != nil {
		t.Errorf("got %v (%v)", may, err)
	}
	all, err := w.auth.Permissions(t.Context(), d.Session)
	if err != nil || len(all["invoices"]) != 1 || len(all["documents"]) != 2 {
		t.Errorf("got %v (%v)", all, err)
	}
	w = newWorldOf(t, stytchtest.Consumer)
	u := w.srv.AddUser(stytchtest.User{Roles: []string{"auditor"}}).SignIn()
	if got := code(check(w.auth.Require(stytchkit.Permission("invoices", "approve")), bearer(u.JWT()))); got != stytchkit.CodePermissionDenied || w.ownRolesAsked() > 0 {
		t.Errorf("a user: got %q and %d calls", got, w.ownRolesAsked())
	}
}

func TestAPermissionByAnOwnRoleCostsNoAllocation(t *testing.T) {
	w := ownRolesWorld(t)
	r := bearer(w.auditor("acme", "editor").JWT())
	guard, ctx := w.auth.Require(stytchkit.Permission("invoices", "approve")), r.Context()
	plain := w.auth.Require()
	ask := func(g *stytchkit.Guard) float64 {
		if d := check(g, r); d.Denial != nil {
			t.Fatal(d.Denial)
		}
		return testing.AllocsPerRun(1000, func() { g.Check(ctx, stytchkit.HTTPRequest{R: r}) })
	}
	if without, with := ask(plain), ask(guard); with > without && !underRace {
		t.Errorf("got %v allocations, and %v without the rule", with, without)
	}
}
