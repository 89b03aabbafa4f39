package stytchkit_test

import (
	"context"
	"slices"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestRulesOnARememberedSessionCostNoAllocation(t *testing.T) {
	w := newWorld(t)
	alice := w.srv.AddMember(stytchtest.Member{Organization: "acme", Roles: []string{"editor"}}).SignIn(stytchtest.WithTOTP())
	r := bearer(alice.JWT())
	r.Host = "acme.example.com:8443"
	request := routed{stytchkit.HTTPRequest{R: r}, map[string]string{"org": "acme"}}
	three := rules(stytchkit.Role("editor"), stytchkit.Permission("documents", "create"), stytchkit.AuthenticatedWithin(time.Hour))
	for name, guard := range map[string][]stytchkit.Rule{
		"three rules": three,
		"every rule": append(slices.Clone(three), stytchkit.AllRoles("editor", "stytch_member"), stytchkit.NoImpersonation(), stytchkit.MFA(), stytchkit.Factors("sso", "totp"),
			stytchkit.Organization(stytchkit.PathParam("org")), stytchkit.Organization(stytchkit.Subdomain("example.com")), stytchkit.Fresh(time.Minute),
			stytchkit.Check("passes", func(context.Context, *stytchkit.Session) error { return nil })),
	} {
		g := w.auth.Require(guard...)
		ctx := t.Context()
		if d := g.Check(ctx, request); d.Denial != nil {
			t.Fatalf("%s: %v", name, d.Denial)
		}
		var asInterface stytchkit.Request = request // an adapter's request is on the heap already
		if got := testing.AllocsPerRun(1000, func() {
			if d := g.Check(ctx, asInterface); d.Source != stytchkit.FromCache {
				t.Fatalf("%s: got %q (%v)", name, d.Source, d.Denial)
			}
		}); got != 0 {
			t.Errorf("%s: %v allocations, want 0", name, got)
		}
	}
}

// mostOfAPermission is how many nanoseconds a permission may add to a decision from memory.
const mostOfAPermission = 150

// BenchmarkRuleAdds reports what rules add to a decision from memory: in nanoseconds, and as the
// ratio of a guard with them to one without.
func BenchmarkRuleAdds(b *testing.B) {
	guard, r := hot(b, byBearer)
	auth := guard.Authenticator()
	var request stytchkit.Request = stytchkit.HTTPRequest{R: r}
	decide := func(b *testing.B, rules ...stytchkit.Rule) func() {
		g, ctx := auth.Require(rules...), b.Context()
		return func() {
			if d := g.Check(ctx, request); d.Denial != nil {
				b.Fatal(d.Denial)
			}
		}
	}
	permission, role, within := stytchkit.Permission("documents", "create"), stytchkit.Role("editor"), stytchkit.AuthenticatedWithin(time.Hour)
	for _, row := range []struct {
		name    string
		rules   []stytchkit.Rule
		allowed float64
	}{
		{"a permission", rules(permission), mostOfAPermission},
		{"a role", rules(role), 0},
		{"an age", rules(within), 0},
		{"all three", rules(permission, role, within), 0},
	} {
		b.Run(row.name, func(b *testing.B) {
			with, without := inTurns(b, 1000, decide(b, row.rules...), decide(b))
			b.ReportMetric(0, "ns/op") // of a turn of each
			b.ReportMetric(with-without, "added-ns")
			b.ReportMetric(with/without, "with/without")
			if row.allowed > 0 {
				b.ReportMetric(row.allowed, "allowed-ns")
			}
		})
	}
}
