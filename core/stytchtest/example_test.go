package stytchtest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func ExampleStart() {
	_ = func(t *testing.T) {
		srv := stytchtest.Start(t)
		member := srv.AddMember(stytchtest.Member{Organization: "acme", Roles: []string{"editor"}})
		request := member.SignIn().Request("GET", "/documents")

		auth := srv.Authenticator(t)
		_, _ = auth, request // hand the request to the application that auth protects
	}
}

func ExampleWithSession() {
	greet := func(ctx context.Context) string {
		if stytchkit.SessionFrom(ctx).HasRole("editor") {
			return "Write something."
		}
		return "Read something."
	}
	editor := stytchtest.NewSession(stytchtest.Member{Roles: []string{"editor"}})

	fmt.Println(greet(stytchtest.WithSession(context.Background(), editor)))
	fmt.Println(greet(context.Background()))
	// Output:
	// Write something.
	// Read something.
}

func ExampleServer_AddUser() {
	_ = func(t *testing.T) {
		srv := stytchtest.Start(t, stytchtest.Options{Vertical: stytchtest.Consumer})
		user := srv.AddUser(stytchtest.User{Roles: []string{"editor"}})
		request := user.SignIn(stytchtest.WithTOTP()).Request("GET", "/documents")
		_ = request // hand it to the application
	}
}

func ExampleServer_AddM2MClient() {
	_ = func(t *testing.T) {
		srv := stytchtest.Start(t)
		machine := srv.AddM2MClient(stytchtest.M2MClient{Scopes: []string{"read:documents", "write:documents"}})
		_ = machine.Token()                                                                     // for all it may ask for
		_ = machine.Token(stytchtest.Scopes("read:documents"), stytchtest.Age(2*time.Hour))     // for less, and expired
		_ = srv.AddMember(stytchtest.Member{}).AccessToken(stytchtest.Scopes("read:documents")) // a Connected App's
	}
}
