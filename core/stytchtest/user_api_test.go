package stytchtest_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/users"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAUserIsReadChangedAndDeleted(t *testing.T) {
	srv, _, client := startConsumer(t)
	ada := srv.AddUser(stytchtest.User{
		Email: "ada@example.com", Phone: "+15550199", FirstName: "Ada", ExternalID: "our-ada", Authenticator: true, Password: "a long password",
		TrustedMetadata: map[string]any{"plan": "pro", "old": true},
	})
	srv.AddUser(stytchtest.User{ExternalID: "our-bob"})
	session := ada.SignIn()

	for _, id := range []string{ada.ID, "our-ada"} {
		got, err := client.Users.Get(t.Context(), &users.GetParams{UserID: id})
		wantRefusal(t, err, "")
		if got.UserID != ada.ID || got.Emails[0].Email != "ada@example.com" || !got.Emails[0].Verified || got.PhoneNumbers[0].PhoneNumber != "+15550199" ||
			got.Name.FirstName != "Ada" || got.Status != "active" || len(got.TOTPs) != 1 || got.Password == nil || got.TrustedMetadata["plan"] != "pro" {
			t.Errorf("%s is %+v", id, got)
		}
	}
	for _, id := range []string{"nobody", "ada@example.com", "+15550199"} {
		_, err := client.Users.Get(t.Context(), &users.GetParams{UserID: id})
		wantRefusal(t, err, "404 user_not_found")
	}

	roles := []string{"editor"}
	changed, err := client.Users.Update(t.Context(), &users.UpdateParams{
		UserID: ada.ID, Name: &users.Name{LastName: "Adams"}, Roles: &roles, ExternalID: "ours",
		TrustedMetadata: map[string]any{"old": nil, "seats": 3},
	})
	wantRefusal(t, err, "")
	u := changed.User
	if u.Name.LastName != "Adams" || u.Name.FirstName != "" || !slices.Equal(u.Roles, []string{"stytch_user", "editor"}) || u.ExternalID != "ours" ||
		u.TrustedMetadata["plan"] != "pro" || u.TrustedMetadata["seats"] != 3.0 || len(u.TrustedMetadata) != 2 {
		t.Errorf("changed to %+v", u)
	}
	_, err = client.Users.Update(t.Context(), &users.UpdateParams{UserID: ada.ID, ExternalID: "our-bob"})
	wantRefusal(t, err, "400 duplicate_external_id")

	_, err = client.Users.Delete(t.Context(), &users.DeleteParams{UserID: ada.ID})
	wantRefusal(t, err, "")
	_, err = client.Users.Get(t.Context(), &users.GetParams{UserID: ada.ID})
	wantRefusal(t, err, "404 user_not_found")
	_, err = client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: session.Token})
	wantRefusal(t, err, "404 session_not_found")
	if n := len(srv.Users()); n != 1 {
		t.Errorf("%d users are left", n)
	}
}

func TestAUserIsWrittenFlatAndWhole(t *testing.T) {
	srv, _, _ := startConsumer(t)
	user := srv.AddUser(stytchtest.User{})
	status, _ := get(t, srv, "/v1/users/"+user.ID)
	if status != http.StatusUnauthorized {
		t.Errorf("answered %d without credentials", status)
	}
	_, data := post(t, srv, "/v1/sessions/authenticate", `{"session_token":"`+user.SignIn().Token+`"}`)
	for path, want := range map[string]string{
		"user.external_id": "null", "user.password": "null", "user.phone_numbers": "[]", "user.webauthn_registrations": "[]",
		"user.trusted_metadata": "{}", "user.is_locked": "false", "user.roles": `["stytch_user"]`, "user.name.first_name": `""`,
		"session.custom_claims": "{}", "session.attributes.ip_address": `""`, "verdict": "null", "member": "missing",
	} {
		if got := at(data, path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

func TestAddUserReplacesWhoIsTheSame(t *testing.T) {
	srv, _, client := startConsumer(t)
	first := srv.AddUser(stytchtest.User{Email: "Ada@example.com", Authenticator: true})
	session := first.SignIn()
	again := srv.AddUser(stytchtest.User{Email: "ada@example.com", Phone: "+15550199", Roles: []string{"editor"}})
	if again.ID != first.ID || again.TOTP() == "" {
		t.Errorf("it became %+v", again)
	}
	got, err := client.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionToken: session.Token})
	wantRefusal(t, err, "")
	if !slices.Contains(got.Session.Roles, "editor") {
		t.Errorf("the session's roles are %v", got.Session.Roles)
	}
	if byPhone := srv.AddUser(stytchtest.User{Phone: "+15550199"}); byPhone.ID != first.ID || byPhone.Email != "ada@example.com" {
		t.Errorf("the phone number belongs to %+v", byPhone)
	}
}

func TestASavedConsumerProjectLivesOn(t *testing.T) {
	srv, _, _ := startConsumer(t)
	user := srv.AddUser(stytchtest.User{Email: "ada@example.com", Authenticator: true, Password: "a long password"})
	session := user.SignIn()
	var saved bytes.Buffer
	if err := srv.Save(&saved); err != nil {
		t.Fatal(err)
	}
	if _, err := stytchtest.New(stytchtest.Options{State: bytes.NewReader(saved.Bytes())}); err == nil || !strings.Contains(err.Error(), "the other kind of project") {
		t.Errorf("a B2B project loads a consumer project's state: %v", err)
	}
	later, _ := startAt(t, stytchtest.Options{Vertical: stytchtest.Consumer, State: &saved})
	got, err := consumerSDK(t, later).Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{SessionJWT: session.JWT()})
	wantRefusal(t, err, "")
	if got.User.UserID != user.ID || later.Users()[0].TOTP() != user.TOTP() {
		t.Errorf("answered %+v", got)
	}
}
