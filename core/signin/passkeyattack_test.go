package signin_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stytchkit/stytchkit/core/signin"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// An answer counts in the browser that was asked, for what it was asked for, from a page of this origin, in time
// and once.
func TestAPasskeysAnswerCountsWhereItWasAskedFor(t *testing.T) {
	w := newPasskeyWorld(t)
	device, bobs := newPasskeyDevice(t), newPasskeyDevice(t)
	w.adds(w.ada, device, "Laptop")
	b, thief := w.browser(), w.browser()
	o := b.asksFor("/auth/passkey/options")
	theirs := thief.asksFor("/auth/passkey/options")
	stepUp := w.ada.asksFor("/auth/step-up", "method", "passkey")
	registration := w.ada.asksFor("/auth/passkeys/options")
	origins := []string{"http://evil.example", strings.Replace(w.origin, "localhost", "sub.localhost", 1), strings.Replace(w.origin, "http:", "https:", 1), "null"}
	calls := w.stytch.Calls(stytchtest.AuthenticateWebAuthn)
	for name, form := range map[string][]string{
		"nothing":                       {},
		"nonsense":                      {"ceremony", o.Ceremony, "credential", "{"},
		"no ceremony":                   {"credential", device.get(o, w.origin)},
		"a made-up ceremony":            {"ceremony", o.Ceremony[:len(o.Ceremony)-1], "credential", device.get(o, w.origin)},
		"another browser's answer":      {"ceremony", theirs.Ceremony, "credential", device.get(theirs, w.origin)},
		"an answer to another question": {"ceremony", o.Ceremony, "credential", device.get(theirs, w.origin)},
		"a step-up's":                   {"ceremony", stepUp.Ceremony, "credential", device.get(stepUp, w.origin)},
		"a registration's":              {"ceremony", registration.Ceremony, "credential", device.create(registration, w.origin)},
	} {
		t.Run(name, func(t *testing.T) {
			b.posts("/auth/passkey", append(form, "return_to", "/x")...).goes(t, passkeyRefused)
		})
	}
	for _, origin := range origins {
		b.posts("/auth/passkey", "ceremony", o.Ceremony, "credential", device.get(o, origin), "return_to", "/x").goes(t, passkeyRefused)
	}
	adas := w.ada.asksFor("/auth/passkey/options") // all in one browser from here on
	for _, asked := range []passkeyOptions{stepUp, registration} {
		w.ada.posts("/auth/passkey", "ceremony", asked.Ceremony, "credential", device.get(asked, w.origin), "return_to", "/x").goes(t, passkeyRefused)
	}
	w.ada.posts("/auth/step-up", "method", "passkey", "ceremony", adas.Ceremony, "credential", device.get(adas, w.origin)).says(t, http.StatusUnauthorized, signin.Message("passkey_refused"))
	w.ada.posts("/auth/step-up", "method", "passkey", "ceremony", registration.Ceremony, "credential", device.get(registration, w.origin)).says(t, http.StatusUnauthorized, signin.Message("passkey_refused"))
	w.ada.posts("/auth/passkeys", "ceremony", stepUp.Ceremony, "credential", device.get(stepUp, w.origin)).goes(t, "/auth/passkeys?reason=passkey_refused")
	if n := w.stytch.Calls(stytchtest.AuthenticateWebAuthn); n != calls {
		t.Errorf("%d of them were sent to Stytch", n-calls)
	}
	b.posts("/auth/passkey", "ceremony", o.Ceremony, "credential", bobs.get(o, w.origin), "return_to", "/x").goes(t, passkeyRefused)
	if b.whoami() != "" {
		t.Error("somebody is signed in")
	}

	late := b.asksFor("/auth/passkey/options")
	calls = w.stytch.Calls(stytchtest.AuthenticateWebAuthn)
	w.clock.Advance(6 * time.Minute)
	b.posts("/auth/passkey", "ceremony", late.Ceremony, "credential", device.get(late, w.origin), "return_to", "/x").goes(t, passkeyRefused)
	if n := w.stytch.Calls(stytchtest.AuthenticateWebAuthn); n != calls {
		t.Error("a late answer was sent to Stytch")
	}
	once := b.asksFor("/auth/passkey/options")
	form := []string{"ceremony", once.Ceremony, "credential", device.get(once, w.origin), "return_to", "/x"}
	b.submitsTwice(t, "/auth/passkey", "/x", form...)
	if b.whoami() != w.user.ID {
		t.Error("not signed in")
	}
}

// A passkey registered for one session's person is nobody else's, whoever signs in meanwhile.
func TestARegistrationIsOfItsSession(t *testing.T) {
	w := newPasskeyWorld(t)
	device := newPasskeyDevice(t)
	o := w.ada.asksFor("/auth/passkeys/options")
	var bob *stytchtest.User
	for _, u := range w.stytch.Users() {
		if u.Email == "bob@example.com" {
			bob = u
		}
	}
	r, _ := http.NewRequest(http.MethodGet, w.app.URL, nil)
	w.ada.jar.SetCookies(r.URL, bob.SignIn().Cookies()) // in this browser
	w.ada.posts("/auth/passkeys", "ceremony", o.Ceremony, "credential", device.create(o, w.origin)).goes(t, "/auth/passkeys?reason=passkey_refused")
	w.ada.gets("/auth/passkeys").says(t, http.StatusOK, "You have none yet")
	if n := w.stytch.Calls(stytchtest.RegisterWebAuthn); n != 0 {
		t.Errorf("it was sent to Stytch %d times", n)
	}
}

// Only what is the person's own is named or removed.
func TestNobodyChangesAnothersPasskeys(t *testing.T) {
	w := newPasskeyWorld(t)
	w.adds(w.ada, newPasskeyDevice(t), "Laptop")
	id := w.passkeyID()
	eve := w.signedIn(w.stytch.AddUser(stytchtest.User{Email: "eve@example.com"}))
	for _, path := range []string{"/auth/passkeys/name", "/auth/passkeys/remove"} {
		eve.posts(path, "passkey", id, "name", "Eve's").says(t, http.StatusBadRequest, "")
		w.browser().posts(path, "passkey", id, "name", "Eve's").goes(t, "/login?reason=session_missing&return_to=%2Fauth%2Fpasskeys")
		w.ada.does(http.MethodPost, path, formOf("passkey", id, "name", "Eve's"), "Origin: https://evil.example", "Sec-Fetch-Site: cross-site").says(t, http.StatusForbidden, "")
	}
	w.ada.gets("/auth/passkeys").says(t, http.StatusOK, "Laptop")
}

// Whoever has only the session, or acts as somebody else, leaves no key of their own behind.
func TestAChangeOfPasskeysWantsAProof(t *testing.T) {
	w := newPasskeyWorld(t)
	w.clock.Advance(11 * time.Minute)
	const stepUp = "/auth/step-up?reason=reauthentication_required&return_to=%2Fauth%2Fpasskeys"
	w.ada.gets("/auth/passkeys").goes(t, stepUp)
	for _, path := range []string{"/auth/passkeys", "/auth/passkeys/options", "/auth/passkeys/name", "/auth/passkeys/remove"} {
		w.ada.posts(path, "name", "x").goes(t, stepUp)
		w.ada.asks(http.MethodPost, path, `{"name":"x"}`).says(t, http.StatusUnauthorized, `"reauthentication_required"`)
	}
	w.ada.posts("/auth/step-up", "method", "totp", "code", w.user.TOTP(), "return_to", "/auth/passkeys").goes(t, "/auth/passkeys")
	r, _ := http.NewRequest(http.MethodGet, w.app.URL, nil)
	support := w.browser()
	support.jar.SetCookies(r.URL, w.user.SignIn(stytchtest.ImpersonatedBy("support@example.com")).Cookies())
	support.gets("/auth/passkeys").says(t, http.StatusForbidden, signin.Message("impersonated"))
	support.asks(http.MethodPost, "/auth/passkeys/options", "{}").says(t, http.StatusForbidden, "")
	if n := w.stytch.Calls(stytchtest.StartWebAuthnRegistration); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// A client is refused as a person is.
func TestWhatAClientMayNotDoWithPasskeys(t *testing.T) {
	w := newPasskeyWorld(t)
	w.adds(w.ada, newPasskeyDevice(t), "Laptop")
	support := w.signedIn(w.user, stytchtest.ImpersonatedBy("support@example.com"))
	support.asks(http.MethodGet, "/auth/passkeys", "").says(t, http.StatusForbidden, `"impersonated"`)
	for _, path := range []string{"/auth/passkeys", "/auth/passkeys/options", "/auth/passkeys/name", "/auth/passkeys/remove"} {
		support.asks(http.MethodPost, path, "{}").says(t, http.StatusForbidden, `"impersonated"`)
	}
	for _, path := range []string{"/auth/passkeys/name", "/auth/passkeys/remove"} {
		w.ada.asks(http.MethodPost, path, `{"passkey":"webauthn-registration-test-1","name":"x"}`).says(t, http.StatusBadRequest, `"invalid_input"`)
	}
	w.ada.asks(http.MethodPost, "/auth/passkeys", `{"name":"x"}`, "Origin: https://evil.example", "Sec-Fetch-Site: cross-site").says(t, http.StatusForbidden, `"cross_origin"`)
	w.ada.does(http.MethodPost, "/auth/passkeys", formOf(), "Content-Type: text/plain", "Sec-Fetch-Mode: cors").says(t, http.StatusUnsupportedMediaType, `"unsupported_media_type"`)
	w.stytch.Fail(stytchtest.StartWebAuthn, stytchtest.Fault{Status: http.StatusForbidden, ErrorType: "ip_not_allowed"})
	w.browser().asks(http.MethodPost, "/auth/passkey/options", "{}").says(t, http.StatusForbidden, `"sign_in_refused"`)
}

// A client adds one with its name in one request.
func TestAClientAddsAPasskey(t *testing.T) {
	w := newPasskeyWorld(t)
	o := w.ada.asksFor("/auth/passkeys/options")
	body := must(json.Marshal(map[string]string{"ceremony": o.Ceremony, "credential": newPasskeyDevice(t).create(o, w.origin), "name": "Laptop"}))
	w.ada.asks(http.MethodPost, "/auth/passkeys", string(body)).says(t, http.StatusOK, `"user_authenticated":true`)
	w.ada.asks(http.MethodGet, "/auth/passkeys", "").says(t, http.StatusOK, `"name":"Laptop"`)
}
