package stytchtest_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/rbac"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAUsersSessionIsVouchedForExtendedAndRevoked(t *testing.T) {
	srv, clock, client := startConsumer(t)
	user := srv.AddUser(stytchtest.User{Email: "ada@example.com", FirstName: "Ada", Roles: []string{"editor"}})
	session := user.SignIn(stytchtest.WithClaims(map[string]any{"plan": "pro"}))
	clock.Advance(10 * time.Minute) // an expired JWT is fine while its session lives

	for name, params := range map[string]sessions.AuthenticateParams{
		"by its token": {SessionToken: session.Token, SessionDurationMinutes: 30},
		"by its JWT":   {SessionJWT: session.JWT(stytchtest.Age(10 * time.Minute)), SessionDurationMinutes: 30},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := client.Sessions.Authenticate(t.Context(), &params)
			wantRefusal(t, err, "")
			s := got.Session
			if s.SessionID != session.ID || s.UserID != user.ID || got.User.UserID != user.ID || got.User.Name.FirstName != "Ada" ||
				!slices.Equal(s.Roles, []string{"stytch_user", "editor"}) || !slices.Equal(got.User.Roles, s.Roles) ||
				s.ExpiresAt.Sub(noon()) != 40*time.Minute || s.CustomClaims["plan"] != "pro" || kinds(s.AuthenticationFactors) != "magic_link" ||
				got.SessionToken != session.Token {
				t.Errorf("answered %+v", got)
			}
			_, claims := read(t, got.SessionJWT)
			if _, has := claims["https://stytch.com/organization"]; has || claims["sub"] != user.ID || claims["plan"] != "pro" {
				t.Errorf("the JWT's claims are %v", claims)
			}
		})
	}

	list, err := client.Sessions.Get(t.Context(), &sessions.GetParams{UserID: user.ID})
	wantRefusal(t, err, "")
	if len(list.Sessions) != 1 || list.Sessions[0].SessionID != session.ID {
		t.Errorf("listed %+v", list.Sessions)
	}
	for _, row := range []struct {
		name   string
		params sessions.RevokeParams
		want   string
	}{
		{"nothing", sessions.RevokeParams{}, "400 no_session_revoke_arguments"},
		{"two names", sessions.RevokeParams{SessionID: session.ID, SessionToken: session.Token}, "400 too_many_session_revoke_arguments"},
		{"one by its ID", sessions.RevokeParams{SessionID: session.ID}, ""},
		{"one that is over", sessions.RevokeParams{SessionToken: session.Token}, "404 session_not_found"},
		{"one by its JWT", sessions.RevokeParams{SessionJWT: user.SignIn().JWT()}, ""},
		{"one by its token", sessions.RevokeParams{SessionToken: user.SignIn().Token}, ""},
	} {
		t.Run("revoking "+row.name, func(t *testing.T) {
			_, err := client.Sessions.Revoke(t.Context(), &row.params)
			wantRefusal(t, err, row.want)
		})
	}
	_, err = client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: session.Token})
	wantRefusal(t, err, "404 session_not_found")
	if n := srv.Calls(stytchtest.Authenticate); n != 3 {
		t.Errorf("%d calls are counted, want 3: the endpoint has one name in both kinds of project", n)
	}
}

func TestTheSDKVerifiesAUsersJWTLocally(t *testing.T) {
	srv := stytchtest.Start(t, stytchtest.Options{Vertical: stytchtest.Consumer, Key: key()})
	client := consumerSDK(t, srv)
	user := srv.AddUser(stytchtest.User{})
	got, err := client.Sessions.AuthenticateJWTLocal(user.SignIn().JWT(), time.Minute)
	if err != nil || got.UserID != user.ID || !slices.Equal(got.Roles, []string{"stytch_user"}) {
		t.Errorf("verified %+v (%v)", got, err)
	}
}

func TestAUsersRolesDecideAlone(t *testing.T) {
	srv, _, client := startConsumer(t)
	user, editor := srv.AddUser(stytchtest.User{}).SignIn(), srv.AddUser(stytchtest.User{Roles: []string{"editor"}}).SignIn()
	check := func(session *stytchtest.Session, action string) (*sessions.AuthenticateResponse, error) {
		return client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{
			SessionToken: session.Token, AuthorizationCheck: &sessions.AuthorizationCheck{ResourceID: "documents", Action: action},
		})
	}
	got, err := check(editor, "create")
	wantRefusal(t, err, "")
	if got.Verdict == nil || !got.Verdict.Authorized || !slices.Equal(got.Verdict.GrantingRoles, []string{"editor"}) {
		t.Errorf("the verdict is %+v", got.Verdict)
	}
	_, err = check(user, "create")
	wantRefusal(t, err, "403 consumer_session_authorization_error")

	policy, err := client.RBAC.Policy(t.Context(), &rbac.PolicyParams{})
	wantRefusal(t, err, "")
	if roles := policy.Policy.Roles; len(roles) != 3 || roles[0].RoleID != "stytch_user" {
		t.Errorf("the roles are %+v", roles)
	}
}

func TestTheOtherKindsEndpointsAreRefused(t *testing.T) {
	b2b := start(t)
	users := stytchtest.Start(t, stytchtest.Options{Vertical: stytchtest.Consumer, Key: key()})
	for _, row := range []struct {
		srv  *stytchtest.Server
		path string
		want string
	}{
		{users, "/v1/b2b/sessions/authenticate", "invalid_b2b_endpoint"},
		{users, "/v1/b2b/magic_links/email/login_or_signup", "invalid_b2b_endpoint"},
		{b2b, "/v1/sessions/authenticate", "invalid_consumer_endpoint"},
		{b2b, "/v1/magic_links/email/login_or_create", "invalid_consumer_endpoint"},
		{users, "/v1/nowhere", "route_not_found"},
	} {
		status, data := post(t, row.srv, row.path, `{}`)
		if at(data, "error_type") != `"`+row.want+`"` || (status != http.StatusBadRequest && status != http.StatusNotFound) {
			t.Errorf("%s answered %d %s, want %s", row.path, status, data, row.want)
		}
	}
	// The keys are the project's: the real SDK of either kind starts at either.
	sdk(t, users)
	consumerSDK(t, b2b)
}

func TestEachKindHasItsOwnPeople(t *testing.T) {
	users := stytchtest.Start(t, stytchtest.Options{Vertical: stytchtest.Consumer, Key: key()})
	for want, f := range map[string]func(){
		"stytchtest: AddMember in a consumer project, which has users (want AddUser)":                             func() { users.AddMember(stytchtest.Member{}) },
		"stytchtest: AddUser in a B2B project, which has members (want AddMember, or Options.Vertical: Consumer)": func() { start(t).AddUser(stytchtest.User{}) },
		"stytchtest: SignIn of a User that no server knows (want the *User that Server.AddUser returned)":         func() { (&stytchtest.User{}).SignIn() },
	} {
		if said := panics(f); said != want {
			t.Errorf("said %q, want %q", said, want)
		}
	}
	if _, err := stytchtest.New(stytchtest.Options{Vertical: 7}); err == nil {
		t.Error("a kind of project that there is not was accepted")
	}
}
