package e2e

import "testing"

// user is the demo in a consumer project: no organization is asked for, chosen or shown.
func (s *suite) user(t *testing.T) {
	v := s.visit(t, s.start(t, nil, "STYTCH_VERTICAL=consumer").URL)
	v.open("/api/session")
	v.sees(`{"session":null,"user":null,"fromCache":false,"isInitialized":true}`)
	v.open("/profile")
	v.at("/login?reason=session_missing&return_to=%2Fprofile", "Sign in to see that page")
	v.look("login-consumer")
	v.askForLink("una@users.example", "")
	v.press("Open the sandbox’s mailbox")
	v.press("Open the link sent to una@users.example")
	v.at("/profile", "Your Profile", "Una Urban", "una@users.example", "stytch_user")
	v.look("profile-consumer")
	v.open("/")
	v.sees("You are signed in")
	v.look("home-consumer")
	kept := v.cookies("/")

	v.open("/api/session")
	v.sees(`"user_id":`, `"email":"una@users.example"`, `"isInitialized":true}`)
	v.open("/api/documents")
	v.sees(`{"documents":[]}`)
	v.openFor(403, "/api/admin")

	v.open("/")
	v.press("Sign out")
	v.at("/", "You are not signed in")
	v.present(kept)
	v.open("/profile")
	v.at("/login?reason=session_ended&return_to=%2Fprofile", "Your session has ended")

	v.open("/login")
	v.askForLink("new@users.example", "") // whoever has an address is a user by opening its link
	v.openLink("new@users.example")
	v.at("/profile", "new@users.example")
	v.press("Sign out")
	v.open("/login")
	v.press("Continue with Google")
	v.press("Ed Evans, ed@users.example")
	v.at("/profile", "Ed Evans")
	v.press("Sign out")

	v.open("/login")
	v.press("Have a code sent by SMS")
	v.fill("Phone number with its country, as in +1 555 0100", "+15550100")
	v.press("Send me a code")
	code := v.newestCode()
	v.open("/auth/sms-code/verify")
	v.fill("Code", code)
	v.press("Sign in")
	v.at("/profile", "Phil Phelps")
}
