package stytchkit_test

import (
	"net/http"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAGuardWithMoreRules(t *testing.T) {
	w := newWorld(t)
	member, client := w.member("alice@example.com", "editor"), w.srv.AddM2MClient(stytchtest.M2MClient{Scopes: []string{"read"}})
	session, token := bearer(member.JWT()), bearer(client.Token())
	require, requireToken := w.auth.Require(stytchkit.Role("editor")), w.auth.RequireToken(stytchkit.Scopes("read"))
	either := w.auth.Either(require, requireToken)
	admin, write := stytchkit.Role("admin"), stytchkit.Scopes("write")
	for name, row := range map[string]struct {
		guard *stytchkit.Guard
		r     *http.Request
		want  string
	}{
		"none more":                         {require.With(), session, ""},
		"a role more":                       {require.With(admin), session, stytchkit.CodePermissionDenied},
		"the guard's own are kept":          {w.auth.Require(admin).With(stytchkit.Role("editor")), session, stytchkit.CodePermissionDenied},
		"the guard itself is as it was":     {require, session, ""},
		"a scope more":                      {requireToken.With(write), token, stytchkit.CodeInsufficientScope},
		"either, a session with a role":     {either.With(admin, stytchkit.Scopes("read")), session, stytchkit.CodePermissionDenied},
		"either, a token with a role":       {either.With(admin), token, ""},
		"either, a token with a scope":      {either.With(write), token, stytchkit.CodeInsufficientScope},
		"either, a session with a scope":    {either.With(write), session, ""},
		"optional, nobody":                  {require.Optional(), request(), ""},
		"optional, without the role":        {w.auth.Require(admin).Optional(), session, ""},
		"optional of either, nobody":        {either.Optional(), request(), ""},
		"optional of a token guard, nobody": {requireToken.Optional(), request(), ""},
	} {
		if d := check(row.guard, row.r); code(d) != row.want {
			t.Errorf("%s: got %q (%v), want %q", name, code(d), d.Denial, row.want)
		}
	}
	w.srv.ResetCalls()
	for range 2 {
		if d := check(w.auth.Require(stytchkit.Fresh(0)).Optional(), session); d.Session == nil {
			t.Error("Optional does not attach the session")
		}
	}
	if w.asked() != 2 {
		t.Errorf("%d calls, want the freshness to hold for Optional too", w.asked())
	}
}
