package stytchkit_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"
	"github.com/stytchauth/stytch-go/v16/stytch/consumer/stytchapi"
	"github.com/stytchauth/stytch-go/v16/stytch/stytcherror"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// Where Stytch would answer a user's authorization check with consumer_session_authorization_error, the
// rule denies the permission, without a call: 403, and nobody is signed out.
func TestAUserIsDeniedWhatStytchWouldDenyThem(t *testing.T) {
	w := newWorldOf(t, stytchtest.Consumer)
	sdk, err := stytchapi.NewClient(w.srv.ProjectID(), w.srv.Secret(), stytchapi.WithBaseURI(w.srv.URL()), stytchapi.WithSkipJWKSInitialization())
	if err != nil {
		t.Fatal(err)
	}
	denied := 0
	for _, roles := range [][]string{nil, {"editor"}, {"admin"}, {"unheard_of"}} {
		session := w.srv.AddUser(stytchtest.User{Roles: roles}).SignIn()
		for _, action := range []string{"read", "create", "delete", "publish"} {
			_, err := sdk.Sessions.Authenticate(t.Context(), &sessions.AuthenticateParams{
				SessionToken: session.Token, AuthorizationCheck: &sessions.AuthorizationCheck{ResourceID: "documents", Action: action},
			})
			var refused stytcherror.Error
			want := ""
			if errors.As(err, &refused) && refused.ErrorType == "consumer_session_authorization_error" && refused.StatusCode == 403 {
				want = stytchkit.CodePermissionDenied
				denied++
			} else if err != nil {
				t.Fatal(err)
			}
			w.srv.ResetCalls()
			d := check(w.auth.Require(stytchkit.Permission("documents", action)), request(jwtCookie(session.JWT()), tokenCookie(session.Token)))
			if code(d) != want || setCookies(d) != "untouched" || w.asked() != 0 {
				t.Errorf("%v may %s: got %q, cookies %s, after %d calls, want %q", roles, action, code(d), setCookies(d), w.asked(), want)
			}
		}
	}
	if denied == 0 {
		t.Error("Stytch denies nothing")
	}
}

// Such an answer to a question about a session says nothing of its end: the credential is refused as it
// is, its cookies stay, and the session's next JWT is as good as ever.
func TestARefusedAuthorizationEndsNoSession(t *testing.T) {
	for vertical, errorType := range map[stytchkit.Vertical]string{
		stytchkit.B2B:      "session_authorization_error",
		stytchkit.Consumer: "consumer_session_authorization_error",
	} {
		w := newWorldOf(t, vertical)
		session := w.somebody()
		ask := func(age time.Duration) stytchkit.Decision {
			return check(w.auth.Require(stytchkit.Fresh(0)), request(jwtCookie(session.JWT(stytchtest.Age(age))), tokenCookie(session.Token)))
		}
		w.srv.Fail(stytchtest.Authenticate, stytchtest.Fault{Status: 403, ErrorType: errorType})
		if d := ask(time.Minute); code(d) != stytchkit.CodeSessionInvalid || d.Denial.Status != 401 || setCookies(d) != "untouched" {
			t.Errorf("%v: got %q, cookies %s", vertical, code(d), setCookies(d))
		}
		w.srv.Recover()
		if d := ask(0); d.Denial != nil {
			t.Errorf("%v: afterwards got %v", vertical, d.Denial)
		}
	}
}
