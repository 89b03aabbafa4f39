package signin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func TestAPasswordIsChangedByThePresentOne(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		elsewhere := w.browser()
		elsewhere.posts("/auth/password", "email", "ada@example.com", "password", goodPassword, "organization", organization).goes(t, "/")
		b := w.browser()
		page := b.gets("/auth/password/change?organization=" + organization + "&return_to=/documents")
		page.says(t, http.StatusOK, `autocomplete="current-password"`)
		page.says(t, http.StatusOK, `autocomplete="new-password"`)
		w.stytch.ResetCalls()
		b.posts(page.formIn(t), "email", "ada@example.com", "password", goodPassword, "new_password", otherPassword,
			"organization", organization, "return_to", "/documents").goes(t, "/documents")
		if b.whoami() == "" {
			t.Error("nobody is signed in")
		}
		if n := w.stytch.TotalCalls(); n != 1 {
			t.Errorf("%d calls", n)
		}
		w.clock.Advance(6 * time.Minute) // past the freshness: Stytch is asked
		if who := elsewhere.whoami(); who != "" {
			t.Errorf("an earlier session lives on, of %s", who)
		}
		w.browser().posts("/auth/password", "email", "ada@example.com", "password", otherPassword, "organization", organization).goes(t, "/")
	})
}

// What is wrong is said beside the field that it is about, and nothing is lost but the passwords.
func TestAChangeSaysWhatIsWrong(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		for _, row := range []struct {
			present, wanted string
			status          int
			says            string
		}{
			{"wrong", otherPassword, http.StatusUnauthorized, signin.Message("password_wrong")},
			{"", otherPassword, http.StatusUnauthorized, signin.Message("password_wrong")},
			{goodPassword, "xyzzy", http.StatusBadRequest, "This is a short password."},
			{goodPassword, stytchtest.BreachedPassword, http.StatusBadRequest, signin.Message("password_breached")},
			{goodPassword, "", http.StatusBadRequest, signin.Message("password_weak")},
		} {
			got := w.browser().posts("/auth/password/change", "email", "ada@example.com", "organization", organization, "return_to", "/documents", "password", row.present, "new_password", row.wanted)
			got.says(t, row.status, row.says)
			for _, kept := range []string{`value="ada@example.com"`, `value="/documents"`, `name="organization" value="` + organization + `"`} {
				got.says(t, row.status, kept)
			}
			if row.wanted != "" && strings.Contains(got.body, row.wanted) || strings.Contains(got.body, goodPassword) {
				t.Errorf("the page has a password:\n%s", got.body)
			}
		}
	})
}

func TestAChangeTellsNobodyWhoHasAnAccount(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		var answers []string
		for _, email := range []string{"ada@example.com", "eve@example.com"} {
			w.stytch.ResetCalls()
			r := w.browser().asks(http.MethodPost, "/auth/password/change", fmt.Sprintf(`{"email":%q,"password":"wrong","new_password":%q,"organization":%q}`, email, otherPassword, organization))
			r.Header.Del("Date")
			answers = append(answers, fmt.Sprint(r.StatusCode, r.Header, r.body, w.stytch.TotalCalls()))
		}
		if len(slices.Compact(answers)) != 1 || !strings.Contains(answers[0], "password_wrong") {
			t.Errorf("the answers differ:\n%s", strings.Join(answers, "\n"))
		}
	})
}

// Guesses at the present password are those of a login, and no session is a way around its second factor.
func TestAChangeIsBoundedAsALoginIs(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		for range 5 {
			w.browser().posts("/auth/password/change", "email", "ada@example.com", "password", "wrong", "new_password", otherPassword, "organization", organization).
				says(t, http.StatusUnauthorized, signin.Message("password_wrong"))
		}
		w.browser().posts("/auth/password", "email", "ADA@example.com", "password", goodPassword, "organization", organization).isBounded(t)
		w.browser().posts("/auth/password/change", "email", "ada@example.com", "password", goodPassword, "new_password", otherPassword, "organization", organization).isBounded(t)
	})
}

func TestAChangeAsksForTheSecondFactorThatALoginAsksFor(t *testing.T) {
	w := newWorld(t)
	alice := w.stytch.AddMember(stytchtest.Member{Email: "alice@acme.example", Organization: "acme", Password: goodPassword, MFA: true})
	b := w.browser()
	at, err := url.Parse(w.app.URL)
	if err != nil {
		t.Fatal(err)
	}
	b.jar.SetCookies(at, alice.SignIn(stytchtest.WithTOTP()).Cookies())
	if b.whoami() != alice.ID {
		t.Fatal("nobody is signed in")
	}
	b.posts("/auth/password/change", "email", alice.Email, "password", goodPassword, "new_password", otherPassword, "organization", "acme").goes(t, "/mfa")
}

// A member's password is of an organization: the form's, or that of whoever is signed in.
func TestAMembersChangeNamesTheirOrganization(t *testing.T) {
	w := newPasswordWorld(t, stytchtest.B2B)
	w.browser().gets("/auth/password/change").goes(t, "/login?reason=session_missing&return_to=%2Fauth%2Fpassword%2Fchange")
	w.browser().posts("/auth/password/change", "email", "ada@example.com", "password", goodPassword, "new_password", otherPassword).says(t, http.StatusBadRequest, "Something is missing")
	b := w.browser()
	b.posts("/auth/password", "email", "ada@example.com", "password", goodPassword, "organization", "acme", "return_to", "/auth/password/change").goes(t, "/auth/password/change")
	b.gets("/auth/password/change").says(t, http.StatusOK, `name="organization" value="organization-test-`)
}
