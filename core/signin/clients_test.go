package signin_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// What clients are answered that browsers are sent elsewhere for; openapi.json holds the form.
func TestClientsAreAnsweredInJSON(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	post := func(b *browser, target, body string, status int, says string) {
		t.Helper()
		b.asks(http.MethodPost, target, body).says(t, status, says)
	}
	get := func(b *browser, target string, status int, says string) {
		t.Helper()
		b.asks(http.MethodGet, target, "").says(t, status, says)
	}
	nobody := w.browser()
	get(nobody, "/auth/oauth/google", http.StatusOK, `"next":"http`)
	get(nobody, "/auth/oauth/google?organization=a/b", http.StatusBadRequest, `"invalid_input"`)
	get(nobody, "/auth/sso?organization=acme", http.StatusOK, `"next":"http`)
	get(nobody, "/auth/sso", http.StatusBadRequest, `"invalid_input"`)
	get(nobody, "/auth/mfa", http.StatusUnauthorized, `"login_expired"`)
	get(nobody, verifyMail, http.StatusUnauthorized, `"login_expired"`)
	get(nobody, "/auth/organizations", http.StatusUnauthorized, `"session_missing"`)
	get(nobody, "/auth/callback?stytch_token_type=nothing&token=abcdefghijklmnop", http.StatusBadRequest, `"link_invalid"`)
	post(nobody, "/auth/callback", `{}`, http.StatusBadRequest, `"link_invalid"`)
	post(nobody, "/auth/organizations", `{"organization_id":"`+alice.OrganizationID+`"}`, http.StatusUnauthorized, `"session_missing"`)
	post(nobody, "/auth/organizations", `{}`, http.StatusBadRequest, `"invalid_input"`)
	post(nobody, "/auth/switch", `{"organization":"`+alice.OrganizationID+`"}`, http.StatusUnauthorized, `"session_missing"`)
	post(nobody, "/auth/password", `{"email":"nobody","password":"x"}`, http.StatusBadRequest, `"invalid_email"`)
	post(nobody, "/auth/password/forgot", `{"email":"nobody"}`, http.StatusBadRequest, `"invalid_email"`)
	post(nobody, "/auth/reset", `{"password":"x"}`, http.StatusBadRequest, `"link_invalid"`)
	post(nobody, "/auth/logout", `{}`, http.StatusNoContent, "")

	b := w.discovered("alice@acme.example", "/x")
	post(b, "/auth/organizations", `{"organization_name":"Acme","organization_slug":"acme"}`, http.StatusConflict, `"slug_taken"`)
	post(b, "/auth/organizations", `{"organization_id":"organization-test-unknown"}`, http.StatusForbidden, `"not_allowed"`)
	post(b, "/auth/organizations", `{"organization_id":"`+alice.OrganizationID+`","return_to":"/y"}`, http.StatusOK, `"next":"/y"`)
}

// An outage is told clients, and ends nothing.
func TestClientsAreToldOfAnOutage(t *testing.T) {
	w := newWorld(t)
	alice := w.member("alice@acme.example")
	b := w.browser()
	b.asks(http.MethodPost, "/auth/magic-link", `{"email":"alice@acme.example","organization":"acme"}`).says(t, http.StatusOK, `"sent":true`)
	link := w.link()
	in := w.signedIn(alice)
	w.stytch.Fail(stytchtest.All, stytchtest.Fault{Status: http.StatusInternalServerError})
	b.asks(http.MethodGet, link, "").says(t, http.StatusServiceUnavailable, `"stytch_unavailable"`)
	b.asks(http.MethodPost, "/auth/magic-link", `{"email":"alice@acme.example"}`).says(t, http.StatusServiceUnavailable, `"stytch_unavailable"`)
	in.asks(http.MethodPost, "/auth/logout", `{}`).says(t, http.StatusAccepted, "")
	w.stytch.Recover()
	b.asks(http.MethodGet, link, "").says(t, http.StatusOK, `"member_authenticated":true`)
}

// A client that has a used link is told so.
func TestAClientIsToldThatALinkIsUsed(t *testing.T) {
	w := newWorld(t)
	w.member("alice@acme.example")
	b := w.browser()
	b.asks(http.MethodPost, "/auth/magic-link", `{"email":"alice@acme.example","organization":"acme"}`)
	w.stytch.Fail(stytchtest.AuthenticateMagicLink, stytchtest.Fault{Status: http.StatusUnauthorized, ErrorType: "unable_to_auth_magic_link"})
	b.asks(http.MethodGet, w.link(), "").says(t, http.StatusUnauthorized, `"link_used"`)
}

func TestClientsStepUp(t *testing.T) {
	inBothKinds(t, func(t *testing.T, w *world, organization string) {
		b := w.browser()
		b.asks(http.MethodPost, "/auth/password", fmt.Sprintf(`{"email":"ada@example.com","password":%q,"organization":%q}`, goodPassword, organization)).says(t, http.StatusOK, "authenticated")
		b.asks(http.MethodPost, "/auth/step-up", `{"method":"carrier pigeon"}`).says(t, http.StatusBadRequest, `"invalid_input"`)
		b.asks(http.MethodPost, "/auth/step-up", fmt.Sprintf(`{"method":"password","password":%q,"return_to":"/x"}`, goodPassword)).says(t, http.StatusOK, `"next":"/x"`)
	})
}

func TestAClientThatHasAskedForNoTextHasNone(t *testing.T) {
	newConsumerWorld(t).browser().asks(http.MethodGet, "/auth/sms-code/verify", "").says(t, http.StatusUnauthorized, `"login_expired"`)
}
