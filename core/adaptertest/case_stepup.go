package adaptertest

import (
	"time"

	"github.com/stytchauth/stytch-go/v16/stytch/consumer/sessions"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// stepUpCases are the tables of the rules about how, and how long ago, a member signed in.
func stepUpCases() []testCase {
	const stepUp = "reauthentication_required"
	return []testCase{
		{"C52 AuthenticatedWithin", func(s *stage) {
			within, ago, withFactor := stytchkit.AuthenticatedWithin, stytchtest.AuthenticatedAgo, stytchtest.WithFactor
			tenMinutes := rules(within(10 * time.Minute))
			s.play(
				ruling{says: "who signed in just now is let through", guard: tenMinutes},
				ruling{says: "who signed in as long ago as may be is let through", guard: tenMinutes, by: signedIn(ago(10 * time.Minute))},
				ruling{says: "who signed in a moment earlier is not", guard: tenMinutes, by: signedIn(ago(10*time.Minute + time.Nanosecond)), code: stepUp, maxAge: "600"},
				ruling{says: "who signed in long ago is not", guard: tenMinutes, by: signedIn(ago(24 * time.Hour)), code: stepUp, maxAge: "600"},
				ruling{says: "who signed in long ago and stepped up since is let through", guard: tenMinutes, by: signedIn(ago(24*time.Hour), withFactor("totp", 10*time.Minute))},
				ruling{says: "who signed in long ago and stepped up a while ago is not", guard: tenMinutes, by: signedIn(ago(24*time.Hour), withFactor("totp", time.Hour)), code: stepUp, maxAge: "600"},
				ruling{says: "whose first factor is the newer one is let through", guard: tenMinutes, by: signedIn(withFactor("totp", time.Hour))},
				ruling{says: "who signed in at a time to come, by a clock ahead of this one, is let through", guard: tenMinutes, by: signedIn(ago(-time.Minute))},
				ruling{says: "whose session has no factor is not", guard: tenMinutes, by: signedIn(stytchtest.WithFactors()), code: stepUp, maxAge: "600"},
				ruling{says: "whose factor has no time is not", guard: tenMinutes, by: signedIn(stytchtest.WithFactors(sessions.AuthenticationFactor{Type: "sso"})), code: stepUp, maxAge: "600"},
				ruling{says: "less than a second is no seconds", guard: rules(within(900 * time.Millisecond)), by: signedIn(ago(time.Second)), code: stepUp, maxAge: "0"},
				ruling{says: "of two, the shorter counts", guard: rules(within(time.Hour), within(time.Minute)), by: signedIn(ago(2 * time.Hour)), code: stepUp, maxAge: "60"},
				ruling{says: "of two, the shorter counts where the longer is met", guard: rules(within(time.Hour), within(time.Minute)), by: signedIn(ago(2 * time.Minute)), code: stepUp, maxAge: "60"},
				ruling{says: "who has no session is asked for one first", guard: tenMinutes, nobody: true, code: "session_missing"},
			)
		}},
		{"C52 AuthenticatedWithin, as time goes by", func(s *stage) {
			s.serve(s.guarded(s.required(stytchkit.AuthenticatedWithin(time.Minute))))
			alice := s.person("alice")
			s.clock.Advance(time.Minute)
			s.send(get("/me", alice.live())).of("alice").untouched()
			s.clock.Advance(time.Nanosecond)
			s.send(get("/me", alice.live())).deniedBy(stepUp, `Bearer error="insufficient_user_authentication", max_age=60`).untouched()
			s.send(get("/me", bearer(alice.jwt))).deniedBy(stepUp, `Bearer error="insufficient_user_authentication", max_age=60`).untouched()
			s.asked(0)
		}},
		{"a person who is signed in is sent to where they prove it once more, and from there back", func(s *stage) {
			const challenge = `Bearer error="insufficient_user_authentication", max_age=60`
			s.auth = s.authenticator(s.srv, func(c *stytchkit.Config) { c.LoginURL, c.StepUpURL = "/login", "/auth/step-up" })
			s.serve(s.guarded(s.required(stytchkit.AuthenticatedWithin(time.Minute))))
			alice := s.person("alice")
			s.clock.Advance(2 * time.Minute)
			s.send(get("/me?page=2", navigation, alice.live())).sentToLoginBy(stepUp, challenge, "/auth/step-up?reason=reauthentication_required&return_to=%2Fme%3Fpage%3D2").untouched()
			s.send(get("/me", alice.live())).deniedBy(stepUp, challenge).stepsUpAt("/auth/step-up").untouched()
			s.send(get("/me", bearer(alice.jwt))).deniedBy(stepUp, challenge).stepsUpAt("") // that page is for cookies
			s.send(get("/me", navigation)).sentToLogin("session_missing", "/login?reason=session_missing&return_to=%2Fme")
			s.send(get("/me")).denied("session_missing").stepsUpAt("")
		}},
		{"C52 Factors", func(s *stage) {
			s.play(
				ruling{says: "who showed a factor of the kind is let through", guard: rules(stytchkit.Factors("sso")), by: signedIn(stytchtest.SignedInBy("sso"))},
				ruling{says: "who showed another is not", guard: rules(stytchkit.Factors("sso")), by: signedIn(stytchtest.SignedInBy("password")), code: stepUp},
				ruling{says: "one of several kinds is enough", guard: rules(stytchkit.Factors("sso", "oauth")), by: signedIn(stytchtest.SignedInBy("oauth"))},
				ruling{says: "none of several kinds is not", guard: rules(stytchkit.Factors("sso", "oauth")), code: stepUp},
				ruling{says: "it may be one of several that were shown", guard: rules(stytchkit.Factors("totp")), by: signedIn(stytchtest.WithTOTP())},
				ruling{says: "how long ago does not matter", guard: rules(stytchkit.Factors("magic_link")), by: signedIn(stytchtest.AuthenticatedAgo(24 * time.Hour))},
				ruling{says: "two rules ask for a kind each", guard: rules(stytchkit.Factors("password"), stytchkit.Factors("totp")), by: signedIn(stytchtest.SignedInBy("password")), code: stepUp},
				ruling{says: "a session without factors has none of the kind", guard: rules(stytchkit.Factors("sso")), by: signedIn(stytchtest.WithFactors()), code: stepUp},
				ruling{says: "who has no session is asked for one first", guard: rules(stytchkit.Factors("sso")), nobody: true, code: "session_missing"},
			)
		}},
		{"C52 MFA", func(s *stage) {
			mfa := rules(stytchkit.MFA())
			s.play(
				ruling{says: "one factor is not enough", guard: mfa, code: stepUp},
				ruling{says: "an authenticator app is a second one", guard: mfa, by: signedIn(stytchtest.WithTOTP())},
				ruling{says: "a code by SMS is a second one", guard: mfa, by: signedIn(stytchtest.WithSMS())},
				ruling{says: "a recovery code is a second one", guard: mfa, by: signedIn(stytchtest.WithRecoveryCode())},
				ruling{says: "a code by e-mail is a first one", guard: mfa, by: signedIn(stytchtest.SignedInBy("password", "email_otp")), code: stepUp},
				ruling{says: "so is one that is called a one-time code", guard: mfa, by: signedIn(stytchtest.SignedInBy("password"), stytchtest.WithFactors(
					sessions.AuthenticationFactor{Type: "password"}, sessions.AuthenticationFactor{Type: "otp", DeliveryMethod: "email"})), code: stepUp},
				ruling{says: "a second factor beside OAuth counts", guard: mfa, by: signedIn(stytchtest.SignedInBy("oauth", "totp"))},
				ruling{says: "a second factor alone does not", guard: mfa, by: signedIn(stytchtest.SignedInBy("totp")), code: stepUp},
				ruling{says: "two second factors do not", guard: mfa, by: signedIn(stytchtest.SignedInBy("totp", "recovery_codes")), code: stepUp},
				ruling{says: "who acts as the member has shown none of the member's factors", guard: mfa, by: signedIn(stytchtest.ImpersonatedBy("support@example.com"), stytchtest.WithTOTP()), code: stepUp},
				ruling{says: "how long ago does not matter", guard: mfa, by: signedIn(stytchtest.WithTOTP(), stytchtest.AuthenticatedAgo(24*time.Hour))},
				ruling{says: "a session without factors has none", guard: mfa, by: signedIn(stytchtest.WithFactors()), code: stepUp},
				ruling{says: "who has no session is asked for one first", guard: mfa, nobody: true, code: "session_missing"},
			)
		}},
	}
}
