package stytch_test

import (
	"testing"

	"github.com/stytchkit/stytchkit/core/internal/stytch"
)

// Only a login that is the very session, of the very person, is theirs.
func TestWhoseLoginItIs(t *testing.T) {
	member := stytch.Person{SessionID: "session-1", Member: "member-1", Organization: "organization-1"}
	user := stytch.Person{SessionID: "session-1", User: "user-1"}
	theirs := func(change func(*stytch.Login)) *stytch.Login {
		l := &stytch.Login{Authenticated: true, SessionID: "session-1", MemberID: "member-1", Organization: stytch.Organization{ID: "organization-1"}}
		change(l)
		return l
	}
	if !member.Has(theirs(func(*stytch.Login) {})) || !user.Has(&stytch.Login{Authenticated: true, SessionID: "session-1", UserID: "user-1"}) {
		t.Error("their own session is not theirs")
	}
	for name, change := range map[string]func(*stytch.Login){
		"a login that waits":     func(l *stytch.Login) { l.Authenticated = false },
		"another session":        func(l *stytch.Login) { l.SessionID = "session-2" },
		"another member":         func(l *stytch.Login) { l.MemberID = "member-2" },
		"another organization":   func(l *stytch.Login) { l.Organization.ID = "organization-2" },
		"another kind's subject": func(l *stytch.Login) { l.UserID = "user-1" },
	} {
		if member.Has(theirs(change)) {
			t.Errorf("%s is theirs", name)
		}
	}
	if user.Has(&stytch.Login{Authenticated: true, SessionID: "session-1", UserID: "user-2"}) {
		t.Error("another user is theirs")
	}
}
