// Package stytchtest is an in-process stand-in for the Stytch API, for tests and sandboxes.
//
//	srv := stytchtest.Start(t)
//	member := srv.AddMember(stytchtest.Member{Organization: "acme", Roles: []string{"editor"}})
//	req := member.SignIn().Request("GET", "/documents")
//
// A consumer project has users instead: Options{Vertical: [Consumer]} and [Server.AddUser].
//
// The server speaks HTTP as stytch-go v16 expects it, on a loopback address. [Server.Authenticator] is
// a stytchkit.Authenticator that asks it, [Server.Config] what one is made with. Time moves by a [Clock],
// keys rotate, and [Server.Fail], [Server.Hold] and [Server.Stop] take Stytch away in the ways it goes away
// in production.
// [Server.Permit], and options such as [AuthenticatedAgo], [WithTOTP] and [ImpersonatedBy], make
// what rules ask for.
// [NewSession] and [WithSession] serve handler tests that need no server at all.
//
// It sends no mail and knows no provider. [Server.Mail] and [Server.Texts] hold what it would have
// sent. The start URLs of OAuth and SSO sign in whom [Server.SetProviderUser] names, and show a page
// to choose on when it names nobody. [Member.Invite], [Member.Impersonate] and [Connection.Link]
// begin what begins outside the application.
//
// State is in memory and bounded; everything is safe for concurrent use. It is not for production:
// anybody who reaches it can sign in as anybody. Methods that set a test up panic when they are
// misused, with a message that says what to write instead.
package stytchtest
