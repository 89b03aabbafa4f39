package stytchtest_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/b2b/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAuthenticateAcceptsAndRefuses(t *testing.T) {
	srv, _ := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	editor := srv.AddMember(stytchtest.Member{Roles: []string{"editor"}})
	elsewhere := srv.AddMember(stytchtest.Member{Organization: "globex"})
	live, over := editor.SignIn(), editor.SignIn()
	over.End()

	check := func(organizationID, action string) *sessions.AuthorizationCheck {
		return &sessions.AuthorizationCheck{OrganizationID: organizationID, ResourceID: "documents", Action: action}
	}
	for _, row := range []struct {
		name   string
		params *sessions.AuthenticateParams
		want   string
	}{
		{"a live session's token is accepted", &sessions.AuthenticateParams{SessionToken: live.Token}, ""},
		{"a live session's JWT is accepted", &sessions.AuthenticateParams{SessionJWT: live.JWT()}, ""},
		{"an expired JWT is accepted while its session lives", &sessions.AuthenticateParams{SessionJWT: live.JWT(stytchtest.Age(50 * time.Minute))}, ""},
		{"a JWT from the future is accepted", &sessions.AuthenticateParams{SessionJWT: live.JWT(stytchtest.Age(-time.Minute))}, ""},
		{"a JWT with the server's URL as issuer is accepted", &sessions.AuthenticateParams{SessionJWT: live.JWT(stytchtest.Claim("iss", srv.URL()))}, ""},
		{"an extension of 5 minutes is the shortest", &sessions.AuthenticateParams{SessionToken: live.Token, SessionDurationMinutes: 5}, ""},
		{"a permission that a role has is granted", &sessions.AuthenticateParams{SessionToken: live.Token, AuthorizationCheck: check(editor.OrganizationID, "create")}, ""},
		{"neither token nor JWT", &sessions.AuthenticateParams{}, "400 no_session_arguments"},
		{"no body at all", nil, "400 no_session_arguments"},
		{"both token and JWT", &sessions.AuthenticateParams{SessionToken: live.Token, SessionJWT: live.JWT()}, "400 too_many_session_arguments"},
		{"a token nobody has", &sessions.AuthenticateParams{SessionToken: "nobody-has-this-token"}, "404 session_not_found"},
		{"a token of a session that is over", &sessions.AuthenticateParams{SessionToken: over.Token}, "404 session_not_found"},
		{"a fresh JWT of a session that is over", &sessions.AuthenticateParams{SessionJWT: over.JWT()}, "404 session_not_found"},
		{"a JWT that is none", &sessions.AuthenticateParams{SessionJWT: "a.b.c"}, "400 unable_to_parse_session_jwt"},
		{"a JWT cut short", &sessions.AuthenticateParams{SessionJWT: live.JWT()[:200]}, "400 unable_to_parse_session_jwt"},
		{"a JWT of another project", &sessions.AuthenticateParams{SessionJWT: live.JWT(stytchtest.Claim("aud", []string{"project-test-other"}))}, "400 unable_to_parse_session_jwt"},
		{"a JWT of another issuer", &sessions.AuthenticateParams{SessionJWT: live.JWT(stytchtest.Claim("iss", "https://example.com"))}, "400 unable_to_parse_session_jwt"},
		{"a JWT without a session, such as an M2M token", &sessions.AuthenticateParams{SessionJWT: live.JWT(stytchtest.WithoutClaim("https://stytch.com/session"))}, "400 unable_to_parse_session_jwt"},
		{"a JWT under an unknown key", &sessions.AuthenticateParams{SessionJWT: srv.Sign(map[string]any{"kid": "jwk-test-unknown"}, live.Claims())}, "400 unable_to_parse_session_jwt"},
		{"an extension of 4 minutes", &sessions.AuthenticateParams{SessionToken: live.Token, SessionDurationMinutes: 4}, "400 invalid_session_duration_minutes"},
		{"an extension of more than 366 days", &sessions.AuthenticateParams{SessionToken: live.Token, SessionDurationMinutes: 527041}, "400 invalid_session_duration_minutes"},
		{"custom claims of more than 4 KB", &sessions.AuthenticateParams{SessionToken: live.Token, SessionCustomClaims: map[string]any{"big": string(make([]byte, 4<<10))}}, "400 custom_claims_too_large"},
		{"a permission that no role has", &sessions.AuthenticateParams{SessionToken: live.Token, AuthorizationCheck: check(editor.OrganizationID, "delete")}, "403 session_authorization_error"},
		{"a permission in another organization", &sessions.AuthenticateParams{SessionToken: live.Token, AuthorizationCheck: check(elsewhere.OrganizationID, "read")}, "403 session_authorization_tenancy_error"},
	} {
		t.Run(row.name, func(t *testing.T) {
			response, err := client.Sessions.Authenticate(t.Context(), row.params)
			wantRefusal(t, err, row.want)
			if err == nil && (response.MemberSession.MemberSessionID != live.ID || response.SessionToken != live.Token) {
				t.Errorf("answered with session %s, want %s and its token", response.MemberSession.MemberSessionID, live.ID)
			}
		})
	}
}

func TestAuthenticateAnswersWithTheWholeSession(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	srv.AddOrganization(stytchtest.Organization{Slug: "acme", Name: "Acme Inc."})
	member := srv.AddMember(stytchtest.Member{Organization: "acme", Email: "ada@example.com", Name: "Ada", Roles: []string{"editor"}})
	session := member.SignIn(stytchtest.WithClaims(map[string]any{"plan": "pro"}))
	clock.Advance(10 * time.Minute)

	got, err := sdk(t, srv).Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{
		SessionToken:       session.Token,
		AuthorizationCheck: &sessions.AuthorizationCheck{OrganizationID: member.OrganizationID, ResourceID: "documents", Action: "read"},
	})
	wantRefusal(t, err, "")
	ms := got.MemberSession
	for _, field := range []struct{ name, got, want string }{
		{"member_session.member_id", ms.MemberID, member.ID},
		{"member_session.organization_id", ms.OrganizationID, member.OrganizationID},
		{"member_session.organization_slug", ms.OrganizationSlug, "acme"},
		{"member_session.started_at", ms.StartedAt.String(), noon().String()},
		{"member_session.last_accessed_at", ms.LastAccessedAt.String(), noon().Add(10 * time.Minute).String()},
		{"member_session.expires_at", ms.ExpiresAt.String(), noon().Add(time.Hour).String()},
		{"the e-mail factor's address", ms.AuthenticationFactors[0].EmailFactor.EmailAddress, "ada@example.com"},
		{"member.name", got.Member.Name, "Ada"},
		{"member.status", got.Member.Status, "active"},
		{"member.roles[1]", got.Member.Roles[1].RoleID, "editor"},
		{"organization.organization_name", got.Organization.OrganizationName, "Acme Inc."},
	} {
		if field.got != field.want {
			t.Errorf("%s is %q, want %q", field.name, field.got, field.want)
		}
	}
	if want := []string{"stytch_member", "editor"}; !slices.Equal(ms.Roles, want) || !slices.Equal(got.Verdict.GrantingRoles, want) {
		t.Errorf("roles %v, granting %v, want %v both", ms.Roles, got.Verdict.GrantingRoles, want)
	}
	if !maps.Equal(ms.CustomClaims, map[string]any{"plan": "pro"}) {
		t.Errorf("custom claims %v", ms.CustomClaims)
	}
	if len(session.Token) != 44 {
		t.Errorf("the token has %d characters, want 44", len(session.Token))
	}
}

func TestSessionsEndAndAreExtended(t *testing.T) {
	srv, clock := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	authenticate := func(s *stytchtest.Session, minutes int32) string {
		_, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: s.Token, SessionDurationMinutes: minutes})
		return refusal(err)
	}
	member := srv.AddMember(stytchtest.Member{})
	left, extended := member.SignIn(), member.SignIn(stytchtest.WithLifetime(30*time.Minute))

	clock.Advance(29 * time.Minute)
	if got := authenticate(extended, 60); got != "" {
		t.Fatalf("a minute before its end: %s", got)
	}
	clock.Advance(31*time.Minute - time.Second)
	if got := authenticate(left, 0); got != "" {
		t.Fatalf("a second before its end: %s", got)
	}
	clock.Advance(time.Second)
	if got := authenticate(left, 0); got != "404 session_not_found" {
		t.Errorf("at its end: %q", got)
	}
	if want := noon().Add(89 * time.Minute); !extended.ExpiresAt().Equal(want) {
		t.Errorf("the extended session ends at %v, want %v", extended.ExpiresAt(), want)
	}
	if got := authenticate(extended, 0); got != "" {
		t.Errorf("the extended session: %s", got)
	}
}

func TestCustomClaimsAreMergedIntoTheSession(t *testing.T) {
	srv := start(t)
	session := srv.AddMember(stytchtest.Member{}).SignIn(stytchtest.WithClaims(map[string]any{"kept": "a", "dropped": "b"}))
	response, err := sdk(t, srv).Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{
		SessionToken: session.Token,
		SessionCustomClaims: map[string]any{
			"added": "c", "dropped": nil, "sub": "somebody-else", "https://stytch.com/session": "forged",
		},
	})
	wantRefusal(t, err, "")
	want := map[string]any{"kept": "a", "added": "c"}
	if got := response.MemberSession.CustomClaims; !maps.Equal(got, want) {
		t.Errorf("the session has the claims %v, want %v", got, want)
	}
	if got := session.Claims()["added"]; got != "c" {
		t.Errorf("its next JWT has added = %v", got)
	}
}

func TestRevokeEndsWhatItNames(t *testing.T) {
	srv, _ := startAt(t, stytchtest.Options{})
	client := sdk(t, srv)
	member := srv.AddMember(stytchtest.Member{})
	for _, row := range []struct {
		name       string
		params     func(*stytchtest.Session) *sessions.RevokeParams
		want       string
		endsOthers bool
	}{
		{"by ID", func(s *stytchtest.Session) *sessions.RevokeParams {
			return &sessions.RevokeParams{MemberSessionID: s.ID}
		}, "", false},
		{"by token", func(s *stytchtest.Session) *sessions.RevokeParams {
			return &sessions.RevokeParams{SessionToken: s.Token}
		}, "", false},
		{"by JWT", func(s *stytchtest.Session) *sessions.RevokeParams {
			return &sessions.RevokeParams{SessionJWT: s.JWT()}
		}, "", false},
		{"by expired JWT", func(s *stytchtest.Session) *sessions.RevokeParams {
			return &sessions.RevokeParams{SessionJWT: s.JWT(stytchtest.Age(time.Hour))}
		}, "", false},
		{"by member, which ends all their sessions", func(*stytchtest.Session) *sessions.RevokeParams {
			return &sessions.RevokeParams{MemberID: member.ID}
		}, "", true},
		{"nothing is named", func(*stytchtest.Session) *sessions.RevokeParams {
			return &sessions.RevokeParams{}
		}, "400 no_session_revoke_arguments", false},
		{"two are named", func(s *stytchtest.Session) *sessions.RevokeParams {
			return &sessions.RevokeParams{MemberSessionID: s.ID, SessionToken: s.Token}
		}, "400 too_many_session_revoke_arguments", false},
		{"a session nobody has", func(*stytchtest.Session) *sessions.RevokeParams {
			return &sessions.RevokeParams{MemberSessionID: "member-session-test-none"}
		}, "404 session_not_found", false},
		{"a forged JWT", func(*stytchtest.Session) *sessions.RevokeParams {
			return &sessions.RevokeParams{SessionJWT: "a.b.c"}
		}, "400 unable_to_parse_session_jwt", false},
		{"a member who is none", func(*stytchtest.Session) *sessions.RevokeParams {
			return &sessions.RevokeParams{MemberID: "member-test-none"}
		}, "404 member_not_found", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			session, other := member.SignIn(), member.SignIn()
			_, err := client.Sessions.Revoke(t.Context(), row.params(session))
			wantRefusal(t, err, row.want)

			live, err := client.Sessions.Get(t.Context(), &sessions.GetParams{OrganizationID: "acme", MemberID: member.ID})
			wantRefusal(t, err, "")
			lives := func(s *stytchtest.Session) bool {
				return slices.ContainsFunc(live.MemberSessions, func(ms sessions.MemberSession) bool { return ms.MemberSessionID == s.ID })
			}
			if ended := row.want == ""; lives(session) == ended {
				t.Errorf("the session lives: %t", lives(session))
			}
			if lives(other) == row.endsOthers {
				t.Errorf("the member's other session lives: %t", lives(other))
			}
		})
	}
}
