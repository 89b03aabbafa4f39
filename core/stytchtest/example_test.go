package stytchtest_test

import (
	"context"
	"fmt"
	"testing"

	stytchkit "github.com/stytchkit/stytchkit/core"
	"github.com/stytchkit/stytchkit/core/stytchtest"
)

func ExampleStart() {
	_ = func(t *testing.T) {
		srv := stytchtest.Start(t)
		member := srv.AddMember(stytchtest.Member{Organization: "acme", Roles: []string{"editor"}})
		request := member.SignIn().Request("GET", "/documents")

		auth, err := stytchkit.New(srv.Config())
		if err != nil {
			t.Fatal(err)
		}
		defer auth.Close()
		_ = request // hand it to the application that auth protects
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
