package stytchkit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestEveryMethodOfASessionIsSafeOnNil(t *testing.T) {
	var none *stytchkit.Session
	v := reflect.ValueOf(none)
	for i := range v.NumMethod() {
		method := v.Type().Method(i)
		if method.Name == "Format" {
			continue // by fmt below
		}
		args := make([]reflect.Value, method.Type.NumIn()-1)
		for j := range args {
			args[j] = reflect.Zero(method.Type.In(j + 1))
		}
		v.Method(i).Call(args)
	}
	if got := fmt.Sprintf("%v %+v %#v %s", none, none, none, none); strings.Contains(got, "PANIC") {
		t.Errorf("printed as %s", got)
	}
	if claims, err := stytchkit.Claims[map[string]any](none); claims != nil || err != nil {
		t.Errorf("claims of nobody: %v, %v", claims, err)
	}
}

func TestASessionIsTheSameFromItsJWTAndFromStytch(t *testing.T) {
	w := newWorld(t)
	alice := w.srv.AddMember(stytchtest.Member{Email: "alice@example.com", Roles: []string{"editor"}}).
		SignIn(stytchtest.WithClaims(map[string]any{"plan": "pro", "seats": 5}))
	type custom struct {
		Plan  string
		Seats int
	}
	for name, token := range map[string]string{"JWT": alice.JWT(), "Stytch": alice.Token} {
		s := check(w.auth.Require(), bearer(token)).Session
		if s.ID() != alice.ID || s.MemberID() == "" || s.OrganizationID() == "" || s.OrganizationSlug() != "acme" ||
			!s.HasRole("editor") || s.HasRole("admin") || !s.ExpiresAt().Equal(alice.ExpiresAt()) || !s.VouchedAt().Equal(w.clock.Now()) || s.StartedAt().IsZero() || s.LastAccessedAt().IsZero() {
			t.Errorf("%s: got %s with roles %v until %v, vouched %v", name, s, s.Roles(), s.ExpiresAt(), s.VouchedAt())
		}
		if got, err := stytchkit.Claims[custom](s); err != nil || got != (custom{"pro", 5}) {
			t.Errorf("%s: claims are %+v, %v", name, got, err)
		}
		if _, err := stytchkit.Claims[struct{ Plan int }](s); err == nil || !strings.Contains(err.Error(), "Plan") {
			t.Errorf("%s: a claim that does not fit gave %v", name, err)
		}
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var shape map[string]any
		if err := json.Unmarshal(data, &shape); err != nil {
			t.Fatal(err)
		}
		for _, field := range []string{"member_session_id", "member_id", "organization_id", "organization_slug", "roles", "started_at", "last_accessed_at", "expires_at", "authentication_factors", "custom_claims"} {
			if shape[field] == nil {
				t.Errorf("%s: JSON has no %s: %s", name, field, data)
			}
		}
	}
}

func TestNobodyCanChangeASession(t *testing.T) {
	w := newWorld(t)
	alice := w.srv.AddMember(stytchtest.Member{Roles: []string{"editor"}}).SignIn(stytchtest.WithClaims(map[string]any{"a": map[string]any{"b": "c"}}))
	for name, token := range map[string]string{"JWT": alice.JWT(), "Stytch": alice.Token} {
		s := check(w.auth.Require(), bearer(token)).Session
		before, _ := json.Marshal(s)
		roles, ms := s.Roles(), s.MemberSession()
		roles[0] = "stytch_admin"
		ms.Roles[0], ms.MemberID = "stytch_admin", "mallory"
		*ms.ExpiresAt = time.Time{}
		ms.AuthenticationFactors[0].Type = "none"
		ms.AuthenticationFactors[0].EmailFactor.EmailAddress = "mallory@example.com"
		ms.CustomClaims["a"].(map[string]any)["b"] = "x"
		if after, _ := json.Marshal(s); !bytes.Equal(before, after) {
			t.Errorf("%s: changed\nfrom %s\nto   %s", name, before, after)
		}
	}
	given := &sessions.MemberSession{MemberSessionID: "s", Roles: []string{"a"}}
	s := stytchkit.NewSession(given)
	given.Roles[0] = "b"
	if !s.HasRole("a") {
		t.Error("NewSession keeps what it was given")
	}
}

func TestASessionPrintsNothingButIDs(t *testing.T) {
	w := newWorld(t)
	alice := w.srv.AddMember(stytchtest.Member{Email: "secret@example.com"}).SignIn(stytchtest.WithClaims(map[string]any{"c": "confidential"}))
	token := alice.JWT()
	d := check(w.auth.Require(), bearer(token))
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "session", d.Session)
	fmt.Fprintf(&out, "%v %+v %#v %s %q", d.Session, d.Session, d.Session, d.Session, d.Session)
	fmt.Fprintf(&out, "%+v", struct{ S *stytchkit.Session }{d.Session})
	for _, secret := range []string{"secret@example.com", "confidential", strings.Split(token, ".")[1]} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q was printed: %s", secret, out.String())
		}
	}
	if !strings.Contains(out.String(), alice.ID) {
		t.Errorf("the session ID is missing: %s", out.String())
	}
}

func TestSessionsOfHandlerTestsAreSeenByGettersAndIgnoredByGuards(t *testing.T) {
	w := newWorld(t)
	s := stytchtest.NewSession(stytchtest.Member{Roles: []string{"editor"}})
	ctx := stytchtest.WithSession(t.Context(), s)
	if stytchkit.SessionFrom(ctx) != s || w.auth.SessionFrom(ctx) != s {
		t.Error("the getters do not see the test's session")
	}
	if d := check(w.auth.Require(), request().WithContext(ctx)); code(d) != "session_missing" {
		t.Errorf("a guard took the test's session: %v", d.Session)
	}
}
