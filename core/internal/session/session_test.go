package session_test

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"
	consumer "github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	"github.com/stytchkit/stytchkit/core/internal/session"
)

func jwtOf(payload string) string {
	return "header." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".signature"
}

// described is a session of all that the SDK's type can hold.
func described() *sessions.MemberSession {
	at := time.Date(2026, 11, 26, 14, 0, 0, 0, time.UTC)
	return &sessions.MemberSession{
		MemberSessionID: "session-1", MemberID: "member-1", OrganizationID: "organization-1", OrganizationSlug: "acme",
		StartedAt: &at, LastAccessedAt: &at, ExpiresAt: &at, Roles: []string{"editor"},
		AuthenticationFactors: []consumer.AuthenticationFactor{
			{Type: "magic_link", DeliveryMethod: "email", LastAuthenticatedAt: &at, EmailFactor: &consumer.EmailFactor{EmailID: "email-1", EmailAddress: "alice@example.com"}},
			{Type: "impersonated", ImpersonatedFactor: &consumer.ImpersonatedFactor{ImpersonatorID: "x", ImpersonatorEmailAddress: "eve@example.com"}},
			{Type: "impersonated", ImpersonatedFactor: &consumer.ImpersonatedFactor{ImpersonatorID: "x"}},
		},
		CustomClaims: map[string]any{"n": 9007199254740992.0, "list": []any{"a", nil}},
	}
}

func TestTheSDKsSessionComesBackWhole(t *testing.T) {
	ms := described()
	facts := session.Of(ms)
	if got := facts.MemberSession(); !reflect.DeepEqual(got, ms) {
		t.Errorf("got %+v, want %+v", got, ms)
	}
	want := []session.Factor{
		{Type: "magic_link", Delivery: "email", At: *ms.StartedAt},
		{Type: "impersonated", Impersonated: true, Impersonator: "eve@example.com"},
		{Type: "impersonated", Impersonated: true, Impersonator: "x"},
	}
	if !reflect.DeepEqual(facts.Factors, want) || facts.VouchedAt != *ms.LastAccessedAt || facts.Kind != session.Member {
		t.Errorf("got %+v", facts)
	}
	empty := session.Of(&sessions.MemberSession{})
	if got := empty.MemberSession(); !reflect.DeepEqual(got, &sessions.MemberSession{}) {
		t.Errorf("of nothing came %+v", got)
	}
	user := session.Facts{Kind: session.User, Subject: "user-1"}
	if got := user.MemberSession(); got != nil {
		t.Errorf("a user has the member session %+v", got)
	}
}

func TestAnAnswersClaimsAreThoseOfItsOwnJWT(t *testing.T) {
	small, large := map[string]any{"n": 1.0}, map[string]any{"n": []any{map[string]any{"m": -9007199254740992.0}}}
	for name, row := range map[string]struct {
		jwt    string
		claims map[string]any
		want   string // "error" for an error
	}{
		"its own":                    {jwtOf(`{"https://stytch.com/session":{"id":"session-1"},"n":9007199254740993}`), large, `{"n":9007199254740993}`},
		"its own, without claims":    {jwtOf(`{"https://stytch.com/session":{"id":"session-1"},"sub":"x"}`), small, ``},
		"another session's":          {jwtOf(`{"https://stytch.com/session":{"id":"session-2"},"n":2}`), small, `{"n":1}`},
		"one by a near-miss":         {jwtOf(`{"https://stytch.com/Session":{"id":"session-1"},"n":2}`), small, `{"n":1}`},
		"one with a name twice":      {jwtOf(`{"https://stytch.com/session":{"id":"session-1"},"n":2,"n":3}`), small, `{"n":1}`},
		"none":                       {"", small, `{"n":1}`},
		"none, and a large number":   {"", large, "error"},
		"another's, and a large one": {jwtOf(`{"https://stytch.com/session":{"id":"session-2"},"n":9007199254740993}`), large, "error"},
		"none, and no claims":        {"", nil, ``},
	} {
		ms := described()
		ms.CustomClaims = row.claims
		facts := session.OfAnswer(ms, row.jwt, time.Time{})
		claims, err := facts.Claims()
		if (row.want == "error") != (err != nil) || err == nil && string(claims) != row.want {
			t.Errorf("%s: got %s, %v; want %s", name, claims, err, row.want)
		}
		data, err := facts.JSON()
		if (row.want == "error") != (err != nil) || err == nil && !json.Valid(data) {
			t.Errorf("%s: its JSON is %s, %v", name, data, err)
		}
		if got := facts.MemberSession().CustomClaims; row.want == "error" && !reflect.DeepEqual(got, large) {
			t.Errorf("%s: the SDK's claims are %v", name, got)
		}
	}
}
