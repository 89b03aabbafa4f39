package stytchkit_test

import (
	"net/http"
	"strings"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// hot is a request whose JWT is remembered, and a guard that has seen it.
func hot(tb testing.TB, r func(*stytchtest.Session) *http.Request) (*stytchkit.Guard, *http.Request) {
	tb.Helper()
	srv := stytchtest.Start(tb, stytchtest.Options{Key: signingKey()})
	auth, err := stytchkit.New(srv.Config())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(auth.Close)
	if err := auth.Ready(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	guard, request := auth.Require(), r(srv.AddMember(stytchtest.Member{Roles: []string{"editor"}}).SignIn())
	if d := check(guard, request); d.Source != stytchkit.FromJWT {
		tb.Fatalf("first seen: got %q, want jwt (%v)", d.Source, d.Denial)
	}
	return guard, request
}

func byBothCookies(s *stytchtest.Session) *http.Request {
	return request("theme=dark", tokenCookie(s.Token), jwtCookie(s.JWT()))
}

func byBearer(s *stytchtest.Session) *http.Request { return bearer(s.JWT()) }

func TestARememberedSessionCostsNoAllocation(t *testing.T) {
	for name, r := range map[string]func(*stytchtest.Session) *http.Request{"both cookies": byBothCookies, "bearer": byBearer} {
		guard, request := hot(t, r)
		ctx := request.Context()
		got := testing.AllocsPerRun(1000, func() {
			if d := guard.Check(ctx, stytchkit.HTTPRequest{R: request}); d.Source != stytchkit.FromCache {
				t.Fatalf("got %q, want cache", d.Source)
			}
		})
		if got != 0 {
			t.Errorf("%s: %v allocations, want 0", name, got)
		}
	}
}

func TestARememberedOpaqueTokenThatSetsNoCookiesCostsNoAllocation(t *testing.T) {
	for name, row := range map[string]struct {
		owner   stytchkit.CookieOwner
		request func(*stytchtest.Session) *http.Request
		claims  map[string]any
	}{
		"bearer":                    {stytchkit.Backend, func(s *stytchtest.Session) *http.Request { return bearer(s.Token) }, nil},
		"cookie that Stytch sets":   {stytchkit.StytchDomain, func(s *stytchtest.Session) *http.Request { return request(tokenCookie(s.Token)) }, nil},
		"its JWT too long to store": {stytchkit.Backend, func(s *stytchtest.Session) *http.Request { return request(tokenCookie(s.Token)) }, map[string]any{"long": strings.Repeat("x", 4096)}},
	} {
		w := newWorld(t, func(c *stytchkit.Config) { c.Cookies.Owner = row.owner })
		r := row.request(w.srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.WithClaims(row.claims)))
		guard, ctx := w.auth.Require(), r.Context()
		if d := check(guard, r); d.Source != stytchkit.FromStytch {
			t.Fatalf("%s: first seen: got %q, want stytch (%v)", name, d.Source, d.Denial)
		}
		got := testing.AllocsPerRun(1000, func() {
			if d := guard.Check(ctx, stytchkit.HTTPRequest{R: r}); d.Source != stytchkit.FromCache {
				t.Fatalf("%s: got %q, want cache (%v)", name, d.Source, d.Denial)
			}
		})
		if got != 0 {
			t.Errorf("%s: %v allocations, want 0", name, got)
		}
	}
}

func BenchmarkRemembered(b *testing.B) {
	for name, r := range map[string]func(*stytchtest.Session) *http.Request{"cookies": byBothCookies, "bearer": byBearer} {
		guard, request := hot(b, r)
		ctx := request.Context()
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if d := guard.Check(ctx, stytchkit.HTTPRequest{R: request}); d.Source != stytchkit.FromCache {
					b.Fatalf("got %q, want cache", d.Source)
				}
			}
		})
	}
}
