package demotest

import (
	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

// project is what differs between the demo's two kinds of project, for the tests of both.
type project struct {
	vertical              stytchkit.Vertical
	admin, editor, reader string // addresses of the sandbox's
	readerName            string
	domain                string // of the addresses
	elsewhere             string // an admin of another organization, where there are several
	accessFile            string // in testdata: who may do what
	organization          string // of a sign-in form
	documentsPath         string
	everybody             string // the role of
	nobody                string // the state without a session
	session               string // what tells a session's JSON
	person                string // and the state's of who has it
}

func b2b() project {
	return project{
		vertical: stytchkit.B2B, admin: ada, editor: ed, reader: mona, readerName: "Mona Miller", domain: "acme.example",
		elsewhere: abe, accessFile: "access.txt",
		organization: "acme", documentsPath: acmeDocuments, everybody: "stytch_member",
		nobody:  `{"session":null,"member":null,"organization":null,"fromCache":false,"isInitialized":true}`,
		session: "member_session_id", person: `"member":{`,
	}
}

func consumer() project {
	return project{
		vertical: stytchkit.Consumer, admin: "ada@users.example", editor: "ed@users.example", reader: "una@users.example", readerName: "Una Urban", domain: "users.example",
		accessFile:    "access-consumer.txt",
		documentsPath: "/api/documents", everybody: "stytch_user",
		nobody:  `{"session":null,"user":null,"fromCache":false,"isInitialized":true}`,
		session: `"session_id"`, person: `"user":{`,
	}
}

// somebody signs somebody in who has this address, and nothing else.
func somebody(stytch *stytchtest.Server, email string) *stytchtest.Session {
	if stytch.Vertical() == stytchkit.Consumer {
		return stytch.AddUser(stytchtest.User{Email: email}).SignIn()
	}
	return stytch.AddMember(stytchtest.Member{Email: email}).SignIn()
}
